//! What is bought on credit: bills of suppliers, and what people paid themselves, with receipts for some of it.

use chrono::{Datelike as _, Days, NaiveDate};
use kamara_entities::{
    BillKind, ExpenseCategoryId, ExpenseId, FileId, FileSubject, bill, category_rule, expense, expense_category,
};
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::{
    calendar::Week,
    cast::PEOPLE,
    market::SUPPLIERS,
    spending::{Spent, Way},
    world::World,
};
use crate::{
    env::hex,
    error::{Error, Result},
    files::{
        Media, Store,
        service::{self as files, NewFile, Subject},
    },
    finance::service::{
        bill as bills, category,
        expense::{self as expenses, ExpenseTax, NewExpense, Spender},
        invoice::{Due, LineTax},
        payment::{self as payments, Document, NewAllocation, NewPayment, Party},
        withholding::NewWithholding,
    },
    money,
};

/// What people spend money on: name, account, cost centre as a place in the cast, and words that tell it.
const CATEGORIES: &[(&str, &str, Option<&str>)] = &[
    ("Travel", "7440", Some("journey")),
    ("Office", "7410", Some("supplies")),
    ("Training", "7410", Some("course")),
    ("Software", "7460", None),
];
/// The supplier who is a person.
const SELF_EMPLOYED: usize = 10;
/// Days until a supplier wants its money.
const TERMS: u32 = 14;
/// Receipts are kept of so many of the last days.
const RECEIPTS_DAYS: u64 = 120;

/// What is bought and not paid at once.
pub(super) struct Buying {
    categories: Vec<ExpenseCategoryId>,
    store: Option<Store>,
    owed: Vec<bill::Model>,
    claims: Vec<expense::Model>,
    numbers: usize,
}

impl Buying {
    /// Makes the categories and their rules.
    pub(super) async fn begin(world: &World<'_>, store: Option<Store>) -> Result<Self> {
        let mut categories = Vec::with_capacity(CATEGORIES.len());
        for (name, account, word) in CATEGORIES {
            let new = expense_category::New {
                name: (*name).to_owned(),
                sort_key: String::new(),
                account_id: world.account(account)?,
                tax_code_id: None,
            };
            let made = category::create(world.scope, new).await?;
            if let Some(word) = word {
                let rule = category_rule::New {
                    category_id: made.id,
                    priority: 10,
                    words: Some((*word).to_owned()),
                    supplier_id: None,
                    least_minor: None,
                    most_minor: None,
                };
                category::create_rule(world.scope, rule).await?;
            }
            categories.push(made.id);
        }
        Ok(Self { categories, store, owed: Vec::new(), claims: Vec::new(), numbers: 0 })
    }

    /// The category of what is posted on an account.
    pub(super) fn category(&self, account: &str) -> Option<ExpenseCategoryId> {
        let place = CATEGORIES.iter().position(|(_, of, _)| *of == account)?;
        self.categories.get(place).copied()
    }

    /// Buys what falls into a week, and pays what is due in it.
    pub(super) async fn week(&mut self, world: &mut World<'_>, spent: &[&Spent], week: &Week) -> Result<()> {
        for spent in spent {
            world.on(spent.day);
            match spent.way {
                Way::Bill => self.bill(world, spent).await?,
                Way::Claim => self.claim(world, spent).await?,
                Way::AtOnce => return Err(Error::internal("what is paid at once isn't bought on credit")),
            }
        }
        self.pay(world, week).await?;
        self.reimburse(world, week).await
    }

    async fn bill(&mut self, world: &mut World<'_>, spent: &Spent) -> Result<()> {
        self.numbers += 1;
        let gross = Decimal::new(spent.amount, 2);
        let net = if spent.vat { (gross / Decimal::new(118, 2)).round_dp(2) } else { gross };
        let project = spent.project.map(|project| &world.plan.projects[project]);
        let (cost_centre_id, cost_centre_splits) = world.cost_centres_of(spent);
        let line = bills::LineInput {
            service_id: None,
            description: Some(spent.what.clone()),
            quantity: Decimal::ONE,
            unit_price: net,
            tax: if spent.vat { LineTax::Code(world.taxes.0) } else { LineTax::None },
            account_id: Some(world.account(spent.account)?),
            client_id: project.map(|project| world.client(project.client)).transpose()?,
            cost_centre_id,
            cost_centre_splits,
            department_id: Some(world.departments[spent.department]),
            project_id: spent.project.and_then(|project| world.projects[project].as_ref()).map(|row| row.id),
        };
        let number = format!("{}-{:04}", spent.day.year(), 1_000 + self.numbers);
        let input = bills::BillInput {
            kind: BillKind::Bill,
            credits_id: None,
            company_id: world.suppliers[spent.supplier],
            supplier_number: Some(number.clone()),
            date: Some(spent.day),
            due: Some(Due::InDays(TERMS)),
            currency: Some(spent.currency.to_owned()),
            rate: world.rates.of(spent.currency, spent.day),
            department_id: None,
            note: None,
            lines: vec![line],
        };
        let draft = bills::create(world.scope, input).await?;
        // The newest ones are still looked over.
        if spent.day + Days::new(3) > world.calendar.today {
            return Ok(());
        }
        let (posted, _) = bills::post(world.scope, draft.id, None).await?;
        let month = world.calendar.month_of(posted.date);
        world.vat.entry(month).or_default().1 += posted.tax_minor;
        let supplier = SUPPLIERS[spent.supplier].0;
        let subject = Subject { kind: FileSubject::Bill, id: posted.id.0 };
        let total = money::from_minor(posted.total_minor, &posted.currency);
        let text =
            [supplier.to_owned(), format!("Bill {number}"), spent.what.clone(), format!("{total} {}", posted.currency)];
        self.receipt(world, subject, spent.day, &format!("{number}.pdf"), &text).await?;
        self.owed.push(posted);
        Ok(())
    }

    async fn claim(&mut self, world: &World<'_>, spent: &Spent) -> Result<()> {
        let Some(person) = spent.person else { return Err(Error::internal("a claim of nobody")) };
        let project = spent.project.map(|project| &world.plan.projects[project]);
        let (cost_centre_id, cost_centre_splits) = world.cost_centres_of(spent);
        let new = NewExpense {
            date: Some(spent.day),
            amount: Decimal::new(spent.amount, 2),
            currency: Some(spent.currency.to_owned()),
            rate: world.rates.of(spent.currency, spent.day),
            description: spent.what.clone(),
            category_id: self.category(spent.account),
            account_id: None,
            payment_account_id: None,
            supplier_id: Some(world.suppliers[spent.supplier]),
            company_id: project.map(|project| world.client(project.client)).transpose()?,
            seller_id: None,
            employee_id: Some(world.ids[person]),
            project_id: spent.project.and_then(|project| world.projects[project].as_ref()).map(|row| row.id),
            department_id: None,
            cost_centre_id,
            cost_centre_splits,
            tax: ExpenseTax::None,
            external: None,
        };
        let draft = expenses::create(world.scope, Spender::Anybody, new).await?;
        let subject = Subject { kind: FileSubject::Expense, id: draft.id.0 };
        let total = format!("{} {}", Decimal::new(spent.amount, 2), spent.currency);
        let text = [SUPPLIERS[spent.supplier].0.to_owned(), spent.what.clone(), total, PEOPLE[person].name.to_owned()];
        self.receipt(world, subject, spent.day, "receipt.pdf", &text).await?;
        // Of the last days some are drafts still, and some wait.
        let age = (world.calendar.today - spent.day).num_days();
        if age < 4 {
            return Ok(());
        }
        let (submitted, _) = expenses::submit(world.scope, Spender::Anybody, draft.id, draft.version).await?;
        if age < 12 {
            return Ok(());
        }
        self.claims.push(expenses::post(world.scope, submitted.id).await?.0);
        Ok(())
    }

    /// Pays the bills that are due in a week.
    async fn pay(&mut self, world: &World<'_>, week: &Week) -> Result<()> {
        let (due, later): (Vec<_>, Vec<_>) = self.owed.drain(..).partition(|bill| bill.due_date <= week.last);
        self.owed = later;
        let paid = due
            .iter()
            .map(|bill| NewPayment { withholding: withheld(world, bill), ..paid(world, bill.into(), week.last) });
        let paid: Vec<NewPayment> = paid.collect();
        if !paid.is_empty() {
            world.on(week.last);
            payments::record_payments(world.scope, paid).await?;
        }
        Ok(())
    }

    /// Gives people their money back, two weeks later.
    async fn reimburse(&mut self, world: &World<'_>, week: &Week) -> Result<()> {
        let is_due = |claim: &expense::Model| claim.date + Days::new(14) <= week.last;
        let (due, later): (Vec<_>, Vec<_>) = self.claims.drain(..).partition(is_due);
        self.claims = later;
        let paid = due.iter().filter_map(|claim| Some(paid(world, Owed::of(claim)?, week.last)));
        let paid: Vec<NewPayment> = paid.collect();
        if !paid.is_empty() {
            world.on(week.last);
            payments::record_payments(world.scope, paid).await?;
        }
        Ok(())
    }

    /// Keeps a receipt, where there is a place for its bytes.
    async fn receipt(
        &self,
        world: &World<'_>,
        subject: Subject,
        day: NaiveDate,
        name: &str,
        text: &[String],
    ) -> Result<()> {
        let Some(store) = &self.store else { return Ok(()) };
        if day + Days::new(RECEIPTS_DAYS) < world.calendar.today {
            return Ok(());
        }
        let content = pdf(text);
        let id: FileId = world.scope.env().id();
        let (size, sha256) = (content.len(), hex(&Sha256::digest(&content)));
        store.put(world.scope.tenant_id(), id, content).await?;
        files::keep(world.scope, NewFile { id, subject, name: name.to_owned(), media: Media::Pdf, size, sha256 })
            .await?;
        Ok(())
    }
}

/// What is owed to somebody for a document.
struct Owed<'a> {
    party: Party,
    document: Document,
    amount: i64,
    currency: &'a str,
    reference: Option<String>,
}

impl<'a> From<&'a bill::Model> for Owed<'a> {
    fn from(bill: &'a bill::Model) -> Self {
        Self {
            party: Party::Company(bill.company_id),
            document: Document::Bill(bill.id),
            amount: bill.total_minor,
            currency: &bill.currency,
            reference: bill.supplier_number.clone(),
        }
    }
}

impl<'a> Owed<'a> {
    fn of(claim: &'a expense::Model) -> Option<Self> {
        let id: ExpenseId = claim.id;
        Some(Self {
            party: Party::Employee(claim.employee_id?),
            document: Document::Expense(id),
            amount: claim.amount_minor,
            currency: &claim.currency,
            reference: None,
        })
    }
}

fn paid(world: &World<'_>, owed: Owed<'_>, day: NaiveDate) -> NewPayment {
    let day = day.min(world.calendar.today);
    let amount = money::from_minor(owed.amount, owed.currency);
    NewPayment {
        direction: kamara_entities::PaymentDirection::Out,
        sub_ledger: None,
        party: owed.party,
        date: Some(day),
        service_date: None,
        amount,
        currency: Some(owed.currency.to_owned()),
        rate: world.rates.of(owed.currency, day),
        account_id: world.bank(owed.currency),
        reference: owed.reference,
        advance: None,
        withholding: None,
        allocations: vec![NewAllocation::new(owed.document, amount)],
        external: None,
    }
}

/// Of what a person without a company is paid, a part is the state's.
fn withheld(world: &World<'_>, bill: &bill::Model) -> Option<NewWithholding> {
    let of_person = bill.company_id == world.suppliers[SELF_EMPLOYED];
    of_person.then_some(NewWithholding { tax_code_id: world.taxes.2, amount: None, base: None })
}

/// A page of a few lines of text, as small as a PDF can be. Its font has Latin letters only.
fn pdf(lines: &[String]) -> Vec<u8> {
    use std::fmt::Write as _;
    let plain = |line: &String| {
        let kept = line.chars().map(|letter| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '?' });
        kept.filter(|letter| !"()\\".contains(*letter)).collect::<String>()
    };
    let mut text = String::from("BT /F1 14 Tf 24 180 Td 22 TL");
    for line in lines {
        let _ = write!(text, " ({}) Tj T*", plain(line));
    }
    text.push_str(" ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 320 220] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
    ];
    let (mut page, mut places) = (String::from("%PDF-1.4\n"), Vec::with_capacity(objects.len()));
    for (object, number) in objects.iter().zip(1..) {
        places.push(page.len());
        let _ = write!(page, "{number} 0 obj\n{object}\nendobj\n");
    }
    let table = page.len();
    let _ = write!(page, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(page, "{place:010} 00000 n ");
    }
    let _ = write!(page, "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    page.into_bytes()
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_receipt_is_a_document_and_the_same_each_time() {
        let text = ["ქართული (LLC)".to_owned(), "12.00 GEL".to_owned()];
        assert_eq!(Media::of(&pdf(&text)), Some(Media::Pdf));
        assert_eq!(pdf(&text), pdf(&text));
        let page = String::from_utf8(pdf(&text)).unwrap();
        assert!(page.contains("(??????? LLC) Tj T* (12.00 GEL)"), "{page}");
    }
}
