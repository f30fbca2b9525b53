//! Bank accounts and their statements.

record! {
    /// Accounts at banks.
    bank_account, "bank_account", BankAccountId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// The account of role "bank" that its money is on, and no other bank account's.
        account_id: AccountId,
        /// Its currency.
        currency: String,
        /// International bank account number.
        iban: Option<String>,
        /// The bank.
        bank_name: Option<String>,
        /// Business identifier code of the bank.
        bic: Option<String>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}
