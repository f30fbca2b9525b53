//! What the rows of business tables have in common, for the one place that reads and writes them (`TenantScope`).

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait};
use serde::Serialize;

use crate::{MembershipId, RecordId, TenantId};

/// A table with the primary key `(tenant_id, id)`.
pub trait TenantEntity: EntityTrait<Model = <Self as TenantEntity>::Row> {
    /// The type of a row.
    type Row: ModelTrait<Entity = Self>
        + FromQueryResult
        + IntoActiveModel<Self::ActiveModel>
        + Clone
        + Serialize
        + Send
        + Sync;
    /// The type of a row's id.
    type Id: RecordId;
    /// The row's own values: what isn't set by the scope that inserts it.
    type New: Send;

    /// The table's name, which is also the `subject_kind` of what hangs on its rows.
    const KIND: &'static str;
    /// The column `tenant_id`.
    const TENANT: Self::Column;
    /// The column `id`.
    const ID: Self::Column;

    /// The id of a row.
    fn id(row: &Self::Row) -> Self::Id;
    /// Makes the row that is to be inserted.
    fn create(new: Self::New, id: Self::Id, stamp: Stamp) -> Self::Row;
    /// The own values of a row.
    fn values(row: Self::Row) -> Self::New;
    /// The row with other own values.
    fn revise(row: Self::Row, new: Self::New) -> Self::Row;
}

/// Who writes a row, for which tenant, and when.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// The tenant that the row belongs to.
    pub tenant: TenantId,
    /// The instant of the change.
    pub at: DateTime<Utc>,
    /// Who made it; nobody's, when the server or its operator did.
    pub by: Option<MembershipId>,
}

/// A business row that says when and by whom it was written.
pub trait StampedEntity: TenantEntity {
    /// Notes on the row that it is changed.
    fn touch(row: &mut Self::Row, stamp: Stamp);
}

/// A business row that people edit: it has a version and can be archived.
pub trait RecordEntity: StampedEntity {
    /// The column `version`.
    const VERSION: Self::Column;
    /// The column `archived_at`.
    const ARCHIVED_AT: Self::Column;

    /// The version of a row, from 1.
    fn version(row: &Self::Row) -> i32;
    /// When the row was archived.
    fn archived_at(row: &Self::Row) -> Option<DateTime<Utc>>;
    /// Archives the row, or takes it back.
    fn set_archived_at(row: &mut Self::Row, at: Option<DateTime<Utc>>);
}
