//! What a rule that spreads overhead would do, as the API shows it.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_entities::{AllocationBasis as Basis, account, allocation_rule};
use rust_decimal::Decimal;

use crate::{
    finance::service::overhead::{self as rules, OfAccount, OfTarget, Plan},
    graphql::{Dec, Id, Loading, Money, filter::Raw},
    ledger::schema::Account,
    money,
    tenancy::TenantScope,
};

/// What one target takes, or would take.
#[derive(SimpleObject)]
pub(crate) struct AllocationPreviewTarget {
    /// The company, project, department or cost centre.
    target_id: Id<Raw>,
    /// Its name.
    label: String,
    /// Its part of the basis: people, hours, revenue in the currency of the books, or percent.
    basis: Dec,
    /// What it takes.
    amount: Money,
}

/// What is spread of one account.
pub(crate) struct AllocationPreviewAccount {
    of: OfAccount,
    currency: String,
}

#[Object]
impl AllocationPreviewAccount {
    /// Account.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.of.account_id).await?))
    }

    /// What is spread.
    async fn allocated(&self) -> Money {
        Money::new(self.of.allocated, &self.currency)
    }

    /// What stays where it is.
    async fn unallocated(&self) -> Money {
        Money::new(self.of.unallocated, &self.currency)
    }
}

/// What a run would do.
#[derive(SimpleObject)]
pub(crate) struct AllocationPreview {
    /// What takes the costs, the largest part first.
    targets: Vec<AllocationPreviewTarget>,
    /// From where they're taken.
    accounts: Vec<AllocationPreviewAccount>,
    /// What is spread.
    allocated: Money,
    /// What stays where it is, since nothing takes it: no basis, or fixed shares below 100%.
    unallocated: Money,
}

fn basis_of(basis: Basis, weight: i64, currency: &str) -> Decimal {
    match basis {
        Basis::HeadCount => Decimal::from(weight),
        Basis::Hours => money::from_micro(weight),
        Basis::Revenue => money::from_minor(weight, currency),
        Basis::Fixed => Decimal::new(weight, 2).normalize(),
    }
}

impl AllocationPreview {
    /// What a run of a rule would do from one day to another, both included.
    pub(super) async fn of(
        scope: &TenantScope,
        rule: &allocation_rule::Model,
        (from, to): (NaiveDate, NaiveDate),
    ) -> crate::error::Result<Self> {
        let plan = rules::preview(scope, rule.clone(), from, to).await?;
        let ids = plan.targets.iter().map(|of| of.target);
        let names = rules::names(scope, rule.target, ids).await?;
        let currency = scope.base_currency();
        let target = |of: OfTarget| AllocationPreviewTarget {
            target_id: Id(Raw(of.target)),
            label: names.get(&of.target).cloned().unwrap_or_default(),
            basis: Dec(basis_of(rule.basis, of.weight, currency)),
            amount: Money::new(of.amount, currency),
        };
        let Plan { mut targets, accounts, allocated, unallocated, .. } = plan;
        targets.sort_by_key(|of| (std::cmp::Reverse(of.weight), of.target));
        Ok(Self {
            targets: targets.into_iter().map(target).collect(),
            accounts: accounts
                .into_iter()
                .map(|of| AllocationPreviewAccount { of, currency: currency.to_owned() })
                .collect(),
            allocated: Money::new(allocated, currency),
            unallocated: Money::new(unallocated, currency),
        })
    }
}
