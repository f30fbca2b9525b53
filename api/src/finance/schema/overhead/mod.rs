//! Spreading overhead, as the API shows it.

mod preview;
mod rule;
mod run;

use async_graphql::MergedObject;

use self::rule::AllocationRule;

/// What can be asked of overhead.
#[derive(Default, MergedObject)]
pub(crate) struct OverheadQuery(rule::AllocationRuleQuery, run::AllocationRunQuery);

/// What can be done about overhead.
#[derive(Default, MergedObject)]
pub(crate) struct OverheadMutation(
    rule::AllocationRuleMutation,
    rule::AllocationRuleArchiving,
    run::AllocationRunMutation,
);
