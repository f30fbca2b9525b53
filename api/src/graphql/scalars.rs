//! Values as they are outside: ids, decimals, days, money.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, OutputType, Positioned, Scalar, ScalarType,
    ServerResult, SimpleObject, Value, parser::types::Field, registry::Registry,
};
use chrono::NaiveDate;
use kamara_entities::RecordId;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{money, text};

/// An id of a record: a plain UUID outside, of its own type for each kind of record inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id<T>(pub(crate) T);

impl<T: RecordId> InputType for Id<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <async_graphql::ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <async_graphql::ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            // What isn't a UUID names no record, and is answered like an id that never existed.
            Some(Value::String(text)) => Ok(Self(T::from(Uuid::parse_str(&text).unwrap_or_default()))),
            other => Err(InputValueError::expected_type(other.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: RecordId> OutputType for Id<T> {
    fn type_name() -> Cow<'static, str> {
        <async_graphql::ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <async_graphql::ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(self.0.to_string()))
    }
}

/// A decimal number as a string: `"12.50"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dec(pub(crate) Decimal);

/// A decimal number as a string, such as "12.50". Whole numbers may be given as such; other numbers may not, since they pass
/// through binary fractions on their way.
#[Scalar(name = "Decimal")]
impl ScalarType for Dec {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Number(number) if number.is_i64() => number.to_string(),
            _ => return Err(InputValueError::custom("a decimal is a string, such as \"12.50\"")),
        };
        let wrong = || InputValueError::custom(format!("{text:?} is not a decimal such as \"12.50\""));
        text::decimal(&text).map(Self).ok_or_else(wrong)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A day as `"2026-01-31"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date(pub(crate) NaiveDate);

/// A day of the tenant's calendar, such as "2026-01-31".
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::custom("a date is a string, such as \"2026-01-31\""));
        };
        let wrong = || InputValueError::custom(format!("{text:?} is not a day such as \"2026-01-31\""));
        text::day(text).map(Self).ok_or_else(wrong)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An amount of money.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct Money {
    /// How much, with as many decimal places as the currency has.
    amount: Dec,
    /// ISO 4217 code.
    currency: String,
}

impl Money {
    /// From minor units.
    pub(crate) fn new(minor: i64, currency: &str) -> Self {
        Self { amount: Dec(money::from_minor(minor, currency)), currency: currency.to_owned() }
    }

    /// From a price, which may have more decimal places than its currency.
    pub(crate) fn price(micro: i64, currency: &str) -> Self {
        let mut amount = money::from_micro(micro);
        amount.rescale(amount.scale().max(money::exponent(currency)));
        Self { amount: Dec(amount), currency: currency.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_strings_and_never_pass_through_a_binary_fraction() {
        let parse = |value: Value| <Dec as ScalarType>::parse(value);
        assert_eq!(parse(Value::String("12.50".into())).unwrap().0.to_string(), "12.50");
        assert!(parse(Value::Number(12.into())).is_ok());
        assert!(parse(Value::from_json(serde_json::json!(12.5)).unwrap()).is_err());
        for wrong in ["", "1e5", "12,50", "١٢", "NaN", "1_000"] {
            assert!(parse(Value::String(wrong.into())).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_exist() {
        let parse = |text: &str| <Date as ScalarType>::parse(Value::String(text.into()));
        assert!(parse("2028-02-29").is_ok());
        for wrong in ["2026-02-29", "2026-1-31", "31.01.2026", "0001-01-01", "+12026-01-01"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn prices_keep_their_digits() {
        assert_eq!(Money::price(1_234_500, "USD").amount.0.to_string(), "1.2345");
        assert_eq!(Money::price(14_000_000, "USD").amount.0.to_string(), "14.00");
    }
}
