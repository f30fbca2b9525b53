//! Loading in batches: whatever hangs on the rows of a list is read with one statement for all of them.

use std::{
    collections::HashMap,
    future::Future,
    hash::{Hash, Hasher},
    marker::PhantomData,
    sync::Arc,
};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};
use kamara_entities::{RecordEntity, TenantEntity};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, ModelTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Value,
};
use uuid::Uuid;

use super::Request;
use crate::{
    error::{Error, Result},
    tenancy::{Cursor, Order, Page, PageRequest, TenantScope},
};

/// What hangs on a row: which table's rows, by which column, in which order.
pub(crate) trait Children: Send + Sync + 'static {
    /// The table of the children.
    type Entity: TenantEntity;

    /// The column that names the parent.
    const PARENT: <Self::Entity as EntityTrait>::Column;

    /// What the children are sorted by.
    const ORDER: Order<<Self::Entity as EntityTrait>::Column>;
}

type RowOf<C> = <<C as Children>::Entity as TenantEntity>::Row;

/// Loads for one request, from the scope that it reads.
pub(crate) struct Batch(Request);

impl Batch {
    /// The scope that the request reads from.
    pub(crate) async fn scope(&self) -> Result<Arc<TenantScope>> {
        self.0.read().await
    }
}

/// The loader of a request. It keeps nothing: within a request rows may change.
pub(crate) fn loader(request: Request) -> DataLoader<Batch> {
    DataLoader::new(Batch(request), TokioSpawner::current(), TokioTimer::default())
}

/// How resolvers load.
pub(crate) trait Loading {
    /// The row with an id, which another row of the tenant refers to.
    fn row<E: TenantEntity>(&self, id: E::Id) -> impl Future<Output = Result<E::Row>> + Send;

    /// The same, where there may be none.
    fn row_if_any<E: TenantEntity>(&self, id: Option<E::Id>) -> impl Future<Output = Result<Option<E::Row>>> + Send;

    /// All children of a row.
    fn all_of<C: Children>(&self, parent: Uuid) -> impl Future<Output = Result<Vec<RowOf<C>>>> + Send;

    /// A part of the children of a row, archived ones left out.
    fn page_of<C: Children>(
        &self,
        parent: Uuid,
        page: PageRequest,
    ) -> impl Future<Output = Result<Page<RowOf<C>>>> + Send
    where
        C::Entity: RecordEntity;

    /// How many children a row has, archived ones left out.
    fn count_of<C: Children>(&self, parent: OfParent<C>) -> impl Future<Output = Result<i64>> + Send
    where
        C::Entity: RecordEntity;
}

impl Loading for Context<'_> {
    async fn row<E: TenantEntity>(&self, id: E::Id) -> Result<E::Row> {
        let row = batches(self).load_one(ById::<E>(id)).await?;
        row.ok_or_else(|| Error::internal(format!("a row refers to a {} that isn't there", E::KIND)))
    }

    async fn row_if_any<E: TenantEntity>(&self, id: Option<E::Id>) -> Result<Option<E::Row>> {
        match id {
            Some(id) => self.row::<E>(id).await.map(Some),
            None => Ok(None),
        }
    }

    async fn all_of<C: Children>(&self, parent: Uuid) -> Result<Vec<RowOf<C>>> {
        Ok(batches(self).load_one(AllOf::<C>(OfParent::new(parent))).await?.unwrap_or_default())
    }

    async fn page_of<C: Children>(&self, parent: Uuid, page: PageRequest) -> Result<Page<RowOf<C>>>
    where
        C::Entity: RecordEntity,
    {
        let key = PageOf::<C> {
            parent: OfParent::new(parent),
            first: page.first,
            after: page.after.map(|cursor| cursor.encode()),
        };
        Ok(batches(self).load_one(key).await?.unwrap_or(Page { rows: Vec::new(), has_next: false }))
    }

    async fn count_of<C: Children>(&self, parent: OfParent<C>) -> Result<i64>
    where
        C::Entity: RecordEntity,
    {
        Ok(batches(self).load_one(parent).await?.unwrap_or(0))
    }
}

fn batches<'a>(ctx: &Context<'a>) -> &'a DataLoader<Batch> {
    ctx.data_unchecked()
}

/// A row, by its id.
pub(crate) struct ById<E: TenantEntity>(E::Id);

impl<E: TenantEntity> Clone for ById<E> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}
impl<E: TenantEntity> PartialEq for ById<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<E: TenantEntity> Eq for ById<E> {}
impl<E: TenantEntity> Hash for ById<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<E: TenantEntity> Loader<ById<E>> for Batch {
    type Value = E::Row;
    type Error = Error;

    async fn load(&self, keys: &[ById<E>]) -> Result<HashMap<ById<E>, E::Row>> {
        let scope = self.0.read().await?;
        let rows = scope.by_ids::<E>(keys.iter().map(|key| key.0)).await?;
        Ok(rows.into_iter().map(|(id, row)| (ById(id), row)).collect())
    }
}

/// The children of a row; as a key of its own, how many there are.
pub(crate) struct OfParent<C>(Uuid, PhantomData<fn() -> C>);

impl<C> OfParent<C> {
    /// Those of a row.
    pub(crate) const fn new(parent: Uuid) -> Self {
        Self(parent, PhantomData)
    }
}
impl<C> Clone for OfParent<C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C> Copy for OfParent<C> {}
impl<C> PartialEq for OfParent<C> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<C> Eq for OfParent<C> {}
impl<C> Hash for OfParent<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<C: Children> Loader<OfParent<C>> for Batch
where
    C::Entity: RecordEntity,
{
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[OfParent<C>]) -> Result<HashMap<OfParent<C>, i64>> {
        #[derive(FromQueryResult)]
        struct Count {
            parent: Uuid,
            count: i64,
        }
        let scope = self.0.read().await?;
        let select = scope
            .find::<C::Entity>()
            .filter(C::Entity::ARCHIVED_AT.is_null())
            .filter(C::PARENT.is_in(keys.iter().map(|key| key.0)))
            .select_only()
            .column_as(C::PARENT, "parent")
            .column_as(C::Entity::ID.count(), "count")
            .group_by(C::PARENT);
        let counts = scope.query::<Count>(&select.into_query()).await?;
        Ok(counts.into_iter().map(|row| (OfParent::new(row.parent), row.count)).collect())
    }
}

/// All children of a row.
pub(crate) struct AllOf<C>(OfParent<C>);

impl<C> Clone for AllOf<C> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}
impl<C> PartialEq for AllOf<C> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<C> Eq for AllOf<C> {}
impl<C> Hash for AllOf<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<C: Children> Loader<AllOf<C>> for Batch {
    type Value = Vec<RowOf<C>>;
    type Error = Error;

    async fn load(&self, keys: &[AllOf<C>]) -> Result<HashMap<AllOf<C>, Vec<RowOf<C>>>> {
        let scope = self.0.read().await?;
        let select = scope
            .find::<C::Entity>()
            .filter(C::PARENT.is_in(keys.iter().map(|key| key.0.0)))
            .order_by(C::ORDER.column, C::ORDER.direction.sql());
        let mut children: HashMap<AllOf<C>, Vec<RowOf<C>>> = HashMap::with_capacity(keys.len());
        for row in scope.all(select).await? {
            if let Value::Uuid(Some(parent)) = row.get(C::PARENT) {
                children.entry(AllOf(OfParent::new(parent))).or_default().push(row);
            }
        }
        Ok(children)
    }
}

/// A part of the children of a row.
pub(crate) struct PageOf<C> {
    parent: OfParent<C>,
    first: u64,
    after: Option<String>,
}

impl<C> Clone for PageOf<C> {
    fn clone(&self) -> Self {
        Self { parent: self.parent, first: self.first, after: self.after.clone() }
    }
}
impl<C> PartialEq for PageOf<C> {
    fn eq(&self, other: &Self) -> bool {
        self.parent == other.parent && self.first == other.first && self.after == other.after
    }
}
impl<C> Eq for PageOf<C> {}
impl<C> Hash for PageOf<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.parent, self.first, &self.after).hash(state);
    }
}

impl<C: Children> Loader<PageOf<C>> for Batch
where
    C::Entity: RecordEntity,
{
    type Value = Page<RowOf<C>>;
    type Error = Error;

    async fn load(&self, keys: &[PageOf<C>]) -> Result<HashMap<PageOf<C>, Page<RowOf<C>>>> {
        let scope = self.0.read().await?;
        // A query may ask for the same list twice, by aliases, with other pages: one statement for each kind of page.
        let mut wanted: HashMap<(u64, Option<&String>), Vec<Uuid>> = HashMap::new();
        for key in keys {
            wanted.entry((key.first, key.after.as_ref())).or_default().push(key.parent.0);
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for ((first, after), parents) in wanted {
            let request = PageRequest { first, after: after.map(|text| Cursor::decode(text)).transpose()? };
            let select = scope.find::<C::Entity>().filter(C::Entity::ARCHIVED_AT.is_null());
            for (parent, page) in scope.pages_of(C::PARENT, &parents, select, C::ORDER, &request).await? {
                pages.insert(PageOf { parent: OfParent::new(parent), first, after: after.cloned() }, page);
            }
        }
        Ok(pages)
    }
}
