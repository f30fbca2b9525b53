//! The rules of accounts, cost centres, tax codes and manual entries.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, CostCentreId, JournalEntryId, Language, SourceKind, TaxKind, TaxRounding, account, company,
    cost_centre, deal, department, employee, journal_entry, ledger, project, service, tax_code,
};
use rust_decimal::Decimal;

use super::{
    Accounts, Dimensions, EntryDraft, LineDraft, chart,
    dates::CONTROL,
    splits::{self, SplitInput},
};
pub use super::{
    cost_centres::{
        archive_cost_centre, check_cost_centre, create_cost_centres, restore_cost_centre, update_cost_centre,
    },
    dates::{Touched, ledger_of, open_date, open_date_of, open_date_within, require_open},
    exchange::{Rates, follow_day, rate_on},
    fiscal::{close_year, create_year, reopen_year},
    periods::{LockDates, close_books, close_period, lock_period, reopen_period, set_lock_dates},
    posting::{post, rate},
    reversal::{entry_of, reversal_of, reverse, reverse_entry},
    taxes::{create_tax_code, set_tax_rate, standard_tax, tax_rate_on, update_tax_code},
    tree::{add_missing_accounts, archive_account, create_account, restore_account, update_account},
};
use crate::{
    error::{Error, Result, Text},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Opens the books of a new tenant: the chart of accounts, and tax codes where the country has them.
pub(crate) async fn open_books(scope: &TenantScope, language: Language) -> Result<()> {
    let new = ledger::New {
        last_seq: 0,
        closed_until: None,
        tax_closed_until: None,
        sub_ledger_closed_until: None,
        locked_until: None,
        fiscal_year_start_month: 1,
        tax_rounding: TaxRounding::Line,
    };
    scope.insert::<ledger::Entity>(new).await?;
    scope.insert_with_ids::<account::Entity>(chart::missing(scope, language, &[])).await?;
    if scope.tenant().country == "GE" {
        let name = |en: &str, ka: &str| if language == Language::Ka { ka.to_owned() } else { en.to_owned() };
        let reason = name("Exempt under the Tax Code of Georgia", "გათავისუფლებულია საქართველოს საგადასახადო კოდექსით");
        let exempt = standard_tax("VAT0".into(), name("VAT exempt", "დღგ-სგან გათავისუფლებული"), 0);
        let codes = vec![
            standard_tax("VAT18".into(), name("VAT 18%", "დღგ 18%"), 1_800),
            tax_code::New { kind: TaxKind::Exempt, exempt_reason: Some(reason), ..exempt },
            // Articles 154 and 134 of the Tax Code: on what is paid to people who aren't registered, and to those abroad.
            withheld("WHT20", name("Withheld from people 20%", "წყაროსთან დაკავებული საშემოსავლო 20%"), 2_000),
            withheld(
                "WHT10",
                name("Withheld from non-residents 10%", "წყაროსთან დაკავებული არარეზიდენტისგან 10%"),
                1_000,
            ),
        ];
        scope.insert_all::<tax_code::Entity>(codes).await?;
    }
    Ok(())
}

/// A tax that is kept back from what suppliers are paid.
fn withheld(code: &str, name: String, rate_bp: i32) -> tax_code::New {
    tax_code::New { kind: TaxKind::Withholding, ..standard_tax(code.into(), name, rate_bp) }
}

/// A line of a manual entry, as a person gives it.
#[derive(Clone, Debug)]
pub struct ManualLine {
    /// Account.
    pub account_id: AccountId,
    /// Debit or credit, one of the two, in the line's currency.
    pub debit: Option<Decimal>,
    /// Credit.
    pub credit: Option<Decimal>,
    /// The line's currency; the base currency when empty.
    pub currency: Option<String>,
    /// Base currency for one unit of it.
    pub rate: Option<Decimal>,
    /// What the line is for.
    pub description: Option<String>,
    /// Who owes or is owed.
    pub party_id: Option<kamara_entities::CompanyId>,
    /// What reports cut by.
    pub dimensions: Dimensions,
    /// Shares of several cost centres, instead of the dimensions' one.
    pub cost_centre_splits: Vec<SplitInput>,
}

/// An entry whose lines a person gave, checked but not posted.
pub async fn draft_entry(
    scope: &TenantScope,
    date: NaiveDate,
    description: &str,
    lines: Vec<ManualLine>,
) -> Result<EntryDraft> {
    if lines.len() > 1_000 {
        return Err(Error::invalid("lines", Text::fixed("At most 1,000 lines.", "არაუმეტეს 1000 სტრიქონი.")));
    }
    let accounts = Accounts::load(scope).await?;
    check_references(scope, &lines).await.map_err(|error| error.within("lines"))?;
    let split = lines.iter().flat_map(|line| &line.cost_centre_splits).map(|split| split.cost_centre_id);
    let split = scope.by_ids::<cost_centre::Entity>(split.collect::<HashSet<_>>()).await?;
    let draft = |(position, line): (usize, ManualLine)| {
        manual_line(scope, &accounts, &split, line).map_err(|error| error.within(&format!("lines.{position}")))
    };
    let drafts = lines.into_iter().enumerate().map(draft).collect::<Result<Vec<_>>>()?;
    let draft = EntryDraft::new(date, text::name("description", description)?, SourceKind::Manual, None, drafts);
    draft.check()?;
    Ok(draft)
}

/// Checks what the lines refer to: a statement for each kind of reference, however many lines there are.
async fn check_references(scope: &TenantScope, lines: &[ManualLine]) -> Result<()> {
    fn ids<T>(lines: &[ManualLine], id: impl Fn(&ManualLine) -> Option<T>) -> Vec<Option<T>> {
        lines.iter().map(id).collect()
    }
    scope.referred_all::<company::Entity>("partyId", &ids(lines, |line| line.party_id)).await?;
    scope.referred_all::<company::Entity>("companyId", &ids(lines, |line| line.dimensions.company_id)).await?;
    scope.referred_all::<project::Entity>("projectId", &ids(lines, |line| line.dimensions.project_id)).await?;
    scope.referred_all::<department::Entity>("departmentId", &ids(lines, |line| line.dimensions.department_id)).await?;
    scope
        .referred_all::<cost_centre::Entity>("costCentreId", &ids(lines, |line| line.dimensions.cost_centre_id))
        .await?;
    scope.referred_all::<employee::Entity>("employeeId", &ids(lines, |line| line.dimensions.employee_id)).await?;
    scope.referred_all::<employee::Entity>("sellerId", &ids(lines, |line| line.dimensions.seller_id)).await?;
    scope.referred_all::<deal::Entity>("dealId", &ids(lines, |line| line.dimensions.deal_id)).await?;
    scope.referred_all::<service::Entity>("serviceId", &ids(lines, |line| line.dimensions.service_id)).await
}

fn manual_line(
    scope: &TenantScope,
    accounts: &Accounts,
    split: &HashMap<CostCentreId, cost_centre::Model>,
    line: ManualLine,
) -> Result<LineDraft> {
    let one = line.dimensions.cost_centre_id;
    let shares = splits::shares(one, &line.cost_centre_splits, |id| split.contains_key(&id))?;
    let account = accounts.referred("accountId", line.account_id)?;
    require_party(account, &line)?;
    let account_id = account.id;
    let currency = match &line.currency {
        Some(code) => money::currency("currency", code)?,
        None => scope.base_currency().to_owned(),
    };
    let amount = |field, amount: Decimal| match money::to_minor(field, amount, &currency)? {
        minor if minor > 0 => Ok(minor),
        _ => Err(Error::invalid(field, messages::positive())),
    };
    let amount_minor = match (line.debit, line.credit) {
        (Some(debit), None) => amount("debit", debit)?,
        (None, Some(credit)) => -amount("credit", credit)?,
        _ => {
            let message = Text::fixed(
                "A line has a debit or a credit, one of the two.",
                "სტრიქონს აქვს დებეტი ან კრედიტი, ერთ-ერთი.",
            );
            return Err(Error::invalid("debit", message));
        }
    };
    let rate = rate("rate", scope, &currency, line.rate)?;
    let base_minor = money::convert("debit", amount_minor, &currency, scope.base_currency(), rate)?;
    let description = text::optional("description", line.description)?;
    let (party_id, dimensions) = (line.party_id, line.dimensions);
    let draft = LineDraft::new(account_id, amount_minor, &currency, rate, base_minor);
    Ok(LineDraft { description, party_id, dimensions, shares, ..draft })
}

/// What stands on a control account is somebody's: without them no aged balance and no statement of account could tell whose.
fn require_party(account: &account::Model, line: &ManualLine) -> Result<()> {
    let field = match account.role {
        Some(AccountRole::EmployeePayable) if line.dimensions.employee_id.is_none() => "employeeId",
        Some(role) if role != AccountRole::EmployeePayable && CONTROL.contains(&role) && line.party_id.is_none() => {
            "partyId"
        }
        _ => return Ok(()),
    };
    let message = Text::new(
        format!("Say who owes or is owed what stands on {} {}.", account.code, account.name),
        format!("მიუთითეთ, ვისია ანგარიშზე {} {} მყოფი თანხა.", account.code, account.name),
    );
    Err(Error::invalid(field, message))
}

/// Reverses an entry that was made by hand; what a document posted is reversed by the document's own verb.
pub async fn reverse_manual_entry(
    scope: &TenantScope,
    id: JournalEntryId,
    date: Option<NaiveDate>,
) -> Result<journal_entry::Model> {
    let entry = scope.require::<journal_entry::Entity>(id).await?;
    if entry.source_kind != SourceKind::Manual || entry.reverses_id.is_some() {
        return Err(Error::Conflict(Text::fixed(
            "This entry comes from a document or is itself a reversal. Reverse the document instead.",
            "ეს გატარება დოკუმენტიდან მოდის ან თავად არის გაუქმება. გააუქმეთ დოკუმენტი.",
        )));
    }
    let date = match date {
        Some(date) => date,
        None => open_date(scope, scope.today().max(entry.date)).await?,
    };
    reverse_entry(scope, &entry, date).await
}
