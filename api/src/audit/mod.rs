//! Who changed what, when and from where: told out of the events that every change leaves.

mod change;
pub(crate) mod schema;

use self::change::{Change, changes, subject_name};
