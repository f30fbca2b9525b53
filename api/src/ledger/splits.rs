//! One line over several cost centres: shares that are 100% together. What is posted is a line for each.

use std::collections::{HashMap, HashSet};

use kamara_entities::{CostCentreId, SplitSubject, cost_split};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Dimensions, LineDraft};
use crate::{
    db::PARAMETERS_MAX,
    error::{Error, Result, Text},
    messages, money,
    tenancy::{TenantScope, ToldPart, told},
};

/// Cost centres of a line at the most.
const SHARES_MAX: usize = 100;
const WHOLE_BP: i32 = 10_000;

/// The share of a cost centre, as a person gives it.
#[derive(Clone, Copy, Debug)]
pub struct SplitInput {
    /// Cost centre.
    pub cost_centre_id: CostCentreId,
    /// Its share in percent.
    pub percent: Decimal,
}

/// The share of a cost centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostShare {
    /// Cost centre.
    pub cost_centre_id: CostCentreId,
    /// Its share in basis points.
    pub share_bp: i32,
}

impl From<CostShare> for SplitInput {
    fn from(share: CostShare) -> Self {
        Self { cost_centre_id: share.cost_centre_id, percent: money::percent(share.share_bp) }
    }
}

/// Shares, by the lines that have them.
pub type Shares = HashMap<Uuid, Vec<CostShare>>;

/// Checks the shares of a line, which stand instead of its one cost centre. `known` says whether there is such a cost centre.
pub fn shares(
    one: Option<CostCentreId>,
    inputs: &[SplitInput],
    known: impl Fn(CostCentreId) -> bool,
) -> Result<Vec<CostShare>> {
    if inputs.is_empty() {
        return Ok(Vec::new());
    }
    let refused = |message| Err(Error::invalid("costCentreSplits", message));
    if one.is_some() {
        return refused(Text::fixed(
            "Give one cost centre or several shares, not both.",
            "მიუთითეთ ერთი ხარჯების ცენტრი ან რამდენიმე წილი, ორივე ერთად არა.",
        ));
    }
    if inputs.len() > SHARES_MAX {
        return refused(Text::fixed("At most 100 cost centres.", "არაუმეტეს 100 ხარჯების ცენტრისა."));
    }
    let mut seen = HashSet::with_capacity(inputs.len());
    let mut shares = Vec::with_capacity(inputs.len());
    for (place, input) in inputs.iter().enumerate() {
        let share = share(input, &known, !seen.insert(input.cost_centre_id));
        shares.push(share.map_err(|error| error.within(&format!("costCentreSplits.{place}")))?);
    }
    let total: i32 = shares.iter().map(|share| share.share_bp).sum();
    if total != WHOLE_BP {
        let percent = money::percent(total);
        return refused(Text::new(
            format!("The shares must be 100% together; they are {percent}%."),
            format!("წილები ერთად 100% უნდა იყოს; ახლა {percent}%-ია."),
        ));
    }
    Ok(shares)
}

fn share(input: &SplitInput, known: impl Fn(CostCentreId) -> bool, again: bool) -> Result<CostShare> {
    let cost_centre_id = input.cost_centre_id;
    if !known(cost_centre_id) {
        return Err(Error::NotFound { what: "cost_centre", field: Some("costCentreId".into()) });
    }
    if again {
        let message = Text::fixed("Each cost centre has one share.", "თითოეულ ხარჯების ცენტრს ერთი წილი აქვს.");
        return Err(Error::invalid("costCentreId", message));
    }
    match money::percent_to_basis_points("percent", input.percent)? {
        0 => Err(Error::invalid("percent", messages::positive())),
        share_bp => Ok(CostShare { cost_centre_id, share_bp }),
    }
}

/// The lines that are posted for one: as many as it has shares, by largest remainder in both currencies, or itself.
pub(crate) fn spread(line: LineDraft) -> Vec<LineDraft> {
    if line.shares.is_empty() {
        return vec![line];
    }
    let weights: Vec<i64> = line.shares.iter().map(|share| share.share_bp.into()).collect();
    let amounts = money::split(line.amount_minor, &weights);
    let bases = money::split(line.base_minor, &weights);
    let tax_bases = line.tax_base_minor.map(|base| money::split(base, &weights));
    let part = |(place, share): (usize, &CostShare)| LineDraft {
        amount_minor: amounts[place],
        base_minor: bases[place],
        tax_base_minor: tax_bases.as_ref().map(|bases| bases[place]),
        dimensions: Dimensions { cost_centre_id: Some(share.cost_centre_id), ..line.dimensions.clone() },
        shares: Vec::new(),
        ..line.clone()
    };
    let parts = line.shares.iter().enumerate().map(part);
    // A share too small for a single minor unit posts nothing.
    parts.filter(|part| part.amount_minor != 0 || part.base_minor != 0 || line.amount_minor == 0).collect()
}

/// Keeps the shares of what is split.
pub async fn keep(
    scope: &TenantScope,
    kind: SplitSubject,
    shares: impl IntoIterator<Item = (Uuid, Vec<CostShare>)>,
) -> Result<()> {
    let rows = shares.into_iter().flat_map(|(subject_id, shares)| {
        let row = move |(share, position): (CostShare, i32)| cost_split::New {
            subject_kind: kind,
            subject_id,
            position,
            cost_centre_id: share.cost_centre_id,
            share_bp: share.share_bp,
        };
        shares.into_iter().zip(1..).map(row)
    });
    let rows = rows.map(|new| (scope.env().id(), new)).collect();
    scope.insert_parts::<cost_split::Entity>(rows).await?;
    Ok(())
}

/// The shares of some lines, by the lines.
pub async fn of_lines(scope: &TenantScope, lines: impl IntoIterator<Item = Uuid>) -> Result<Shares> {
    let mut shares = Shares::new();
    let lines: Vec<Uuid> = lines.into_iter().collect();
    for lines in lines.chunks(PARAMETERS_MAX) {
        let select = scope
            .find::<cost_split::Entity>()
            .filter(cost_split::Column::SubjectId.is_in(lines.iter().copied()))
            .order_by_asc(cost_split::Column::Position);
        for row in scope.all(select).await? {
            let share = CostShare { cost_centre_id: row.cost_centre_id, share_bp: row.share_bp };
            shares.entry(row.subject_id).or_default().push(share);
        }
    }
    Ok(shares)
}

/// Gives lines the shares of others that they're made from: pairs of the old line and the new one.
pub async fn copy(scope: &TenantScope, kind: SplitSubject, lines: Vec<(Uuid, Uuid)>) -> Result<()> {
    let shares = of_lines(scope, lines.iter().map(|(from, _)| *from)).await?;
    let copies = lines.into_iter().filter_map(|(from, to)| Some((to, shares.get(&from)?.clone())));
    keep(scope, kind, copies).await
}

/// What an event tells of shares, in their order.
pub(crate) fn told_shares(shares: &[CostShare]) -> Vec<ToldPart> {
    let share = |(share, position): (&CostShare, i32)| {
        let CostShare { cost_centre_id, share_bp } = *share;
        ToldPart::from_iter([
            ("position".to_owned(), json!(position)),
            ("cost_centre_id".to_owned(), json!(cost_centre_id)),
            ("share_bp".to_owned(), json!(share_bp)),
        ])
    };
    shares.iter().zip(1..).map(share).collect()
}

/// What an event tells of a document's lines, each with its shares.
pub(crate) fn told_lines<Id: Into<Uuid> + Copy>(
    lines: &[(Id, impl Serialize)],
    document: &str,
    shares: &Shares,
) -> Result<Vec<ToldPart>> {
    let line = |(id, line): &(Id, _)| {
        let mut line = told(line, &[document])?;
        if let Some(shares) = shares.get(&(*id).into()) {
            let shares = told_shares(shares).into_iter().map(Value::Object).collect();
            line.insert("cost_centre_splits".to_owned(), shares);
        }
        Ok(line)
    };
    lines.iter().map(line).collect()
}

/// Forgets the shares of lines of a draft, which are replaced.
pub async fn forget(scope: &TenantScope, lines: impl IntoIterator<Item = Uuid> + Send) -> Result<()> {
    let condition = Condition::all().add(cost_split::Column::SubjectId.is_in(lines));
    scope.delete_parts::<cost_split::Entity>(condition).await
}

#[cfg(test)]
mod tests {
    use kamara_entities::AccountId;
    use proptest::prelude::*;

    use super::*;

    fn centre(number: usize) -> CostCentreId {
        CostCentreId(Uuid::from_u128(number as u128 + 1))
    }

    fn of(percents: &[&str]) -> Result<Vec<CostShare>> {
        let input = |(number, percent): (usize, &&str)| SplitInput {
            cost_centre_id: centre(number),
            percent: percent.parse().unwrap(),
        };
        let inputs: Vec<SplitInput> = percents.iter().enumerate().map(input).collect();
        shares(None, &inputs, |id| id != centre(7))
    }

    #[test]
    fn shares_are_a_hundred_percent_together() {
        assert_eq!(of(&["33.33", "33.33", "33.34"]).unwrap().len(), 3);
        let refused = |percents: &[&str]| of(percents).unwrap_err().field().map(ToOwned::to_owned).unwrap();
        assert_eq!(refused(&["50", "49"]), "costCentreSplits");
        assert_eq!(refused(&["50", "50.01"]), "costCentreSplits");
        assert_eq!(refused(&["100", "0"]), "costCentreSplits.1.percent");
        assert_eq!(refused(&["33.333", "66.667"]), "costCentreSplits.0.percent");
        assert_eq!(refused(&["20", "10", "10", "10", "10", "10", "10", "20"]), "costCentreSplits.7.costCentreId");
    }

    #[test]
    fn shares_stand_instead_of_the_one_and_name_each_once() {
        let half = |number| SplitInput { cost_centre_id: centre(number), percent: Decimal::from(50) };
        assert_eq!(
            shares(Some(centre(1)), &[half(0), half(1)], |_| true).unwrap_err().field(),
            Some("costCentreSplits")
        );
        let twice = shares(None, &[half(0), half(0)], |_| true).unwrap_err();
        assert_eq!(twice.field(), Some("costCentreSplits.1.costCentreId"));
        assert_eq!(shares(Some(centre(1)), &[], |_| true).unwrap(), []);
    }

    proptest! {
        #[test]
        fn a_line_in_shares_comes_to_the_line(
            amount in -1_000_000_i64..1_000_000,
            base in -3_000_000_i64..3_000_000,
            cuts in prop::collection::btree_set(1..WHOLE_BP, 0..20),
        ) {
            let cuts: Vec<i32> = cuts.into_iter().chain([WHOLE_BP]).collect();
            let share = |(place, cut): (usize, &i32)| CostShare {
                cost_centre_id: centre(place),
                share_bp: cut - place.checked_sub(1).map_or(0, |before| cuts[before]),
            };
            let line = LineDraft::new(AccountId(Uuid::nil()), amount, "USD", 3_000_000, base);
            let line = LineDraft { shares: cuts.iter().enumerate().map(share).collect(), ..line };
            let parts = spread(line);
            prop_assert_eq!(parts.iter().map(|part| part.amount_minor).sum::<i64>(), amount);
            prop_assert_eq!(parts.iter().map(|part| part.base_minor).sum::<i64>(), base);
            prop_assert!(parts.iter().all(|part| part.dimensions.cost_centre_id.is_some()));
        }
    }
}
