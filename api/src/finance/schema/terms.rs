//! When invoices are to be paid, as the API takes and shows it.

use async_graphql::{Context, InputObject, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_entities::{invoice, invoice_instalment};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait as _, QueryFilter, QuerySelect, QueryTrait as _,
    sea_query::{Expr, Func},
};

use crate::{
    error::{self, Error, Text},
    finance::service::terms::{Instalment, Share, Terms, When, open_of},
    graphql::{
        Children, Date, Dec, Loading, Money,
        filter::{DateFilter, FilterOn as _},
    },
    messages,
    tenancy::{Direction, Order, TenantScope},
};

/// When an invoice is to be paid: some days after its date, or in instalments.
#[derive(InputObject)]
pub(crate) struct InvoiceTermsInput {
    /// So many days after its date.
    days: Option<i32>,
    /// In these instalments, the first due first; 100% together, or the total.
    instalments: Option<Vec<InstalmentInput>>,
}

/// An instalment: when how much is to be paid.
#[derive(InputObject)]
pub(crate) struct InstalmentInput {
    /// So many days after the invoice's date; after its months, where there are some.
    days: Option<i32>,
    /// So many calendar months after the invoice's date.
    months: Option<i32>,
    /// Whether the days are counted from the last day of that month.
    #[graphql(default)]
    end_of_month: bool,
    /// On this day, instead.
    date: Option<Date>,
    /// How much of the total, in percent.
    percent: Option<Dec>,
    /// How much, instead, in the invoice's currency. The last instalment may leave both out: it takes what is left.
    amount: Option<Dec>,
}

impl InstalmentInput {
    fn values(self) -> error::Result<Instalment> {
        Ok(Instalment { when: self.when()?, share: self.share()? })
    }

    fn when(&self) -> error::Result<When> {
        let number = |field, value: Option<i32>| {
            u32::try_from(value.unwrap_or_default()).map_err(|_| Error::invalid(field, messages::not_negative()))
        };
        match (&self.date, self.days.is_some() || self.months.is_some() || self.end_of_month) {
            (Some(date), false) => Ok(When::On(date.0)),
            (None, true) => Ok(When::After {
                months: number("months", self.months)?,
                end_of_month: self.end_of_month,
                days: number("days", self.days)?,
            }),
            (date, _) => {
                let message = Text::fixed(
                    "Give a day, or how long after the invoice's date, one of the two.",
                    "მიუთითეთ კონკრეტული დღე ან ვადა ინვოისის თარიღიდან, ერთ-ერთი.",
                );
                Err(Error::invalid(if date.is_some() { "date" } else { "days" }, message))
            }
        }
    }

    fn share(&self) -> error::Result<Share> {
        match (self.percent, self.amount) {
            (Some(percent), None) => Ok(Share::Percent(percent.0)),
            (None, Some(amount)) => Ok(Share::Amount(amount.0)),
            (None, None) => Ok(Share::Rest),
            (Some(_), Some(_)) => {
                let message = Text::fixed(
                    "Give a percentage or an amount, one of the two.",
                    "მიუთითეთ პროცენტი ან თანხა, ერთ-ერთი.",
                );
                Err(Error::invalid("amount", message))
            }
        }
    }
}

/// When it is to be paid, told in one of three ways.
pub(super) fn terms(due_date: Option<Date>, terms: Option<InvoiceTermsInput>) -> error::Result<Option<Terms>> {
    let Some(InvoiceTermsInput { days, instalments }) = terms else {
        return Ok(super::invoice_acts::due(due_date, None)?.map(Into::into));
    };
    match (days, instalments) {
        (Some(days), None) => {
            let days = super::invoice_acts::TermsInput { days };
            Ok(super::invoice_acts::due(due_date, Some(days))?.map(Into::into))
        }
        (None, Some(instalments)) if due_date.is_none() => {
            let values = |(place, instalment): (usize, InstalmentInput)| {
                instalment.values().map_err(|error| error.within(&format!("terms.instalments.{place}")))
            };
            Ok(Some(Terms::Instalments(instalments.into_iter().enumerate().map(values).collect::<error::Result<_>>()?)))
        }
        _ => {
            let message = Text::fixed(
                "Give a due date, days or instalments, one of the three.",
                "მიუთითეთ გადახდის ვადა, დღეების რაოდენობა ან ნაწილები, ერთ-ერთი.",
            );
            Err(Error::invalid("terms", message))
        }
    }
}

/// The instalments of an invoice.
pub(super) struct InstalmentsOfInvoice;

impl Children for InstalmentsOfInvoice {
    type Entity = invoice_instalment::Entity;
    const PARENT: invoice_instalment::Column = invoice_instalment::Column::InvoiceId;
    const ORDER: Order<invoice_instalment::Column> =
        Order { column: invoice_instalment::Column::Position, direction: Direction::Asc };
}

/// A part of an invoice that is to be paid on a day of its own.
#[derive(SimpleObject)]
pub(crate) struct InvoiceInstalment {
    /// When it is to be paid.
    due_date: Date,
    /// How much.
    amount: Money,
    /// What is to be paid of it still: what is paid counts against the earliest first. Nothing of a draft, or once it's void.
    due: Money,
    /// Whether something of it is to be paid still, and should have been.
    overdue: bool,
}

impl InvoiceInstalment {
    /// Those of an invoice, the first due first.
    pub(super) async fn of(
        ctx: &Context<'_>,
        invoice: &invoice::Model,
        is_open: bool,
        today: NaiveDate,
    ) -> Result<Vec<Self>> {
        let rows = ctx.all_of::<InstalmentsOfInvoice>(invoice.id.0).await?;
        let amounts: Vec<i64> = rows.iter().map(|row| row.amount_minor).collect();
        let open = open_of(&amounts, if is_open { invoice.paid_minor } else { i64::MAX });
        let instalment = |(row, open): (invoice_instalment::Model, i64)| Self {
            due_date: Date(row.due_date),
            amount: Money::new(row.amount_minor, &invoice.currency),
            due: Money::new(open, &invoice.currency),
            overdue: open > 0 && row.due_date < today,
        };
        Ok(rows.into_iter().zip(open).map(instalment).collect())
    }

    /// Whether one of them should have been paid.
    pub(super) async fn any_overdue(ctx: &Context<'_>, invoice: &invoice::Model, today: NaiveDate) -> Result<bool> {
        let due_before = |row: &invoice_instalment::Model| row.due_date < today;
        let rows = ctx.all_of::<InstalmentsOfInvoice>(invoice.id.0).await?;
        let due: i64 = rows.iter().filter(|row| due_before(row)).map(|row| row.amount_minor).sum();
        Ok(due > invoice.paid_minor)
    }
}

/// Invoices of which all or an instalment is to be paid on some days.
pub(super) fn is_due(scope: &TenantScope, days: DateFilter) -> Condition {
    use invoice_instalment::Column as I;
    let instalments = scope
        .find::<invoice_instalment::Entity>()
        .filter(days.clone().condition(I::DueDate))
        .select_only()
        .column(I::InvoiceId)
        .into_query();
    Condition::any().add(days.condition(invoice::Column::DueDate)).add(invoice::Column::Id.in_subquery(instalments))
}

/// Invoices that should have been paid wholly or in part, as far as days tell it.
pub(super) fn is_late(scope: &TenantScope, today: NaiveDate) -> Condition {
    use invoice_instalment::Column as I;
    let due = scope
        .find::<invoice_instalment::Entity>()
        .filter(I::InvoiceId.into_expr().eq(invoice::Column::Id.into_expr()))
        .filter(I::DueDate.lt(today))
        .select_only()
        .expr(Func::coalesce([Expr::expr(Func::sum(I::AmountMinor.into_expr())), Expr::val(0)]))
        .into_query();
    Condition::any()
        .add(invoice::Column::DueDate.lt(today))
        .add(invoice::Column::PaidMinor.into_expr().lt(Expr::SubQuery(None, Box::new(due.into()))))
}
