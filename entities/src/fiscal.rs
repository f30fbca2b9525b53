//! Fiscal years.
