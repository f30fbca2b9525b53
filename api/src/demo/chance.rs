//! Chance that is the same each time for a seed.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

/// A source of chance. Each part of the story has its own, so that a change to one leaves the others as they were.
#[derive(Debug)]
pub(super) struct Dice(ChaCha20Rng);

impl Dice {
    /// The dice of a part of the story.
    pub(super) fn new(seed: u64, part: &str) -> Self {
        // FNV-1a: any spreading of the name over the bits will do.
        let mixed = part
            .bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(ChaCha20Rng::seed_from_u64(mixed))
    }

    /// A number from 0 to below `end`; 0 when that is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let drawn = self.0.next_u64() % (end.max(1) as u64);
        usize::try_from(drawn).unwrap_or(0)
    }

    /// A number from `first` to `last`, both included.
    pub(super) fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = u64::try_from(last - first).unwrap_or(0) + 1;
        first + i64::try_from(self.0.next_u64() % span).unwrap_or(0)
    }

    /// True in so many of a hundred times.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several, which aren't none.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of several by its weight, as its place.
    pub(super) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut drawn = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            match drawn.checked_sub(*weight) {
                Some(rest) => drawn = rest,
                None => return place,
            }
        }
        0
    }

    /// Puts things into another order.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_part_give_the_same_chance() {
        let draw = |seed, part| -> Vec<i64> {
            let mut dice = Dice::new(seed, part);
            (0..20).map(|_| dice.between(-5, 5)).collect()
        };
        assert_eq!(draw(1, "people"), draw(1, "people"));
        assert_ne!(draw(1, "people"), draw(2, "people"));
        assert_ne!(draw(1, "people"), draw(1, "sales"));
        assert!(draw(3, "x").iter().all(|number| (-5..=5).contains(number)));
    }

    #[test]
    fn what_has_no_weight_is_never_drawn() {
        let mut dice = Dice::new(1, "weights");
        assert!((0..200).all(|_| dice.weighted(&[0, 3, 0, 1]) % 2 == 1));
    }
}
