//! How costs are split, spread and planned.

part! {
    /// Shares of cost centres in a line that has several.
    cost_split, "cost_split", CostSplitId, {
        /// What is split.
        subject_kind: SplitSubject,
        /// The line of an invoice or of a bill, or the expense.
        subject_id: Uuid,
        /// Place among the shares, from 1.
        position: i32,
        /// Cost centre.
        cost_centre_id: CostCentreId,
        /// Its share.
        share_bp: i32,
    }
}
