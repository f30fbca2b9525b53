use chrono::NaiveDate;
use polars::prelude::PolarsError;
use uuid::Uuid;

/// Why there is no report, or why lines weren't taken into a frame.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The range ends before it begins.
    #[error("the range ends on {to}, before it begins on {from}")]
    EmptyRange {
        /// First day asked for.
        from: NaiveDate,
        /// Last day asked for.
        to: NaiveDate,
    },
    /// The range holds more periods than a report has rows for.
    #[error("the range has more than {max} periods; take a longer interval or a shorter range")]
    TooManyPeriods {
        /// The most periods that a report takes.
        max: usize,
    },
    /// A figure doesn't fit 64 bits of minor units.
    #[error("a sum is too large to be an amount of money")]
    Overflow,
    /// A line stands on an account that the caller didn't describe: the report's totals would be wrong.
    #[error("a journal line names the account {0}, which isn't among the accounts given")]
    UnknownAccount(Uuid),
    /// An appended line doesn't follow on what the frame has.
    #[error("a journal line with seq {seq} can't be appended after {after}")]
    OutOfOrder {
        /// Number of the entry that was refused.
        seq: i64,
        /// Number that it should have been above (the frame's last), or not below (the line before it).
        after: i64,
    },
    /// More different ids in one dimension than 32 bits number.
    #[error("too many different ids in one dimension")]
    TooManyIds,
    /// Polars failed.
    #[error("the report could not be computed: {0}")]
    Engine(#[from] PolarsError),
}
