//! Cost centres, allocation rules and budgets.
