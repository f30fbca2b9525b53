//! Fiscal years.

row! {
    /// Years whose result is moved to equity. Their periods are their months, which the dates of the ledger close.
    fiscal_year, "fiscal_year", FiscalYearId, {
        /// Name.
        name: String,
        /// First day, the first of a month.
        start_date: NaiveDate,
        /// Last day, the last of a month.
        end_date: NaiveDate,
        /// Where it stands.
        status: FiscalYearStatus,
        /// The entry that moved its result; none while it's open, and for a year without a result.
        closing_entry_id: Option<JournalEntryId>,
    }
}
