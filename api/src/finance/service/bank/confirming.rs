//! What a person confirms that lines of statements pay: payments that are recorded by it.

use std::collections::HashMap;

use kamara_entities::{
    BankLineStatus, BankStatementLineId, BillId, ExpenseId, InvoiceId, JournalEntryId, PaymentDirection, PaymentId,
    SourceKind, SubLedger, bank_account, bank_statement_line, bill, company, employee, expense, invoice, journal_entry,
    payment,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    matching::{link, lock_lines, reference, set_status},
    shares::{self, Part, Payer, Share},
};
use crate::{
    error::{Error, Result, Text},
    finance::service::payment::{self as payments, Document, NewAllocation, NewPayment, Party},
    ledger::service::{self as ledger, Rates},
    messages, money,
    tenancy::TenantScope,
};

/// What is confirmed of some lines: which documents they pay, and whose money the rest is.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// The lines, of one bank account and one direction.
    pub line_ids: Vec<BankStatementLineId>,
    /// What they pay.
    pub allocations: Vec<NewAllocation>,
    /// Whose the rest is, where there is one: an advance, or not yet allocated.
    pub party: Option<Party>,
    /// Base currency for one unit of the account's, where that's another; the day's unless said.
    pub rate: Option<Decimal>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// The lines.
    pub lines: Vec<bank_statement_line::Model>,
    /// The payments that were recorded.
    pub payments: Vec<payment::Model>,
}

/// Records what lines pay, a payment for each line and each company or employee, and matches them with it.
pub async fn confirm(scope: &TenantScope, confirmation: Confirmation) -> Result<Confirmed> {
    let (account, lines) = lock_lines(scope, &confirmation.line_ids).await?;
    let direction = direction(&lines)?;
    let parts = parts(scope, &account, &confirmation).await?;
    let rest = confirmation.party.map(|party| Payer { party, sub_ledger: None });
    let shared = shares::share_out(&account, &lines, parts, rest)?;
    let of_line: Vec<BankStatementLineId> = shared.iter().map(|share| lines[share.line].id).collect();
    let currency = account.currency.as_str();
    let rates = Rates::load(scope, lines.iter().map(|line| (currency, line.date))).await?;
    let mut posted = HashMap::with_capacity(lines.len());
    for line in &lines {
        posted.insert(line.date, ledger::open_date_within(scope, line.date, ledger::Touched::SUB_LEDGERS).await?);
    }
    let new = |share: Share| {
        let line = &lines[share.line];
        let rate = rates.of("rate", scope, (currency, line.date), confirmation.rate)?;
        let date = posted.get(&line.date).copied();
        Ok(NewPayment { date, ..new_payment(&account, line, direction, rate, share) })
    };
    let new = shared.into_iter().map(new).collect::<Result<Vec<_>>>()?;
    let mut matched = Vec::with_capacity(lines.len());
    for line in &lines {
        matched.push(set_status(scope, line, BankLineStatus::Matched, None).await?);
    }
    let payments = payments::record_payments(scope, new).await?;
    let entries = entries_of(scope, payments.iter().map(|payment| payment.id)).await?;
    let of_entries =
        payments.iter().zip(of_line).filter_map(|(payment, line)| Some((*entries.get(&payment.id)?, line)));
    link(scope, &account, &of_entries.collect()).await?;
    Ok(Confirmed { lines: matched, payments })
}

fn new_payment(
    account: &bank_account::Model,
    line: &bank_statement_line::Model,
    direction: PaymentDirection,
    rate: i64,
    share: Share,
) -> NewPayment {
    NewPayment {
        direction,
        sub_ledger: share.payer.sub_ledger,
        party: share.payer.party,
        date: Some(line.date),
        // A line of a day that is closed comes late: it's posted on the first open one.
        service_date: Some(line.date),
        amount: money::from_minor(share.amount_minor, &account.currency),
        currency: Some(account.currency.clone()),
        rate: Some(money::from_micro(rate)),
        account_id: Some(account.account_id),
        reference: reference(line),
        advance: None,
        withholding: None,
        allocations: share.allocations,
        external: None,
    }
}

/// What is paid of each document, and who owes or is owed it.
async fn parts(scope: &TenantScope, account: &bank_account::Model, confirmation: &Confirmation) -> Result<Vec<Part>> {
    match confirmation.party {
        Some(Party::Company(id)) => drop(scope.referred::<company::Entity>("companyId", id).await?),
        Some(Party::Employee(id)) => drop(scope.referred::<employee::Entity>("employeeId", id).await?),
        None => {}
    }
    let payers = Payers::load(scope, &confirmation.allocations).await?;
    let part = |(place, allocation): (usize, &NewAllocation)| {
        let part = || {
            let (field, amount) = match allocation.paid_amount {
                Some(paid) => ("paidAmount", paid),
                None => ("amount", allocation.amount),
            };
            let minor = money::to_minor(field, amount, &account.currency)?;
            if minor <= 0 {
                return Err(Error::invalid(field, messages::positive()));
            }
            let payer = payers.of(allocation.document)?;
            Ok(Part { place, payer, minor, allocation: *allocation })
        };
        part().map_err(|error: Error| error.within(&format!("allocations.{place}")))
    };
    confirmation.allocations.iter().enumerate().map(part).collect()
}

/// Who owes or is owed what documents say.
struct Payers {
    invoices: HashMap<InvoiceId, invoice::Model>,
    bills: HashMap<BillId, bill::Model>,
    expenses: HashMap<ExpenseId, expense::Model>,
    payments: HashMap<PaymentId, payment::Model>,
}

impl Payers {
    async fn load(scope: &TenantScope, allocations: &[NewAllocation]) -> Result<Self> {
        let (mut invoices, mut bills, mut expenses, mut paid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for allocation in allocations {
            match allocation.document {
                Document::Invoice(id) => invoices.push(id),
                Document::Bill(id) => bills.push(id),
                Document::Expense(id) => expenses.push(id),
                Document::Payment(id) => paid.push(id),
            }
        }
        Ok(Self {
            invoices: scope.by_ids::<invoice::Entity>(invoices).await?,
            bills: scope.by_ids::<bill::Entity>(bills).await?,
            expenses: scope.by_ids::<expense::Entity>(expenses).await?,
            payments: scope.by_ids::<payment::Entity>(paid).await?,
        })
    }

    fn of(&self, document: Document) -> Result<Payer> {
        let company = |id, sub_ledger| Payer { party: Party::Company(id), sub_ledger: Some(sub_ledger) };
        let employee = |id| Payer { party: Party::Employee(id), sub_ledger: Some(SubLedger::Employee) };
        let payer = match document {
            Document::Invoice(id) => self.invoices.get(&id).map(|row| company(row.company_id, SubLedger::Receivable)),
            Document::Bill(id) => self.bills.get(&id).map(|row| company(row.company_id, SubLedger::Payable)),
            Document::Expense(id) => self.expenses.get(&id).and_then(|row| row.employee_id).map(employee),
            Document::Payment(id) => self.payments.get(&id).and_then(|row| {
                let of_company = row.company_id.map(|id| company(id, row.sub_ledger));
                of_company.or_else(|| row.employee_id.map(employee))
            }),
        };
        payer.ok_or_else(|| Error::NotFound { what: document.kind(), field: Some(document.field().into()) })
    }
}

fn direction(lines: &[bank_statement_line::Model]) -> Result<PaymentDirection> {
    if lines.iter().all(|line| line.amount_minor > 0) {
        return Ok(PaymentDirection::In);
    }
    if lines.iter().all(|line| line.amount_minor < 0) {
        return Ok(PaymentDirection::Out);
    }
    let message = Text::fixed(
        "Choose lines that all come in, or all go out.",
        "აირჩიეთ მხოლოდ შემოსული ან მხოლოდ გასული თანხები.",
    );
    Err(Error::invalid("lineIds", message))
}

/// The entries that payments posted.
async fn entries_of(
    scope: &TenantScope,
    ids: impl Iterator<Item = PaymentId>,
) -> Result<HashMap<PaymentId, JournalEntryId>> {
    use journal_entry::Column as C;
    let select = scope
        .find::<journal_entry::Entity>()
        .filter(C::SourceKind.eq(SourceKind::Payment))
        .filter(C::SourceId.is_in(ids.map(|id| id.0)))
        .filter(C::ReversesId.is_null());
    let entries = scope.all(select).await?.into_iter();
    Ok(entries.filter_map(|entry| Some((PaymentId(entry.source_id?), entry.id))).collect())
}
