//! The accounts that settling posts on.

use kamara_entities::{AccountId, AccountRole, SubLedger};

use crate::{
    error::Result,
    ledger::{Accounts, Dimensions, LineDraft},
    money,
    tenancy::TenantScope,
};

/// The accounts that settling posts on. An account whose role nobody has is missed only by the entry that needs it.
#[derive(Clone, Debug)]
pub(super) struct Controls {
    pub(super) receivable: Result<AccountId>,
    pub(super) payable: Result<AccountId>,
    pub(super) employee: Result<AccountId>,
    pub(super) customer_advance: Result<AccountId>,
    pub(super) supplier_advance: Result<AccountId>,
    pub(super) output_tax: Result<AccountId>,
    pub(super) input_tax: Result<AccountId>,
    pub(super) withholding_tax: Result<AccountId>,
    pub(super) exchange_difference: Result<AccountId>,
    pub(super) base_currency: String,
}

impl Controls {
    /// Those of a scope's tenant.
    pub(super) fn new(scope: &TenantScope, accounts: &Accounts) -> Self {
        let role = |role| accounts.role(role).map(|account| account.id);
        Self {
            receivable: role(AccountRole::Receivable),
            payable: role(AccountRole::Payable),
            employee: role(AccountRole::EmployeePayable),
            customer_advance: role(AccountRole::CustomerAdvance),
            supplier_advance: role(AccountRole::SupplierAdvance),
            output_tax: role(AccountRole::OutputTax),
            input_tax: role(AccountRole::InputTax),
            withholding_tax: role(AccountRole::WithholdingTax),
            exchange_difference: role(AccountRole::ExchangeDifference),
            base_currency: scope.base_currency().to_owned(),
        }
    }

    /// The control account of a sub-ledger.
    pub(super) fn control(&self, sub_ledger: SubLedger) -> Result<AccountId> {
        match sub_ledger {
            SubLedger::Receivable => self.receivable.clone(),
            SubLedger::Payable => self.payable.clone(),
            SubLedger::Employee => self.employee.clone(),
        }
    }

    /// Adds the line of the difference of rates that makes the lines balance, if there is one.
    pub(super) fn balanced(&self, mut lines: Vec<LineDraft>, dimensions: Dimensions) -> Result<Vec<LineDraft>> {
        let difference = money::sum("amount", lines.iter().map(|line| line.base_minor))?;
        if difference != 0 {
            let line = LineDraft::in_base(self.exchange_difference.clone()?, -difference, &self.base_currency);
            lines.push(LineDraft { dimensions, ..line });
        }
        Ok(lines)
    }
}
