//! What a line of a statement may be: a pure function from lines and open documents to proposals, each with a score and its
//! reasons. Nothing is ever matched by it: a person confirms.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{names, reason::Reason, subset::subset};

/// Proposals for one line.
const PROPOSALS_MAX: usize = 5;
/// Below this a proposal is a guess that costs more than it helps.
const SCORE_MIN: u32 = 30;
/// Names less alike than this say nothing.
const LIKENESS_MIN: u32 = 60;
/// What each kind of evidence is worth, of a hundred.
const NUMBER_SCORE: u32 = 60;
const NUMBER_END_SCORE: u32 = 15;
const AMOUNT_SCORE: u32 = 35;
const PARTY_SCORE: u32 = 30;
/// What a proposal of several documents or lines is worth less than one of one.
const SEVERAL_COST: u32 = 3;
/// What is the second of two documents that fit alike is worth less.
const SECOND_COST: u32 = 5;
/// The shortest number that says enough by itself, in characters.
const NUMBER_LENGTH: usize = 4;
/// How many runs of letters or digits a number may have.
const RUNS_MAX: usize = 8;
/// Companies that are looked at for one line.
const PARTIES_MAX: usize = 3;
/// Documents of the same amount that are looked at.
const SAME_AMOUNT_MAX: usize = 20;
/// Documents of one party that several lines may pay together, what is due first first: each is a search of its own.
const PAID_TOGETHER_MAX: usize = 20;

/// What is asked of a line.
#[derive(Clone, Debug)]
pub struct Movement {
    /// When.
    pub date: NaiveDate,
    /// Money in is positive, money out negative.
    pub amount_minor: i64,
    /// Who paid or was paid.
    pub counterparty: Option<String>,
    /// That one's tax number.
    pub tax_number: Option<String>,
    /// Whose account it was in lines that were matched before.
    pub known_party: Option<Uuid>,
    /// References and words.
    pub text: String,
}

/// A document that money is to come in for, or go out for.
#[derive(Clone, Debug)]
pub struct Open {
    /// The document's number, ours or the supplier's.
    pub number: Option<String>,
    /// Who owes or is owed.
    pub party: Uuid,
    /// That one's name.
    pub name: String,
    /// That one's tax number.
    pub tax_number: Option<String>,
    /// What is open: money in positive, money out negative; not zero.
    pub open_minor: i64,
    /// When it is to be paid, or the first of what is open of it.
    pub due_date: NaiveDate,
    /// What is open up to the end of each instalment but the last, the first due first, with the sign of what is open.
    pub instalments: Vec<(NaiveDate, i64)>,
    /// Whether only the whole will do: a payment that was recorded before, a transfer's leg.
    pub whole: bool,
}

/// What lines may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Which lines, by their places; the one that was asked for comes first.
    pub lines: Vec<usize>,
    /// Which documents, by their places, and how much of each, with the line's sign.
    pub parts: Vec<(usize, i64)>,
    /// How sure it is, of a hundred.
    pub score: u32,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What each of the wanted lines may be, the best first.
#[must_use]
pub fn propose(lines: &[Movement], open: &[Open], wanted: &[usize]) -> Vec<Vec<Proposal>> {
    let books = Books::new(open);
    let evidence: Vec<Evidence> = lines.iter().map(|line| books.evidence(line)).collect();
    wanted.iter().map(|place| Proposing { lines, books: &books, evidence: &evidence, place: *place }.all()).collect()
}

/// The open documents, found by what lines tell of them.
struct Books<'a> {
    open: &'a [Open],
    by_number: HashMap<String, Vec<usize>>,
    by_number_end: HashMap<String, Vec<usize>>,
    by_amount: HashMap<i64, Vec<usize>>,
    /// The documents of each party, what is due first first.
    by_party: HashMap<Uuid, Vec<usize>>,
    parties: Vec<Party<'a>>,
    by_word: HashMap<String, Vec<usize>>,
    by_tax_number: HashMap<&'a str, Uuid>,
}

struct Party<'a> {
    id: Uuid,
    name: &'a str,
    words: Vec<String>,
}

/// What one line tells.
#[derive(Default)]
struct Evidence {
    /// Documents whose whole number is in its text.
    numbers: BTreeSet<usize>,
    /// Documents the end of whose number is.
    number_ends: BTreeSet<usize>,
    /// Whom it may be from, with what that's worth, the likeliest first.
    parties: Vec<(Uuid, u32, Reason)>,
}

impl Evidence {
    fn party(&self, id: Uuid) -> Option<(u32, &Reason)> {
        self.parties.iter().find(|(party, ..)| *party == id).map(|(_, score, reason)| (*score, reason))
    }
}

/// What words are found by: their beginning, so that an ending may be misspelt.
fn beginning(word: &str) -> String {
    word.chars().take(3).collect()
}

impl<'a> Books<'a> {
    fn new(open: &'a [Open]) -> Self {
        let mut books = Self {
            open,
            by_number: HashMap::new(),
            by_number_end: HashMap::new(),
            by_amount: HashMap::new(),
            by_party: HashMap::new(),
            parties: Vec::new(),
            by_word: HashMap::new(),
            by_tax_number: HashMap::new(),
        };
        let mut order: Vec<usize> = (0..open.len()).filter(|place| open[*place].open_minor != 0).collect();
        order.sort_by_key(|place| open[*place].due_date);
        for place in order {
            books.add(place, &open[place]);
        }
        books
    }

    fn add(&mut self, place: usize, document: &'a Open) {
        for amount in document.instalments.iter().map(|(_, amount)| *amount).chain([document.open_minor]) {
            self.by_amount.entry(amount).or_default().push(place);
        }
        let runs = names::runs(document.number.as_deref().unwrap_or_default());
        let number = runs.concat();
        if number.chars().count() >= NUMBER_LENGTH && runs.len() <= RUNS_MAX {
            self.by_number.entry(number).or_default().push(place);
        }
        if let Some(end) = runs.last().and_then(|run| significant(run)) {
            self.by_number_end.entry(end.to_owned()).or_default().push(place);
        }
        let documents = self.by_party.entry(document.party).or_default();
        documents.push(place);
        if documents.len() == 1 {
            let words = names::name_words(&document.name);
            for word in &words {
                self.by_word.entry(beginning(word)).or_default().push(self.parties.len());
            }
            self.parties.push(Party { id: document.party, name: &document.name, words });
            if let Some(number) = document.tax_number.as_deref() {
                self.by_tax_number.insert(number, document.party);
            }
        }
    }

    fn evidence(&self, line: &Movement) -> Evidence {
        let mut evidence = Evidence { parties: self.likely_parties(line), ..Evidence::default() };
        let runs = names::runs(&line.text);
        let fits = |place: &&usize| self.open[**place].open_minor.signum() == line.amount_minor.signum();
        for from in 0..runs.len() {
            let mut number = String::new();
            for run in runs.iter().skip(from).take(RUNS_MAX) {
                number.push_str(run);
                evidence.numbers.extend(self.by_number.get(&number).into_iter().flatten().filter(fits));
            }
            let end = runs.get(from).and_then(|run| significant(run));
            let ends = end.and_then(|end| self.by_number_end.get(end));
            evidence.number_ends.extend(ends.into_iter().flatten().filter(fits));
        }
        evidence
    }

    fn likely_parties(&self, line: &Movement) -> Vec<(Uuid, u32, Reason)> {
        let mut likely: HashMap<Uuid, (u32, Reason)> = HashMap::new();
        let mut keep = |id, score, reason| {
            let kept = likely.entry(id).or_insert((0, Reason::OldestFirst));
            if score > kept.0 {
                *kept = (score, reason);
            }
        };
        let name_of = |id: Uuid| {
            let first = self.by_party.get(&id).and_then(|documents| documents.first());
            first.map(|place| self.open[*place].name.clone())
        };
        let by_tax_number = line.tax_number.as_deref().and_then(|number| self.by_tax_number.get(number.trim()));
        if let Some((id, name)) = by_tax_number.and_then(|id| Some((*id, name_of(*id)?))) {
            keep(id, PARTY_SCORE, Reason::TaxNumber(name));
        }
        if let Some((id, name)) = line.known_party.and_then(|id| Some((id, name_of(id)?))) {
            keep(id, PARTY_SCORE, Reason::Account(name));
        }
        // Where the bank names nobody, the name may be among the words.
        let written = names::name_words(line.counterparty.as_deref().unwrap_or(&line.text));
        let least = if line.counterparty.is_some() { LIKENESS_MIN } else { 90 };
        let found: BTreeSet<usize> =
            written.iter().filter_map(|word| self.by_word.get(&beginning(word))).flatten().copied().collect();
        for party in found.into_iter().map(|place| &self.parties[place]) {
            let likeness = names::likeness(&party.words, &written);
            if likeness >= least {
                keep(party.id, likeness * PARTY_SCORE / 100, Reason::Name(party.name.to_owned(), likeness));
            }
        }
        let mut likely: Vec<_> = likely.into_iter().map(|(id, (score, reason))| (id, score, reason)).collect();
        likely.sort_by_key(|(id, score, _)| (std::cmp::Reverse(*score), *id));
        likely.truncate(PARTIES_MAX);
        likely
    }
}

/// The digits of a number's end that say something: without leading zeros, two of them at least.
fn significant(run: &str) -> Option<&str> {
    let digits = run.trim_start_matches('0');
    (digits.len() >= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// The search for what one line may be.
struct Proposing<'a> {
    lines: &'a [Movement],
    books: &'a Books<'a>,
    evidence: &'a [Evidence],
    place: usize,
}

impl Proposing<'_> {
    fn line(&self) -> &Movement {
        &self.lines[self.place]
    }

    fn told(&self) -> &Evidence {
        &self.evidence[self.place]
    }

    fn document(&self, place: usize) -> &Open {
        &self.books.open[place]
    }

    fn all(&self) -> Vec<Proposal> {
        if self.line().amount_minor == 0 {
            return Vec::new();
        }
        let mut proposals: Vec<Proposal> = self.by_numbers().into_iter().collect();
        proposals.extend(self.singles());
        for (party, score, reason) in &self.told().parties {
            proposals.extend(self.several(*party, *score, reason));
            proposals.extend(self.oldest_first(*party, *score, reason));
        }
        proposals.extend(self.many_lines());
        proposals.retain(|proposal| proposal.score >= SCORE_MIN);
        // The order within a score is that of what is due first.
        proposals.sort_by_key(|proposal| {
            let first = proposal.parts.first().map(|(place, _)| self.document(*place).due_date);
            (std::cmp::Reverse(proposal.score), proposal.lines.len(), proposal.parts.len(), first)
        });
        let mut seen = Vec::new();
        proposals.retain(|proposal| {
            let what = (proposal.lines.clone(), proposal.parts.clone());
            let new = !seen.contains(&what);
            seen.push(what);
            new
        });
        proposals.truncate(PROPOSALS_MAX);
        proposals
    }

    /// Documents with the line's sign, of some places.
    fn fitting<'s>(&'s self, places: &'s [usize]) -> impl Iterator<Item = usize> + 's {
        let sign = self.line().amount_minor.signum();
        places.iter().copied().filter(move |place| self.document(*place).open_minor.signum() == sign)
    }

    /// All documents whose numbers are in the text.
    fn by_numbers(&self) -> Option<Proposal> {
        let named: Vec<usize> = self.told().numbers.iter().copied().collect();
        let named: Vec<usize> = self.fitting(&named).filter(|place| !self.document(*place).whole).collect();
        let same_party = named.windows(2).all(|pair| self.document(pair[0]).party == self.document(pair[1]).party);
        if named.len() < 2 || !same_party {
            return None;
        }
        let (parts, rest) = self.fill(&named, self.line().amount_minor);
        let open = named.iter().map(|place| i128::from(self.document(*place).open_minor)).sum::<i128>();
        let numbers = named.iter().filter_map(|place| self.document(*place).number.clone());
        let mut reasons = vec![Reason::Number(numbers.collect::<Vec<_>>().join(", "))];
        // More than one of them alone.
        let mut score = NUMBER_SCORE + NUMBER_END_SCORE;
        if open == i128::from(self.line().amount_minor) {
            score += AMOUNT_SCORE;
            reasons.push(Reason::Documents(parts.len()));
        } else {
            reasons.push(if rest == 0 { Reason::Part } else { Reason::Over });
        }
        if let Some((worth, reason)) = self.told().party(self.document(named[0]).party) {
            score += worth;
            reasons.push(reason.clone());
        }
        Some(Proposal { lines: vec![self.place], parts, score: score.min(100), reasons })
    }

    /// Takes an amount off documents, in their order; gives what is left of it too.
    fn fill(&self, places: &[usize], amount: i64) -> (Vec<(usize, i64)>, i64) {
        let (mut left, mut parts) = (amount, Vec::new());
        for place in places {
            let open = self.document(*place).open_minor;
            let part = if left.unsigned_abs() < open.unsigned_abs() { left } else { open };
            if part != 0 {
                parts.push((*place, part));
                left -= part;
            }
        }
        (parts, left)
    }

    /// Each document by itself.
    fn singles(&self) -> Vec<Proposal> {
        let told = self.told();
        let mut places: BTreeSet<usize> = told.numbers.union(&told.number_ends).copied().collect();
        let same_amount = self.books.by_amount.get(&self.line().amount_minor);
        let same_amount = same_amount.map_or(&[][..], Vec::as_slice);
        // Of many documents of one amount those count that are due first, and those of whom the line names.
        places.extend(same_amount.iter().take(SAME_AMOUNT_MAX));
        places.extend(same_amount.iter().filter(|place| told.party(self.document(**place).party).is_some()));
        let mut proposals: Vec<Proposal> = places.into_iter().filter_map(|place| self.single(place)).collect();
        proposals.sort_by_key(|proposal| {
            let due = proposal.parts.first().map(|(place, _)| self.document(*place).due_date);
            (std::cmp::Reverse(proposal.score), due)
        });
        // Of two that fit alike, what is due first is likelier.
        let best = proposals.first().map_or(0, |proposal| proposal.score);
        for later in proposals.iter_mut().skip(1).filter(|proposal| proposal.score == best && best < 90) {
            later.score = later.score.saturating_sub(SECOND_COST);
        }
        proposals
    }

    fn single(&self, place: usize) -> Option<Proposal> {
        let (line, document) = (self.line(), self.document(place));
        let (parts, rest) = self.fill(&[place], line.amount_minor);
        let exact = line.amount_minor == document.open_minor;
        let instalment = document.instalments.iter().position(|(_, amount)| *amount == line.amount_minor);
        let (mut score, mut reasons) = (0, Vec::new());
        if let Some(number) = &document.number {
            if self.told().numbers.contains(&place) {
                score += NUMBER_SCORE;
                reasons.push(Reason::Number(number.clone()));
            } else if self.told().number_ends.contains(&place) {
                score += NUMBER_END_SCORE;
                reasons.push(Reason::NumberEnd(number.clone()));
            }
        }
        if exact {
            score += AMOUNT_SCORE;
            reasons.push(Reason::Amount);
        } else if let Some(place) = instalment {
            score += AMOUNT_SCORE;
            reasons.push(Reason::Instalments(place + 1, document.instalments[place].0));
        }
        if let Some((worth, reason)) = self.told().party(document.party) {
            score += worth;
            reasons.push(reason.clone());
        }
        if !exact && instalment.is_none() {
            reasons.push(if rest == 0 { Reason::Part } else { Reason::Over });
        }
        let fits = line.amount_minor.signum() == document.open_minor.signum() && (exact || !document.whole);
        fits.then(|| Proposal { lines: vec![self.place], parts, score: score.min(100), reasons })
    }

    /// Documents of one party that are open in part or whole, what is due first first.
    fn of_party(&self, party: Uuid) -> Vec<usize> {
        let documents = self.books.by_party.get(&party).map_or(&[][..], Vec::as_slice);
        self.fitting(documents).filter(|place| !self.document(*place).whole).collect()
    }

    /// Several documents of one party that make the amount.
    fn several(&self, party: Uuid, worth: u32, reason: &Reason) -> Option<Proposal> {
        let documents = self.of_party(party);
        let amounts: Vec<i64> = documents.iter().map(|place| self.document(*place).open_minor.abs()).collect();
        let found = subset(&amounts, self.line().amount_minor.checked_abs()?)?;
        let paid: Vec<_> =
            found.into_iter().map(|at| (documents[at], self.document(documents[at]).open_minor)).collect();
        let cost = SEVERAL_COST * u32::try_from(paid.len()).unwrap_or(u32::MAX).min(5);
        let reasons = vec![Reason::Documents(paid.len()), reason.clone()];
        Some(Proposal {
            lines: vec![self.place],
            parts: paid,
            score: (AMOUNT_SCORE + worth).saturating_sub(cost),
            reasons,
        })
    }

    /// What a party has open, what is due first first: the last resort, where the amount is that of nothing.
    fn oldest_first(&self, party: Uuid, worth: u32, reason: &Reason) -> Option<Proposal> {
        let documents = self.of_party(party);
        let (paid, rest) = self.fill(&documents, self.line().amount_minor);
        if paid.is_empty() {
            return None;
        }
        let left = if rest == 0 { Reason::Part } else { Reason::Over };
        let reasons = vec![reason.clone(), Reason::OldestFirst, left];
        Some(Proposal { lines: vec![self.place], parts: paid, score: worth, reasons })
    }

    /// Several lines that make what is open of one document.
    fn many_lines(&self) -> Vec<Proposal> {
        let mut documents: BTreeSet<usize> = self.told().numbers.clone();
        let of_party = |party| self.of_party(party).into_iter().take(PAID_TOGETHER_MAX);
        documents.extend(self.told().parties.iter().flat_map(|(party, ..)| of_party(*party)));
        documents.into_iter().filter_map(|place| self.lines_of(place)).collect()
    }

    fn lines_of(&self, place: usize) -> Option<Proposal> {
        let (line, document) = (self.line(), self.document(place));
        let left = document.open_minor.checked_sub(line.amount_minor)?;
        if document.whole
            || line.amount_minor.signum() != document.open_minor.signum()
            || left.signum() != line.amount_minor.signum()
        {
            return None;
        }
        let tells = |other: usize| {
            let evidence = &self.evidence[other];
            evidence.numbers.contains(&place) || evidence.party(document.party).is_some()
        };
        let others: Vec<usize> = (0..self.lines.len())
            .filter(|other| {
                *other != self.place && self.lines[*other].amount_minor.signum() == left.signum() && tells(*other)
            })
            .collect();
        let amounts: Vec<i64> = others.iter().map(|other| self.lines[*other].amount_minor.abs()).collect();
        let left = left.checked_abs()?;
        let one = amounts.iter().position(|amount| *amount == left).map(|place| vec![place]);
        let found = one.or_else(|| subset(&amounts, left))?;
        let mut lines = vec![self.place];
        lines.extend(found.into_iter().map(|at| others[at]));
        let mut reasons = vec![Reason::Lines(lines.len())];
        let mut score = AMOUNT_SCORE;
        if let Some(number) = document.number.as_ref().filter(|_| self.told().numbers.contains(&place)) {
            score += NUMBER_SCORE;
            reasons.push(Reason::Number(number.clone()));
        }
        if let Some((worth, reason)) = self.told().party(document.party) {
            score += worth;
            reasons.push(reason.clone());
        }
        let cost = SEVERAL_COST * u32::try_from(lines.len()).unwrap_or(u32::MAX).min(5);
        let parts = vec![(place, document.open_minor)];
        Some(Proposal { lines, parts, score: score.saturating_sub(cost).min(100), reasons })
    }
}
