//! What documents post: entries, built from rows alone.

mod bills;
mod expenses;
mod taxes;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, InvoiceId, InvoiceKind, InvoiceLineId, Language, SourceKind, invoice, invoice_line,
};

pub(super) use self::taxes::TaxOf;
use super::{
    batch::Departments,
    tax::{Side, TaxAmount},
};
use crate::{
    error::Result,
    ledger::{Accounts, Dimensions, EntryDraft, LineDraft, splits::Shares},
    money,
    tenancy::TenantScope,
};

/// What all entries of a scope have in common. An account whose role nobody has is missed only by the entry that needs it.
#[derive(Clone, Debug)]
pub(super) struct Books {
    receivable: Result<AccountId>,
    payable: Result<AccountId>,
    employee_payable: Result<AccountId>,
    output_tax: Result<AccountId>,
    input_tax: Result<AccountId>,
    base_currency: String,
    language: Language,
    /// Shares of several cost centres, by the lines that have them.
    shares: Shares,
}

impl Books {
    /// Those of a scope's tenant.
    pub(super) fn new(scope: &TenantScope, accounts: &Accounts) -> Self {
        let role = |role| accounts.role(role).map(|account| account.id);
        Self {
            receivable: role(AccountRole::Receivable),
            payable: role(AccountRole::Payable),
            employee_payable: role(AccountRole::EmployeePayable),
            output_tax: role(AccountRole::OutputTax),
            input_tax: role(AccountRole::InputTax),
            base_currency: scope.base_currency().to_owned(),
            language: scope.tenant().language,
            shares: Shares::new(),
        }
    }

    /// The same, for documents of which some lines have several cost centres.
    pub(super) fn with_shares(self, shares: Shares) -> Self {
        Self { shares, ..self }
    }

    fn in_language(&self, en: &str, ka: &str) -> String {
        match self.language {
            Language::En => en.to_owned(),
            Language::Ka => ka.to_owned(),
        }
    }

    /// A credit of an amount in a document's currency, at the document's rate.
    fn credit(&self, account_id: AccountId, amount: i64, currency: &str, rate: i64) -> Result<LineDraft> {
        let base = money::convert("rate", amount, currency, &self.base_currency, rate)?;
        Ok(LineDraft::new(account_id, -amount, currency, rate, -base))
    }

    /// What an invoice posts, and its total in the base currency: what is earned, line by line, and the tax are owed by the
    /// client. An invoice of nothing posts nothing.
    pub(super) fn invoice(
        &self,
        id: InvoiceId,
        invoice: &invoice::New,
        lines: &[(InvoiceLineId, invoice_line::New)],
        taxes: &[TaxAmount],
        departments: &Departments,
    ) -> Result<(Option<EntryDraft>, i64)> {
        if invoice.total_minor == 0 {
            return Ok((None, 0));
        }
        let dimensions = receivable_dimensions(invoice);
        let mut credits = Vec::with_capacity(lines.len() + 2);
        for (line_id, line) in lines.iter().filter(|(_, line)| line.net_minor > 0) {
            let department = line.project_id.and_then(|project| departments.get(&project).copied().flatten());
            credits.push(LineDraft {
                description: line.description.clone(),
                shares: self.shares.get(&line_id.0).cloned().unwrap_or_default(),
                dimensions: Dimensions {
                    service_id: line.service_id,
                    project_id: line.project_id,
                    cost_centre_id: line.cost_centre_id,
                    department_id: invoice.department_id.or(department),
                    ..dimensions.clone()
                },
                ..self.credit(line.account_id, line.net_minor, &invoice.currency, invoice.rate)?
            });
        }
        let of = TaxOf {
            side: Side::Sale,
            company_id: Some(invoice.company_id),
            currency: &invoice.currency,
            rate: invoice.rate,
        };
        credits.extend(self.taxes(of, taxes)?);
        let base_total = money::sum("rate", credits.iter().map(|line| -line.base_minor))?;
        let owed =
            LineDraft::new(self.receivable.clone()?, invoice.total_minor, &invoice.currency, invoice.rate, base_total);
        let owed = LineDraft { party_id: Some(invoice.company_id), item_id: Some(id.0), dimensions, ..owed };
        let number = invoice.number.as_deref().unwrap_or_default();
        let posted = std::iter::once(owed).chain(credits);
        let (posted, what) = match invoice.kind {
            InvoiceKind::Invoice => (posted.collect(), self.in_language("Invoice", "ინვოისი")),
            InvoiceKind::CreditNote => {
                (posted.map(LineDraft::negated).collect(), self.in_language("Credit note", "კრედიტ-ნოტა"))
            }
        };
        let description = format!("{what} {number}");
        let entry = EntryDraft::new(invoice.date, description, SourceKind::Invoice, Some(id.0), posted);
        Ok((Some(EntryDraft { service_date: served(invoice, lines), ..entry }), base_total))
    }
}

/// When it happened: the last day of service, where all of it lies before the invoice.
fn served(invoice: &invoice::New, lines: &[(InvoiceLineId, invoice_line::New)]) -> Option<NaiveDate> {
    let ends: Option<Vec<NaiveDate>> = lines.iter().map(|(_, line)| line.service_to).collect();
    ends?.into_iter().max().filter(|end| *end < invoice.date)
}

/// What a receivable is cut by, when it arises and when it's settled.
fn receivable_dimensions(invoice: &invoice::New) -> Dimensions {
    Dimensions {
        company_id: Some(invoice.company_id),
        seller_id: invoice.seller_id,
        deal_id: invoice.deal_id,
        department_id: invoice.department_id,
        ..Dimensions::default()
    }
}

#[cfg(test)]
mod tests {
    use kamara_entities::{CompanyId, InvoiceStatus, MICRO, TaxKind, TaxRounding};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{
        super::tax::{self, Tax},
        *,
    };

    pub(super) const PAYABLE: u128 = 8;
    pub(super) const EMPLOYEES: u128 = 9;
    const RECEIVABLE: u128 = 1;
    pub(super) const OUTPUT_TAX: u128 = 2;
    pub(super) const INPUT_TAX: u128 = 3;
    pub(super) const BANK: u128 = 5;
    const INCOME: u128 = 6;
    pub(super) const COST: u128 = 7;

    pub(super) fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    pub(super) fn books(base_currency: &str) -> Books {
        Books {
            receivable: Ok(id(RECEIVABLE)),
            payable: Ok(id(PAYABLE)),
            employee_payable: Ok(id(EMPLOYEES)),
            output_tax: Ok(id(OUTPUT_TAX)),
            input_tax: Ok(id(INPUT_TAX)),
            base_currency: base_currency.into(),
            language: Language::En,
            shares: Shares::new(),
        }
    }

    /// Quantity, price, discount and tax rate of a line.
    type Line = (i64, i64, i32, i32);

    fn invoice_of(
        lines: &[Line],
        currency: &str,
        rate: i64,
    ) -> (invoice::New, Vec<(InvoiceLineId, invoice_line::New)>, Vec<TaxAmount>) {
        let to_reckon = lines.iter().map(|(quantity, unit_price, discount_bp, rate_bp)| tax::Line {
            quantity: *quantity,
            unit_price: *unit_price,
            discount_bp: *discount_bp,
            taxes: (*rate_bp > 0)
                .then(|| Tax {
                    code: id(60),
                    kind: TaxKind::Standard,
                    inclusive: false,
                    rate_bp: *rate_bp,
                    recoverable_bp: 10_000,
                    rounding: TaxRounding::Line,
                })
                .into_iter()
                .collect(),
        });
        let document = tax::Document { currency, side: Side::Sale, discount_bp: 0, lines: to_reckon.collect() };
        let reckoned = tax::amounts(&document).unwrap();
        let lines: Vec<(InvoiceLineId, invoice_line::New)> = lines
            .iter()
            .zip(&reckoned.lines)
            .zip(1..)
            .map(|(((quantity, unit_price, discount_bp, tax_rate_bp), amounts), position)| {
                let line = invoice_line::New {
                    invoice_id: id(100),
                    position,
                    service_id: None,
                    description: None,
                    quantity: *quantity,
                    unit_price: *unit_price,
                    discount_bp: *discount_bp,
                    net_minor: amounts.net,
                    discount_minor: amounts.discount,
                    tax_minor: amounts.tax(),
                    tax_code_id: None,
                    tax_rate_bp: *tax_rate_bp,
                    account_id: id(INCOME),
                    cost_centre_id: None,
                    project_id: Some(id(50)),
                    service_from: None,
                    service_to: None,
                    credits_line_id: None,
                };
                (id(110), line)
            })
            .collect();
        let net = lines.iter().map(|(_, line)| line.net_minor).sum();
        let tax = lines.iter().map(|(_, line)| line.tax_minor).sum();
        let invoice = invoice::New {
            kind: InvoiceKind::Invoice,
            credits_id: None,
            number: Some("INV-000001".into()),
            status: InvoiceStatus::Issued,
            company_id: id(40),
            date: NaiveDate::default(),
            due_date: NaiveDate::default(),
            currency: currency.into(),
            rate,
            document_discount_bp: 0,
            net_minor: net,
            discount_minor: 0,
            tax_minor: tax,
            total_minor: net + tax,
            paid_minor: 0,
            base_total_minor: 0,
            base_paid_minor: 0,
            seller_id: Some(id(41)),
            deal_id: Some(id(42)),
            department_id: None,
            note: None,
            recurring_invoice_id: None,
            einvoice_number: None,
            einvoice_status: None,
            source: None,
            external_id: None,
        };
        (invoice, lines, reckoned.taxes)
    }

    pub(super) fn on(entry: &EntryDraft, account: u128) -> i64 {
        entry.lines.iter().filter(|line| line.account_id == id(account)).map(|line| line.base_minor).sum()
    }

    fn currencies() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["JPY", "GEL", "USD", "KWD"])
    }

    fn lines() -> impl Strategy<Value = Vec<Line>> {
        let line = (0..5_000_000_000_i64, 0..5_000_000_000_i64, 0..=10_000_i32, 0..=10_000_i32);
        prop::collection::vec(line, 1..12)
    }

    proptest! {
        #[test]
        fn an_invoice_balances(
            lines in lines(),
            currency in currencies(),
            base in currencies(),
            rate in 1..50_000_000_i64,
        ) {
            let rate = if currency == base { MICRO } else { rate };
            let (invoice, lines, taxes) = invoice_of(&lines, currency, rate);
            let (entry, base_total) = books(base).invoice(id(100), &invoice, &lines, &taxes, &Departments::new()).unwrap();
            prop_assert_eq!(entry.is_none(), invoice.total_minor == 0);
            let Some(entry) = entry else { return Ok(()) };
            prop_assert!(entry.check().is_ok());
            prop_assert_eq!(on(&entry, RECEIVABLE), base_total);
            prop_assert_eq!(entry.lines[0].item_id, Some(Uuid::from_u128(100)));
            prop_assert_eq!(entry.lines.iter().map(|line| line.amount_minor).sum::<i64>(), 0);
        }
    }

    #[test]
    fn an_invoice_in_another_currency_is_converted_line_by_line() {
        // 2 × 0.105 USD at 2.70: each line is 0.11 USD, which is 0.30 GEL.
        let (invoice, lines, taxes) = invoice_of(&[(MICRO, 105_000, 0, 0), (MICRO, 105_000, 0, 0)], "USD", 2_700_000);
        let (entry, base_total) = books("GEL").invoice(id(100), &invoice, &lines, &taxes, &Departments::new()).unwrap();
        let entry = entry.unwrap();
        assert_eq!(invoice.total_minor, 22);
        assert_eq!(base_total, 60);
        assert_eq!(on(&entry, INCOME), -60);
        assert_eq!(entry.lines[0].party_id, Some(id::<CompanyId>(40)));
        assert_eq!(entry.description, "Invoice INV-000001");
    }

    #[test]
    fn a_lines_department_is_the_invoices_else_the_projects() {
        let (mut invoice, lines, taxes) = invoice_of(&[(MICRO, MICRO, 0, 0)], "GEL", MICRO);
        let of_project = Departments::from([(id(50), Some(id(60)))]);
        let department = |invoice: &invoice::New| {
            let (entry, _) = books("GEL").invoice(id(100), invoice, &lines, &taxes, &of_project).unwrap();
            entry.unwrap().lines[1].dimensions.department_id
        };
        assert_eq!(department(&invoice), Some(id(60)));
        invoice.department_id = Some(id(61));
        assert_eq!(department(&invoice), Some(id(61)));
    }

    #[test]
    fn a_tax_that_nobody_can_post_is_told_only_when_there_is_one() {
        let mut books = books("GEL");
        books.output_tax = Err(crate::error::Error::Unauthenticated);
        let (invoice, lines, taxes) = invoice_of(&[(MICRO, MICRO, 0, 0)], "GEL", MICRO);
        assert!(books.invoice(id(100), &invoice, &lines, &taxes, &Departments::new()).is_ok());
        let (invoice, lines, taxes) = invoice_of(&[(MICRO, MICRO, 0, 1_800)], "GEL", MICRO);
        assert!(books.invoice(id(100), &invoice, &lines, &taxes, &Departments::new()).is_err());
    }
}
