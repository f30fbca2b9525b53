//! The tenant's accounts, by their roles.

use std::collections::{HashMap, HashSet};

use kamara_entities::{AccountId, AccountRole, AccountType, account};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QueryTrait, sea_query::SelectStatement};

use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
};

/// Accounts of a tenant, archived ones too: old entries are on them.
#[derive(Clone, Debug)]
pub struct Accounts {
    by_id: HashMap<AccountId, account::Model>,
    by_code: Vec<AccountId>,
}

impl Accounts {
    /// Reads all of them.
    pub async fn load(scope: &TenantScope) -> Result<Self> {
        Ok(Self::of(scope.query(&Self::select(scope, Condition::all())).await?))
    }

    /// Reads those that rules find by some roles, and some others: a document needs no more, and a chart has hundreds.
    pub async fn named(
        scope: &TenantScope,
        roles: &[AccountRole],
        ids: impl IntoIterator<Item = AccountId>,
    ) -> Result<Self> {
        Ok(Self::of(scope.query(&Self::select_named(scope, roles, ids)).await?))
    }

    /// What finds those, to be run with other statements.
    pub fn select_named(
        scope: &TenantScope,
        roles: &[AccountRole],
        ids: impl IntoIterator<Item = AccountId>,
    ) -> SelectStatement {
        // Of a hundred thousand lines that are imported, each once: a statement takes only so many.
        let ids: HashSet<AccountId> = ids.into_iter().collect();
        let (role, id) = (account::Column::Role.is_in(roles.iter().copied()), account::Column::Id.is_in(ids));
        Self::select(scope, Condition::any().add(role).add(id))
    }

    fn select(scope: &TenantScope, condition: Condition) -> SelectStatement {
        scope.find::<account::Entity>().filter(condition).order_by_asc(account::Column::Code).into_query()
    }

    /// Those that were found, by code.
    #[must_use]
    pub fn of(rows: Vec<account::Model>) -> Self {
        let by_code = rows.iter().map(|row| row.id).collect();
        Self { by_id: rows.into_iter().map(|row| (row.id, row)).collect(), by_code }
    }

    /// The account with an id.
    #[must_use]
    pub fn get(&self, id: AccountId) -> Option<&account::Model> {
        self.by_id.get(&id)
    }

    /// Those that were read, by code.
    pub fn iter(&self) -> impl Iterator<Item = &account::Model> {
        self.by_code.iter().filter_map(|id| self.by_id.get(id))
    }

    /// The account that an input's field names; archived ones take no new entries.
    pub fn referred(&self, field: &'static str, id: AccountId) -> Result<&account::Model> {
        let found = self.get(id).filter(|account| account.archived_at.is_none());
        let account = found.ok_or(Error::NotFound { what: "account", field: Some(field.into()) })?;
        if account.is_group {
            let message = Text::new(
                format!("{} {} only groups other accounts. Choose one of those.", account.code, account.name),
                format!("{} {} მხოლოდ აჯგუფებს სხვა ანგარიშებს. აირჩიეთ ერთ-ერთი მათგანი.", account.code, account.name),
            );
            return Err(Error::invalid(field, message));
        }
        Ok(account)
    }

    /// The account with a role: the first by code, where several have it.
    pub fn role(&self, role: AccountRole) -> Result<&account::Model> {
        let found = self.iter().find(|account| account.role == Some(role) && account.archived_at.is_none());
        found.ok_or_else(|| {
            Error::Conflict(Text::new(
                format!("No account has the role {role:?}. Give it to one in the chart of accounts."),
                format!("არცერთ ანგარიშს არ აქვს როლი {role:?}. მიანიჭეთ ის ანგარიშთა გეგმაში."),
            ))
        })
    }

    /// The account that money is paid into or out of: the one that is named, else the bank's, else the cash in hand.
    pub fn money(&self, field: &'static str, id: Option<AccountId>) -> Result<&account::Model> {
        let Some(id) = id else {
            return self.role(AccountRole::Bank).or_else(|_| self.role(AccountRole::Cash));
        };
        let account = self.referred(field, id)?;
        if is_money(account) {
            return Ok(account);
        }
        Err(Error::invalid(
            field,
            Text::fixed("Choose an account of role bank or cash.", "აირჩიეთ ბანკის ან სალაროს ანგარიში."),
        ))
    }

    /// The account of what is bought: an expense's, or one of things that are kept, such as a computer or a deposit, which no rule
    /// uses for anything else. Unless it's named, the one with the role.
    pub fn bought(&self, field: &'static str, id: Option<AccountId>) -> Result<&account::Model> {
        let Some(id) = id else { return self.role(AccountRole::Expense) };
        let account = self.referred(field, id)?;
        let is_kept = account.account_type == AccountType::Asset && account.role.is_none();
        if is_kept || account.account_type == AccountType::Expense {
            return Ok(account);
        }
        let message = Text::fixed(
            "Choose an expense account, or an asset's that documents don't use otherwise.",
            "აირჩიეთ ხარჯის ანგარიში ან აქტივის, რომელსაც დოკუმენტები სხვაგვარად არ იყენებს.",
        );
        Err(Error::invalid(field, message))
    }

    /// The account of an expense: the one that is named, else the one with the role.
    pub fn expense(&self, field: &'static str, id: Option<AccountId>) -> Result<&account::Model> {
        let Some(id) = id else { return self.role(AccountRole::Expense) };
        let account = self.referred(field, id)?;
        if account.account_type == AccountType::Expense {
            return Ok(account);
        }
        Err(Error::invalid(field, Text::fixed("Choose an expense account.", "აირჩიეთ ხარჯის ანგარიში.")))
    }

    /// The account of what is written off: the one that is named, which is of expenses or, of a gain, of income too; else the one
    /// with the role, where losses and gains meet.
    pub fn written_off(&self, field: &'static str, id: Option<AccountId>, is_gain: bool) -> Result<&account::Model> {
        let Some(id) = id else { return self.role(AccountRole::WriteOff) };
        if !is_gain {
            return self.expense(field, Some(id));
        }
        let account = self.referred(field, id)?;
        if matches!(account.account_type, AccountType::Income | AccountType::Expense) {
            return Ok(account);
        }
        let message =
            Text::fixed("Choose an income account or an expense account.", "აირჩიეთ შემოსავლის ან ხარჯის ანგარიში.");
        Err(Error::invalid(field, message))
    }

    /// The account of income: the one that is named, else the one with the role.
    pub fn income(&self, field: &'static str, id: Option<AccountId>) -> Result<&account::Model> {
        let Some(id) = id else { return self.role(AccountRole::Revenue) };
        let account = self.referred(field, id)?;
        if account.account_type == AccountType::Income {
            return Ok(account);
        }
        Err(Error::invalid(field, Text::fixed("Choose an income account.", "აირჩიეთ შემოსავლის ანგარიში.")))
    }
}

/// Whether an account holds money.
#[must_use]
pub(crate) fn is_money(account: &account::Model) -> bool {
    matches!(account.role, Some(AccountRole::Cash | AccountRole::Bank))
}
