//! A transaction and the tenant that it's for.

mod parts;
mod together;
mod waiting;
mod write;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use chrono::NaiveDate;
use kamara_entities::{MembershipId, RecordEntity, Stamp, TenantEntity, TenantId, control::tenant};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, IdenStatic as _,
    Iterable as _, JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait as _, Select, SelectA,
    SelectB,
    sea_query::{Expr, IntoCondition, LockType, SelectStatement},
};

pub(crate) use self::parts::{Replaced, ToldPart, told};
use self::waiting::Waiting;
use crate::{
    db::{self, Db, PARAMETERS_MAX},
    env::Env,
    error::{Error, Result},
    messages,
};

/// The right to open scopes of one tenant. Made from an authenticated request, the new tenant of a sign-up, a claimed job, or
/// an operator at the command line; from nothing else.
#[derive(Clone, Debug)]
pub struct Access {
    tenant: Arc<tenant::Model>,
    actor: Option<MembershipId>,
    origin: Arc<str>,
    ip: Option<Arc<str>>,
}

impl Access {
    /// For a request whose session belongs to a member of the tenant.
    pub(crate) fn of_member(
        tenant: Arc<tenant::Model>,
        actor: MembershipId,
        request_id: &str,
        ip: Option<&str>,
    ) -> Self {
        Self { tenant, actor: Some(actor), origin: request_id.into(), ip: ip.map(Into::into) }
    }

    /// For an operator at the command line; `command` is kept with each change.
    #[must_use]
    pub fn of_operator(tenant: tenant::Model, command: &str) -> Self {
        Self { tenant: Arc::new(tenant), actor: None, origin: command.into(), ip: None }
    }

    /// For a claimed job of the tenant; its kind is kept with each change.
    pub(crate) fn of_job(tenant: tenant::Model, kind: &str) -> Self {
        Self { tenant: Arc::new(tenant), actor: None, origin: kind.into(), ip: None }
    }

    /// The tenant.
    #[must_use]
    pub fn tenant(&self) -> &tenant::Model {
        &self.tenant
    }

    /// Opens a scope that only reads.
    pub async fn read(&self, db: &Db, env: &Env) -> Result<TenantScope> {
        let transaction = db.begin_for(self.tenant.id, db::Access::Read).await?;
        Ok(TenantScope::new(transaction, self.clone(), env.clone(), db::Access::Read))
    }

    /// Opens a scope that writes.
    pub async fn write(&self, db: &Db, env: &Env) -> Result<TenantScope> {
        let transaction = db.begin_for(self.tenant.id, db::Access::Write).await?;
        Ok(TenantScope::new(transaction, self.clone(), env.clone(), db::Access::Write))
    }
}

/// A row beside those of two other tables.
#[derive(Debug)]
pub struct Beside<E: TenantEntity, F: TenantEntity, G: TenantEntity> {
    /// The row.
    pub row: E::Row,
    /// That of the first other table.
    pub first: Option<F::Row>,
    /// That of the second.
    pub second: Option<G::Row>,
}

/// What the columns of the second other table are prefixed by; sea-orm's own prefixes are for two tables.
const SECOND: &str = "C_";

impl<E: TenantEntity, F: TenantEntity, G: TenantEntity> FromQueryResult for Beside<E, F, G> {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> std::result::Result<Self, DbErr> {
        Ok(Self {
            first: F::Row::from_query_result_optional(row, SelectB.as_str())?,
            second: G::Row::from_query_result_optional(row, SECOND)?,
            row: E::Row::from_query_result(row, SelectA.as_str())?,
        })
    }
}

/// One tenant's rows, within one transaction. Dropped without [`commit`](Self::commit), it leaves nothing behind.
///
/// Whatever is read names the tenant; whatever is written is stamped, and leaves a row in `event`. New rows wait until something
/// is read or changed, so that a database's refusal of one may come then, at the latest from [`commit`](Self::commit).
#[derive(Debug)]
pub struct TenantScope {
    transaction: DatabaseTransaction,
    access: Access,
    env: Env,
    mode: db::Access,
    waiting: Mutex<Waiting>,
}

impl TenantScope {
    fn new(transaction: DatabaseTransaction, access: Access, env: Env, mode: db::Access) -> Self {
        let waiting = Mutex::new(Waiting::new(transaction.get_database_backend()));
        Self { transaction, access, env, mode, waiting }
    }

    /// Goes on within the transaction in which somebody has just become a member: the owner of a new tenant, or who was invited.
    pub(crate) async fn of_new_member(
        transaction: DatabaseTransaction,
        tenant: tenant::Model,
        member: MembershipId,
        env: &Env,
        (origin, ip): (&str, Option<&str>),
    ) -> Result<Self> {
        db::enter(&transaction, tenant.id, db::Access::Write).await?;
        let access = Access::of_member(Arc::new(tenant), member, origin, ip);
        Ok(Self::new(transaction, access, env.clone(), db::Access::Write))
    }

    /// Goes on as another member, for the life of the demo company.
    #[must_use]
    pub(crate) fn acting_as(mut self, member: MembershipId) -> Self {
        self.access.actor = Some(member);
        self
    }

    /// Keeps what was written.
    pub async fn commit(self) -> Result<()> {
        self.write_all().await?;
        Ok(self.transaction.commit().await?)
    }

    /// The tenant's id.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.access.tenant.id
    }

    /// The tenant, as it was when the scope's access was given.
    #[must_use]
    pub fn tenant(&self) -> &tenant::Model {
        &self.access.tenant
    }

    /// Who acts, unless it's an operator.
    #[must_use]
    pub const fn actor(&self) -> Option<MembershipId> {
        self.access.actor
    }

    /// ISO 4217 code of the currency of the tenant's books.
    #[must_use]
    pub fn base_currency(&self) -> &str {
        &self.access.tenant.base_currency
    }

    /// The present day in the tenant's time zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        super::service::today(&self.access.tenant, &self.env)
    }

    /// The day of an instant in the tenant's time zone.
    #[must_use]
    pub fn day_of(&self, instant: chrono::DateTime<chrono::Utc>) -> NaiveDate {
        super::service::day_of(&self.access.tenant, instant)
    }

    /// The clock, and the source of ids.
    #[must_use]
    pub const fn env(&self) -> &Env {
        &self.env
    }

    /// The transaction, for control tables: `identity`, `tenancy` and `jobs` only, which a test holds. Rows of the tenant's own
    /// tables may still wait to be written.
    pub(crate) const fn control(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Who writes, and when.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { tenant: self.tenant_id(), at: self.env.now(), by: self.actor() }
    }

    /// All of the tenant's rows of a table.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the place that names the tenant")]
    pub fn find<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(E::TENANT.eq(self.tenant_id()))
    }

    /// The rows that a query selects.
    pub async fn all<E: TenantEntity>(&self, select: Select<E>) -> Result<Vec<E::Row>> {
        Ok(select.all(self.written().await?).await?)
    }

    /// The first row that a query selects.
    pub async fn first<E: TenantEntity>(&self, select: Select<E>) -> Result<Option<E::Row>> {
        Ok(select.one(self.written().await?).await?)
    }

    /// What finds rows, each [`Beside`] those of two other tables of the tenant whose columns say the same as some of its own:
    /// more than once, where several do.
    #[must_use]
    pub fn beside<E: TenantEntity, F: TenantEntity, G: TenantEntity>(
        &self,
        select: Select<E>,
        first: (E::Column, F::Column),
        second: (E::Column, G::Column),
    ) -> SelectStatement {
        let select = select
            .join(
                JoinType::LeftJoin,
                E::belongs_to(F::default()).from((E::TENANT, first.0)).to((F::TENANT, first.1)).into(),
            )
            .join(
                JoinType::LeftJoin,
                E::belongs_to(G::default()).from((E::TENANT, second.0)).to((G::TENANT, second.1)).into(),
            );
        let mut statement = select.select_also(F::default()).into_query();
        for column in G::Column::iter() {
            statement.expr_as(Expr::col(column.as_column_ref()), format!("{SECOND}{}", column.as_str()));
        }
        statement
    }

    /// Rows of a shape of their own, for sums and windows. The statement must come from [`find`](Self::find).
    pub async fn query<T: FromQueryResult>(&self, statement: &SelectStatement) -> Result<Vec<T>> {
        let rows = self.written().await?.query_all(statement).await?;
        Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?)
    }

    /// The row with an id.
    pub async fn get<E: TenantEntity>(&self, id: E::Id) -> Result<Option<E::Row>> {
        self.first(self.find::<E>().filter(E::ID.eq(id))).await
    }

    /// The row with an id, or "not found".
    pub async fn require<E: TenantEntity>(&self, id: E::Id) -> Result<E::Row> {
        self.get::<E>(id).await?.ok_or(Error::not_found(E::KIND))
    }

    /// The row that an input's field names, or "not found" with the field.
    pub async fn referred<E: TenantEntity>(&self, field: &'static str, id: E::Id) -> Result<E::Row> {
        self.get::<E>(id).await?.ok_or(Error::NotFound { what: E::KIND, field: Some(field.into()) })
    }

    /// The same for a field that may be empty.
    pub async fn referred_optional<E: TenantEntity>(
        &self,
        field: &'static str,
        id: Option<E::Id>,
    ) -> Result<Option<E::Row>> {
        match id {
            Some(id) => self.referred::<E>(field, id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Checks with one statement that what each of many rows refers to is there. The field of an error begins with the row's
    /// index: `3.companyId`.
    pub async fn referred_all<E: TenantEntity>(&self, field: &'static str, ids: &[Option<E::Id>]) -> Result<()> {
        let wanted: HashSet<E::Id> = ids.iter().copied().flatten().collect();
        let found = self.by_ids::<E>(wanted).await?;
        match ids.iter().position(|id| id.is_some_and(|id| !found.contains_key(&id))) {
            Some(index) => Err(Error::NotFound { what: E::KIND, field: Some(format!("{index}.{field}").into()) }),
            None => Ok(()),
        }
    }

    /// The rows with some ids, by id. Ids of no row are left out.
    pub async fn by_ids<E: TenantEntity>(
        &self,
        ids: impl IntoIterator<Item = E::Id>,
    ) -> Result<HashMap<E::Id, E::Row>> {
        let ids: Vec<E::Id> = ids.into_iter().collect();
        let mut rows = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(PARAMETERS_MAX) {
            let found = self.all(self.find::<E>().filter(E::ID.is_in(ids.iter().copied()))).await?;
            rows.extend(found.into_iter().map(|row| (E::id(&row), row)));
        }
        Ok(rows)
    }

    /// The row with an id, which nobody else changes until this scope ends.
    pub async fn lock<E: TenantEntity>(&self, id: E::Id) -> Result<E::Row> {
        self.first(self.locking(self.find::<E>().filter(E::ID.eq(id)))).await?.ok_or(Error::not_found(E::KIND))
    }

    /// The row that an input's field names, which nobody else changes until this scope ends, or "not found" with the field.
    pub async fn lock_referred<E: TenantEntity>(&self, field: &'static str, id: E::Id) -> Result<E::Row> {
        let row = self.first(self.locking(self.find::<E>().filter(E::ID.eq(id)))).await?;
        row.ok_or(Error::NotFound { what: E::KIND, field: Some(field.into()) })
    }

    /// The rows with some ids, by id, locked in the order of their ids so that two scopes can't wait for each other.
    pub async fn lock_all<E: TenantEntity>(
        &self,
        ids: impl IntoIterator<Item = E::Id>,
    ) -> Result<HashMap<E::Id, E::Row>> {
        let mut ids: Vec<E::Id> = ids.into_iter().collect();
        ids.sort_unstable();
        let mut rows = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(PARAMETERS_MAX) {
            let locked = self.lock_where::<E>(E::ID.is_in(ids.iter().copied())).await?;
            rows.extend(locked.into_iter().map(|row| (E::id(&row), row)));
        }
        Ok(rows)
    }

    /// The rows for which a condition holds, locked in the order of their ids.
    pub async fn lock_where<E: TenantEntity>(&self, condition: impl IntoCondition) -> Result<Vec<E::Row>> {
        self.all(self.locked_where::<E>(condition)).await
    }

    /// What locks them, to be run with other statements.
    #[must_use]
    pub fn locked_where<E: TenantEntity>(&self, condition: impl IntoCondition) -> Select<E> {
        self.locking(self.find::<E>().filter(condition).order_by_asc(E::ID))
    }

    /// All rows of a table whose rows constrain each other (a tree, versions of which one is active), locked in the order of
    /// their ids: for tables of hundreds of rows, not of thousands.
    pub async fn lock_every<E: TenantEntity>(&self) -> Result<Vec<E::Row>> {
        self.lock_where::<E>(Condition::all()).await
    }

    fn backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    /// SQLite has one writer at a time; there is nothing to lock, and no syntax for it. Keys never change, so whoever writes a
    /// row that refers to a locked one needn't wait, and can't be waited for in a circle.
    fn locking<E: TenantEntity>(&self, select: Select<E>) -> Select<E> {
        match self.backend() {
            DbBackend::Postgres => select.lock(LockType::NoKeyUpdate),
            _ => select,
        }
    }

    /// The row with an id, if it still has the version that the caller read and isn't archived.
    pub async fn editable<E: RecordEntity>(&self, id: E::Id, version: i32) -> Result<E::Row> {
        let row = self.at_version::<E>(id, version).await?;
        if E::archived_at(&row).is_some() {
            return Err(Error::Conflict(messages::archived()));
        }
        Ok(row)
    }

    async fn at_version<E: RecordEntity>(&self, id: E::Id, version: i32) -> Result<E::Row> {
        let row = self.lock::<E>(id).await?;
        if E::version(&row) != version {
            return Err(Error::Conflict(messages::stale()));
        }
        Ok(row)
    }

    /// How many rows a query selects.
    pub async fn count<E: TenantEntity>(&self, select: Select<E>) -> Result<i64> {
        #[derive(FromQueryResult)]
        struct Count {
            count: i64,
        }
        let statement = QuerySelect::query(&mut select.select_only().column_as(E::ID.count(), "count")).to_owned();
        Ok(self.query::<Count>(&statement).await?.first().map_or(0, |row| row.count))
    }
}
