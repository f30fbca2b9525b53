//! Conditions on fields, typed by what the field holds.

use async_graphql::InputObject;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use kamara_entities::RecordId;
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, Value,
    sea_query::{Expr, Func, LikeExpr},
};
use uuid::Uuid;

use super::{Date, Id, enums};
use crate::text;

/// A condition on a text.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct StringFilter {
    /// Is this, to the letter.
    eq: Option<String>,
    /// Has this in it, whatever the case and the accents.
    contains: Option<String>,
    /// Is one of these, to the letter.
    r#in: Option<Vec<String>>,
}

impl StringFilter {
    /// Has a text in it.
    pub(crate) fn containing(text: String) -> Self {
        Self { contains: Some(text), ..Self::default() }
    }
}

/// A condition on which other record a record refers to.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct IdFilter {
    /// Is this one.
    eq: Option<Id<Raw>>,
    /// Is one of these.
    r#in: Option<Vec<Id<Raw>>>,
    /// Is none (true), or any (false).
    pub(crate) is_null: Option<bool>,
}

/// An id of any kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Raw(pub(crate) Uuid);

impl From<Uuid> for Raw {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}
impl From<Raw> for Uuid {
    fn from(id: Raw) -> Self {
        id.0
    }
}
impl From<Raw> for Value {
    fn from(id: Raw) -> Self {
        id.0.into()
    }
}
impl std::fmt::Display for Raw {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}
impl RecordId for Raw {}

/// A condition on a day.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct DateFilter {
    /// Is this day.
    eq: Option<Date>,
    /// Is later.
    gt: Option<Date>,
    /// Is this day or later.
    gte: Option<Date>,
    /// Is earlier.
    lt: Option<Date>,
    /// Is this day or earlier.
    lte: Option<Date>,
}

/// A condition on an instant.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct InstantFilter {
    /// Is this instant or later.
    gte: Option<DateTime<Utc>>,
    /// Is earlier.
    lt: Option<DateTime<Utc>>,
}

impl DateFilter {
    /// The instants of these days in a time zone.
    pub(crate) fn instants(self, zone: chrono_tz::Tz) -> InstantFilter {
        let start = |day: NaiveDate| {
            let midnight = day.and_time(NaiveTime::MIN);
            // Where a clock is put on at midnight, the day begins an hour later; the difference doesn't matter here.
            zone.from_local_datetime(&midnight).earliest().map_or(midnight.and_utc(), |at| at.with_timezone(&Utc))
        };
        let end = |day: NaiveDate| day.succ_opt().map(start);
        let starts =
            [self.gte.map(|day| start(day.0)), self.eq.map(|day| start(day.0)), self.gt.and_then(|day| end(day.0))];
        let ends =
            [self.lt.map(|day| start(day.0)), self.eq.and_then(|day| end(day.0)), self.lte.and_then(|day| end(day.0))];
        InstantFilter { gte: starts.into_iter().flatten().max(), lt: ends.into_iter().flatten().min() }
    }
}

impl InstantFilter {
    /// The same, as far as ids tell it: they begin with the millisecond in which they were made, and have an index.
    pub(crate) fn of_ids<C: ColumnTrait>(&self, id: C) -> Condition {
        let bound = |at: DateTime<Utc>, random: [u8; 10]| {
            let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
            uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
        };
        Condition::all()
            .add_option(self.gte.map(|at| id.gte(bound(at, [0; 10]))))
            .add_option(self.lt.map(|at| id.lte(bound(at, [u8::MAX; 10]))))
    }
}

macro_rules! enum_filters {
    ($($(#[$doc:meta])* $name:ident: $type:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, InputObject)]
        pub(crate) struct $name {
            /// Is this.
            eq: Option<enums::$type>,
            /// Is one of these.
            r#in: Option<Vec<enums::$type>>,
        }

        impl $name {
            fn texts(self) -> (Option<String>, Option<Vec<String>>) {
                let text = |value: enums::$type| kamara_entities::$type::from(value).text().to_owned();
                (self.eq.map(text), self.r#in.map(|values| values.into_iter().map(text).collect()))
            }
        }

        impl FilterOn for $name {
            fn condition<C: ColumnTrait>(self, column: C) -> Condition {
                let (eq, among) = self.texts();
                Condition::all()
                    .add_option(eq.map(|value| column.eq(value)))
                    .add_option(among.map(|values| column.is_in(values)))
            }
        }
    )*};
}

enum_filters! {
    /// A condition on where a lead stands.
    LeadStatusFilter: LeadStatus,
    /// A condition on where a deal stands.
    DealStatusFilter: DealStatus,
    /// A condition on where a project stands.
    ProjectStatusFilter: ProjectStatus,
    /// A condition on where a time entry stands.
    TimeEntryStatusFilter: TimeEntryStatus,
    /// A condition on where an invoice stands.
    InvoiceStatusFilter: InvoiceStatus,
    /// A condition on whether a supplier's document bills or credits.
    BillKindFilter: BillKind,
    /// A condition on where a bill stands.
    BillStatusFilter: BillStatus,
    /// A condition on where an expense stands.
    ExpenseStatusFilter: ExpenseStatus,
    /// A condition on which way money went.
    PaymentDirectionFilter: PaymentDirection,
    /// A condition on whether a document bills or credits.
    InvoiceKindFilter: InvoiceKind,
    /// A condition on whether a document is reversed.
    PostingStatusFilter: PostingStatus,
    /// A condition on where a budget stands.
    BudgetStatusFilter: BudgetStatus,
    /// A condition on the kind of account.
    AccountTypeFilter: AccountType,
    /// A condition on what an account is used for.
    AccountRoleFilter: AccountRole,
    /// A condition on what is approved.
    ApprovalKindFilter: ApprovalKind,
    /// A condition on where an approval stands.
    ApprovalStatusFilter: ApprovalStatus,
    /// A condition on what a tax does.
    TaxKindFilter: TaxKind,
    /// A condition on what an entry comes from.
    SourceKindFilter: SourceKind,
    /// A condition on where a line of a bank's statement stands.
    BankLineStatusFilter: BankLineStatus,
}

/// A condition that can be put on a column.
pub(crate) trait FilterOn {
    /// The condition.
    fn condition<C: ColumnTrait>(self, column: C) -> Condition;
}

impl FilterOn for StringFilter {
    fn condition<C: ColumnTrait>(self, column: C) -> Condition {
        Condition::all()
            .add_option(self.eq.map(|text| column.eq(text)))
            .add_option(self.contains.map(|text| column.like(containing(&text))))
            .add_option(self.r#in.map(|texts| column.is_in(texts)))
    }
}

impl FilterOn for IdFilter {
    fn condition<C: ColumnTrait>(self, column: C) -> Condition {
        Condition::all()
            .add_option(self.eq.map(|id| column.eq(id.0.0)))
            .add_option(self.r#in.map(|ids| column.is_in(ids.into_iter().map(|id| id.0.0))))
            .add_option(self.is_null.map(|is_null| if is_null { column.is_null() } else { column.is_not_null() }))
    }
}

impl FilterOn for DateFilter {
    fn condition<C: ColumnTrait>(self, column: C) -> Condition {
        Condition::all()
            .add_option(self.eq.map(|date| column.eq(date.0)))
            .add_option(self.gt.map(|date| column.gt(date.0)))
            .add_option(self.gte.map(|date| column.gte(date.0)))
            .add_option(self.lt.map(|date| column.lt(date.0)))
            .add_option(self.lte.map(|date| column.lte(date.0)))
    }
}

impl FilterOn for InstantFilter {
    fn condition<C: ColumnTrait>(self, column: C) -> Condition {
        Condition::all().add_option(self.gte.map(|at| column.gte(at))).add_option(self.lt.map(|at| column.lt(at)))
    }
}

impl FilterOn for bool {
    fn condition<C: ColumnTrait>(self, column: C) -> Condition {
        Condition::all().add(column.eq(self))
    }
}

/// Conditions, added one by one; those that aren't asked for leave all rows.
#[derive(Clone, Debug)]
pub(crate) struct Conditions(Condition);

impl Conditions {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(Condition::all())
    }

    /// Those on records that may be archived: unless asked for, archived ones are left out.
    pub(crate) fn records<C: ColumnTrait>(archived: Option<bool>, archived_at: C) -> Self {
        let condition = if archived.unwrap_or(false) { archived_at.is_not_null() } else { archived_at.is_null() };
        Self(Condition::all().add(condition))
    }

    /// Adds one on a column.
    pub(crate) fn on<C: ColumnTrait>(self, column: C, filter: Option<impl FilterOn>) -> Self {
        match filter {
            Some(filter) => Self(self.0.add(filter.condition(column))),
            None => self,
        }
    }

    /// Adds one on a name, whose `contains` looks into the key that names are sorted by.
    pub(crate) fn on_name<C: ColumnTrait>(self, name: C, sort_key: C, filter: Option<StringFilter>) -> Self {
        let Some(mut filter) = filter else { return self };
        let contains = filter.contains.take();
        self.on(name, Some(filter)).search(sort_key, contains)
    }

    /// Adds a search: every word of it must be there.
    pub(crate) fn search<C: ColumnTrait>(mut self, search_text: C, search: Option<String>) -> Self {
        for word in text::sort_key(&search.unwrap_or_default()).split_whitespace() {
            self.0 = self.0.add(search_text.like(containing(word)));
        }
        self
    }

    /// Adds a search in a text that has no key of its own: without case.
    pub(crate) fn search_plain<C: ColumnTrait>(self, text: C, search: Option<String>) -> Self {
        self.and(search.map(|search| words(&search, |pattern| Condition::all().add(lower(text).like(pattern)))))
    }

    /// Adds any other.
    pub(crate) fn and(self, condition: Option<Condition>) -> Self {
        Self(self.0.add_option(condition))
    }

    /// All of them.
    pub(crate) fn all(self) -> Condition {
        self.0
    }
}

/// A condition for each word of a search.
pub(crate) fn words(search: &str, has: impl Fn(LikeExpr) -> Condition) -> Condition {
    text::sort_key(search).split_whitespace().fold(Condition::all(), |all, word| all.add(has(containing(word))))
}

/// A text in lower case.
pub(crate) fn lower<C: ColumnTrait>(text: C) -> Expr {
    Expr::expr(Func::lower(text.into_expr()))
}

/// A pattern for a text that has another in it, taken to the letter.
fn containing(text: &str) -> LikeExpr {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    LikeExpr::new(format!("%{escaped}%")).escape('!')
}
