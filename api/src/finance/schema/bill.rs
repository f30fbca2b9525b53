//! Suppliers' bills, as the API shows them.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use kamara_entities::{BillId, SourceKind, bill, bill_line, company, department, payment_allocation};
use sea_orm::{ColumnTrait, Condition};

use super::{
    allocation::{PaymentAllocation, active},
    bill_line::BillLine,
    search,
};
use crate::{
    approvals::schema::Approval,
    companies::schema::Company,
    files::schema::File,
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::{BillKind, BillStatus, EinvoiceStatus},
        filter::{BillKindFilter, BillStatusFilter, Conditions, DateFilter, IdFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::JournalEntry,
    money,
    people::schema::Department,
    tenancy::{Direction, Order, TenantScope},
};

shown! {
    /// A bill from a supplier, or what it credits of one.
    Bill(bill),
}

struct LinesOfBill;
impl Children for LinesOfBill {
    type Entity = bill_line::Entity;
    const PARENT: bill_line::Column = bill_line::Column::BillId;
    const ORDER: Order<bill_line::Column> = Order { column: bill_line::Column::Position, direction: Direction::Asc };
}

struct CreditNotesOfBill;
impl Children for CreditNotesOfBill {
    type Entity = bill::Entity;
    const PARENT: bill::Column = bill::Column::CreditsId;
    // Ids rise with time.
    const ORDER: Order<bill::Column> = Order { column: bill::Column::Id, direction: Direction::Asc };
}

struct AllocationsOfBill;
impl Children for AllocationsOfBill {
    type Entity = payment_allocation::Entity;
    const PARENT: payment_allocation::Column = payment_allocation::Column::BillId;
    const ORDER: Order<payment_allocation::Column> =
        Order { column: payment_allocation::Column::Id, direction: Direction::Asc };
}

struct AllocationsOfSupplierCredit;
impl Children for AllocationsOfSupplierCredit {
    type Entity = payment_allocation::Entity;
    const PARENT: payment_allocation::Column = payment_allocation::Column::SupplierCreditId;
    const ORDER: Order<payment_allocation::Column> = AllocationsOfBill::ORDER;
}

impl Bill {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, &self.0.currency)
    }
}

#[Object]
impl Bill {
    /// Id.
    async fn id(&self) -> Id<BillId> {
        Id(self.0.id)
    }

    /// Whether it bills or credits; a credit note's amounts are positive too.
    async fn kind(&self) -> BillKind {
        self.0.kind.into()
    }

    /// The bill that a credit note takes back, wholly or in part.
    async fn credits(&self, ctx: &Context<'_>) -> Result<Option<Bill>> {
        Ok(ctx.row_if_any::<bill::Entity>(self.0.credits_id).await?.map(Bill))
    }

    /// The credit notes that take it back, oldest first; archived drafts are left out.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn credit_notes(&self, ctx: &Context<'_>) -> Result<Vec<Bill>> {
        let rows = ctx.all_of::<CreditNotesOfBill>(self.0.id.0).await?;
        Ok(rows.into_iter().filter(|row| row.archived_at.is_none()).map(Bill).collect())
    }

    /// Our own number, given when posted.
    async fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// The supplier's number.
    async fn supplier_number(&self) -> Option<&str> {
        self.0.supplier_number.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> BillStatus {
        self.0.status.into()
    }

    /// The supplier.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Company> {
        Ok(Company(ctx.row::<company::Entity>(self.0.company_id).await?))
    }

    /// Date of the bill.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// When it is to be paid.
    async fn due_date(&self) -> Date {
        Date(self.0.due_date)
    }

    /// Currency of all its amounts.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// What one unit of the currency is worth in the currency of the books.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.0.rate))
    }

    /// Sum of the lines before tax.
    async fn net(&self) -> Money {
        self.money(self.0.net_minor)
    }

    /// Sum of the taxes that are owed to the supplier.
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
        if !is_open(&self.0) || self.0.kind == kamara_entities::BillKind::CreditNote {
            return Ok(false);
        }
        Ok(self.0.due_date < request(ctx).read().await?.today())
    }

    /// The department that bought.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Department))
    }

    /// Free text.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Its lines, in their order.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<BillLine>> {
        let rows = ctx.all_of::<LinesOfBill>(self.0.id.0).await?;
        Ok(rows.into_iter().map(|row| BillLine { row, currency: self.0.currency.clone() }).collect())
    }

    /// What settles it, oldest first. What was undone is left out.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn payments(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAllocation>> {
        Ok(active(ctx.all_of::<AllocationsOfBill>(self.0.id.0).await?))
    }

    /// What a credit note settles, oldest first. What was undone is left out.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn applied(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAllocation>> {
        Ok(active(ctx.all_of::<AllocationsOfSupplierCredit>(self.0.id.0).await?))
    }

    /// The bill as the supplier sent it, and what else belongs to it.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn files(&self, ctx: &Context<'_>) -> Result<Vec<File>> {
        File::of(ctx, self.0.id.0).await
    }

    /// Number of the state's own e-invoice.
    async fn einvoice_number(&self) -> Option<&str> {
        self.0.einvoice_number.as_deref()
    }

    /// Where the state's own e-invoice stands.
    async fn einvoice_status(&self) -> Option<EinvoiceStatus> {
        self.0.einvoice_status.map(Into::into)
    }

    /// The entry that posted it.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        JournalEntry::of_source(ctx, SourceKind::Bill, self.0.id.0).await
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
const fn is_open(bill: &bill::Model) -> bool {
    matches!(bill.status, kamara_entities::BillStatus::Posted | kamara_entities::BillStatus::PartlyPaid)
}

ordering! {
    /// What bills are sorted by.
    BillOrder, BillOrderField of bill, default Date Desc,
    {
        /// By our number.
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

/// Which bills.
#[derive(Clone, Debug, Default, async_graphql::InputObject)]
pub(crate) struct BillFilter {
    /// Words, each of which is in the supplier's number or in what the supplier is known by.
    search: Option<String>,
    /// Our number.
    number: Option<StringFilter>,
    /// The supplier's number.
    supplier_number: Option<StringFilter>,
    /// Whether it bills or credits.
    kind: Option<BillKindFilter>,
    /// Where it stands.
    status: Option<BillStatusFilter>,
    /// The supplier.
    company_id: Option<IdFilter>,
    /// The department that bought.
    department_id: Option<IdFilter>,
    /// Date of the bill.
    date: Option<DateFilter>,
    /// When it is to be paid.
    due_date: Option<DateFilter>,
    /// Currency.
    currency: Option<StringFilter>,
    /// Whether something is to be paid still, and should have been.
    overdue: Option<bool>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl BillFilter {
    fn condition(self, scope: &TenantScope) -> Condition {
        use bill::Column as C;
        let search = search(scope, C::SupplierNumber, C::CompanyId, self.search.as_ref());
        Conditions::records(self.archived, C::ArchivedAt)
            .and(search)
            .on(C::Number, self.number)
            .on(C::SupplierNumber, self.supplier_number)
            .on(C::Kind, self.kind)
            .on(C::Status, self.status)
            .on(C::CompanyId, self.company_id)
            .on(C::DepartmentId, self.department_id)
            .on(C::Date, self.date)
            .on(C::DueDate, self.due_date)
            .on(C::Currency, self.currency)
            .and(self.overdue.map(|wanted| overdue(wanted, scope.today())))
            .all()
    }
}

fn overdue(wanted: bool, today: NaiveDate) -> Condition {
    use kamara_entities::{BillKind as Kind, BillStatus as Status};
    let overdue = Condition::all()
        .add(bill::Column::Kind.eq(Kind::Bill))
        .add(bill::Column::Status.is_in([Status::Posted, Status::PartlyPaid]))
        .add(bill::Column::DueDate.lt(today));
    if wanted { overdue } else { overdue.not() }
}

/// Asking for bills.
#[derive(Default)]
pub(crate) struct BillQuery;

#[Object]
impl BillQuery {
    /// Bills from suppliers.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn bills(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: BillFilter,
        order_by: Option<BillOrder>,
    ) -> Result<Listed<Bill>> {
        let condition = filter.condition(&*request(ctx).read().await?);
        list::<bill::Entity, _>(ctx, Paging { first, after }, condition, BillOrder::or_default(order_by)).await
    }

    /// A bill from a supplier.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn bill(&self, ctx: &Context<'_>, id: Id<BillId>) -> Result<Bill> {
        Ok(Bill(request(ctx).read().await?.require::<bill::Entity>(id.0).await?))
    }
}
