//! The rules of services, projects and time entries.

pub mod catalogue;
pub mod project;
pub mod time_entry;
