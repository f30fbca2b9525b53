//! Payments, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    AccountId, CompanyId, InvoiceId, PaymentAllocationId, PaymentId, SourceKind, account, company, invoice, payment,
    payment_allocation,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};

use super::{Invoice, search};
use crate::{
    companies::schema::Company,
    finance::service::payment::{self as rules, NewAllocation, NewPayment},
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::PostingStatus,
        filter::{Conditions, DateFilter, FilterOn, IdFilter, PostingStatusFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, JournalEntry},
    money,
    tenancy::{Direction, Order, TenantScope},
};

shown! {
    /// Money received from a client.
    Payment(payment),
}

struct AllocationsOfPayment;
impl Children for AllocationsOfPayment {
    type Entity = payment_allocation::Entity;
    const PARENT: payment_allocation::Column = payment_allocation::Column::PaymentId;
    // Ids rise with time.
    const ORDER: Order<payment_allocation::Column> =
        Order { column: payment_allocation::Column::Id, direction: Direction::Asc };
}

#[Object]
impl Payment {
    /// Id.
    async fn id(&self) -> Id<PaymentId> {
        Id(self.0.id)
    }

    /// From which company, or to which.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.company_id).await?.map(Company))
    }

    /// When.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// How much.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// What one unit of the currency was worth in the currency of the books.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.0.rate))
    }

    /// Into which account.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.0.account_id).await?))
    }

    /// What the bank's statement says.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// Whether it's reversed.
    async fn status(&self) -> PostingStatus {
        self.0.status.into()
    }

    /// What it settles, or settled until it was reversed.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn allocations(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAllocation>> {
        let rows = ctx.all_of::<AllocationsOfPayment>(self.0.id.0).await?;
        Ok(rows.into_iter().map(|row| PaymentAllocation { row, currency: self.0.currency.clone() }).collect())
    }

    /// What settles no invoice; nothing once it's reversed.
    async fn unallocated(&self, ctx: &Context<'_>) -> Result<Money> {
        let rows = ctx.all_of::<AllocationsOfPayment>(self.0.id.0).await?;
        let allocated: i64 = rows.iter().map(|row| row.amount_minor).sum();
        let posted = self.0.status == kamara_entities::PostingStatus::Posted;
        Ok(Money::new(if posted { self.0.amount_minor - allocated } else { 0 }, &self.0.currency))
    }

    /// The entry that posted it.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        JournalEntry::of_source(ctx, SourceKind::Payment, self.0.id.0).await
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

/// The part of a payment that settles an invoice.
#[derive(Clone, Debug)]
pub(crate) struct PaymentAllocation {
    /// The row.
    pub(crate) row: payment_allocation::Model,
    /// The currency of both.
    pub(crate) currency: String,
}

#[Object]
impl PaymentAllocation {
    /// Id.
    async fn id(&self) -> Id<PaymentAllocationId> {
        Id(self.row.id)
    }

    /// The payment.
    async fn payment(&self, ctx: &Context<'_>) -> Result<Option<Payment>> {
        Ok(ctx.row_if_any::<payment::Entity>(self.row.payment_id).await?.map(Payment))
    }

    /// The invoice.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>> {
        Ok(ctx.row_if_any::<invoice::Entity>(self.row.invoice_id).await?.map(Invoice))
    }

    /// How much.
    async fn amount(&self) -> Money {
        Money::new(self.row.amount_minor, &self.currency)
    }
}

ordering! {
    /// What payments are sorted by.
    PaymentOrder, PaymentOrderField of payment, default Date Desc,
    {
        /// By day.
        Date => Date,
        /// By amount, whatever its currency.
        Amount => AmountMinor,
        /// By whether they are reversed.
        Status => Status,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which payments.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct PaymentFilter {
    /// Words, each of which is in its reference or in what its client is known by.
    search: Option<String>,
    /// From whom.
    company_id: Option<IdFilter>,
    /// Which invoice it settles, or settled until it was reversed; `isNull: true` for those that settle none.
    invoice_id: Option<IdFilter>,
    /// Into which account.
    account_id: Option<IdFilter>,
    /// When.
    date: Option<DateFilter>,
    /// Whether it's reversed.
    status: Option<PostingStatusFilter>,
    /// Currency.
    currency: Option<StringFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl PaymentFilter {
    fn condition(self, scope: &TenantScope) -> Condition {
        use payment::Column as C;
        let search = search(scope, C::Reference, C::CompanyId, self.search.as_ref());
        Conditions::records(self.archived, C::ArchivedAt)
            .and(search)
            .on(C::CompanyId, self.company_id)
            .and(self.invoice_id.map(|invoice| settling(scope, invoice)))
            .on(C::AccountId, self.account_id)
            .on(C::Date, self.date)
            .on(C::Status, self.status)
            .on(C::Currency, self.currency)
            .all()
    }
}

/// Payments that settle some invoices.
fn settling(scope: &TenantScope, mut invoice: IdFilter) -> Condition {
    let payments = |condition: Condition| {
        scope
            .find::<payment_allocation::Entity>()
            .filter(condition)
            .select_only()
            .column(payment_allocation::Column::PaymentId)
            .into_query()
    };
    let settles = |condition| Condition::all().add(payment::Column::Id.in_subquery(payments(condition)));
    let none = invoice.is_null.take();
    let none = none.map(|none| if none { settles(Condition::all()).not() } else { settles(Condition::all()) });
    let named = invoice.condition(payment_allocation::Column::InvoiceId);
    Condition::all().add_option(none).add_option((!named.is_empty()).then(|| settles(named)))
}

/// Asking for payments.
#[derive(Default)]
pub(crate) struct PaymentQuery;

#[Object]
impl PaymentQuery {
    /// Money received from clients.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn payments(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: PaymentFilter,
        order_by: Option<PaymentOrder>,
    ) -> Result<Listed<Payment>> {
        let condition = filter.condition(&*request(ctx).read().await?);
        list::<payment::Entity, _>(ctx, Paging { first, after }, condition, PaymentOrder::or_default(order_by)).await
    }

    /// Money received from a client.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn payment(&self, ctx: &Context<'_>, id: Id<PaymentId>) -> Result<Payment> {
        Ok(Payment(request(ctx).read().await?.require::<payment::Entity>(id.0).await?))
    }
}

/// A part of a payment that settles an invoice.
#[derive(InputObject)]
pub(crate) struct AllocationInput {
    /// The invoice.
    invoice_id: Id<InvoiceId>,
    /// How much.
    amount: Dec,
}

/// A new payment.
#[derive(InputObject)]
pub(crate) struct RecordPaymentInput {
    /// From whom.
    company_id: Id<CompanyId>,
    /// When; today unless said.
    date: Option<Date>,
    /// How much.
    amount: Dec,
    /// Currency of the amount; that of the books unless said.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books; needed where they differ.
    rate: Option<Dec>,
    /// Into which account of role "bank" or "cash"; the bank's unless said.
    account_id: Option<Id<AccountId>>,
    /// What the bank's statement says.
    reference: Option<String>,
    /// Which part settles which invoice; the rest stays to the client's credit.
    #[graphql(default)]
    allocations: Vec<AllocationInput>,
}

impl From<RecordPaymentInput> for NewPayment {
    fn from(input: RecordPaymentInput) -> Self {
        let allocation =
            |input: AllocationInput| NewAllocation { invoice_id: input.invoice_id.0, amount: input.amount.0 };
        Self {
            company_id: input.company_id.0,
            date: input.date.map(|date| date.0),
            amount: input.amount.0,
            currency: input.currency,
            rate: input.rate.map(|rate| rate.0),
            account_id: input.account_id.map(|id| id.0),
            reference: input.reference,
            allocations: input.allocations.into_iter().map(allocation).collect(),
            external: None,
        }
    }
}

/// Which payment is taken back.
#[derive(InputObject)]
pub(crate) struct ReversePaymentInput {
    /// The payment.
    id: Id<PaymentId>,
    /// Date of the reversal; today unless said.
    date: Option<Date>,
}

payloads! {
    RecordPaymentPayload { payment: Payment },
    ReversePaymentPayload { payment: Payment },
}

/// Recording payments.
#[derive(Default)]
pub(crate) struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Records a payment, which is posted at once.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn record_payment(&self, ctx: &Context<'_>, input: RecordPaymentInput) -> Result<RecordPaymentPayload> {
        let scope = request(ctx).write().await?;
        let payment = rules::record(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(payment.into())
    }

    /// Takes a payment back: its entry is reversed, and what it settled is due again.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_payment(&self, ctx: &Context<'_>, input: ReversePaymentInput) -> Result<ReversePaymentPayload> {
        let scope = request(ctx).write().await?;
        let payment = rules::reverse(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(payment.into())
    }
}
