//! `GET /documents/invoices/{id}.pdf`, `GET /documents/payments/{id}.pdf` and
//! `GET /documents/statements/{companyId}.pdf?from=…&to=…`: documents as they are sent.
//!
//! Who asks is told as for GraphQL. What a document says is read in one scope, which is closed before it's set.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Extension, Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use kamara_entities::{CompanyId, InvoiceId, Language, PaymentId};
use url::form_urlencoded;
use uuid::Uuid;

use super::{Server, authenticate, files::percent_encoded, observe::RequestId, told};
use crate::{
    error::{Error, Result},
    finance::service::documents::{self as rules, ToSet},
    graphql::Client,
    identity::{Caller, Permission},
    messages,
    tenancy::TenantScope,
    text,
};

/// Which document is asked for.
enum Asked {
    Invoice(InvoiceId),
    Payment(PaymentId),
    Statement(CompanyId, NaiveDate, NaiveDate),
}

impl Asked {
    fn parse(kind: &str, file: &str, query: &str) -> Result<Self> {
        Ok(match kind {
            "invoices" => Self::Invoice(id(file, "invoice")?.into()),
            "payments" => Self::Payment(id(file, "payment")?.into()),
            "statements" => Self::Statement(id(file, "company")?.into(), day(query, "from")?, day(query, "to")?),
            _ => return Err(Error::not_found("document")),
        })
    }

    /// What an invoice says is for whoever sees invoices; what a client paid, for who sees the books.
    const fn permission(&self) -> Permission {
        match self {
            Self::Invoice(_) => Permission::InvoicesRead,
            Self::Payment(_) | Self::Statement(..) => Permission::FinanceRead,
        }
    }

    async fn read(&self, scope: &TenantScope) -> Result<ToSet> {
        match *self {
            Self::Invoice(id) => rules::invoice(scope, id).await,
            Self::Payment(id) => rules::payment(scope, id).await,
            Self::Statement(company, from, to) => rules::statement(scope, company, from, to).await,
        }
    }
}

/// Gives a document: an invoice or a credit note, the receipt or the advice of a payment, the statement of a client's account.
pub(super) async fn document(
    State(server): State<Server>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Extension(request): Extension<RequestId>,
    Path((kind, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
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
    let asked = Asked::parse(&kind, &file, &query.unwrap_or_default());
    let pdf = async { pdf(&server, &caller, &client, asked?).await };
    match pdf.await {
        Ok((name, bytes)) => shown(&name, bytes),
        Err(error) => told(&error, language),
    }
}

/// The id in `{id}.pdf`; what is none names nothing.
fn id(file: &str, what: &'static str) -> Result<Uuid> {
    file.strip_suffix(".pdf").and_then(|id| id.parse().ok()).ok_or(Error::not_found(what))
}

fn day(query: &str, name: &'static str) -> Result<NaiveDate> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(known, _)| known == name);
    let (_, value) = found.ok_or_else(|| Error::invalid(name, messages::required()))?;
    text::day(&value).ok_or_else(|| Error::invalid(name, messages::day()))
}

async fn pdf(server: &Server, caller: &Caller, client: &Client, asked: Asked) -> Result<(String, Vec<u8>)> {
    if !caller.may(asked.permission()) {
        return Err(Error::Forbidden);
    }
    let scope = caller.access(client)?.read(&server.app.db, &server.app.env).await?;
    let tenant = scope.tenant_id();
    let document = asked.read(&scope).await?;
    scope.commit().await?;
    let name = document.name.clone();
    Ok((name, document.pdf(&server.app.files, tenant).await?))
}

/// A document as HTTP, which browsers show: it's made by us, and holds no code.
fn shown(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("inline; filename*=UTF-8''{}.pdf", percent_encoded(name));
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    let mut answer = bytes.into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}
