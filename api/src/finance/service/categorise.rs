//! Which category an expense belongs to: by rules that people wrote, and by what they chose before. Pure counting, so that
//! the same history gives the same answer, and every answer has a reason that can be checked by hand.

use std::collections::{BTreeMap, BTreeSet};

use kamara_entities::{CategoryRuleId, CompanyId, ExpenseCategoryId};

use crate::text;

/// Shorter words say nothing of what was bought.
const WORD_LETTERS_MIN: usize = 3;
/// Words of one description that are looked at.
const WORDS_MAX: usize = 20;
/// A choice for the same supplier counts as much as so many for a word.
const SUPPLIER_WEIGHT: usize = 3;

/// The words of a text, as they're compared: without case, accents, numbers and what is too short.
#[must_use]
pub(super) fn words_of(description: &str) -> BTreeSet<String> {
    let key = text::sort_key(description);
    let words = key.split(|letter: char| !letter.is_alphanumeric());
    let telling =
        words.filter(|word| word.chars().count() >= WORD_LETTERS_MIN && word.chars().all(char::is_alphabetic));
    telling.take(WORDS_MAX).map(ToOwned::to_owned).collect()
}

/// What is known of an expense before it has a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spending {
    /// The words of its description.
    pub(super) words: BTreeSet<String>,
    /// From whom it was bought.
    pub(super) supplier: Option<CompanyId>,
    /// How much, in minor units of the base currency.
    pub(super) amount: Option<i64>,
}

/// A rule that somebody wrote: whatever it asks for must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Its id.
    pub(super) id: CategoryRuleId,
    /// The category that it gives.
    pub(super) category: ExpenseCategoryId,
    /// Higher ones come first.
    pub(super) priority: i32,
    /// Words that the description must have, all of them.
    pub(super) words: BTreeSet<String>,
    /// The supplier that it's for.
    pub(super) supplier: Option<CompanyId>,
    /// The least amount, in minor units of the base currency.
    pub(super) least: Option<i64>,
    /// The largest.
    pub(super) most: Option<i64>,
}

impl Rule {
    fn holds(&self, spending: &Spending) -> bool {
        let amount_holds = |bound: Option<i64>, holds: fn(i64, i64) -> bool| {
            bound.is_none_or(|bound| spending.amount.is_some_and(|amount| holds(amount, bound)))
        };
        self.words.is_subset(&spending.words)
            && (self.supplier.is_none() || self.supplier == spending.supplier)
            && amount_holds(self.least, |amount, least| amount >= least)
            && amount_holds(self.most, |amount, most| amount <= most)
    }

    /// How many things it asks for: the more, the closer it fits.
    fn closeness(&self) -> usize {
        self.words.len()
            + usize::from(self.supplier.is_some())
            + usize::from(self.least.is_some())
            + usize::from(self.most.is_some())
    }

    /// Whether what somebody chose before says something of what this rule decides.
    fn is_judged_by(&self, choice: &Choice, spending: &Spending) -> bool {
        let same_supplier = spending.supplier.is_some() && spending.supplier == choice.supplier;
        same_supplier || (!self.words.is_empty() && self.words.is_subset(&choice.words))
    }
}

/// What somebody chose for an expense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// The words of its description.
    pub(super) words: BTreeSet<String>,
    /// From whom it was bought.
    pub(super) supplier: Option<CompanyId>,
    /// The category that was chosen.
    pub(super) category: ExpenseCategoryId,
}

/// Why a category is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A rule holds.
    Rule(CategoryRuleId),
    /// People chose it before.
    Chosen {
        /// How often, of the expenses that are alike.
        times: usize,
        /// How many are alike: of the same supplier, or with one of the words.
        of: usize,
        /// Whether those were of the same supplier.
        supplier: bool,
        /// The words that speak for it.
        words: Vec<String>,
    },
}

/// A category, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proposal {
    /// The category.
    pub(super) category: ExpenseCategoryId,
    /// Why.
    pub(super) reason: Reason,
}

/// The category that an expense most likely belongs to. A rule decides, unless people chose otherwise more often than not
/// where it would have decided.
pub(super) fn propose(spending: &Spending, rules: &[Rule], choices: &[Choice]) -> Option<Proposal> {
    let rule = rules
        .iter()
        .filter(|rule| rule.holds(spending))
        .max_by_key(|rule| (rule.priority, rule.closeness(), std::cmp::Reverse(rule.id)));
    let chosen = learned(spending, choices);
    match rule {
        Some(rule) if chosen.is_none() || !is_overruled(rule, spending, choices) => {
            Some(Proposal { category: rule.category, reason: Reason::Rule(rule.id) })
        }
        _ => chosen,
    }
}

fn is_overruled(rule: &Rule, spending: &Spending, choices: &[Choice]) -> bool {
    let judged: Vec<&Choice> = choices.iter().filter(|choice| rule.is_judged_by(choice, spending)).collect();
    let kept = judged.iter().filter(|choice| choice.category == rule.category).count();
    judged.len() - kept > kept
}

/// What people chose for what is alike. A word speaks for a category that more than half of its expenses were given.
fn learned(spending: &Spending, choices: &[Choice]) -> Option<Proposal> {
    let of_supplier = |choice: &&Choice| spending.supplier.is_some() && choice.supplier == spending.supplier;
    let mut scores: BTreeMap<ExpenseCategoryId, (usize, Vec<String>)> = BTreeMap::new();
    for (category, count) in counted(choices.iter().filter(of_supplier)) {
        scores.entry(category).or_default().0 += SUPPLIER_WEIGHT * count;
    }
    for word in &spending.words {
        let counts = counted(choices.iter().filter(|choice| choice.words.contains(word)));
        let all: usize = counts.values().sum();
        if let Some((category, count)) = counts.into_iter().find(|(_, count)| 2 * count > all) {
            let score = scores.entry(category).or_default();
            score.0 += count;
            score.1.push(word.clone());
        }
    }
    // Where two are level, the id decides, so that the answer doesn't depend on the order of what is counted.
    let best = scores.into_iter().max_by_key(|(category, (score, _))| (*score, std::cmp::Reverse(*category)));
    let (category, (_, words)) = best?;
    let alike: Vec<&Choice> = choices
        .iter()
        .filter(|choice| of_supplier(choice) || words.iter().any(|word| choice.words.contains(word)))
        .collect();
    let times = alike.iter().filter(|choice| choice.category == category).count();
    let supplier = alike.iter().any(|choice| of_supplier(choice) && choice.category == category);
    Some(Proposal { category, reason: Reason::Chosen { times, of: alike.len(), supplier, words } })
}

fn counted<'a>(choices: impl Iterator<Item = &'a Choice>) -> BTreeMap<ExpenseCategoryId, usize> {
    choices.fold(BTreeMap::new(), |mut counts, choice| {
        *counts.entry(choice.category).or_default() += 1;
        counts
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn spending(description: &str, supplier: Option<u128>, amount: Option<i64>) -> Spending {
        Spending { words: words_of(description), supplier: supplier.map(id), amount }
    }

    fn rule(number: u128, category: u128, words: &str) -> Rule {
        Rule {
            id: id(number),
            category: id(category),
            priority: 0,
            words: words_of(words),
            supplier: None,
            least: None,
            most: None,
        }
    }

    fn choice(description: &str, supplier: Option<u128>, category: u128) -> Choice {
        Choice { words: words_of(description), supplier: supplier.map(id), category: id(category) }
    }

    fn category(proposal: Option<Proposal>) -> Option<u128> {
        proposal.map(|proposal| Uuid::from(proposal.category).as_u128())
    }

    #[test]
    fn words_know_neither_case_nor_numbers() {
        let words: Vec<String> = words_of("Bolt, TAXI №12 to the Aéroport 2026 – ტაქსი ის").into_iter().collect();
        assert_eq!(words, ["aeroport", "bolt", "taxi", "the", "ტაქსი"]);
        assert_eq!(words_of("").len(), 0);
        assert_eq!(words_of("ab 1234 b2b №12").len(), 0);
    }

    #[test]
    fn whatever_a_rule_asks_for_must_hold() {
        let travel =
            Rule { supplier: Some(id(9)), least: Some(1_000), most: Some(5_000), ..rule(1, 10, "taxi airport") };
        let of = |description, supplier, amount| {
            category(propose(&spending(description, supplier, amount), std::slice::from_ref(&travel), &[]))
        };
        assert_eq!(of("Airport taxi", Some(9), Some(1_000)), Some(10));
        assert_eq!(of("Airport taxi", Some(9), Some(5_000)), Some(10));
        assert_eq!(of("Airport taxi", Some(9), Some(5_001)), None);
        assert_eq!(of("Airport taxi", Some(9), Some(999)), None);
        assert_eq!(of("Airport taxi", Some(9), None), None, "an amount that isn't known is in no range");
        assert_eq!(of("Airport taxi", Some(8), Some(1_000)), None);
        assert_eq!(of("Taxi", Some(9), Some(1_000)), None);
    }

    #[test]
    fn the_higher_priority_decides_then_the_closer_fit() {
        let rules = [rule(1, 10, "taxi"), rule(2, 20, "taxi airport")];
        assert_eq!(category(propose(&spending("taxi airport", None, None), &rules, &[])), Some(20));
        let rules = [Rule { priority: 5, ..rule(1, 10, "taxi") }, rule(2, 20, "taxi airport")];
        let proposal = propose(&spending("taxi airport", None, None), &rules, &[]).unwrap();
        assert_eq!(proposal, Proposal { category: id(10), reason: Reason::Rule(id(1)) });
    }

    #[test]
    fn what_was_chosen_for_the_supplier_or_the_words_is_proposed_with_its_counts() {
        let choices = [
            choice("Bolt ride", Some(9), 10),
            choice("Bolt office", Some(9), 10),
            choice("Bolt food lunch", Some(9), 20),
        ];
        let proposal = propose(&spending("Bolt to a client", Some(9), None), &[], &choices).unwrap();
        assert_eq!(proposal.category, id(10));
        assert_eq!(proposal.reason, Reason::Chosen { times: 2, of: 3, supplier: true, words: vec!["bolt".to_owned()] });
        let lunch = propose(&spending("Lunch", None, None), &[], &choices).unwrap();
        assert_eq!(lunch.category, id(20));
        assert_eq!(lunch.reason, Reason::Chosen { times: 1, of: 1, supplier: false, words: vec!["lunch".to_owned()] });
        assert_eq!(propose(&spending("Paper", None, None), &[], &choices), None);
    }

    #[test]
    fn a_word_of_everything_speaks_for_nothing() {
        let choices = [choice("April rent", None, 10), choice("April taxi", None, 20)];
        assert_eq!(propose(&spending("April", None, None), &[], &choices), None);
    }

    #[test]
    fn a_correction_overrules_a_rule_until_it_is_confirmed_as_often() {
        let rules = [rule(1, 10, "bolt")];
        let now = spending("Bolt food", None, None);
        assert_eq!(category(propose(&now, &rules, &[])), Some(10));
        let corrected = [choice("Bolt food", None, 20)];
        assert_eq!(category(propose(&now, &rules, &corrected)), Some(20));
        let confirmed = [choice("Bolt food", None, 20), choice("Bolt ride", None, 10)];
        assert_eq!(category(propose(&now, &rules, &confirmed)), Some(10));
    }

    const WORDS: [&str; 6] = ["taxi", "bolt", "lunch", "paper", "hotel", "ბილეთი"];

    fn any_words() -> impl Strategy<Value = BTreeSet<String>> {
        prop::collection::btree_set(prop::sample::select(WORDS.map(ToOwned::to_owned).to_vec()), 0..4)
    }

    fn any_supplier() -> impl Strategy<Value = Option<CompanyId>> {
        prop::option::of((1..4_u128).prop_map(id))
    }

    prop_compose! {
        fn any_choice()(words in any_words(), supplier in any_supplier(), category in 1..4_u128) -> Choice {
            Choice { words, supplier, category: id(category) }
        }
    }

    prop_compose! {
        fn any_rule()(
            number in 1..1_000_u128,
            category in 1..4_u128,
            priority in 0..3_i32,
            words in any_words(),
            supplier in any_supplier(),
            least in prop::option::of(0..100_i64),
        ) -> Rule {
            Rule { id: id(number), category: id(category), priority, words, supplier, least, most: None }
        }
    }

    prop_compose! {
        fn any_spending()(
            words in any_words(),
            supplier in any_supplier(),
            amount in prop::option::of(0..100_i64),
        ) -> Spending {
            Spending { words, supplier, amount }
        }
    }

    proptest! {
        #[test]
        fn the_order_of_history_and_of_rules_changes_nothing(
            spending in any_spending(),
            rules in prop::collection::vec(any_rule(), 0..6),
            choices in prop::collection::vec(any_choice(), 0..12),
        ) {
            let mut rules = rules;
            rules.sort_by_key(|rule| rule.id);
            rules.dedup_by_key(|rule| rule.id);
            let there = propose(&spending, &rules, &choices);
            let (backwards, turned): (Vec<_>, Vec<_>) =
                (rules.iter().rev().cloned().collect(), choices.iter().rev().cloned().collect());
            prop_assert_eq!(there, propose(&spending, &backwards, &turned));
        }

        #[test]
        fn what_is_chosen_more_often_than_all_else_together_is_proposed(
            spending in any_spending(),
            rules in prop::collection::vec(any_rule(), 0..6),
            choices in prop::collection::vec(any_choice(), 0..12),
            wanted in 1..4_u128,
        ) {
            prop_assume!(spending.supplier.is_some() || !spending.words.is_empty());
            let same = Choice { words: spending.words.clone(), supplier: spending.supplier, category: id(wanted) };
            let taught: Vec<Choice> =
                choices.iter().cloned().chain(std::iter::repeat_n(same, choices.len() + 1)).collect();
            // A rule that asks for an amount alone can't be told apart by words: it stays.
            let amount_only = |rule: &&Rule| rule.words.is_empty() && spending.supplier.is_none() && rule.holds(&spending);
            prop_assume!(!rules.iter().any(|rule| amount_only(&rule)));
            prop_assert_eq!(category(propose(&spending, &rules, &taught)), Some(wanted));
        }

        #[test]
        fn the_counts_of_a_reason_are_true(
            spending in any_spending(),
            choices in prop::collection::vec(any_choice(), 0..12),
        ) {
            if let Some(Proposal { category, reason: Reason::Chosen { times, of, supplier, words } }) =
                propose(&spending, &[], &choices)
            {
                prop_assert!(times >= 1 && times <= of && of <= choices.len());
                prop_assert!(supplier || !words.is_empty());
                prop_assert!(words.iter().all(|word| spending.words.contains(word)));
                prop_assert!(times <= choices.iter().filter(|choice| choice.category == category).count());
            }
        }
    }
}
