//! `POST /graphql`: JSON in, JSON out.

use std::net::SocketAddr;

use async_graphql::{ErrorExtensionValues, ServerError};
use axum::{
    body::Body,
    extract::{ConnectInfo, Extension, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kamara_entities::Language;

use super::{
    BODY_MAX, BODY_OF_CALLER_MAX, Server, authenticate,
    body::{Read, read},
    idempotency,
    observe::RequestId,
    refusal,
};
use crate::{
    error::Error,
    graphql::{Request, loader},
};

/// The longest message about a query that isn't one.
const MESSAGE_MAX: usize = 500;

/// Answers a GraphQL request.
pub(super) async fn answer(
    State(server): State<Server>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let caller = authenticate::caller(&server, &headers).await;
    let most = if matches!(caller, Ok(Some(_))) { BODY_OF_CALLER_MAX } else { BODY_MAX };
    let body = match read(body, most).await {
        Read::Whole(body) => body,
        Read::TooLarge => {
            let message = format!("A request has at most {} MB.", most / BODY_MAX);
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, "INVALID_INPUT", &message);
        }
        Read::Broken => {
            return refusal(StatusCode::BAD_REQUEST, "INVALID_INPUT", "The request broke off before its end.");
        }
    };
    let is_json = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
        value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    });
    if !is_json {
        let message = "A request is JSON: Content-Type: application/json.";
        return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "INVALID_INPUT", message);
    }
    let parsed: async_graphql::Request = match serde_json::from_slice(&body) {
        Ok(parsed) => parsed,
        Err(error) => {
            let message = format!("A request is a JSON object with a \"query\", and may have \"variables\": {error}.");
            return refusal(StatusCode::BAD_REQUEST, "INVALID_INPUT", &message);
        }
    };
    let caller = match caller {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    let client = authenticate::client(&server.app.config, &headers, address, &id);
    let key = idempotency::Key::of(&headers, caller.as_ref(), &[&body]);
    match key {
        Ok(Some(key)) => {
            let request = Request::new(server.app.clone(), caller, client, true);
            idempotency::answer(&server, &key, request, parsed).await
        }
        Ok(None) => {
            let request = Request::new(server.app.clone(), caller, client, false);
            let response = execute(&server, request.clone(), parsed).await;
            // Whatever only read is given back at once, instead of when the connection is next used.
            if let Some(scope) = request.take_scope().await
                && let Err(error) = scope.commit().await
            {
                tracing::warn!(%error, "can't end a scope that only read");
            }
            respond(response)
        }
        Err(message) => refusal(StatusCode::BAD_REQUEST, "INVALID_INPUT", message),
    }
}

/// Runs a request and tells its errors as they should be told.
pub(super) async fn execute(
    server: &Server,
    request: Request,
    parsed: async_graphql::Request,
) -> async_graphql::Response {
    let language = request.language();
    let parsed = parsed.data(loader::loader(request.clone())).data(request);
    let mut response = server.schema.execute(parsed).await;
    for error in &mut response.errors {
        let code = tell(error, language);
        server.metrics.error(&code);
    }
    response
}

/// Gives an error its code, its field and its message in the caller's language. Our own faults are logged, here and only here.
fn tell(error: &mut ServerError, language: Language) -> String {
    let source = error.source.as_ref().and_then(|source| source.downcast_ref::<Error>()).cloned();
    let mut extensions = ErrorExtensionValues::default();
    let code = if let Some(source) = &source {
        if let Error::Internal(detail) = source {
            tracing::error!(error = detail, path = ?error.path, "a request failed");
        }
        source.message().in_language(language).clone_into(&mut error.message);
        if let Some(field) = source.field() {
            extensions.set("field", field);
        }
        source.code()
    } else {
        // Parsing and validation speak for themselves, but don't repeat all that was sent.
        if let Some((end, _)) = error.message.char_indices().nth(MESSAGE_MAX) {
            error.message.truncate(end);
            error.message.push('…');
        }
        "INVALID_INPUT"
    };
    extensions.set("code", code);
    error.extensions = Some(extensions);
    code.to_owned()
}

/// An answer as HTTP.
pub(super) fn respond(response: async_graphql::Response) -> Response {
    match serde_json::to_string(&response) {
        Ok(body) => with_headers(body, response.http_headers),
        Err(error) => {
            tracing::error!(%error, "can't write an answer");
            super::failed()
        }
    }
}

fn with_headers(body: String, headers: HeaderMap) -> Response {
    let mut answer = body.into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.headers_mut().extend(headers);
    answer
}
