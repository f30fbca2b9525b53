//! Tax that is kept back from what a supplier is paid, and is owed to the state instead: the payment settles its documents in
//! full, and only the rest of it leaves the bank.

use kamara_entities::{JournalEntryId, PaymentDirection, SubLedger, TaxCodeId, TaxKind, journal_line, payment};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    controls::Controls,
    open_items::OpenItems,
    settlement::{Settled, positive},
    tax::{Tax, tax_on},
};
use crate::{
    error::{Error, Result, Text},
    ledger::{Dimensions, LineDraft},
    messages, money,
    tenancy::TenantScope,
};

/// What is said of the tax that is kept back.
#[derive(Clone, Copy, Debug)]
pub struct NewWithholding {
    /// The tax.
    pub tax_code_id: TaxCodeId,
    /// How much, in the payment's currency; by the code's rate on the payment's day unless said.
    pub amount: Option<Decimal>,
    /// What it's reckoned on; unless said, the part before taxes of what the payment settles.
    pub base: Option<Decimal>,
}

/// What is kept back of a payment, in its currency.
#[derive(Clone, Copy, Debug)]
pub(super) struct Withheld {
    pub(super) code: TaxCodeId,
    pub(super) amount: i64,
    base: i64,
}

/// Refuses to keep anything back from whom no tax is kept back.
pub(super) fn check(payment: &payment::New) -> Result<()> {
    if payment.direction == PaymentDirection::Out && payment.sub_ledger == SubLedger::Payable {
        return Ok(());
    }
    let message =
        Text::fixed("Tax is withheld from what suppliers are paid.", "გადასახადი მომწოდებლისთვის გადახდისას იკავება.");
    Err(Error::invalid("withholding", message))
}

impl Withheld {
    /// Reckons it for a payment that has just settled its documents.
    pub(super) fn of(
        given: &NewWithholding,
        tax: &Tax,
        payment: &payment::New,
        settled: &[Settled],
        items: &mut OpenItems,
    ) -> Result<Self> {
        if tax.kind != TaxKind::Withholding {
            let message = Text::fixed(
                "Choose a tax that is withheld from suppliers.",
                "აირჩიეთ გადასახადი, რომელიც მომწოდებლისგან იკავება.",
            );
            return Err(Error::invalid("withholding.taxCodeId", message));
        }
        let minor = |field: &'static str, amount: Decimal, most: i64| {
            let minor = positive(field, money::to_minor(field, amount, &payment.currency)?)?;
            if minor <= most { Ok(minor) } else { Err(too_much(field, most, &payment.currency)) }
        };
        let (base, amount) = match given.base {
            Some(base) => {
                let base = minor("withholding.base", base, payment.amount_minor)?;
                (base, tax_on(base, tax.rate_bp))
            }
            None if payment.advance => {
                let base = payment.amount_minor - payment.tax_minor;
                (base, tax_on(base, tax.rate_bp))
            }
            None => of_settled(settled, items, &payment.currency, tax.rate_bp)?,
        };
        if base == 0 {
            // Nothing tells what of a payment on account is before taxes.
            return Err(Error::invalid("withholding.base", messages::required()));
        }
        let amount = match given.amount {
            Some(amount) => minor("withholding.amount", amount, base)?,
            None => amount,
        };
        Ok(Self { code: tax.code, amount, base })
    }

    /// The line that owes it to the state; it's worth a part of what the whole payment is worth.
    pub(super) fn line(&self, controls: &Controls, payment: &payment::New) -> Result<LineDraft> {
        let in_base =
            |amount| money::convert("amount", amount, &payment.currency, &controls.base_currency, payment.rate);
        let account = controls.withholding_tax.clone()?;
        Ok(LineDraft {
            tax_code_id: Some(self.code),
            tax_base_minor: Some(-in_base(self.base)?),
            dimensions: Dimensions { company_id: payment.company_id, ..Dimensions::default() },
            ..LineDraft::new(account, -self.amount, &payment.currency, payment.rate, -in_base(self.amount)?)
        })
    }
}

/// What the settled parts are before taxes, and the tax on that. Of each bill it's what is due of it by now less what was due
/// before, so that the parts of a bill come to what the whole does, however they're rounded.
fn of_settled(settled: &[Settled], items: &mut OpenItems, currency: &str, rate_bp: i32) -> Result<(i64, i64)> {
    let (mut base, mut amount) = (Vec::with_capacity(settled.len()), Vec::with_capacity(settled.len()));
    for part in settled {
        let item = items.get(part.target)?;
        let (before, now) = (item.net_of(item.paid - part.amount)?, item.net_of(item.paid)?);
        if item.currency == currency {
            base.push(now - before);
            amount.push(tax_on(now, rate_bp) - tax_on(before, rate_bp));
        } else {
            let share = i128::from(now - before) * i128::from(part.source_amount) / i128::from(part.amount.max(1));
            let share = i64::try_from(share).map_err(Error::internal)?;
            base.push(share);
            amount.push(tax_on(share, rate_bp));
        }
    }
    Ok((money::sum("amount", base)?, money::sum("amount", amount)?))
}

fn too_much(field: &'static str, most: i64, currency: &str) -> Error {
    let most = money::from_minor(most, currency);
    let message = Text::new(
        format!("No more can be withheld here than {most} {currency}."),
        format!("აქ {most} {currency}-ზე მეტი ვერ დაკავდება."),
    );
    Error::invalid(field, message)
}

/// The lines of a payment's entry that owe the state what was kept back.
pub(super) async fn lines_of(
    scope: &TenantScope,
    entry: JournalEntryId,
    payment: &payment::Model,
) -> Result<Vec<LineDraft>> {
    let Some(code) = payment.withholding_code_id else { return Ok(Vec::new()) };
    let select = scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::EntryId.eq(entry))
        .filter(journal_line::Column::TaxCodeId.eq(code));
    Ok(scope.all(select).await?.into_iter().map(Into::into).collect())
}
