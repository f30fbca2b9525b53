//! Write-offs, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use kamara_entities::{
    AccountId, BillId, BillKind, InvoiceId, InvoiceKind, PaymentDirection, PaymentId, SourceKind, WriteOffId, account,
    bill, company, invoice, payment, payment_allocation, write_off,
};
use sea_orm::Condition;

use super::{Invoice, bill::Bill, payment::Payment};
use crate::{
    approvals::schema::Approval,
    companies::schema::Company,
    error::{self, Error, Text},
    finance::service::{
        payment::Document,
        write_off::{self as rules, NewWriteOff, WrittenOff},
    },
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::PostingStatus,
        filter::{Conditions, DateFilter, IdFilter, PostingStatusFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, JournalEntry},
    tenancy::{Direction, Order},
};

shown! {
    /// What nobody will pay, or ask for: a loss or a gain.
    WriteOff(write_off),
}

struct AllocationsOfWriteOff;
impl Children for AllocationsOfWriteOff {
    type Entity = payment_allocation::Entity;
    const PARENT: payment_allocation::Column = payment_allocation::Column::WriteOffId;
    const ORDER: Order<payment_allocation::Column> =
        Order { column: payment_allocation::Column::Id, direction: Direction::Asc };
}

impl WriteOff {
    /// What it took of a document; what took that back names the same one.
    async fn part(&self, ctx: &Context<'_>) -> Result<payment_allocation::Model> {
        let part = ctx.all_of::<AllocationsOfWriteOff>(self.0.id.0).await?.into_iter().next();
        Ok(part.ok_or_else(|| Error::internal("a write-off of nothing"))?)
    }
}

#[Object]
impl WriteOff {
    /// Id.
    async fn id(&self) -> Id<WriteOffId> {
        Id(self.0.id)
    }

    /// The client or the supplier.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Company> {
        Ok(Company(ctx.row::<company::Entity>(self.0.company_id).await?))
    }

    /// The invoice or the credit note that it's of.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>> {
        let id = self.part(ctx).await?.invoice_id;
        Ok(ctx.row_if_any::<invoice::Entity>(id).await?.map(Invoice))
    }

    /// The bill or the supplier's credit note that it's of.
    async fn bill(&self, ctx: &Context<'_>) -> Result<Option<Bill>> {
        let id = self.part(ctx).await?.bill_id;
        Ok(ctx.row_if_any::<bill::Entity>(id).await?.map(Bill))
    }

    /// The payment whose rest it's of.
    async fn payment(&self, ctx: &Context<'_>) -> Result<Option<Payment>> {
        let id = self.part(ctx).await?.refunded_id;
        Ok(ctx.row_if_any::<payment::Entity>(id).await?.map(Payment))
    }

    /// Whether it's a gain: what the company owed, and nobody asked for.
    async fn is_gain(&self, ctx: &Context<'_>) -> Result<bool> {
        let part = self.part(ctx).await?;
        if let Some(id) = part.invoice_id {
            return Ok(ctx.row::<invoice::Entity>(id).await?.kind == InvoiceKind::CreditNote);
        }
        if let Some(id) = part.bill_id {
            return Ok(ctx.row::<bill::Entity>(id).await?.kind == BillKind::Bill);
        }
        let payment = ctx.row_if_any::<payment::Entity>(part.refunded_id).await?;
        Ok(payment.is_some_and(|payment| payment.direction == PaymentDirection::In))
    }

    /// When.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// How much.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// Where the loss or the gain is posted.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.0.account_id).await?))
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Whether it's reversed.
    async fn status(&self) -> PostingStatus {
        self.0.status.into()
    }

    /// The entry that posted it.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        JournalEntry::of_source(ctx, SourceKind::WriteOff, self.0.id.0).await
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

ordering! {
    /// What write-offs are sorted by.
    WriteOffOrder, WriteOffOrderField of write_off, default Date Desc,
    {
        /// By day.
        Date => Date,
        /// By amount, whatever its currency.
        Amount => AmountMinor,
        /// By when they were made.
        CreatedAt => CreatedAt,
    }
}

/// Which write-offs.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct WriteOffFilter {
    /// The client or the supplier.
    company_id: Option<IdFilter>,
    /// When.
    date: Option<DateFilter>,
    /// Whether it's reversed.
    status: Option<PostingStatusFilter>,
}

impl WriteOffFilter {
    fn condition(self) -> Condition {
        use write_off::Column as C;
        Conditions::records(None, C::ArchivedAt)
            .on(C::CompanyId, self.company_id)
            .on(C::Date, self.date)
            .on(C::Status, self.status)
            .all()
    }
}

/// Asking for write-offs.
#[derive(Default)]
pub(crate) struct WriteOffQuery;

#[Object]
impl WriteOffQuery {
    /// What nobody will pay, or ask for.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn write_offs(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: WriteOffFilter,
        order_by: Option<WriteOffOrder>,
    ) -> Result<Listed<WriteOff>> {
        let order = WriteOffOrder::or_default(order_by);
        list::<write_off::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// What nobody will pay, or ask for: a loss or a gain.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn write_off(&self, ctx: &Context<'_>, id: Id<WriteOffId>) -> Result<WriteOff> {
        Ok(WriteOff(request(ctx).read().await?.require::<write_off::Entity>(id.0).await?))
    }
}

/// What is written off: one invoice, bill, credit note or payment.
#[derive(InputObject)]
pub(crate) struct WriteOffInput {
    /// The invoice that won't be paid, or the credit note that nobody claims.
    invoice_id: Option<Id<InvoiceId>>,
    /// The bill that nobody asks for, or the supplier's credit note that won't be made good.
    bill_id: Option<Id<BillId>>,
    /// The payment whose rest nobody claims, or won't come back.
    payment_id: Option<Id<PaymentId>>,
    /// How much of it; all that is open unless said.
    amount: Option<Dec>,
    /// When; today unless said.
    date: Option<Date>,
    /// Where it's posted, an account of expenses or, of a gain, of income too; the account of role "write-off" unless said.
    account_id: Option<Id<AccountId>>,
    /// Why.
    reason: String,
}

impl WriteOffInput {
    fn value(self) -> error::Result<NewWriteOff> {
        let named = [
            self.invoice_id.map(|id| Document::Invoice(id.0)),
            self.bill_id.map(|id| Document::Bill(id.0)),
            self.payment_id.map(|id| Document::Payment(id.0)),
        ];
        let mut named = named.into_iter().flatten();
        let document = match (named.next(), named.next()) {
            (Some(document), None) => document,
            (_, second) => {
                let message = Text::fixed(
                    "Name one: an invoice, a bill or a payment. A credit note is named as an invoice or a bill.",
                    "მიუთითეთ ერთი: ინვოისი, მომწოდებლის ინვოისი ან გადახდა. კრედიტ-ნოტა მიეთითება როგორც ინვოისი.",
                );
                return Err(Error::invalid(second.map_or("invoiceId", Document::field), message));
            }
        };
        Ok(NewWriteOff {
            document,
            amount: self.amount.map(|amount| amount.0),
            date: self.date.map(|date| date.0),
            account_id: self.account_id.map(|id| id.0),
            reason: self.reason,
        })
    }
}

/// What is written off of an invoice.
#[derive(InputObject)]
pub(crate) struct WriteOffInvoiceInput {
    /// The invoice that won't be paid.
    invoice_id: Id<InvoiceId>,
    /// How much of it; all that is due unless said.
    amount: Option<Dec>,
    /// When; today unless said.
    date: Option<Date>,
    /// Where the loss is posted; the account of role "write-off" unless said.
    account_id: Option<Id<AccountId>>,
    /// Why.
    reason: String,
}

/// Which write-off is taken back.
#[derive(InputObject)]
pub(crate) struct ReverseWriteOffInput {
    /// The write-off.
    id: Id<WriteOffId>,
    /// When; today unless said.
    date: Option<Date>,
}

payloads! {
    ReverseWriteOffPayload { write_off: WriteOff },
}

/// A write-off, or the approval that it waits for.
#[derive(SimpleObject)]
pub(crate) struct WriteOffPayload {
    /// The write-off, unless it must be approved first.
    write_off: Option<WriteOff>,
    /// What must be decided first.
    approval: Option<Approval>,
}

/// A write-off of an invoice, or the approval that it waits for.
#[derive(SimpleObject)]
pub(crate) struct WriteOffInvoicePayload {
    /// The write-off, unless it must be approved first.
    write_off: Option<WriteOff>,
    /// What must be decided first.
    approval: Option<Approval>,
}

impl From<WrittenOff> for WriteOffPayload {
    fn from(outcome: WrittenOff) -> Self {
        match outcome {
            WrittenOff::Posted(row) => Self { write_off: Some(row.into()), approval: None },
            WrittenOff::Waits(row) => Self { write_off: None, approval: Some(row.into()) },
        }
    }
}

/// Writing off.
#[derive(Default)]
pub(crate) struct WriteOffMutation;

#[Object]
impl WriteOffMutation {
    /// Writes off what is open of an invoice, a bill, a credit note or a payment, or a part of it: a loss where it was owed to the
    /// company, a gain where the company owed it, and no longer open.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn write_off(&self, ctx: &Context<'_>, input: WriteOffInput) -> Result<WriteOffPayload> {
        let new = input.value()?;
        let scope = request(ctx).write().await?;
        let outcome = rules::write_off(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(outcome.into())
    }

    /// Writes off what is due on an invoice, or a part of it.
    #[graphql(
        deprecation = "Since 2026-12-01, and until 2027-06-01: `writeOff` does the same of every document.",
        guard = "Can(Permission::FinanceWrite)"
    )]
    async fn write_off_invoice(
        &self,
        ctx: &Context<'_>,
        input: WriteOffInvoiceInput,
    ) -> Result<WriteOffInvoicePayload> {
        let new = NewWriteOff {
            document: Document::Invoice(input.invoice_id.0),
            amount: input.amount.map(|amount| amount.0),
            date: input.date.map(|date| date.0),
            account_id: input.account_id.map(|id| id.0),
            reason: input.reason,
        };
        let scope = request(ctx).write().await?;
        let outcome = WriteOffPayload::from(rules::write_off(&scope, new).await?);
        request(ctx).commit(scope).await?;
        Ok(WriteOffInvoicePayload { write_off: outcome.write_off, approval: outcome.approval })
    }

    /// Takes a write-off back: what it took is open again.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_write_off(
        &self,
        ctx: &Context<'_>,
        input: ReverseWriteOffInput,
    ) -> Result<ReverseWriteOffPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::reverse(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
