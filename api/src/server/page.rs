//! The web page: in the binary when it was built with `embed-web`, else from a folder.

use std::path::Path;

use axum::Router;

use super::Server;

#[cfg(feature = "embed-web")]
mod embedded {
    use axum::{
        http::{StatusCode, Uri, header},
        response::{IntoResponse, Response},
    };

    #[derive(rust_embed::RustEmbed)]
    #[folder = "../web/dist"]
    struct Files;

    /// A file, or the page: its addresses are its own.
    pub(super) async fn file(uri: Uri) -> Response {
        let path = uri.path().trim_start_matches('/');
        let (name, file) = match Files::get(path) {
            Some(file) => (path, file),
            None => match Files::get("index.html") {
                Some(file) => ("index.html", file),
                None => return StatusCode::NOT_FOUND.into_response(),
            },
        };
        let kind = file.metadata.mimetype().to_owned();
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, super::cache(name).to_owned())], file.data)
            .into_response()
    }
}

/// What the build names by its content may be kept for ever.
#[cfg_attr(not(feature = "embed-web"), allow(dead_code, reason = "the folder's files are served by tower-http"))]
fn cache(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// The page's routes: whatever nothing else answers.
pub(super) fn routes(web_dir: Option<&Path>) -> Router<Server> {
    if let Some(folder) = web_dir {
        let files = tower_http::services::ServeDir::new(folder)
            .fallback(tower_http::services::ServeFile::new(folder.join("index.html")));
        let router = Router::new().fallback_service(files);
        return router.layer(axum::middleware::map_response_with_state((), cached));
    }
    #[cfg(feature = "embed-web")]
    return Router::new().fallback(embedded::file);
    #[cfg(not(feature = "embed-web"))]
    Router::new().fallback(|| async {
        (axum::http::StatusCode::NOT_FOUND, "This server has no page: name its folder with --web-dir, or use /graphql.")
    })
}

/// A folder's files may change under the browser, so that it asks each time.
async fn cached<B>(mut response: axum::http::Response<B>) -> axum::http::Response<B> {
    response.headers_mut().insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-cache"));
    response
}
