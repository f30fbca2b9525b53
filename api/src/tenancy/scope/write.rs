//! Writing: whatever a scope changes is stamped, and leaves a row in `event`.

use std::sync::{MutexGuard, PoisonError};

use chrono::NaiveDate;
use kamara_entities::{EventId, RecordEntity, StampedEntity, TenantEntity, event, ledger, number_series};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IdenStatic, Iterable, ModelTrait,
    QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Replaced, TenantScope,
    waiting::{self, Waiting},
};
use crate::{
    db,
    error::{Error, Result},
    messages,
};

impl TenantScope {
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
        for row in rows {
            self.keep_event(self.event::<E>("create", None, Some(row))?);
        }
        self.write_many().await
    }

    /// Writes new parts of a document, whose event is the document's.
    pub async fn insert_parts<E: TenantEntity>(&self, new: Vec<(E::Id, E::New)>) -> Result<Vec<E::Row>> {
        let stamp = self.stamp();
        let rows: Vec<E::Row> = new.into_iter().map(|(id, new)| E::create(new, id, stamp)).collect();
        self.insert_rows::<E>(&rows).await?;
        Ok(rows)
    }

    /// The same, of parts that are made and stamped already.
    pub(crate) async fn insert_rows<E: TenantEntity>(&self, rows: &[E::Row]) -> Result<()> {
        debug_assert_eq!(self.mode, db::Access::Write, "a scope that reads can't write");
        self.waiting().insert::<E>(rows);
        self.write_many().await
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
    pub async fn act<E: RecordEntity>(&self, action: &str, before: &E::Row, after: E::Row) -> Result<E::Row> {
        self.act_with_parts::<E>(action, before, after, Replaced::default()).await
    }

    /// The same, where parts of the document are replaced with it: its event tells those that changed, since they leave none.
    pub(crate) async fn act_with_parts<E: RecordEntity>(
        &self,
        action: &str,
        before: &E::Row,
        mut after: E::Row,
        parts: Replaced,
    ) -> Result<E::Row> {
        E::touch(&mut after, self.stamp());
        let version = E::version(before);
        let mut active = changed::<E>(after);
        active.set(E::VERSION, (version + 1).into());
        let condition = Condition::all().add(E::VERSION.eq(version));
        let after = self.write_row::<E>(active, E::id(before), condition).await?;
        let mut event = self.event::<E>(action, Some(before), Some(&after))?;
        for (values, parts) in [(&mut event.before, parts.before), (&mut event.after, parts.after)] {
            if let Some(serde_json::Value::Object(values)) = values {
                values.extend(parts);
            }
        }
        self.keep_event(event);
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
        self.keep_event(event);
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
            .exec_with_returning(self.written().await?)
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
        E::delete_many().filter(E::TENANT.eq(self.tenant_id())).filter(condition).exec(self.written().await?).await?;
        Ok(())
    }

    /// Takes the next numbers of a series and locks it until the commit; gives it as it is then. Where days are said, the first
    /// and the last of the numbers', nothing is taken if a number was given out for a later day than the first.
    pub(crate) async fn take_numbers(
        &self,
        kind: &str,
        count: i64,
        dates: Option<(NaiveDate, NaiveDate)>,
    ) -> Result<Option<number_series::Model>> {
        use number_series::Column as C;
        let stamp = self.stamp();
        #[expect(clippy::disallowed_methods, reason = "names the tenant in its condition")]
        let mut update = number_series::Entity::update_many()
            .col_expr(C::NextNumber, sea_orm::ExprTrait::add(Expr::col(C::NextNumber), count))
            .col_expr(C::UpdatedAt, Expr::value(stamp.at))
            .col_expr(C::UpdatedBy, Expr::value(stamp.by))
            .filter(C::TenantId.eq(self.tenant_id()))
            .filter(C::Kind.eq(kind))
            .filter(C::IsCurrent.eq(true));
        if let Some((first, last)) = dates {
            let in_order = Condition::any().add(C::LastDate.is_null()).add(C::LastDate.lte(first));
            update = update.col_expr(C::LastDate, Expr::value(last)).filter(in_order);
        }
        Ok(update.exec_with_returning(self.written().await?).await?.pop())
    }

    /// Has a series go on with a number, unless it's past it already; locks it until the commit.
    #[expect(clippy::disallowed_methods, reason = "names the tenant in its condition")]
    pub(crate) async fn raise_series(&self, kind: &str, next: i64) -> Result<()> {
        use number_series::Column as C;
        let stamp = self.stamp();
        number_series::Entity::update_many()
            .col_expr(C::NextNumber, Expr::value(next))
            .col_expr(C::UpdatedAt, Expr::value(stamp.at))
            .col_expr(C::UpdatedBy, Expr::value(stamp.by))
            .filter(C::TenantId.eq(self.tenant_id()))
            .filter(C::Kind.eq(kind))
            .filter(C::IsCurrent.eq(true))
            .filter(C::NextNumber.lt(next))
            .exec(self.written().await?)
            .await?;
        Ok(())
    }

    /// Adds to the counter of entries and locks the ledger's row until the commit; gives it as it is then.
    pub(crate) async fn take_sequence(&self, count: i64) -> Result<ledger::Model> {
        #[expect(clippy::disallowed_methods, reason = "names the tenant in its condition")]
        let row = ledger::Entity::update_many()
            .col_expr(ledger::Column::LastSeq, sea_orm::ExprTrait::add(Expr::col(ledger::Column::LastSeq), count))
            .filter(ledger::Column::TenantId.eq(self.tenant_id()))
            .exec_with_returning(self.written().await?)
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
    pub(crate) fn note(
        &self,
        action: &str,
        (subject_kind, subject_id): (&str, Uuid),
        before: Option<serde_json::Value>,
        after: Option<serde_json::Value>,
    ) {
        let event = event::New {
            action: action.to_owned(),
            subject_kind: subject_kind.to_owned(),
            subject_id,
            origin: self.access.origin.to_string(),
            ip: self.access.ip.as_deref().map(ToOwned::to_owned),
            before,
            after,
        };
        self.keep_event(event);
    }

    /// Stamps an event now; it's written with the rows that wait.
    fn keep_event(&self, event: event::New) {
        let event = event::Entity::create(event, self.env.id::<EventId>(), self.stamp());
        self.waiting().note(event);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write_many(&self) -> Result<()> {
        let is_much = self.waiting().is_much();
        if is_much { self.write_all().await } else { Ok(()) }
    }

    /// The transaction, after the rows are written that wait: whoever reads sees them.
    pub(super) async fn written(&self) -> Result<&DatabaseTransaction> {
        let rows = self.waiting().take_rows();
        waiting::write(&self.transaction, rows).await?;
        Ok(&self.transaction)
    }

    /// Writes all that waits.
    pub(crate) async fn write_all(&self) -> Result<()> {
        let all = self.waiting().take_all();
        waiting::write(&self.transaction, all).await
    }
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
