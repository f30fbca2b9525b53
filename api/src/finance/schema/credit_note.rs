//! Credit notes, as the API makes them; they are shown as invoices are.

use async_graphql::{Context, InputObject, Object, Result};
use kamara_entities::{InvoiceId, InvoiceLineId};

use super::Invoice;
use crate::{
    finance::service::credit_note::{self as rules, CreditLine, NewCreditNote},
    graphql::{Can, Date, Dec, Id, request},
    identity::Permission,
};

/// What is credited of a line.
#[derive(InputObject)]
pub(crate) struct CreditLineInput {
    /// The line of the invoice.
    line_id: Id<InvoiceLineId>,
    /// How much of its net amount; all that isn't credited yet unless said.
    net: Option<Dec>,
    /// First day of the service that is credited, where the line is earned over days; all of the line's unless said.
    service_from: Option<Date>,
    /// Last day of it.
    service_to: Option<Date>,
}

/// A new draft of a credit note.
#[derive(InputObject)]
pub(crate) struct CreateCreditNoteInput {
    /// The invoice that is credited.
    invoice_id: Id<InvoiceId>,
    /// Date; today unless said.
    date: Option<Date>,
    /// Why.
    note: Option<String>,
    /// What of which lines; all that isn't credited yet unless said.
    lines: Option<Vec<CreditLineInput>>,
}

payloads! { CreateCreditNotePayload { credit_note: Invoice } }

/// Making credit notes.
#[derive(Default)]
pub(crate) struct CreditNoteMutation;

#[Object]
impl CreditNoteMutation {
    /// Makes the draft of a credit note, with the rate and the taxes of its invoice and never more than that billed. It's issued as
    /// an invoice is, and settles then what is due on the invoice still.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_credit_note(
        &self,
        ctx: &Context<'_>,
        input: CreateCreditNoteInput,
    ) -> Result<CreateCreditNotePayload> {
        let line = |line: CreditLineInput| CreditLine {
            line_id: line.line_id.0,
            net: line.net.map(|net| net.0),
            service_from: line.service_from.map(|date| date.0),
            service_to: line.service_to.map(|date| date.0),
        };
        let new = NewCreditNote {
            invoice_id: input.invoice_id.0,
            date: input.date.map(|date| date.0),
            note: input.note,
            lines: input.lines.map(|lines| lines.into_iter().map(line).collect()),
        };
        let scope = request(ctx).write().await?;
        let row = rules::create(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
