//! `POST /files?subjectKind=EXPENSE&subjectId=…&name=…` with a file's bytes as its body, and `GET /files/{id}`.
//!
//! Who asks is told as for GraphQL. A page of another origin can't send these bodies unasked: their types aren't among those
//! that a form sends, so that a browser asks first, and is refused.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::{ConnectInfo, Extension, Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kamara_entities::{FileId, FileSubject, Language, file};
use sha2::{Digest, Sha256};
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    Server, authenticate,
    body::{Read, read},
    graphql::respond,
    idempotency,
    observe::RequestId,
    refusal, told,
};
use crate::{
    env::hex,
    error::{Error, Result},
    files::{
        Media,
        service::{self as rules, Intent, NewFile, SIZE_MAX, Subject},
    },
    graphql::Client,
    identity::Caller,
    messages,
    tenancy::TenantScope,
};

/// Takes a file.
pub(super) async fn upload(
    State(server): State<Server>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Extension(id): Extension<RequestId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let caller = match authenticate::caller(&server, &headers).await {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    // Whoever isn't known has no bytes kept in memory.
    let content = match read(body, if caller.is_some() { SIZE_MAX } else { 0 }).await {
        Read::Broken => {
            return refusal(StatusCode::BAD_REQUEST, "INVALID_INPUT", "The request broke off before its end.");
        }
        Read::Whole(content) => Some(content),
        Read::TooLarge => None,
    };
    let client = authenticate::client(&server.app.config, &headers, address, &id);
    let own = caller.as_ref().map(|caller| caller.user.language);
    let language = own.or(client.language).unwrap_or(Language::En);
    let Some(caller) = caller else { return told(&Error::Unauthenticated, language) };
    let Some(content) = content else {
        return refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "A file has at most 10 MB.",
            "ფაილი არაუმეტეს 10 მეგაბაიტია.",
            language,
        );
    };
    if !is_of_file(&headers) {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body is the file itself: Content-Type is its type, or application/octet-stream.",
            "მოთხოვნის შიგთავსი თავად ფაილია: Content-Type არის მისი ტიპი ან application/octet-stream.",
            language,
        );
    }
    let query = query.unwrap_or_default();
    let asked = match Asked::of(&query) {
        Ok(asked) => asked,
        Err(error) => return told(&error, language),
    };
    let key = match idempotency::Key::of(&headers, Some(&caller), &[query.as_bytes(), b"\n", &content]) {
        Ok(key) => key,
        Err(message) => return refusal(StatusCode::BAD_REQUEST, "INVALID_INPUT", message),
    };
    if let Some(key) = &key
        && let Some(answer) = idempotency::given_before(&server, key).await
    {
        return answer;
    }
    match take(&server, &caller, &client, asked, content).await {
        Ok((scope, row)) => end(&server, key, scope, &row, language).await,
        Err(error) => told(&error, language),
    }
}

/// What is said of a file beside its bytes.
struct Asked {
    subject: Subject,
    name: String,
}

impl Asked {
    fn of(query: &str) -> Result<Self> {
        let value = |name: &'static str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let found = pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
            found.ok_or_else(|| Error::invalid(name, messages::required()))
        };
        let kind = match value("subjectKind")?.as_str() {
            "EXPENSE" => FileSubject::Expense,
            "BILL" => FileSubject::Bill,
            "LETTERHEAD" => FileSubject::Letterhead,
            _ => return Err(Error::NotFound { what: "subject", field: Some("subjectKind".into()) }),
        };
        let missing = || Error::NotFound { what: kind.text(), field: Some("subjectId".into()) };
        let id: Uuid = value("subjectId")?.parse().map_err(|_| missing())?;
        Ok(Self { subject: Subject { kind, id }, name: rules::name(&value("name")?)? })
    }
}

/// Whether a body says that it's a file: with none of the types that a form sends.
fn is_of_file(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let said = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    said == "application/octet-stream" || Media::named(&said).is_some()
}

/// Writes the bytes, then the row. The scope is still open: what was answered may be kept in it.
async fn take(
    server: &Server,
    caller: &Caller,
    client: &Client,
    asked: Asked,
    content: Vec<u8>,
) -> Result<(TenantScope, file::Model)> {
    let app = &server.app;
    let media = rules::media_for(asked.subject.kind, &content).await?;
    let access = caller.access(client)?;
    let scope = access.read(&app.db, &app.env).await?;
    rules::check(&scope, caller, asked.subject, Intent::Change).await?;
    scope.commit().await?;
    let id: FileId = app.env.id();
    let (size, sha256) = (content.len(), hex(&Sha256::digest(&content)));
    rules::announce(app, access.tenant().id, id).await?;
    app.files.put(access.tenant().id, id, content).await?;
    let scope = access.write(&app.db, &app.env).await?;
    // Once more: it may have been handed in meanwhile.
    rules::check(&scope, caller, asked.subject, Intent::Change).await?;
    let row =
        rules::keep(&scope, NewFile { id, subject: asked.subject, name: asked.name, media, size, sha256 }).await?;
    Ok((scope, row))
}

async fn end(
    server: &Server,
    key: Option<idempotency::Key>,
    scope: TenantScope,
    row: &file::Model,
    language: Language,
) -> Response {
    let file = serde_json::json!({
        "id": row.id, "name": row.name, "mediaType": row.media_type, "size": row.size, "sha256": row.sha256,
        "url": rules::address(row.id),
    });
    let data = serde_json::json!({ "uploadFile": { "file": file } });
    let answer = match async_graphql::Value::from_json(data) {
        Ok(data) => async_graphql::Response::new(data),
        Err(error) => return told(&Error::internal(error), language),
    };
    match key {
        Some(key) => idempotency::end(server, &key, scope, answer).await,
        None => match scope.commit().await {
            Ok(()) => respond(answer),
            Err(error) => told(&error, language),
        },
    }
}

fn refused(status: StatusCode, en: &str, ka: &str, language: Language) -> Response {
    refusal(status, "INVALID_INPUT", if language == Language::Ka { ka } else { en })
}

/// Gives a file.
pub(super) async fn download(
    State(server): State<Server>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Extension(request): Extension<RequestId>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let caller = match authenticate::caller(&server, &headers).await {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    let client = authenticate::client(&server.app.config, &headers, address, &request);
    let own = caller.as_ref().map(|caller| caller.user.language);
    let language = own.or(client.language).unwrap_or(Language::En);
    let Some(caller) = caller else { return told(&Error::Unauthenticated, language) };
    match find(&server, &caller, &client, &id).await {
        Ok(row) => match server.app.files.get(row.tenant_id, row.id).await {
            Ok(parts) => shown(&row, Body::from_stream(parts)),
            Err(error) => told(&error, language),
        },
        Err(error) => told(&error, language),
    }
}

/// The row of a file that somebody may see; what they may not see isn't there.
async fn find(server: &Server, caller: &Caller, client: &Client, id: &str) -> Result<file::Model> {
    let id: Uuid = id.parse().map_err(|_| Error::not_found("file"))?;
    let scope = caller.access(client)?.read(&server.app.db, &server.app.env).await?;
    let row = scope.require::<file::Entity>(FileId(id)).await?;
    let subject = Subject { kind: row.subject_kind, id: row.subject_id };
    let seen = rules::check(&scope, caller, subject, Intent::See).await;
    scope.commit().await?;
    match seen {
        Ok(()) => Ok(row),
        Err(Error::Internal(detail)) => Err(Error::Internal(detail)),
        Err(_) => Err(Error::not_found("file")),
    }
}

/// A file as HTTP. Only pictures are shown in the page's own origin; what could hold code is saved.
fn shown(row: &file::Model, body: Body) -> Response {
    let media = Media::named(&row.media_type);
    let how = if media.is_some_and(Media::is_shown) { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename*=UTF-8''{}", percent_encoded(&row.name));
    let headers = [
        (header::CONTENT_TYPE, media.map_or("application/octet-stream", Media::name)),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    let mut answer = body.into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer.headers_mut().insert(header::CONTENT_LENGTH, row.size.into());
    answer
}

/// A name as RFC 8187 wants it in a header.
pub(super) fn percent_encoded(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes().fold(String::with_capacity(name.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_into_headers_in_any_language() {
        assert_eq!(
            percent_encoded("ქვითარი \"1\".png"),
            "%E1%83%A5%E1%83%95%E1%83%98%E1%83%97%E1%83%90%E1%83%A0%E1%83%98%20%221%22.png"
        );
        assert_eq!(percent_encoded("a\r\nb"), "a%0D%0Ab");
    }

    #[test]
    fn forms_of_other_origins_send_no_files() {
        let of = |kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            is_of_file(&headers)
        };
        for form in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""] {
            assert!(!of(form), "{form}");
        }
        assert!(of("image/png") && of("Application/PDF; x=y") && of("application/octet-stream"));
        assert!(!is_of_file(&HeaderMap::new()));
    }
}
