//! Overhead: rules that spread costs over clients, projects, departments or cost centres, as ordinary entries.

mod arithmetic;
mod facts;
mod run;

use std::collections::{HashMap, HashSet};

use kamara_entities::{
    AccountId, AccountType, AllocationBasis, AllocationRuleId, AllocationTarget, CostCentreId, TenantEntity,
    allocation_rule, allocation_rule_account, allocation_share, company, cost_centre, department, project,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use self::run::{OfAccount, OfTarget, Plan, preview, reverse, run};
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, CostCentreTree},
    messages, money,
    tenancy::{Replaced, TenantScope, told},
    text,
};

/// Accounts or fixed shares of a rule at the most.
const PARTS_MAX: usize = 500;

/// What is given of a rule.
#[derive(Clone, Debug)]
pub struct RuleInput {
    /// Name.
    pub name: String,
    /// By what costs are spread.
    pub basis: AllocationBasis,
    /// Over what.
    pub target: AllocationTarget,
    /// The cost centre whose costs are spread, with those of its parts.
    pub cost_centre_id: Option<CostCentreId>,
}

/// A fixed share, as a person gives it.
#[derive(Clone, Copy, Debug)]
pub struct ShareInput {
    /// The company, project, department or cost centre that takes it.
    pub target_id: Uuid,
    /// Its share in percent.
    pub percent: Decimal,
}

/// A rule with its parts.
struct Rule {
    row: allocation_rule::Model,
    accounts: Vec<AccountId>,
    shares: Vec<(Uuid, i32)>,
}

impl Rule {
    async fn of(scope: &TenantScope, row: allocation_rule::Model) -> Result<Self> {
        let accounts = scope
            .find::<allocation_rule_account::Entity>()
            .filter(allocation_rule_account::Column::RuleId.eq(row.id))
            .order_by_asc(allocation_rule_account::Column::AccountId);
        let shares = scope
            .find::<allocation_share::Entity>()
            .filter(allocation_share::Column::RuleId.eq(row.id))
            .order_by_asc(allocation_share::Column::Position);
        let accounts = scope.all(accounts).await?.into_iter().map(|row| row.account_id).collect();
        let share = |row: allocation_share::Model| Some((target_of(&row)?, row.share_bp));
        let shares = scope.all(shares).await?.into_iter().filter_map(share).collect();
        Ok(Self { row, accounts, shares })
    }
}

/// What takes a fixed share.
#[must_use]
pub fn target_of(share: &allocation_share::Model) -> Option<Uuid> {
    let company = share.company_id.map(|id| id.0);
    let project = share.project_id.map(|id| id.0);
    let department = share.department_id.map(|id| id.0);
    company.or(project).or(department).or(share.cost_centre_id.map(|id| id.0))
}

/// The names of what costs are spread over.
pub async fn names(
    scope: &TenantScope,
    target: AllocationTarget,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    async fn of<E: TenantEntity>(
        scope: &TenantScope,
        ids: HashSet<Uuid>,
        name: impl Fn(E::Row) -> String,
    ) -> Result<HashMap<Uuid, String>> {
        let rows = scope.by_ids::<E>(ids.into_iter().map(E::Id::from)).await?;
        Ok(rows.into_iter().map(|(id, row)| (id.into(), name(row))).collect())
    }
    let ids = ids.into_iter().collect();
    match target {
        AllocationTarget::Company => of::<company::Entity>(scope, ids, |row| row.name).await,
        AllocationTarget::Project => of::<project::Entity>(scope, ids, |row| row.name).await,
        AllocationTarget::Department => of::<department::Entity>(scope, ids, |row| row.name).await,
        AllocationTarget::CostCentre => of::<cost_centre::Entity>(scope, ids, |row| row.name).await,
    }
}

fn check(new: &mut allocation_rule::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.sort_key = text::sort_key(&new.name);
    let by_people = matches!(new.basis, AllocationBasis::HeadCount | AllocationBasis::Hours);
    if new.target == AllocationTarget::CostCentre && by_people {
        let message = Text::fixed(
            "People and hours have no cost centre. Spread by revenue or by fixed shares.",
            "თანამშრომლებს და საათებს ხარჯების ცენტრი არ აქვს. გაანაწილეთ შემოსავლით ან ფიქსირებული წილებით.",
        );
        return Err(Error::invalid("basis", message));
    }
    Ok(())
}

async fn check_accounts(scope: &TenantScope, ids: &[AccountId]) -> Result<()> {
    too_many("accountIds", ids.len())?;
    let accounts = Accounts::load(scope).await?;
    let mut seen = HashSet::with_capacity(ids.len());
    for (place, id) in ids.iter().enumerate() {
        let at = |message| Error::invalid(format!("accountIds.{place}"), message);
        let found = accounts
            .get(*id)
            .ok_or_else(|| Error::NotFound { what: "account", field: Some(format!("accountIds.{place}").into()) })?;
        if found.account_type != AccountType::Expense || found.is_group {
            return Err(at(Text::fixed("Choose an expense account.", "აირჩიეთ ხარჯის ანგარიში.")));
        }
        if !seen.insert(*id) {
            return Err(at(Text::fixed("This account is there already.", "ეს ანგარიში უკვე მითითებულია.")));
        }
    }
    Ok(())
}

fn too_many(field: &'static str, count: usize) -> Result<()> {
    if count > PARTS_MAX {
        return Err(Error::invalid(field, Text::fixed("At most 500.", "არაუმეტეს 500.")));
    }
    Ok(())
}

/// The cost centres that a rule takes costs from, where it gives them to others.
async fn taken_from(scope: &TenantScope, rule: &allocation_rule::Model) -> Result<HashSet<Uuid>> {
    match rule.cost_centre_id.filter(|_| rule.target == AllocationTarget::CostCentre) {
        Some(root) => Ok(CostCentreTree::load(scope).await?.subtree(root).into_iter().map(|id| id.0).collect()),
        None => Ok(HashSet::new()),
    }
}

/// The rows of fixed shares: at most 100% together; what is missing stays where it is.
async fn shares(
    scope: &TenantScope,
    rule: &allocation_rule::Model,
    inputs: &[ShareInput],
) -> Result<Vec<allocation_share::New>> {
    too_many("shares", inputs.len())?;
    if (rule.basis == AllocationBasis::Fixed) == inputs.is_empty() {
        let message = Text::fixed(
            "A rule of fixed shares has shares, and no other rule has any.",
            "წილები აქვს მხოლოდ ფიქსირებული წილების წესს, და მას ისინი სჭირდება.",
        );
        return Err(Error::invalid("shares", message));
    }
    let known = names(scope, rule.target, inputs.iter().map(|input| input.target_id)).await?;
    let from = taken_from(scope, rule).await?;
    let (mut seen, mut rows, mut total) = (HashSet::new(), Vec::with_capacity(inputs.len()), 0_i32);
    for (input, position) in inputs.iter().zip(1..) {
        let row = share(rule, input, position, known.contains_key(&input.target_id), !seen.insert(input.target_id));
        let row = row.and_then(|row| if from.contains(&input.target_id) { Err(gives_back()) } else { Ok(row) });
        let row = row.map_err(|error| error.within(&format!("shares.{}", position - 1)))?;
        total += row.share_bp;
        rows.push(row);
    }
    if total > 10_000 {
        let percent = money::percent(total);
        let message = Text::new(
            format!("The shares are {percent}%; together they are 100% at most."),
            format!("წილები {percent}%-ია; ერთად არაუმეტეს 100%-ისა."),
        );
        return Err(Error::invalid("shares", message));
    }
    Ok(rows)
}

fn gives_back() -> Error {
    let message = Text::fixed(
        "The costs are taken from this cost centre. Choose one outside it.",
        "ხარჯები სწორედ ამ ცენტრიდან ნაწილდება. აირჩიეთ მის გარეთ მდებარე ხარჯების ცენტრი.",
    );
    Error::invalid("targetId", message)
}

fn share(
    rule: &allocation_rule::Model,
    input: &ShareInput,
    position: i32,
    known: bool,
    again: bool,
) -> Result<allocation_share::New> {
    if !known {
        return Err(Error::NotFound { what: rule.target.text(), field: Some("targetId".into()) });
    }
    if again {
        return Err(Error::invalid("targetId", Text::fixed("This has a share already.", "ამას წილი უკვე აქვს.")));
    }
    let share_bp = money::percent_to_basis_points("percent", input.percent)?;
    if share_bp == 0 {
        return Err(Error::invalid("percent", messages::positive()));
    }
    Ok(share_row(rule, input.target_id, position, share_bp))
}

fn share_row(rule: &allocation_rule::Model, id: Uuid, position: i32, share_bp: i32) -> allocation_share::New {
    let of = |target| (rule.target == target).then_some(id);
    allocation_share::New {
        rule_id: rule.id,
        position,
        company_id: of(AllocationTarget::Company).map(Into::into),
        project_id: of(AllocationTarget::Project).map(Into::into),
        department_id: of(AllocationTarget::Department).map(Into::into),
        cost_centre_id: of(AllocationTarget::CostCentre).map(Into::into),
        share_bp,
    }
}

async fn keep_accounts(scope: &TenantScope, rule_id: AllocationRuleId, ids: Vec<AccountId>) -> Result<()> {
    let row = |account_id| (scope.env().id(), allocation_rule_account::New { rule_id, account_id });
    scope.insert_parts::<allocation_rule_account::Entity>(ids.into_iter().map(row).collect()).await?;
    Ok(())
}

async fn keep_shares(scope: &TenantScope, shares: Vec<allocation_share::New>) -> Result<()> {
    let shares = shares.into_iter().map(|new| (scope.env().id(), new)).collect();
    scope.insert_parts::<allocation_share::Entity>(shares).await?;
    Ok(())
}

/// What the event of a rule tells of its accounts and shares.
fn replaced(before: &Rule, accounts: &[AccountId], shares: &[allocation_share::New]) -> Result<Replaced> {
    let rule_id = before.row.id;
    let account = |id: &AccountId| told(&allocation_rule_account::New { rule_id, account_id: *id }, &["rule_id"]);
    let accounts_of = |ids: &[AccountId]| ids.iter().map(account).collect::<Result<Vec<_>>>();
    let share = |share: &allocation_share::New| told(share, &["rule_id"]);
    let old = before.shares.iter().zip(1..);
    let old = old.map(|((target, share_bp), position)| share(&share_row(&before.row, *target, position, *share_bp)));
    Ok(Replaced::default().with("accounts", accounts_of(&before.accounts)?, accounts_of(accounts)?).with(
        "shares",
        old.collect::<Result<_>>()?,
        shares.iter().map(share).collect::<Result<_>>()?,
    ))
}

/// Makes a rule.
pub async fn create(
    scope: &TenantScope,
    input: RuleInput,
    accounts: Vec<AccountId>,
    given: &[ShareInput],
) -> Result<allocation_rule::Model> {
    scope.referred_optional::<cost_centre::Entity>("costCentreId", input.cost_centre_id).await?;
    check_accounts(scope, &accounts).await?;
    let mut new = allocation_rule::New {
        name: input.name,
        sort_key: String::new(),
        basis: input.basis,
        target: input.target,
        cost_centre_id: input.cost_centre_id,
    };
    check(&mut new)?;
    let row = scope.insert::<allocation_rule::Entity>(new).await?;
    let shares = shares(scope, &row, given).await?;
    keep_accounts(scope, row.id, accounts).await?;
    keep_shares(scope, shares).await?;
    Ok(row)
}

/// Changes a rule. Accounts and shares that are given replace all that were there. What its runs posted stays.
pub async fn update(
    scope: &TenantScope,
    id: AllocationRuleId,
    version: i32,
    change: impl FnOnce(&mut allocation_rule::New) + Send,
    accounts: Option<Vec<AccountId>>,
    given: Option<Vec<ShareInput>>,
) -> Result<allocation_rule::Model> {
    let before = Rule::of(scope, scope.editable::<allocation_rule::Entity>(id, version).await?).await?;
    let mut new = allocation_rule::Entity::values(before.row.clone());
    change(&mut new);
    check(&mut new)?;
    scope.referred_optional::<cost_centre::Entity>("costCentreId", new.cost_centre_id).await?;
    let after = allocation_rule::Entity::revise(before.row.clone(), new);
    if let Some(accounts) = &accounts {
        check_accounts(scope, accounts).await?;
    }
    let kept = |(target_id, bp): &(Uuid, i32)| ShareInput { target_id: *target_id, percent: money::percent(*bp) };
    let given = match given {
        Some(given) => given,
        // A rule that no longer spreads by fixed shares has none.
        None if after.basis != AllocationBasis::Fixed => Vec::new(),
        None => before.shares.iter().map(kept).collect(),
    };
    let shares = shares(scope, &after, &given).await?;
    let parts = replaced(&before, accounts.as_deref().unwrap_or(&before.accounts), &shares)?;
    let row = scope.act_with_parts::<allocation_rule::Entity>("update", &before.row, after, parts).await?;
    if let Some(accounts) = accounts {
        let condition = Condition::all().add(allocation_rule_account::Column::RuleId.eq(id));
        scope.delete_parts::<allocation_rule_account::Entity>(condition).await?;
        keep_accounts(scope, id, accounts).await?;
    }
    let condition = Condition::all().add(allocation_share::Column::RuleId.eq(id));
    scope.delete_parts::<allocation_share::Entity>(condition).await?;
    keep_shares(scope, shares).await?;
    Ok(row)
}
