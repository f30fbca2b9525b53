//! Whether the journal is as it was posted: what was changed, taken out or put in behind the server's back is found.

use std::{collections::HashMap, fmt, iter::Peekable};

use kamara_entities::{JournalEntryId, TenantEntity as _, event, journal_entry, journal_line};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{chain, dates::ledger_of};
use crate::{error::Result, tenancy::TenantScope};

/// Entries that are read and checked at once.
const ENTRIES_AT_ONCE: u64 = 500;

/// Something that isn't as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Of what: an entry by its number, a document by its own.
    pub subject: String,
    /// What had to be.
    pub expected: String,
    /// What is.
    pub found: String,
}

impl Problem {
    /// A thing that is one way and had to be another.
    pub fn new(subject: impl fmt::Display, expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self { subject: subject.to_string(), expected: expected.to_string(), found: found.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: expected {}, found {}", self.subject, self.expected, self.found)
    }
}

/// Where problems are told as they're found.
pub type Report<'a> = &'a mut (dyn FnMut(Problem) + Send);

/// What was checked of a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// How many entries there are.
    pub entries: u64,
    /// How many of the first are from before there was a chain.
    pub unchained: u64,
    /// The hash of the newest: who keeps it elsewhere can tell later that nothing was cut off.
    pub head: Option<String>,
}

/// Checks every entry and every line, page by page.
pub async fn journal(scope: &TenantScope, report: Report<'_>) -> Result<Journal> {
    let mut walk = Walk { report, journal: Journal::default(), seq: 0, chain: Chain::Before };
    loop {
        let entries = scope
            .find::<journal_entry::Entity>()
            .filter(journal_entry::Column::Seq.gt(walk.seq))
            .order_by_asc(journal_entry::Column::Seq)
            .limit(ENTRIES_AT_ONCE);
        let entries = scope.all(entries).await?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { break };
        let lines = scope
            .find::<journal_line::Entity>()
            .filter(journal_line::Column::Seq.gt(walk.seq))
            .filter(journal_line::Column::Seq.lte(last))
            .order_by_asc(journal_line::Column::Seq)
            .order_by_asc(journal_line::Column::Position);
        let mut lines = scope.all(lines).await?.into_iter().peekable();
        let told = told(scope, &entries).await?;
        for entry in entries {
            walk.strays(&mut lines, entry.seq);
            let of_entry: Vec<_> = std::iter::from_fn(|| lines.next_if(|line| line.seq == entry.seq)).collect();
            walk.entry(&entry, &of_entry, told.get(&entry.id));
        }
    }
    let beyond = scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::Seq.gt(walk.seq))
        .order_by_asc(journal_line::Column::Seq)
        .limit(ENTRIES_AT_ONCE);
    walk.strays(&mut scope.all(beyond).await?.into_iter().peekable(), i64::MAX);
    let counter = ledger_of(scope).await?.last_seq;
    if counter != walk.seq {
        (walk.report)(Problem::new("the newest entry", format_args!("number {counter}"), format_args!("{}", walk.seq)));
    }
    Ok(walk.journal)
}

/// Checks that some entry still has a hash which was written down as the newest: then all up to it is as it was.
pub async fn expect(scope: &TenantScope, hash: &str, report: Report<'_>) -> Result<()> {
    let select = scope.find::<journal_entry::Entity>().filter(journal_entry::Column::Hash.eq(hash));
    if scope.first(select).await?.is_none() {
        report(Problem::new("the journal", format_args!("an entry with hash {hash}"), "none"));
    }
    Ok(())
}

/// The hashes of entries that have none, as their events tell them: entries from before there was a chain have none there either,
/// and where all were erased nothing else says that there was one.
async fn told(scope: &TenantScope, entries: &[journal_entry::Model]) -> Result<HashMap<JournalEntryId, String>> {
    use event::Column as C;
    let without: Vec<_> = entries.iter().filter(|entry| entry.hash.is_none()).map(|entry| entry.id.0).collect();
    if without.is_empty() {
        return Ok(HashMap::new());
    }
    let select = scope
        .find::<event::Entity>()
        .filter(C::SubjectKind.eq(journal_entry::Entity::KIND))
        .filter(C::SubjectId.is_in(without));
    let hash = |event: event::Model| Some((event.subject_id.into(), event.after?.get("hash")?.as_str()?.to_owned()));
    Ok(scope.all(select).await?.into_iter().filter_map(hash).collect())
}

/// Where the chain of hashes stands.
enum Chain {
    /// No entry had a hash yet.
    Before,
    /// The entry before had this one.
    After(String),
    /// The entry before is missing: what the next one's is reckoned over isn't known.
    Broken,
}

struct Walk<'a> {
    report: Report<'a>,
    journal: Journal,
    seq: i64,
    chain: Chain,
}

impl Walk<'_> {
    /// Lines before the entry with a number that belong to none.
    fn strays(&mut self, lines: &mut Peekable<impl Iterator<Item = journal_line::Model>>, before: i64) {
        while let Some(line) = lines.next_if(|line| line.seq < before) {
            let subject = format!("line {} of entry {}", line.position, line.seq);
            (self.report)(Problem::new(subject, "an entry that it's a line of", "none"));
        }
    }

    /// An entry with its lines, and the hash that its event tells where it has none.
    fn entry(&mut self, entry: &journal_entry::Model, lines: &[journal_line::Model], told: Option<&String>) {
        let subject = format!("entry {}", entry.seq);
        let mut wrong = |expected: &dyn fmt::Display, found: &dyn fmt::Display| {
            (self.report)(Problem::new(&subject, expected, found));
        };
        let next = self.seq + 1;
        if entry.seq != next {
            let missing = if entry.seq == next + 1 {
                format!("entry {next}")
            } else {
                format!("entries {next} to {}", entry.seq - 1)
            };
            wrong(&format_args!("{missing} before it"), &"none");
            if !matches!(self.chain, Chain::Before) {
                self.chain = Chain::Broken;
            }
        }
        if lines.len() < 2 {
            wrong(&"two lines at least", &lines.len());
        }
        for line in lines {
            let of_entry = (line.entry_id, line.date, line.closing) == (entry.id, entry.date, entry.closing);
            if !of_entry {
                let expected = format!(
                    "line {} with the entry's id, date {} and closing {}",
                    line.position, entry.date, entry.closing
                );
                wrong(&expected, &format_args!("{}, {}, {}", line.entry_id, line.date, line.closing));
            }
        }
        let balance: i128 = lines.iter().map(|line| i128::from(line.base_minor)).sum();
        if balance != 0 {
            wrong(&"a balance of 0", &balance);
        }
        let previous = match &self.chain {
            Chain::Before => Some(None),
            Chain::After(hash) => Some(Some(hash.as_str())),
            Chain::Broken => None,
        };
        let reckoned = previous.map(|previous| chain::hash(previous, entry, lines));
        match (&entry.hash, reckoned, told) {
            (Some(hash), Some(reckoned), _) if *hash != reckoned => wrong(&format_args!("hash {reckoned}"), hash),
            (None, _, Some(told)) => wrong(&format_args!("hash {told}, as its event has it"), &"none"),
            (None, ..) if !matches!(self.chain, Chain::Before) => {
                wrong(&"a hash, since an entry before has one", &"none");
            }
            _ => {}
        }
        self.journal.entries += 1;
        match &entry.hash {
            // Those that follow are reckoned over what is stored: one changed entry is told once.
            Some(hash) => self.chain = Chain::After(hash.clone()),
            None if matches!(self.chain, Chain::Before) && told.is_none() => self.journal.unchained += 1,
            None => self.chain = Chain::Broken,
        }
        self.journal.head.clone_from(&entry.hash);
        self.seq = entry.seq;
    }
}
