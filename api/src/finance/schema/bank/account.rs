//! Bank accounts, as the API shows them.

use std::collections::HashMap;

use async_graphql::{
    Context, InputObject, MaybeUndefined, Object, Result,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use kamara_entities::{
    AccountId, BankAccountId, BankLineStatus, account, bank_account, bank_statement, bank_statement_line, journal_line,
};
use sea_orm::{ColumnTrait, Condition, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use super::BankStatement;
use crate::{
    db,
    error::Error,
    finance::service::bank::account::{self as rules, NewBankAccount},
    graphql::{
        Can, Id, Listed, Loading, Money, Paging, complexity,
        filter::{Conditions, StringFilter},
        list,
        loader::Batch,
        request,
    },
    identity::Permission,
    ledger::schema::Account,
};

shown! {
    /// An account at a bank.
    BankAccount(bank_account),
}

#[Object]
impl BankAccount {
    /// Id.
    async fn id(&self) -> Id<BankAccountId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The account of the chart that its money is on.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.0.account_id).await?))
    }

    /// Its currency.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// International bank account number.
    async fn iban(&self) -> Option<&str> {
        self.0.iban.as_deref()
    }

    /// The bank.
    async fn bank_name(&self) -> Option<&str> {
        self.0.bank_name.as_deref()
    }

    /// Business identifier code of the bank.
    async fn bic(&self) -> Option<&str> {
        self.0.bic.as_deref()
    }

    /// What is on it by the ledger, all entries counted.
    async fn ledger_balance(&self, ctx: &Context<'_>) -> Result<Money> {
        let key = LedgerBalance { account_id: self.0.account_id, currency: self.0.currency.clone() };
        let balance = ctx.data::<DataLoader<Batch>>()?.load_one(key).await?.unwrap_or(0);
        Ok(Money::new(balance, &self.0.currency))
    }

    /// The newest statement, which ends with what is on it by the bank.
    async fn last_statement(&self, ctx: &Context<'_>) -> Result<Option<BankStatement>> {
        Ok(ctx.data::<DataLoader<Batch>>()?.load_one(LastStatement(self.0.id)).await?.map(BankStatement))
    }

    /// How many lines of its statements nobody has said what they are of.
    async fn open_line_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.data::<DataLoader<Batch>>()?.load_one(OpenLines(self.0.id)).await?.unwrap_or(0))
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

#[derive(Clone, PartialEq, Eq, Hash)]
struct LedgerBalance {
    account_id: AccountId,
    currency: String,
}

impl Loader<LedgerBalance> for Batch {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[LedgerBalance]) -> std::result::Result<HashMap<LedgerBalance, i64>, Error> {
        #[derive(FromQueryResult)]
        struct Sum {
            account_id: AccountId,
            currency: String,
            amount_minor: i64,
        }
        use journal_line::Column as C;
        let scope = self.scope().await?;
        let select = scope
            .find::<journal_line::Entity>()
            .filter(C::AccountId.is_in(keys.iter().map(|key| key.account_id)))
            .select_only()
            .column(C::AccountId)
            .column(C::Currency)
            .column_as(db::sum(C::AmountMinor), "amount_minor")
            .group_by(C::AccountId)
            .group_by(C::Currency);
        let sums = scope.query::<Sum>(&select.into_query()).await?;
        let keyed = |sum: Sum| (LedgerBalance { account_id: sum.account_id, currency: sum.currency }, sum.amount_minor);
        Ok(sums.into_iter().map(keyed).collect())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct LastStatement(BankAccountId);

impl Loader<LastStatement> for Batch {
    type Value = bank_statement::Model;
    type Error = Error;

    async fn load(
        &self,
        keys: &[LastStatement],
    ) -> std::result::Result<HashMap<LastStatement, bank_statement::Model>, Error> {
        #[derive(FromQueryResult)]
        struct Newest {
            bank_account_id: BankAccountId,
            ordinal: i32,
        }
        use bank_statement::Column as C;
        let scope = self.scope().await?;
        let select = scope
            .find::<bank_statement::Entity>()
            .filter(C::BankAccountId.is_in(keys.iter().map(|key| key.0)))
            .select_only()
            .column(C::BankAccountId)
            .column_as(C::Ordinal.max(), "ordinal")
            .group_by(C::BankAccountId);
        let newest = scope.query::<Newest>(&select.into_query()).await?;
        let is_one = newest.into_iter().fold(Condition::any(), |any, newest| {
            any.add(C::BankAccountId.eq(newest.bank_account_id).and(C::Ordinal.eq(newest.ordinal)))
        });
        if is_one.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = scope.all(scope.find::<bank_statement::Entity>().filter(is_one)).await?;
        Ok(rows.into_iter().map(|row| (LastStatement(row.bank_account_id), row)).collect())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct OpenLines(BankAccountId);

impl Loader<OpenLines> for Batch {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[OpenLines]) -> std::result::Result<HashMap<OpenLines, i64>, Error> {
        #[derive(FromQueryResult)]
        struct Count {
            bank_account_id: BankAccountId,
            count: i64,
        }
        use bank_statement_line::Column as C;
        let scope = self.scope().await?;
        let select = scope
            .find::<bank_statement_line::Entity>()
            .filter(C::BankAccountId.is_in(keys.iter().map(|key| key.0)))
            .filter(C::Status.eq(BankLineStatus::Open))
            .select_only()
            .column(C::BankAccountId)
            .column_as(C::Id.count(), "count")
            .group_by(C::BankAccountId);
        let counts = scope.query::<Count>(&select.into_query()).await?;
        Ok(counts.into_iter().map(|row| (OpenLines(row.bank_account_id), row.count)).collect())
    }
}

ordering! {
    /// What bank accounts are sorted by.
    BankAccountOrder, BankAccountOrderField of bank_account, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By currency.
        Currency => Currency,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which bank accounts.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct BankAccountFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Currency.
    currency: Option<StringFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl BankAccountFilter {
    fn condition(self) -> Condition {
        use bank_account::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::Currency, self.currency)
            .all()
    }
}

/// Asking for bank accounts.
#[derive(Default)]
pub(crate) struct BankAccountQuery;

#[Object]
impl BankAccountQuery {
    /// Accounts at banks.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn bank_accounts(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: BankAccountFilter,
        order_by: Option<BankAccountOrder>,
    ) -> Result<Listed<BankAccount>> {
        let order = BankAccountOrder::or_default(order_by);
        list::<bank_account::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// An account at a bank.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn bank_account(&self, ctx: &Context<'_>, id: Id<BankAccountId>) -> Result<BankAccount> {
        Ok(BankAccount(request(ctx).read().await?.require::<bank_account::Entity>(id.0).await?))
    }
}

/// A new bank account.
#[derive(InputObject)]
pub(crate) struct CreateBankAccountInput {
    /// Name.
    name: String,
    /// The account of role "bank" that its money is on, and no other bank account's; one of its own is made unless said.
    account_id: Option<Id<AccountId>>,
    /// Its currency; that of the books unless said.
    currency: Option<String>,
    /// International bank account number.
    iban: Option<String>,
    /// The bank.
    bank_name: Option<String>,
    /// Business identifier code of the bank.
    bic: Option<String>,
}

/// A change of a bank account: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateBankAccountInput {
    /// The bank account.
    id: Id<BankAccountId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// The account that its money is on; stays once a statement was imported.
    account_id: Option<Id<AccountId>>,
    /// Its currency; stays once a statement was imported.
    currency: Option<String>,
    /// International bank account number.
    iban: MaybeUndefined<String>,
    /// The bank.
    bank_name: MaybeUndefined<String>,
    /// Business identifier code of the bank.
    bic: MaybeUndefined<String>,
}

impl UpdateBankAccountInput {
    fn apply(self, new: &mut bank_account::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        new.account_id = self.account_id.map_or(new.account_id, |id| id.0);
        new.currency = self.currency.unwrap_or_else(|| std::mem::take(&mut new.currency));
        self.iban.update_to(&mut new.iban);
        self.bank_name.update_to(&mut new.bank_name);
        self.bic.update_to(&mut new.bic);
    }
}

payloads! {
    CreateBankAccountPayload { bank_account: BankAccount },
    UpdateBankAccountPayload { bank_account: BankAccount },
}

archiving! {
    BankAccountArchiving, bank_account, BankAccountId, BankAccount, bank_account, FinanceWrite,
    archive_bank_account(ArchiveBankAccountInput) -> ArchiveBankAccountPayload,
    restore_bank_account(RestoreBankAccountInput) -> RestoreBankAccountPayload
}

/// Making and changing bank accounts.
#[derive(Default)]
pub(crate) struct BankAccountMutation;

#[Object]
impl BankAccountMutation {
    /// Makes a bank account.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_bank_account(
        &self,
        ctx: &Context<'_>,
        input: CreateBankAccountInput,
    ) -> Result<CreateBankAccountPayload> {
        let scope = request(ctx).write().await?;
        let new = NewBankAccount {
            name: input.name,
            account_id: input.account_id.map(|id| id.0),
            currency: input.currency,
            iban: input.iban,
            bank_name: input.bank_name,
            bic: input.bic,
        };
        let row = rules::create(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a bank account.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_bank_account(
        &self,
        ctx: &Context<'_>,
        input: UpdateBankAccountInput,
    ) -> Result<UpdateBankAccountPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::update(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
