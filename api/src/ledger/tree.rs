//! The rules of the chart of accounts: a tree of groups, which take no entries, and accounts.

use std::collections::HashMap;

use kamara_entities::{AccountId, Language, account, journal_line};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::{Accounts, chart};
use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
    text,
};

/// Checks an account's values, and fills in what it's searched by.
pub fn check_account(new: &mut account::New) -> Result<()> {
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
async fn check_parent(scope: &TenantScope, own: Option<AccountId>, new: &account::New) -> Result<()> {
    let Some(parent_id) = new.parent_id else { return Ok(()) };
    let accounts = Accounts::load(scope).await?;
    let parent = accounts.get(parent_id).filter(|parent| parent.archived_at.is_none());
    let parent = parent.ok_or(Error::NotFound { what: "account", field: Some("parentId".into()) })?;
    if !parent.is_group {
        let message = Text::fixed("Choose a group of accounts.", "აირჩიეთ ანგარიშების ჯგუფი.");
        return Err(Error::invalid("parentId", message));
    }
    if parent.account_type != new.account_type {
        let message = Text::fixed("A group holds accounts of its own type.", "ჯგუფში მხოლოდ მისივე ტიპის ანგარიშებია.");
        return Err(Error::invalid("parentId", message));
    }
    let parents: HashMap<AccountId, Option<AccountId>> = accounts.iter().map(|row| (row.id, row.parent_id)).collect();
    let mut above = Some(parent_id);
    while let Some(id) = above {
        if Some(id) == own {
            let message = Text::fixed("A group can't hold itself.", "ჯგუფი საკუთარ თავს ვერ შეიცავს.");
            return Err(Error::invalid("parentId", message));
        }
        above = parents.get(&id).copied().flatten();
    }
    Ok(())
}

/// Makes an account or a group.
pub async fn create_account(scope: &TenantScope, mut new: account::New) -> Result<account::Model> {
    check_account(&mut new)?;
    check_parent(scope, None, &new).await?;
    scope.insert::<account::Entity>(new).await
}

/// Changes an account. Once something is posted on it, its type and role stay, since reports of the past would change, and it
/// becomes no group.
pub async fn update_account(
    scope: &TenantScope,
    id: AccountId,
    version: i32,
    change: impl FnOnce(&mut account::New) + Send,
) -> Result<account::Model> {
    let before = scope.editable::<account::Entity>(id, version).await?;
    let after = scope
        .edit::<account::Entity>(id, version, |new| {
            change(new);
            check_account(new)
        })
        .await?;
    check_parent(scope, Some(id), &<account::Entity as kamara_entities::TenantEntity>::values(after.clone())).await?;
    let moved = before.account_type != after.account_type || before.role != after.role;
    if (moved || after.is_group && !before.is_group) && is_used(scope, id).await? {
        return Err(Error::Conflict(Text::fixed(
            "Entries are posted on this account: its type and role stay, and it becomes no group.",
            "ამ ანგარიშზე უკვე არის გატარებები: ტიპი და როლი უცვლელი რჩება და ის ჯგუფი ვერ გახდება.",
        )));
    }
    if before.is_group && (!after.is_group || moved) && holds_any(scope, id).await? {
        return Err(Error::Conflict(holds_accounts()));
    }
    Ok(after)
}

async fn is_used(scope: &TenantScope, id: AccountId) -> Result<bool> {
    let select = scope.find::<journal_line::Entity>().filter(journal_line::Column::AccountId.eq(id)).limit(1);
    Ok(scope.first(select).await?.is_some())
}

async fn holds_any(scope: &TenantScope, id: AccountId) -> Result<bool> {
    use account::Column as C;
    let select = scope.find::<account::Entity>().filter(C::ParentId.eq(id)).filter(C::ArchivedAt.is_null()).limit(1);
    Ok(scope.first(select).await?.is_some())
}

const fn holds_accounts() -> Text {
    Text::fixed(
        "This group holds accounts. Move them to another group first.",
        "ეს ჯგუფი ანგარიშებს შეიცავს. ჯერ გადაიტანეთ ისინი სხვა ჯგუფში.",
    )
}

/// Archives an account, unless the rules need it, or a group that holds none.
pub async fn archive_account(scope: &TenantScope, id: AccountId, version: i32) -> Result<account::Model> {
    let account = scope.require::<account::Entity>(id).await?;
    if account.role.is_some() {
        return Err(Error::Conflict(Text::fixed(
            "Documents post on this account by its role. Give the role to another account first.",
            "დოკუმენტები ამ ანგარიშზე როლის მიხედვით ტარდება. ჯერ როლი სხვა ანგარიშს მიანიჭეთ.",
        )));
    }
    if holds_any(scope, id).await? {
        return Err(Error::Conflict(holds_accounts()));
    }
    scope.archive::<account::Entity>(id, version).await
}

/// Adds what the tenant lacks of its country's chart of accounts.
pub async fn add_missing_accounts(scope: &TenantScope, language: Language) -> Result<Vec<account::Model>> {
    let accounts = Accounts::load(scope).await?;
    let present: Vec<account::Model> = accounts.iter().cloned().collect();
    scope.insert_with_ids::<account::Entity>(chart::missing(scope, language, &present)).await
}
