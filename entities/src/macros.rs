//! The three kinds of business table.
//!
//! - `record!`: what people edit. Has `created_at`, `created_by`, `updated_at`, `updated_by`, `version`, `archived_at`.
//! - `row!`: what the rules write. Has `created_at`, `created_by`, `updated_at`, `updated_by`.
//! - `part!`: a line of a document, which shares its document's stamps and version.
//!
//! All have `tenant_id` and `id`. Beside the SeaORM types each module gets `New`: a row's own values, so that forgetting one
//! doesn't compile.

/// The SeaORM types of one table, and its [`TenantEntity`](crate::TenantEntity).
macro_rules! business_table {
    (
        $(#[$doc:meta])* $module:ident, $table:literal, $id:ident,
        { $( $(#[$field_doc:meta])* $field:ident : $type:ty ),* $(,)? },
        { $( $(#[$common_doc:meta])* $common:ident : $common_type:ty = $value:expr ),* $(,)? }
    ) => {
        $(#[$doc])*
        pub mod $module {
            #[allow(unused_imports)]
            use crate::{enums::*, ids::*};
            use chrono::{DateTime, NaiveDate, Utc};
            use sea_orm::entity::prelude::*;
            use serde::{Deserialize, Serialize};

            #[allow(dead_code)]
            type Unused = (NaiveDate, DateTime<Utc>);

            /// A row of the table.
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                /// The tenant that the row belongs to.
                #[sea_orm(primary_key, auto_increment = false)]
                pub tenant_id: TenantId,
                /// The row's id.
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: $id,
                $( $(#[$field_doc])* pub $field: $type, )*
                $( $(#[$common_doc])* pub $common: $common_type, )*
            }

            /// A row's own values: what the scope that inserts it doesn't set.
            #[derive(Clone, Debug, Serialize)]
            pub struct New {
                $( $(#[$field_doc])* pub $field: $type, )*
            }

            /// No relations: they are loaded in batches, by the tenant's scope.
            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}

            impl crate::TenantEntity for Entity {
                type Row = Model;
                type Id = $id;
                type New = New;

                const KIND: &'static str = $table;
                const TENANT: Column = Column::TenantId;
                const ID: Column = Column::Id;

                fn id(row: &Model) -> $id {
                    row.id
                }

                fn create(new: New, id: $id, stamp: crate::Stamp) -> Model {
                    Model {
                        tenant_id: stamp.tenant,
                        id,
                        $( $field: new.$field, )*
                        $( $common: $value(stamp), )*
                    }
                }

                fn values(row: Model) -> New {
                    New { $( $field: row.$field, )* }
                }

                fn revise(row: Model, new: New) -> Model {
                    Model {
                        $( $field: new.$field, )*
                        tenant_id: row.tenant_id,
                        id: row.id,
                        $( $common: row.$common, )*
                    }
                }
            }
        }
    };
}

macro_rules! stamped {
    ($module:ident) => {
        impl crate::StampedEntity for $module::Entity {
            fn touch(row: &mut $module::Model, stamp: crate::Stamp) {
                row.updated_at = stamp.at;
                row.updated_by = stamp.by;
            }
        }
    };
}

/// A table of what people edit.
macro_rules! record {
    ($(#[$doc:meta])* $module:ident, $table:literal, $id:ident, { $($fields:tt)* }) => {
        business_table! {
            $(#[$doc])* $module, $table, $id, { $($fields)* },
            {
                /// When the row was made.
                created_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
                /// Who made it.
                created_by: Option<MembershipId> = |stamp: crate::Stamp| stamp.by,
                /// When it was last changed.
                updated_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
                /// Who changed it last.
                updated_by: Option<MembershipId> = |stamp: crate::Stamp| stamp.by,
                /// Rises by one with every change.
                version: i32 = |_| 1,
                /// Since when it is archived.
                archived_at: Option<DateTime<Utc>> = |_| None,
            }
        }
        stamped!($module);

        impl crate::RecordEntity for $module::Entity {
            const VERSION: $module::Column = $module::Column::Version;
            const ARCHIVED_AT: $module::Column = $module::Column::ArchivedAt;

            fn version(row: &$module::Model) -> i32 {
                row.version
            }

            fn archived_at(row: &$module::Model) -> Option<chrono::DateTime<chrono::Utc>> {
                row.archived_at
            }

            fn set_archived_at(row: &mut $module::Model, at: Option<chrono::DateTime<chrono::Utc>>) {
                row.archived_at = at;
            }
        }
    };
}

/// A table of what the rules write.
macro_rules! row {
    ($(#[$doc:meta])* $module:ident, $table:literal, $id:ident, { $($fields:tt)* }) => {
        business_table! {
            $(#[$doc])* $module, $table, $id, { $($fields)* },
            {
                /// When the row was made.
                created_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
                /// Who made it.
                created_by: Option<MembershipId> = |stamp: crate::Stamp| stamp.by,
                /// When it was last changed.
                updated_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
                /// Who changed it last.
                updated_by: Option<MembershipId> = |stamp: crate::Stamp| stamp.by,
            }
        }
        stamped!($module);
    };
}

/// A table of parts of a document.
macro_rules! part {
    ($(#[$doc:meta])* $module:ident, $table:literal, $id:ident, { $($fields:tt)* }) => {
        business_table! { $(#[$doc])* $module, $table, $id, { $($fields)* }, {} }
    };
}
