//! What is given of an invoice, and the rows that are made of it.

use chrono::{Days, NaiveDate};
use kamara_entities::{
    AccountId, AccountRole, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, InvoiceId, InvoiceKind,
    InvoiceLineId, InvoiceStatus, ProjectId, ServiceId, TaxCodeId, company, cost_centre, deal, department, employee,
    invoice, invoice_line, project, service,
};
use rust_decimal::Decimal;

use super::{
    batch::Referred,
    invoice_reckoning::{ToReckon, Written, reckon},
    known::{Known, wanted},
    recognition::Period,
    tax_codes::{CODES, TaxCodes},
    terms::{self, Terms},
};
use crate::{
    error::{Error, Result, Text},
    ledger::{
        Accounts,
        service::Rates,
        splits::{self, SplitInput},
    },
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Lines that an invoice may have.
const LINES_MAX: usize = 1_000;
/// The accounts that invoices post to unless others are named.
pub(super) const ROLES: &[AccountRole] = &[AccountRole::Receivable, AccountRole::OutputTax, AccountRole::Revenue];
/// Days until an invoice is to be paid, unless said.
const TERMS_DEFAULT: u32 = 30;
/// Days until an invoice is to be paid, at the most.
pub(super) const TERMS_MAX: u32 = 3_650;

/// What is given of an invoice.
#[derive(Clone, Debug)]
pub struct InvoiceInput {
    /// The client.
    pub company_id: CompanyId,
    /// Date of the invoice; today unless said.
    pub date: Option<NaiveDate>,
    /// When it is to be paid; 30 days later unless said.
    pub due: Option<Terms>,
    /// Currency of all its amounts; the base currency unless said.
    pub currency: Option<String>,
    /// Base currency for one unit of it; needed for another than the base currency.
    pub rate: Option<Decimal>,
    /// Who sold.
    pub seller_id: Option<EmployeeId>,
    /// The deal that it bills.
    pub deal_id: Option<DealId>,
    /// The department that earns it.
    pub department_id: Option<DepartmentId>,
    /// Free text.
    pub note: Option<String>,
    /// Discount on the sum of the lines, in percent.
    pub discount_percent: Option<Decimal>,
    /// The lines.
    pub lines: Vec<LineInput>,
}

/// When an invoice is to be paid.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// On a day.
    On(NaiveDate),
    /// So many days after its date.
    InDays(u32),
}

/// What is given of a line.
#[derive(Clone, Debug)]
pub struct LineInput {
    /// What was sold; gives what isn't said.
    pub service_id: Option<ServiceId>,
    /// In words.
    pub description: Option<String>,
    /// How much.
    pub quantity: Decimal,
    /// Price of one unit before discount; the service's unless said, where it is in the invoice's currency.
    pub unit_price: Option<Decimal>,
    /// Discount in percent.
    pub discount_percent: Option<Decimal>,
    /// Tax.
    pub tax: LineTax,
    /// Where the sale is posted; the service's account unless said, else the one of role "revenue".
    pub account_id: Option<AccountId>,
    /// Cost centre.
    pub cost_centre_id: Option<CostCentreId>,
    /// Shares of several cost centres instead of one.
    pub cost_centre_splits: Vec<SplitInput>,
    /// Project.
    pub project_id: Option<ProjectId>,
    /// First day of the service, where it's earned over days.
    pub service_from: Option<NaiveDate>,
    /// Last day of it.
    pub service_to: Option<NaiveDate>,
}

/// The taxes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineTax {
    /// The service's.
    OfService,
    /// None.
    None,
    /// That of a tax code.
    Code(TaxCodeId),
    /// Those of several.
    Codes(Vec<TaxCodeId>),
}

impl LineTax {
    /// The tax of a line that has these.
    pub(super) fn of(codes: Vec<TaxCodeId>) -> Self {
        match codes.as_slice() {
            [] => Self::None,
            [one] => Self::Code(*one),
            _ => Self::Codes(codes),
        }
    }

    /// The field that names the codes, and they.
    pub(super) fn codes(&self, of_service: Option<TaxCodeId>) -> (&'static str, Vec<TaxCodeId>) {
        match self {
            Self::OfService => ("taxCodeId", of_service.into_iter().collect()),
            Self::None => ("taxCodeId", Vec::new()),
            Self::Code(code) => ("taxCodeId", vec![*code]),
            Self::Codes(codes) => (CODES, codes.clone()),
        }
    }
}

/// The rows that invoices refer to.
#[derive(Debug)]
pub(super) struct References {
    known: Known,
    services: Referred<service::Entity>,
    tax_codes: TaxCodes,
    rates: Rates,
    /// The chart of accounts.
    pub(super) accounts: Accounts,
}

impl References {
    /// Reads those of some invoices.
    pub(super) async fn load(scope: &TenantScope, inputs: &[&InvoiceInput]) -> Result<Self> {
        let lines: Vec<&LineInput> = inputs.iter().flat_map(|input| &input.lines).collect();
        let services = Referred::<service::Entity>::load(scope, ids(&lines, |line| line.service_id)).await?;
        let mut tax_codes: Vec<TaxCodeId> = lines.iter().flat_map(|line| line.tax.codes(None).1).collect();
        let rates = inputs.iter().filter(|input| input.rate.is_none()).map(|input| {
            let currency = input.currency.as_deref().unwrap_or(scope.base_currency());
            (currency, input.date.unwrap_or_else(|| scope.today()))
        });
        let accounts: Vec<AccountId> = ids(&lines, |line| line.account_id)
            .into_iter()
            .chain(services.rows().filter_map(|service| service.income_account_id))
            .collect();
        tax_codes.extend(services.rows().filter_map(|service| service.tax_code_id));
        let split = lines.iter().flat_map(|line| &line.cost_centre_splits).map(|split| split.cost_centre_id);
        let cost_centres = ids(&lines, |line| line.cost_centre_id).into_iter().chain(split);
        let wanted = [
            wanted::<company::Entity>(scope, inputs.iter().map(|input| input.company_id)),
            wanted::<employee::Entity>(scope, ids(inputs, |input| input.seller_id)),
            wanted::<deal::Entity>(scope, ids(inputs, |input| input.deal_id)),
            wanted::<department::Entity>(scope, ids(inputs, |input| input.department_id)),
            wanted::<cost_centre::Entity>(scope, cost_centres),
            wanted::<project::Entity>(scope, ids(&lines, |line| line.project_id)),
        ];
        let mut wanted = Known::select(wanted).into_iter();
        let asked =
            [wanted.next(), TaxCodes::select(scope, tax_codes), Some(Accounts::select_named(scope, ROLES, accounts))];
        let [there, tax_codes, accounts] = scope.query_together(asked).await?;
        let mut known = Known::default();
        known.add(there.rows()?);
        for statement in wanted {
            known.add(scope.query(&statement).await?);
        }
        Ok(Self {
            known,
            services,
            tax_codes: TaxCodes::of(tax_codes.rows()?),
            rates: Rates::load(scope, rates).await?,
            accounts: Accounts::of(accounts.rows()?),
        })
    }

    /// The same, for lines that are written already.
    pub(super) async fn of_written(scope: &TenantScope, input: &InvoiceInput, lines: &[ToReckon]) -> Result<Self> {
        let codes = lines.iter().flat_map(|line| line.codes.iter().copied()).collect();
        Ok(Self { tax_codes: TaxCodes::load(scope, codes).await?, ..Self::load(scope, &[input]).await? })
    }
}

fn ids<R, I>(rows: &[&R], id: impl Fn(&R) -> Option<I>) -> Vec<I> {
    rows.iter().filter_map(|row| id(row)).collect()
}

/// The rows of a draft.
pub(super) fn draft(
    scope: &TenantScope,
    references: &References,
    id: InvoiceId,
    mut input: InvoiceInput,
) -> Result<Written> {
    let (lines, due) = (std::mem::take(&mut input.lines), input.due.take());
    let header = header(scope, references, input)?;
    let lines = self::lines(scope, references, id, &header.currency, lines)?;
    reckoned(references, header, lines, due)
}

/// The rows of a draft whose lines stay, while its date or its discount may not.
pub(super) fn redraft(
    scope: &TenantScope,
    references: &References,
    mut input: InvoiceInput,
    lines: Vec<ToReckon>,
) -> Result<Written> {
    let due = input.due.take();
    reckoned(references, header(scope, references, input)?, lines, due)
}

/// What the lines come to, and by when it is to be paid.
fn reckoned(
    references: &References,
    header: invoice::New,
    lines: Vec<ToReckon>,
    due: Option<Terms>,
) -> Result<Written> {
    let mut written = reckon(&references.tax_codes, header, lines)?;
    terms::apply(&mut written, due)?;
    Ok(written)
}

fn header(scope: &TenantScope, references: &References, input: InvoiceInput) -> Result<invoice::New> {
    references.known.require::<company::Entity>("companyId", input.company_id)?;
    references.known.require::<employee::Entity>("sellerId", input.seller_id)?;
    references.known.require::<deal::Entity>("dealId", input.deal_id)?;
    references.known.require::<department::Entity>("departmentId", input.department_id)?;
    let date = input.date.unwrap_or_else(|| scope.today());
    let currency = money::currency("currency", input.currency.as_deref().unwrap_or(scope.base_currency()))?;
    Ok(invoice::New {
        kind: InvoiceKind::Invoice,
        credits_id: None,
        number: None,
        status: InvoiceStatus::Draft,
        company_id: input.company_id,
        date,
        due_date: date,
        rate: references.rates.of("rate", scope, (&currency, date), input.rate)?,
        currency,
        document_discount_bp: money::percent_to_basis_points(
            "discountPercent",
            input.discount_percent.unwrap_or_default(),
        )?,
        net_minor: 0,
        discount_minor: 0,
        tax_minor: 0,
        total_minor: 0,
        paid_minor: 0,
        base_total_minor: 0,
        base_paid_minor: 0,
        seller_id: input.seller_id,
        deal_id: input.deal_id,
        department_id: input.department_id,
        note: text::note("note", input.note)?,
        recurring_invoice_id: None,
        einvoice_number: None,
        einvoice_status: None,
        source: None,
        external_id: None,
    })
}

pub(super) fn due_date(date: NaiveDate, due: Option<Due>) -> Result<NaiveDate> {
    match due.unwrap_or(Due::InDays(TERMS_DEFAULT)) {
        Due::On(due) if due < date => {
            let message = Text::fixed(
                "An invoice is not due before its own date.",
                "ინვოისის გადახდის ვადა მის თარიღზე ადრე ვერ იქნება.",
            );
            Err(Error::invalid("dueDate", message))
        }
        Due::On(due) => Ok(due),
        Due::InDays(days) if days <= TERMS_MAX => date
            .checked_add_days(Days::new(days.into()))
            .ok_or_else(|| Error::invalid("terms.days", messages::too_large())),
        Due::InDays(_) => Err(Error::invalid("terms.days", messages::too_large())),
    }
}

fn lines(
    scope: &TenantScope,
    references: &References,
    id: InvoiceId,
    currency: &str,
    inputs: Vec<LineInput>,
) -> Result<Vec<ToReckon>> {
    if inputs.is_empty() || inputs.len() > LINES_MAX {
        return Err(Error::invalid("lines", Text::fixed("From 1 to 1,000 lines.", "1-დან 1000 სტრიქონამდე.")));
    }
    let numbered = inputs.into_iter().zip(1_i32..);
    numbered
        .map(|(input, position)| {
            let line = line(scope.env().id(), references, id, currency, position, input);
            line.map_err(|error| error.within(&format!("lines.{}", position - 1)))
        })
        .collect()
}

fn line(
    line_id: InvoiceLineId,
    references: &References,
    id: InvoiceId,
    currency: &str,
    position: i32,
    input: LineInput,
) -> Result<ToReckon> {
    let service = references.services.if_any("serviceId", input.service_id)?;
    references.known.require::<cost_centre::Entity>("costCentreId", input.cost_centre_id)?;
    let is_known = |id| references.known.has::<cost_centre::Entity>(id);
    let shares = splits::shares(input.cost_centre_id, &input.cost_centre_splits, is_known)?;
    references.known.require::<project::Entity>("projectId", input.project_id)?;
    let (field, codes) = input.tax.codes(service.and_then(|service| service.tax_code_id));
    let account_id = match input.account_id {
        None => service.and_then(|service| service.income_account_id),
        given => given,
    };
    let account_id = references.accounts.income("accountId", account_id)?.id;
    let quantity = money::to_micro("quantity", input.quantity)?;
    if quantity <= 0 {
        return Err(Error::invalid("quantity", messages::positive()));
    }
    let unit_price = match (input.unit_price, service) {
        (Some(price), _) => not_negative("unitPrice", money::to_micro("unitPrice", price)?)?,
        (None, Some(service)) if service.currency == currency => service.unit_price,
        (None, _) => return Err(Error::invalid("unitPrice", messages::required())),
    };
    let discount_bp = money::percent_to_basis_points("discountPercent", input.discount_percent.unwrap_or_default())?;
    let description = text::note("description", input.description)?;
    let service_period = Period::given(input.service_from, input.service_to)?;
    let line = invoice_line::New {
        invoice_id: id,
        position,
        service_id: input.service_id,
        description: description.or_else(|| service.map(|service| service.name.clone())),
        quantity,
        unit_price,
        discount_bp,
        net_minor: 0,
        discount_minor: 0,
        tax_minor: 0,
        tax_code_id: None,
        tax_rate_bp: 0,
        account_id,
        cost_centre_id: input.cost_centre_id,
        project_id: input.project_id,
        service_from: service_period.map(|period| period.from),
        service_to: service_period.map(|period| period.to),
        credits_line_id: None,
    };
    Ok(ToReckon { id: line_id, line, codes, field, shares })
}

fn not_negative(field: &'static str, value: i64) -> Result<i64> {
    if value < 0 { Err(Error::invalid(field, messages::not_negative())) } else { Ok(value) }
}

/// What was given of a draft, to be changed; its lines apart.
pub(super) fn given(row: invoice::Model) -> InvoiceInput {
    InvoiceInput {
        company_id: row.company_id,
        date: Some(row.date),
        due: Some(Due::On(row.due_date).into()),
        currency: Some(row.currency),
        rate: Some(money::from_micro(row.rate)),
        seller_id: row.seller_id,
        deal_id: row.deal_id,
        department_id: row.department_id,
        note: row.note,
        discount_percent: Some(money::percent(row.document_discount_bp)),
        lines: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_invoice_is_due_in_thirty_days_unless_said() {
        let date = day("2026-01-31");
        assert_eq!(due_date(date, None).unwrap(), day("2026-03-02"));
        assert_eq!(due_date(date, Some(Due::InDays(0))).unwrap(), date);
        assert_eq!(due_date(date, Some(Due::On(date))).unwrap(), date);
        assert_eq!(due_date(date, Some(Due::On(day("2026-01-30")))).unwrap_err().field(), Some("dueDate"));
        assert_eq!(due_date(date, Some(Due::InDays(4_000))).unwrap_err().field(), Some("terms.days"));
    }
}
