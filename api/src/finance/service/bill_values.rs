//! What is given of a bill, and the rows that are made of it.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, BillId, BillKind, BillLineId, BillStatus, CompanyId, CostCentreId, DepartmentId, ProjectId, ServiceId,
    TaxCodeId, TaxKind, bill, bill_line, bill_line_tax, company, cost_centre, department, project, service,
};
use rust_decimal::Decimal;

use super::{
    batch::Referred,
    bill_lines::BillLines,
    invoice_values::{Due, LineTax, due_date},
    known::{Known, wanted},
    tax::{self, Amounts, LineAmounts, Side, Tax, TaxAmount},
    tax_codes::TaxCodes,
};
use crate::{
    error::{Error, Result, Text},
    ledger::{
        Accounts,
        service::Rates,
        splits::{self, CostShare, Shares, SplitInput},
    },
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Lines that a bill may have.
const LINES_MAX: usize = 1_000;

/// What is given of a bill.
#[derive(Clone, Debug)]
pub struct BillInput {
    /// Whether it bills or credits.
    pub kind: BillKind,
    /// The bill that a credit note takes back, wholly or in part.
    pub credits_id: Option<BillId>,
    /// The supplier.
    pub company_id: CompanyId,
    /// The supplier's number.
    pub supplier_number: Option<String>,
    /// Date of the bill; today unless said.
    pub date: Option<NaiveDate>,
    /// When it is to be paid; 30 days later unless said.
    pub due: Option<Due>,
    /// Currency of all its amounts; the base currency unless said.
    pub currency: Option<String>,
    /// Base currency for one unit of it; needed for another than the base currency. A credit note has its bill's.
    pub rate: Option<Decimal>,
    /// The department that bought.
    pub department_id: Option<DepartmentId>,
    /// Free text.
    pub note: Option<String>,
    /// The lines.
    pub lines: Vec<LineInput>,
}

/// What is given of a line.
#[derive(Clone, Debug)]
pub struct LineInput {
    /// What was bought; gives what isn't said.
    pub service_id: Option<ServiceId>,
    /// In words; the service's name unless said.
    pub description: Option<String>,
    /// How much.
    pub quantity: Decimal,
    /// Price of one unit.
    pub unit_price: Decimal,
    /// Tax; none unless said.
    pub tax: LineTax,
    /// Where the cost is posted; the account of role "expense" unless said.
    pub account_id: Option<AccountId>,
    /// The client for whom.
    pub client_id: Option<CompanyId>,
    /// Cost centre.
    pub cost_centre_id: Option<CostCentreId>,
    /// Shares of several cost centres instead of one.
    pub cost_centre_splits: Vec<SplitInput>,
    /// Department; the bill's unless said, else the project's.
    pub department_id: Option<DepartmentId>,
    /// Project.
    pub project_id: Option<ProjectId>,
}

/// The rows that a bill refers to.
#[derive(Debug)]
pub(super) struct References {
    services: Referred<service::Entity>,
    known: Known,
    tax_codes: TaxCodes,
    rates: Rates,
    accounts: Accounts,
}

impl References {
    /// Reads those of a bill.
    pub(super) async fn load(scope: &TenantScope, input: &BillInput) -> Result<Self> {
        let lines = &input.lines;
        let split = lines.iter().flat_map(|line| &line.cost_centre_splits).map(|split| split.cost_centre_id);
        let cost_centres = ids(lines, |line| line.cost_centre_id).into_iter().chain(split);
        let companies = ids(lines, |line| line.client_id).into_iter().chain([input.company_id]);
        let departments = ids(lines, |line| line.department_id).into_iter().chain(input.department_id);
        let wanted = [
            wanted::<company::Entity>(scope, companies),
            wanted::<department::Entity>(scope, departments),
            wanted::<cost_centre::Entity>(scope, cost_centres),
            wanted::<project::Entity>(scope, ids(lines, |line| line.project_id)),
        ];
        let date = input.date.unwrap_or_else(|| scope.today());
        let foreign = input.currency.as_deref().filter(|_| input.rate.is_none()).map(|currency| (currency, date));
        Ok(Self {
            services: Referred::load(scope, ids(lines, |line| line.service_id)).await?,
            known: Known::load(scope, wanted).await?,
            tax_codes: TaxCodes::load(scope, lines.iter().flat_map(|line| line.tax.codes(None).1).collect()).await?,
            rates: Rates::load(scope, foreign).await?,
            accounts: Accounts::load(scope).await?,
        })
    }
}

fn ids<I>(lines: &[LineInput], id: impl Fn(&LineInput) -> Option<I>) -> Vec<I> {
    lines.iter().filter_map(id).collect()
}

/// The lines of a bill, by their ids.
pub(super) type Lines = Vec<(BillLineId, bill_line::New)>;

/// The field that names the taxes of a line, and they.
pub(super) type Codes = (&'static str, Vec<TaxCodeId>);

/// The rows of a bill.
#[derive(Debug)]
pub(super) struct Written {
    /// The bill.
    pub(super) header: bill::New,
    /// Its lines.
    pub(super) lines: BillLines,
}

/// The rows of a draft. Its taxes are as they are on its date; a credit note's, as they were on its bill's.
pub(super) fn draft(
    scope: &TenantScope,
    references: &References,
    id: BillId,
    mut input: BillInput,
    credited: Option<NaiveDate>,
) -> Result<Written> {
    let inputs = std::mem::take(&mut input.lines);
    let header = row(scope, references, input)?;
    let (mut lines, codes, shares) = lines(scope, references, id, inputs)?;
    let date = credited.unwrap_or(header.date);
    let amounts = amounts(&references.tax_codes, &header.currency, (&lines, &codes), date)?;
    for ((_, line), of_line) in lines.iter_mut().zip(&amounts.lines) {
        let first = of_line.taxes.first();
        line.net_minor = of_line.net;
        line.tax_minor = of_line.tax();
        line.tax_code_id = first.map(|tax| tax.code);
        line.tax_rate_bp = first.map_or(0, |tax| tax.rate_bp);
    }
    let taxes = taxes(&lines, &amounts);
    let (net_minor, tax_minor, total_minor) = (amounts.net, amounts.tax, amounts.total);
    let header = bill::New { net_minor, tax_minor, total_minor, ..header };
    Ok(Written { header, lines: BillLines { lines, taxes, shares } })
}

/// The rows of the taxes of lines.
pub(super) fn taxes(lines: &Lines, amounts: &Amounts) -> Vec<bill_line_tax::New> {
    let of_line = |((id, line), of_line): (&(BillLineId, bill_line::New), &LineAmounts)| {
        let (bill_id, bill_line_id) = (line.bill_id, *id);
        let row = move |(tax, position): (&TaxAmount, i32)| bill_line_tax::New {
            bill_id,
            bill_line_id,
            position,
            tax_code_id: tax.code,
            kind: tax.kind,
            rate_bp: tax.rate_bp,
            base_minor: tax.base,
            tax_minor: tax.amount,
            recoverable_minor: tax.recoverable,
        };
        of_line.taxes.iter().zip(1..).map(row).collect::<Vec<_>>()
    };
    lines.iter().zip(&amounts.lines).flat_map(of_line).collect()
}

/// What lines come to, with their taxes as they are on a day.
pub(super) fn amounts(
    tax_codes: &TaxCodes,
    currency: &str,
    (lines, codes): (&Lines, &[Codes]),
    date: NaiveDate,
) -> Result<Amounts> {
    let line = |(place, ((_, line), (field, codes))): (usize, (&(BillLineId, bill_line::New), &Codes))| {
        let taxes = tax_codes.of_line(field, codes, date).and_then(|taxes| charged(field, taxes));
        let taxes = taxes.map_err(|error| error.within(&format!("lines.{place}")))?;
        Ok(tax::Line { quantity: line.quantity, unit_price: line.unit_price, discount_bp: 0, taxes })
    };
    let lines = lines.iter().zip(codes).enumerate().map(line).collect::<Result<_>>()?;
    tax::amounts(&tax::Document { currency, side: Side::Purchase, discount_bp: 0, lines })
}

fn row(scope: &TenantScope, references: &References, input: BillInput) -> Result<bill::New> {
    references.known.require::<company::Entity>("companyId", input.company_id)?;
    references.known.require::<department::Entity>("departmentId", input.department_id)?;
    let date = input.date.unwrap_or_else(|| scope.today());
    let currency = money::currency("currency", input.currency.as_deref().unwrap_or(scope.base_currency()))?;
    // What a supplier credits isn't paid by a day.
    let due = if input.kind == BillKind::CreditNote { Some(Due::On(date)) } else { input.due };
    let supplier_number = text::optional("supplierNumber", input.supplier_number)?;
    Ok(bill::New {
        kind: input.kind,
        credits_id: input.credits_id,
        number: None,
        supplier_key: supplier_number.as_deref().map(key),
        supplier_number,
        status: BillStatus::Draft,
        company_id: input.company_id,
        date,
        due_date: due_date(date, due)?,
        rate: references.rates.of("rate", scope, (&currency, date), input.rate)?,
        currency,
        net_minor: 0,
        tax_minor: 0,
        total_minor: 0,
        paid_minor: 0,
        base_total_minor: 0,
        base_paid_minor: 0,
        department_id: input.department_id,
        note: text::note("note", input.note)?,
        einvoice_number: None,
        einvoice_status: None,
        source: None,
        external_id: None,
    })
}

/// What a supplier's number is compared by: "inv 001" is "INV001".
pub(super) fn key(number: &str) -> String {
    text::sort_key(number).split_whitespace().collect()
}

fn lines(
    scope: &TenantScope,
    references: &References,
    id: BillId,
    inputs: Vec<LineInput>,
) -> Result<(Lines, Vec<Codes>, Shares)> {
    if inputs.is_empty() || inputs.len() > LINES_MAX {
        return Err(Error::invalid("lines", Text::fixed("From 1 to 1,000 lines.", "1-დან 1000 სტრიქონამდე.")));
    }
    let (mut lines, mut codes, mut shares) = (Vec::with_capacity(inputs.len()), Vec::new(), Shares::new());
    for (input, position) in inputs.into_iter().zip(1_i32..) {
        codes.push(input.tax.codes(None));
        let line = line(references, id, position, input);
        let (line, of_line) = line.map_err(|error| error.within(&format!("lines.{}", position - 1)))?;
        let line_id: BillLineId = scope.env().id();
        if !of_line.is_empty() {
            shares.insert(line_id.0, of_line);
        }
        lines.push((line_id, line));
    }
    Ok((lines, codes, shares))
}

fn line(
    references: &References,
    id: BillId,
    position: i32,
    input: LineInput,
) -> Result<(bill_line::New, Vec<CostShare>)> {
    let service = references.services.if_any("serviceId", input.service_id)?;
    references.known.require::<company::Entity>("clientId", input.client_id)?;
    references.known.require::<cost_centre::Entity>("costCentreId", input.cost_centre_id)?;
    let is_known = |id| references.known.has::<cost_centre::Entity>(id);
    let shares = splits::shares(input.cost_centre_id, &input.cost_centre_splits, is_known)?;
    references.known.require::<department::Entity>("departmentId", input.department_id)?;
    references.known.require::<project::Entity>("projectId", input.project_id)?;
    let quantity = money::to_micro("quantity", input.quantity)?;
    if quantity <= 0 {
        return Err(Error::invalid("quantity", messages::positive()));
    }
    let unit_price = money::to_micro("unitPrice", input.unit_price)?;
    if unit_price < 0 {
        return Err(Error::invalid("unitPrice", messages::not_negative()));
    }
    let description = text::note("description", input.description)?;
    let description = description.or_else(|| service.map(|service| service.name.clone()));
    let line = bill_line::New {
        bill_id: id,
        position,
        description: description.ok_or_else(|| Error::invalid("description", messages::required()))?,
        quantity,
        unit_price,
        net_minor: 0,
        tax_minor: 0,
        tax_code_id: None,
        tax_rate_bp: 0,
        account_id: references.accounts.bought("accountId", input.account_id)?.id,
        service_id: input.service_id,
        client_id: input.client_id,
        cost_centre_id: input.cost_centre_id,
        department_id: input.department_id,
        project_id: input.project_id,
    };
    Ok((line, shares))
}

/// Taxes that bills may have.
fn charged(field: &'static str, taxes: Vec<Tax>) -> Result<Vec<Tax>> {
    if taxes.iter().any(|tax| tax.kind == TaxKind::Withholding) {
        let message = Text::fixed(
            "This tax is kept back when the bill is paid. Choose another for the line.",
            "ეს გადასახადი ინვოისის გადახდისას დაკავდება. სტრიქონისთვის აირჩიეთ სხვა.",
        );
        return Err(Error::invalid(field, message));
    }
    Ok(taxes)
}

/// What was given of a draft, to be changed.
pub(super) fn given(row: bill::Model, lines: &BillLines) -> BillInput {
    BillInput {
        kind: row.kind,
        credits_id: row.credits_id,
        company_id: row.company_id,
        supplier_number: row.supplier_number,
        date: Some(row.date),
        due: Some(Due::On(row.due_date)),
        currency: Some(row.currency),
        rate: Some(money::from_micro(row.rate)),
        department_id: row.department_id,
        note: row.note,
        lines: given_lines(lines),
    }
}

/// What was given of lines.
pub(super) fn given_lines(of_bill: &BillLines) -> Vec<LineInput> {
    let given = |(id, line): &(BillLineId, bill_line::New)| {
        let tax = LineTax::of(of_bill.taxes_of(*id).map(|tax| tax.tax_code_id).collect());
        let shares = of_bill.shares.get(&id.0).map(Vec::as_slice).unwrap_or_default();
        given_line(line, tax, shares.iter().copied().map(Into::into).collect())
    };
    of_bill.lines.iter().map(given).collect()
}

fn given_line(line: &bill_line::New, tax: LineTax, cost_centre_splits: Vec<SplitInput>) -> LineInput {
    LineInput {
        service_id: line.service_id,
        description: Some(line.description.clone()),
        quantity: money::from_micro(line.quantity),
        unit_price: money::from_micro(line.unit_price),
        tax,
        account_id: Some(line.account_id),
        client_id: line.client_id,
        cost_centre_id: line.cost_centre_id,
        cost_centre_splits,
        department_id: line.department_id,
        project_id: line.project_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppliers_number_is_the_same_however_it_is_written() {
        assert_eq!(key(" Inv 001 "), key("INV001"));
        assert_eq!(key("ანგ 7"), key("ანგ7"));
        assert_ne!(key("INV-001"), key("INV-002"));
    }
}
