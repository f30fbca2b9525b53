//! What bills post: entries, built from rows alone.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, BillId, BillKind, DepartmentId, Language, ProjectId, SourceKind, TaxCodeId, TaxKind, bill,
    bill_line, tax_code,
};

use super::tax;
use crate::{
    error::Result,
    ledger::{Accounts, Dimensions, EntryDraft, LineDraft},
    money,
    tenancy::TenantScope,
};

/// What all bills of a scope have in common. An account whose role nobody has is missed only by the bill that needs it.
#[derive(Clone, Debug)]
pub(super) struct BillBooks {
    payable: Result<AccountId>,
    input_tax: Result<AccountId>,
    output_tax: Result<AccountId>,
    base_currency: String,
    language: Language,
}

/// What the tax of a line comes to, in the bill's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tax {
    /// Comes back from the state.
    recoverable: i64,
    /// Doesn't, and is a part of the cost.
    irrecoverable: i64,
    /// Is owed to the state instead of the supplier.
    reverse_charge: i64,
}

/// The tax of a line: the one place that knows how.
fn tax_of(line: &bill_line::New, code: Option<&tax_code::Model>) -> Tax {
    let Some(code) = code else { return Tax { irrecoverable: line.tax_minor, ..Tax::default() } };
    let reverse_charge =
        if code.kind == TaxKind::ReverseCharge { tax::tax_on(line.net_minor, line.tax_rate_bp) } else { 0 };
    let owed = line.tax_minor + reverse_charge;
    let recoverable = tax::tax_on(owed, code.recoverable_bp);
    Tax { recoverable, irrecoverable: owed - recoverable, reverse_charge }
}

/// Sums of one tax code, in the bill's currency and in the base currency.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    net_base: i64,
    recoverable: i64,
    reverse_charge: i64,
}

impl BillBooks {
    /// Those of a scope's tenant.
    pub(super) fn new(scope: &TenantScope, accounts: &Accounts) -> Self {
        let role = |role| accounts.role(role).map(|account| account.id);
        Self {
            payable: role(AccountRole::Payable),
            input_tax: role(AccountRole::InputTax),
            output_tax: role(AccountRole::OutputTax),
            base_currency: scope.base_currency().to_owned(),
            language: scope.tenant().language,
        }
    }

    /// What a bill posts on a day, and its total in the base currency: the costs, line by line, and the tax that comes back,
    /// are owed to the supplier. A credit note posts the same with the opposite sign.
    pub(super) fn entry(
        &self,
        (id, bill): (BillId, &bill::New),
        lines: &[bill_line::New],
        codes: &HashMap<TaxCodeId, tax_code::Model>,
        departments: &HashMap<ProjectId, Option<DepartmentId>>,
        date: NaiveDate,
    ) -> Result<(EntryDraft, i64)> {
        let mut drafts = Vec::with_capacity(lines.len() + 2);
        let mut taxes: BTreeMap<TaxCodeId, Sums> = BTreeMap::new();
        for line in lines {
            let code = line.tax_code_id.and_then(|code| codes.get(&code));
            let tax = tax_of(line, code);
            let dimensions = dimensions(bill, line, departments);
            let net = self.line(bill, line.account_id, line.net_minor)?;
            if let Some(code) = code {
                let sums = taxes.entry(code.id).or_default();
                sums.net_base += net.base_minor;
                sums.recoverable += tax.recoverable;
                sums.reverse_charge += tax.reverse_charge;
            }
            let described = |draft| LineDraft {
                description: Some(line.description.clone()),
                dimensions: dimensions.clone(),
                ..draft
            };
            drafts.push(described(net));
            if tax.irrecoverable != 0 {
                let cost = described(self.line(bill, line.account_id, tax.irrecoverable)?);
                drafts.push(LineDraft { tax_code_id: line.tax_code_id, ..cost });
            }
        }
        for (code, sums) in taxes {
            drafts.extend(self.taxes(bill, code, sums)?);
        }
        drafts.retain(|draft| draft.base_minor != 0 || draft.amount_minor != 0);
        let base_total = money::sum("rate", drafts.iter().map(|draft| draft.base_minor))?;
        let owed = LineDraft::new(self.payable.clone()?, -bill.total_minor, &bill.currency, bill.rate, -base_total);
        drafts.push(LineDraft {
            party_id: Some(bill.company_id),
            item_id: Some(id.0),
            dimensions: Dimensions { department_id: bill.department_id, ..Dimensions::default() },
            ..owed
        });
        if bill.kind == BillKind::CreditNote {
            drafts.iter_mut().for_each(negate);
        }
        let entry = EntryDraft::new(date, self.description(bill), SourceKind::Bill, Some(id.0), drafts);
        Ok((EntryDraft { service_date: Some(bill.date), ..entry }, base_total))
    }

    /// What a tax code posts: what comes back, and what is owed to the state instead of the supplier.
    fn taxes(&self, bill: &bill::New, code: TaxCodeId, sums: Sums) -> Result<Vec<LineDraft>> {
        let mut drafts = Vec::with_capacity(2);
        let of_code = |draft, base| LineDraft { tax_code_id: Some(code), tax_base_minor: Some(base), ..draft };
        if sums.recoverable != 0 {
            let recoverable = self.line(bill, self.input_tax.clone()?, sums.recoverable)?;
            drafts.push(of_code(recoverable, sums.net_base));
        }
        if sums.reverse_charge != 0 {
            let owed = self.line(bill, self.output_tax.clone()?, -sums.reverse_charge)?;
            drafts.push(of_code(owed, -sums.net_base));
        }
        Ok(drafts)
    }

    /// An amount in the bill's currency, at the bill's rate; debit positive.
    fn line(&self, bill: &bill::New, account: AccountId, amount: i64) -> Result<LineDraft> {
        let base = money::convert("rate", amount, &bill.currency, &self.base_currency, bill.rate)?;
        Ok(LineDraft::new(account, amount, &bill.currency, bill.rate, base))
    }

    fn description(&self, bill: &bill::New) -> String {
        let number = bill.number.as_deref().unwrap_or_default();
        let of_supplier = bill.supplier_number.as_ref().map_or_else(String::new, |number| format!(" ({number})"));
        let what = match (bill.kind, self.language) {
            (BillKind::Bill, Language::En) => "Bill",
            (BillKind::Bill, Language::Ka) => "მომწოდებლის ინვოისი",
            (BillKind::CreditNote, Language::En) => "Supplier's credit note",
            (BillKind::CreditNote, Language::Ka) => "მომწოდებლის საკრედიტო ნოტა",
        };
        format!("{what} {number}{of_supplier}")
    }
}

fn dimensions(
    bill: &bill::New,
    line: &bill_line::New,
    departments: &HashMap<ProjectId, Option<DepartmentId>>,
) -> Dimensions {
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

fn negate(draft: &mut LineDraft) {
    draft.amount_minor = -draft.amount_minor;
    draft.base_minor = -draft.base_minor;
    draft.tax_base_minor = draft.tax_base_minor.map(std::ops::Neg::neg);
}

#[cfg(test)]
mod tests {
    use kamara_entities::{BillStatus, MICRO};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const PAYABLE: u128 = 1;
    const INPUT_TAX: u128 = 2;
    const OUTPUT_TAX: u128 = 3;
    const COST: u128 = 4;
    const CODE: u128 = 5;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn books() -> BillBooks {
        BillBooks {
            payable: Ok(id(PAYABLE)),
            input_tax: Ok(id(INPUT_TAX)),
            output_tax: Ok(id(OUTPUT_TAX)),
            base_currency: "GEL".into(),
            language: Language::En,
        }
    }

    fn code(kind: TaxKind, recoverable_bp: i32) -> HashMap<TaxCodeId, tax_code::Model> {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        let code = tax_code::Model {
            tenant_id: id(9),
            id: id(CODE),
            code: "VAT".into(),
            name: "VAT".into(),
            rate_bp: 1_800,
            kind,
            inclusive: false,
            exempt_reason: None,
            recoverable_bp,
            rounding: None,
            created_at: at,
            created_by: None,
            updated_at: at,
            updated_by: None,
            version: 1,
            archived_at: None,
        };
        HashMap::from([(code.id, code)])
    }

    /// A bill of lines of these net tax, each with 18% of tax that is owed to the supplier, or none.
    fn bill_of(nets: &[i64], owed: bool, currency: &str, rate: i64) -> (bill::New, Vec<bill_line::New>) {
        let lines: Vec<bill_line::New> = nets
            .iter()
            .zip(1..)
            .map(|(net, position)| bill_line::New {
                bill_id: id(100),
                position,
                description: "Work".into(),
                quantity: MICRO,
                unit_price: net * 10_000,
                net_minor: *net,
                tax_minor: if owed { tax::tax_on(*net, 1_800) } else { 0 },
                tax_code_id: Some(id(CODE)),
                tax_rate_bp: 1_800,
                account_id: id(COST),
                service_id: None,
                client_id: Some(id(50)),
                cost_centre_id: Some(id(51)),
                department_id: None,
                project_id: Some(id(52)),
                period_start: None,
                period_end: None,
            })
            .collect();
        let net_minor = lines.iter().map(|line| line.net_minor).sum();
        let tax_minor = lines.iter().map(|line| line.tax_minor).sum();
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
            source: None,
            external_id: None,
        };
        (bill, lines)
    }

    fn posted(
        bill: &bill::New,
        lines: &[bill_line::New],
        codes: &HashMap<TaxCodeId, tax_code::Model>,
    ) -> (EntryDraft, i64) {
        let departments = HashMap::from([(id(52), Some(id(60)))]);
        books().entry((id(100), bill), lines, codes, &departments, "2026-02-01".parse().unwrap()).unwrap()
    }

    fn on(entry: &EntryDraft, account: u128) -> i64 {
        entry.lines.iter().filter(|line| line.account_id == id(account)).map(|line| line.base_minor).sum()
    }

    #[test]
    fn tax_that_comes_back_is_no_cost() {
        let (bill, lines) = bill_of(&[10_000, 5_000], true, "GEL", MICRO);
        let (entry, total) = posted(&bill, &lines, &code(TaxKind::Standard, 10_000));
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
        let (bill, lines) = bill_of(&[10_000], true, "GEL", MICRO);
        let (entry, _) = posted(&bill, &lines, &code(TaxKind::Standard, 2_500));
        assert_eq!((on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, PAYABLE)), (11_350, 450, -11_800));
        let costs: Vec<&LineDraft> = entry.lines.iter().filter(|line| line.account_id == id(COST)).collect();
        assert_eq!(costs.len(), 2);
        assert_eq!(costs[0].dimensions, costs[1].dimensions);
        assert_eq!(costs[1].dimensions.department_id, Some(id(60)), "the project's");
        assert_eq!(costs[1].dimensions.company_id, Some(id(50)));
    }

    #[test]
    fn with_reverse_charge_the_state_is_owed_instead_of_the_supplier() {
        let (bill, lines) = bill_of(&[10_000], false, "GEL", MICRO);
        let (entry, total) = posted(&bill, &lines, &code(TaxKind::ReverseCharge, 10_000));
        entry.check().unwrap();
        assert_eq!(total, 10_000);
        assert_eq!(
            (on(&entry, COST), on(&entry, INPUT_TAX), on(&entry, OUTPUT_TAX), on(&entry, PAYABLE)),
            (10_000, 1_800, -1_800, -10_000)
        );
        let (entry, _) = posted(&bill, &lines, &code(TaxKind::ReverseCharge, 5_000));
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
            let (bill, lines) = bill_of(&nets, kind == TaxKind::Standard, "USD", rate);
            let codes = code(kind, recoverable);
            let (entry, total) = posted(&bill, &lines, &codes);
            let balance: i64 = entry.lines.iter().map(|line| line.base_minor).sum();
            let amounts: i64 = entry.lines.iter().map(|line| line.amount_minor).sum();
            prop_assert_eq!((balance, amounts), (0, 0));
            prop_assert_eq!(on(&entry, PAYABLE), -total);
            let credit = bill::New { kind: BillKind::CreditNote, ..bill };
            let (back, again) = posted(&credit, &lines, &codes);
            prop_assert_eq!(again, total);
            for account in [PAYABLE, INPUT_TAX, OUTPUT_TAX, COST] {
                prop_assert_eq!(on(&entry, account), -on(&back, account));
            }
        }
    }
}
