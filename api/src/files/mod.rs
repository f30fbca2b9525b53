//! Files that hang on records: receipts and bills as they were sent.
//!
//! A file is bytes in a store and a row that tells of them. First a job is asked for that looks an hour later whether there is
//! a row; then the bytes are written, and the row last. So a row never lacks its bytes, and bytes without a row go.

mod media;
pub(crate) mod schema;
pub mod service;
mod store;

pub use self::{media::Media, store::Store};
