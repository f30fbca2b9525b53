//! The one table of who may do what. Guards read it, and a test prints it into a file that a reviewer reads.

use kamara_entities::Role;

/// Something that a role allows or doesn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
pub enum Permission {
    /// See companies and contacts.
    CompaniesRead,
    /// Make and change them.
    CompaniesWrite,
    /// See leads, pipelines and deals.
    SalesRead,
    /// Make and change them.
    SalesWrite,
    /// See services and what they're sold for.
    CatalogueRead,
    /// Make and change them.
    CatalogueWrite,
    /// See projects and time.
    DeliveryRead,
    /// Make and change projects, and anybody's time.
    DeliveryWrite,
    /// Log one's own time.
    TimeWrite,
    /// Approve time, which posts its cost, and take that back.
    TimeApprove,
    /// See employees and departments.
    PeopleRead,
    /// Make and change them.
    PeopleWrite,
    /// See and set what an hour of an employee costs.
    PayRead,
    /// See invoices and what is paid of them.
    InvoicesRead,
    /// See accounts, entries, payments and expenses.
    FinanceRead,
    /// Write documents that post, and entries.
    FinanceWrite,
    /// Hand in what one paid oneself, and see how it stands.
    ExpensesOwn,
    /// See margins, costs and cash flow.
    ReportsRead,
    /// Invite and remove members, and say what they may do.
    MembersManage,
    /// Change the workspace's settings.
    TenantManage,
    /// See who changed what.
    AuditRead,
}

impl Permission {
    /// All permissions.
    pub const ALL: &'static [Self] = &[
        Self::CompaniesRead,
        Self::CompaniesWrite,
        Self::SalesRead,
        Self::SalesWrite,
        Self::CatalogueRead,
        Self::CatalogueWrite,
        Self::DeliveryRead,
        Self::DeliveryWrite,
        Self::TimeWrite,
        Self::TimeApprove,
        Self::PeopleRead,
        Self::PeopleWrite,
        Self::PayRead,
        Self::InvoicesRead,
        Self::FinanceRead,
        Self::FinanceWrite,
        Self::ExpensesOwn,
        Self::ReportsRead,
        Self::MembersManage,
        Self::TenantManage,
        Self::AuditRead,
    ];
}

/// What a role allows.
#[must_use]
pub const fn of(role: Role) -> &'static [Permission] {
    use Permission as P;
    match role {
        Role::Owner | Role::Admin => P::ALL,
        Role::Finance => &[
            P::CompaniesRead,
            P::CompaniesWrite,
            P::SalesRead,
            P::CatalogueRead,
            P::CatalogueWrite,
            P::DeliveryRead,
            P::TimeWrite,
            P::ExpensesOwn,
            P::PeopleRead,
            P::PayRead,
            P::InvoicesRead,
            P::FinanceRead,
            P::FinanceWrite,
            P::ReportsRead,
            P::AuditRead,
        ],
        Role::Sales => &[
            P::CompaniesRead,
            P::CompaniesWrite,
            P::SalesRead,
            P::SalesWrite,
            P::CatalogueRead,
            P::DeliveryRead,
            P::TimeWrite,
            P::ExpensesOwn,
            P::PeopleRead,
            P::InvoicesRead,
        ],
        Role::ProjectManager => &[
            P::CompaniesRead,
            P::SalesRead,
            P::CatalogueRead,
            P::DeliveryRead,
            P::DeliveryWrite,
            P::TimeWrite,
            P::ExpensesOwn,
            P::TimeApprove,
            P::PeopleRead,
            P::InvoicesRead,
            P::ReportsRead,
        ],
        Role::Hr => &[
            P::CompaniesRead,
            P::DeliveryRead,
            P::TimeWrite,
            P::ExpensesOwn,
            P::PeopleRead,
            P::PeopleWrite,
            P::PayRead,
        ],
        Role::Employee => {
            &[P::CompaniesRead, P::CatalogueRead, P::DeliveryRead, P::TimeWrite, P::ExpensesOwn, P::PeopleRead]
        }
        Role::ReadOnly => &[
            P::CompaniesRead,
            P::SalesRead,
            P::CatalogueRead,
            P::DeliveryRead,
            P::PeopleRead,
            P::InvoicesRead,
            P::FinanceRead,
            P::ReportsRead,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_on_changes_nothing() {
        let changes = |permission: &Permission| {
            let name = format!("{permission:?}");
            ["Write", "Manage", "Approve"].iter().any(|end| name.ends_with(end))
        };
        assert!(!of(Role::ReadOnly).iter().any(changes));
    }

    #[test]
    fn only_those_who_need_it_see_what_people_cost() {
        let see: Vec<Role> =
            Role::ALL.iter().copied().filter(|role| of(*role).contains(&Permission::PayRead)).collect();
        assert_eq!(see, [Role::Owner, Role::Admin, Role::Finance, Role::Hr]);
    }
}
