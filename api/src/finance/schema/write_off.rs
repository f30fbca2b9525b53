//! Write-offs, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use kamara_entities::{AccountId, InvoiceId, SourceKind, WriteOffId, account, company, write_off};
use sea_orm::Condition;

use crate::{
    approvals::schema::Approval,
    companies::schema::Company,
    finance::service::write_off::{self as rules, NewWriteOff, WrittenOff},
    graphql::{
        Can, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::PostingStatus,
        filter::{Conditions, DateFilter, IdFilter, PostingStatusFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, JournalEntry},
};

shown! {
    /// What a client won't pay any more.
    WriteOff(write_off),
}

#[Object]
impl WriteOff {
    /// Id.
    async fn id(&self) -> Id<WriteOffId> {
        Id(self.0.id)
    }

    /// The client.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Company> {
        Ok(Company(ctx.row::<company::Entity>(self.0.company_id).await?))
    }

    /// When.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// How much.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// Where the loss is posted.
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
    /// The client.
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
    /// What clients won't pay any more.
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

    /// What a client won't pay any more.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn write_off(&self, ctx: &Context<'_>, id: Id<WriteOffId>) -> Result<WriteOff> {
        Ok(WriteOff(request(ctx).read().await?.require::<write_off::Entity>(id.0).await?))
    }
}

/// What is written off.
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
pub(crate) struct WriteOffInvoicePayload {
    /// The write-off, unless it must be approved first.
    write_off: Option<WriteOff>,
    /// What must be decided first.
    approval: Option<Approval>,
}

impl From<WrittenOff> for WriteOffInvoicePayload {
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
    /// Writes off what is due on an invoice, or a part of it: a loss, and no longer owed.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn write_off_invoice(
        &self,
        ctx: &Context<'_>,
        input: WriteOffInvoiceInput,
    ) -> Result<WriteOffInvoicePayload> {
        let new = NewWriteOff {
            invoice_id: input.invoice_id.0,
            amount: input.amount.map(|amount| amount.0),
            date: input.date.map(|date| date.0),
            account_id: input.account_id.map(|id| id.0),
            reason: input.reason,
        };
        let scope = request(ctx).write().await?;
        let row = rules::write_off(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Takes a write-off back: the invoice is due again.
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
