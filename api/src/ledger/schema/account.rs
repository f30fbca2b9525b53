//! Accounts, as the API shows them.

use std::collections::HashMap;

use async_graphql::{
    Context, InputObject, MaybeUndefined, Object, Result, SimpleObject,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use kamara_entities::{AccountId, account, journal_line};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use crate::{
    db,
    error::Error,
    graphql::{
        Can, Id, Listed, Loading, Money, Paging, complexity,
        enums::{AccountRole, AccountType},
        filter::{AccountRoleFilter, AccountTypeFilter, Conditions, IdFilter, StringFilter},
        list,
        loader::Batch,
        request,
    },
    identity::Permission,
    ledger::service,
};

shown! {
    /// An account of the chart of accounts.
    Account(account),
}

#[Object]
impl Account {
    /// Id.
    async fn id(&self) -> Id<AccountId> {
        Id(self.0.id)
    }

    /// Code, unique within the tenant.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Kind of account.
    async fn r#type(&self) -> AccountType {
        self.0.account_type.into()
    }

    /// What documents use it for.
    async fn role(&self) -> Option<AccountRole> {
        self.0.role.map(Into::into)
    }

    /// The group that it's in.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        Ok(ctx.row_if_any::<account::Entity>(self.0.parent_id).await?.map(Self))
    }

    /// Whether it groups other accounts: then nothing is posted on it.
    async fn is_group(&self) -> bool {
        self.0.is_group
    }

    /// What is on it, in the base currency: debit positive, credit negative.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn balance(&self, ctx: &Context<'_>) -> Result<Money> {
        let minor = ctx.data::<DataLoader<Batch>>()?.load_one(Balance(self.0.id)).await?.unwrap_or(0);
        Ok(Money::new(minor, request(ctx).read().await?.base_currency()))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

/// The balance of an account.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Balance(AccountId);

impl Loader<Balance> for Batch {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[Balance]) -> std::result::Result<HashMap<Balance, i64>, Error> {
        #[derive(FromQueryResult)]
        struct Sum {
            account_id: AccountId,
            base_minor: i64,
        }
        let scope = self.scope().await?;
        let select = scope
            .find::<journal_line::Entity>()
            .filter(journal_line::Column::AccountId.is_in(keys.iter().map(|key| key.0)))
            .select_only()
            .column(journal_line::Column::AccountId)
            .column_as(db::sum(journal_line::Column::BaseMinor), "base_minor")
            .group_by(journal_line::Column::AccountId);
        let sums = scope.query::<Sum>(&select.into_query()).await?;
        Ok(sums.into_iter().map(|sum| (Balance(sum.account_id), sum.base_minor)).collect())
    }
}

ordering! {
    /// What accounts are sorted by.
    AccountOrder, AccountOrderField of account, default Code Asc,
    {
        /// By code.
        Code => Code,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which accounts.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AccountFilter {
    /// Words, all of which are in its code or name.
    search: Option<String>,
    /// Code.
    code: Option<StringFilter>,
    /// Kind of account.
    r#type: Option<AccountTypeFilter>,
    /// What documents use it for.
    role: Option<AccountRoleFilter>,
    /// The group that they are in.
    parent_id: Option<IdFilter>,
    /// Groups (true), or what can be posted on (false).
    is_group: Option<bool>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl AccountFilter {
    fn condition(self) -> Condition {
        use account::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on(C::Code, self.code)
            .on(C::AccountType, self.r#type)
            .on(C::Role, self.role)
            .on(C::ParentId, self.parent_id)
            .on(C::IsGroup, self.is_group)
            .all()
    }
}

/// Asking for accounts.
#[derive(Default)]
pub(crate) struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The chart of accounts.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: AccountFilter,
        order_by: Option<AccountOrder>,
    ) -> Result<Listed<Account>> {
        let order = AccountOrder::or_default(order_by);
        list::<account::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// An account.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn account(&self, ctx: &Context<'_>, id: Id<AccountId>) -> Result<Account> {
        Ok(Account(request(ctx).read().await?.require::<account::Entity>(id.0).await?))
    }
}

/// A new account.
#[derive(InputObject)]
pub(crate) struct CreateAccountInput {
    /// Code, unique within the tenant.
    code: String,
    /// Name.
    name: String,
    /// Kind of account.
    r#type: AccountType,
    /// What documents use it for. Where several have a role, the first by code is used.
    role: Option<AccountRole>,
    /// The group that it's in, of the same type.
    parent_id: Option<Id<AccountId>>,
    /// Whether it groups other accounts: then nothing is posted on it.
    #[graphql(default)]
    is_group: bool,
}

/// A change of an account: what is left out stays, null empties. Type and role stay once something is posted on it, and it
/// becomes no group.
#[derive(InputObject)]
pub(crate) struct UpdateAccountInput {
    /// The account.
    id: Id<AccountId>,
    /// The version that was read.
    version: i32,
    /// Code.
    code: Option<String>,
    /// Name.
    name: Option<String>,
    /// Kind of account.
    r#type: Option<AccountType>,
    /// What documents use it for.
    role: MaybeUndefined<AccountRole>,
    /// The group that it's in, of the same type.
    parent_id: MaybeUndefined<Id<AccountId>>,
    /// Whether it groups other accounts.
    is_group: Option<bool>,
}

impl UpdateAccountInput {
    fn apply(self, new: &mut account::New) {
        new.code = self.code.unwrap_or_else(|| std::mem::take(&mut new.code));
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        new.account_type = self.r#type.map_or(new.account_type, Into::into);
        self.role.map_value(Into::into).update_to(&mut new.role);
        self.parent_id.map_value(|id| id.0).update_to(&mut new.parent_id);
        new.is_group = self.is_group.unwrap_or(new.is_group);
    }
}

/// Which account, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveAccountInput {
    /// The account.
    id: Id<AccountId>,
    /// The version that was read.
    version: i32,
}

/// Which account, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreAccountInput {
    /// The account.
    id: Id<AccountId>,
    /// The version that was read.
    version: i32,
}

payloads! {
    CreateAccountPayload { account: Account },
    UpdateAccountPayload { account: Account },
    ArchiveAccountPayload { account: Account },
    RestoreAccountPayload { account: Account },
}

/// What was added to the chart of accounts.
#[derive(SimpleObject)]
pub(crate) struct AddMissingAccountsPayload {
    /// The new accounts and groups, by code.
    accounts: Vec<Account>,
}

/// Making and changing accounts.
#[derive(Default)]
pub(crate) struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_account(&self, ctx: &Context<'_>, input: CreateAccountInput) -> Result<CreateAccountPayload> {
        let scope = request(ctx).write().await?;
        let new = account::New {
            code: input.code,
            name: input.name,
            search_text: String::new(),
            account_type: input.r#type.into(),
            role: input.role.map(Into::into),
            parent_id: input.parent_id.map(|id| id.0),
            is_group: input.is_group,
            source: None,
            external_id: None,
        };
        let account = service::create_account(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(account.into())
    }

    /// Changes an account.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_account(&self, ctx: &Context<'_>, input: UpdateAccountInput) -> Result<UpdateAccountPayload> {
        let scope = request(ctx).write().await?;
        let account = service::update_account(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(account.into())
    }

    /// Archives an account that has no role: it stays in reports, and takes no new entries.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn archive_account(&self, ctx: &Context<'_>, input: ArchiveAccountInput) -> Result<ArchiveAccountPayload> {
        let scope = request(ctx).write().await?;
        let account = service::archive_account(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(account.into())
    }

    /// Adds what the workspace lacks of its country's chart of accounts: codes that it doesn't have, unless another account has
    /// their role.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn add_missing_accounts(&self, ctx: &Context<'_>) -> Result<AddMissingAccountsPayload> {
        let scope = request(ctx).write().await?;
        let added = service::add_missing_accounts(&scope, scope.tenant().language).await?;
        request(ctx).commit(scope).await?;
        Ok(AddMissingAccountsPayload { accounts: added.into_iter().map(Account).collect() })
    }

    /// Takes an account out of the archive.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn restore_account(&self, ctx: &Context<'_>, input: RestoreAccountInput) -> Result<RestoreAccountPayload> {
        let scope = request(ctx).write().await?;
        let account = service::restore_account(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(account.into())
    }
}
