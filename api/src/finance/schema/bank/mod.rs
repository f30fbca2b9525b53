//! Bank accounts and what their banks say of them, as the API shows them.

mod account;
mod import;
mod line;
mod matching;
mod proposal;
mod reconciliation;
mod statement;
mod transfer;

use async_graphql::MergedObject;

use self::{account::BankAccount, line::BankStatementLine, statement::BankStatement};

/// What can be asked of banks.
#[derive(Default, MergedObject)]
pub(crate) struct BankQuery(
    account::BankAccountQuery,
    statement::BankStatementQuery,
    line::BankLineQuery,
    proposal::BankProposalQuery,
    import::BankImportQuery,
    transfer::BankTransferQuery,
    reconciliation::BankReconciliationQuery,
);

/// What can be done with banks.
#[derive(Default, MergedObject)]
pub(crate) struct BankMutation(
    account::BankAccountMutation,
    account::BankAccountArchiving,
    import::BankImportMutation,
    matching::BankMatchingMutation,
    transfer::BankTransferMutation,
);
