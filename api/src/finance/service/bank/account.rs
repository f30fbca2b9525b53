//! The rules of bank accounts.

use kamara_entities::{
    AccountId, AccountRole, AccountType, BankAccountId, TenantEntity as _, account, bank_account, bank_statement,
    journal_line,
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::statement::account_number;
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, service as ledger},
    money,
    tenancy::TenantScope,
    text,
};

/// What is given of a bank account.
#[derive(Clone, Debug)]
pub struct NewBankAccount {
    /// Name.
    pub name: String,
    /// The account of role "bank" that its money is on; one of its own is made unless said.
    pub account_id: Option<AccountId>,
    /// Its currency; the base currency unless said.
    pub currency: Option<String>,
    /// IBAN.
    pub iban: Option<String>,
    /// The bank.
    pub bank_name: Option<String>,
    /// The bank's BIC.
    pub bic: Option<String>,
}

/// Makes a bank account.
pub async fn create(scope: &TenantScope, new: NewBankAccount) -> Result<bank_account::Model> {
    let currency = money::currency("currency", new.currency.as_deref().unwrap_or(scope.base_currency()))?;
    let mut row = bank_account::New {
        name: new.name,
        sort_key: String::new(),
        account_id: AccountId(uuid::Uuid::nil()),
        currency,
        iban: new.iban,
        bank_name: new.bank_name,
        bic: new.bic,
        source: None,
        external_id: None,
    };
    check(&mut row)?;
    row.account_id = match new.account_id {
        Some(id) => ledger_account(scope, id, &row.currency).await?,
        None => own_account(scope, &row).await?,
    };
    scope.insert::<bank_account::Entity>(row).await
}

/// Changes a bank account. What its statements and its entries are in stays.
pub async fn update(
    scope: &TenantScope,
    id: BankAccountId,
    version: i32,
    change: impl FnOnce(&mut bank_account::New) + Send,
) -> Result<bank_account::Model> {
    let before = scope.editable::<bank_account::Entity>(id, version).await?;
    let mut new = bank_account::Entity::values(before.clone());
    change(&mut new);
    new.currency = money::currency("currency", &new.currency)?;
    check(&mut new)?;
    let moved = new.account_id != before.account_id || new.currency != before.currency;
    if moved {
        let statements = scope.find::<bank_statement::Entity>().filter(bank_statement::Column::BankAccountId.eq(id));
        if scope.first(statements).await?.is_some() {
            return Err(Error::Conflict(Text::fixed(
                "Statements were imported for this account: its currency and its ledger account stay.",
                "ამ ანგარიშისთვის ამონაწერები უკვე ატვირთულია: ვალუტა და ბუღალტრული ანგარიში უცვლელი რჩება.",
            )));
        }
        new.account_id = ledger_account(scope, new.account_id, &new.currency).await?;
    }
    scope.update::<bank_account::Entity>(&before, bank_account::Entity::revise(before.clone(), new)).await
}

fn check(new: &mut bank_account::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.sort_key = text::sort_key(&new.name);
    new.bank_name = text::optional("bankName", new.bank_name.take())?;
    new.bic = text::optional("bic", new.bic.take())?.map(|bic| account_number(&bic));
    new.iban = text::optional("iban", new.iban.take())?.map(|iban| account_number(&iban));
    let wrong_bic = |bic: &String| !matches!(bic.len(), 8 | 11) || !bic.is_ascii();
    if new.bic.as_ref().is_some_and(wrong_bic) {
        let message = Text::fixed("A BIC has 8 or 11 letters and digits.", "BIC შედგება 8 ან 11 ასო-ციფრისგან.");
        return Err(Error::invalid("bic", message));
    }
    if new.iban.as_deref().is_some_and(|iban| !is_account_number(iban)) {
        let message = Text::fixed(
            "This IBAN has a typing error: its check digits do not fit.",
            "IBAN-ში შეცდომაა: საკონტროლო ციფრები არ ემთხვევა.",
        );
        return Err(Error::invalid("iban", message));
    }
    Ok(())
}

/// Whether an account number is an IBAN whose check digits fit (ISO 7064, mod 97-10), or no IBAN at all: other countries' numbers
/// begin with digits.
fn is_account_number(number: &str) -> bool {
    let is_iban = number.chars().take(2).all(|letter| letter.is_ascii_alphabetic())
        && number.chars().skip(2).take(2).all(|letter| letter.is_ascii_digit());
    if !is_iban {
        return number.is_ascii() && number.len() <= 34;
    }
    let digit = |remainder: u32, letter: char| match letter.to_digit(36) {
        Some(value @ 0..=9) => Some((remainder * 10 + value) % 97),
        Some(value) => Some((remainder * 100 + value) % 97),
        None => None,
    };
    let mut turned = number.chars().skip(4).chain(number.chars().take(4));
    (15..=34).contains(&number.len()) && turned.try_fold(0, digit) == Some(1)
}

/// The account that was chosen: one of role "bank", whose lines so far are in the bank account's currency.
async fn ledger_account(scope: &TenantScope, id: AccountId, currency: &str) -> Result<AccountId> {
    let accounts = Accounts::load(scope).await?;
    let account = accounts.referred("accountId", id)?;
    if account.role != Some(AccountRole::Bank) {
        let message = Text::fixed("Choose an account of role bank.", "აირჩიეთ ანგარიში, რომლის როლია ბანკი.");
        return Err(Error::invalid("accountId", message));
    }
    let others = scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::AccountId.eq(id))
        .filter(journal_line::Column::Currency.ne(currency))
        .limit(1);
    if let Some(line) = scope.first(others).await? {
        let message = Text::new(
            format!("Entries in {} are on this account already: a bank account has one currency.", line.currency),
            format!("ამ ანგარიშზე უკვე არის გატარებები {} ვალუტაში: საბანკო ანგარიშს ერთი ვალუტა აქვს.", line.currency),
        );
        return Err(Error::invalid("accountId", message));
    }
    Ok(id)
}

/// An account of the chart for a new bank account: beside the other banks', with the next code that is free.
async fn own_account(scope: &TenantScope, new: &bank_account::New) -> Result<AccountId> {
    let accounts = Accounts::load(scope).await?;
    let banks: Vec<&account::Model> =
        accounts.iter().filter(|account| account.role == Some(AccountRole::Bank)).collect();
    let taken = |code: &str| accounts.iter().any(|account| account.code == code);
    let highest = banks.iter().filter_map(|account| account.code.parse::<u64>().ok()).max().unwrap_or(1210);
    let code = (highest..=u64::MAX).chain(1..highest).map(|code| code.to_string()).find(|code| !taken(code));
    let made = account::New {
        code: code.ok_or_else(|| Error::internal("no code is free"))?,
        name: new.name.clone(),
        search_text: String::new(),
        account_type: AccountType::Asset,
        role: Some(AccountRole::Bank),
        parent_id: banks.first().and_then(|account| account.parent_id),
        is_group: false,
        source: None,
        external_id: None,
    };
    Ok(ledger::create_account(scope, made).await?.id)
}

#[cfg(test)]
mod tests {
    use super::is_account_number;

    #[test]
    fn an_iban_carries_its_check() {
        assert!(is_account_number("GE29NB0000000101904917"));
        assert!(is_account_number("DE89370400440532013000"));
        assert!(!is_account_number("GE29NB0000000101904918"));
        assert!(!is_account_number("GE29"));
        assert!(!is_account_number("GE29ქართული0000000"));
        // Not everybody has an IBAN.
        assert!(is_account_number("000123456789"));
        assert!(!is_account_number("12ქ"));
    }
}
