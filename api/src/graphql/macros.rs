//! What every record has in the same form.

/// What a list of some record can be sorted by, and by what it is unless told.
macro_rules! ordering {
    (
        $(#[$doc:meta])* $order:ident, $fields:ident of $entity:ident,
        default $default:ident $direction:ident,
        { $($(#[$field_doc:meta])* $field:ident => $column:ident),* $(,)? }
    ) => {
        /// What the list can be sorted by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $fields { $($(#[$field_doc])* $field),* }

        $(#[$doc])*
        #[derive(Clone, Copy, Debug, async_graphql::InputObject)]
        pub(crate) struct $order {
            /// By what.
            field: $fields,
            /// Which way.
            #[graphql(default)]
            direction: $crate::tenancy::Direction,
        }

        impl $order {
            pub(crate) fn or_default(order: Option<Self>) -> $crate::tenancy::Order<$entity::Column> {
                let order = order.unwrap_or(Self {
                    field: $fields::$default,
                    direction: $crate::tenancy::Direction::$direction,
                });
                let column = match order.field { $($fields::$field => $entity::Column::$column),* };
                $crate::tenancy::Order { column, direction: order.direction }
            }
        }
    };
}

/// Payloads: what a mutation answers, one record of a kind.
macro_rules! payloads {
    ($($name:ident { $field:ident: $type:ty }),* $(,)?) => {$(
        /// What the mutation made of the record.
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $name {
            /// The record as it is now.
            $field: $type,
        }

        impl<T: Into<$type>> From<T> for $name {
            fn from(record: T) -> Self {
                Self { $field: record.into() }
            }
        }
    )*};
}

/// The same for what takes of a budget: with where it goes over one that only warns.
macro_rules! warned_payloads {
    ($($name:ident { $field:ident: $type:ty }),* $(,)?) => {$(
        /// What the mutation made of the record.
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $name {
            /// The record as it is now.
            $field: $type,
            /// Where it goes over a budget that only warns, with what is left of it.
            warnings: Vec<String>,
        }

        impl $name {
            fn new(
                ctx: &async_graphql::Context<'_>,
                (record, warnings): (impl Into<$type>, Vec<$crate::error::Text>),
            ) -> Self {
                let language = $crate::graphql::request(ctx).language();
                let warnings = warnings.iter().map(|warning| warning.in_language(language).to_owned()).collect();
                Self { $field: record.into(), warnings }
            }
        }
    )*};
}

/// The mutations that archive a record and take it back, where no other rule applies.
macro_rules! archiving {
    (
        $object:ident, $entity:ident, $id:ident, $type:ident, $field:ident, $permission:ident,
        $archive:ident($archive_input:ident) -> $archive_payload:ident,
        $restore:ident($restore_input:ident) -> $restore_payload:ident
    ) => {
        /// Which record, as it was read.
        #[derive(async_graphql::InputObject)]
        pub(crate) struct $archive_input {
            /// The record.
            id: $crate::graphql::Id<kamara_entities::$id>,
            /// The version that was read.
            version: i32,
        }

        /// Which record, as it was read.
        #[derive(async_graphql::InputObject)]
        pub(crate) struct $restore_input {
            /// The record.
            id: $crate::graphql::Id<kamara_entities::$id>,
            /// The version that was read.
            version: i32,
        }

        payloads! { $archive_payload { $field: $type }, $restore_payload { $field: $type } }

        /// Archiving.
        #[derive(Default)]
        pub(crate) struct $object;

        #[async_graphql::Object]
        impl $object {
            /// Archives the record: it stays where it is referred to, and leaves the lists.
            #[graphql(guard = $crate::graphql::Can($crate::identity::Permission::$permission))]
            async fn $archive(
                &self,
                ctx: &async_graphql::Context<'_>,
                input: $archive_input,
            ) -> async_graphql::Result<$archive_payload> {
                let request = $crate::graphql::request(ctx);
                let scope = request.write().await?;
                let row = scope.archive::<$entity::Entity>(input.id.0, input.version).await?;
                request.commit(scope).await?;
                Ok(row.into())
            }

            /// Takes the record out of the archive.
            #[graphql(guard = $crate::graphql::Can($crate::identity::Permission::$permission))]
            async fn $restore(
                &self,
                ctx: &async_graphql::Context<'_>,
                input: $restore_input,
            ) -> async_graphql::Result<$restore_payload> {
                let request = $crate::graphql::request(ctx);
                let scope = request.write().await?;
                let row = scope.restore::<$entity::Entity>(input.id.0, input.version).await?;
                request.commit(scope).await?;
                Ok(row.into())
            }
        }
    };
}

/// A wrapper around a row, which the API shows.
macro_rules! shown {
    ($($(#[$doc:meta])* $type:ident($entity:ident)),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(crate) struct $type(pub(crate) $entity::Model);

        impl From<$entity::Model> for $type {
            fn from(row: $entity::Model) -> Self {
                Self(row)
            }
        }
    )*};
}
