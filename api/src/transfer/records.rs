//! What rows become: for each kind of record, its fields and how they're made.

use kamara_entities::{
    CompanyId, ProjectStatus, company, contact, cost_centre, department, employee, project, service,
};
use uuid::Uuid;

use super::{
    mapping::{Kind, Lookup},
    value::Values,
};
use crate::{
    companies,
    delivery::service as delivery,
    error::Result,
    finance::service::{
        External, IssueNumber,
        expense::{ExpenseTax, NewExpense},
        invoice::{Due, InvoiceInput, LineInput, LineTax, NewInvoice},
        payment::{Document, NewAllocation, NewPayment},
    },
    ledger::service as ledger,
    people::service as people,
};

impl Kind {
    /// The fields that a mapping can fill.
    pub(super) const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Company => &[
                "name",
                "is_client",
                "is_supplier",
                "code",
                "tax_number",
                "country",
                "region",
                "city",
                "address",
                "postal_code",
                "phone",
                "email",
                "website",
                "note",
            ],
            Self::Contact => &["company", "name", "title", "email", "phone", "note"],
            Self::Employee => {
                &["name", "code", "title", "email", "phone", "department", "manager", "hired_on", "cost_rate"]
            }
            Self::Department | Self::CostCentre => &["name", "code"],
            Self::Service => {
                &["name", "code", "unit", "unit_price", "currency", "income_account", "tax_code", "supplier"]
            }
            Self::Project => &["name", "code", "company", "department", "manager", "start_date", "end_date"],
            Self::Invoice => {
                &["number", "company", "date", "due_date", "currency", "rate", "seller", "department", "note"]
            }
            Self::Payment => &["company", "date", "amount", "currency", "rate", "account", "reference", "invoice"],
            Self::Expense => &[
                "date",
                "amount",
                "currency",
                "rate",
                "description",
                "account",
                "payment_account",
                "supplier",
                "company",
                "seller",
                "employee",
                "project",
                "department",
                "cost_centre",
                "tax_code",
            ],
        }
    }

    /// The fields of a document's lines.
    pub(super) const fn line_fields(self) -> &'static [&'static str] {
        match self {
            Self::Invoice => &[
                "service",
                "description",
                "quantity",
                "unit_price",
                "discount_percent",
                "tax_code",
                "account",
                "cost_centre",
                "project",
                "service_from",
                "service_to",
            ],
            _ => &[],
        }
    }
}

/// Notes what a rule refuses.
fn checked<T>(values: &mut Values<'_>, mut new: T, check: impl FnOnce(&mut T) -> Result<()>) -> T {
    if let Err(error) = check(&mut new) {
        values.refused(&error);
    }
    new
}

fn columns(external: External) -> (Option<String>, Option<String>) {
    (Some(external.source), Some(external.id))
}

pub(super) fn company(v: &mut Values<'_>, external: External) -> company::New {
    let (source, external_id) = columns(external);
    let new = company::New {
        name: v.required("name"),
        sort_key: String::new(),
        search_text: String::new(),
        is_client: v.boolean("is_client"),
        is_supplier: v.boolean("is_supplier"),
        code: v.text("code"),
        tax_number: v.text("tax_number"),
        country: v.text("country"),
        region: v.text("region"),
        city: v.text("city"),
        address: v.text("address"),
        postal_code: v.text("postal_code"),
        phone: v.text("phone"),
        email: v.text("email"),
        website: v.text("website"),
        note: v.text("note"),
        language: None,
        source,
        external_id,
    };
    checked(v, new, companies::service::check_company)
}

pub(super) fn contact(v: &mut Values<'_>, external: External) -> contact::New {
    let (source, external_id) = columns(external);
    let new = contact::New {
        company_id: v.reference("company", Lookup::Company),
        name: v.required("name"),
        sort_key: String::new(),
        search_text: String::new(),
        title: v.text("title"),
        email: v.text("email"),
        phone: v.text("phone"),
        note: v.text("note"),
        source,
        external_id,
    };
    checked(v, new, companies::service::check_contact)
}

pub(super) fn department(v: &mut Values<'_>, external: External) -> department::New {
    let (source, external_id) = columns(external);
    let new = department::New {
        name: v.required("name"),
        sort_key: String::new(),
        code: v.text("code"),
        manager_id: None,
        source,
        external_id,
    };
    checked(v, new, people::check_department)
}

pub(super) fn employee(v: &mut Values<'_>, external: External) -> employee::New {
    let (source, external_id) = columns(external);
    let cost_rate = v.decimal("cost_rate").map(|rate| crate::money::to_micro("costRate", rate));
    let cost_rate = cost_rate.transpose().unwrap_or_else(|error| {
        v.refused(&error);
        None
    });
    let new = employee::New {
        name: v.required("name"),
        sort_key: String::new(),
        search_text: String::new(),
        code: v.text("code"),
        title: v.text("title"),
        email: v.text("email"),
        phone: v.text("phone"),
        department_id: v.reference("department", Lookup::Department),
        manager_id: v.reference("manager", Lookup::Employee),
        membership_id: None,
        hired_on: v.date("hired_on"),
        cost_rate,
        source,
        external_id,
    };
    checked(v, new, people::check_employee)
}

pub(super) fn cost_centre(v: &mut Values<'_>, external: External) -> cost_centre::New {
    let (source, external_id) = columns(external);
    let new = cost_centre::New {
        parent_id: None,
        name: v.required("name"),
        sort_key: String::new(),
        code: v.text("code"),
        source,
        external_id,
    };
    checked(v, new, ledger::check_cost_centre)
}

pub(super) fn service(v: &mut Values<'_>, external: External, base_currency: &str) -> service::New {
    let (source, external_id) = columns(external);
    let unit_price =
        crate::money::to_micro("unitPrice", v.decimal("unit_price").unwrap_or_default()).unwrap_or_else(|error| {
            v.refused(&error);
            0
        });
    let new = service::New {
        name: v.required("name"),
        sort_key: String::new(),
        search_text: String::new(),
        code: v.text("code"),
        unit: v.text("unit"),
        unit_price,
        currency: v.currency("currency").unwrap_or_else(|| base_currency.to_owned()),
        income_account_id: v.reference("income_account", Lookup::Account),
        tax_code_id: v.reference("tax_code", Lookup::TaxCode),
        supplier_id: v.reference("supplier", Lookup::Company),
        source,
        external_id,
    };
    checked(v, new, delivery::catalogue::check)
}

pub(super) fn project(v: &mut Values<'_>, external: External, base_currency: &str) -> project::New {
    let (source, external_id) = columns(external);
    let new = project::New {
        name: v.required("name"),
        sort_key: String::new(),
        search_text: String::new(),
        code: v.text("code"),
        company_id: v.reference("company", Lookup::Company),
        deal_id: None,
        department_id: v.reference("department", Lookup::Department),
        manager_id: v.reference("manager", Lookup::Employee),
        status: ProjectStatus::Active,
        start_date: v.date("start_date"),
        end_date: v.date("end_date"),
        budget_minor: None,
        currency: base_currency.to_owned(),
        source,
        external_id,
    };
    checked(v, new, delivery::project::check)
}

pub(super) fn invoice(v: &mut Values<'_>, external: External, lines: Vec<LineInput>) -> NewInvoice {
    let date = v.required_date("date");
    NewInvoice {
        number: v.text("number").map_or(IssueNumber::Next, IssueNumber::Given),
        input: InvoiceInput {
            company_id: v.required_reference("company", Lookup::Company),
            date: Some(date),
            due: v.date("due_date").map(|day| Due::On(day).into()),
            currency: v.currency("currency"),
            rate: v.decimal("rate"),
            seller_id: v.reference("seller", Lookup::Employee),
            deal_id: None,
            department_id: v.reference("department", Lookup::Department),
            note: v.text("note"),
            discount_percent: None,
            lines,
        },
        external: Some(external),
    }
}

pub(super) fn line(v: &mut Values<'_>) -> LineInput {
    LineInput {
        service_id: v.reference("service", Lookup::Service),
        description: v.text("description"),
        quantity: v.required_decimal("quantity"),
        unit_price: v.decimal("unit_price"),
        discount_percent: v.decimal("discount_percent"),
        tax: v.reference("tax_code", Lookup::TaxCode).map_or(LineTax::OfService, LineTax::Code),
        account_id: v.reference("account", Lookup::Account),
        cost_centre_id: v.reference("cost_centre", Lookup::CostCentre),
        cost_centre_splits: Vec::new(),
        project_id: v.reference("project", Lookup::Project),
        service_from: v.date("service_from"),
        service_to: v.date("service_to"),
    }
}

/// A payment, before the invoice that it settles is there.
pub(super) struct PlannedPayment {
    /// The payment; its amount is the invoice's when none is given.
    pub(super) new: NewPayment,
    /// How much, unless the whole invoice.
    pub(super) amount: Option<rust_decimal::Decimal>,
    /// The invoice that it settles.
    pub(super) invoice: Option<Uuid>,
}

impl PlannedPayment {
    /// The payment, now that its invoice is there.
    pub(super) fn settled(mut self, invoice: Option<&kamara_entities::invoice::Model>) -> NewPayment {
        if let Some(invoice) = invoice {
            let total = crate::money::from_minor(invoice.total_minor, &invoice.currency);
            let amount = self.amount.unwrap_or(total);
            self.new.amount = amount;
            self.new.currency = self.new.currency.or_else(|| Some(invoice.currency.clone()));
            self.new.allocations = vec![NewAllocation::new(Document::Invoice(invoice.id), amount.min(total))];
        }
        self.new
    }
}

pub(super) fn payment(v: &mut Values<'_>, external: External) -> PlannedPayment {
    let invoice = v.reference::<Uuid>("invoice", Lookup::Invoice);
    let amount = if v.text("invoice").is_some() { v.decimal("amount") } else { Some(v.required_decimal("amount")) };
    let company = v.required_reference::<CompanyId>("company", Lookup::Company);
    let new = NewPayment {
        date: Some(v.required_date("date")),
        currency: v.currency("currency"),
        rate: v.decimal("rate"),
        account_id: v.reference("account", Lookup::Account),
        reference: v.text("reference"),
        external: Some(external),
        ..NewPayment::from_client(company, amount.unwrap_or_default())
    };
    PlannedPayment { new, amount, invoice }
}

pub(super) fn expense(v: &mut Values<'_>, external: External) -> NewExpense {
    NewExpense {
        date: Some(v.required_date("date")),
        amount: v.required_decimal("amount"),
        currency: v.currency("currency"),
        rate: v.decimal("rate"),
        description: v.required("description"),
        category_id: None,
        account_id: v.reference("account", Lookup::Account),
        payment_account_id: v.reference("payment_account", Lookup::Account),
        supplier_id: v.reference("supplier", Lookup::Company),
        company_id: v.reference("company", Lookup::Company),
        seller_id: v.reference("seller", Lookup::Employee),
        employee_id: v.reference("employee", Lookup::Employee),
        project_id: v.reference("project", Lookup::Project),
        department_id: v.reference("department", Lookup::Department),
        cost_centre_id: v.reference("cost_centre", Lookup::CostCentre),
        cost_centre_splits: Vec::new(),
        tax: ExpenseTax::of(v.reference("tax_code", Lookup::TaxCode)),
        external: Some(external),
    }
}
