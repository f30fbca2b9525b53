//! The rules of the chart of accounts: a tree of groups, which take no entries, and accounts.

use kamara_entities::{AccountId, AccountRole, Language, TenantEntity as _, account, journal_line};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::{Accounts, chart};
use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
    text,
};

/// Checks an account's values, and fills in what it's searched by.
fn check_account(new: &mut account::New) -> Result<()> {
    new.code = text::name("code", &new.code)?;
    new.name = text::name("name", &new.name)?;
    new.search_text = text::search_text([Some(&new.code), Some(&new.name)]);
    if new.is_group && new.role.is_some() {
        let message = Text::fixed(
            "A group takes no entries, so no document can use it.",
            "ჯგუფზე გატარება არ ხდება, ამიტომ დოკუმენტი მას ვერ გამოიყენებს.",
        );
        return Err(Error::invalid("role", message));
    }
    Ok(())
}

/// Checks where an account hangs: below a group of its own type, and not below itself.
fn check_parent(rows: &[account::Model], own: Option<AccountId>, new: &account::New) -> Result<()> {
    let Some(parent_id) = new.parent_id else { return Ok(()) };
    let find = |id| rows.iter().find(|row| row.id == id);
    let parent = find(parent_id).filter(|parent| parent.archived_at.is_none());
    let parent = parent.ok_or(Error::NotFound { what: "account", field: Some("parentId".into()) })?;
    if !parent.is_group {
        let message = Text::fixed("Choose a group of accounts.", "აირჩიეთ ანგარიშების ჯგუფი.");
        return Err(Error::invalid("parentId", message));
    }
    if parent.account_type != new.account_type {
        let message = Text::fixed("A group holds accounts of its own type.", "ჯგუფში მხოლოდ მისივე ტიპის ანგარიშებია.");
        return Err(Error::invalid("parentId", message));
    }
    let mut path = std::iter::successors(Some(parent_id), |id| find(*id)?.parent_id);
    if path.any(|id| Some(id) == own) {
        let message = Text::fixed("A group can't hold itself.", "ჯგუფი საკუთარ თავს ვერ შეიცავს.");
        return Err(Error::invalid("parentId", message));
    }
    Ok(())
}

/// Refuses a second account with a role by which documents find theirs: some would post on one, some on the other.
fn check_role(rows: &[account::Model], own: Option<AccountId>, role: Option<AccountRole>) -> Result<()> {
    let Some(role) = role.filter(AccountRole::is_alone) else { return Ok(()) };
    let has_it = |row: &&account::Model| row.role == Some(role) && row.archived_at.is_none() && Some(row.id) != own;
    let Some(other) = rows.iter().find(has_it) else { return Ok(()) };
    let message = Text::new(
        format!("{} {} has this role: documents post on one account only.", other.code, other.name),
        format!("ეს როლი აქვს ანგარიშს {} {}: დოკუმენტები მხოლოდ ერთ ანგარიშზე ტარდება.", other.code, other.name),
    );
    Err(Error::invalid("role", message))
}

/// Makes an account or a group.
pub async fn create_account(scope: &TenantScope, mut new: account::New) -> Result<account::Model> {
    check_account(&mut new)?;
    let rows = chart_of(scope).await?;
    check_parent(&rows, None, &new)?;
    check_role(&rows, None, new.role)?;
    scope.insert::<account::Entity>(new).await
}

/// The chart of accounts. All of it is locked, for two changes at once could otherwise put two groups into each other, or an
/// account into a group that is archived meanwhile.
async fn chart_of(scope: &TenantScope) -> Result<Vec<account::Model>> {
    scope.lock_every::<account::Entity>().await
}

/// Changes an account. Once something is posted on it, its type and role stay, since reports of the past would change, and it
/// becomes no group.
pub async fn update_account(
    scope: &TenantScope,
    id: AccountId,
    version: i32,
    change: impl FnOnce(&mut account::New) + Send,
) -> Result<account::Model> {
    let rows = chart_of(scope).await?;
    let before = scope.editable::<account::Entity>(id, version).await?;
    let mut after = account::Entity::values(before.clone());
    change(&mut after);
    check_account(&mut after)?;
    // An account that stays where it was isn't refused for what has become of its group.
    if (after.parent_id, after.account_type) != (before.parent_id, before.account_type) {
        check_parent(&rows, Some(id), &after)?;
    }
    if after.role != before.role {
        check_role(&rows, Some(id), after.role)?;
    }
    let moved = before.account_type != after.account_type || before.role != after.role;
    if (moved || after.is_group && !before.is_group) && is_used(scope, id).await? {
        return Err(Error::Conflict(Text::fixed(
            "Entries are posted on this account: its type and role stay, and it becomes no group.",
            "ამ ანგარიშზე უკვე არის გატარებები: ტიპი და როლი უცვლელი რჩება და ის ჯგუფი ვერ გახდება.",
        )));
    }
    if before.is_group && (!after.is_group || moved) && holds_any(&rows, id) {
        return Err(Error::Conflict(holds_accounts()));
    }
    let after = account::Entity::revise(before.clone(), after);
    scope.update::<account::Entity>(&before, after).await
}

async fn is_used(scope: &TenantScope, id: AccountId) -> Result<bool> {
    let select = scope.find::<journal_line::Entity>().filter(journal_line::Column::AccountId.eq(id)).limit(1);
    Ok(scope.first(select).await?.is_some())
}

fn holds_any(rows: &[account::Model], id: AccountId) -> bool {
    rows.iter().any(|row| row.parent_id == Some(id) && row.archived_at.is_none())
}

const fn holds_accounts() -> Text {
    Text::fixed(
        "This group holds accounts. Move them to another group first.",
        "ეს ჯგუფი ანგარიშებს შეიცავს. ჯერ გადაიტანეთ ისინი სხვა ჯგუფში.",
    )
}

/// Archives an account, unless the rules need it, or a group that holds none.
pub async fn archive_account(scope: &TenantScope, id: AccountId, version: i32) -> Result<account::Model> {
    let rows = chart_of(scope).await?;
    if rows.iter().any(|row| row.id == id && row.role.is_some()) {
        return Err(Error::Conflict(Text::fixed(
            "Documents post on this account by its role. Give the role to another account first.",
            "დოკუმენტები ამ ანგარიშზე როლის მიხედვით ტარდება. ჯერ როლი სხვა ანგარიშს მიანიჭეთ.",
        )));
    }
    if holds_any(&rows, id) {
        return Err(Error::Conflict(holds_accounts()));
    }
    scope.archive::<account::Entity>(id, version).await
}

/// Takes an account out of the archive, where the group that it's in isn't in there too.
pub async fn restore_account(scope: &TenantScope, id: AccountId, version: i32) -> Result<account::Model> {
    let rows = chart_of(scope).await?;
    let parent = rows.iter().find(|row| row.id == id).and_then(|row| row.parent_id);
    if let Some(parent) = rows.iter().find(|row| Some(row.id) == parent && row.archived_at.is_some()) {
        return Err(Error::Conflict(Text::new(
            format!("It's in the group {} {}, which is archived. Restore that first.", parent.code, parent.name),
            format!("ის დაარქივებულ ჯგუფშია: {} {}. ჯერ ის აღადგინეთ.", parent.code, parent.name),
        )));
    }
    scope.restore::<account::Entity>(id, version).await
}

/// Adds what the tenant lacks of its country's chart of accounts.
pub async fn add_missing_accounts(scope: &TenantScope, language: Language) -> Result<Vec<account::Model>> {
    let accounts = Accounts::load(scope).await?;
    let present: Vec<account::Model> = accounts.iter().cloned().collect();
    scope.insert_with_ids::<account::Entity>(chart::missing(scope, language, &present)).await
}
