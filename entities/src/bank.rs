//! Bank accounts, what their banks say of them, and what that is in the ledger.

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

business_table! {
    /// What banks say of their accounts, each going on where the one before ended.
    bank_statement, "bank_statement", BankStatementId, {
        /// The account.
        bank_account_id: BankAccountId,
        /// Place among the account's statements, from 1, without gaps.
        ordinal: i32,
        /// The bank's name for it.
        reference: Option<String>,
        /// First day.
        from_date: NaiveDate,
        /// Last day.
        to_date: NaiveDate,
        /// What was on the account before its first line.
        opening_minor: i64,
        /// What was on it after its last.
        closing_minor: i64,
        /// SHA-256 of the file that it came in.
        file_hash: String,
        /// Place within the file, from 1.
        file_position: i32,
    },
    {
        /// When the row was made.
        created_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
        /// Who made it.
        created_by: Option<MembershipId> = |stamp: crate::Stamp| stamp.by,
    }
}

row! {
    /// The bookings of banks.
    bank_statement_line, "bank_statement_line", BankStatementLineId, {
        /// The statement that it's a line of.
        statement_id: BankStatementId,
        /// The statement's account.
        bank_account_id: BankAccountId,
        /// Place within the statement, from 1.
        position: i32,
        /// When the bank booked it.
        date: NaiveDate,
        /// When it counts for interest.
        value_date: Option<NaiveDate>,
        /// Money in is positive, money out negative; in the account's currency.
        amount_minor: i64,
        /// Who paid or was paid.
        counterparty: Option<String>,
        /// That one's IBAN or other account number.
        iban: Option<String>,
        /// That one's tax number.
        tax_number: Option<String>,
        /// A reference for machines.
        reference: Option<String>,
        /// What the one who paid called the payment.
        end_to_end_id: Option<String>,
        /// What it's for, in words.
        description: Option<String>,
        /// The bank's own id of the booking.
        bank_reference: Option<String>,
        /// What searches look into.
        search_text: String,
        /// SHA-256 of what the bank says of it: the same booking in another file has the same.
        entry_key: String,
        /// Which of the bookings of that key it is, from 0.
        occurrence: i32,
        /// Where it stands.
        status: BankLineStatus,
        /// Why it's ignored.
        note: Option<String>,
    }
}

part! {
    /// Which line of the ledger a bank's booking is.
    bank_match, "bank_match", BankMatchId, {
        /// The bank's booking.
        line_id: BankStatementLineId,
        /// The line of the ledger, on the bank account's own account.
        journal_line_id: JournalLineId,
        /// Whether the match recorded it; else it was there before.
        recorded: bool,
    }
}

record! {
    /// Money moved between own bank accounts, by way of the account of role `bank_transit`.
    bank_transfer, "bank_transfer", BankTransferId, {
        /// From which.
        from_id: BankAccountId,
        /// To which.
        to_id: BankAccountId,
        /// When it left.
        date: NaiveDate,
        /// When it arrived.
        arrival_date: NaiveDate,
        /// How much left.
        amount_minor: i64,
        /// Its currency.
        currency: String,
        /// How much arrived.
        arrived_minor: i64,
        /// Its currency.
        arrived_currency: String,
        /// What both statements say.
        reference: Option<String>,
        /// Where it stands.
        status: PostingStatus,
    }
}
