//! Services, projects and time entries, as the API shows them.

mod project;
mod service;
mod time_entry;

use async_graphql::MergedObject;

pub(crate) use self::{project::Project, service::Service, time_entry::TimeEntry};

/// What can be asked of services, projects and time.
#[derive(Default, MergedObject)]
pub(crate) struct DeliveryQuery(service::ServiceQuery, project::ProjectQuery, time_entry::TimeEntryQuery);

/// What can be done to services, projects and time.
#[derive(Default, MergedObject)]
pub(crate) struct DeliveryMutation(
    service::ServiceMutation,
    service::ServiceArchiving,
    project::ProjectMutation,
    project::ProjectArchiving,
    time_entry::TimeEntryMutation,
);
