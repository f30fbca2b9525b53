//! Recurring invoices, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use kamara_entities::{InvoiceId, RecurringInvoiceId, company, invoice, recurring_invoice};
use sea_orm::Condition;

use super::{Invoice, search_company};
use crate::{
    companies::schema::Company,
    finance::service::recurring::{self as rules, Made, NewRecurring, RecurringChange},
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Paging, complexity,
        enums::RecurrenceUnit,
        filter::{Conditions, DateFilter, IdFilter},
        list, nested, request,
    },
    identity::Permission,
    tenancy::{Direction, Order, TenantScope},
};

shown! {
    /// Invoices that come again: each is like another invoice, on days that follow each other.
    RecurringInvoice(recurring_invoice),
}

/// The invoices that a recurring one made, the newest first.
struct MadeBy;

impl Children for MadeBy {
    type Entity = invoice::Entity;
    const PARENT: invoice::Column = invoice::Column::RecurringInvoiceId;
    const ORDER: Order<invoice::Column> = Order { column: invoice::Column::Date, direction: Direction::Desc };
}

#[Object]
impl RecurringInvoice {
    /// Id.
    async fn id(&self) -> Id<RecurringInvoiceId> {
        Id(self.0.id)
    }

    /// The invoice that each of them is like.
    async fn like(&self, ctx: &Context<'_>) -> Result<Invoice> {
        Ok(Invoice(ctx.row::<invoice::Entity>(self.0.like_id).await?))
    }

    /// The client.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Company> {
        Ok(Company(ctx.row::<company::Entity>(self.0.company_id).await?))
    }

    /// Unit of the time between two.
    async fn unit(&self) -> RecurrenceUnit {
        self.0.unit.into()
    }

    /// How many units.
    async fn every(&self) -> i32 {
        self.0.every
    }

    /// The day from which the others are told, so that what begins on the 31st comes back to it.
    async fn start_date(&self) -> Date {
        Date(self.0.start_date)
    }

    /// Date of the next.
    async fn next_date(&self) -> Date {
        Date(self.0.next_date)
    }

    /// None is dated later.
    async fn end_date(&self) -> Option<Date> {
        self.0.end_date.map(Date)
    }

    /// Whether no more come, since the end is passed.
    async fn finished(&self) -> bool {
        rules::is_finished(&self.0)
    }

    /// How many it made.
    async fn made(&self) -> i32 {
        self.0.made
    }

    /// The invoices that it made, the newest first.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn invoices(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Invoice>> {
        nested::<MadeBy, _>(ctx, self.0.id.0, Paging { first, after }).await
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

ordering! {
    /// What recurring invoices are sorted by.
    RecurringInvoiceOrder, RecurringInvoiceOrderField of recurring_invoice, default NextDate Asc,
    {
        /// By the date of the next.
        NextDate => NextDate,
        /// By how many were made.
        Made => Made,
        /// By when they were made.
        CreatedAt => CreatedAt,
    }
}

/// Which recurring invoices.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct RecurringInvoiceFilter {
    /// Words, each of which is in what their client is known by.
    search: Option<String>,
    /// The client.
    company_id: Option<IdFilter>,
    /// The invoice that each is like.
    like_id: Option<IdFilter>,
    /// Date of the next.
    next_date: Option<DateFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl RecurringInvoiceFilter {
    fn condition(self, scope: &TenantScope) -> Condition {
        use recurring_invoice::Column as C;
        let search = search_company(scope, C::CompanyId, self.search.as_ref());
        Conditions::records(self.archived, C::ArchivedAt)
            .and(search)
            .on(C::CompanyId, self.company_id)
            .on(C::LikeId, self.like_id)
            .on(C::NextDate, self.next_date)
            .all()
    }
}

/// Asking for recurring invoices.
#[derive(Default)]
pub(crate) struct RecurringInvoiceQuery;

#[Object]
impl RecurringInvoiceQuery {
    /// Invoices that come again.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::InvoicesRead)")]
    async fn recurring_invoices(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: RecurringInvoiceFilter,
        order_by: Option<RecurringInvoiceOrder>,
    ) -> Result<Listed<RecurringInvoice>> {
        let condition = filter.condition(&*request(ctx).read().await?);
        let order = RecurringInvoiceOrder::or_default(order_by);
        list::<recurring_invoice::Entity, _>(ctx, Paging { first, after }, condition, order).await
    }

    /// Invoices that come again.
    #[graphql(guard = "Can(Permission::InvoicesRead)")]
    async fn recurring_invoice(&self, ctx: &Context<'_>, id: Id<RecurringInvoiceId>) -> Result<RecurringInvoice> {
        Ok(RecurringInvoice(request(ctx).read().await?.require::<recurring_invoice::Entity>(id.0).await?))
    }
}

/// A new recurring invoice.
#[derive(InputObject)]
pub(crate) struct CreateRecurringInvoiceInput {
    /// The draft or issued invoice that each is like.
    like_id: Id<InvoiceId>,
    /// Unit of the time between two.
    unit: RecurrenceUnit,
    /// How many units, from 1 to 120.
    #[graphql(default = 1)]
    every: i32,
    /// Date of the first. Unless said, the invoice that it's like counts as the first, and the next is dated one interval later.
    start_date: Option<Date>,
    /// None is dated later; they go on without an end unless said.
    end_date: Option<Date>,
}

/// A change of a recurring invoice: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateRecurringInvoiceInput {
    /// The recurring invoice.
    id: Id<RecurringInvoiceId>,
    /// The version that was read.
    version: i32,
    /// The draft or issued invoice that each is like.
    like_id: Option<Id<InvoiceId>>,
    /// Unit of the time between two. With another interval, days are told from the next date on.
    unit: Option<RecurrenceUnit>,
    /// How many units, from 1 to 120.
    every: Option<i32>,
    /// Date of the next; those after it are told from it.
    next_date: Option<Date>,
    /// None is dated later.
    end_date: MaybeUndefined<Date>,
}

/// Which recurring invoice makes its next.
#[derive(InputObject)]
pub(crate) struct MakeRecurringInvoiceInput {
    /// The recurring invoice.
    id: Id<RecurringInvoiceId>,
    /// The version that was read: with it, the same invoice isn't made twice.
    version: Option<i32>,
    /// What one unit of the invoice's currency is worth in the currency of the books; that of its date unless said.
    rate: Option<Dec>,
}

payloads! {
    CreateRecurringInvoicePayload { recurring_invoice: RecurringInvoice },
    UpdateRecurringInvoicePayload { recurring_invoice: RecurringInvoice },
}

/// What was made.
#[derive(SimpleObject)]
pub(crate) struct MakeRecurringInvoicePayload {
    /// The draft.
    invoice: Invoice,
    /// The recurring invoice as it is now.
    recurring_invoice: RecurringInvoice,
}

impl From<Made> for MakeRecurringInvoicePayload {
    fn from(made: Made) -> Self {
        Self { invoice: made.invoice.into(), recurring_invoice: made.recurring.into() }
    }
}

/// Having invoices come again.
#[derive(Default)]
pub(crate) struct RecurringInvoiceMutation;

#[Object]
impl RecurringInvoiceMutation {
    /// Has an invoice come again. Makes no invoice yet.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_recurring_invoice(
        &self,
        ctx: &Context<'_>,
        input: CreateRecurringInvoiceInput,
    ) -> Result<CreateRecurringInvoicePayload> {
        let new = NewRecurring {
            like_id: input.like_id.0,
            unit: input.unit.into(),
            every: input.every,
            start_date: input.start_date.map(|date| date.0),
            end_date: input.end_date.map(|date| date.0),
        };
        let scope = request(ctx).write().await?;
        let row = rules::create(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a recurring invoice; what it made stays.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_recurring_invoice(
        &self,
        ctx: &Context<'_>,
        input: UpdateRecurringInvoiceInput,
    ) -> Result<UpdateRecurringInvoicePayload> {
        let end_date = match input.end_date {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(date) => Some(Some(date.0)),
        };
        let change = RecurringChange {
            like_id: input.like_id.map(|id| id.0),
            unit: input.unit.map(Into::into),
            every: input.every,
            next_date: input.next_date.map(|date| date.0),
            end_date,
        };
        let scope = request(ctx).write().await?;
        let row = rules::update(&scope, input.id.0, input.version, change).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Makes the next invoice as a draft, and moves the next date on. Everything is as in the invoice that it's like, but for what
    /// follows from its date: the day's rate, the taxes' rates, when it's to be paid, and what its lines are paid for.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn make_recurring_invoice(
        &self,
        ctx: &Context<'_>,
        input: MakeRecurringInvoiceInput,
    ) -> Result<MakeRecurringInvoicePayload> {
        let scope = request(ctx).write().await?;
        let made = rules::make(&scope, input.id.0, input.version, input.rate.map(|rate| rate.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(made.into())
    }
}

archiving! {
    RecurringInvoiceArchiving, recurring_invoice, RecurringInvoiceId, RecurringInvoice, recurring_invoice, FinanceWrite,
    archive_recurring_invoice(ArchiveRecurringInvoiceInput) -> ArchiveRecurringInvoicePayload,
    restore_recurring_invoice(RestoreRecurringInvoiceInput) -> RestoreRecurringInvoicePayload
}
