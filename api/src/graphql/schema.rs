//! The schema, put together from the areas' parts.

use async_graphql::{EmptySubscription, MergedObject};

use crate::{
    approvals, audit, companies, delivery, files, finance, identity, ledger, onboarding, people, reports, sales,
    tenancy,
};

/// What can be asked.
#[derive(Default, MergedObject)]
pub struct Query(
    identity::schema::IdentityQuery,
    companies::schema::CompaniesQuery,
    sales::schema::SalesQuery,
    delivery::schema::DeliveryQuery,
    people::schema::PeopleQuery,
    ledger::schema::LedgerQuery,
    finance::schema::FinanceQuery,
    reports::schema::ReportsQuery,
    audit::schema::AuditQuery,
    approvals::schema::ApprovalsQuery,
);

/// What can be done.
#[derive(Default, MergedObject)]
pub struct Mutation(
    onboarding::schema::OnboardingMutation,
    identity::schema::IdentityMutation,
    tenancy::schema::TenancyMutation,
    companies::schema::CompaniesMutation,
    sales::schema::SalesMutation,
    delivery::schema::DeliveryMutation,
    people::schema::PeopleMutation,
    ledger::schema::LedgerMutation,
    files::schema::FileMutation,
    finance::schema::FinanceMutation,
    approvals::schema::ApprovalsMutation,
);

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The deepest query.
const DEPTH_MAX: usize = 15;
/// The costliest query: a list costs as often what a row costs, as it may have rows.
const COMPLEXITY_MAX: usize = 50_000;
/// How deep the text of a query may nest.
const RECURSION_MAX: usize = 32;

/// Builds the schema.
#[must_use]
pub fn build() -> Schema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .limit_depth(DEPTH_MAX)
        .limit_complexity(COMPLEXITY_MAX)
        .limit_recursive_depth(RECURSION_MAX)
        .finish()
}

/// The schema in GraphQL's schema language, as it is committed in `api/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    build().sdl_with_options(options)
}
