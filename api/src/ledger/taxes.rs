//! The rules of tax codes and their rates.

use chrono::NaiveDate;
use kamara_entities::{TaxCodeId, TaxKind, tax_code, tax_rate};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
    text,
};

/// A tax that is added to prices, and comes back wholly from what is bought.
#[must_use]
pub const fn standard_tax(code: String, name: String, rate_bp: i32) -> tax_code::New {
    tax_code::New {
        code,
        name,
        rate_bp,
        kind: TaxKind::Standard,
        inclusive: false,
        exempt_reason: None,
        recoverable_bp: 10_000,
        rounding: None,
    }
}

fn check(new: &mut tax_code::New) -> Result<()> {
    new.code = text::name("code", &new.code)?;
    new.name = text::name("name", &new.name)?;
    new.exempt_reason = text::optional("exemptReason", new.exempt_reason.take())?;
    if new.inclusive && new.kind != TaxKind::Standard {
        let message = Text::fixed(
            "Prices hold only a tax that is charged.",
            "ფასში შეიძლება შედიოდეს მხოლოდ დასარიცხი გადასახადი.",
        );
        return Err(Error::invalid("inclusive", message));
    }
    if new.kind != TaxKind::Exempt {
        if new.exempt_reason.is_some() {
            let message =
                Text::fixed("Only an exempt code has a reason.", "საფუძველი აქვს მხოლოდ გათავისუფლებულ კოდს.");
            return Err(Error::invalid("exemptReason", message));
        }
        return Ok(());
    }
    if new.exempt_reason.is_none() {
        let message = Text::fixed("Say why nothing is due.", "მიუთითეთ, რის საფუძველზეა გათავისუფლებული.");
        return Err(Error::invalid("exemptReason", message));
    }
    no_rate_of_exempt(new.rate_bp)
}

fn no_rate_of_exempt(rate_bp: i32) -> Result<()> {
    if rate_bp == 0 {
        return Ok(());
    }
    Err(Error::invalid("rate", Text::fixed("An exempt code's rate is 0.", "გათავისუფლებული კოდის განაკვეთია 0.")))
}

/// Makes a tax code.
pub async fn create_tax_code(scope: &TenantScope, mut new: tax_code::New) -> Result<tax_code::Model> {
    check(&mut new)?;
    scope.insert::<tax_code::Entity>(new).await
}

/// Changes a tax code. Documents keep what they were written with.
pub async fn update_tax_code(
    scope: &TenantScope,
    id: TaxCodeId,
    version: i32,
    change: impl FnOnce(&mut tax_code::New) + Send,
) -> Result<tax_code::Model> {
    let edit = |new: &mut tax_code::New| {
        change(new);
        check(new)
    };
    scope.edit::<tax_code::Entity>(id, version, edit).await
}

/// Sets the rate that a code has from a day on, until its next rate.
pub async fn set_tax_rate(
    scope: &TenantScope,
    code: TaxCodeId,
    valid_from: NaiveDate,
    rate_bp: i32,
) -> Result<tax_code::Model> {
    scope.referred::<tax_code::Entity>("taxCodeId", code).await?;
    // Locked, so that the same day isn't set twice at once.
    let code = scope.lock::<tax_code::Entity>(code).await?;
    if code.kind == TaxKind::Exempt {
        no_rate_of_exempt(rate_bp)?;
    }
    let select = scope
        .find::<tax_rate::Entity>()
        .filter(tax_rate::Column::TaxCodeId.eq(code.id))
        .filter(tax_rate::Column::ValidFrom.eq(valid_from));
    match scope.first(select).await? {
        Some(before) => {
            let after = tax_rate::Model { rate_bp, ..before.clone() };
            scope.update_row::<tax_rate::Entity>(&before, after).await?;
        }
        None => {
            scope.insert::<tax_rate::Entity>(tax_rate::New { tax_code_id: code.id, valid_from, rate_bp }).await?;
        }
    }
    Ok(code)
}

/// A code's rate on a day: the newest of its rates, oldest first, that begins by then; the code's own before the first.
#[must_use]
pub fn tax_rate_on(code: &tax_code::Model, rates: &[tax_rate::Model], date: NaiveDate) -> i32 {
    let begun = rates.iter().rev().find(|rate| rate.valid_from <= date);
    begun.map_or(code.rate_bp, |rate| rate.rate_bp)
}
