//! What is written off.

record! {
    /// What a client won't pay any more.
    write_off, "write_off", WriteOffId, {
        /// The client.
        company_id: CompanyId,
        /// When.
        date: NaiveDate,
        /// How much.
        amount_minor: i64,
        /// Currency of the amount.
        currency: String,
        /// The same in the base currency, at the rates at which it was owed.
        base_minor: i64,
        /// Where the loss is posted.
        account_id: AccountId,
        /// Why.
        reason: String,
        /// Where it stands.
        status: PostingStatus,
    }
}
