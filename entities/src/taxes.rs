//! Rates of taxes and of currencies.
