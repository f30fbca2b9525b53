//! Opening balances, as the API takes them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::{
    error::Error,
    finance::service::opening,
    graphql::{Can, Date, Money, request},
    identity::Permission,
    ledger::schema::JournalEntry,
};

/// Opening balances.
#[derive(InputObject)]
pub(crate) struct ImportOpeningBalancesInput {
    /// The day whose end the balances are of.
    date: Date,
    /// A table with a header, at most 5 MB: columns kind, account, company, number, date, `due_date`, currency, rate, amount.
    /// Rows of kind "account" have the account's code and its balance, debit positive; "invoice" and "bill" what is open of
    /// each, with the company's name, tax number or short name. The documents of receivables and payables add up to the row
    /// of their account. A row of kind "difference" lets what the rows leave over go to the account of opening balances.
    csv: String,
    /// Only checks the file, and writes nothing.
    #[graphql(default)]
    dry_run: bool,
}

/// What the file had in it.
#[derive(SimpleObject)]
pub(crate) struct ImportOpeningBalancesPayload {
    /// The entry; none when the file was only checked.
    journal_entry: Option<JournalEntry>,
    /// How many balances of accounts.
    accounts: usize,
    /// How many open invoices.
    invoices: usize,
    /// How many open bills.
    bills: usize,
    /// All debits.
    total: Money,
    /// Debit less credit of the rows: what went to the account of opening balances.
    difference: Money,
}

/// Bringing the books from elsewhere.
#[derive(Default)]
pub(crate) struct OpeningMutation;

#[Object]
impl OpeningMutation {
    /// Posts opening balances as one entry, with each open invoice and bill on its own.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn import_opening_balances(
        &self,
        ctx: &Context<'_>,
        input: ImportOpeningBalancesInput,
    ) -> Result<ImportOpeningBalancesPayload> {
        let scope = request(ctx).write().await?;
        let opened = opening::import(&scope, input.date.0, &input.csv).await.map_err(of_file)?;
        let base = scope.base_currency().to_owned();
        let mut payload = ImportOpeningBalancesPayload {
            journal_entry: None,
            accounts: opened.accounts,
            invoices: opened.invoices,
            bills: opened.bills,
            total: Money::new(opened.debit_minor, &base),
            difference: Money::new(opened.difference_minor, &base),
        };
        // A check writes all and keeps nothing: what it tells is what an import does.
        if !input.dry_run {
            request(ctx).commit(scope).await?;
            payload.journal_entry = Some(JournalEntry(opened.entry));
        }
        Ok(payload)
    }
}

/// What a constraint says of a row is the file's.
fn of_file(error: Error) -> Error {
    match error.field() {
        Some("csv" | "date") | None => error,
        Some(_) => Error::invalid("csv", error.message()),
    }
}
