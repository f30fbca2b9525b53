//! Transfers between own accounts, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{BankAccountId, BankTransferId, SourceKind, bank_account, bank_transfer};
use sea_orm::Condition;

use super::BankAccount;
use crate::{
    finance::service::bank::transfer::{self as rules, NewTransfer},
    graphql::{
        Can, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::PostingStatus,
        filter::{Conditions, DateFilter, IdFilter, PostingStatusFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::JournalEntry,
};

shown! {
    /// Money moved between own accounts.
    BankTransfer(bank_transfer),
}

#[Object]
impl BankTransfer {
    /// Id.
    async fn id(&self) -> Id<BankTransferId> {
        Id(self.0.id)
    }

    /// From which account.
    async fn from(&self, ctx: &Context<'_>) -> Result<BankAccount> {
        Ok(BankAccount(ctx.row::<bank_account::Entity>(self.0.from_id).await?))
    }

    /// To which.
    async fn to(&self, ctx: &Context<'_>) -> Result<BankAccount> {
        Ok(BankAccount(ctx.row::<bank_account::Entity>(self.0.to_id).await?))
    }

    /// When it left.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// When it arrived.
    async fn arrival_date(&self) -> Date {
        Date(self.0.arrival_date)
    }

    /// How much left.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// How much arrived.
    async fn arrived(&self) -> Money {
        Money::new(self.0.arrived_minor, &self.0.arrived_currency)
    }

    /// What both statements say.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// Whether it's reversed.
    async fn status(&self) -> PostingStatus {
        self.0.status.into()
    }

    /// The entries of both sides, and those that took them back.
    #[graphql(complexity = "1 + 4 * child_complexity")]
    async fn journal_entries(&self, ctx: &Context<'_>) -> Result<Vec<JournalEntry>> {
        JournalEntry::all_of_source(ctx, SourceKind::Transfer, self.0.id.0).await
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
    /// What transfers are sorted by.
    BankTransferOrder, BankTransferOrderField of bank_transfer, default Date Desc,
    {
        /// By when they left.
        Date => Date,
        /// By when they were made.
        CreatedAt => CreatedAt,
    }
}

/// Which transfers.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct BankTransferFilter {
    /// From which account.
    from_id: Option<IdFilter>,
    /// To which.
    to_id: Option<IdFilter>,
    /// When it left.
    date: Option<DateFilter>,
    /// Whether it's reversed.
    status: Option<PostingStatusFilter>,
}

impl BankTransferFilter {
    fn condition(self) -> Condition {
        use bank_transfer::Column as C;
        Conditions::new()
            .on(C::FromId, self.from_id)
            .on(C::ToId, self.to_id)
            .on(C::Date, self.date)
            .on(C::Status, self.status)
            .all()
    }
}

/// Asking for transfers.
#[derive(Default)]
pub(crate) struct BankTransferQuery;

#[Object]
impl BankTransferQuery {
    /// Transfers between own accounts, the newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn bank_transfers(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: BankTransferFilter,
        order_by: Option<BankTransferOrder>,
    ) -> Result<Listed<BankTransfer>> {
        let order = BankTransferOrder::or_default(order_by);
        list::<bank_transfer::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A transfer between own accounts.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn bank_transfer(&self, ctx: &Context<'_>, id: Id<BankTransferId>) -> Result<BankTransfer> {
        Ok(BankTransfer(request(ctx).read().await?.require::<bank_transfer::Entity>(id.0).await?))
    }
}

/// A new transfer.
#[derive(InputObject)]
pub(crate) struct TransferMoneyInput {
    /// From which account.
    from_bank_account_id: Id<BankAccountId>,
    /// To which.
    to_bank_account_id: Id<BankAccountId>,
    /// When it leaves; today unless said.
    date: Option<Date>,
    /// When it arrives; on the same day unless said.
    arrival_date: Option<Date>,
    /// How much leaves, in the currency of the account that it leaves.
    amount: Dec,
    /// How much arrives, in the currency of the account that it arrives at; needed where that's another.
    arrived: Option<Dec>,
    /// What one unit of what leaves is worth in the currency of the books, where that's another.
    rate: Option<Dec>,
    /// What one unit of what arrives is worth in the currency of the books; so much that as much arrives as left, unless said. What it
    /// differs by is a difference of exchange rates.
    arrived_rate: Option<Dec>,
    /// What both statements say.
    reference: Option<String>,
}

impl From<TransferMoneyInput> for NewTransfer {
    fn from(input: TransferMoneyInput) -> Self {
        Self {
            from_id: input.from_bank_account_id.0,
            to_id: input.to_bank_account_id.0,
            date: input.date.map(|date| date.0),
            arrival_date: input.arrival_date.map(|date| date.0),
            amount: input.amount.0,
            arrived: input.arrived.map(|amount| amount.0),
            rate: input.rate.map(|rate| rate.0),
            arrived_rate: input.arrived_rate.map(|rate| rate.0),
            reference: input.reference,
        }
    }
}

/// Which transfer to take back.
#[derive(InputObject)]
pub(crate) struct ReverseTransferInput {
    /// The transfer.
    id: Id<BankTransferId>,
    /// Date of the reversal; today unless said.
    date: Option<Date>,
}

payloads! {
    TransferMoneyPayload { bank_transfer: BankTransfer },
    ReverseTransferPayload { bank_transfer: BankTransfer },
}

/// Moving money.
#[derive(Default)]
pub(crate) struct BankTransferMutation;

#[Object]
impl BankTransferMutation {
    /// Moves money between own accounts, by way of the account of role "`bank_transit"`: each bank's statement has its own side.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn transfer_money(&self, ctx: &Context<'_>, input: TransferMoneyInput) -> Result<TransferMoneyPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::transfer(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Takes a transfer back, both sides of it.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_transfer(&self, ctx: &Context<'_>, input: ReverseTransferInput) -> Result<ReverseTransferPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::reverse(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
