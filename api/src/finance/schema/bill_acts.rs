//! What can be done to suppliers' bills.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use kamara_entities::{
    AccountId, BillId, BillKind as Kind, CompanyId, CostCentreId, DepartmentId, ProjectId, ServiceId, TaxCodeId, bill,
};

use super::{
    allocation::{self, AllocationInput},
    bill::Bill,
    invoice_acts::{TermsInput, due},
    tax::several,
};
use crate::{
    error,
    finance::service::{
        bill::{self as rules, BillInput, LineInput},
        invoice::{Due, LineTax},
        payment::Document,
        settlement,
    },
    graphql::{
        Can, Date, Dec, Id,
        enums::{BillKind, EinvoiceStatus},
        request,
    },
    identity::Permission,
    ledger::schema::CostCentreSplitInput,
};

/// A line of a new bill.
#[derive(InputObject)]
pub(crate) struct BillLineInput {
    /// What is bought.
    service_id: Option<Id<ServiceId>>,
    /// In words; the service's name unless said.
    description: Option<String>,
    /// How much; 1 unless said.
    quantity: Option<Dec>,
    /// Price of one unit, before tax.
    unit_price: Dec,
    /// Tax.
    tax_code_id: Option<Id<TaxCodeId>>,
    /// Taxes, where there are several.
    tax_code_ids: Option<Vec<Id<TaxCodeId>>>,
    /// Where the cost is posted; the account of role "expense" unless said.
    account_id: Option<Id<AccountId>>,
    /// The client for whom.
    client_id: Option<Id<CompanyId>>,
    /// Cost centre.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// Shares of several cost centres instead of one: the cost is posted in a line for each.
    #[graphql(default)]
    cost_centre_splits: Vec<CostCentreSplitInput>,
    /// Department; the bill's unless said, else the project's.
    department_id: Option<Id<DepartmentId>>,
    /// Project.
    project_id: Option<Id<ProjectId>>,
}

impl BillLineInput {
    fn values(self) -> error::Result<LineInput> {
        let input = self;
        let one = input.tax_code_id.map(|id| id.0);
        let several = several(input.tax_code_ids, one.is_some())?;
        Ok(LineInput {
            tax: several.unwrap_or_else(|| one.map_or(LineTax::None, LineTax::Code)),
            service_id: input.service_id.map(|id| id.0),
            description: input.description,
            quantity: input.quantity.map_or(rust_decimal::Decimal::ONE, |quantity| quantity.0),
            unit_price: input.unit_price.0,
            account_id: input.account_id.map(|id| id.0),
            client_id: input.client_id.map(|id| id.0),
            cost_centre_id: input.cost_centre_id.map(|id| id.0),
            cost_centre_splits: input.cost_centre_splits.into_iter().map(Into::into).collect(),
            department_id: input.department_id.map(|id| id.0),
            project_id: input.project_id.map(|id| id.0),
        })
    }
}

fn lines(inputs: Vec<BillLineInput>) -> error::Result<Vec<LineInput>> {
    let line =
        |(index, line): (usize, BillLineInput)| line.values().map_err(|error| error.within(&format!("lines.{index}")));
    inputs.into_iter().enumerate().map(line).collect()
}

/// A new draft.
#[derive(InputObject)]
pub(crate) struct CreateBillInput {
    /// Whether it bills or credits; bills unless said.
    kind: Option<BillKind>,
    /// The bill that a credit note takes back, wholly or in part.
    credits_id: Option<Id<BillId>>,
    /// The supplier.
    company_id: Id<CompanyId>,
    /// The supplier's number.
    supplier_number: Option<String>,
    /// Date of the bill; today unless said.
    date: Option<Date>,
    /// When it is to be paid; 30 days after its date unless said.
    due_date: Option<Date>,
    /// When it is to be paid, told otherwise.
    terms: Option<TermsInput>,
    /// Currency of all its amounts; that of the books unless said.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books; needed where they differ. A credit note has its
    /// bill's.
    rate: Option<Dec>,
    /// The department that bought.
    department_id: Option<Id<DepartmentId>>,
    /// Free text.
    note: Option<String>,
    /// The lines, from 1 to 1,000; a credit note without any takes its whole bill back.
    #[graphql(default)]
    lines: Vec<BillLineInput>,
}

impl CreateBillInput {
    fn values(self) -> error::Result<BillInput> {
        Ok(BillInput {
            kind: self.kind.map_or(Kind::Bill, Into::into),
            credits_id: self.credits_id.map(|id| id.0),
            company_id: self.company_id.0,
            supplier_number: self.supplier_number,
            date: self.date.map(|date| date.0),
            due: due(self.due_date, self.terms)?,
            currency: self.currency,
            rate: self.rate.map(|rate| rate.0),
            department_id: self.department_id.map(|id| id.0),
            note: self.note,
            lines: lines(self.lines)?,
        })
    }
}

/// A change of a draft: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateBillInput {
    /// The bill.
    id: Id<BillId>,
    /// The version that was read.
    version: i32,
    /// The supplier.
    company_id: Option<Id<CompanyId>>,
    /// The supplier's number.
    supplier_number: MaybeUndefined<String>,
    /// Date of the bill.
    date: Option<Date>,
    /// When it is to be paid.
    due_date: Option<Date>,
    /// When it is to be paid, told otherwise.
    terms: Option<TermsInput>,
    /// Currency of all its amounts.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books.
    rate: Option<Dec>,
    /// The department that bought.
    department_id: MaybeUndefined<Id<DepartmentId>>,
    /// Free text.
    note: MaybeUndefined<String>,
    /// The lines, which replace all that are there.
    lines: Option<Vec<BillLineInput>>,
}

impl UpdateBillInput {
    fn apply(self, due: Option<Due>, input: &mut BillInput) {
        input.company_id = self.company_id.map_or(input.company_id, |id| id.0);
        self.supplier_number.update_to(&mut input.supplier_number);
        input.date = self.date.map(|date| date.0).or(input.date);
        input.due = due.or(input.due);
        if let Some(currency) = self.currency
            && input.currency.as_ref() != Some(&currency)
        {
            input.currency = Some(currency);
            input.rate = None;
        }
        input.rate = self.rate.map(|rate| rate.0).or(input.rate);
        self.department_id.map_value(|id| id.0).update_to(&mut input.department_id);
        self.note.update_to(&mut input.note);
    }
}

/// Which bill, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveBillInput {
    /// The bill.
    id: Id<BillId>,
    /// The version that was read.
    version: i32,
}

/// Which bill, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreBillInput {
    /// The bill.
    id: Id<BillId>,
    /// The version that was read.
    version: i32,
}

/// Which draft is posted.
#[derive(InputObject)]
pub(crate) struct PostBillInput {
    /// The bill.
    id: Id<BillId>,
    /// The version that was read; without it, the draft is posted as it is.
    version: Option<i32>,
}

/// Which bill is taken back.
#[derive(InputObject)]
pub(crate) struct VoidBillInput {
    /// The bill.
    id: Id<BillId>,
    /// Date of the reversal; the first open day from today on unless said.
    date: Option<Date>,
}

/// The state's own e-invoice of a bill, as the supplier sent it.
#[derive(InputObject)]
pub(crate) struct SetBillEinvoiceInput {
    /// The bill.
    id: Id<BillId>,
    /// Its number; none takes it away.
    number: Option<String>,
    /// Where it stands.
    status: Option<EinvoiceStatus>,
}

/// What is settled with a supplier's credit note.
#[derive(InputObject)]
pub(crate) struct ApplySupplierCreditInput {
    /// The credit note.
    id: Id<BillId>,
    /// Since when; today unless said.
    date: Option<Date>,
    /// Which part settles what.
    allocations: Vec<AllocationInput>,
}

warned_payloads! { PostBillPayload { bill: Bill } }

payloads! {
    ApplySupplierCreditPayload { credit_note: Bill },
    CreateBillPayload { bill: Bill },
    UpdateBillPayload { bill: Bill },
    ArchiveBillPayload { bill: Bill },
    RestoreBillPayload { bill: Bill },
    SetBillEinvoicePayload { bill: Bill },
    VoidBillPayload { bill: Bill },
}

/// Writing and posting bills.
#[derive(Default)]
pub(crate) struct BillMutation;

#[Object]
impl BillMutation {
    /// Makes a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_bill(&self, ctx: &Context<'_>, input: CreateBillInput) -> Result<CreateBillPayload> {
        let scope = request(ctx).write().await?;
        let bill = rules::create(&scope, input.values()?).await?;
        request(ctx).commit(scope).await?;
        Ok(bill.into())
    }

    /// Changes a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_bill(&self, ctx: &Context<'_>, mut input: UpdateBillInput) -> Result<UpdateBillPayload> {
        let scope = request(ctx).write().await?;
        let (id, version) = (input.id.0, input.version);
        let due = due(input.due_date.take(), input.terms.take())?;
        let lines = input.lines.take().map(lines).transpose()?;
        let bill = rules::update(&scope, id, version, |given| input.apply(due, given), lines).await?;
        request(ctx).commit(scope).await?;
        Ok(bill.into())
    }

    /// Archives a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn archive_bill(&self, ctx: &Context<'_>, input: ArchiveBillInput) -> Result<ArchiveBillPayload> {
        let scope = request(ctx).write().await?;
        let bill = rules::archive(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(bill.into())
    }

    /// Takes a draft out of the archive.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn restore_bill(&self, ctx: &Context<'_>, input: RestoreBillInput) -> Result<RestoreBillPayload> {
        let scope = request(ctx).write().await?;
        let bill = rules::restore(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(bill.into())
    }

    /// Posts a draft: it gets our number, and is owed. One whose date is closed already is posted on the first open day.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn post_bill(&self, ctx: &Context<'_>, input: PostBillInput) -> Result<PostBillPayload> {
        let scope = request(ctx).write().await?;
        let posted = rules::post(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(PostBillPayload::new(ctx, posted))
    }

    /// Settles bills with what is left of a supplier's credit note.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn apply_supplier_credit(
        &self,
        ctx: &Context<'_>,
        input: ApplySupplierCreditInput,
    ) -> Result<ApplySupplierCreditPayload> {
        let given = allocation::values(input.allocations)?;
        let scope = request(ctx).write().await?;
        settlement::allocate(&scope, Document::Bill(input.id.0), input.date.map(|date| date.0), given).await?;
        let credit_note = scope.require::<bill::Entity>(input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(credit_note.into())
    }

    /// Writes down the number and the status of the state's own e-invoice. A bill that is declared can't be voided.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn set_bill_einvoice(
        &self,
        ctx: &Context<'_>,
        input: SetBillEinvoiceInput,
    ) -> Result<SetBillEinvoicePayload> {
        let scope = request(ctx).write().await?;
        let bill = rules::set_einvoice(&scope, input.id.0, input.number, input.status.map(Into::into)).await?;
        request(ctx).commit(scope).await?;
        Ok(bill.into())
    }

    /// Takes an unpaid bill back: its entry is reversed, its number stays.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn void_bill(&self, ctx: &Context<'_>, input: VoidBillInput) -> Result<VoidBillPayload> {
        let scope = request(ctx).write().await?;
        let bill = rules::void(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(bill.into())
    }
}
