//! The company's accounts at banks, and the last weeks of one as its bank tells them: most of it is in the ledger already, and
//! what came in yesterday waits for the accountant.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use kamara_entities::{
    AccountRole, BankAccountId, InvoiceStatus, JournalEntryId, bank_account, bank_statement_line, company, invoice,
    journal_entry, journal_line,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    calendar::{Week, end_of_month},
    world::World,
};
use crate::{
    error::{Error, Result},
    finance::service::bank::{
        Mapping,
        account::{self, NewBankAccount},
        import::{self, File, Format},
        matching,
        transfer::{self, NewTransfer},
    },
    ledger::Accounts,
    money,
    tenancy::TenantScope,
};

/// Name, currency, IBAN, bank, BIC.
const ACCOUNTS: [(&str, &str, &str, &str, &str); 3] = [
    ("TBC GEL", "GEL", "GE64TB0000000101904917", "TBC Bank", "TBCBGE22"),
    ("TBC USD", "USD", "GE64TB0000000101904917", "TBC Bank", "TBCBGE22"),
    ("Bank of Georgia EUR", "EUR", "GE76BG0000000162369100", "Bank of Georgia", "BAGAGE22"),
];
/// How far the statement reaches back, in days.
const DAYS: u64 = 14;
/// What the bank keeps for itself.
const FEE_MINOR: i64 = -2_500;
/// What stays on an account in another currency, and in what steps the rest is sold.
const KEPT_MINOR: i64 = 2_000_000;
const SOLD_MINOR: i64 = 100_000;
/// Open invoices that were paid yesterday.
const PAID: u64 = 5;

/// Opens the accounts; the first has the ledger's account that the chart comes with.
pub(super) async fn open(scope: &TenantScope) -> Result<Vec<bank_account::Model>> {
    let bank = Accounts::load(scope).await?.role(AccountRole::Bank)?.id;
    let mut made = Vec::with_capacity(ACCOUNTS.len());
    for (name, currency, iban, bank_name, bic) in ACCOUNTS {
        let new = NewBankAccount {
            name: name.to_owned(),
            account_id: made.is_empty().then_some(bank),
            currency: Some(currency.to_owned()),
            iban: Some(iban.to_owned()),
            bank_name: Some(bank_name.to_owned()),
            bic: Some(bic.to_owned()),
        };
        made.push(account::create(scope, new).await?);
    }
    Ok(made)
}

/// Sells, at the end of a month, what came in in other currencies, but for what is spent in them: people are paid in the currency
/// of the books.
pub(super) async fn sell_currency(world: &World<'_>, week: &Week) -> Result<()> {
    let Some(day) = world.calendar.months().map(end_of_month).find(|day| week.has(*day)) else { return Ok(()) };
    let [home, abroad @ ..] = world.banks.as_slice() else { return Err(Error::internal("no bank account")) };
    world.on(day);
    for account in abroad {
        let sold = (before(world.scope, account, day).await? - KEPT_MINOR) / SOLD_MINOR * SOLD_MINOR;
        let Some(rate) = world.rates.of(&account.currency, day).filter(|_| sold > 0) else { continue };
        let amount = money::from_minor(sold, &account.currency);
        let new = NewTransfer {
            from_id: account.id,
            to_id: home.id,
            date: Some(day),
            arrival_date: None,
            amount,
            arrived: Some((amount * rate).round_dp(2)),
            rate: Some(rate),
            arrived_rate: None,
            reference: Some(format!("Sale of {}", account.currency)),
        };
        transfer::transfer(world.scope, new).await?;
    }
    Ok(())
}

/// A booking, and the entry that it is in the ledger already.
struct Booking {
    date: NaiveDate,
    minor: i64,
    who: String,
    what: String,
    entry: Option<JournalEntryId>,
}

/// Imports the last weeks of the account in the currency of the books.
pub(super) async fn statement(world: &World<'_>) -> Result<()> {
    let account = world.banks.first().ok_or_else(|| Error::internal("no bank account"))?;
    let yesterday = world.calendar.today.checked_sub_days(Days::new(1)).unwrap_or(world.calendar.today);
    let from = yesterday.checked_sub_days(Days::new(DAYS)).unwrap_or(yesterday);
    let mut bookings = posted(world.scope, account, from, yesterday).await?;
    let opening = before(world.scope, account, from).await?;
    bookings.extend(new_ones(world.scope, account, yesterday).await?);
    let (mut content, mut balance) =
        ("Date,Partner's Name,Description,Amount,Balance,Transaction ID\n".to_owned(), opening);
    for (place, booking) in bookings.iter().enumerate() {
        balance += booking.minor;
        let amount = |minor| money::from_minor(minor, &account.currency);
        let _ = writeln!(
            content,
            "{},\"{}\",\"{}\",{},{},{place}",
            booking.date,
            booking.who.replace('"', "'"),
            booking.what.replace('"', "'"),
            amount(booking.minor),
            amount(balance)
        );
    }
    let file = File { bank_account_id: account.id, format: Format::Csv, content, mapping: Mapping::default() };
    import::import(world.scope, &file).await?;
    for (line, booking) in lines(world.scope, account.id).await?.iter().zip(&bookings) {
        if let Some(entry) = booking.entry {
            matching::match_entries(world.scope, line.id, &[entry]).await?;
        }
    }
    Ok(())
}

fn on_account(scope: &TenantScope, account: &bank_account::Model) -> sea_orm::Select<journal_line::Entity> {
    scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::AccountId.eq(account.account_id))
        .filter(journal_line::Column::Currency.eq(&account.currency))
        .filter(journal_line::Column::AmountMinor.ne(0))
}

/// What the ledger had before a day.
async fn before(scope: &TenantScope, account: &bank_account::Model, day: NaiveDate) -> Result<i64> {
    let rows = scope.all(on_account(scope, account).filter(journal_line::Column::Date.lt(day))).await?;
    money::sum("amount", rows.iter().map(|line| line.amount_minor))
}

/// What is in the ledger already, an entry a booking.
async fn posted(
    scope: &TenantScope,
    account: &bank_account::Model,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Booking>> {
    let select = on_account(scope, account)
        .filter(journal_line::Column::Date.gte(from))
        .filter(journal_line::Column::Date.lte(until))
        .order_by_asc(journal_line::Column::Date)
        .order_by_asc(journal_line::Column::Seq);
    let rows = scope.all(select).await?;
    let entries = scope.by_ids::<journal_entry::Entity>(rows.iter().map(|line| line.entry_id)).await?;
    let mut bookings: Vec<Booking> = Vec::with_capacity(rows.len());
    for line in rows {
        if let Some(booking) = bookings.last_mut().filter(|booking| booking.entry == Some(line.entry_id)) {
            booking.minor += line.amount_minor;
            continue;
        }
        let said = entries.get(&line.entry_id).map(|entry| entry.description.clone()).unwrap_or_default();
        let (what, who) = said.split_once(": ").unwrap_or((&said, ""));
        bookings.push(Booking {
            date: line.date,
            minor: line.amount_minor,
            who: who.to_owned(),
            what: what.to_owned(),
            entry: Some(line.entry_id),
        });
    }
    Ok(bookings)
}

/// What nobody has booked yet: payments of open invoices, a fee, and money of somebody unknown.
async fn new_ones(scope: &TenantScope, account: &bank_account::Model, day: NaiveDate) -> Result<Vec<Booking>> {
    let select = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Status.eq(InvoiceStatus::Issued))
        .filter(invoice::Column::Currency.eq(&account.currency))
        .order_by_asc(invoice::Column::DueDate)
        .order_by_asc(invoice::Column::Id)
        .limit(PAID);
    let invoices = scope.all(select).await?;
    let companies = scope.by_ids::<company::Entity>(invoices.iter().map(|invoice| invoice.company_id)).await?;
    let mut bookings = Vec::new();
    for (place, invoice) in invoices.into_iter().enumerate() {
        let who = companies.get(&invoice.company_id).map(|company| company.name.to_uppercase()).unwrap_or_default();
        let number = invoice.number.unwrap_or_default();
        // Some write the number, some write what it was for, and one pays half.
        let what = if place % 2 == 0 {
            format!("ინვოისი {number}")
        } else {
            "მომსახურების საფასური".to_owned()
        };
        let minor = if place == 2 { invoice.total_minor / 2 } else { invoice.total_minor };
        bookings.push(Booking { date: day, minor, who, what, entry: None });
    }
    let plain = |minor, who: &str, what: &str| Booking {
        date: day,
        minor,
        who: who.to_owned(),
        what: what.to_owned(),
        entry: None,
    };
    bookings.push(plain(FEE_MINOR, "TBC Bank", "ანგარიშის მომსახურების საკომისიო"));
    bookings.push(plain(42_000, "გიორგი მაისურაძე", "თანხის ჩარიცხვა"));
    Ok(bookings)
}

/// The lines of the statement, in its order.
async fn lines(scope: &TenantScope, account: BankAccountId) -> Result<Vec<bank_statement_line::Model>> {
    let select = scope
        .find::<bank_statement_line::Entity>()
        .filter(bank_statement_line::Column::BankAccountId.eq(account))
        .order_by_asc(bank_statement_line::Column::Position);
    scope.all(select).await
}
