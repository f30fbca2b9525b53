//! Shares of cost centres in one line, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use kamara_entities::{CostCentreId, cost_centre, cost_split};
use uuid::Uuid;

use super::CostCentre;
use crate::{
    graphql::{Children, Dec, Id, Loading},
    ledger::splits::SplitInput,
    money,
    tenancy::{Direction, Order},
};

shown! {
    /// The share of a cost centre in a line that has several.
    CostCentreSplit(cost_split),
}

struct SharesOfLine;

impl Children for SharesOfLine {
    type Entity = cost_split::Entity;
    const PARENT: cost_split::Column = cost_split::Column::SubjectId;
    const ORDER: Order<cost_split::Column> = Order { column: cost_split::Column::Position, direction: Direction::Asc };
}

impl CostCentreSplit {
    /// Those of a line of a document, or of an expense.
    pub(crate) async fn of(ctx: &Context<'_>, line: Uuid) -> Result<Vec<Self>> {
        Ok(ctx.all_of::<SharesOfLine>(line).await?.into_iter().map(Self).collect())
    }
}

#[Object]
impl CostCentreSplit {
    /// Cost centre.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<CostCentre> {
        Ok(CostCentre(ctx.row::<cost_centre::Entity>(self.0.cost_centre_id).await?))
    }

    /// Its share in percent.
    async fn percent(&self) -> Dec {
        Dec(money::percent(self.0.share_bp))
    }
}

/// The share of a cost centre.
#[derive(Clone, InputObject)]
pub(crate) struct CostCentreSplitInput {
    /// Cost centre.
    cost_centre_id: Id<CostCentreId>,
    /// Its share in percent, with two decimal places at most. All shares are 100% together.
    percent: Dec,
}

impl From<CostCentreSplitInput> for SplitInput {
    fn from(input: CostCentreSplitInput) -> Self {
        Self { cost_centre_id: input.cost_centre_id.0, percent: input.percent.0 }
    }
}
