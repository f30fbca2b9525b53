//! The bodies of requests.

use axum::body::Body;
use futures::StreamExt as _;

/// How much of a body that is too large is read before the connection ends.
const READ_MAX: usize = 32 * 1024 * 1024;

/// A request's body, as it came.
pub(super) enum Read {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

/// Reads a body of at most so many bytes. What is over is read as well and dropped: a client that is still sending when the
/// connection ends never sees why.
pub(super) async fn read(body: Body, most: usize) -> Read {
    let (mut stream, mut whole, mut length) = (body.into_data_stream(), Vec::new(), 0);
    while let Some(part) = stream.next().await {
        let Ok(part) = part else { return Read::Broken };
        length += part.len();
        if length > READ_MAX {
            return Read::TooLarge;
        }
        if length <= most {
            whole.extend_from_slice(&part);
        } else {
            whole = Vec::new();
        }
    }
    if length > most { Read::TooLarge } else { Read::Whole(whole) }
}
