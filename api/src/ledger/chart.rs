//! The chart of accounts that every company begins with.

use kamara_entities::{AccountRole as Role, AccountType as Type, Language};

/// An account of the chart.
pub(super) struct Entry {
    pub(super) code: &'static str,
    en: &'static str,
    ka: &'static str,
    pub(super) account_type: Type,
    pub(super) role: Option<Role>,
}

impl Entry {
    /// The account's name.
    pub(super) const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ka => self.ka,
        }
    }
}

const fn entry(
    code: &'static str,
    en: &'static str,
    ka: &'static str,
    account_type: Type,
    role: Option<Role>,
) -> Entry {
    Entry { code, en, ka, account_type, role }
}

/// A service company's accounts; the first digit tells the type.
pub(super) const GENERAL: &[Entry] = &[
    entry("1110", "Cash in hand", "ნაღდი ფული სალაროში", Type::Asset, Some(Role::Cash)),
    entry("1210", "Bank", "ფული ბანკში", Type::Asset, Some(Role::Bank)),
    entry("1290", "Money in transit", "ფული გზაში", Type::Asset, Some(Role::BankTransit)),
    entry("1410", "Receivables from clients", "მოთხოვნები კლიენტების მიმართ", Type::Asset, Some(Role::Receivable)),
    entry(
        "1480",
        "Advances to suppliers",
        "მომწოდებლებზე გადახდილი ავანსები",
        Type::Asset,
        Some(Role::SupplierAdvance),
    ),
    entry("1490", "Unbilled revenue", "გამოუწერელი შემოსავალი", Type::Asset, Some(Role::UnbilledRevenue)),
    entry("1610", "Recoverable VAT", "ჩასათვლელი დღგ", Type::Asset, Some(Role::InputTax)),
    entry("2110", "Fixed assets", "ძირითადი საშუალებები", Type::Asset, None),
    entry("3110", "Payables to suppliers", "ვალდებულებები მომწოდებლების მიმართ", Type::Liability, Some(Role::Payable)),
    entry(
        "3120",
        "Advances from clients",
        "კლიენტებისგან მიღებული ავანსები",
        Type::Liability,
        Some(Role::CustomerAdvance),
    ),
    entry("3130", "Salaries payable", "გადასახდელი ხელფასები", Type::Liability, None),
    entry(
        "3140",
        "Owed to employees",
        "ვალდებულებები თანამშრომლების მიმართ",
        Type::Liability,
        Some(Role::EmployeePayable),
    ),
    entry(
        "3320",
        "Withheld tax payable",
        "წყაროსთან დაკავებული გადასახადი",
        Type::Liability,
        Some(Role::WithholdingTax),
    ),
    entry("3330", "VAT payable", "გადასახდელი დღგ", Type::Liability, Some(Role::OutputTax)),
    entry("3410", "Deferred revenue", "გადავადებული შემოსავალი", Type::Liability, Some(Role::DeferredRevenue)),
    entry("5110", "Share capital", "საწესდებო კაპიტალი", Type::Equity, None),
    entry("5310", "Retained earnings", "გაუნაწილებელი მოგება", Type::Equity, Some(Role::RetainedEarnings)),
    entry("5390", "Opening balances", "საწყისი ნაშთები", Type::Equity, Some(Role::OpeningBalance)),
    entry("6110", "Revenue from services", "შემოსავალი მომსახურებიდან", Type::Income, Some(Role::Revenue)),
    entry("6210", "Revenue from goods", "შემოსავალი საქონლის გაყიდვიდან", Type::Income, None),
    entry(
        "7110",
        "Cost of goods and bought-in services",
        "გაყიდული საქონლისა და მომსახურების თვითღირებულება",
        Type::Expense,
        Some(Role::CostOfSales),
    ),
    entry("7210", "Labour on projects", "შრომის ხარჯი პროექტებზე", Type::Expense, Some(Role::Labour)),
    entry(
        "7290",
        "Labour absorbed by projects",
        "პროექტებზე მიკუთვნილი შრომა",
        Type::Expense,
        Some(Role::LabourAbsorbed),
    ),
    entry("7310", "Salaries", "ხელფასები", Type::Expense, None),
    entry("7410", "Operating expenses", "საოპერაციო ხარჯები", Type::Expense, Some(Role::Expense)),
    entry("7420", "Rent", "იჯარა", Type::Expense, None),
    entry("7430", "Marketing", "მარკეტინგი", Type::Expense, None),
    entry("7440", "Travel", "მივლინებები", Type::Expense, None),
    entry("7450", "Freight", "ტრანსპორტირება", Type::Expense, None),
    entry("7460", "Software and communication", "პროგრამები და კავშირგაბმულობა", Type::Expense, None),
    entry("7470", "Bad debts", "უიმედო მოთხოვნები", Type::Expense, Some(Role::WriteOff)),
    entry("8210", "Exchange differences", "საკურსო სხვაობები", Type::Expense, Some(Role::ExchangeDifference)),
    entry(
        "8220",
        "Exchange differences on open items",
        "საკურსო სხვაობები ღია ნაშთებზე",
        Type::Expense,
        Some(Role::UnrealisedExchange),
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_role_has_one_account_and_every_code_is_unique() {
        let roles: Vec<Role> = GENERAL.iter().filter_map(|entry| entry.role).collect();
        assert_eq!(roles.iter().collect::<HashSet<_>>().len(), roles.len());
        assert_eq!(roles.iter().collect::<HashSet<_>>(), Role::ALL.iter().collect());
        assert_eq!(GENERAL.iter().map(|entry| entry.code).collect::<HashSet<_>>().len(), GENERAL.len());
    }
}
