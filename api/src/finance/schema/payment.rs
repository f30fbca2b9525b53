//! Payments, as the API shows them.

use std::collections::HashSet;

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use kamara_entities::{
    PaymentId, PostingStatus as Standing, SourceKind, account, company, employee, invoice, payment, payment_allocation,
    tax_code,
};
use sea_orm::{ColumnTrait, Condition, ExprTrait as _, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr};

use super::{
    Invoice,
    allocation::{PaymentAllocation, active},
    search,
};
use crate::{
    companies::schema::Company,
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::{PaymentDirection, PostingStatus, SubLedger},
        filter::{
            Conditions, DateFilter, FilterOn, IdFilter, PaymentDirectionFilter, PostingStatusFilter, StringFilter,
        },
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, JournalEntry, TaxCode},
    money,
    people::schema::Employee,
    tenancy::{Direction, Order, TenantScope},
};

shown! {
    /// Money received or paid.
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

struct RefundsOfPayment;
impl Children for RefundsOfPayment {
    type Entity = payment_allocation::Entity;
    const PARENT: payment_allocation::Column = payment_allocation::Column::RefundedId;
    const ORDER: Order<payment_allocation::Column> = AllocationsOfPayment::ORDER;
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

    /// To which employee.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn employee(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.employee_id).await?.map(Employee))
    }

    /// Which way the money went.
    async fn direction(&self) -> PaymentDirection {
        self.0.direction.into()
    }

    /// Whose open items it settles.
    async fn sub_ledger(&self) -> SubLedger {
        self.0.sub_ledger.into()
    }

    /// Whether it was paid before there was an invoice or a bill.
    async fn advance(&self) -> bool {
        self.0.advance
    }

    /// The tax that is in an advance.
    async fn tax(&self) -> Money {
        Money::new(self.0.tax_minor, &self.0.currency)
    }

    /// When.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// How much.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// What of the amount is kept back for the state: it settles as the rest does, and isn't paid out.
    async fn withheld(&self) -> Money {
        Money::new(self.0.withheld_minor, &self.0.currency)
    }

    /// The tax that is kept back.
    async fn withholding_tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.0.withholding_code_id).await?.map(TaxCode))
    }

    /// What moved on the account: the amount less what is kept back.
    async fn moved(&self) -> Money {
        Money::new(self.0.amount_minor - self.0.withheld_minor, &self.0.currency)
    }

    /// What one unit of the currency was worth in the currency of the books.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.0.rate))
    }

    /// Into or out of which account.
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

    /// What it settles, oldest first; what was undone is left out.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn allocations(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAllocation>> {
        Ok(active(ctx.all_of::<AllocationsOfPayment>(self.0.id.0).await?))
    }

    /// What became of its rest beside that: what was paid back or written off, oldest first; what was undone is left out.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn refunds(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAllocation>> {
        Ok(active(ctx.all_of::<RefundsOfPayment>(self.0.id.0).await?))
    }

    /// The invoices and credit notes that it settles.
    #[graphql(complexity = "1 + 5 * child_complexity", guard = "Can(Permission::InvoicesRead)")]
    async fn invoices(&self, ctx: &Context<'_>) -> Result<Vec<Invoice>> {
        let rows = active(ctx.all_of::<AllocationsOfPayment>(self.0.id.0).await?);
        let mut seen = HashSet::new();
        let ids = rows.into_iter().filter_map(|part| part.0.invoice_id).filter(|id| seen.insert(*id));
        let rows = try_join_all(ids.map(|id| ctx.row::<invoice::Entity>(id))).await?;
        Ok(rows.into_iter().map(Invoice).collect())
    }

    /// What settles nothing yet; nothing once it's reversed.
    async fn unallocated(&self) -> Money {
        let posted = self.0.status == kamara_entities::PostingStatus::Posted;
        let rest = if posted { self.0.amount_minor - self.0.allocated_minor } else { 0 };
        Money::new(rest, &self.0.currency)
    }

    /// Where its receipt, or the advice to who is paid, is got from as PDF, in the other's language.
    async fn pdf_url(&self) -> String {
        format!("/documents/payments/{}.pdf", self.0.id)
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
    /// Which way the money went.
    direction: Option<PaymentDirectionFilter>,
    /// From which company, or to which.
    company_id: Option<IdFilter>,
    /// To which employee.
    employee_id: Option<IdFilter>,
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
    /// Whether it's an advance.
    advance: Option<bool>,
    /// Whether something is left of it that settles nothing.
    unallocated: Option<bool>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl PaymentFilter {
    fn condition(self, scope: &TenantScope) -> Condition {
        use payment::Column as C;
        let search = search(scope, C::Reference, C::CompanyId, self.search.as_ref());
        Conditions::records(self.archived, C::ArchivedAt)
            .and(search)
            .on(C::Direction, self.direction)
            .on(C::CompanyId, self.company_id)
            .on(C::EmployeeId, self.employee_id)
            .and(self.invoice_id.map(|invoice| settling(scope, invoice)))
            .on(C::AccountId, self.account_id)
            .on(C::Date, self.date)
            .on(C::Status, self.status)
            .on(C::Currency, self.currency)
            .and(self.advance.map(|advance| Condition::all().add(C::Advance.eq(advance))))
            .and(self.unallocated.map(unallocated))
            .all()
    }
}

/// Payments of which something is left, or nothing.
fn unallocated(wanted: bool) -> Condition {
    use payment::Column as C;
    let left = Condition::all()
        .add(C::Status.eq(Standing::Posted))
        .add(Expr::col(C::AllocatedMinor).lt(Expr::col(C::AmountMinor)));
    if wanted { left } else { left.not() }
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
    /// Money received and paid.
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

    /// Money received or paid.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn payment(&self, ctx: &Context<'_>, id: Id<PaymentId>) -> Result<Payment> {
        Ok(Payment(request(ctx).read().await?.require::<payment::Entity>(id.0).await?))
    }
}
