//! Accounts and the journal, as the API shows them.

mod account;
mod cost_centre;
mod exchange_rate;
mod fiscal_year;
mod journal;
mod journal_acts;
mod line;
mod split;
mod tax_code;

use async_graphql::MergedObject;

pub(crate) use self::{
    account::Account,
    cost_centre::CostCentre,
    journal::JournalEntry,
    line::{JournalLine, JournalLineOrder},
    split::{CostCentreSplit, CostCentreSplitInput},
    tax_code::TaxCode,
};

/// What can be asked of the ledger.
#[derive(Default, MergedObject)]
pub(crate) struct LedgerQuery(
    account::AccountQuery,
    cost_centre::CostCentreQuery,
    tax_code::TaxCodeQuery,
    journal::JournalQuery,
    line::LineQuery,
    exchange_rate::ExchangeRateQuery,
    fiscal_year::FiscalYearQuery,
);

/// What can be done to the ledger.
#[derive(Default, MergedObject)]
pub(crate) struct LedgerMutation(
    account::AccountMutation,
    cost_centre::CostCentreMutation,
    tax_code::TaxCodeMutation,
    tax_code::TaxCodeArchiving,
    journal_acts::JournalMutation,
    exchange_rate::ExchangeRateMutation,
    fiscal_year::FiscalYearMutation,
);
