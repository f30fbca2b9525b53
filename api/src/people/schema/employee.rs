//! Employees, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{DepartmentId, EmployeeId, MembershipId, department, employee};
use sea_orm::Condition;

use super::Department;
use crate::{
    error::{self, Error},
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        filter::{Conditions, DateFilter, IdFilter, StringFilter},
        list, nested, request,
    },
    identity::{Permission, schema::Member},
    money,
    people::service,
    tenancy::{Direction, Order},
};

shown! {
    /// A person who works for us.
    Employee(employee),
}

struct Reports;
impl Children for Reports {
    type Entity = employee::Entity;
    const PARENT: employee::Column = employee::Column::ManagerId;
    const ORDER: Order<employee::Column> = Order { column: employee::Column::SortKey, direction: Direction::Asc };
}

#[Object]
impl Employee {
    /// Id.
    async fn id(&self) -> Id<EmployeeId> {
        Id(self.0.id)
    }

    /// Full name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Our own number for the person.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Position.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// E-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Telephone.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// Where the person belongs.
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Department))
    }

    /// To whom the person reports.
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.manager_id).await?.map(Employee))
    }

    /// Who reports to the person directly, by name.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn reports(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Employee>> {
        nested::<Reports, _>(ctx, self.0.id.0, Paging { first, after }).await
    }

    /// The person's log-in, if there is one.
    async fn membership(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.membership_id).await
    }

    /// First day at work.
    async fn hired_on(&self) -> Option<Date> {
        self.0.hired_on.map(Date)
    }

    /// What an hour costs us; null for whoever may not see pay.
    async fn cost_rate(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        // Not an error: who may not see pay may see the list.
        let caller = request(ctx).caller()?;
        let rate = self.0.cost_rate.filter(|_| caller.may(Permission::PayRead));
        let currency = &caller.place()?.tenant.base_currency;
        Ok(rate.map(|rate| Money::price(rate, currency)))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

ordering! {
    /// What employees are sorted by. Not by what they cost, which would tell it.
    EmployeeOrder, EmployeeOrderField of employee, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By number.
        Code => Code,
        /// By first day at work.
        HiredOn => HiredOn,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which employees.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct EmployeeFilter {
    /// Words, all of which are in the name, number, position, address or telephone.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Number.
    code: Option<StringFilter>,
    /// Where the person belongs.
    department_id: Option<IdFilter>,
    /// To whom the person reports.
    manager_id: Option<IdFilter>,
    /// The person's log-in.
    membership_id: Option<IdFilter>,
    /// First day at work.
    hired_on: Option<DateFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl EmployeeFilter {
    fn condition(self) -> Condition {
        use employee::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::Code, self.code)
            .on(C::DepartmentId, self.department_id)
            .on(C::ManagerId, self.manager_id)
            .on(C::MembershipId, self.membership_id)
            .on(C::HiredOn, self.hired_on)
            .all()
    }
}

/// Asking for employees.
#[derive(Default)]
pub(crate) struct EmployeeQuery;

#[Object]
impl EmployeeQuery {
    /// The people who work for us.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::PeopleRead)")]
    async fn employees(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: EmployeeFilter,
        order_by: Option<EmployeeOrder>,
    ) -> Result<Listed<Employee>> {
        let order = EmployeeOrder::or_default(order_by);
        list::<employee::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A person who works for us.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn employee(&self, ctx: &Context<'_>, id: Id<EmployeeId>) -> Result<Employee> {
        Ok(Employee(request(ctx).read().await?.require::<employee::Entity>(id.0).await?))
    }
}

/// A new employee.
#[derive(InputObject)]
pub(crate) struct CreateEmployeeInput {
    /// Full name.
    name: String,
    /// Our own number for the person.
    code: Option<String>,
    /// Position.
    title: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// Telephone.
    phone: Option<String>,
    /// Where the person belongs.
    department_id: Option<Id<DepartmentId>>,
    /// To whom the person reports.
    manager_id: Option<Id<EmployeeId>>,
    /// The person's log-in.
    membership_id: Option<Id<MembershipId>>,
    /// First day at work.
    hired_on: Option<Date>,
    /// What an hour costs us, in the currency of the books; for who may see pay.
    cost_rate: Option<Dec>,
}

impl CreateEmployeeInput {
    fn values(self, ctx: &Context<'_>) -> error::Result<employee::New> {
        Ok(employee::New {
            name: self.name,
            sort_key: String::new(),
            search_text: String::new(),
            code: self.code,
            title: self.title,
            email: self.email,
            phone: self.phone,
            department_id: self.department_id.map(|id| id.0),
            manager_id: self.manager_id.map(|id| id.0),
            membership_id: self.membership_id.map(|id| id.0),
            hired_on: self.hired_on.map(|date| date.0),
            cost_rate: self.cost_rate.map(|rate| cost_rate(ctx, rate)).transpose()?,
            source: None,
            external_id: None,
        })
    }
}

/// A cost rate as it is stored; only who may see pay may set it.
fn cost_rate(ctx: &Context<'_>, rate: Dec) -> error::Result<i64> {
    may_set_pay(ctx)?;
    money::to_micro("costRate", rate.0)
}

fn may_set_pay(ctx: &Context<'_>) -> error::Result<()> {
    if request(ctx).caller()?.may(Permission::PayRead) { Ok(()) } else { Err(Error::Forbidden) }
}

/// A change of an employee: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateEmployeeInput {
    /// The employee.
    id: Id<EmployeeId>,
    /// The version that was read.
    version: i32,
    /// Full name.
    name: Option<String>,
    /// Our own number for the person.
    code: MaybeUndefined<String>,
    /// Position.
    title: MaybeUndefined<String>,
    /// E-mail address.
    email: MaybeUndefined<String>,
    /// Telephone.
    phone: MaybeUndefined<String>,
    /// Where the person belongs.
    department_id: MaybeUndefined<Id<DepartmentId>>,
    /// To whom the person reports.
    manager_id: MaybeUndefined<Id<EmployeeId>>,
    /// The person's log-in.
    membership_id: MaybeUndefined<Id<MembershipId>>,
    /// First day at work.
    hired_on: MaybeUndefined<Date>,
    /// What an hour costs us, in the currency of the books; for who may see pay.
    cost_rate: MaybeUndefined<Dec>,
}

impl UpdateEmployeeInput {
    /// The cost rate as it shall be stored. What is left out needs no right; emptying does.
    fn cost_rate(&self, ctx: &Context<'_>) -> error::Result<MaybeUndefined<i64>> {
        Ok(match self.cost_rate {
            MaybeUndefined::Undefined => MaybeUndefined::Undefined,
            MaybeUndefined::Null => {
                may_set_pay(ctx)?;
                MaybeUndefined::Null
            }
            MaybeUndefined::Value(rate) => MaybeUndefined::Value(cost_rate(ctx, rate)?),
        })
    }

    fn apply(self, cost_rate: MaybeUndefined<i64>, new: &mut employee::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.code.update_to(&mut new.code);
        self.title.update_to(&mut new.title);
        self.email.update_to(&mut new.email);
        self.phone.update_to(&mut new.phone);
        self.department_id.map_value(|id| id.0).update_to(&mut new.department_id);
        self.manager_id.map_value(|id| id.0).update_to(&mut new.manager_id);
        self.membership_id.map_value(|id| id.0).update_to(&mut new.membership_id);
        self.hired_on.map_value(|date| date.0).update_to(&mut new.hired_on);
        cost_rate.update_to(&mut new.cost_rate);
    }
}

payloads! {
    CreateEmployeePayload { employee: Employee },
    UpdateEmployeePayload { employee: Employee },
}

archiving! {
    EmployeeArchiving, employee, EmployeeId, Employee, employee, PeopleWrite,
    archive_employee(ArchiveEmployeeInput) -> ArchiveEmployeePayload,
    restore_employee(RestoreEmployeeInput) -> RestoreEmployeePayload
}

/// Making and changing employees.
#[derive(Default)]
pub(crate) struct EmployeeMutation;

#[Object]
impl EmployeeMutation {
    /// Makes an employee.
    #[graphql(guard = "Can(Permission::PeopleWrite)")]
    async fn create_employee(&self, ctx: &Context<'_>, input: CreateEmployeeInput) -> Result<CreateEmployeePayload> {
        let new = input.values(ctx)?;
        let scope = request(ctx).write().await?;
        let employee = service::create_employee(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(employee.into())
    }

    /// Changes an employee.
    #[graphql(guard = "Can(Permission::PeopleWrite)")]
    async fn update_employee(&self, ctx: &Context<'_>, input: UpdateEmployeeInput) -> Result<UpdateEmployeePayload> {
        let cost_rate = input.cost_rate(ctx)?;
        let (id, version) = (input.id.0, input.version);
        let scope = request(ctx).write().await?;
        let employee = service::update_employee(&scope, id, version, |new| input.apply(cost_rate, new)).await?;
        request(ctx).commit(scope).await?;
        Ok(employee.into())
    }
}
