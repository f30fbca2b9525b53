//! Reconciliations, as the API shows them.

use async_graphql::{Context, Object, Result};
use kamara_entities::{BankAccountId, bank_account, bank_statement_line, journal_line};

use super::{BankAccount, BankStatementLine};
use crate::{
    finance::service::bank::reconciliation::{self as rules, Reconciliation},
    graphql::{Can, Date, Id, Money, request},
    identity::Permission,
    ledger::schema::JournalLine,
};

/// Lines of each kind that are shown; the sums are of all.
const SHOWN_MAX: usize = 200;

/// Whether a bank account's ledger and its statements tell the same on a day, and what lies between them.
pub(crate) struct BankReconciliation(Reconciliation);

impl BankReconciliation {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, &self.0.account.currency)
    }
}

#[Object]
impl BankReconciliation {
    /// The account.
    async fn bank_account(&self) -> BankAccount {
        self.0.account.clone().into()
    }

    /// The day.
    async fn at(&self) -> Date {
        Date(self.0.at)
    }

    /// The last day that statements tell of.
    async fn stated_until(&self) -> Option<Date> {
        self.0.stated_until.map(Date)
    }

    /// What is on the account by the statements.
    async fn statement_balance(&self) -> Money {
        self.money(self.0.statement_minor)
    }

    /// What is on it by the ledger.
    async fn ledger_balance(&self) -> Money {
        self.money(self.0.ledger_minor)
    }

    /// What the statements have more than the ledger: the sum of what follows.
    async fn difference(&self) -> Money {
        self.money(self.0.difference_minor())
    }

    /// What the first statement opens with more than the ledger had before it.
    async fn opening_difference(&self) -> Money {
        self.money(self.0.opening_minor)
    }

    /// Bookings that the ledger has later or not at all.
    #[graphql(complexity = "1 + 50 * child_complexity")]
    async fn open_lines(&self) -> Vec<BankStatementLine> {
        shown(&self.0.open_lines)
    }

    /// The sum of all of them.
    async fn open_lines_total(&self) -> Money {
        self.money(sum_of(&self.0.open_lines))
    }

    /// How many they are.
    async fn open_line_count(&self) -> usize {
        self.0.open_lines.len()
    }

    /// Bookings that are to be in no ledger.
    #[graphql(complexity = "1 + 50 * child_complexity")]
    async fn ignored_lines(&self) -> Vec<BankStatementLine> {
        shown(&self.0.ignored_lines)
    }

    /// The sum of all of them.
    async fn ignored_lines_total(&self) -> Money {
        self.money(sum_of(&self.0.ignored_lines))
    }

    /// Lines of the ledger that the bank has later or not at all.
    #[graphql(complexity = "1 + 50 * child_complexity")]
    async fn ledger_lines(&self) -> Vec<JournalLine> {
        self.0.ledger_lines.iter().take(SHOWN_MAX).cloned().map(JournalLine).collect()
    }

    /// The sum of all of them, which the difference is less by.
    async fn ledger_lines_total(&self) -> Money {
        self.money(self.0.ledger_lines.iter().map(|line: &journal_line::Model| line.amount_minor).sum())
    }

    /// How many they are.
    async fn ledger_line_count(&self) -> usize {
        self.0.ledger_lines.len()
    }

    /// What is on the ledger's account in other currencies, which no statement of this account can have.
    async fn other_currencies(&self) -> Vec<Money> {
        self.0.other_currencies.iter().map(|(currency, minor)| Money::new(*minor, currency)).collect()
    }

    /// What of the difference none of the above tells; zero.
    async fn unexplained(&self) -> Money {
        self.money(self.0.unexplained_minor())
    }

    /// Whether statements up to the day and the ledger tell the same, line by line.
    async fn reconciled(&self) -> bool {
        self.0.is_reconciled()
    }
}

fn shown(lines: &[bank_statement_line::Model]) -> Vec<BankStatementLine> {
    lines.iter().take(SHOWN_MAX).cloned().map(Into::into).collect()
}

fn sum_of(lines: &[bank_statement_line::Model]) -> i64 {
    lines.iter().map(|line| line.amount_minor).sum()
}

/// Asking whether all is there.
#[derive(Default)]
pub(crate) struct BankReconciliationQuery;

#[Object]
impl BankReconciliationQuery {
    /// Whether a bank account's ledger and its statements tell the same on a day: today unless said.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn bank_reconciliation(
        &self,
        ctx: &Context<'_>,
        bank_account_id: Id<BankAccountId>,
        at: Option<Date>,
    ) -> Result<BankReconciliation> {
        let scope = request(ctx).read().await?;
        let account = scope.referred::<bank_account::Entity>("bankAccountId", bank_account_id.0).await?;
        let at = at.map_or_else(|| scope.today(), |at| at.0);
        Ok(BankReconciliation(rules::reconcile(&scope, account, at).await?))
    }
}
