//! Deferred and unbilled revenue, as the API shows it.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_entities::{InvoiceId, company, invoice, journal_line};

use super::{Scope, amount};
use crate::{
    companies::schema::Company,
    finance::{
        schema::Invoice,
        service::recognition::{self as rules, Waiting, WaitingAccounts},
    },
    graphql::{Can, Date, Dec, Listed, Loading, Paging, complexity, list, request},
    identity::Permission,
    ledger::schema::{JournalLine, JournalLineOrder},
};

/// What waits to be earned or billed at the end of a day.
#[derive(SimpleObject)]
pub(crate) struct DeferredRevenueReport {
    /// The currency of all amounts.
    currency: String,
    /// The day.
    at: Date,
    /// Invoice by invoice, the largest first; last what was posted by hand, if there is such.
    rows: Vec<DeferredRevenueRow>,
    /// What is billed and not earned.
    deferred: Dec,
    /// What is earned and not billed.
    unbilled: Dec,
    /// Whether all that the accounts have is an invoice's.
    tied: bool,
}

/// What waits of an invoice.
pub(crate) struct DeferredRevenueRow {
    invoice_id: Option<InvoiceId>,
    waiting: Waiting,
    until: Option<NaiveDate>,
    at: NaiveDate,
    currency: String,
}

#[Object]
impl DeferredRevenueRow {
    /// The invoice, the credit note, or the draft; none for what was posted by hand.
    #[graphql(guard = "Can(Permission::InvoicesRead)")]
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>> {
        Ok(ctx.row_if_any::<invoice::Entity>(self.invoice_id).await?.map(Invoice))
    }

    /// The client.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        let Some(invoice) = ctx.row_if_any::<invoice::Entity>(self.invoice_id).await? else { return Ok(None) };
        Ok(Some(Company(ctx.row::<company::Entity>(invoice.company_id).await?)))
    }

    /// What is billed and not earned; negative of a credit note.
    async fn deferred(&self) -> Dec {
        amount(self.waiting.deferred, &self.currency)
    }

    /// What is earned and not billed.
    async fn unbilled(&self) -> Dec {
        amount(self.waiting.unbilled, &self.currency)
    }

    /// The last day of its service.
    async fn until(&self) -> Option<Date> {
        self.until.map(Date)
    }

    /// The lines of the ledger that make it.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn lines(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<JournalLine>> {
        let scope = request(ctx).read().await?;
        let condition = WaitingAccounts::load(&scope).await?.lines(&scope, self.invoice_id, self.at);
        let order = JournalLineOrder::or_default(None);
        list::<journal_line::Entity, _>(ctx, Paging { first, after }, condition, order).await
    }
}

/// Asks the ledger.
pub(super) async fn report(scope: &Scope, at: NaiveDate) -> Result<DeferredRevenueReport> {
    let standing = rules::standing(scope, at).await?;
    let currency = scope.base_currency().to_owned();
    let row =
        |invoice_id, waiting, until| DeferredRevenueRow { invoice_id, waiting, until, at, currency: currency.clone() };
    let mut rows: Vec<DeferredRevenueRow> =
        standing.documents.iter().map(|of| row(Some(of.invoice_id), of.waiting, of.until)).collect();
    let by_hand = Waiting {
        deferred: standing.balance.deferred - standing.total.deferred,
        unbilled: standing.balance.unbilled - standing.total.unbilled,
    };
    let tied = by_hand == Waiting::default();
    if !tied {
        rows.push(row(None, by_hand, None));
    }
    Ok(DeferredRevenueReport {
        at: Date(at),
        rows,
        deferred: amount(standing.balance.deferred, &currency),
        unbilled: amount(standing.balance.unbilled, &currency),
        tied,
        currency,
    })
}
