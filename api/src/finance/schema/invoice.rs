//! Invoices, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, InvoiceId, ProjectId, ServiceId, SourceKind,
    TaxCodeId, company, deal, department, employee, invoice, invoice_line, invoice_line_tax, payment_allocation,
};
use sea_orm::{ColumnTrait, Condition};

use super::{
    InvoiceLine,
    allocation::{PaymentAllocation, active},
    search,
    tax::{InvoiceTax, TaxesOfInvoice},
};
use crate::{
    approvals::schema::Approval,
    companies::schema::Company,
    error::{self, Error, Text},
    finance::service::invoice::{self as rules, Due, InvoiceInput, LineInput, LineTax},
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::{EinvoiceStatus, InvoiceKind, InvoiceStatus},
        filter::{Conditions, DateFilter, IdFilter, InvoiceKindFilter, InvoiceStatusFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{CostCentreSplitInput, JournalEntry},
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
        Ok(self.0.due_date < request(ctx).read().await?.today())
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
    /// Date of the invoice.
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
            .on(C::Date, self.date)
            .on(C::DueDate, self.due_date)
            .on(C::Currency, self.currency)
            .and(self.overdue.map(|wanted| overdue(wanted, scope.today())))
            .all()
    }
}

fn overdue(wanted: bool, today: NaiveDate) -> Condition {
    use kamara_entities::InvoiceStatus as Status;
    let overdue = Condition::all()
        .add(invoice::Column::Status.is_in([Status::Issued, Status::PartlyPaid]))
        .add(invoice::Column::DueDate.lt(today));
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

/// When an invoice is to be paid.
#[derive(InputObject)]
pub(crate) struct TermsInput {
    /// So many days after its date.
    days: i32,
}

/// A line of a new invoice. What isn't said comes from the service.
#[derive(InputObject)]
pub(crate) struct InvoiceLineInput {
    /// What is sold.
    service_id: Option<Id<ServiceId>>,
    /// In words; the service's name unless said.
    description: Option<String>,
    /// How much.
    quantity: Dec,
    /// Price of one unit before discount; the service's unless said, where it is in the invoice's currency.
    unit_price: Option<Dec>,
    /// Discount in percent.
    discount_percent: Option<Dec>,
    /// Tax; the service's unless said, none when null.
    tax_code_id: MaybeUndefined<Id<TaxCodeId>>,
    /// Taxes, where there are several.
    tax_code_ids: Option<Vec<Id<TaxCodeId>>>,
    /// Where the sale is posted; the service's account unless said, else the one of role "revenue".
    account_id: Option<Id<AccountId>>,
    /// Cost centre.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// Shares of several cost centres instead of one: the sale is posted in a line for each.
    #[graphql(default)]
    cost_centre_splits: Vec<CostCentreSplitInput>,
    /// Project.
    project_id: Option<Id<ProjectId>>,
}

impl InvoiceLineInput {
    fn tax(&self) -> error::Result<LineTax> {
        match (&self.tax_code_ids, &self.tax_code_id) {
            (Some(codes), MaybeUndefined::Undefined) => Ok(LineTax::Codes(codes.iter().map(|id| id.0).collect())),
            (Some(_), _) => {
                let message = Text::fixed(
                    "Give one tax code or several, one of the two.",
                    "მიუთითეთ ერთი გადასახადი ან რამდენიმე, ერთ-ერთი.",
                );
                Err(Error::invalid("taxCodeIds", message))
            }
            (None, MaybeUndefined::Undefined) => Ok(LineTax::OfService),
            (None, MaybeUndefined::Null) => Ok(LineTax::None),
            (None, MaybeUndefined::Value(id)) => Ok(LineTax::Code(id.0)),
        }
    }

    fn values(self) -> error::Result<LineInput> {
        Ok(LineInput {
            tax: self.tax()?,
            service_id: self.service_id.map(|id| id.0),
            description: self.description,
            quantity: self.quantity.0,
            unit_price: self.unit_price.map(|price| price.0),
            discount_percent: self.discount_percent.map(|percent| percent.0),
            account_id: self.account_id.map(|id| id.0),
            cost_centre_id: self.cost_centre_id.map(|id| id.0),
            cost_centre_splits: self.cost_centre_splits.into_iter().map(Into::into).collect(),
            project_id: self.project_id.map(|id| id.0),
        })
    }
}

fn lines(inputs: Vec<InvoiceLineInput>) -> error::Result<Vec<LineInput>> {
    let values = |(index, input): (usize, InvoiceLineInput)| {
        input.values().map_err(|error| error.within(&format!("lines.{index}")))
    };
    inputs.into_iter().enumerate().map(values).collect()
}

pub(super) fn due(due_date: Option<Date>, terms: Option<TermsInput>) -> error::Result<Option<Due>> {
    match (due_date, terms) {
        (Some(_), Some(_)) => {
            let message =
                Text::fixed("Give a due date or terms, one of the two.", "მიუთითეთ გადახდის ვადა ან პირობა, ერთ-ერთი.");
            Err(Error::invalid("terms", message))
        }
        (Some(date), None) => Ok(Some(Due::On(date.0))),
        (None, Some(terms)) => match u32::try_from(terms.days) {
            Ok(days) => Ok(Some(Due::InDays(days))),
            Err(_) => Err(Error::invalid("terms.days", crate::messages::not_negative())),
        },
        (None, None) => Ok(None),
    }
}

/// A new draft.
#[derive(InputObject)]
pub(crate) struct CreateInvoiceInput {
    /// The client.
    company_id: Id<CompanyId>,
    /// Date of the invoice; today unless said.
    date: Option<Date>,
    /// When it is to be paid; 30 days after its date unless said.
    due_date: Option<Date>,
    /// When it is to be paid, told otherwise.
    terms: Option<TermsInput>,
    /// Currency of all its amounts; that of the books unless said.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books; the day's rate unless said.
    rate: Option<Dec>,
    /// Who sold.
    seller_id: Option<Id<EmployeeId>>,
    /// The deal that it bills.
    deal_id: Option<Id<DealId>>,
    /// The department that earns it.
    department_id: Option<Id<DepartmentId>>,
    /// Free text.
    note: Option<String>,
    /// Discount on the sum of the lines, in percent.
    discount_percent: Option<Dec>,
    /// The lines, from 1 to 1,000.
    lines: Vec<InvoiceLineInput>,
}

impl CreateInvoiceInput {
    fn values(self) -> error::Result<InvoiceInput> {
        Ok(InvoiceInput {
            company_id: self.company_id.0,
            date: self.date.map(|date| date.0),
            due: due(self.due_date, self.terms)?,
            currency: self.currency,
            rate: self.rate.map(|rate| rate.0),
            seller_id: self.seller_id.map(|id| id.0),
            deal_id: self.deal_id.map(|id| id.0),
            department_id: self.department_id.map(|id| id.0),
            note: self.note,
            discount_percent: self.discount_percent.map(|percent| percent.0),
            lines: lines(self.lines)?,
        })
    }
}

/// A change of a draft: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateInvoiceInput {
    /// The invoice.
    id: Id<InvoiceId>,
    /// The version that was read.
    version: i32,
    /// The client.
    company_id: Option<Id<CompanyId>>,
    /// Date of the invoice.
    date: Option<Date>,
    /// When it is to be paid.
    due_date: Option<Date>,
    /// When it is to be paid, told otherwise.
    terms: Option<TermsInput>,
    /// Currency of all its amounts.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books.
    rate: Option<Dec>,
    /// Who sold.
    seller_id: MaybeUndefined<Id<EmployeeId>>,
    /// The deal that it bills.
    deal_id: MaybeUndefined<Id<DealId>>,
    /// The department that earns it.
    department_id: MaybeUndefined<Id<DepartmentId>>,
    /// Free text.
    note: MaybeUndefined<String>,
    /// Discount on the sum of the lines, in percent.
    discount_percent: Option<Dec>,
    /// The lines, which replace all that are there.
    lines: Option<Vec<InvoiceLineInput>>,
}

impl UpdateInvoiceInput {
    fn apply(self, due: Option<Due>, input: &mut InvoiceInput) {
        input.company_id = self.company_id.map_or(input.company_id, |id| id.0);
        input.date = self.date.map(|date| date.0).or(input.date);
        input.due = due.or(input.due);
        if let Some(currency) = self.currency
            && input.currency.as_ref() != Some(&currency)
        {
            input.currency = Some(currency);
            input.rate = None;
        }
        input.rate = self.rate.map(|rate| rate.0).or(input.rate);
        self.seller_id.map_value(|id| id.0).update_to(&mut input.seller_id);
        self.deal_id.map_value(|id| id.0).update_to(&mut input.deal_id);
        self.department_id.map_value(|id| id.0).update_to(&mut input.department_id);
        self.note.update_to(&mut input.note);
        input.discount_percent = self.discount_percent.map(|percent| percent.0).or(input.discount_percent);
    }
}

/// Which invoice, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveInvoiceInput {
    /// The invoice.
    id: Id<InvoiceId>,
    /// The version that was read.
    version: i32,
}

/// Which invoice, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreInvoiceInput {
    /// The invoice.
    id: Id<InvoiceId>,
    /// The version that was read.
    version: i32,
}

/// Which draft is issued.
#[derive(InputObject)]
pub(crate) struct IssueInvoiceInput {
    /// The invoice.
    id: Id<InvoiceId>,
    /// The version that was read; without it, the draft is issued as it is.
    version: Option<i32>,
}

/// Which invoice is taken back.
#[derive(InputObject)]
pub(crate) struct VoidInvoiceInput {
    /// The invoice.
    id: Id<InvoiceId>,
    /// Date of the reversal; today unless said.
    date: Option<Date>,
}

/// The state's own e-invoice of an invoice.
#[derive(InputObject)]
pub(crate) struct SetEinvoiceInput {
    /// The invoice.
    id: Id<InvoiceId>,
    /// Its number there; none empties.
    number: Option<String>,
    /// Where it stands; none empties.
    status: Option<EinvoiceStatus>,
}

payloads! {
    SetEinvoicePayload { invoice: Invoice },
    CreateInvoicePayload { invoice: Invoice },
    UpdateInvoicePayload { invoice: Invoice },
    ArchiveInvoicePayload { invoice: Invoice },
    RestoreInvoicePayload { invoice: Invoice },
    IssueInvoicePayload { invoice: Invoice },
    VoidInvoicePayload { invoice: Invoice },
}

/// Writing and issuing invoices.
#[derive(Default)]
pub(crate) struct InvoiceMutation;

#[Object]
impl InvoiceMutation {
    /// Makes a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_invoice(&self, ctx: &Context<'_>, input: CreateInvoiceInput) -> Result<CreateInvoicePayload> {
        let scope = request(ctx).write().await?;
        let invoice = rules::create(&scope, input.values()?).await?;
        request(ctx).commit(scope).await?;
        Ok(invoice.into())
    }

    /// Changes a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_invoice(&self, ctx: &Context<'_>, mut input: UpdateInvoiceInput) -> Result<UpdateInvoicePayload> {
        let scope = request(ctx).write().await?;
        let (id, version) = (input.id.0, input.version);
        let due = due(input.due_date.take(), input.terms.take())?;
        let lines = input.lines.take().map(lines).transpose()?;
        let invoice = rules::update(&scope, id, version, |given| input.apply(due, given), lines).await?;
        request(ctx).commit(scope).await?;
        Ok(invoice.into())
    }

    /// Archives a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn archive_invoice(&self, ctx: &Context<'_>, input: ArchiveInvoiceInput) -> Result<ArchiveInvoicePayload> {
        let scope = request(ctx).write().await?;
        let invoice = rules::archive(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(invoice.into())
    }

    /// Takes a draft out of the archive.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn restore_invoice(&self, ctx: &Context<'_>, input: RestoreInvoiceInput) -> Result<RestoreInvoicePayload> {
        let scope = request(ctx).write().await?;
        let invoice = rules::restore(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(invoice.into())
    }

    /// Issues a draft: it gets its number, and is posted.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn issue_invoice(&self, ctx: &Context<'_>, input: IssueInvoiceInput) -> Result<IssueInvoicePayload> {
        let scope = request(ctx).write().await?;
        let invoice = rules::issue(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(invoice.into())
    }

    /// Takes an unpaid invoice back: its entry is reversed, its number stays.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn void_invoice(&self, ctx: &Context<'_>, input: VoidInvoiceInput) -> Result<VoidInvoicePayload> {
        let scope = request(ctx).write().await?;
        let invoice = rules::void(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(invoice.into())
    }
    /// Writes down the number and the status of the state's own e-invoice. An invoice that is declared can't be voided.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn set_einvoice(&self, ctx: &Context<'_>, input: SetEinvoiceInput) -> Result<SetEinvoicePayload> {
        let scope = request(ctx).write().await?;
        let invoice = rules::set_einvoice(&scope, input.id.0, input.number, input.status.map(Into::into)).await?;
        request(ctx).commit(scope).await?;
        Ok(invoice.into())
    }
}
