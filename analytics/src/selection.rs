//! Which lines a figure is made of. Reports sum these selections and [`lines_of`](crate::lines_of) lists them, so the
//! two can't disagree.

use std::{
    collections::{BTreeMap, HashMap},
    ops::{BitAnd, Not},
};

use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, ChunkCompareEq, ChunkCompareIneq, ChunkTake, DataFrame, DataType, NewChunkedArray, PlSmallStr,
};
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{Dimension, LedgerFrame, col},
    group::{NET, net_by_entry, sum_by},
    line::{Account, AccountKind, Control},
    lines_of::Part,
    margin::GroupKey,
    period::{DateRange, Month, day_number},
    slice::Slice,
};

/// What the lines of a result are grouped by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    Dimension(Dimension),
    Month,
}

impl Cut {
    fn column(self) -> &'static str {
        match self {
            Self::Dimension(dimension) => dimension.column(),
            Self::Month => col::MONTH,
        }
    }
}

/// A frame and what its accounts are.
pub(crate) struct Ledger<'a> {
    frame: &'a LedgerFrame,
    /// Indexed by the frame's account codes.
    accounts: Vec<Account>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(frame: &'a LedgerFrame, accounts: &[Account]) -> Result<Self, ReportError> {
        let by_id: HashMap<Uuid, Account> = accounts.iter().map(|a| (a.id, *a)).collect();
        let of_frame = frame.ids(Dimension::Account).iter();
        let accounts = of_frame
            .map(|id| by_id.get(id).copied().ok_or(ReportError::UnknownAccount(*id)))
            .collect::<Result<_, _>>()?;
        Ok(Self { frame, accounts })
    }

    /// Lines of the range on accounts of these kinds, closing entries left out.
    fn result_lines(
        &self,
        range: DateRange,
        kinds: &[AccountKind],
        columns: &[&str],
    ) -> Result<DataFrame, ReportError> {
        let lines = self.frame.lines();
        let mask = within(lines, range)?
            .bitand(self.on(lines, |account| kinds.contains(&account.kind))?)
            .bitand(lines.column(col::CLOSING)?.bool()?.not());
        Ok(lines.select(columns)?.filter(&mask)?)
    }

    /// Lines of the range on accounts of these kinds, for one key, for those without one, or all.
    pub(crate) fn result_lines_of(
        &self,
        range: DateRange,
        kinds: &[AccountKind],
        cut: Cut,
        part: Part,
    ) -> Result<DataFrame, ReportError> {
        let lines = self.result_lines(range, kinds, &[cut.column(), col::LINE])?;
        let keys = lines.column(cut.column())?;
        let mask = match (part, cut) {
            (Part::Total, _) => return Ok(lines),
            (Part::Unassigned, _) => keys.is_null(),
            (Part::Key(GroupKey::Month(month)), Cut::Month) => keys.i32()?.equal(month.index()),
            (Part::Key(GroupKey::Id(id)), Cut::Dimension(dimension)) => match self.frame.code(dimension, id) {
                Some(code) => keys.u32()?.equal(code),
                None => return Ok(lines.clear()),
            },
            (Part::Key(_), _) => return Ok(lines.clear()),
        };
        Ok(lines.filter(&mask)?)
    }

    /// Sums by key over accounts of one kind, in no order and as the ledger signs them: income is negative. The lines
    /// without a key have a sum of their own.
    pub(crate) fn sums_by(
        &self,
        range: DateRange,
        kind: AccountKind,
        cut: Cut,
    ) -> Result<Vec<(Option<GroupKey>, i128)>, ReportError> {
        let lines = self.result_lines(range, &[kind], &[cut.column(), col::BASE])?;
        let base = lines.column(col::BASE)?.cast(&DataType::Int128)?;
        let amounts =
            DataFrame::new(lines.height(), vec![lines.column(cut.column())?.clone(), base.with_name(NET.into())])?;
        let sums = sum_by(&amounts, cut.column(), &[NET])?;
        let keys = self.keys(&sums, cut)?;
        Ok(keys.into_iter().zip(sums.column(NET)?.i128()?.iter().flatten()).collect())
    }

    /// Sums by key and month over accounts of some kinds, as the ledger signs them.
    pub(crate) fn sums_by_month(
        &self,
        range: DateRange,
        kinds: &[AccountKind],
        dimension: Dimension,
    ) -> Result<BTreeMap<(Option<Uuid>, Month), i128>, ReportError> {
        let lines = self.result_lines(range, kinds, &[dimension.column(), col::MONTH, col::BASE])?;
        let codes = lines.column(dimension.column())?.u32()?.iter();
        let months = lines.column(col::MONTH)?.i32()?.iter();
        let amounts = lines.column(col::BASE)?.i64()?.iter();
        let mut by_code: BTreeMap<(Option<u32>, i32), i128> = BTreeMap::new();
        for ((code, month), amount) in codes.zip(months).zip(amounts) {
            let sum = by_code.entry((code, month.unwrap_or_default())).or_default();
            *sum += i128::from(amount.unwrap_or_default());
        }
        let ids = self.frame.ids(dimension);
        let keyed = |((code, month), sum): ((Option<u32>, i32), i128)| {
            ((code.map(|code| ids[code as usize]), Month::from_index(month)), sum)
        };
        Ok(by_code.into_iter().map(keyed).collect())
    }

    fn keys(&self, sums: &DataFrame, cut: Cut) -> Result<Vec<Option<GroupKey>>, ReportError> {
        let column = sums.column(cut.column())?;
        Ok(match cut {
            Cut::Month => {
                let months = column.i32()?.iter();
                months.map(|index| index.map(|index| GroupKey::Month(Month::from_index(index)))).collect()
            }
            Cut::Dimension(dimension) => {
                let ids = self.frame.ids(dimension);
                let codes = column.u32()?.iter();
                codes.map(|code| code.map(|code| GroupKey::Id(ids[code as usize]))).collect()
            }
        })
    }

    /// Lines of the range on accounts that hold money.
    pub(crate) fn cash_lines(&self, range: DateRange, columns: &[&str]) -> Result<DataFrame, ReportError> {
        let lines = self.frame.lines();
        let mask = within(lines, range)?.bitand(self.on(lines, |account| account.cash)?);
        Ok(lines.select(columns)?.filter(&mask)?)
    }

    /// What each entry of the range did to cash: `seq`, `date` and [`NET`]. Netting an entry's own lines keeps a
    /// transfer between two accounts of the company from being an inflow and an outflow.
    pub(crate) fn cash_entries(&self, range: DateRange) -> Result<DataFrame, ReportError> {
        let lines = self.cash_lines(range, &[col::SEQ, col::DATE, col::BASE])?;
        let base = lines.column(col::BASE)?.cast(&DataType::Int128)?;
        let lines = DataFrame::new(
            lines.height(),
            vec![lines.column(col::SEQ)?.clone(), lines.column(col::DATE)?.clone(), base.with_name(NET.into())],
        )?;
        Ok(net_by_entry(&lines)?)
    }

    /// Sum of the cash accounts before a day.
    pub(crate) fn cash_before(&self, date: NaiveDate) -> Result<i128, ReportError> {
        let Some(to) = date.pred_opt() else {
            return Ok(0);
        };
        let range = DateRange { from: NaiveDate::MIN, to };
        let lines = self.cash_lines(range, &[col::BASE])?;
        let base = lines.column(col::BASE)?.cast(&DataType::Int128)?;
        Ok(base.i128()?.iter().flatten().sum())
    }

    /// Lines of the range in the slice, on accounts that pass.
    pub(crate) fn sliced(
        &self,
        range: DateRange,
        slice: &Slice,
        passes: impl Fn(&Account) -> bool,
        columns: &[&str],
    ) -> Result<DataFrame, ReportError> {
        let lines = self.frame.lines();
        let mask = self.slice(lines, slice, within(lines, range)?)?.bitand(self.on(lines, passes)?);
        Ok(lines.select(columns)?.filter(&mask)?)
    }

    /// The same without closing entries.
    pub(crate) fn sliced_result(
        &self,
        range: DateRange,
        slice: &Slice,
        passes: impl Fn(&Account) -> bool,
        columns: &[&str],
    ) -> Result<DataFrame, ReportError> {
        let columns: Vec<&str> = columns.iter().copied().chain([col::CLOSING]).collect();
        let lines = self.sliced(range, slice, passes, &columns)?;
        let mask = lines.column(col::CLOSING)?.bool()?.not();
        Ok(lines.filter(&mask)?)
    }

    /// Lines up to a day, in the slice, on the control accounts of a kind.
    pub(crate) fn control_lines(
        &self,
        at: NaiveDate,
        slice: &Slice,
        control: Control,
        columns: &[&str],
    ) -> Result<DataFrame, ReportError> {
        self.sliced(DateRange::until(at), slice, |account| account.control == Some(control), columns)
    }

    /// Sums by account of lines with the columns account and base amount, in the order of the accounts' codes in the
    /// frame, as the ledger signs them.
    pub(crate) fn by_account(&self, lines: &DataFrame) -> Result<Vec<i128>, ReportError> {
        let mut sums = vec![0; self.accounts.len()];
        let codes = lines.column(Dimension::Account.column())?.u32()?.iter();
        let amounts = lines.column(col::BASE)?.i64()?.iter();
        for (code, amount) in codes.zip(amounts) {
            if let (Some(code), Some(amount)) = (code, amount) {
                sums[code as usize] += i128::from(amount);
            }
        }
        Ok(sums)
    }

    fn slice(&self, lines: &DataFrame, slice: &Slice, mut mask: BooleanChunked) -> Result<BooleanChunked, ReportError> {
        for (dimension, id) in slice.parts() {
            let codes = lines.column(dimension.column())?.u32()?;
            // No line has a code as high as this: there would have to be four billion ids.
            let code = self.frame.code(dimension, id).unwrap_or(u32::MAX);
            mask = mask.bitand(codes.equal(code));
        }
        if let Some(cost_centres) = &slice.cost_centres {
            let by_code: Vec<bool> =
                self.frame.ids(Dimension::CostCentre).iter().map(|id| cost_centres.contains(id)).collect();
            let codes = lines.column(Dimension::CostCentre.column())?.u32()?.iter();
            let within = codes.map(|code| code.is_some_and(|code| by_code[code as usize]));
            mask = mask.bitand(BooleanChunked::from_iter_values(PlSmallStr::EMPTY, within));
        }
        Ok(mask)
    }

    /// For each line, whether its account passes.
    fn on(&self, lines: &DataFrame, passes: impl Fn(&Account) -> bool) -> Result<BooleanChunked, ReportError> {
        let by_code = self.accounts.iter().map(passes);
        let by_code = BooleanChunked::from_iter_values(PlSmallStr::EMPTY, by_code);
        let codes = lines.column(Dimension::Account.column())?.idx()?;
        Ok(by_code.take(codes)?)
    }
}

fn within(lines: &DataFrame, range: DateRange) -> Result<BooleanChunked, ReportError> {
    let dates = lines.column(col::DATE)?.i32()?;
    let after = dates.gt_eq(day_number(range.from));
    Ok(after.bitand(dates.lt_eq(day_number(range.to))))
}
