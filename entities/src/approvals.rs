//! Approvals: who decides what.
