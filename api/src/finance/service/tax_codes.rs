//! Tax codes as they are on a document's date.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use chrono::NaiveDate;
use kamara_entities::{TaxCodeId, TaxRounding, ledger, tax_code, tax_rate};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, sea_query::SelectStatement};

use super::{batch::Referred, tax::Tax};
use crate::{
    error::Result,
    ledger::service::tax_rate_on,
    tenancy::{Beside, TenantScope},
};

/// The field that names several tax codes.
pub(super) const CODES: &str = "taxCodeIds";

/// A code, one of its rates, and the ledger that says how taxes are rounded unless the code does.
pub(super) type WithRate = Beside<tax_code::Entity, tax_rate::Entity, ledger::Entity>;

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
        match Self::select(scope, ids) {
            None => Ok(Self::of([])),
            Some(statement) => Ok(Self::of(scope.query(&statement).await?)),
        }
    }

    /// What finds them, if there are any, to be run with other statements.
    pub(super) fn select(scope: &TenantScope, ids: Vec<TaxCodeId>) -> Option<SelectStatement> {
        // Of a hundred thousand lines that are imported, each once: a statement takes only so many.
        let ids: HashSet<TaxCodeId> = ids.into_iter().collect();
        if ids.is_empty() {
            return None;
        }
        let select = scope.find::<tax_code::Entity>().filter(tax_code::Column::Id.is_in(ids));
        let select = select.order_by_asc(tax_rate::Column::ValidFrom);
        let of_code = (tax_code::Column::Id, tax_rate::Column::TaxCodeId);
        let of_tenant = (tax_code::Column::TenantId, ledger::Column::TenantId);
        Some(scope.beside::<tax_code::Entity, tax_rate::Entity, ledger::Entity>(select, of_code, of_tenant))
    }

    /// Those that were found.
    pub(super) fn of(found: impl IntoIterator<Item = WithRate>) -> Self {
        let mut rates: HashMap<TaxCodeId, Vec<tax_rate::Model>> = HashMap::new();
        let (mut codes, mut rounding) = (Vec::new(), TaxRounding::Line);
        for found in found {
            rates.entry(found.row.id).or_default().extend(found.first);
            rounding = found.second.map_or(rounding, |ledger| ledger.tax_rounding);
            codes.push(found.row);
        }
        Self { codes: Referred::of(codes), rates, rounding }
    }

    /// The codes that a line's field names, as they are on a day.
    pub(super) fn of_line(&self, field: &'static str, codes: &[TaxCodeId], date: NaiveDate) -> Result<Vec<Tax>> {
        let named = |at| if field == CODES { Cow::from(format!("{CODES}.{at}")) } else { Cow::from(field) };
        codes.iter().enumerate().map(|(at, code)| self.tax(named(at), *code, date)).collect()
    }

    /// The code that a field names, as it is on a day.
    pub(super) fn tax(&self, field: impl Into<Cow<'static, str>>, id: TaxCodeId, date: NaiveDate) -> Result<Tax> {
        let code = self.codes.get(field, id)?;
        let rates = self.rates.get(&id).map_or(&[][..], Vec::as_slice);
        Ok(Tax {
            code: code.id,
            kind: code.kind,
            inclusive: code.inclusive,
            rate_bp: tax_rate_on(code, rates, date),
            recoverable_bp: code.recoverable_bp,
            rounding: code.rounding.unwrap_or(self.rounding),
        })
    }
}
