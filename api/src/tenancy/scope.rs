//! A transaction and the tenant that it's for.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;
use kamara_entities::{
    EventId, MembershipId, RecordEntity, Stamp, StampedEntity, TenantEntity, TenantId, control::tenant, event, ledger,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, FromQueryResult, IdenStatic, IntoActiveModel, Iterable, ModelTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{LockType, SelectStatement},
};
use uuid::Uuid;

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

/// One tenant's rows, within one transaction. Dropped without [`commit`](Self::commit), it leaves nothing behind.
///
/// Whatever is read names the tenant; whatever is written is stamped, and leaves a row in `event`.
#[derive(Debug)]
pub struct TenantScope {
    transaction: DatabaseTransaction,
    access: Access,
    env: Env,
    mode: db::Access,
}

impl TenantScope {
    const fn new(transaction: DatabaseTransaction, access: Access, env: Env, mode: db::Access) -> Self {
        Self { transaction, access, env, mode }
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

    /// Keeps what was written.
    pub async fn commit(self) -> Result<()> {
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

    /// The clock, and the source of ids.
    #[must_use]
    pub const fn env(&self) -> &Env {
        &self.env
    }

    /// The transaction, for control tables: `identity`, `tenancy` and `jobs` only, which a test holds.
    pub(crate) const fn control(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Who writes, and when.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { tenant: self.tenant_id(), at: self.env.now(), by: self.actor() }
    }

    // --- reading ---

    /// All of the tenant's rows of a table.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the place that names the tenant")]
    pub fn find<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(E::TENANT.eq(self.tenant_id()))
    }

    /// The rows that a query selects.
    pub async fn all<E: TenantEntity>(&self, select: Select<E>) -> Result<Vec<E::Row>> {
        Ok(select.all(&self.transaction).await?)
    }

    /// The first row that a query selects.
    pub async fn first<E: TenantEntity>(&self, select: Select<E>) -> Result<Option<E::Row>> {
        Ok(select.one(&self.transaction).await?)
    }

    /// Rows of a shape of their own, for sums and windows. The statement must come from [`find`](Self::find).
    pub async fn query<T: FromQueryResult>(&self, statement: &SelectStatement) -> Result<Vec<T>> {
        let rows = self.transaction.query_all(statement).await?;
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

    /// The rows with some ids, by id, locked in the order of their ids so that two scopes can't wait for each other.
    pub async fn lock_all<E: TenantEntity>(
        &self,
        ids: impl IntoIterator<Item = E::Id>,
    ) -> Result<HashMap<E::Id, E::Row>> {
        let select = self.find::<E>().filter(E::ID.is_in(ids)).order_by_asc(E::ID);
        Ok(self.all(self.locking(select)).await?.into_iter().map(|row| (E::id(&row), row)).collect())
    }

    /// SQLite has one writer at a time; there is nothing to lock, and no syntax for it.
    fn locking<E: TenantEntity>(&self, select: Select<E>) -> Select<E> {
        match self.transaction.get_database_backend() {
            DbBackend::Postgres => select.lock(LockType::Update),
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

    // --- writing ---

    /// Writes a new row.
    pub async fn insert<E: TenantEntity>(&self, new: E::New) -> Result<E::Row> {
        let mut rows = self.insert_all::<E>(vec![new]).await?;
        rows.pop().ok_or_else(|| Error::internal("an insert without a row"))
    }

    /// Writes new rows, and an event for each.
    pub async fn insert_all<E: TenantEntity>(&self, new: Vec<E::New>) -> Result<Vec<E::Row>> {
        let new = new.into_iter().map(|new| (self.env.id(), new)).collect();
        self.insert_with_ids::<E>(new).await
    }

    /// The same, of rows whose ids were given out before, since others refer to them.
    pub async fn insert_with_ids<E: TenantEntity>(&self, new: Vec<(E::Id, E::New)>) -> Result<Vec<E::Row>> {
        let stamp = self.stamp();
        let rows: Vec<E::Row> = new.into_iter().map(|(id, new)| E::create(new, id, stamp)).collect();
        self.insert_made::<E>(&rows).await?;
        Ok(rows)
    }

    /// The same, of rows that are made and stamped already, since their values depend on it.
    pub(crate) async fn insert_made<E: TenantEntity>(&self, rows: &[E::Row]) -> Result<()> {
        self.insert_rows::<E>(rows).await?;
        let events = rows.iter().map(|row| self.event::<E>("create", None, Some(row))).collect::<Result<_>>()?;
        self.write_events(events).await
    }

    /// Writes new parts of a document, whose event is the document's.
    pub async fn insert_parts<E: TenantEntity>(&self, new: Vec<(E::Id, E::New)>) -> Result<Vec<E::Row>> {
        let stamp = self.stamp();
        let rows: Vec<E::Row> = new.into_iter().map(|(id, new)| E::create(new, id, stamp)).collect();
        self.insert_rows::<E>(&rows).await?;
        Ok(rows)
    }

    /// The same, of parts that are made and stamped already.
    #[expect(clippy::disallowed_methods, reason = "the rows are stamped with the tenant")]
    pub(crate) async fn insert_rows<E: TenantEntity>(&self, rows: &[E::Row]) -> Result<()> {
        debug_assert_eq!(self.mode, db::Access::Write, "a scope that reads can't write");
        let columns = E::Column::iter().count();
        for rows in rows.chunks(PARAMETERS_MAX / columns) {
            let rows = rows.iter().map(|row| inserted::<E>(row.clone()));
            E::insert_many(rows).exec_without_returning(&self.transaction).await?;
        }
        Ok(())
    }

    /// Changes a record: `change` is given its own values, and leaves what they shall be.
    pub async fn edit<E: RecordEntity>(
        &self,
        id: E::Id,
        version: i32,
        change: impl FnOnce(&mut E::New) -> Result<()> + Send,
    ) -> Result<E::Row> {
        let before = self.editable::<E>(id, version).await?;
        let mut new = E::values(before.clone());
        change(&mut new)?;
        self.update::<E>(&before, E::revise(before.clone(), new)).await
    }

    /// Writes a changed record, unless somebody else did since `before` was read.
    pub async fn update<E: RecordEntity>(&self, before: &E::Row, after: E::Row) -> Result<E::Row> {
        self.act::<E>("update", before, after).await
    }

    /// The same, for a business act that has a verb of its own.
    pub async fn act<E: RecordEntity>(&self, action: &str, before: &E::Row, mut after: E::Row) -> Result<E::Row> {
        E::touch(&mut after, self.stamp());
        let version = E::version(before);
        let mut active = changed::<E>(after);
        active.set(E::VERSION, (version + 1).into());
        let condition = Condition::all().add(E::VERSION.eq(version));
        let after = self.write_row::<E>(active, E::id(before), condition).await?;
        self.write_events(vec![self.event::<E>(action, Some(before), Some(&after))?]).await?;
        Ok(after)
    }

    /// Writes a changed row of what the rules write, which must be locked.
    pub async fn update_row<E: StampedEntity>(&self, before: &E::Row, after: E::Row) -> Result<E::Row> {
        self.act_on_row::<E>("update", None, before, after).await
    }

    /// The same, for a business act that has a verb of its own; why it was done is kept in its event.
    pub async fn act_on_row<E: StampedEntity>(
        &self,
        action: &str,
        reason: Option<&str>,
        before: &E::Row,
        mut after: E::Row,
    ) -> Result<E::Row> {
        E::touch(&mut after, self.stamp());
        let after = self.write_row::<E>(changed::<E>(after), E::id(before), Condition::all()).await?;
        let mut event = self.event::<E>(action, Some(before), Some(&after))?;
        if let (Some(reason), Some(serde_json::Value::Object(values))) = (reason, event.after.as_mut()) {
            values.insert("reason".to_owned(), reason.into());
        }
        self.write_events(vec![event]).await?;
        Ok(after)
    }

    #[expect(clippy::disallowed_methods, reason = "names the tenant in its condition")]
    async fn write_row<E: TenantEntity>(
        &self,
        active: E::ActiveModel,
        id: E::Id,
        condition: Condition,
    ) -> Result<E::Row> {
        let row = E::update_many()
            .set(active)
            .filter(E::TENANT.eq(self.tenant_id()))
            .filter(E::ID.eq(id))
            .filter(condition)
            .exec_with_returning(&self.transaction)
            .await?
            .pop();
        row.ok_or(Error::Conflict(messages::stale()))
    }

    /// Archives a record.
    pub async fn archive<E: RecordEntity>(&self, id: E::Id, version: i32) -> Result<E::Row> {
        let before = self.at_version::<E>(id, version).await?;
        if E::archived_at(&before).is_some() {
            return Ok(before);
        }
        let mut after = before.clone();
        E::set_archived_at(&mut after, Some(self.env.now()));
        self.act::<E>("archive", &before, after).await
    }

    /// Takes a record out of the archive.
    pub async fn restore<E: RecordEntity>(&self, id: E::Id, version: i32) -> Result<E::Row> {
        let before = self.at_version::<E>(id, version).await?;
        if E::archived_at(&before).is_none() {
            return Ok(before);
        }
        let mut after = before.clone();
        E::set_archived_at(&mut after, None);
        self.act::<E>("restore", &before, after).await
    }

    /// Deletes the parts of a draft.
    #[expect(clippy::disallowed_methods, reason = "names the tenant in its condition")]
    pub async fn delete_parts<E: TenantEntity>(&self, condition: Condition) -> Result<()> {
        E::delete_many().filter(E::TENANT.eq(self.tenant_id())).filter(condition).exec(&self.transaction).await?;
        Ok(())
    }

    /// Adds to the counter of entries and locks the ledger's row until the commit; gives it as it is then.
    pub(crate) async fn take_sequence(&self, count: i64) -> Result<ledger::Model> {
        #[expect(clippy::disallowed_methods, reason = "names the tenant in its condition")]
        let row = ledger::Entity::update_many()
            .col_expr(
                ledger::Column::LastSeq,
                sea_orm::ExprTrait::add(sea_orm::sea_query::Expr::col(ledger::Column::LastSeq), count),
            )
            .filter(ledger::Column::TenantId.eq(self.tenant_id()))
            .exec_with_returning(&self.transaction)
            .await?
            .pop()
            .ok_or_else(|| Error::internal("a tenant without a ledger"))?;
        Ok(row)
    }

    fn event<E: TenantEntity>(
        &self,
        action: &str,
        before: Option<&E::Row>,
        after: Option<&E::Row>,
    ) -> Result<event::New> {
        let json = |row: Option<&E::Row>| row.map(serde_json::to_value).transpose().map_err(Error::internal);
        let subject = before.or(after).map(E::id);
        Ok(event::New {
            action: action.to_owned(),
            subject_kind: E::KIND.to_owned(),
            subject_id: subject.map_or(Uuid::nil(), Into::into),
            origin: self.access.origin.to_string(),
            ip: self.access.ip.as_deref().map(ToOwned::to_owned),
            before: json(before)?,
            after: json(after)?,
        })
    }

    /// Leaves the event of a change of a control table, of whose row the parts are told that everybody may see.
    pub(crate) async fn note(
        &self,
        action: &str,
        (subject_kind, subject_id): (&str, Uuid),
        before: Option<serde_json::Value>,
        after: Option<serde_json::Value>,
    ) -> Result<()> {
        let event = event::New {
            action: action.to_owned(),
            subject_kind: subject_kind.to_owned(),
            subject_id,
            origin: self.access.origin.to_string(),
            ip: self.access.ip.as_deref().map(ToOwned::to_owned),
            before,
            after,
        };
        self.write_events(vec![event]).await
    }

    async fn write_events(&self, events: Vec<event::New>) -> Result<()> {
        let events = events.into_iter().map(|event| (self.env.id::<EventId>(), event)).collect();
        self.insert_parts::<event::Entity>(events).await?;
        Ok(())
    }
}

/// Every column, to be inserted.
fn inserted<E: TenantEntity>(row: E::Row) -> E::ActiveModel {
    let mut active = row.into_active_model();
    for column in E::Column::iter() {
        if let ActiveValue::Unchanged(value) = active.get(column) {
            active.set(column, value);
        }
    }
    active
}

/// Every column but the key and who made the row, to be written.
fn changed<E: TenantEntity>(row: E::Row) -> E::ActiveModel {
    let values: Vec<_> = E::Column::iter()
        .filter(|column| !["tenant_id", "id", "created_at", "created_by"].contains(&column.as_str()))
        .map(|column| (column, row.get(column)))
        .collect();
    let mut active = <E::ActiveModel as sea_orm::ActiveModelTrait>::default();
    for (column, value) in values {
        active.set(column, value);
    }
    active
}
