//! What bills post.

use kamara_entities::{AccountId, BillId, BillKind, BillLineId, SourceKind, bill, bill_line};

use super::{Books, TaxOf};
use crate::{
    error::Result,
    finance::service::{
        batch::Departments,
        tax::{Amounts, Side},
    },
    ledger::{Dimensions, EntryDraft, LineDraft},
    money,
};

impl Books {
    /// What a bill posts on its day, and its total in the base currency: the costs, line by line, and the tax that comes back,
    /// are owed to the supplier. What doesn't come back follows its line. A credit note posts the same with the opposite sign.
    pub(in crate::finance::service) fn bill(
        &self,
        (id, bill): (BillId, &bill::New),
        lines: &[(BillLineId, bill_line::New)],
        amounts: &Amounts,
        departments: &Departments,
    ) -> Result<(EntryDraft, i64)> {
        let mut drafts = Vec::with_capacity(lines.len() + 2);
        for ((line_id, line), of_line) in lines.iter().zip(&amounts.lines) {
            let described = |draft| LineDraft {
                description: Some(line.description.clone()),
                shares: self.shares.get(&line_id.0).cloned().unwrap_or_default(),
                dimensions: dimensions(bill, line, departments),
                ..draft
            };
            drafts.push(described(self.of_bill(bill, line.account_id, of_line.net)?));
            for tax in of_line.taxes.iter().filter(|tax| tax.irrecoverable() != 0) {
                let cost = described(self.of_bill(bill, line.account_id, tax.irrecoverable())?);
                drafts.push(LineDraft { tax_code_id: Some(tax.code), ..cost });
            }
        }
        drafts.retain(|draft| draft.amount_minor != 0);
        let of = TaxOf {
            side: Side::Purchase,
            company_id: Some(bill.company_id),
            currency: &bill.currency,
            rate: bill.rate,
        };
        drafts.extend(self.taxes(of, &amounts.taxes)?);
        let base_total = money::sum("rate", drafts.iter().map(|draft| draft.base_minor))?;
        let owed = LineDraft::new(self.payable.clone()?, -bill.total_minor, &bill.currency, bill.rate, -base_total);
        drafts.push(LineDraft {
            party_id: Some(bill.company_id),
            item_id: Some(id.0),
            dimensions: Dimensions { department_id: bill.department_id, ..Dimensions::default() },
            ..owed
        });
        if bill.kind == BillKind::CreditNote {
            drafts = drafts.into_iter().map(LineDraft::negated).collect();
        }
        let entry = EntryDraft::new(bill.date, self.description_of(bill), SourceKind::Bill, Some(id.0), drafts);
        Ok((EntryDraft { service_date: Some(bill.date), ..entry }, base_total))
    }

    /// An amount in the bill's currency, at the bill's rate; debit positive.
    fn of_bill(&self, bill: &bill::New, account: AccountId, amount: i64) -> Result<LineDraft> {
        let base = money::convert("rate", amount, &bill.currency, &self.base_currency, bill.rate)?;
        Ok(LineDraft::new(account, amount, &bill.currency, bill.rate, base))
    }

    /// What the entry of a bill says it is.
    pub(in crate::finance::service) fn description_of(&self, bill: &bill::New) -> String {
        let number = bill.number.as_deref().unwrap_or_default();
        let of_supplier = bill.supplier_number.as_ref().map_or_else(String::new, |number| format!(" ({number})"));
        let what = match bill.kind {
            BillKind::Bill => self.in_language("Bill", "მომწოდებლის ინვოისი"),
            BillKind::CreditNote => self.in_language("Supplier's credit note", "მომწოდებლის კრედიტ-ნოტა"),
        };
        format!("{what} {number}{of_supplier}")
    }
}

fn dimensions(bill: &bill::New, line: &bill_line::New, departments: &Departments) -> Dimensions {
    let of_project = || line.project_id.and_then(|project| departments.get(&project).copied().flatten());
    Dimensions {
        company_id: line.client_id,
        project_id: line.project_id,
        department_id: line.department_id.or(bill.department_id).or_else(of_project),
        cost_centre_id: line.cost_centre_id,
        service_id: line.service_id,
        ..Dimensions::default()
    }
}

#[cfg(test)]
mod tests {
    use kamara_entities::{BillStatus, MICRO, TaxKind, TaxRounding};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{
        super::{
            super::{
                bill_values::Lines,
                tax::{self, Tax},
            },
            tests::{COST, INPUT_TAX, OUTPUT_TAX, PAYABLE, books, id, on},
        },
        *,
    };

    const CODE: u128 = 5;

    fn tax(kind: TaxKind, recoverable_bp: i32) -> Tax {
        let (inclusive, rounding) = (false, TaxRounding::Line);
        Tax { code: id(CODE), kind, inclusive, rate_bp: 1_800, recoverable_bp, rounding }
    }

    /// A bill of lines of these net amounts, each with a tax.
    fn bill_of(nets: &[i64], tax: Tax, currency: &str, rate: i64) -> (bill::New, Lines, Amounts) {
        let line =
            |net: &i64| tax::Line { quantity: MICRO, unit_price: net * 10_000, discount_bp: 0, taxes: vec![tax] };
        let lines = nets.iter().map(line).collect();
        let amounts = tax::amounts(&tax::Document { currency, side: Side::Purchase, discount_bp: 0, lines }).unwrap();
        let lines: Lines = nets
            .iter()
            .zip(1..)
            .map(|(net, position)| {
                (
                    id(110),
                    bill_line::New {
                        bill_id: id(100),
                        position,
                        description: "Work".into(),
                        quantity: MICRO,
                        unit_price: net * 10_000,
                        net_minor: *net,
                        tax_minor: 0,
                        tax_code_id: Some(id(CODE)),
                        tax_rate_bp: 1_800,
                        account_id: id(COST),
                        service_id: None,
                        client_id: Some(id(50)),
                        cost_centre_id: Some(id(51)),
                        department_id: None,
                        project_id: Some(id(52)),
                    },
                )
            })
            .collect();
        let (net_minor, tax_minor) = (amounts.net, amounts.tax);
        let bill = bill::New {
            kind: BillKind::Bill,
            credits_id: None,
            number: Some("BILL-000001".into()),
            supplier_number: Some("77".into()),
            supplier_key: Some("77".into()),
            status: BillStatus::Draft,
            company_id: id(40),
            date: "2026-01-31".parse().unwrap(),
            due_date: "2026-03-02".parse().unwrap(),
            currency: currency.into(),
            rate,
            net_minor,
            tax_minor,
            total_minor: net_minor + tax_minor,
            paid_minor: 0,
            base_total_minor: 0,
            base_paid_minor: 0,
            department_id: None,
            note: None,
            einvoice_number: None,
            einvoice_status: None,
            source: None,
            external_id: None,
        };
        (bill, lines, amounts)
    }

    fn posted(bill: &bill::New, lines: &Lines, amounts: &Amounts) -> (EntryDraft, i64) {
        let departments = Departments::from([(id(52), Some(id(60)))]);
        books("GEL").bill((id(100), bill), lines, amounts, &departments).unwrap()
    }

    #[test]
    fn tax_that_comes_back_is_no_cost() {
        let (bill, lines, amounts) = bill_of(&[10_000, 5_000], tax(TaxKind::Standard, 10_000), "GEL", MICRO);
        let (entry, total) = posted(&bill, &lines, &amounts);
        entry.check().unwrap();
        assert_eq!((on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, PAYABLE)), (15_000, 2_700, -17_700));
        assert_eq!(total, 17_700);
        let owed = entry.lines.iter().find(|line| line.account_id == id(PAYABLE)).unwrap();
        assert_eq!((owed.party_id, owed.item_id), (Some(id(40)), Some(Uuid::from_u128(100))));
        let tax = entry.lines.iter().find(|line| line.account_id == id(INPUT_TAX)).unwrap();
        assert_eq!((tax.tax_code_id, tax.tax_base_minor), (Some(id(CODE)), Some(15_000)));
        assert_eq!(entry.service_date, Some(bill.date));
        assert_eq!(entry.description, "Bill BILL-000001 (77)");
    }

    #[test]
    fn what_does_not_come_back_follows_its_line() {
        let (bill, lines, amounts) = bill_of(&[10_000], tax(TaxKind::Standard, 2_500), "GEL", MICRO);
        let (entry, _) = posted(&bill, &lines, &amounts);
        assert_eq!((on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, PAYABLE)), (11_350, 450, -11_800));
        let costs: Vec<&LineDraft> = entry.lines.iter().filter(|line| line.account_id == id(COST)).collect();
        assert_eq!(costs.len(), 2);
        assert_eq!(costs[0].dimensions, costs[1].dimensions);
        assert_eq!(costs[1].dimensions.department_id, Some(id(60)), "the project's");
        assert_eq!(costs[1].dimensions.company_id, Some(id(50)));
    }

    #[test]
    fn with_reverse_charge_the_state_is_owed_instead_of_the_supplier() {
        let (bill, lines, amounts) = bill_of(&[10_000], tax(TaxKind::ReverseCharge, 10_000), "GEL", MICRO);
        let (entry, total) = posted(&bill, &lines, &amounts);
        entry.check().unwrap();
        assert_eq!(total, 10_000);
        assert_eq!(
            (on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, OUTPUT_TAX), on(&entry, PAYABLE)),
            (10_000, 1_800, -1_800, -10_000)
        );
        let (bill, lines, amounts) = bill_of(&[10_000], tax(TaxKind::ReverseCharge, 5_000), "GEL", MICRO);
        let (entry, _) = posted(&bill, &lines, &amounts);
        assert_eq!(
            (on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, OUTPUT_TAX), on(&entry, PAYABLE)),
            (10_900, 900, -1_800, -10_000)
        );
    }

    proptest! {
        #[test]
        fn whatever_is_billed_balances_and_its_credit_note_takes_it_back(
            nets in prop::collection::vec(0..1_000_000_000_i64, 1..8),
            recoverable in 0..=10_000_i32,
            kind in prop::sample::select(vec![TaxKind::Standard, TaxKind::ReverseCharge, TaxKind::Exempt]),
            rate in 1..100 * MICRO,
        ) {
            prop_assume!(nets.iter().sum::<i64>() > 0);
            let (bill, lines, amounts) = bill_of(&nets, tax(kind, recoverable), "USD", rate);
            let (entry, total) = posted(&bill, &lines, &amounts);
            let balance: i64 = entry.lines.iter().map(|line| line.base_minor).sum();
            let in_currency: i64 = entry.lines.iter().map(|line| line.amount_minor).sum();
            prop_assert_eq!((balance, in_currency), (0, 0));
            prop_assert_eq!(on(&entry, PAYABLE), -total);
            let credit = bill::New { kind: BillKind::CreditNote, ..bill };
            let (back, again) = posted(&credit, &lines, &amounts);
            prop_assert_eq!(again, total);
            for account in [PAYABLE, INPUT_TAX, OUTPUT_TAX, COST] {
                prop_assert_eq!(on(&entry, account), -on(&back, account));
            }
        }
    }
}
