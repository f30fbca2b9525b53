//! Tax codes as they are on a document's date.

use std::{borrow::Cow, collections::HashMap};

use chrono::NaiveDate;
use kamara_entities::{TaxCodeId, TaxRounding, tax_code, tax_rate};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{batch::Referred, tax::Tax};
use crate::{error::Result, ledger::service as ledger, tenancy::TenantScope};

/// Tax codes with their rates, read at once.
#[derive(Debug)]
pub(super) struct TaxCodes {
    codes: Referred<tax_code::Entity>,
    rates: HashMap<TaxCodeId, Vec<tax_rate::Model>>,
    rounding: TaxRounding,
}

impl TaxCodes {
    /// Reads them.
    pub(super) async fn load(scope: &TenantScope, ids: Vec<TaxCodeId>) -> Result<Self> {
        let codes = Referred::<tax_code::Entity>::load(scope, ids).await?;
        let mut rates: HashMap<TaxCodeId, Vec<tax_rate::Model>> = HashMap::new();
        let mut rounding = TaxRounding::Line;
        if codes.rows().next().is_some() {
            let of_codes = tax_rate::Column::TaxCodeId.is_in(codes.rows().map(|code| code.id));
            let select = scope.find::<tax_rate::Entity>().filter(of_codes).order_by_asc(tax_rate::Column::ValidFrom);
            for rate in scope.all(select).await? {
                rates.entry(rate.tax_code_id).or_default().push(rate);
            }
            rounding = ledger::ledger_of(scope).await?.tax_rounding;
        }
        Ok(Self { codes, rates, rounding })
    }

    /// The code that a field names, as it is on a day.
    pub(super) fn tax(&self, field: impl Into<Cow<'static, str>>, id: TaxCodeId, date: NaiveDate) -> Result<Tax> {
        let code = self.codes.get(field, id)?;
        let rates = self.rates.get(&id).map_or(&[][..], Vec::as_slice);
        Ok(Tax {
            code: code.id,
            kind: code.kind,
            inclusive: code.inclusive,
            rate_bp: ledger::tax_rate_on(code, rates, date),
            recoverable_bp: code.recoverable_bp,
            rounding: code.rounding.unwrap_or(self.rounding),
        })
    }
}
