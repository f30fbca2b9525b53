//! What a template is given: texts that are ready to be set, and nothing to reckon with.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::{
    BankAccount, Invoice, InvoiceKind, InvoiceLine, Language, Letterhead, Party, Payment, Role, Standing, Statement,
    StatementPart, Tax, format,
    words::{self, Words},
};

/// A document, as its template is given it.
#[derive(Debug, Serialize)]
pub(crate) struct Sheet {
    language: &'static str,
    words: &'static Words,
    title: &'static str,
    number: Option<String>,
    mark: Option<&'static str>,
    sender: Sender,
    client: Addressee,
    facts: Vec<Fact>,
    invoice: Option<Bill>,
    payment: Option<Paid>,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Sender {
    name: String,
    details: Vec<String>,
    contacts: Vec<String>,
    footer: Vec<String>,
    logo: Option<String>,
}

#[derive(Debug, Serialize)]
struct Addressee {
    role: &'static str,
    name: String,
    details: Vec<String>,
}

/// A label and what stands beside it.
#[derive(Debug, Serialize)]
struct Fact {
    label: String,
    value: String,
    strong: bool,
}

impl Fact {
    fn new(label: &str, value: String) -> Self {
        Self { label: label.to_owned(), value, strong: false }
    }

    fn strong(label: &str, value: String) -> Self {
        Self { strong: true, ..Self::new(label, value) }
    }
}

#[derive(Debug, Serialize)]
struct Bill {
    lines: Vec<Line>,
    has_discounts: bool,
    has_taxes: bool,
    totals: Vec<Fact>,
    instalments: Vec<Fact>,
    banks: Vec<Bank>,
    note: Vec<String>,
    remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    description: Vec<String>,
    period: Option<String>,
    quantity: String,
    unit: Option<String>,
    unit_price: String,
    discount: String,
    tax: String,
    net: String,
}

#[derive(Debug, Serialize)]
struct Bank {
    name: Option<String>,
    iban: String,
    bic: Option<String>,
}

#[derive(Debug, Serialize)]
struct Paid {
    settled: Vec<Settled>,
    totals: Vec<Fact>,
}

#[derive(Debug, Serialize)]
struct Settled {
    document: String,
    date: String,
    amount: String,
}

#[derive(Debug, Serialize)]
struct Part {
    currency: String,
    opening: String,
    rows: Vec<Row>,
    debit: String,
    credit: String,
    closing_label: &'static str,
    closing: String,
    advances: Option<String>,
    banks: Vec<Bank>,
}

#[derive(Debug, Serialize)]
struct Row {
    date: String,
    document: String,
    debit: String,
    credit: String,
    balance: String,
}

impl Sheet {
    pub(crate) fn of_invoice(invoice: &Invoice) -> Self {
        let (language, words) = (invoice.language, words::of(invoice.language));
        let (title, credited) = match &invoice.kind {
            InvoiceKind::Invoice => (words.invoice, None),
            InvoiceKind::CreditNote(credited) => (words.credit_note, credited.as_ref()),
        };
        let mut facts = vec![Fact::new(words.date, format::long_day(invoice.date, language))];
        match &invoice.kind {
            InvoiceKind::Invoice => {
                facts.push(Fact::strong(words.due_date, format::long_day(invoice.due_date, language)));
            }
            InvoiceKind::CreditNote(_) => facts.extend(credited.map(|(number, date)| {
                Fact::strong(words.credits, format!("{number}, {}", format::long_day(*date, language)))
            })),
        }
        facts.push(Fact::new(words.currency, invoice.currency.clone()));
        Self {
            title,
            number: invoice.number.as_deref().map(one_line),
            mark: match invoice.standing {
                Standing::Draft => Some(words.draft),
                Standing::Issued => None,
                Standing::Void => Some(words.void),
            },
            facts,
            invoice: Some(Bill::new(invoice, words)),
            ..Self::new(language, &invoice.letterhead, &invoice.client, Role::Client)
        }
    }

    pub(crate) fn of_statement(statement: &Statement) -> Self {
        let (language, words) = (statement.language, words::of(statement.language));
        let period = format::period(statement.from, statement.to, language);
        Self {
            title: words.statement,
            facts: vec![Fact::new(words.period, period)],
            parts: statement.parts.iter().map(|part| Part::new(part, language)).collect(),
            ..Self::new(language, &statement.letterhead, &statement.client, Role::Client)
        }
    }

    pub(crate) fn of_payment(payment: &Payment) -> Self {
        let (language, words) = (payment.language, words::of(payment.language));
        let mut facts = vec![Fact::strong(words.date, format::long_day(payment.date, language))];
        facts.extend(payment.reference.as_deref().map(|reference| Fact::new(words.reference, one_line(reference))));
        facts.push(Fact::new(words.currency, payment.currency.clone()));
        Self {
            title: words.payment(payment.kind),
            mark: payment.reversed.then_some(words.void),
            facts,
            payment: Some(Paid::new(payment, words)),
            ..Self::new(language, &payment.letterhead, &payment.party, payment.role)
        }
    }

    fn new(language: Language, letterhead: &Letterhead, to: &Party, role: Role) -> Self {
        let words = words::of(language);
        Self {
            language: match language {
                Language::English => "en",
                Language::Georgian => "ka",
            },
            words,
            title: "",
            number: None,
            mark: None,
            sender: Sender::new(letterhead, words),
            client: Addressee {
                role: words.role(role),
                name: one_line(&to.name),
                details: to
                    .address
                    .iter()
                    .map(|line| one_line(line))
                    .chain(tax_number(to.tax_number.as_deref(), words))
                    .collect(),
            },
            facts: Vec::new(),
            invoice: None,
            payment: None,
            parts: Vec::new(),
        }
    }
}

impl Sender {
    fn new(letterhead: &Letterhead, words: &Words) -> Self {
        let address = letterhead.address.as_deref().map(lines).unwrap_or_default();
        let contacts = [&letterhead.phone, &letterhead.email, &letterhead.website];
        Self {
            name: one_line(&letterhead.name),
            details: address.into_iter().chain(tax_number(letterhead.tax_number.as_deref(), words)).collect(),
            contacts: contacts.into_iter().flatten().map(|text| one_line(text)).collect(),
            footer: letterhead.footer.as_deref().map(lines).unwrap_or_default(),
            logo: letterhead.logo.as_ref().map(|logo| format!("logo.{}", logo.format)),
        }
    }
}

fn tax_number(number: Option<&str>, words: &Words) -> Option<String> {
    number.map(|number| format!("{}: {}", words.tax_number, one_line(number)))
}

impl Bill {
    fn new(invoice: &Invoice, words: &Words) -> Self {
        let language = invoice.language;
        let places = invoice.total.scale();
        let instalments = invoice
            .instalments
            .iter()
            .map(|part| Fact::new(&format::long_day(part.due_date, language), format::number(part.amount, language)));
        // What isn't issued, or is taken back, is to be paid by nobody; what is credited is paid by us.
        let is_payable = invoice.standing == Standing::Issued && invoice.kind == InvoiceKind::Invoice;
        let is_due = is_payable && !invoice.due.is_zero();
        Self {
            lines: invoice.lines.iter().map(|line| Line::new(line, places, language)).collect(),
            has_discounts: invoice.lines.iter().any(|line| !line.discount.is_zero()),
            has_taxes: invoice.lines.iter().any(|line| !line.tax_rates.is_empty()),
            totals: totals(invoice, words),
            instalments: if is_payable { instalments.collect() } else { Vec::new() },
            banks: if is_due { invoice.bank_accounts.iter().map(Bank::new).collect() } else { Vec::new() },
            note: invoice.note.as_deref().map(lines).unwrap_or_default(),
            remarks: remarks(invoice, words),
        }
    }
}

/// From the lines' sum to what is to be paid.
fn totals(invoice: &Invoice, words: &Words) -> Vec<Fact> {
    let language = invoice.language;
    let written = |amount| format::number(amount, language);
    let mut totals = Vec::new();
    if !invoice.discount.is_zero() {
        totals.push(Fact::new(words.before_discount, written(invoice.net + invoice.discount)));
        totals.push(Fact::new(words.discount, written(-invoice.discount)));
    }
    totals.push(Fact::new(words.net, written(invoice.net)));
    for tax in &invoice.taxes {
        totals.push(Fact::new(&tax_label(tax, words, language), written(tax.amount)));
    }
    totals.push(Fact::strong(words.total, format!("{} {}", written(invoice.total), invoice.currency)));
    let (paid, due) = match invoice.kind {
        InvoiceKind::Invoice => (words.paid, words.due),
        InvoiceKind::CreditNote(_) => (words.settled, words.credit_left),
    };
    if invoice.standing == Standing::Issued && !invoice.paid.is_zero() {
        totals.push(Fact::new(paid, written(-invoice.paid)));
        totals.push(Fact::strong(due, format!("{} {}", written(invoice.due), invoice.currency)));
    }
    totals
}

/// `VAT 18% of 1,000.00`, or `დღგ 18% (1 000,00-დან)`; a name that tells the rate isn't told it again, nor is what has none.
fn tax_label(tax: &Tax, words: &Words, language: Language) -> String {
    let (name, base) = (one_line(&tax.name), format::number(tax.base, language));
    let has_none = tax.reverse_charge || tax.exempt_reason.is_some();
    let name =
        if has_none || name.contains('%') { name } else { format!("{name} {}", format::percent(tax.rate, language)) };
    match language {
        Language::English => format!("{name} {} {base}", words.of),
        Language::Georgian => format!("{name} ({base}{})", words.of),
    }
}

/// Why there is no tax, and which document is the state's.
fn remarks(invoice: &Invoice, words: &Words) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    for tax in &invoice.taxes {
        if tax.reverse_charge {
            remarks.push(words.reverse_charge.to_owned());
        }
        if let Some(reason) = &tax.exempt_reason {
            remarks.push(format!("{}: {}", one_line(&tax.name), one_line(reason)));
        }
    }
    remarks.dedup();
    if let Some(einvoice) = &invoice.einvoice {
        let number =
            einvoice.number.as_deref().map(|number| format!(" {}: {}.", words.einvoice_number, one_line(number)));
        remarks.push(format!("{}{}", words.einvoice, number.unwrap_or_default()));
    }
    remarks
}

impl Line {
    fn new(line: &InvoiceLine, places: u32, language: Language) -> Self {
        let rates: Vec<String> = line.tax_rates.iter().map(|rate| format::percent(*rate, language)).collect();
        Self {
            description: lines(&line.description),
            period: line.period.map(|(from, to)| format::period(from, to, language)),
            quantity: format::at_least(line.quantity, 0, language),
            unit: line.unit.as_deref().map(one_line),
            unit_price: format::at_least(line.unit_price, places, language),
            discount: if line.discount.is_zero() { String::new() } else { format::number(-line.discount, language) },
            tax: rates.join(" + "),
            net: format::number(line.net, language),
        }
    }
}

impl Paid {
    fn new(payment: &Payment, words: &Words) -> Self {
        let language = payment.language;
        let written = |amount| format::number(amount, language);
        let settled = payment.settled.iter().map(|settled| {
            let number = settled.number.as_deref().map(|number| format!(" {}", one_line(number)));
            Settled {
                document: format!("{}{}", words::settled(settled.kind, language), number.unwrap_or_default()),
                date: format::day(settled.date, language),
                amount: written(settled.amount),
            }
        });
        let mut totals = Vec::new();
        if !payment.rest.is_zero() {
            totals.push(Fact::new(words.advances, written(payment.rest)));
        }
        if !payment.tax.is_zero() {
            totals.push(Fact::new(words.tax_within, written(payment.tax)));
        }
        let in_currency = |amount| format!("{} {}", written(amount), payment.currency);
        totals.push(Fact::strong(words.total, in_currency(payment.amount)));
        if !payment.withheld.is_zero() {
            totals.push(Fact::new(words.withheld, written(-payment.withheld)));
            totals.push(Fact::strong(words.transferred, in_currency(payment.amount - payment.withheld)));
        }
        Self { settled: settled.collect(), totals }
    }
}

impl Bank {
    fn new(account: &BankAccount) -> Self {
        Self {
            name: account.bank.as_deref().map(one_line),
            iban: one_line(&account.iban),
            bic: account.bic.as_deref().map(one_line),
        }
    }
}

impl Part {
    fn new(part: &StatementPart, language: Language) -> Self {
        let words = words::of(language);
        let written = |amount| format::number(amount, language);
        let some = |amount: Decimal| if amount.is_zero() { String::new() } else { written(amount) };
        let rows = part.movements.iter().map(|movement| {
            let what = words::movement(movement.kind, movement.reverses, language);
            let number = movement.number.as_deref().map(|number| format!(" {}", one_line(number)));
            Row {
                date: format::day(movement.date, language),
                document: format!("{what}{}", number.unwrap_or_default()),
                debit: some(movement.debit),
                credit: some(movement.credit),
                balance: written(movement.balance),
            }
        });
        Self {
            currency: part.currency.clone(),
            opening: written(part.opening),
            rows: rows.collect(),
            debit: written(part.debit),
            credit: written(part.credit),
            closing_label: match part.closing {
                closing if closing.is_zero() => words.settled_up,
                closing if closing.is_sign_negative() => words.in_favour,
                _ => words.owed,
            },
            closing: written(part.closing),
            advances: (!part.advances.is_zero()).then(|| written(part.advances)),
            banks: if part.closing > Decimal::ZERO {
                part.bank_accounts.iter().map(Bank::new).collect()
            } else {
                Vec::new()
            },
        }
    }
}

/// A text's lines, without what can't be seen.
fn lines(text: &str) -> Vec<String> {
    text.trim().lines().map(one_line).collect()
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ").trim().to_owned()
}
