//! What can be done to payments.

use async_graphql::{Context, InputObject, Object, Result};
use kamara_entities::{AccountId, BankAccountId, CompanyId, EmployeeId, PaymentId, TaxCodeId};

use super::{
    allocation::{self, AllocationInput},
    payment::Payment,
};
use crate::{
    error::{self, Error, Text},
    finance::service::{
        payment::{self as rules, Advance, NewPayment, Party},
        withholding::NewWithholding,
    },
    graphql::{
        Can, Date, Dec, Id,
        enums::{PaymentDirection, SubLedger},
        request,
    },
    identity::Permission,
};

/// What is said of an advance.
#[derive(InputObject)]
pub(crate) struct AdvanceInput {
    /// The tax that is in it.
    tax_code_id: Option<Id<TaxCodeId>>,
}

/// Tax that is kept back from what a supplier is paid.
#[derive(InputObject)]
pub(crate) struct WithholdingInput {
    /// The tax: one that is withheld from suppliers.
    tax_code_id: Id<TaxCodeId>,
    /// How much, in the payment's currency; by the code's rate on the payment's day unless said.
    amount: Option<Dec>,
    /// What it's reckoned on, in the payment's currency: unless said, the part before taxes of the bills that the payment settles.
    /// Needed where it settles none yet.
    base: Option<Dec>,
}

impl From<WithholdingInput> for NewWithholding {
    fn from(input: WithholdingInput) -> Self {
        Self {
            tax_code_id: input.tax_code_id.0,
            amount: input.amount.map(|amount| amount.0),
            base: input.base.map(|base| base.0),
        }
    }
}

/// A new payment: from or to a company, or to an employee.
#[derive(InputObject)]
pub(crate) struct RecordPaymentInput {
    /// Which way the money went.
    #[graphql(default_with = "PaymentDirection::In")]
    direction: PaymentDirection,
    /// Whose open items it settles: unless said, what clients owe where money came in, and what suppliers or an employee are owed
    /// where it was paid.
    sub_ledger: Option<SubLedger>,
    /// From which company, or to which.
    company_id: Option<Id<CompanyId>>,
    /// To which employee.
    employee_id: Option<Id<EmployeeId>>,
    /// When; today, or the first open day after it, unless said.
    date: Option<Date>,
    /// How much is settled by it; what is withheld of it doesn't leave the account.
    amount: Dec,
    /// Currency of the amount; that of the books unless said.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books; needed where they differ.
    rate: Option<Dec>,
    /// Into or out of which bank account.
    bank_account_id: Option<Id<BankAccountId>>,
    /// Into or out of which account of role "bank" or "cash", where no bank account is named; the bank's unless said.
    account_id: Option<Id<AccountId>>,
    /// What the bank's statement says.
    reference: Option<String>,
    /// Said where it's paid before there is an invoice or a bill: it's a liability, or a claim, until one uses it up.
    advance: Option<AdvanceInput>,
    /// Tax that is kept back of it, where a supplier is paid.
    withholding: Option<WithholdingInput>,
    /// Which part settles what; the rest stays to the party's credit.
    #[graphql(default)]
    allocations: Vec<AllocationInput>,
}

impl RecordPaymentInput {
    fn party(&self) -> error::Result<Party> {
        match (self.company_id, self.employee_id) {
            (Some(id), None) => Ok(Party::Company(id.0)),
            (None, Some(id)) => Ok(Party::Employee(id.0)),
            _ => {
                let message = Text::fixed(
                    "Say a company or an employee, one of the two.",
                    "მიუთითეთ კომპანია ან თანამშრომელი, ერთ-ერთი.",
                );
                Err(Error::invalid("companyId", message))
            }
        }
    }

    fn values(self) -> error::Result<NewPayment> {
        let party = self.party()?;
        Ok(NewPayment {
            direction: self.direction.into(),
            sub_ledger: self.sub_ledger.map(Into::into),
            party,
            date: self.date.map(|date| date.0),
            service_date: None,
            amount: self.amount.0,
            currency: self.currency,
            rate: self.rate.map(|rate| rate.0),
            account_id: self.account_id.map(|id| id.0),
            reference: self.reference,
            advance: self.advance.map(|advance| Advance { tax_code_id: advance.tax_code_id.map(|id| id.0) }),
            withholding: self.withholding.map(Into::into),
            allocations: allocation::values(self.allocations)?,
            external: None,
        })
    }
}

/// Which payment is taken back.
#[derive(InputObject)]
pub(crate) struct ReversePaymentInput {
    /// The payment.
    id: Id<PaymentId>,
    /// Date of the reversal; today unless said.
    date: Option<Date>,
}

payloads! {
    RecordPaymentPayload { payment: Payment },
    ReversePaymentPayload { payment: Payment },
}

/// Recording payments.
#[derive(Default)]
pub(crate) struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Records a payment, which is posted at once.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn record_payment(&self, ctx: &Context<'_>, input: RecordPaymentInput) -> Result<RecordPaymentPayload> {
        let bank_account = input.bank_account_id.map(|id| id.0);
        let new = input.values()?;
        let scope = request(ctx).write().await?;
        let payment = rules::record_at_bank(&scope, bank_account, new).await?;
        request(ctx).commit(scope).await?;
        Ok(payment.into())
    }

    /// Takes a payment back: its entry is reversed, and what it settled is due again.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_payment(&self, ctx: &Context<'_>, input: ReversePaymentInput) -> Result<ReversePaymentPayload> {
        let scope = request(ctx).write().await?;
        let payment = rules::reverse(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(payment.into())
    }
}
