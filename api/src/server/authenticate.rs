//! Who asks: by a bearer token, or by the page's cookie.

use std::net::SocketAddr;

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use kamara_entities::{Language, SessionKind};

use super::{Server, observe::RequestId, refusal};
use crate::{
    config::ServerConfig,
    graphql::Client,
    identity::{Caller, session},
};

/// What is known of the client.
pub(super) fn client(config: &ServerConfig, headers: &HeaderMap, address: SocketAddr, id: &RequestId) -> Client {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // The last one is the one that our own proxy saw.
    let forwarded =
        || headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next().map(|text| text.trim().to_owned());
    let ip = if config.trust_proxy { forwarded() } else { None };
    let language =
        text(header::ACCEPT_LANGUAGE).map(|text| if text.starts_with("ka") { Language::Ka } else { Language::En });
    Client {
        request_id: id.0.clone(),
        ip: Some(ip.unwrap_or_else(|| address.ip().to_string())),
        user_agent: text(header::USER_AGENT).map(ToOwned::to_owned),
        language,
    }
}

/// The caller, if the request carries the secret of a session that lasts.
///
/// A cookie comes along with whatever a browser sends, so that one is taken only from the page itself: the request is JSON
/// (which another origin can't send without being asked first), and its `Origin`, where the browser tells it, is ours.
pub(super) async fn caller(server: &Server, headers: &HeaderMap) -> Result<Option<Caller>, Response> {
    let (secret, kind) = if let Some(secret) = bearer(headers) {
        (secret, SessionKind::Token)
    } else if let Some(secret) = cookie(headers, server.app.config.behind_tls()) {
        if !same_origin(&server.app.config, headers) {
            let message = "The page's cookie is taken from the page itself only; scripts use a bearer token.";
            return Err(refusal(StatusCode::FORBIDDEN, "FORBIDDEN", message));
        }
        (secret, SessionKind::Cookie)
    } else {
        return Ok(None);
    };
    session::caller(&server.app.db, &server.app.env, &secret, kind).await.map_err(|error| {
        tracing::error!(%error, "can't look a session up");
        super::failed()
    })
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().to_owned())
}

fn cookie(headers: &HeaderMap, behind_tls: bool) -> Option<String> {
    let name = session::cookie_name(behind_tls);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| cookie::Cookie::split_parse(value.to_owned()).flatten().collect::<Vec<_>>())
        .find(|cookie| cookie.name() == name && !cookie.value().is_empty())
        .map(|cookie| cookie.value().to_owned())
}

/// Whether a browser's request comes from the page.
fn same_origin(config: &ServerConfig, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text("origin") else { return true };
    let own_host = text("host").is_some_and(|host| origin.split_once("://").is_some_and(|(_, of)| of == host));
    origin == config.public_url() || own_host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_cookie_is_taken_from_the_page_itself_only() {
        let config = ServerConfig { public_url: Some("https://kamara.example".into()), ..ServerConfig::default() };
        let ours = |pairs: &[(&'static str, &'static str)]| same_origin(&config, &headers(pairs));
        assert!(ours(&[("origin", "https://kamara.example"), ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")]));
        assert!(ours(&[]));
        assert!(!ours(&[("host", "kamara.example"), ("origin", "https://evil.example")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("origin", "null")]));
    }

    #[test]
    fn a_secret_is_found_where_it_belongs() {
        assert_eq!(bearer(&headers(&[("authorization", "Bearer abc")])).as_deref(), Some("abc"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic abc")])), None);
        let with_cookie = headers(&[("cookie", "a=b; kamara_session=abc")]);
        assert_eq!(cookie(&with_cookie, false).as_deref(), Some("abc"));
        assert_eq!(cookie(&with_cookie, true), None, "behind TLS only the prefixed cookie counts");
    }
}
