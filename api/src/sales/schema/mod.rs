//! Leads, pipelines and deals, as the API shows them.

/// Inputs that name a record as it was read, and nothing else.
macro_rules! as_read {
    ($($name:ident($id:ident)),* $(,)?) => {$(
        /// Which record, as it was read.
        #[derive(async_graphql::InputObject)]
        pub(crate) struct $name {
            /// The record.
            id: $crate::graphql::Id<kamara_entities::$id>,
            /// The version that was read.
            version: i32,
        }
    )*};
}

mod deal;
mod lead;
mod pipeline;
mod stage;

use async_graphql::MergedObject;

pub(crate) use self::{deal::Deal, lead::Lead, pipeline::Pipeline, stage::Stage};

/// What can be asked of leads, pipelines and deals.
#[derive(Default, MergedObject)]
pub(crate) struct SalesQuery(lead::LeadQuery, pipeline::PipelineQuery, deal::DealQuery);

/// What can be done to leads, pipelines and deals.
#[derive(Default, MergedObject)]
pub(crate) struct SalesMutation(
    lead::LeadMutation,
    lead::LeadArchiving,
    pipeline::PipelineMutation,
    stage::StageMutation,
    deal::DealMutation,
);
