//! What expenses post: entries, built from rows alone.

use kamara_entities::{AccountId, AccountRole, ExpenseId, SourceKind, expense};

use crate::{
    error::Result,
    ledger::{Accounts, Dimensions, EntryDraft, LineDraft},
    money,
    tenancy::TenantScope,
};

/// What all expenses of a scope have in common. An account whose role nobody has is missed only by the expense that needs it.
#[derive(Clone, Debug)]
pub(super) struct ExpenseBooks {
    input_tax: Result<AccountId>,
    employee_payable: Result<AccountId>,
    base_currency: String,
}

impl ExpenseBooks {
    /// Those of a scope's tenant.
    pub(super) fn new(scope: &TenantScope, accounts: &Accounts) -> Self {
        let role = |role| accounts.role(role).map(|account| account.id);
        Self {
            input_tax: role(AccountRole::InputTax),
            employee_payable: role(AccountRole::EmployeePayable),
            base_currency: scope.base_currency().to_owned(),
        }
    }

    /// What an expense posts, and its amount in the base currency: the cost without the tax that comes back, and that tax, are
    /// paid, or owed to the employee who paid.
    pub(super) fn entry(&self, id: ExpenseId, expense: &expense::New) -> Result<(EntryDraft, i64)> {
        let (currency, rate) = (expense.currency.as_str(), expense.rate);
        let in_base = |amount| money::convert("amount", amount, currency, &self.base_currency, rate);
        let base = in_base(expense.amount_minor)?;
        let paid = |account| LineDraft::new(account, -expense.amount_minor, currency, rate, -base);
        let paid = match expense.payment_account_id {
            Some(account) => paid(account),
            None => LineDraft {
                item_id: Some(id.0),
                dimensions: Dimensions { employee_id: expense.employee_id, ..Dimensions::default() },
                ..paid(self.employee_payable.clone()?)
            },
        };
        let tax_base = in_base(expense.tax_minor)?;
        let net = expense.amount_minor - expense.tax_minor;
        let cost = LineDraft::new(expense.account_id, net, currency, rate, base - tax_base);
        let mut lines = vec![LineDraft { dimensions: dimensions(expense), ..cost }];
        if expense.tax_minor > 0 {
            let tax = LineDraft::new(self.input_tax.clone()?, expense.tax_minor, currency, rate, tax_base);
            lines.push(LineDraft {
                tax_code_id: expense.tax_code_id,
                tax_base_minor: Some(base - tax_base),
                dimensions: Dimensions { company_id: expense.company_id, ..Dimensions::default() },
                ..tax
            });
        }
        lines.push(paid);
        let entry = EntryDraft::new(expense.date, expense.description.clone(), SourceKind::Expense, Some(id.0), lines);
        Ok((entry, base))
    }
}

fn dimensions(expense: &expense::New) -> Dimensions {
    Dimensions {
        company_id: expense.company_id,
        project_id: expense.project_id,
        department_id: expense.department_id,
        cost_centre_id: expense.cost_centre_id,
        employee_id: expense.employee_id,
        seller_id: expense.seller_id,
        ..Dimensions::default()
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use kamara_entities::{ExpenseStatus, MICRO};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{super::tax, *};

    const INPUT_TAX: u128 = 1;
    const EMPLOYEES: u128 = 2;
    const BANK: u128 = 3;
    const COST: u128 = 4;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn books(base_currency: &str) -> ExpenseBooks {
        ExpenseBooks {
            input_tax: Ok(id(INPUT_TAX)),
            employee_payable: Ok(id(EMPLOYEES)),
            base_currency: base_currency.into(),
        }
    }

    fn expense_of(amount: i64, tax_rate: i32, currency: &str, rate: i64) -> expense::New {
        expense::New {
            date: NaiveDate::default(),
            amount_minor: amount,
            tax_minor: tax::tax_within(amount, tax_rate),
            currency: currency.into(),
            rate,
            description: "Freight".into(),
            category_id: None,
            account_id: id(COST),
            payment_account_id: Some(id(BANK)),
            supplier_id: None,
            company_id: Some(id(40)),
            seller_id: None,
            employee_id: Some(id(41)),
            project_id: None,
            department_id: None,
            cost_centre_id: None,
            tax_code_id: Some(id(42)),
            status: ExpenseStatus::Posted,
            return_reason: None,
            paid_minor: 0,
            base_total_minor: 0,
            base_paid_minor: 0,
            source: None,
            external_id: None,
        }
    }

    fn on(entry: &EntryDraft, account: u128) -> i64 {
        entry.lines.iter().filter(|line| line.account_id == id(account)).map(|line| line.base_minor).sum()
    }

    #[test]
    fn an_expense_without_its_tax_is_the_cost() {
        let (entry, base) = books("GEL").entry(id(300), &expense_of(11_800, 1_800, "GEL", MICRO)).unwrap();
        assert_eq!((on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, BANK)), (10_000, 1_800, -11_800));
        assert_eq!(base, 11_800);
        let tax = entry.lines.iter().find(|line| line.account_id == id(INPUT_TAX)).unwrap();
        assert_eq!((tax.tax_code_id, tax.tax_base_minor), (Some(id(42)), Some(10_000)));
    }

    #[test]
    fn what_an_employee_paid_is_owed_to_them() {
        let expense = expense::New { payment_account_id: None, ..expense_of(2_500, 0, "GEL", MICRO) };
        let (entry, _) = books("GEL").entry(id(300), &expense).unwrap();
        let owed = entry.lines.iter().find(|line| line.account_id == id(EMPLOYEES)).unwrap();
        assert_eq!((owed.base_minor, owed.item_id), (-2_500, Some(Uuid::from_u128(300))));
        assert_eq!(owed.dimensions.employee_id, Some(id(41)));
        assert_eq!(on(&entry, BANK), 0);
    }

    proptest! {
        #[test]
        fn an_expense_balances(
            amount in 1..100_000_000_000_i64,
            tax_rate in 0..=10_000_i32,
            currency in prop::sample::select(vec!["GEL", "JPY", "KWD"]),
            base in prop::sample::select(vec!["GEL", "JPY", "KWD"]),
            rate in 1..50_000_000_i64,
            by_employee in any::<bool>(),
        ) {
            let rate = if currency == base { MICRO } else { rate };
            let expense = expense_of(amount, tax_rate, currency, rate);
            let paid_from = expense.payment_account_id.filter(|_| !by_employee);
            let expense = expense::New { payment_account_id: paid_from, ..expense };
            let (entry, total) = books(base).entry(id(300), &expense).unwrap();
            prop_assert!(entry.check().is_ok());
            prop_assert_eq!(entry.lines.iter().map(|line| line.amount_minor).sum::<i64>(), 0);
            prop_assert!(on(&entry, COST) >= 0);
            prop_assert_eq!(on(&entry, if by_employee { EMPLOYEES } else { BANK }), -total);
        }
    }
}
