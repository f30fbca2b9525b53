//! Companies and contacts, as the API shows them.

mod company;
mod contact;

use async_graphql::MergedObject;

pub(crate) use self::{company::Company, contact::Contact};

/// What can be asked of companies and contacts.
#[derive(Default, MergedObject)]
pub(crate) struct CompaniesQuery(company::CompanyQuery, contact::ContactQuery);

/// What can be done to companies and contacts.
#[derive(Default, MergedObject)]
pub(crate) struct CompaniesMutation(
    company::CompanyMutation,
    company::CompanyArchiving,
    contact::ContactMutation,
    contact::ContactArchiving,
);
