//! Which of some amounts make a sum.

/// Amounts that are tried together.
const AMOUNTS_MAX: usize = 24;
/// Steps that a search may take, so that no statement keeps a server busy.
const STEPS_MAX: u32 = 50_000;

/// The places of two or more amounts that make a sum exactly: the first ones if they do, all in a row, or else as few as can be.
/// All amounts are above zero. Bounded: an answer may be missed among very many amounts, never made up.
#[must_use]
pub(super) fn subset(amounts: &[i64], sum: i64) -> Option<Vec<usize>> {
    if let Some(count) = leading(amounts, sum) {
        return Some((0..count).collect());
    }
    let amounts = amounts.get(..amounts.len().min(AMOUNTS_MAX))?;
    let mut search = Search { amounts, steps: STEPS_MAX, taken: Vec::new() };
    (2..=amounts.len()).find_map(|count| search.find(0, count, i128::from(sum)).then(|| search.taken.clone()))
}

/// How many amounts from the first on make the sum.
fn leading(amounts: &[i64], sum: i64) -> Option<usize> {
    let mut reached = 0_i128;
    for (place, amount) in amounts.iter().enumerate() {
        reached += i128::from(*amount);
        if reached == i128::from(sum) && place > 0 {
            return Some(place + 1);
        }
        if reached >= i128::from(sum) {
            return None;
        }
    }
    None
}

struct Search<'a> {
    amounts: &'a [i64],
    steps: u32,
    taken: Vec<usize>,
}

impl Search<'_> {
    /// Whether `count` amounts from a place on make what is left; they are then in `taken`.
    fn find(&mut self, from: usize, count: usize, left: i128) -> bool {
        if count == 0 {
            return left == 0;
        }
        for place in from..self.amounts.len() {
            if self.steps == 0 || self.amounts.len() - place < count {
                return false;
            }
            self.steps -= 1;
            let rest = left - i128::from(self.amounts[place]);
            if rest < 0 {
                continue;
            }
            self.taken.push(place);
            if self.find(place + 1, count - 1, rest) {
                return true;
            }
            self.taken.pop();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn leading_amounts_come_before_fewer_ones() {
        assert_eq!(subset(&[10, 20, 30, 60], 60), Some(vec![0, 1, 2]));
        assert_eq!(subset(&[10, 25, 30, 45], 70), Some(vec![1, 3]));
        assert_eq!(subset(&[10, 20], 25), None);
        // One alone is no sum of several.
        assert_eq!(subset(&[10, 20], 10), None);
        assert_eq!(subset(&[], 0), None);
    }

    #[test]
    fn a_search_that_finds_nothing_ends() {
        let amounts: Vec<i64> = (0..2_000).map(|place| 1_000_000 + 2 * place).collect();
        assert_eq!(subset(&amounts, 12_000_001), None);
    }

    proptest! {
        #[test]
        fn what_is_found_makes_the_sum(amounts in prop::collection::vec(1_i64..1_000, 0..30), sum in 1_i64..3_000) {
            if let Some(places) = subset(&amounts, sum) {
                prop_assert!(places.len() > 1);
                prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert_eq!(places.iter().map(|place| amounts[*place]).sum::<i64>(), sum);
            }
        }

        #[test]
        fn a_few_of_a_few_are_found(amounts in prop::collection::vec(1_i64..1_000, 2..10), pick in prop::collection::vec(any::<bool>(), 10)) {
            let picked: Vec<i64> = amounts.iter().zip(&pick).filter(|(_, pick)| **pick).map(|(amount, _)| *amount).collect();
            prop_assume!(picked.len() > 1);
            prop_assert!(subset(&amounts, picked.iter().sum()).is_some());
        }
    }
}
