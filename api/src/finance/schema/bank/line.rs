//! Lines of statements, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    BankStatementLineId, PaymentId, SourceKind, bank_account, bank_match, bank_statement, bank_statement_line,
    journal_entry, journal_line, payment,
};
use sea_orm::Condition;

use super::{BankAccount, BankStatement};
use crate::{
    finance::schema::payment::Payment,
    graphql::{
        Can, Children, Date, Id, Listed, Loading, Money, Paging, complexity,
        enums::BankLineStatus,
        filter::{BankLineStatusFilter, Conditions, DateFilter, IdFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::JournalEntry,
    tenancy::{Direction, Order},
};

shown! {
    /// One booking of a bank.
    BankStatementLine(bank_statement_line),
}

struct MatchesOfLine;
impl Children for MatchesOfLine {
    type Entity = bank_match::Entity;
    const PARENT: bank_match::Column = bank_match::Column::LineId;
    const ORDER: Order<bank_match::Column> = Order { column: bank_match::Column::Id, direction: Direction::Asc };
}

#[Object]
impl BankStatementLine {
    /// Id.
    async fn id(&self) -> Id<BankStatementLineId> {
        Id(self.0.id)
    }

    /// The statement that it's a line of.
    async fn statement(&self, ctx: &Context<'_>) -> Result<BankStatement> {
        Ok(BankStatement(ctx.row::<bank_statement::Entity>(self.0.statement_id).await?))
    }

    /// The account.
    async fn bank_account(&self, ctx: &Context<'_>) -> Result<BankAccount> {
        Ok(BankAccount(ctx.row::<bank_account::Entity>(self.0.bank_account_id).await?))
    }

    /// When the bank booked it.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// When it counts for interest.
    async fn value_date(&self) -> Option<Date> {
        self.0.value_date.map(Date)
    }

    /// Money in is positive, money out negative.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Money> {
        let account = ctx.row::<bank_account::Entity>(self.0.bank_account_id).await?;
        Ok(Money::new(self.0.amount_minor, &account.currency))
    }

    /// Who paid or was paid.
    async fn counterparty(&self) -> Option<&str> {
        self.0.counterparty.as_deref()
    }

    /// That one's IBAN or other account number.
    async fn iban(&self) -> Option<&str> {
        self.0.iban.as_deref()
    }

    /// That one's tax number.
    async fn tax_number(&self) -> Option<&str> {
        self.0.tax_number.as_deref()
    }

    /// A reference for machines.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// What the one who paid called the payment.
    async fn end_to_end_id(&self) -> Option<&str> {
        self.0.end_to_end_id.as_deref()
    }

    /// What it's for, in words.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The bank's own id of the booking.
    async fn bank_reference(&self) -> Option<&str> {
        self.0.bank_reference.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> BankLineStatus {
        self.0.status.into()
    }

    /// Why it's ignored.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// What it is in the ledger.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn matches(&self, ctx: &Context<'_>) -> Result<Vec<BankMatch>> {
        let rows = ctx.all_of::<MatchesOfLine>(self.0.id.0).await?;
        Ok(rows.into_iter().map(BankMatch).collect())
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// What a bank's booking is in the ledger.
pub(crate) struct BankMatch(bank_match::Model);

#[Object]
impl BankMatch {
    /// The entry.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<JournalEntry> {
        let line = ctx.row::<journal_line::Entity>(self.0.journal_line_id).await?;
        Ok(JournalEntry(ctx.row::<journal_entry::Entity>(line.entry_id).await?))
    }

    /// The payment that the entry is of, if it's of one.
    async fn payment(&self, ctx: &Context<'_>) -> Result<Option<Payment>> {
        let line = ctx.row::<journal_line::Entity>(self.0.journal_line_id).await?;
        let entry = ctx.row::<journal_entry::Entity>(line.entry_id).await?;
        let of_payment = entry.source_id.filter(|_| entry.source_kind == SourceKind::Payment);
        Ok(ctx.row_if_any::<payment::Entity>(of_payment.map(PaymentId)).await?.map(Payment))
    }

    /// How much of the booking it is.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Money> {
        let line = ctx.row::<journal_line::Entity>(self.0.journal_line_id).await?;
        Ok(Money::new(line.amount_minor, &line.currency))
    }

    /// Whether the match recorded it, and taking the match back would reverse it; else it was there before.
    async fn recorded(&self) -> bool {
        self.0.recorded
    }
}

ordering! {
    /// What lines are sorted by.
    BankStatementLineOrder, BankStatementLineOrderField of bank_statement_line, default Date Desc,
    {
        /// By when the bank booked them.
        Date => Date,
        /// By amount.
        Amount => AmountMinor,
    }
}

/// Which lines.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct BankStatementLineFilter {
    /// Words, all of which are in what the bank says of it.
    search: Option<String>,
    /// Of which account.
    bank_account_id: Option<IdFilter>,
    /// Of which statement.
    statement_id: Option<IdFilter>,
    /// Where it stands.
    status: Option<BankLineStatusFilter>,
    /// When the bank booked it.
    date: Option<DateFilter>,
}

impl BankStatementLineFilter {
    fn condition(self) -> Condition {
        use bank_statement_line::Column as C;
        Conditions::new()
            .search(C::SearchText, self.search)
            .on(C::BankAccountId, self.bank_account_id)
            .on(C::StatementId, self.statement_id)
            .on(C::Status, self.status)
            .on(C::Date, self.date)
            .all()
    }
}

/// Asking for lines of statements.
#[derive(Default)]
pub(crate) struct BankLineQuery;

#[Object]
impl BankLineQuery {
    /// Lines of statements, the newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn bank_statement_lines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: BankStatementLineFilter,
        order_by: Option<BankStatementLineOrder>,
    ) -> Result<Listed<BankStatementLine>> {
        let order = BankStatementLineOrder::or_default(order_by);
        list::<bank_statement_line::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A line of a statement.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn bank_statement_line(&self, ctx: &Context<'_>, id: Id<BankStatementLineId>) -> Result<BankStatementLine> {
        let scope = request(ctx).read().await?;
        Ok(BankStatementLine(scope.require::<bank_statement_line::Entity>(id.0).await?))
    }
}
