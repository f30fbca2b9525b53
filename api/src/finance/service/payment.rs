//! The rules of payments: money that was received or paid, and what it settles.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, BankAccountId, CompanyId, PaymentAllocationId, PaymentDirection, PaymentId, PostingStatus, SourceKind,
    SubLedger, TaxCodeId, TaxKind, bank_account, company, employee, payment, payment_allocation,
};
use rust_decimal::Decimal;

pub use super::open_item::{Document, Party};
use super::{
    External, bank,
    batch::{BatchError, Referred, each, one},
    controls::Controls,
    open_item::OpenItem,
    open_items::OpenItems,
    opening,
    settlement::{self, Settled, Source},
    tax::{self, Tax},
    tax_codes::TaxCodes,
    withholding::{self, NewWithholding, Withheld},
};
use crate::{
    error::{Error, Result, Text},
    ledger::{
        Accounts, Dimensions, EntryDraft, LineDraft,
        service::{self as ledger, Rates},
    },
    messages, money,
    tenancy::TenantScope,
    text,
};

/// What is given of a payment.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// Which way the money went.
    pub direction: PaymentDirection,
    /// Whose open items it settles. Unless said: what clients owe where money came in; what suppliers, or an employee, are owed
    /// where it was paid.
    pub sub_ledger: Option<SubLedger>,
    /// From whom, or to whom.
    pub party: Party,
    /// When; today, or the first open day after it, unless said.
    pub date: Option<NaiveDate>,
    /// When it happened, where that day is closed and it's posted later.
    pub service_date: Option<NaiveDate>,
    /// How much.
    pub amount: Decimal,
    /// Currency of the amount; the base currency unless said.
    pub currency: Option<String>,
    /// Base currency for one unit of it; needed for another than the base currency.
    pub rate: Option<Decimal>,
    /// Into or out of which account; the bank's unless said, else the cash in hand.
    pub account_id: Option<AccountId>,
    /// What the bank's statement says.
    pub reference: Option<String>,
    /// Whether it's paid before there is an invoice or a bill.
    pub advance: Option<Advance>,
    /// The tax that is kept back of it.
    pub withholding: Option<NewWithholding>,
    /// Which part settles what.
    pub allocations: Vec<NewAllocation>,
    /// Where it comes from.
    pub external: Option<External>,
}

impl NewPayment {
    /// Money that a client paid, to be settled by what is set beside it.
    #[must_use]
    pub const fn from_client(company_id: CompanyId, amount: Decimal) -> Self {
        Self {
            direction: PaymentDirection::In,
            sub_ledger: None,
            party: Party::Company(company_id),
            date: None,
            service_date: None,
            amount,
            currency: None,
            rate: None,
            account_id: None,
            reference: None,
            advance: None,
            withholding: None,
            allocations: Vec::new(),
            external: None,
        }
    }
}

/// What is said of an advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The tax that is in it.
    pub tax_code_id: Option<TaxCodeId>,
}

/// A part of a payment that settles a document.
#[derive(Clone, Copy, Debug)]
pub struct NewAllocation {
    /// The document.
    pub document: Document,
    /// How much, in the document's currency.
    pub amount: Decimal,
    /// How much of the payment, where that is in another currency.
    pub paid_amount: Option<Decimal>,
}

impl NewAllocation {
    /// A part in the currency of both.
    #[must_use]
    pub const fn new(document: Document, amount: Decimal) -> Self {
        Self { document, amount, paid_amount: None }
    }
}

/// Records a payment.
pub async fn record(scope: &TenantScope, new: NewPayment) -> Result<payment::Model> {
    one(record_payments(scope, vec![new]).await?)
}

/// Records a payment into or out of a bank account, whose currency it has.
pub async fn record_at_bank(
    scope: &TenantScope,
    bank_account: Option<BankAccountId>,
    mut new: NewPayment,
) -> Result<payment::Model> {
    if let Some(id) = bank_account {
        let bank_account = scope.referred::<bank_account::Entity>("bankAccountId", id).await?;
        let currency = new.currency.as_deref().unwrap_or(scope.base_currency());
        if bank_account.currency != currency {
            let message = Text::new(
                format!("The account {} is in {}.", bank_account.name, bank_account.currency),
                format!("ანგარიში {} არის {}-ში.", bank_account.name, bank_account.currency),
            );
            return Err(Error::invalid("bankAccountId", message));
        }
        new.account_id = Some(bank_account.account_id);
    }
    record(scope, new).await
}

/// Records payments, in their order. Beside a handful of statements there are two for each document that they settle.
pub async fn record_payments(scope: &TenantScope, new: Vec<NewPayment>) -> Result<Vec<payment::Model>, BatchError> {
    let references = References::load(scope, &new).await?;
    let controls = Controls::new(scope, &references.accounts);
    let settled = new.iter().flat_map(|new| &new.allocations).map(|allocation| allocation.document);
    let mut items = OpenItems::lock(scope, settled).await?;
    let recorded = each(new, |new| Recorded::new(scope, &references, &controls, &mut items, new))?;
    let (mut payments, mut parts, mut entries) = (Vec::with_capacity(recorded.len()), Vec::new(), Vec::new());
    for one in recorded {
        let source = Source::Payment(one.id);
        let rows = one.settled.iter().map(|part| settlement::allocation(scope, one.payment.date, source, part));
        parts.extend(rows);
        payments.push((one.id, one.payment));
        entries.push(one.entry);
    }
    let payments = scope.insert_with_ids::<payment::Entity>(payments).await?;
    scope.insert_parts::<payment_allocation::Entity>(parts).await?;
    items.write(scope, "pay").await?;
    ledger::post(scope, entries).await?;
    Ok(payments)
}

/// The rows that payments refer to.
struct References {
    companies: Referred<company::Entity>,
    employees: Referred<employee::Entity>,
    tax_codes: TaxCodes,
    rates: Rates,
    accounts: Accounts,
    /// The day of what has no date.
    today: NaiveDate,
}

impl References {
    async fn load(scope: &TenantScope, new: &[NewPayment]) -> Result<Self> {
        let of_advances = new.iter().filter_map(|new| new.advance.and_then(|advance| advance.tax_code_id));
        let withheld = new.iter().filter_map(|new| new.withholding.map(|withheld| withheld.tax_code_id));
        let tax_codes = of_advances.chain(withheld);
        let today = ledger::open_date(scope, scope.today()).await?;
        let rates = new.iter().filter(|new| new.rate.is_none()).map(|new| {
            let currency = new.currency.as_deref().unwrap_or(scope.base_currency());
            (currency, new.date.unwrap_or(today))
        });
        Ok(Self {
            rates: Rates::load(scope, rates).await?,
            companies: Referred::load(scope, new.iter().filter_map(|new| new.party.company()).collect()).await?,
            employees: Referred::load(scope, new.iter().filter_map(|new| new.party.employee()).collect()).await?,
            tax_codes: TaxCodes::load(scope, tax_codes.collect()).await?,
            accounts: Accounts::load(scope).await?,
            today,
        })
    }

    fn name(&self, party: Party) -> Result<&str> {
        match party {
            Party::Company(id) => Ok(&self.companies.get("companyId", id)?.name),
            Party::Employee(id) => Ok(&self.employees.get("employeeId", id)?.name),
        }
    }
}

/// A payment that is to be written.
struct Recorded {
    id: PaymentId,
    payment: payment::New,
    settled: Vec<Settled>,
    entry: EntryDraft,
}

impl Recorded {
    fn new(
        scope: &TenantScope,
        references: &References,
        controls: &Controls,
        items: &mut OpenItems,
        new: NewPayment,
    ) -> Result<Self> {
        let id: PaymentId = scope.env().id();
        let name = references.name(new.party)?.to_owned();
        let (allocations, given, service_date) = (new.allocations.clone(), new.withholding, new.service_date);
        let mut payment = values(scope, references, new)?;
        let mut source = OpenItem::of_payment(id, &payment, 0, &controls.base_currency)?;
        let settled = settlement::settle(controls, &mut source, items, &allocations)?;
        payment.allocated_minor = source.paid;
        let withheld = match given {
            None => None,
            Some(given) => {
                withholding::check(&payment)?;
                let tax = references.tax_codes.tax("withholding.taxCodeId", given.tax_code_id, payment.date)?;
                Some(Withheld::of(&given, &tax, &payment, &settled, items)?)
            }
        };
        payment.withheld_minor = withheld.map_or(0, |withheld| withheld.amount);
        payment.withholding_code_id = withheld.map(|withheld| withheld.code);
        let mut lines: Vec<LineDraft> = money_line(controls, &payment, &source.dimensions)?.into_iter().collect();
        lines.extend(withheld.map(|withheld| withheld.line(controls, &payment)).transpose()?);
        lines.extend(settled.iter().flat_map(|part| part.target_lines.clone()));
        // What settles nothing yet is open itself.
        let rest = source.due();
        if rest > 0 {
            source.paid = source.total;
            lines.extend(source.reduce(controls, -rest, None)?.0);
        }
        let lines = controls.balanced(lines, source.dimensions.clone())?;
        let description = format!("{}: {name}", settlement::in_language(scope, "Payment", "გადახდა"));
        let entry = EntryDraft::new(payment.date, description, SourceKind::Payment, Some(id.0), lines);
        let entry = EntryDraft { service_date, ..entry };
        Ok(Self { id, payment, settled, entry })
    }
}

/// The line of the money itself, at the rate of its day: all but what is kept back, so that the two are worth the whole. There
/// is none where nothing is left.
fn money_line(controls: &Controls, payment: &payment::New, dimensions: &Dimensions) -> Result<Option<LineDraft>> {
    let (currency, rate) = (&payment.currency, payment.rate);
    let in_base = |amount| money::convert("amount", amount, currency, &controls.base_currency, rate);
    let base = in_base(payment.amount_minor)? - in_base(payment.withheld_minor)?;
    let moved = payment.amount_minor - payment.withheld_minor;
    let received = LineDraft::new(payment.account_id, moved, currency, rate, base);
    let received = LineDraft { dimensions: dimensions.clone(), ..received };
    let line = if payment.direction == PaymentDirection::In { received } else { received.negated() };
    Ok((moved != 0).then_some(line))
}

fn values(scope: &TenantScope, references: &References, new: NewPayment) -> Result<payment::New> {
    let currency = money::currency("currency", new.currency.as_deref().unwrap_or(scope.base_currency()))?;
    let amount_minor = settlement::positive("amount", money::to_minor("amount", new.amount, &currency)?)?;
    let sub_ledger = sub_ledger(&new)?;
    if new.advance.is_some() && sub_ledger == SubLedger::Employee {
        let message =
            Text::fixed("An advance is a client's or to a supplier.", "ავანსი კლიენტისგან ან მომწოდებლისთვისაა.");
        return Err(Error::invalid("advance", message));
    }
    if new.advance.is_some() && !new.allocations.is_empty() {
        let message = Text::fixed(
            "An advance settles nothing yet. Allocate it once there is an invoice.",
            "ავანსი ჯერ არაფერს ფარავს. მიანიჭეთ ის, როცა ინვოისი იქნება.",
        );
        return Err(Error::invalid("allocations", message));
    }
    let tax_code = new.advance.and_then(|advance| advance.tax_code_id);
    let (source, external_id) = External::columns(new.external);
    let date = new.date.unwrap_or(references.today);
    let tax =
        tax_code.map(|code| in_advance(references.tax_codes.tax("advance.taxCodeId", code, date)?)).transpose()?;
    Ok(payment::New {
        direction: new.direction,
        sub_ledger,
        company_id: new.party.company(),
        employee_id: new.party.employee(),
        date,
        amount_minor,
        rate: references.rates.of("rate", scope, (&currency, date), new.rate)?,
        currency,
        account_id: references.accounts.money("accountId", new.account_id)?.id,
        advance: new.advance.is_some(),
        tax_code_id: tax.map(|tax| tax.code),
        tax_minor: tax.map_or(0, |tax| in_amount(&tax, amount_minor, sub_ledger)),
        withheld_minor: 0,
        withholding_code_id: None,
        allocated_minor: 0,
        reference: text::optional("reference", new.reference)?,
        status: PostingStatus::Posted,
        source,
        external_id,
    })
}

/// The tax in an advance: of one to a supplier, what comes back.
pub(super) fn in_amount(tax: &Tax, amount: i64, sub_ledger: SubLedger) -> i64 {
    let within = tax::tax_within(amount, tax.rate_bp);
    if sub_ledger == SubLedger::Payable { tax::tax_on(within, tax.recoverable_bp) } else { within }
}

/// A tax that may be in an advance: one that is charged, if at nothing.
pub(super) fn in_advance(tax: Tax) -> Result<Tax> {
    if matches!(tax.kind, TaxKind::Standard | TaxKind::Exempt) {
        return Ok(tax);
    }
    let message = Text::fixed(
        "An advance holds a tax that is charged, not one that is withheld or reversed.",
        "ავანსში მხოლოდ დარიცხული გადასახადი შეიძლება იყოს და არა დაკავებული ან უკუდაბეგვრით.",
    );
    Err(Error::invalid("advance.taxCodeId", message))
}

fn sub_ledger(new: &NewPayment) -> Result<SubLedger> {
    let usual = match (new.party, new.direction) {
        (Party::Employee(_), _) => SubLedger::Employee,
        (Party::Company(_), PaymentDirection::In) => SubLedger::Receivable,
        (Party::Company(_), PaymentDirection::Out) => SubLedger::Payable,
    };
    let chosen = new.sub_ledger.unwrap_or(usual);
    if (chosen == SubLedger::Employee) == (usual == SubLedger::Employee) {
        return Ok(chosen);
    }
    let message = Text::fixed(
        "What employees are owed is paid to an employee, anything else to a company.",
        "თანამშრომლების ვალდებულება თანამშრომელს უხდება, სხვა ყველაფერი — კომპანიას.",
    );
    Err(Error::invalid("subLedger", message))
}

/// Refuses a payment that has no entry to take back: none any more, or none of its own.
fn require_own_entry(payment: &payment::Model) -> Result<()> {
    if payment.status != PostingStatus::Posted {
        return Err(Error::Conflict(Text::fixed("This payment is reversed already.", "ეს გადახდა უკვე გაუქმებულია.")));
    }
    if payment.source.as_deref() == Some(opening::SOURCE) {
        return Err(Error::Conflict(opening::as_a_whole()));
    }
    Ok(())
}

/// Takes a payment back, today unless said. What it settled is open again.
pub async fn reverse(scope: &TenantScope, id: PaymentId, date: Option<NaiveDate>) -> Result<payment::Model> {
    use kamara_entities::TenantEntity as _;
    let (known, _) = settlement::active_of_payment(scope, id).await?;
    let documents = known.iter().filter_map(settlement::target_of).chain([Document::Payment(id)]);
    let mut items = OpenItems::lock(scope, documents).await?;
    // Read again under the locks.
    let before = scope.require::<payment::Entity>(id).await?;
    require_own_entry(&before)?;
    let (active, refunded) = settlement::active_of_payment(scope, id).await?;
    if active != known {
        return Err(Error::Conflict(messages::stale()));
    }
    if refunded {
        let message = Text::fixed(
            "A part of this payment was paid back or written off. Reverse that first.",
            "ამ გადახდის ნაწილი დაბრუნებულია ან ჩამოწერილია. ჯერ ის გააუქმეთ.",
        );
        return Err(Error::Conflict(message));
    }
    let entry = ledger::entry_of(scope, SourceKind::Payment, id.0).await?;
    let entry = entry.ok_or_else(|| Error::internal("a payment without an entry"))?;
    bank::matching::refuse_matched(scope, &[entry.id]).await?;
    let date = settlement::date_of_undoing(scope, date, entry.date).await?;
    let controls = Controls::new(scope, &Accounts::load(scope).await?);
    let mut parts: Vec<(PaymentAllocationId, payment_allocation::New)> = Vec::with_capacity(active.len());
    let mut lines = Vec::new();
    for row in active {
        let target = settlement::target_of(&row).ok_or_else(|| Error::internal("an allocation to nothing"))?;
        lines.extend(items.get(target)?.reduce(&controls, -row.amount_minor, Some(-row.base_minor))?.0);
        parts.push((scope.env().id(), settlement::counter(row, date)));
    }
    let source = items.get(Document::Payment(id)).map_err(|_| Error::not_found("payment"))?;
    let (dimensions, rest) = (source.dimensions.clone(), source.due());
    if rest > 0 {
        lines.extend(source.reduce(&controls, rest, None)?.0);
    }
    let money = money_line(&controls, &payment::Entity::values(before.clone()), &dimensions)?;
    let withheld = withholding::lines_of(scope, entry.id, &before).await?;
    let lines = money.into_iter().chain(withheld).map(LineDraft::negated).chain(lines).collect();
    let lines = controls.balanced(lines, dimensions)?;
    items.forget(Document::Payment(id));
    let new =
        payment::New { status: PostingStatus::Reversed, allocated_minor: 0, ..payment::Entity::values(before.clone()) };
    let after = scope.act::<payment::Entity>("reverse", &before, payment::Entity::revise(before.clone(), new)).await?;
    scope.insert_parts::<payment_allocation::Entity>(parts).await?;
    items.write(scope, "unpay").await?;
    ledger::post(scope, vec![ledger::reversal_of(&entry, date, lines)]).await?;
    Ok(after)
}
