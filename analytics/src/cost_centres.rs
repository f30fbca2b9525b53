use std::{cmp::Reverse, collections::HashMap, hash::BuildHasher};

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{Dimension, LedgerFrame},
    line::{Account, AccountKind},
    margin::{GroupKey, minor},
    period::DateRange,
    selection::{Cut, Ledger},
};

pub(crate) const COST_KINDS: [AccountKind; 1] = [AccountKind::Expense];
pub(crate) const COST_CENTRE: Cut = Cut::Dimension(Dimension::CostCentre);

/// One cost centre's figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostCentreRow {
    /// The cost centre; None for the expenses that have none: "unassigned".
    pub key: Option<Uuid>,
    /// The cost centre that it's a part of.
    pub parent: Option<Uuid>,
    /// How many cost centres it's a part of.
    pub depth: usize,
    /// Expenses of its own, in minor units of the base currency; negative where more was given back than spent.
    pub cost_minor: i64,
    /// The same with those of all its parts.
    pub total_minor: i64,
}

/// Expenses by cost centre. The sum of the rows' own costs is the total, and the total is the ledger's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostCentreReport {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// Each followed by its parts, and among those of one parent by cost with all parts, highest first, ties by id. Unassigned
    /// comes last.
    pub rows: Vec<CostCentreRow>,
    /// All rows together, in minor units of the base currency.
    pub total_minor: i64,
}

/// Expenses of the days `from` to `to`, both counted, with a row for each cost centre that has a line on an expense
/// account, and for all that it's a part of by `parents`. Closing entries are left out.
///
/// # Errors
/// [`ReportError::EmptyRange`], [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn cost_centres<S: BuildHasher>(
    frame: &LedgerFrame,
    accounts: &[Account],
    parents: &HashMap<Uuid, Uuid, S>,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<CostCentreReport, ReportError> {
    let range = DateRange::new(from, to)?;
    let sums = Ledger::new(frame, accounts)?.sums_by(range, AccountKind::Expense, COST_CENTRE)?;
    let total_minor = minor(sums.iter().map(|(_, cost)| cost).sum())?;
    let (mut costs, mut unassigned) = (HashMap::new(), None);
    for (key, cost) in sums {
        match key {
            Some(GroupKey::Id(id)) => drop(costs.insert(id, cost)),
            Some(GroupKey::Month(_)) | None => unassigned = Some(minor(cost)?),
        }
    }
    let mut rows = Tree::new(costs, parents).rows()?;
    rows.extend(unassigned.map(|cost_minor| CostCentreRow {
        key: None,
        parent: None,
        depth: 0,
        cost_minor,
        total_minor: cost_minor,
    }));
    Ok(CostCentreReport { as_of_seq: frame.last_seq(), rows, total_minor })
}

/// Costs, and the tree that they add up in.
struct Tree<'a, S> {
    parents: &'a HashMap<Uuid, Uuid, S>,
    own: HashMap<Uuid, i128>,
    totals: HashMap<Uuid, i128>,
}

impl<'a, S: BuildHasher> Tree<'a, S> {
    fn new(own: HashMap<Uuid, i128>, parents: &'a HashMap<Uuid, Uuid, S>) -> Self {
        let mut totals: HashMap<Uuid, i128> = HashMap::with_capacity(own.len());
        for (id, cost) in &own {
            let above = std::iter::successors(Some(id), |id| parents.get(id));
            // A tree has no circle; if one came from elsewhere, it must not go on for ever.
            for id in above.take(parents.len() + 1) {
                *totals.entry(*id).or_default() += cost;
            }
        }
        Self { parents, own, totals }
    }

    /// Depth first.
    fn rows(&self) -> Result<Vec<CostCentreRow>, ReportError> {
        let mut parts: HashMap<Option<Uuid>, Vec<Uuid>> = HashMap::new();
        for id in self.totals.keys() {
            parts.entry(self.parents.get(id).copied()).or_default().push(*id);
        }
        for of_one in parts.values_mut() {
            of_one.sort_by_key(|id| (self.totals[id], Reverse(*id)));
        }
        // The last of a stack comes first.
        let mut stack: Vec<(Uuid, usize)> = parts.remove(&None).into_iter().flatten().map(|id| (id, 0)).collect();
        let mut rows = Vec::with_capacity(self.totals.len());
        while let Some((id, depth)) = stack.pop() {
            rows.push(CostCentreRow {
                key: Some(id),
                parent: self.parents.get(&id).copied(),
                depth,
                cost_minor: minor(self.own.get(&id).copied().unwrap_or_default())?,
                total_minor: minor(self.totals[&id])?,
            });
            stack.extend(parts.remove(&Some(id)).into_iter().flatten().map(|part| (part, depth + 1)));
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Line,
        testing::{FREIGHT, RENT, SALES, accounts, day, entries, frame, id, kind_of, line, range},
    };

    fn spent(centre: Option<u128>, account: u128, amount: i64) -> Line {
        Line { cost_centre: centre.map(id), ..line(1, day(1996, 7, 4), id(account), amount) }
    }

    fn of(lines: &[Line]) -> Result<CostCentreReport, ReportError> {
        within(lines, &[])
    }

    fn within(lines: &[Line], parents: &[(u128, u128)]) -> Result<CostCentreReport, ReportError> {
        let parents: HashMap<Uuid, Uuid> = parents.iter().map(|(part, whole)| (id(*part), id(*whole))).collect();
        cost_centres(&frame(lines), &accounts(), &parents, day(1996, 1, 1), day(1996, 12, 31))
    }

    #[test]
    fn an_empty_ledger_costs_nothing() {
        let report = of(&[]).unwrap();
        assert_eq!((report.rows, report.total_minor), (vec![], 0));
    }

    #[test]
    fn rows_go_by_cost_then_id_and_unassigned_last() {
        let report = of(&[
            spent(None, RENT, 1_000),
            spent(Some(13), RENT, 20),
            spent(Some(11), FREIGHT, 20),
            spent(Some(12), FREIGHT, 200),
            spent(Some(12), RENT, 100),
            // Income in a cost centre is no cost, and makes no row.
            spent(Some(14), SALES, -70),
            spent(Some(12), SALES, -70),
            Line { closing: true, ..spent(Some(12), RENT, -300) },
        ])
        .unwrap();
        let row = |key: Option<u128>, cost_minor| CostCentreRow {
            key: key.map(id),
            parent: None,
            depth: 0,
            cost_minor,
            total_minor: cost_minor,
        };
        assert_eq!(report.rows, [row(Some(12), 300), row(Some(11), 20), row(Some(13), 20), row(None, 1_000),]);
        assert_eq!((report.total_minor, report.as_of_seq), (1_340, 1));
    }

    #[test]
    fn a_cost_centre_has_the_costs_of_its_parts_and_is_followed_by_them() {
        let report = within(
            &[
                spent(Some(11), RENT, 5),
                spent(Some(13), RENT, 70),
                spent(Some(12), RENT, 40),
                spent(Some(15), RENT, 80),
            ],
            &[(11, 10), (12, 10), (13, 12)],
        )
        .unwrap();
        let rows: Vec<_> =
            report.rows.iter().map(|row| (row.key, row.depth, row.cost_minor, row.total_minor)).collect();
        let row = |key, depth, own, total| (Some(id(key)), depth, own, total);
        assert_eq!(
            rows,
            [row(10, 0, 0, 115), row(12, 1, 40, 110), row(13, 2, 70, 70), row(11, 1, 5, 5), row(15, 0, 80, 80)]
        );
        assert_eq!(report.rows[2].parent, Some(id(12)));
        assert_eq!(report.total_minor, 195);
    }

    #[test]
    fn a_sum_past_64_bits_is_an_error() {
        let report = of(&[spent(Some(1), RENT, i64::MAX), spent(Some(2), RENT, 1)]);
        assert!(matches!(report, Err(ReportError::Overflow)));
        let report = of(&[spent(Some(1), RENT, i64::MIN)]).unwrap();
        assert_eq!(report.total_minor, i64::MIN);
    }

    proptest! {
        #[test]
        fn totals_are_the_ledgers((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let report = cost_centres(&frame(&lines), &accounts(), &HashMap::new(), from, to).unwrap();
            let expected: i64 = lines
                .iter()
                .filter(|l| !l.closing && (from..=to).contains(&l.date))
                .filter(|l| kind_of(l) == AccountKind::Expense)
                .map(|l| l.base_minor)
                .sum();
            prop_assert_eq!(report.total_minor, expected);
            prop_assert_eq!(report.rows.iter().map(|r| r.cost_minor).sum::<i64>(), expected);
        }
    }
}
