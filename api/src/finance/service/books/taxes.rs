//! What the taxes of a document post.

use kamara_entities::{CompanyId, TaxKind};

use super::Books;
use crate::{
    error::Result,
    finance::service::tax::{Side, TaxAmount},
    ledger::{Dimensions, LineDraft},
    money,
};

/// Whose taxes are posted, and at which rate.
#[derive(Clone, Copy, Debug)]
pub(in crate::finance::service) struct TaxOf<'a> {
    /// Who charges.
    pub(in crate::finance::service) side: Side,
    /// The client or supplier.
    pub(in crate::finance::service) company_id: Option<CompanyId>,
    /// The document's currency.
    pub(in crate::finance::service) currency: &'a str,
    /// Base currency for one unit of it, in 10⁻⁶.
    pub(in crate::finance::service) rate: i64,
}

impl Books {
    /// A line for each code: what is charged is owed to the state, what comes back is claimed from it, and a reverse charge is
    /// both. A code of which nothing is due posts nothing but its base, which the tax return asks for. What doesn't come back
    /// belongs to the cost of the line.
    pub(in crate::finance::service) fn taxes(&self, of: TaxOf<'_>, totals: &[TaxAmount]) -> Result<Vec<LineDraft>> {
        let mut lines = Vec::with_capacity(totals.len());
        for tax in totals.iter().filter(|tax| tax.kind != TaxKind::Withholding) {
            let output = of.side == Side::Sale || tax.kind == TaxKind::ReverseCharge;
            if output {
                lines.push(self.tax(of, tax, self.output_tax.clone()?, -1, tax.amount)?);
            }
            if of.side == Side::Purchase {
                lines.push(self.tax(of, tax, self.input_tax.clone()?, 1, tax.recoverable)?);
            }
        }
        Ok(lines)
    }

    fn tax(
        &self,
        of: TaxOf<'_>,
        tax: &TaxAmount,
        account: kamara_entities::AccountId,
        sign: i64,
        amount: i64,
    ) -> Result<LineDraft> {
        let in_base = |amount| money::convert("rate", amount, of.currency, &self.base_currency, of.rate);
        Ok(LineDraft {
            tax_code_id: Some(tax.code),
            tax_base_minor: Some(sign * in_base(tax.base)?),
            dimensions: Dimensions { company_id: of.company_id, ..Dimensions::default() },
            ..LineDraft::new(account, sign * amount, of.currency, of.rate, sign * in_base(amount)?)
        })
    }
}
