//! The rules of write-offs: what stays open and nobody will pay, or ask for, is a loss or a gain, and no longer owed.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, DepartmentId, PaymentAllocationId, PostingStatus, SourceKind, SubLedger, WriteOffId, approval,
    payment_allocation, write_off,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{
    approval::{kept, write_off_subject},
    controls::Controls,
    open_item::{Document, OpenItem, Party},
    open_items::OpenItems,
    settlement::{self, Settled, Source},
};
use crate::{
    approvals::service::{self as approvals, Outcome},
    error::{Error, Result, Text},
    ledger::{Accounts, Dimensions, EntryDraft, LineDraft, service as ledger},
    money,
    tenancy::TenantScope,
    text,
};

/// What is given of a write-off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewWriteOff {
    /// What stays open: an invoice, a bill, a credit note of either, or a payment.
    #[serde(flatten)]
    pub document: Document,
    /// How much of it; all that is open unless said.
    pub amount: Option<Decimal>,
    /// When; today unless said.
    pub date: Option<NaiveDate>,
    /// Where the loss or the gain is posted; the account of role "write-off" unless said.
    pub account_id: Option<AccountId>,
    /// Why.
    pub reason: String,
}

/// What becomes of a write-off.
#[derive(Clone, Debug)]
pub enum WrittenOff {
    /// It's posted.
    Posted(write_off::Model),
    /// It waits for approval.
    Waits(approval::Model),
}

/// Writes off what is open of a document, or a part of it, unless that must be approved first. What is owed to the company is a
/// loss; what the company owes is a gain.
pub async fn write_off(scope: &TenantScope, new: NewWriteOff) -> Result<WrittenOff> {
    post(scope, new, true).await
}

/// Writes off what is approved.
pub(super) async fn post_approved(scope: &TenantScope, new: NewWriteOff) -> Result<WrittenOff> {
    post(scope, new, false).await
}

async fn post(scope: &TenantScope, new: NewWriteOff, asks: bool) -> Result<WrittenOff> {
    let mut items = OpenItems::lock(scope, [new.document]).await?;
    let accounts = Accounts::load(scope).await?;
    let item = items.get(new.document)?;
    check(item)?;
    let date = settlement::date_of_settling(scope, new.date, item.since).await?;
    let draft = Draft::new(scope, &accounts, item, &new, date)?;
    if asks && let Outcome::Pending(waits) = ask(scope, &draft, new).await? {
        return Ok(WrittenOff::Waits(waits));
    }
    let rows = scope.insert_with_ids::<write_off::Entity>(vec![(draft.id, draft.row)]).await?;
    scope.insert_parts::<payment_allocation::Entity>(vec![draft.allocation]).await?;
    items.write(scope, "write_off").await?;
    ledger::post(scope, vec![draft.entry]).await?;
    super::batch::one(rows).map(WrittenOff::Posted)
}

/// Whether anything may be written off of a document at all.
fn check(item: &OpenItem) -> Result<()> {
    let refuse = |message| Err(Error::invalid(item.document.field(), message));
    if !item.is_posted || item.due() == 0 {
        return refuse(Text::fixed("Nothing is open of this document.", "ამ დოკუმენტზე დაუფარავი აღარაფერია."));
    }
    if item.party.company().is_none() {
        return refuse(Text::fixed(
            "What an employee holds isn't written off: settle an expense with it, or record what comes back.",
            "თანამშრომელზე გაცემული თანხა არ ჩამოიწერება: დაფარეთ მისით ხარჯი ან აღრიცხეთ დაბრუნებული თანხა.",
        ));
    }
    // Whether its tax is owed is for the state to say: it goes with the money, or with what is sold for it.
    if item.holds_tax() && is_gain(item) {
        return refuse(Text::fixed(
            "This advance holds a tax that is declared: pay it back, or settle an invoice with it.",
            "ამ ავანსში დეკლარირებული გადასახადია: დააბრუნეთ თანხა ან დაფარეთ მისით ინვოისი.",
        ));
    }
    if item.holds_tax() {
        return refuse(Text::fixed(
            "This advance holds a tax that is declared: record what comes back, or settle a bill with it.",
            "ამ ავანსში დეკლარირებული გადასახადია: აღრიცხეთ დაბრუნებული თანხა ან დაფარეთ მისით მომწოდებლის ინვოისი.",
        ));
    }
    Ok(())
}

/// What the company owes is a gain, once nobody asks for it.
const fn is_gain(item: &OpenItem) -> bool {
    item.sign < 0
}

/// A write-off that is to be written, or asked for.
struct Draft {
    id: WriteOffId,
    row: write_off::New,
    /// Base currency for one unit of the document's, in 10⁻⁶.
    rate: i64,
    department_id: Option<DepartmentId>,
    allocation: (PaymentAllocationId, payment_allocation::New),
    entry: EntryDraft,
}

impl Draft {
    /// Takes the amount off what is open of the item, at the item's own rate.
    fn new(
        scope: &TenantScope,
        accounts: &Accounts,
        item: &mut OpenItem,
        new: &NewWriteOff,
        date: NaiveDate,
    ) -> Result<Self> {
        let Party::Company(company_id) = item.party else { return Err(Error::internal("a write-off of nobody's")) };
        let account_id = accounts.written_off("accountId", new.account_id, is_gain(item))?.id;
        let amount = amount(item, new.amount)?;
        let reason = text::name("reason", &new.reason)?;
        let (mut lines, base) = item.reduce(&Controls::new(scope, accounts), amount, None)?;
        let (currency, rate, sign) = (item.currency.clone(), item.rate, item.sign);
        let result = LineDraft::new(account_id, sign * amount, &currency, rate, sign * base);
        let dimensions = of_result(item);
        lines.insert(0, LineDraft { description: Some(reason.clone()), dimensions, ..result });
        let id: WriteOffId = scope.env().id();
        let part = Settled { target: new.document, amount, source_amount: amount, base, target_lines: Vec::new() };
        let row = write_off::New {
            company_id,
            date,
            amount_minor: amount,
            currency,
            base_minor: base,
            account_id,
            reason,
            status: PostingStatus::Posted,
        };
        let description = settlement::in_language(scope, "Write-off", "ჩამოწერა").to_owned();
        Ok(Self {
            id,
            row,
            rate,
            department_id: item.dimensions.department_id,
            allocation: settlement::allocation(scope, date, Source::WriteOff(id), &part),
            entry: EntryDraft::new(date, description, SourceKind::WriteOff, Some(id.0), lines),
        })
    }
}

/// How much is written off: all that is open unless said.
fn amount(item: &OpenItem, given: Option<Decimal>) -> Result<i64> {
    let Some(given) = given else { return Ok(item.due()) };
    let amount = settlement::positive("amount", money::to_minor("amount", given, &item.currency)?)?;
    if amount <= item.due() {
        return Ok(amount);
    }
    let (most, currency) = (money::from_minor(item.due(), &item.currency), &item.currency);
    let message = Text::new(
        format!("What is open of this document is {most} {currency}."),
        format!("ამ დოკუმენტზე დაუფარავია {most} {currency}."),
    );
    Err(Error::invalid("amount", message))
}

/// What the loss or the gain is cut by: what the document is. A supplier is no client, whose result it would count in.
fn of_result(item: &OpenItem) -> Dimensions {
    let of_item = item.dimensions.clone();
    let company_id = of_item.company_id.filter(|_| item.sub_ledger == SubLedger::Receivable);
    Dimensions { company_id, ..of_item }
}

/// Asks for a write-off that its day would take.
async fn ask(scope: &TenantScope, draft: &Draft, new: NewWriteOff) -> Result<Outcome> {
    ledger::require_open(scope, &draft.entry).await?;
    let row = &draft.row;
    let amount = (row.amount_minor, row.currency.as_str(), draft.rate);
    let subject = write_off_subject(scope, new.document, draft.department_id, amount).await?;
    let act = NewWriteOff { amount: Some(money::from_minor(row.amount_minor, &row.currency)), ..new };
    approvals::request(scope, &subject, row.reason.clone(), Some(kept(&act)?)).await
}

/// Takes a write-off back, today unless said: what it took is open again.
pub async fn reverse(scope: &TenantScope, id: WriteOffId, date: Option<NaiveDate>) -> Result<write_off::Model> {
    use payment_allocation::Column as C;
    let select =
        scope.find::<payment_allocation::Entity>().filter(C::WriteOffId.eq(id)).filter(C::ReversesId.is_null());
    let part = scope.first(select).await?.ok_or(Error::not_found("write_off"))?;
    let document = settlement::target_of(&part).ok_or_else(|| Error::internal("a write-off of nothing"))?;
    let mut items = OpenItems::lock(scope, [document]).await?;
    let before = scope.lock::<write_off::Entity>(id).await?;
    if before.status != PostingStatus::Posted {
        let message = Text::fixed("This write-off is reversed already.", "ეს ჩამოწერა უკვე გაუქმებულია.");
        return Err(Error::Conflict(message));
    }
    let date = settlement::date_of_undoing(scope, date, before.date).await?;
    let controls = Controls::new(scope, &Accounts::load(scope).await?);
    items.get(document)?.reduce(&controls, -part.amount_minor, Some(-part.base_minor))?;
    let after = write_off::Model { status: PostingStatus::Reversed, ..before.clone() };
    let after = scope.act::<write_off::Entity>("reverse", &before, after).await?;
    let counter = settlement::counter(part, date);
    scope.insert_parts::<payment_allocation::Entity>(vec![(scope.env().id(), counter)]).await?;
    items.write(scope, "write_off_reversed").await?;
    ledger::reverse(scope, SourceKind::WriteOff, id.0, date).await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use kamara_entities::{InvoiceId, PaymentId};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_waits_is_read_again_whatever_it_is_of() {
        let id = uuid::Uuid::from_u128(7);
        for (field, document) in
            [("invoice_id", Document::Invoice(InvoiceId(id))), ("payment_id", Document::Payment(PaymentId(id)))]
        {
            // As it was kept when only invoices were written off, too.
            let act = json!({ field: id, "amount": "5.00", "date": null, "account_id": null, "reason": "Small" });
            let new: NewWriteOff = serde_json::from_value(act.clone()).unwrap();
            assert_eq!(new.document, document);
            assert_eq!(kept(&new).unwrap(), act);
        }
    }
}
