//! The audit, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    EventId, TenantEntity, account, allocation_rule, bank_account, bill, budget, company, contact, control::membership,
    cost_centre, deal, department, employee, event, expense, expense_category, invoice, journal_entry, payment,
    pipeline, project, service, stage, tax_code,
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait as _,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

use super::{Change, changes, subject_name};
use crate::{
    graphql::{
        Can, Id, Listed, Loading as _, Paging, complexity,
        filter::{Conditions, DateFilter, FilterOn as _, IdFilter, InstantFilter, Raw, StringFilter, words},
        list, request,
    },
    identity::{Permission, schema::Member},
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

    /// The fields that are other than they were, those of a draft's lines among them; of a new record those that it has.
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
    /// The field's name; that of a part with its place: `lines.2.accountId`. A part without a place is told as one that's gone or
    /// new, and of more than 200 parts it's told how many they are.
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
        name(ctx, self.0.refers_to.as_deref(), self.0.before.as_deref()).await
    }

    /// The name of the record that it refers to.
    async fn after_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        name(ctx, self.0.refers_to.as_deref(), self.0.after.as_deref()).await
    }
}

/// What a person knows the record by whose id a field holds; of each kind all are loaded at once.
async fn name(ctx: &Context<'_>, refers_to: Option<&str>, id: Option<&str>) -> Result<Option<String>> {
    let id = id.and_then(|id| Uuid::parse_str(id).ok());
    let (Some(kind), Some(id)) = (refers_to, id) else { return Ok(None) };
    match kind {
        "account" => of::<account::Entity>(ctx, id, |row| Some(format!("{} {}", row.code, row.name))).await,
        "allocation_rule" => of::<allocation_rule::Entity>(ctx, id, |row| Some(row.name)).await,
        "bank_account" => of::<bank_account::Entity>(ctx, id, |row| Some(row.name)).await,
        "bill" => of::<bill::Entity>(ctx, id, |row| row.number.or(row.supplier_number)).await,
        "budget" => of::<budget::Entity>(ctx, id, |row| Some(row.name)).await,
        "company" => of::<company::Entity>(ctx, id, |row| Some(row.name)).await,
        "contact" => of::<contact::Entity>(ctx, id, |row| Some(row.name)).await,
        "cost_centre" => of::<cost_centre::Entity>(ctx, id, |row| Some(row.name)).await,
        "deal" => of::<deal::Entity>(ctx, id, |row| Some(row.name)).await,
        "department" => of::<department::Entity>(ctx, id, |row| Some(row.name)).await,
        "employee" => of::<employee::Entity>(ctx, id, |row| Some(row.name)).await,
        "expense" => of::<expense::Entity>(ctx, id, |row| Some(row.description)).await,
        "expense_category" => of::<expense_category::Entity>(ctx, id, |row| Some(row.name)).await,
        "invoice" => of::<invoice::Entity>(ctx, id, |row| row.number).await,
        "journal_entry" => of::<journal_entry::Entity>(ctx, id, |row| Some(row.description)).await,
        "membership" => of::<membership::Entity>(ctx, id, |row| Some(row.name)).await,
        "payment" => of::<payment::Entity>(ctx, id, |row| row.reference).await,
        "pipeline" => of::<pipeline::Entity>(ctx, id, |row| Some(row.name)).await,
        "project" => of::<project::Entity>(ctx, id, |row| Some(row.name)).await,
        "service" => of::<service::Entity>(ctx, id, |row| Some(row.name)).await,
        "stage" => of::<stage::Entity>(ctx, id, |row| Some(row.name)).await,
        "tax_code" => of::<tax_code::Entity>(ctx, id, |row| Some(row.code)).await,
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

ordering! {
    /// What changes are sorted by.
    AuditEventOrder, AuditEventOrderField of event, default CreatedAt Desc,
    {
        /// By when they were made: ids rise with time, so the primary key gives the order.
        CreatedAt => Id,
    }
}

/// Which changes.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AuditFilter {
    /// Words, all of which are in what was written, or name the kind of record or what was done.
    search: Option<String>,
    /// The kind of record: `invoice`, `company`…
    subject_kind: Option<StringFilter>,
    /// The record.
    subject_id: Option<IdFilter>,
    /// Who did it.
    actor_id: Option<IdFilter>,
    /// What was done: `create`, `update`…
    action: Option<StringFilter>,
    /// Where it came from: a request's id, `import`…
    origin: Option<StringFilter>,
    /// When, to the instant.
    created_at: Option<InstantFilter>,
    /// When, by the day in the workspace's time zone.
    date: Option<DateFilter>,
}

impl AuditFilter {
    /// Without `sees_pay` nothing is searched that tells what people cost.
    fn condition(self, zone: chrono_tz::Tz, sees_pay: bool) -> Condition {
        use event::Column as C;
        let hides = self.search.is_some() && !sees_pay;
        let when = |range: InstantFilter| range.of_ids(C::Id).add(range.condition(C::CreatedAt));
        Conditions::new()
            .on(C::SubjectKind, self.subject_kind)
            .on(C::SubjectId, self.subject_id)
            .on(C::CreatedBy, self.actor_id)
            .on(C::Action, self.action)
            .on(C::Origin, self.origin)
            .and(self.created_at.map(when))
            .and(self.date.map(|days| when(days.instants(zone))))
            .and(hides.then(|| Condition::all().add(C::SubjectKind.is_not_in(["employee", "time_entry"]))))
            .and(self.search.map(|search| found(&search)))
            .all()
    }
}

/// Each word of a search is in what was written, or names the kind of record or what was done.
fn found(search: &str) -> Condition {
    use event::Column as C;
    words(search, |pattern| {
        [C::After, C::Before, C::Action, C::SubjectKind].into_iter().fold(Condition::any(), |any, column| {
            let text = Func::lower(column.into_expr().cast_as("text"));
            any.add(Expr::expr(text).like(pattern.clone()))
        })
    })
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
        order_by: Option<AuditEventOrder>,
    ) -> Result<Listed<AuditEvent>> {
        let caller = request(ctx).caller()?;
        let zone = caller.place()?.tenant.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC);
        let condition = filter.condition(zone, caller.may(Permission::PayRead));
        let order = AuditEventOrder::or_default(order_by);
        list::<event::Entity, _>(ctx, Paging { first, after }, condition, order).await
    }
}
