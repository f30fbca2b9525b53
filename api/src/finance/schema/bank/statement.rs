//! Statements of banks, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{BankStatementId, bank_account, bank_statement};
use sea_orm::Condition;

use super::BankAccount;
use crate::{
    graphql::{
        Can, Date, Id, Listed, Loading, Money, Paging, complexity,
        filter::{Conditions, DateFilter, IdFilter},
        list, request,
    },
    identity::Permission,
};

shown! {
    /// What a bank says of an account: a balance, what moved it, and the balance after that.
    BankStatement(bank_statement),
}

#[Object]
impl BankStatement {
    /// Id.
    async fn id(&self) -> Id<BankStatementId> {
        Id(self.0.id)
    }

    /// The account.
    async fn bank_account(&self, ctx: &Context<'_>) -> Result<BankAccount> {
        Ok(BankAccount(ctx.row::<bank_account::Entity>(self.0.bank_account_id).await?))
    }

    /// Place among the account's statements, from 1, without gaps.
    async fn ordinal(&self) -> i32 {
        self.0.ordinal
    }

    /// The bank's name for it.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// First day.
    async fn from(&self) -> Date {
        Date(self.0.from_date)
    }

    /// Last day.
    async fn to(&self) -> Date {
        Date(self.0.to_date)
    }

    /// What was on the account before its first line.
    async fn opening_balance(&self, ctx: &Context<'_>) -> Result<Money> {
        let account = ctx.row::<bank_account::Entity>(self.0.bank_account_id).await?;
        Ok(Money::new(self.0.opening_minor, &account.currency))
    }

    /// What was on it after its last.
    async fn closing_balance(&self, ctx: &Context<'_>) -> Result<Money> {
        let account = ctx.row::<bank_account::Entity>(self.0.bank_account_id).await?;
        Ok(Money::new(self.0.closing_minor, &account.currency))
    }

    /// When it was imported.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

ordering! {
    /// What statements are sorted by.
    BankStatementOrder, BankStatementOrderField of bank_statement, default To Desc,
    {
        /// By their last day.
        To => ToDate,
        /// By when they were imported.
        CreatedAt => CreatedAt,
    }
}

/// Which statements.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct BankStatementFilter {
    /// Of which account.
    bank_account_id: Option<IdFilter>,
    /// Their last day.
    to: Option<DateFilter>,
}

impl BankStatementFilter {
    fn condition(self) -> Condition {
        use bank_statement::Column as C;
        Conditions::new().on(C::BankAccountId, self.bank_account_id).on(C::ToDate, self.to).all()
    }
}

/// Asking for statements.
#[derive(Default)]
pub(crate) struct BankStatementQuery;

#[Object]
impl BankStatementQuery {
    /// Statements of banks, the newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn bank_statements(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: BankStatementFilter,
        order_by: Option<BankStatementOrder>,
    ) -> Result<Listed<BankStatement>> {
        let order = BankStatementOrder::or_default(order_by);
        list::<bank_statement::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A statement of a bank.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn bank_statement(&self, ctx: &Context<'_>, id: Id<BankStatementId>) -> Result<BankStatement> {
        Ok(BankStatement(request(ctx).read().await?.require::<bank_statement::Entity>(id.0).await?))
    }
}
