//! The audit, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    EventId, TenantEntity, account, company, contact, control::membership, cost_centre, deal, department, employee,
    event, invoice, pipeline, project, service, stage, tax_code,
};
use sea_orm::{ColumnTrait, Condition, ExprTrait as _};
use uuid::Uuid;

use super::{Change, changes, subject_name};
use crate::{
    graphql::{
        Can, Id, Listed, Loading as _, Paging, complexity,
        filter::{Conditions, FilterOn as _, InstantFilter, Raw, words},
        list, request,
    },
    identity::{Permission, schema::Member},
    tenancy::{Direction, Order},
};

shown! {
    /// A change that was made.
    AuditEvent(event),
}

#[Object]
impl AuditEvent {
    /// Id.
    async fn id(&self) -> Id<EventId> {
        Id(self.0.id)
    }

    /// What was done: `create`, `update`, `archive`, `restore`, or a business act by its verb.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// The kind of record that was changed: `invoice`, `company`…
    async fn subject_kind(&self) -> &str {
        &self.0.subject_kind
    }

    /// Its id.
    async fn subject_id(&self) -> Id<Raw> {
        Id(Raw(self.0.subject_id))
    }

    /// What a person knows it by, as it was then.
    async fn subject_name(&self) -> Option<String> {
        subject_name(self.0.before.as_ref(), self.0.after.as_ref())
    }

    /// Who did it; nobody, when an operator did.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.created_by).await
    }

    /// Where it came from: a request's id, `import`, `sign-up`…
    async fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The address that it came from, where it came through the API.
    async fn ip(&self) -> Option<&str> {
        self.0.ip.as_deref()
    }

    /// When.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The fields that are other than they were; of a new record those that it has.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<FieldChange>> {
        let caller = request(ctx).caller()?;
        let (rows, sees_pay) = ((self.0.before.as_ref(), self.0.after.as_ref()), caller.may(Permission::PayRead));
        let changes = changes(&self.0.subject_kind, rows, &caller.place()?.tenant.base_currency, sees_pay);
        Ok(changes.into_iter().map(FieldChange).collect())
    }
}

/// A field that is other than it was.
pub(crate) struct FieldChange(Change);

#[Object]
impl FieldChange {
    /// The field's name.
    async fn field(&self) -> &str {
        &self.0.field
    }

    /// What it was.
    async fn before(&self) -> Option<&str> {
        self.0.before.as_deref()
    }

    /// What it is.
    async fn after(&self) -> Option<&str> {
        self.0.after.as_deref()
    }

    /// The name of the record that it referred to.
    async fn before_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        name(ctx, &self.0.field, self.0.before.as_deref()).await
    }

    /// The name of the record that it refers to.
    async fn after_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        name(ctx, &self.0.field, self.0.after.as_deref()).await
    }
}

/// The name of the record that a field names; of each kind all are loaded at once.
async fn name(ctx: &Context<'_>, field: &str, id: Option<&str>) -> Result<Option<String>> {
    let Some(id) = id.and_then(|id| Uuid::parse_str(id).ok()) else { return Ok(None) };
    match field {
        "companyId" | "supplierId" | "partyId" | "clientId" => {
            of::<company::Entity>(ctx, id, |row| Some(row.name)).await
        }
        "contactId" => of::<contact::Entity>(ctx, id, |row| Some(row.name)).await,
        "dealId" => of::<deal::Entity>(ctx, id, |row| Some(row.name)).await,
        "pipelineId" => of::<pipeline::Entity>(ctx, id, |row| Some(row.name)).await,
        "stageId" => of::<stage::Entity>(ctx, id, |row| Some(row.name)).await,
        "serviceId" => of::<service::Entity>(ctx, id, |row| Some(row.name)).await,
        "projectId" => of::<project::Entity>(ctx, id, |row| Some(row.name)).await,
        "departmentId" => of::<department::Entity>(ctx, id, |row| Some(row.name)).await,
        "employeeId" | "sellerId" | "managerId" => of::<employee::Entity>(ctx, id, |row| Some(row.name)).await,
        "membershipId" | "ownerId" => of::<membership::Entity>(ctx, id, |row| Some(row.name)).await,
        "costCentreId" => of::<cost_centre::Entity>(ctx, id, |row| Some(row.name)).await,
        "taxCodeId" => of::<tax_code::Entity>(ctx, id, |row| Some(row.code)).await,
        "accountId" | "incomeAccountId" | "paymentAccountId" => {
            of::<account::Entity>(ctx, id, |row| Some(format!("{} {}", row.code, row.name))).await
        }
        "invoiceId" | "creditsId" => of::<invoice::Entity>(ctx, id, |row| row.number).await,
        _ => Ok(None),
    }
}

async fn of<E: TenantEntity<Id: From<Uuid>>>(
    ctx: &Context<'_>,
    id: Uuid,
    name: impl FnOnce(E::Row) -> Option<String>,
) -> Result<Option<String>> {
    Ok(name(ctx.row::<E>(id.into()).await?))
}

/// Which changes.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AuditFilter {
    /// Words, all of which are in what was written, or name the kind of record or what was done.
    search: Option<String>,
    /// The kind of record: `invoice`, `company`…
    subject_kind: Option<String>,
    /// The record.
    subject_id: Option<Id<Raw>>,
    /// Who did it.
    actor_id: Option<Id<Raw>>,
    /// What was done: `create`, `update`…
    action: Option<String>,
    /// Where it came from: a request's id, `import`…
    origin: Option<String>,
    /// When.
    created_at: Option<InstantFilter>,
}

impl AuditFilter {
    /// Without `sees_pay` nothing is searched that tells what people cost.
    fn condition(self, sees_pay: bool) -> Condition {
        use event::Column as C;
        let hides = self.search.is_some() && !sees_pay;
        let search = self.search.map(|search| {
            words(&search, |pattern| {
                let has = |column: C| sea_orm::sea_query::Func::lower(column.into_expr().cast_as("text"));
                [C::After, C::Before, C::Action, C::SubjectKind].into_iter().fold(Condition::any(), |any, column| {
                    any.add(sea_orm::sea_query::Expr::expr(has(column)).like(pattern.clone()))
                })
            })
        });
        Conditions::new()
            .and(self.subject_kind.map(|kind| Condition::all().add(C::SubjectKind.eq(kind))))
            .and(self.subject_id.map(|id| Condition::all().add(C::SubjectId.eq(id.0.0))))
            .and(self.actor_id.map(|id| Condition::all().add(C::CreatedBy.eq(id.0.0))))
            .and(self.action.map(|action| Condition::all().add(C::Action.eq(action))))
            .and(self.origin.map(|origin| Condition::all().add(C::Origin.eq(origin))))
            .and(self.created_at.map(|range| range.of_ids(C::Id).add(range.condition(C::CreatedAt))))
            .and(hides.then(|| Condition::all().add(C::SubjectKind.is_not_in(["employee", "time_entry"]))))
            .and(search)
            .all()
    }
}

/// Asking who did what.
#[derive(Default)]
pub(crate) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Every change that was made, newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::AuditRead)")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: AuditFilter,
    ) -> Result<Listed<AuditEvent>> {
        let sees_pay = request(ctx).caller()?.may(Permission::PayRead);
        // Ids rise with time, so the primary key gives the order, and no index is written with each change for it.
        let order = Order { column: event::Column::Id, direction: Direction::Desc };
        list::<event::Entity, _>(ctx, Paging { first, after }, filter.condition(sees_pay), order).await
    }
}
