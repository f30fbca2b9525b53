//! What lines of statements may be, as the API shows it.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use kamara_entities::BankStatementLineId;

use super::BankStatementLine;
use crate::{
    finance::service::bank::items::{self, Item, LineProposal, LineProposals, Target},
    graphql::{Can, Date, Id, Money, filter::Raw, request},
    identity::Permission,
};

/// What one line may be.
pub(crate) struct BankMatches(LineProposals);

#[Object]
impl BankMatches {
    /// The line.
    async fn line(&self) -> BankStatementLine {
        self.0.line.clone().into()
    }

    /// What it may be, the likeliest first; at most five. Nothing is matched before somebody confirms it.
    async fn proposals(&self) -> Vec<BankMatchProposal<'_>> {
        let shown = |proposal| BankMatchProposal { proposal, currency: &self.0.currency };
        self.0.proposals.iter().map(shown).collect()
    }
}

/// One thing that a line may be.
pub(crate) struct BankMatchProposal<'a> {
    proposal: &'a LineProposal,
    currency: &'a str,
}

#[Object]
impl BankMatchProposal<'_> {
    /// How sure it is, of a hundred.
    async fn score(&self) -> u32 {
        self.proposal.score
    }

    /// Why, for a person.
    async fn reasons(&self, ctx: &Context<'_>) -> Vec<String> {
        let language = request(ctx).language();
        self.proposal.reasons.iter().map(|reason| reason.text().in_language(language).to_owned()).collect()
    }

    /// The line, and those that pay the same document together with it.
    async fn lines(&self) -> Vec<BankStatementLine> {
        self.proposal.lines.iter().cloned().map(Into::into).collect()
    }

    /// What is paid, and how much of it.
    async fn parts(&self) -> Vec<BankMatchPart> {
        let part = |(item, minor): &(Item, i64)| BankMatchPart::new(item, *minor, self.currency);
        self.proposal.parts.iter().map(part).collect()
    }
}

/// What kind of thing a line may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum BankMatchKind {
    /// Pays an invoice.
    Invoice,
    /// Pays a bill.
    Bill,
    /// Pays an employee's expense back.
    Expense,
    /// Is in the ledger already: a payment, a transfer, or another entry.
    JournalEntry,
}

/// A document that a line may pay, or an entry that it may be.
#[derive(SimpleObject)]
pub(crate) struct BankMatchPart {
    /// What it is.
    kind: BankMatchKind,
    /// Its id.
    id: Id<Raw>,
    /// Its number, or what the entry is called.
    number: Option<String>,
    /// Whose it is.
    name: String,
    /// When it is to be paid, or was posted.
    date: Date,
    /// What is open of it.
    open: Money,
    /// How much of that the line pays.
    amount: Money,
}

impl BankMatchPart {
    fn new(item: &Item, minor: i64, currency: &str) -> Self {
        let (kind, id) = match item.target {
            Target::Invoice(id) => (BankMatchKind::Invoice, id.0),
            Target::Bill(id) => (BankMatchKind::Bill, id.0),
            Target::Expense(id) => (BankMatchKind::Expense, id.0),
            Target::Entry(id) => (BankMatchKind::JournalEntry, id.0),
        };
        Self {
            kind,
            id: Id(Raw(id)),
            number: item.number.clone(),
            name: item.name.clone(),
            date: Date(item.date),
            open: Money::new(item.open_minor.abs(), currency),
            amount: Money::new(minor.abs(), currency),
        }
    }
}

/// Asking what lines may be.
#[derive(Default)]
pub(crate) struct BankProposalQuery;

#[Object]
impl BankProposalQuery {
    /// What lines of one bank account may be, at most 100 of them: by the number in their text, the amount, and the name.
    #[graphql(complexity = "1 + 100 * child_complexity", guard = "Can(Permission::FinanceRead)")]
    async fn bank_matches(
        &self,
        ctx: &Context<'_>,
        line_ids: Vec<Id<BankStatementLineId>>,
    ) -> Result<Vec<BankMatches>> {
        let scope = request(ctx).read().await?;
        let ids: Vec<BankStatementLineId> = line_ids.into_iter().map(|id| id.0).collect();
        Ok(items::proposals(&scope, &ids).await?.into_iter().map(BankMatches).collect())
    }
}
