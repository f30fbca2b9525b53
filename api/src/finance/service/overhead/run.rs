//! A rule applied to a period.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AllocationRuleId, AllocationRunId, AllocationTarget, PostingStatus, ProjectId, SourceKind,
    allocation_rule, allocation_run,
};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::{Rule, arithmetic, facts};
use crate::{
    error::{Error, Result, Text},
    ledger::{EntryDraft, LineDraft, service as ledger},
    messages, money,
    tenancy::TenantScope,
};

/// Lines of an entry at the most.
const LINES_MAX: usize = 20_000;

/// What a run would do, in minor units of the base currency.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What takes the costs, in no order that matters.
    pub targets: Vec<OfTarget>,
    /// From where they're taken, by account.
    pub accounts: Vec<OfAccount>,
    /// What is spread.
    pub allocated: i64,
    /// What stays where it is, since nothing takes it.
    pub unallocated: i64,
    lines: Vec<LineDraft>,
}

/// What one target takes.
#[derive(Clone, Copy, Debug)]
pub struct OfTarget {
    /// The company, project, department or cost centre.
    pub target: Uuid,
    /// Its part of the basis: people, 10⁻⁶ hours, minor units of revenue, or basis points.
    pub weight: i64,
    /// What it takes.
    pub amount: i64,
}

/// What is taken of one account.
#[derive(Clone, Copy, Debug)]
pub struct OfAccount {
    /// The account.
    pub account_id: AccountId,
    /// What is spread.
    pub allocated: i64,
    /// What stays.
    pub unallocated: i64,
}

async fn plan(scope: &TenantScope, rule: &Rule, days: facts::Days) -> Result<Plan> {
    if days.0 > days.1 {
        return Err(Error::invalid("from", messages::from_after_to()));
    }
    let pools = facts::pools(scope, rule, days).await?;
    let (weights, rest) = facts::weights(scope, rule, days).await?;
    let clients = match rule.row.target {
        AllocationTarget::Project => {
            facts::clients(scope, weights.iter().map(|weight| ProjectId(weight.target))).await?
        }
        _ => std::collections::HashMap::new(),
    };
    let shares = arithmetic::shares(&pools, &weights, rest);
    let lines = arithmetic::lines(&pools, &weights, &shares, rule.row.target, &clients, scope.base_currency());
    if lines.len() > LINES_MAX {
        return Err(Error::Conflict(Text::fixed(
            "This would be more than 20,000 lines. Choose fewer accounts or a shorter period.",
            "ეს 20 000 სტრიქონზე მეტი იქნება. აირჩიეთ ნაკლები ანგარიში ან უფრო მოკლე პერიოდი.",
        )));
    }
    let mut accounts: BTreeMap<AccountId, (i64, i64)> = BTreeMap::new();
    for (pool, parts) in pools.iter().zip(&shares) {
        let taken: i64 = parts.iter().sum();
        let sums = accounts.entry(pool.account_id).or_default();
        *sums = (money::sum("from", [sums.0, taken])?, money::sum("from", [sums.1, pool.amount - taken])?);
    }
    let of_target = |(place, weight): (usize, &arithmetic::Weight)| {
        let amount = money::sum("from", shares.iter().map(|parts| parts[place]))?;
        Ok(OfTarget { target: weight.target, weight: weight.weight, amount })
    };
    Ok(Plan {
        targets: weights.iter().enumerate().map(of_target).collect::<Result<_>>()?,
        allocated: money::sum("from", accounts.values().map(|sums| sums.0))?,
        unallocated: money::sum("from", accounts.values().map(|sums| sums.1))?,
        accounts: accounts
            .into_iter()
            .map(|(account_id, (allocated, unallocated))| OfAccount { account_id, allocated, unallocated })
            .collect(),
        lines,
    })
}

/// What a run of a rule would do.
pub async fn preview(
    scope: &TenantScope,
    rule: allocation_rule::Model,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Plan> {
    plan(scope, &Rule::of(scope, rule).await?, (from, to)).await
}

/// Applies a rule to a period, and takes back what it did to the same period before. Posts on the period's last day, or on the
/// first open day after it.
pub async fn run(
    scope: &TenantScope,
    rule_id: AllocationRuleId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<allocation_run::Model> {
    // Locked, so that two runs of it come one after the other.
    let row = scope.lock_referred::<allocation_rule::Entity>("ruleId", rule_id).await?;
    if row.archived_at.is_some() {
        return Err(Error::Conflict(messages::archived()));
    }
    let rule = Rule::of(scope, row).await?;
    let plan = plan(scope, &rule, (from, to)).await?;
    let before = standing(scope, rule_id, from, to).await?;
    let new = allocation_run::New {
        rule_id,
        from_date: from,
        to_date: to,
        status: PostingStatus::Posted,
        allocated_minor: plan.allocated,
        unallocated_minor: plan.unallocated,
        replaces_id: before.as_ref().map(|run| run.id),
    };
    let run = scope.insert::<allocation_run::Entity>(new).await?;
    if let Some(before) = before {
        take_back(scope, &before).await?;
    }
    if !plan.lines.is_empty() {
        let mut entry = EntryDraft::new(to, rule.row.name, SourceKind::CostAllocation, Some(run.id.0), plan.lines);
        entry.date = ledger::open_date_of(scope, &entry).await?;
        ledger::post(scope, vec![entry]).await?;
    }
    Ok(run)
}

/// The run of a rule that stands for a period. One for other days that are partly the same would spread the same costs twice.
async fn standing(
    scope: &TenantScope,
    rule_id: AllocationRuleId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Option<allocation_run::Model>> {
    use allocation_run::Column as C;
    let select = scope
        .find::<allocation_run::Entity>()
        .filter(C::RuleId.eq(rule_id))
        .filter(C::Status.eq(PostingStatus::Posted))
        .filter(C::FromDate.lte(to))
        .filter(C::ToDate.gte(from));
    let runs = scope.all(select).await?;
    match runs.iter().find(|run| (run.from_date, run.to_date) != (from, to)) {
        None => Ok(runs.into_iter().next()),
        Some(other) => {
            let (first, last) = (other.from_date, other.to_date);
            let message = Text::new(
                format!(
                    "This rule has run for {first} to {last} already. Run it for those days, or take that run back."
                ),
                format!(
                    "ეს წესი უკვე გაშვებულია პერიოდზე {first} – {last}. გაუშვით იმავე დღეებზე ან გააუქმეთ ის გაშვება."
                ),
            );
            Err(Error::invalid("from", message))
        }
    }
}

async fn take_back(scope: &TenantScope, run: &allocation_run::Model) -> Result<allocation_run::Model> {
    let after = allocation_run::Model { status: PostingStatus::Reversed, ..run.clone() };
    let after = scope.update_row::<allocation_run::Entity>(run, after).await?;
    // A run that had nothing to spread has posted nothing.
    if let Some(entry) = ledger::entry_of(scope, SourceKind::CostAllocation, run.id.0).await? {
        let date = ledger::open_date_within(scope, entry.date, ledger::Touched::default()).await?;
        ledger::reverse(scope, SourceKind::CostAllocation, run.id.0, date).await?;
    }
    Ok(after)
}

/// Takes a run back.
pub async fn reverse(scope: &TenantScope, id: AllocationRunId) -> Result<allocation_run::Model> {
    let run = scope.require::<allocation_run::Entity>(id).await?;
    scope.lock::<allocation_rule::Entity>(run.rule_id).await?;
    let run = scope.lock::<allocation_run::Entity>(id).await?;
    if run.status == PostingStatus::Reversed {
        return Err(Error::Conflict(Text::fixed("This run is reversed already.", "ეს გაშვება უკვე გაუქმებულია.")));
    }
    take_back(scope, &run).await
}
