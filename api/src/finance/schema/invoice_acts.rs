//! Writing and issuing invoices, as the API takes it.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, InvoiceId, ProjectId, ServiceId, TaxCodeId,
};

use super::{
    Invoice,
    tax::several,
    terms::{InvoiceTermsInput, terms},
};
use crate::{
    error::{self, Error, Text},
    finance::service::invoice::{self as rules, Due, InvoiceInput, LineInput, LineTax, Terms},
    graphql::{Can, Date, Dec, Id, enums::EinvoiceStatus, request},
    identity::Permission,
    ledger::schema::CostCentreSplitInput,
};

/// When a bill is to be paid.
#[derive(InputObject)]
pub(crate) struct TermsInput {
    /// So many days after its date.
    pub(super) days: i32,
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
    /// First day of the service: it's earned day by day up to `serviceTo`, whenever it's billed. Both days or none.
    service_from: Option<Date>,
    /// Last day of the service; within 10 years.
    service_to: Option<Date>,
}

impl InvoiceLineInput {
    fn tax(&self) -> error::Result<LineTax> {
        let one = match &self.tax_code_id {
            MaybeUndefined::Undefined => LineTax::OfService,
            MaybeUndefined::Null => LineTax::None,
            MaybeUndefined::Value(id) => LineTax::Code(id.0),
        };
        Ok(several(self.tax_code_ids.clone(), one != LineTax::OfService)?.unwrap_or(one))
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
            service_from: self.service_from.map(|date| date.0),
            service_to: self.service_to.map(|date| date.0),
        })
    }
}

fn lines(inputs: Vec<InvoiceLineInput>) -> error::Result<Vec<LineInput>> {
    let values = |(index, input): (usize, InvoiceLineInput)| {
        input.values().map_err(|error| error.within(&format!("lines.{index}")))
    };
    inputs.into_iter().enumerate().map(values).collect()
}

/// When it is to be paid, told in one of two ways.
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
    terms: Option<InvoiceTermsInput>,
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
            due: terms(self.due_date, self.terms)?,
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
    /// When it is to be paid, told otherwise. Where neither is said and it has instalments, they move with its date and total.
    terms: Option<InvoiceTermsInput>,
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
    fn apply(self, due: Option<Terms>, input: &mut InvoiceInput) {
        input.company_id = self.company_id.map_or(input.company_id, |id| id.0);
        input.date = self.date.map(|date| date.0).or(input.date);
        input.due = due.or_else(|| input.due.take());
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
        let due = terms(input.due_date.take(), input.terms.take())?;
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

    /// Takes an unpaid invoice back: its entry is reversed, its number stays. Where a credit note would wait for approval, one is
    /// written instead.
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
