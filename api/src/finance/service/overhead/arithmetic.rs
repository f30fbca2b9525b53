//! How amounts are spread: exact integers, nothing lost and nothing made.

use std::collections::HashMap;

use kamara_entities::{AccountId, AllocationTarget, CompanyId, ProjectId};
use uuid::Uuid;

use crate::{
    ledger::{Dimensions, LineDraft},
    money,
};

/// Costs that are spread together: those of one account with the same dimensions, in minor units of the base currency.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// Account.
    pub(super) account_id: AccountId,
    /// What the costs have already.
    pub(super) dimensions: Dimensions,
    /// How much, debit positive.
    pub(super) amount: i64,
}

/// What takes a share, and how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weight {
    /// The company, project, department or cost centre.
    pub(super) target: Uuid,
    /// Its share, in no unit of its own.
    pub(super) weight: i64,
}

/// What each target takes of each pool: a row a pool, in the order of both. `rest` is the weight of what nobody takes.
pub(super) fn shares(pools: &[Pool], weights: &[Weight], rest: i64) -> Vec<Vec<i64>> {
    let weights: Vec<i64> = weights.iter().map(|weight| weight.weight).chain([rest]).collect();
    let of_pool = |pool: &Pool| {
        let mut parts = money::split(pool.amount, &weights);
        parts.pop();
        parts
    };
    pools.iter().map(of_pool).collect()
}

/// The lines of the entry: each pool gives up what is taken of it, and each target takes it on the same account with the pool's
/// other dimensions, so that every account nets to zero. What a project takes is spent for its client too.
pub(super) fn lines(
    pools: &[Pool],
    weights: &[Weight],
    shares: &[Vec<i64>],
    target: AllocationTarget,
    clients: &HashMap<ProjectId, Option<CompanyId>>,
    base_currency: &str,
) -> Vec<LineDraft> {
    let mut lines = Vec::new();
    for (pool, parts) in pools.iter().zip(shares) {
        let taken: i64 = parts.iter().sum();
        let line =
            |amount, dimensions| LineDraft { dimensions, ..LineDraft::in_base(pool.account_id, amount, base_currency) };
        if parts.iter().any(|part| *part != 0) {
            lines.push(line(-taken, pool.dimensions.clone()));
        }
        for (weight, part) in weights.iter().zip(parts).filter(|(_, part)| **part != 0) {
            lines.push(line(*part, taking(&pool.dimensions, target, weight.target, clients)));
        }
    }
    lines
}

fn taking(
    pool: &Dimensions,
    target: AllocationTarget,
    id: Uuid,
    clients: &HashMap<ProjectId, Option<CompanyId>>,
) -> Dimensions {
    let mut dimensions = pool.clone();
    match target {
        AllocationTarget::Company => dimensions.company_id = Some(id.into()),
        AllocationTarget::Department => dimensions.department_id = Some(id.into()),
        AllocationTarget::CostCentre => dimensions.cost_centre_id = Some(id.into()),
        AllocationTarget::Project => {
            let client = clients.get(&id.into()).copied().flatten();
            dimensions.project_id = Some(id.into());
            dimensions.company_id = dimensions.company_id.or(client);
        }
    }
    dimensions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id<T: From<Uuid>>(number: usize) -> T {
        Uuid::from_u128(number as u128 + 1).into()
    }

    fn pool(account: usize, centre: usize, amount: i64) -> Pool {
        let dimensions = Dimensions { cost_centre_id: Some(id(centre)), ..Dimensions::default() };
        Pool { account_id: id(account), dimensions, amount }
    }

    fn weights(of: &[i64]) -> Vec<Weight> {
        of.iter().enumerate().map(|(place, weight)| Weight { target: id(place), weight: *weight }).collect()
    }

    #[test]
    fn a_hundred_over_three_leaves_no_cent() {
        let shares = shares(&[pool(0, 0, 10_000)], &weights(&[1, 1, 1]), 0);
        assert_eq!(shares, [[3_334, 3_333, 3_333]]);
    }

    #[test]
    fn what_nobody_takes_stays() {
        let pools = [pool(0, 0, 10_000), pool(1, 0, -50)];
        assert_eq!(shares(&pools, &weights(&[3_000, 5_000]), 2_000), [[3_000, 5_000], [-15, -25]]);
        assert_eq!(shares(&pools, &weights(&[0, 0]), 0), [[0, 0], [0, 0]]);
        assert_eq!(shares(&pools, &[], 0), [[], []] as [[i64; 0]; 2]);
    }

    #[test]
    fn what_a_project_takes_is_spent_for_its_client() {
        let pools = [pool(0, 0, 10)];
        let (weights, clients) = (weights(&[1]), HashMap::from([(id(0), Some(id(8)))]));
        let shares = shares(&pools, &weights, 0);
        let lines = lines(&pools, &weights, &shares, AllocationTarget::Project, &clients, "GEL");
        assert_eq!(lines[0].dimensions, pools[0].dimensions);
        let expected = Dimensions { project_id: Some(id(0)), company_id: Some(id(8)), ..pools[0].dimensions.clone() };
        assert_eq!(lines[1].dimensions, expected);
    }

    proptest! {
        #[test]
        fn every_account_nets_to_zero_and_nothing_is_lost(
            amounts in prop::collection::vec((0..3_usize, -1_000_000_i64..1_000_000), 1..12),
            count in prop::sample::select(vec![3_usize, 7, 11]),
            seed in prop::collection::vec(0..1_000_i64, 11),
            rest in 0..500_i64,
        ) {
            let pools: Vec<Pool> =
                amounts.iter().enumerate().map(|(place, (account, amount))| pool(*account, place, *amount)).collect();
            let weights = weights(&seed[..count]);
            let shares = shares(&pools, &weights, rest);
            let total: i64 = seed[..count].iter().sum();
            for (pool, parts) in pools.iter().zip(&shares) {
                let taken: i64 = parts.iter().sum();
                prop_assert!(taken.abs() <= pool.amount.abs());
                prop_assert!(parts.iter().all(|part| *part == 0 || part.signum() == pool.amount.signum()));
                if rest == 0 && total > 0 {
                    prop_assert_eq!(taken, pool.amount);
                }
            }
            let lines = lines(&pools, &weights, &shares, AllocationTarget::Department, &HashMap::new(), "GEL");
            for account in 0..3 {
                let net: i64 =
                    lines.iter().filter(|line| line.account_id == id(account)).map(|line| line.base_minor).sum();
                prop_assert_eq!(net, 0);
            }
            let kept = lines.iter().all(|line| line.dimensions.cost_centre_id.is_some() && line.base_minor != 0);
            prop_assert!(kept || lines.is_empty());
        }
    }
}
