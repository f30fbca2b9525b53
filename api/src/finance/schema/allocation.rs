//! What settles what, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result};
use kamara_entities::{
    BillId, ExpenseId, InvoiceId, PaymentAllocationId, PaymentId, bill, expense, invoice, payment, payment_allocation,
    write_off,
};

use super::{Invoice, bill::Bill, expense::Expense, payment::Payment, write_off::WriteOff};
use crate::{
    error::{self, Error, Text},
    finance::service::{
        payment::{Document, NewAllocation},
        settlement,
    },
    graphql::{Can, Date, Dec, Id, Loading, Money, request},
    identity::Permission,
};

/// A part of a payment, a credit note or a write-off that settles a document.
#[derive(Clone, Debug)]
pub(crate) struct PaymentAllocation(pub(crate) payment_allocation::Model);

/// Those of some allocations that nothing took back, in their order.
pub(crate) fn active(rows: Vec<payment_allocation::Model>) -> Vec<PaymentAllocation> {
    settlement::without_undone(rows).into_iter().map(PaymentAllocation).collect()
}

impl PaymentAllocation {
    /// The currency of what is settled.
    async fn currency(&self, ctx: &Context<'_>) -> Result<String> {
        let row = &self.0;
        if let Some(id) = row.invoice_id {
            return Ok(ctx.row::<invoice::Entity>(id).await?.currency);
        }
        if let Some(id) = row.bill_id {
            return Ok(ctx.row::<bill::Entity>(id).await?.currency);
        }
        if let Some(id) = row.expense_id {
            return Ok(ctx.row::<expense::Entity>(id).await?.currency);
        }
        match row.refunded_id {
            Some(id) => Ok(ctx.row::<payment::Entity>(id).await?.currency),
            None => Err(Error::internal("an allocation to nothing").into()),
        }
    }

    /// The currency of what settles.
    async fn source_currency(&self, ctx: &Context<'_>) -> Result<String> {
        let row = &self.0;
        if let Some(id) = row.payment_id {
            return Ok(ctx.row::<payment::Entity>(id).await?.currency);
        }
        if let Some(id) = row.credit_note_id {
            return Ok(ctx.row::<invoice::Entity>(id).await?.currency);
        }
        match row.supplier_credit_id {
            Some(id) => Ok(ctx.row::<bill::Entity>(id).await?.currency),
            None => self.currency(ctx).await,
        }
    }
}

#[Object]
impl PaymentAllocation {
    /// Id.
    async fn id(&self) -> Id<PaymentAllocationId> {
        Id(self.0.id)
    }

    /// Since when it settles.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// The payment that settles.
    async fn payment(&self, ctx: &Context<'_>) -> Result<Option<Payment>> {
        Ok(ctx.row_if_any::<payment::Entity>(self.0.payment_id).await?.map(Payment))
    }

    /// The credit note that settles.
    async fn credit_note(&self, ctx: &Context<'_>) -> Result<Option<Invoice>> {
        Ok(ctx.row_if_any::<invoice::Entity>(self.0.credit_note_id).await?.map(Invoice))
    }

    /// The supplier's credit note that settles.
    async fn supplier_credit(&self, ctx: &Context<'_>) -> Result<Option<Bill>> {
        Ok(ctx.row_if_any::<bill::Entity>(self.0.supplier_credit_id).await?.map(Bill))
    }

    /// The write-off that settles.
    async fn write_off(&self, ctx: &Context<'_>) -> Result<Option<WriteOff>> {
        Ok(ctx.row_if_any::<write_off::Entity>(self.0.write_off_id).await?.map(WriteOff))
    }

    /// The invoice that is settled, or the credit note that is paid back.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>> {
        Ok(ctx.row_if_any::<invoice::Entity>(self.0.invoice_id).await?.map(Invoice))
    }

    /// The bill that is settled, or the supplier's credit note that is paid back.
    async fn bill(&self, ctx: &Context<'_>) -> Result<Option<Bill>> {
        Ok(ctx.row_if_any::<bill::Entity>(self.0.bill_id).await?.map(Bill))
    }

    /// The expense that is reimbursed.
    async fn expense(&self, ctx: &Context<'_>) -> Result<Option<Expense>> {
        Ok(ctx.row_if_any::<expense::Entity>(self.0.expense_id).await?.map(Expense))
    }

    /// The payment whose rest is paid back.
    async fn refunded_payment(&self, ctx: &Context<'_>) -> Result<Option<Payment>> {
        Ok(ctx.row_if_any::<payment::Entity>(self.0.refunded_id).await?.map(Payment))
    }

    /// How much, in the currency of what is settled.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(Money::new(self.0.amount_minor, &self.currency(ctx).await?))
    }

    /// How much of what settles, in its own currency.
    async fn paid_amount(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(Money::new(self.0.source_minor, &self.source_currency(ctx).await?))
    }
}

/// A part that settles one document: an invoice, a bill, an expense, or the rest of a payment that is paid back.
#[derive(InputObject)]
pub(crate) struct AllocationInput {
    /// The invoice, or the credit note that is paid back.
    invoice_id: Option<Id<InvoiceId>>,
    /// The bill.
    bill_id: Option<Id<BillId>>,
    /// The expense that is reimbursed.
    expense_id: Option<Id<ExpenseId>>,
    /// The payment whose rest is paid back.
    payment_id: Option<Id<PaymentId>>,
    /// How much, in the document's currency.
    amount: Dec,
    /// How much of what settles, where that is in another currency.
    paid_amount: Option<Dec>,
}

/// The parts that are given, each of which names one document.
pub(super) fn values(inputs: Vec<AllocationInput>) -> error::Result<Vec<NewAllocation>> {
    let value = |(place, input): (usize, AllocationInput)| {
        let named = [
            input.invoice_id.map(|id| Document::Invoice(id.0)),
            input.bill_id.map(|id| Document::Bill(id.0)),
            input.expense_id.map(|id| Document::Expense(id.0)),
            input.payment_id.map(|id| Document::Payment(id.0)),
        ];
        let mut named = named.into_iter().flatten();
        let (Some(document), None) = (named.next(), named.next()) else {
            let message = Text::fixed(
                "Name one document: an invoice, a bill, an expense or a payment.",
                "მიუთითეთ ერთი დოკუმენტი: ინვოისი, მომწოდებლის ინვოისი, ხარჯი ან გადახდა.",
            );
            return Err(Error::invalid(format!("allocations.{place}.invoiceId"), message));
        };
        let paid_amount = input.paid_amount.map(|amount| amount.0);
        Ok(NewAllocation { document, amount: input.amount.0, paid_amount })
    };
    inputs.into_iter().enumerate().map(value).collect()
}

/// What is settled with the rest of a payment.
#[derive(InputObject)]
pub(crate) struct AllocatePaymentInput {
    /// The payment.
    id: Id<PaymentId>,
    /// Since when; today unless said.
    date: Option<Date>,
    /// Which part settles what.
    allocations: Vec<AllocationInput>,
}

/// What is settled with a credit note.
#[derive(InputObject)]
pub(crate) struct ApplyCreditNoteInput {
    /// The credit note.
    id: Id<InvoiceId>,
    /// Since when; today unless said.
    date: Option<Date>,
    /// Which part settles what.
    allocations: Vec<AllocationInput>,
}

/// Which allocation is undone.
#[derive(InputObject)]
pub(crate) struct UndoAllocationInput {
    /// The allocation.
    id: Id<PaymentAllocationId>,
    /// Since when it settles no more; today unless said.
    date: Option<Date>,
}

impl From<payment_allocation::Model> for PaymentAllocation {
    fn from(row: payment_allocation::Model) -> Self {
        Self(row)
    }
}

payloads! {
    AllocatePaymentPayload { payment: Payment },
    ApplyCreditNotePayload { credit_note: Invoice },
    UndoAllocationPayload { allocation: PaymentAllocation },
}

/// Settling.
#[derive(Default)]
pub(crate) struct AllocationMutation;

#[Object]
impl AllocationMutation {
    /// Settles documents with what is left of a payment.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn allocate_payment(&self, ctx: &Context<'_>, input: AllocatePaymentInput) -> Result<AllocatePaymentPayload> {
        let given = values(input.allocations)?;
        let scope = request(ctx).write().await?;
        settlement::allocate(&scope, Document::Payment(input.id.0), input.date.map(|date| date.0), given).await?;
        let payment = scope.require::<payment::Entity>(input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(payment.into())
    }

    /// Settles invoices with what is left of a credit note.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn apply_credit_note(
        &self,
        ctx: &Context<'_>,
        input: ApplyCreditNoteInput,
    ) -> Result<ApplyCreditNotePayload> {
        let given = values(input.allocations)?;
        let scope = request(ctx).write().await?;
        settlement::allocate(&scope, Document::Invoice(input.id.0), input.date.map(|date| date.0), given).await?;
        let credit_note = scope.require::<invoice::Entity>(input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(credit_note.into())
    }

    /// Undoes an allocation by a dated counter-allocation: what was settled is open again, and so is what settled it. The answer
    /// is the counter-allocation.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn undo_allocation(&self, ctx: &Context<'_>, input: UndoAllocationInput) -> Result<UndoAllocationPayload> {
        let scope = request(ctx).write().await?;
        let row = settlement::undo(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
