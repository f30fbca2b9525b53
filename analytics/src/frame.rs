use std::collections::HashMap;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Field, Int32Chunked, Int64Chunked, Int128Chunked, IntoColumn,
    NewChunkedArray, PolarsResult, Schema, UInt32Chunked,
};
use polars::series::IsSorted;
use uuid::Uuid;

use crate::{
    error::ReportError,
    line::Line,
    period::{Month, day_number},
};

/// Columns of the frame that aren't a [`Dimension`].
pub(crate) mod col {
    pub(crate) const SEQ: &str = "seq";
    pub(crate) const LINE: &str = "line";
    pub(crate) const DATE: &str = "date";
    pub(crate) const MONTH: &str = "month";
    pub(crate) const BASE: &str = "base_minor";
    pub(crate) const CLOSING: &str = "closing";
}

/// What lines are cut by: columns of codes, one dictionary for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension {
    Account,
    Company,
    Service,
    Seller,
    Employee,
    Project,
    Department,
    CostCentre,
    Party,
    Item,
}

impl Dimension {
    const ALL: [Self; 10] = [
        Self::Account,
        Self::Company,
        Self::Service,
        Self::Seller,
        Self::Employee,
        Self::Project,
        Self::Department,
        Self::CostCentre,
        Self::Party,
        Self::Item,
    ];

    pub(crate) const fn column(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Company => "company",
            Self::Service => "service",
            Self::Seller => "seller",
            Self::Employee => "employee",
            Self::Project => "project",
            Self::Department => "department",
            Self::CostCentre => "cost_centre",
            Self::Party => "party",
            Self::Item => "item",
        }
    }

    fn of(self, line: &Line) -> Option<Uuid> {
        match self {
            Self::Account => Some(line.account),
            Self::Company => line.company,
            Self::Service => line.service,
            Self::Seller => line.seller,
            Self::Employee => line.employee,
            Self::Project => line.project,
            Self::Department => line.department,
            Self::CostCentre => line.cost_centre,
            Self::Party => line.party,
            Self::Item => line.item,
        }
    }
}

fn schema() -> Schema {
    let own = [
        (col::SEQ, DataType::Int64),
        (col::LINE, DataType::Int128),
        (col::DATE, DataType::Int32),
        (col::MONTH, DataType::Int32),
        (col::BASE, DataType::Int64),
        (col::CLOSING, DataType::Boolean),
    ];
    let codes = Dimension::ALL.map(|dimension| (dimension.column(), DataType::UInt32));
    own.into_iter().chain(codes).map(|(name, dtype)| Field::new(name.into(), dtype)).collect()
}

/// Ids of one dimension, numbered in the order of their first line.
#[derive(Debug, Clone, Default)]
struct Dictionary {
    ids: Vec<Uuid>,
    codes: HashMap<Uuid, u32>,
}

impl Dictionary {
    fn code(&mut self, id: Uuid) -> Result<u32, ReportError> {
        if let Some(code) = self.codes.get(&id) {
            return Ok(*code);
        }
        let code = u32::try_from(self.ids.len()).map_err(|_| ReportError::TooManyIds)?;
        self.ids.push(id);
        self.codes.insert(id, code);
        Ok(code)
    }

    fn estimated_bytes(&self) -> usize {
        self.ids.capacity() * size_of::<Uuid>() + self.codes.capacity() * (size_of::<(Uuid, u32)>() + 1)
    }
}

/// One tenant's journal lines as columns, in the order of `seq`: about 90 bytes a line.
///
/// It is made to stay in memory and to be brought up to date by [`append`](Self::append). A clone shares the columns,
/// so a report may run on a clone while the original grows.
#[derive(Debug, Clone)]
pub struct LedgerFrame {
    lines: DataFrame,
    dictionaries: [Dictionary; Dimension::ALL.len()],
    last_seq: i64,
}

/// Each append adds a chunk to every column; reports slow down over many, and joining them copies the frame.
const MAX_CHUNKS: usize = 64;

impl LedgerFrame {
    /// A frame without lines.
    #[must_use]
    pub fn new() -> Self {
        Self { lines: DataFrame::empty_with_schema(&schema()), dictionaries: Default::default(), last_seq: 0 }
    }

    /// Takes in the lines of whole entries, in the order of `seq`, all above [`last_seq`](Self::last_seq).
    ///
    /// On an error the frame is what it was. An entry's lines come in one append, or the rest of them is refused.
    ///
    /// # Errors
    /// [`ReportError::OutOfOrder`] for a line that doesn't follow on what is there, [`ReportError::TooManyIds`] past
    /// four billion ids or lines.
    pub fn append(&mut self, lines: &[Line]) -> Result<(), ReportError> {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
            return Ok(());
        };
        if first.seq <= self.last_seq {
            return Err(ReportError::OutOfOrder { seq: first.seq, after: self.last_seq });
        }
        if let Some(pair) = lines.windows(2).find(|pair| pair[1].seq < pair[0].seq) {
            return Err(ReportError::OutOfOrder { seq: pair[1].seq, after: pair[0].seq });
        }
        let rows = self.rows().saturating_add(lines.len());
        if u32::try_from(rows).is_err() {
            return Err(ReportError::TooManyIds);
        }
        let lines = self.columns(lines)?;
        self.lines.vstack_mut(&lines)?;
        if self.lines.max_n_chunks() > MAX_CHUNKS {
            self.lines.rechunk_mut();
        }
        self.last_seq = last.seq;
        Ok(())
    }

    /// Number of the last entry taken in; 0 when there is none.
    #[must_use]
    pub fn last_seq(&self) -> i64 {
        self.last_seq
    }

    /// Number of lines.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.lines.height()
    }

    /// Memory that the frame holds, in bytes, about.
    #[must_use]
    pub fn estimated_bytes(&self) -> usize {
        let dictionaries = self.dictionaries.iter().map(Dictionary::estimated_bytes);
        self.lines.estimated_size() + dictionaries.sum::<usize>()
    }

    pub(crate) fn lines(&self) -> &DataFrame {
        &self.lines
    }

    /// Ids of a dimension; a code is an index into them.
    pub(crate) fn ids(&self, dimension: Dimension) -> &[Uuid] {
        &self.dictionaries[dimension as usize].ids
    }

    /// The code of an id, if any line has it.
    pub(crate) fn code(&self, dimension: Dimension, id: Uuid) -> Option<u32> {
        let dictionary = &self.dictionaries[dimension as usize];
        dictionary.codes.get(&id).copied()
    }

    fn columns(&mut self, lines: &[Line]) -> Result<DataFrame, ReportError> {
        let mut seq = Int64Chunked::from_iter_values(col::SEQ.into(), lines.iter().map(|l| l.seq));
        // Lets Polars group lines into entries without hashing; an append checks that it is so.
        seq.set_sorted_flag(IsSorted::Ascending);
        let mut columns: Vec<Column> = vec![
            seq.into_column(),
            Int128Chunked::from_iter_values(col::LINE.into(), lines.iter().map(|l| stored_id(l.id))).into_column(),
            Int32Chunked::from_iter_values(col::DATE.into(), lines.iter().map(|l| day_number(l.date))).into_column(),
            Int32Chunked::from_iter_values(col::MONTH.into(), lines.iter().map(|l| Month::of(l.date).index()))
                .into_column(),
            Int64Chunked::from_iter_values(col::BASE.into(), lines.iter().map(|l| l.base_minor)).into_column(),
            BooleanChunked::from_iter_values(col::CLOSING.into(), lines.iter().map(|l| l.closing)).into_column(),
        ];
        for dimension in Dimension::ALL {
            let dictionary = &mut self.dictionaries[dimension as usize];
            let codes = lines
                .iter()
                .map(|line| dimension.of(line).map(|id| dictionary.code(id)).transpose())
                .collect::<Result<Vec<_>, _>>()?;
            columns.push(UInt32Chunked::from_iter_options(dimension.column().into(), codes.into_iter()).into_column());
        }
        Ok(DataFrame::new(lines.len(), columns)?)
    }
}

impl Default for LedgerFrame {
    fn default() -> Self {
        Self::new()
    }
}

/// An id as a column stores it: the same 128 bits.
fn stored_id(id: Uuid) -> i128 {
    id.as_u128().cast_signed()
}

/// Ids of the lines in a selection.
pub(crate) fn line_ids(lines: &DataFrame) -> PolarsResult<Vec<Uuid>> {
    let ids = lines.column(col::LINE)?.i128()?;
    Ok(ids.iter().flatten().map(|id| Uuid::from_u128(id.cast_unsigned())).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{day, entries, id, line};

    #[test]
    fn a_new_frame_is_empty() {
        let frame = LedgerFrame::new();
        assert_eq!((frame.rows(), frame.last_seq()), (0, 0));
    }

    #[test]
    fn an_append_of_nothing_is_nothing() {
        let mut frame = LedgerFrame::new();
        frame.append(&[]).unwrap();
        assert_eq!((frame.rows(), frame.last_seq()), (0, 0));
    }

    #[test]
    fn lines_come_in_the_order_of_their_entries() {
        let mut frame = LedgerFrame::new();
        let at = |seq| line(seq, day(1996, 7, 4), id(1), 5);
        frame.append(&[at(1), at(1), at(3)]).unwrap();
        for refused in [vec![at(3)], vec![at(0)], vec![at(5), at(4)]] {
            assert!(matches!(frame.append(&refused), Err(ReportError::OutOfOrder { .. })));
            assert_eq!((frame.rows(), frame.last_seq()), (3, 3));
        }
        frame.append(&[at(4)]).unwrap();
        assert_eq!((frame.rows(), frame.last_seq()), (4, 4));
        assert!(frame.estimated_bytes() > 0);
    }

    #[test]
    fn ids_come_back_whatever_their_bits() {
        let mut frame = LedgerFrame::new();
        let ids = [Uuid::nil(), Uuid::max(), id(7)];
        let lines = ids.map(|id| Line { id, ..line(1, day(1996, 7, 4), id, 5) });
        frame.append(&lines).unwrap();
        assert_eq!(line_ids(frame.lines()).unwrap(), ids);
        assert_eq!(frame.ids(Dimension::Account), ids);
    }

    #[test]
    fn chunks_stay_few() {
        let mut frame = LedgerFrame::new();
        for seq in 1..=1000 {
            frame.append(&[line(seq, day(1996, 7, 4), id(1), 5)]).unwrap();
            assert!(frame.lines.max_n_chunks() <= MAX_CHUNKS);
        }
        assert_eq!(frame.rows(), 1000);
    }

    proptest! {
        #[test]
        fn pieces_make_the_whole(entries in entries(), cuts in prop::collection::vec(1_usize..9, 0..40)) {
            let mut whole = LedgerFrame::new();
            whole.append(&entries.concat()).unwrap();
            let mut pieces = LedgerFrame::new();
            let mut rest = entries.as_slice();
            for cut in cuts {
                let (piece, tail) = rest.split_at(cut.min(rest.len()));
                pieces.append(&piece.concat()).unwrap();
                rest = tail;
            }
            pieces.append(&rest.concat()).unwrap();
            prop_assert!(whole.lines.equals_missing(&pieces.lines));
            prop_assert_eq!(whole.last_seq(), pieces.last_seq());
            for dimension in Dimension::ALL {
                prop_assert_eq!(whole.ids(dimension), pieces.ids(dimension));
            }
        }
    }
}
