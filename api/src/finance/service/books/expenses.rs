//! What expenses post.

use kamara_entities::{ExpenseId, SourceKind, expense};

use super::{Books, TaxOf};
use crate::{
    error::Result,
    finance::service::tax::{Side, TaxAmount},
    ledger::{Dimensions, EntryDraft, LineDraft},
    money,
};

impl Books {
    /// What an expense posts, and its amount in the base currency: the cost and the tax that comes back are paid, or owed to the
    /// employee who paid. Tax that doesn't come back is a part of the cost.
    pub(in crate::finance::service) fn expense(
        &self,
        id: ExpenseId,
        expense: &expense::New,
        tax: Option<TaxAmount>,
    ) -> Result<(EntryDraft, i64)> {
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
        let cost = |amount, base| LineDraft {
            dimensions: dimensions(expense),
            ..LineDraft::new(expense.account_id, amount, currency, rate, base)
        };
        let (mut net, mut net_base, mut lines) = (expense.amount_minor, base, Vec::new());
        if let Some(tax) = tax {
            if tax.irrecoverable() != 0 {
                let line = cost(tax.irrecoverable(), in_base(tax.irrecoverable())?);
                lines.push(LineDraft { tax_code_id: Some(tax.code), ..line });
            }
            lines.extend(
                self.taxes(TaxOf { side: Side::Purchase, company_id: expense.company_id, currency, rate }, &[tax])?,
            );
            net -= lines.iter().map(|line| line.amount_minor).sum::<i64>();
            net_base -= lines.iter().map(|line| line.base_minor).sum::<i64>();
        }
        lines.insert(0, cost(net, net_base));
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
    use kamara_entities::{ExpenseStatus, MICRO, TaxKind};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{
        super::{
            super::tax,
            tests::{BANK, COST, EMPLOYEES, INPUT_TAX, books, id, on},
        },
        *,
    };

    /// The tax in an amount, at a rate, of which a share comes back.
    fn tax_in(amount: i64, rate_bp: i32, recoverable_bp: i32) -> TaxAmount {
        let tax = tax::tax_within(amount, rate_bp);
        TaxAmount {
            code: id(42),
            kind: TaxKind::Standard,
            rate_bp,
            base: amount - tax,
            amount: tax,
            recoverable: tax::tax_on(tax, recoverable_bp),
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

    #[test]
    fn an_expense_without_its_tax_is_the_cost() {
        let (entry, base) = books("GEL")
            .expense(id(300), &expense_of(11_800, 1_800, "GEL", MICRO), Some(tax_in(11_800, 1_800, 10_000)))
            .unwrap();
        assert_eq!((on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, BANK)), (10_000, 1_800, -11_800));
        assert_eq!(base, 11_800);
        let tax = entry.lines.iter().find(|line| line.account_id == id(INPUT_TAX)).unwrap();
        assert_eq!((tax.tax_code_id, tax.tax_base_minor), (Some(id(42)), Some(10_000)));
    }

    #[test]
    fn tax_that_comes_back_in_part_is_on_the_whole_net_amount() {
        let expense = expense_of(11_800, 1_800, "GEL", MICRO);
        for (recoverable, claimed) in [(5_000, 900), (0, 0)] {
            let tax = tax_in(11_800, 1_800, recoverable);
            let (entry, _) = books("GEL").expense(id(300), &expense, Some(tax)).unwrap();
            assert_eq!((on(&entry, COST), on(&entry, INPUT_TAX)), (11_800 - claimed, claimed));
            let of_tax = entry.lines.iter().find(|line| line.account_id == id(INPUT_TAX)).unwrap();
            assert_eq!((of_tax.tax_code_id, of_tax.tax_base_minor), (Some(id(42)), Some(10_000)));
        }
    }

    #[test]
    fn what_an_employee_paid_is_owed_to_them() {
        let expense = expense::New { payment_account_id: None, ..expense_of(2_500, 0, "GEL", MICRO) };
        let (entry, _) = books("GEL").expense(id(300), &expense, None).unwrap();
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
            recoverable in prop::sample::select(vec![0, 1, 5_000, 9_999, 10_000]),
            currency in prop::sample::select(vec!["GEL", "JPY", "KWD"]),
            base in prop::sample::select(vec!["GEL", "JPY", "KWD"]),
            rate in 1..50_000_000_i64,
            by_employee in any::<bool>(),
        ) {
            let rate = if currency == base { MICRO } else { rate };
            let expense = expense_of(amount, tax_rate, currency, rate);
            let paid_from = expense.payment_account_id.filter(|_| !by_employee);
            let expense = expense::New { payment_account_id: paid_from, ..expense };
            let tax = tax_in(amount, tax_rate, recoverable);
            let (entry, total) = books(base).expense(id(300), &expense, Some(tax)).unwrap();
            prop_assert!(entry.check().is_ok());
            prop_assert_eq!(entry.lines.iter().map(|line| line.amount_minor).sum::<i64>(), 0);
            prop_assert!(on(&entry, COST) >= 0);
            prop_assert_eq!(on(&entry, if by_employee { EMPLOYEES } else { BANK }), -total);
        }
    }
}
