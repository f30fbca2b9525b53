//! Mutations that a client may send again without doing them twice: with an `Idempotency-Key`, the answer is written in the
//! mutation's own transaction, and given again to the same request for a day.

use async_graphql::parser::{
    parse_query,
    types::{OperationType, Selection},
};
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::TimeDelta;
use kamara_entities::control::idempotency;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, SqlErr};
use sha2::{Digest, Sha256};

use super::{
    Server,
    graphql::{execute, respond},
    refusal,
};
use crate::{env::hex, graphql::Request, identity::Caller, tenancy::TenantScope};

/// How long an answer is kept.
const LASTS: TimeDelta = TimeDelta::hours(24);

/// A request that carries a key.
pub(super) struct Key {
    actor: String,
    value: String,
    body_hash: String,
}

impl Key {
    /// The key of a request, if it has one. Without a tenant there's nothing that could be done twice: those mutations are
    /// log-ins and such, whose answers hold secrets and aren't kept.
    pub(super) fn of(
        headers: &HeaderMap,
        caller: Option<&Caller>,
        body: &[&[u8]],
    ) -> Result<Option<Self>, &'static str> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
        let value = value.to_str().ok().filter(|key| (1..=200).contains(&key.len()));
        let value = value.ok_or("An Idempotency-Key has 1 to 200 characters.")?.to_owned();
        let Some((caller, place)) = caller.and_then(|caller| Some((caller, caller.place.as_ref()?))) else {
            return Ok(None);
        };
        let actor = format!("{}:{}", place.tenant.id, caller.user.id);
        let hash = body.iter().fold(Sha256::new(), sha2::Digest::chain_update).finalize();
        Ok(Some(Self { actor, value, body_hash: hex(&hash) }))
    }
}

/// Answers a request that carries a key.
pub(super) async fn answer(server: &Server, key: &Key, request: Request, parsed: async_graphql::Request) -> Response {
    if !holds_one_mutation(&parsed) {
        let message = "A request with an Idempotency-Key holds one mutation field.";
        return refusal(StatusCode::BAD_REQUEST, "INVALID_INPUT", message);
    }
    if let Some(answer) = given_before(server, key).await {
        return answer;
    }
    let response = execute(server, request.clone(), parsed).await;
    let Some(scope) = request.take_scope().await else { return respond(response) };
    if !response.errors.is_empty() {
        // The scope is dropped: nothing was done, and the key may be used again.
        return respond(response);
    }
    end(server, key, scope, response).await
}

/// What was answered to the same request before.
pub(super) async fn given_before(server: &Server, key: &Key) -> Option<Response> {
    earlier(server, key).await.unwrap_or_else(|error| Some(fault(&error)))
}

/// Keeps what a request did, and its answer beside it.
pub(super) async fn end(server: &Server, key: &Key, scope: TenantScope, response: async_graphql::Response) -> Response {
    let body = match serde_json::to_string(&response) {
        Ok(body) => body,
        Err(error) => return fault(&error),
    };
    let row = idempotency::ActiveModel {
        actor: Set(key.actor.clone()),
        key: Set(key.value.clone()),
        body_hash: Set(key.body_hash.clone()),
        answer: Set(body),
        created_at: Set(server.app.env.now()),
    };
    match row.insert(scope.control()).await {
        Ok(_) => {}
        // The same request was faster: what this one did is dropped, and that one's answer given.
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            drop(scope);
            return match earlier(server, key).await {
                Ok(Some(answer)) => answer,
                Ok(None) => fault(&"an answer that was just kept is gone"),
                Err(error) => fault(&error),
            };
        }
        Err(error) => return fault(&error),
    }
    match scope.commit().await {
        Ok(()) => respond(response),
        Err(error) => fault(&error),
    }
}

fn fault(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "a request with an idempotency key failed");
    super::failed()
}

/// The answer that was given before, or that the key belongs to another request.
#[expect(clippy::disallowed_methods, reason = "a control table, by the caller's own key")]
async fn earlier(server: &Server, key: &Key) -> Result<Option<Response>, sea_orm::DbErr> {
    let now = server.app.env.now();
    let select = idempotency::Entity::find_by_id((key.actor.clone(), key.value.clone()));
    let Some(row) = select.one(server.app.db.reader()).await? else { return Ok(None) };
    if row.created_at + LASTS <= now {
        let transaction = server.app.db.begin().await?;
        forget(&transaction, now - LASTS).await?;
        transaction.commit().await?;
        return Ok(None);
    }
    if row.body_hash != key.body_hash {
        let message = "This Idempotency-Key belongs to another request.";
        return Ok(Some(refusal(StatusCode::CONFLICT, "CONFLICT", message)));
    }
    let kept: async_graphql::Response = match serde_json::from_str(&row.answer) {
        Ok(kept) => kept,
        Err(error) => return Err(sea_orm::DbErr::Custom(error.to_string())),
    };
    Ok(Some(respond(kept)))
}

#[expect(clippy::disallowed_methods, reason = "a control table: what is older than a day goes")]
async fn forget(
    connection: &impl ConnectionTrait,
    before: chrono::DateTime<chrono::Utc>,
) -> Result<(), sea_orm::DbErr> {
    idempotency::Entity::delete_many().filter(idempotency::Column::CreatedAt.lte(before)).exec(connection).await?;
    Ok(())
}

fn holds_one_mutation(parsed: &async_graphql::Request) -> bool {
    let Ok(document) = parse_query(&parsed.query) else { return true };
    let mut operations = document.operations.iter().map(|(_, operation)| operation);
    operations.all(|operation| {
        let items = &operation.node.selection_set.node.items;
        operation.node.ty == OperationType::Mutation
            && items.len() == 1
            && matches!(items.first().map(|item| &item.node), Some(Selection::Field(_)))
    })
}
