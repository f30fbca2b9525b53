//! Invoices, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    InvoiceId, SourceKind, company, deal, department, employee, invoice, invoice_line, invoice_line_tax,
    payment_allocation, recurring_invoice,
};
use sea_orm::{ColumnTrait, Condition};

use super::{
    InvoiceLine,
    allocation::{PaymentAllocation, active},
    recurring::RecurringInvoice,
    search,
    tax::{InvoiceTax, TaxesOfInvoice},
    terms::{InvoiceInstalment, is_due, is_late},
};
use crate::{
    approvals::schema::Approval,
    companies::schema::Company,
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::{EinvoiceStatus, InvoiceKind, InvoiceStatus},
        filter::{Conditions, DateFilter, IdFilter, InvoiceKindFilter, InvoiceStatusFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::JournalEntry,
    money,
    people::schema::{Department, Employee},
    sales::schema::Deal,
    tenancy::{Direction, Order, TenantScope},
};

shown! {
    /// A bill to a client.
    Invoice(invoice),
}

struct LinesOfInvoice;
impl Children for LinesOfInvoice {
    type Entity = invoice_line::Entity;
    const PARENT: invoice_line::Column = invoice_line::Column::InvoiceId;
    const ORDER: Order<invoice_line::Column> =
        Order { column: invoice_line::Column::Position, direction: Direction::Asc };
}

struct AllocationsOfInvoice;
impl Children for AllocationsOfInvoice {
    type Entity = payment_allocation::Entity;
    const PARENT: payment_allocation::Column = payment_allocation::Column::InvoiceId;
    // Ids rise with time.
    const ORDER: Order<payment_allocation::Column> =
        Order { column: payment_allocation::Column::Id, direction: Direction::Asc };
}

struct AllocationsOfCreditNote;
impl Children for AllocationsOfCreditNote {
    type Entity = payment_allocation::Entity;
    const PARENT: payment_allocation::Column = payment_allocation::Column::CreditNoteId;
    const ORDER: Order<payment_allocation::Column> = AllocationsOfInvoice::ORDER;
}

struct CreditNotesOfInvoice;
impl Children for CreditNotesOfInvoice {
    type Entity = invoice::Entity;
    const PARENT: invoice::Column = invoice::Column::CreditsId;
    const ORDER: Order<invoice::Column> = Order { column: invoice::Column::Id, direction: Direction::Asc };
}

impl Invoice {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, &self.0.currency)
    }
}

#[Object]
impl Invoice {
    /// Id.
    async fn id(&self) -> Id<InvoiceId> {
        Id(self.0.id)
    }

    /// Whether it bills or credits; the amounts of a credit note are positive too.
    async fn kind(&self) -> InvoiceKind {
        self.0.kind.into()
    }

    /// Number, given when issued.
    async fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> InvoiceStatus {
        self.0.status.into()
    }

    /// The client.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Company> {
        Ok(Company(ctx.row::<company::Entity>(self.0.company_id).await?))
    }

    /// Date of the invoice.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// When it is to be paid; the last instalment, where there are several.
    async fn due_date(&self) -> Date {
        Date(self.0.due_date)
    }

    /// The parts in which it is to be paid, the first due first; none where all is paid on one day.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn instalments(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceInstalment>> {
        let today = request(ctx).read().await?.today();
        InvoiceInstalment::of(ctx, &self.0, is_open(&self.0), today).await
    }

    /// Currency of all its amounts.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// What one unit of the currency is worth in the currency of the books.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.0.rate))
    }

    /// Sum of the lines after discount, before tax.
    async fn net(&self) -> Money {
        self.money(self.0.net_minor)
    }

    /// Sum of the discounts.
    async fn discount(&self) -> Money {
        self.money(self.0.discount_minor)
    }

    /// Discount on the sum of the lines, in percent.
    async fn discount_percent(&self) -> Dec {
        Dec(money::percent(self.0.document_discount_bp))
    }

    /// Sum of the taxes.
    async fn tax(&self) -> Money {
        self.money(self.0.tax_minor)
    }

    /// Net and tax.
    async fn total(&self) -> Money {
        self.money(self.0.total_minor)
    }

    /// What was paid of it.
    async fn paid(&self) -> Money {
        self.money(self.0.paid_minor)
    }

    /// What is to be paid still; nothing of a draft, or once it's void.
    async fn due(&self) -> Money {
        self.money(if is_open(&self.0) { self.0.total_minor - self.0.paid_minor } else { 0 })
    }

    /// Whether something is to be paid still, and should have been.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        if !is_open(&self.0) {
            return Ok(false);
        }
        let today = request(ctx).read().await?.today();
        Ok(self.0.due_date < today || InvoiceInstalment::any_overdue(ctx, &self.0, today).await?)
    }

    /// Who sold.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn seller(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.seller_id).await?.map(Employee))
    }

    /// The deal that it bills.
    #[graphql(guard = "Can(Permission::SalesRead)")]
    async fn deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        Ok(ctx.row_if_any::<deal::Entity>(self.0.deal_id).await?.map(Deal))
    }

    /// The department that earns it.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Department))
    }

    /// Number of the state's own e-invoice.
    async fn einvoice_number(&self) -> Option<&str> {
        self.0.einvoice_number.as_deref()
    }

    /// Where the state's own e-invoice stands.
    async fn einvoice_status(&self) -> Option<EinvoiceStatus> {
        self.0.einvoice_status.map(Into::into)
    }

    /// Where its PDF is got from, in the client's language.
    async fn pdf_url(&self) -> String {
        format!("/documents/invoices/{}.pdf", self.0.id)
    }

    /// Free text.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Its lines, in their order.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceLine>> {
        let rows = ctx.all_of::<LinesOfInvoice>(self.0.id.0).await?;
        Ok(rows.into_iter().map(|row| InvoiceLine { row, currency: self.0.currency.clone() }).collect())
    }

    /// Sums for each tax and rate, in the order in which the lines name them.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn taxes(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceTax>> {
        let lines = ctx.all_of::<LinesOfInvoice>(self.0.id.0).await?;
        let place = |tax: &invoice_line_tax::Model| lines.iter().position(|line| line.id == tax.invoice_line_id);
        let mut rows = ctx.all_of::<TaxesOfInvoice>(self.0.id.0).await?;
        rows.sort_by_key(|tax| (place(tax), tax.position));
        Ok(InvoiceTax::totals(rows, &self.0.currency))
    }

    /// What settles it, oldest first: payments, credit notes, write-offs. What was undone is left out.
    #[graphql(complexity = "1 + 2 * child_complexity", guard = "Can(Permission::FinanceRead)")]
    async fn payments(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAllocation>> {
        Ok(active(ctx.all_of::<AllocationsOfInvoice>(self.0.id.0).await?))
    }

    /// What a credit note settles, oldest first. What was undone is left out.
    #[graphql(complexity = "1 + 2 * child_complexity", guard = "Can(Permission::FinanceRead)")]
    async fn applied(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAllocation>> {
        Ok(active(ctx.all_of::<AllocationsOfCreditNote>(self.0.id.0).await?))
    }

    /// The invoice that a credit note takes back, wholly or in part.
    async fn credits(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        Ok(ctx.row_if_any::<invoice::Entity>(self.0.credits_id).await?.map(Self))
    }

    /// The credit notes that take it back, wholly or in part.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn credit_notes(&self, ctx: &Context<'_>) -> Result<Vec<Self>> {
        Ok(ctx.all_of::<CreditNotesOfInvoice>(self.0.id.0).await?.into_iter().map(Self).collect())
    }

    /// The recurring invoice that it was made by.
    async fn recurring_invoice(&self, ctx: &Context<'_>) -> Result<Option<RecurringInvoice>> {
        Ok(ctx.row_if_any::<recurring_invoice::Entity>(self.0.recurring_invoice_id).await?.map(RecurringInvoice))
    }

    /// The entry that posted it; none for who may not see the ledger.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        if !request(ctx).caller()?.may(Permission::FinanceRead) {
            return Ok(None);
        }
        JournalEntry::of_source(ctx, SourceKind::Invoice, self.0.id.0).await
    }

    /// What was last asked of those who approve it, and what they decided; none for who may not see approvals.
    async fn approval(&self, ctx: &Context<'_>) -> Result<Option<Approval>> {
        Approval::newest_of(ctx, self.0.id.0).await
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

/// Whether something may be due.
const fn is_open(invoice: &invoice::Model) -> bool {
    matches!(invoice.status, kamara_entities::InvoiceStatus::Issued | kamara_entities::InvoiceStatus::PartlyPaid)
}

ordering! {
    /// What invoices are sorted by.
    InvoiceOrder, InvoiceOrderField of invoice, default Date Desc,
    {
        /// By number.
        Number => Number,
        /// By date.
        Date => Date,
        /// By when they are to be paid.
        DueDate => DueDate,
        /// By total, whatever its currency.
        Total => TotalMinor,
        /// By where they stand.
        Status => Status,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which invoices.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct InvoiceFilter {
    /// Words, each of which is in its number or in what its client is known by.
    search: Option<String>,
    /// Whether it bills or credits.
    kind: Option<InvoiceKindFilter>,
    /// Number.
    number: Option<StringFilter>,
    /// Where it stands.
    status: Option<InvoiceStatusFilter>,
    /// The client.
    company_id: Option<IdFilter>,
    /// Who sold.
    seller_id: Option<IdFilter>,
    /// The deal that it bills.
    deal_id: Option<IdFilter>,
    /// The department that earns it.
    department_id: Option<IdFilter>,
    /// The recurring invoice that it was made by.
    recurring_invoice_id: Option<IdFilter>,
    /// Date of the invoice.
    date: Option<DateFilter>,
    /// When it is to be paid, or an instalment of it.
    due_date: Option<DateFilter>,
    /// Currency.
    currency: Option<StringFilter>,
    /// Whether something is to be paid still, and should have been.
    overdue: Option<bool>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl InvoiceFilter {
    fn condition(self, scope: &TenantScope) -> Condition {
        use invoice::Column as C;
        let search = search(scope, C::Number, C::CompanyId, self.search.as_ref());
        Conditions::records(self.archived, C::ArchivedAt)
            .and(search)
            .on(C::Kind, self.kind)
            .on(C::Number, self.number)
            .on(C::Status, self.status)
            .on(C::CompanyId, self.company_id)
            .on(C::SellerId, self.seller_id)
            .on(C::DealId, self.deal_id)
            .on(C::DepartmentId, self.department_id)
            .on(C::RecurringInvoiceId, self.recurring_invoice_id)
            .on(C::Date, self.date)
            .and(self.due_date.map(|days| is_due(scope, days)))
            .on(C::Currency, self.currency)
            .and(self.overdue.map(|wanted| overdue(scope, wanted)))
            .all()
    }
}

fn overdue(scope: &TenantScope, wanted: bool) -> Condition {
    use kamara_entities::InvoiceStatus as Status;
    let overdue = Condition::all()
        .add(invoice::Column::Status.is_in([Status::Issued, Status::PartlyPaid]))
        .add(is_late(scope, scope.today()));
    if wanted { overdue } else { overdue.not() }
}

/// Asking for invoices.
#[derive(Default)]
pub(crate) struct InvoiceQuery;

#[Object]
impl InvoiceQuery {
    /// Bills to clients.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::InvoicesRead)")]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: InvoiceFilter,
        order_by: Option<InvoiceOrder>,
    ) -> Result<Listed<Invoice>> {
        let condition = filter.condition(&*request(ctx).read().await?);
        list::<invoice::Entity, _>(ctx, Paging { first, after }, condition, InvoiceOrder::or_default(order_by)).await
    }

    /// A bill to a client.
    #[graphql(guard = "Can(Permission::InvoicesRead)")]
    async fn invoice(&self, ctx: &Context<'_>, id: Id<InvoiceId>) -> Result<Invoice> {
        Ok(Invoice(request(ctx).read().await?.require::<invoice::Entity>(id.0).await?))
    }
}
