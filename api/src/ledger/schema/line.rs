//! Lines of the journal, as the API shows them: where every figure of a report leads.

use async_graphql::{Context, InputObject, Object, Result};
use kamara_entities::{
    JournalLineId, account, company, cost_centre, deal, department, employee, journal_entry, journal_line, project,
    service, tax_code,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};

use super::{Account, CostCentre, JournalEntry, TaxCode};
use crate::{
    companies::schema::Company,
    delivery::schema::{Project, Service},
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        filter::{AccountRoleFilter, AccountTypeFilter, Conditions, DateFilter, FilterOn, IdFilter},
        list, request,
    },
    identity::Permission,
    money,
    people::schema::{Department, Employee},
    sales::schema::Deal,
    tenancy::{Direction, Order},
};

shown! {
    /// A line of an entry.
    JournalLine(journal_line),
}

/// The lines of an entry.
pub(super) struct LinesOfEntry;

impl Children for LinesOfEntry {
    type Entity = journal_line::Entity;
    const PARENT: journal_line::Column = journal_line::Column::EntryId;
    const ORDER: Order<journal_line::Column> =
        Order { column: journal_line::Column::Position, direction: Direction::Asc };
}

#[Object]
impl JournalLine {
    /// Id.
    async fn id(&self) -> Id<JournalLineId> {
        Id(self.0.id)
    }

    /// The entry that it's a line of.
    async fn entry(&self, ctx: &Context<'_>) -> Result<JournalEntry> {
        Ok(JournalEntry(ctx.row::<journal_entry::Entity>(self.0.entry_id).await?))
    }

    /// Accounting date.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// Account.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.0.account_id).await?))
    }

    /// Debit in the base currency; zero for a credit.
    async fn debit(&self, ctx: &Context<'_>) -> Result<Dec> {
        let scope = request(ctx).read().await?;
        Ok(Dec(money::from_minor(self.0.base_minor.max(0), scope.base_currency())))
    }

    /// Credit in the base currency; zero for a debit.
    async fn credit(&self, ctx: &Context<'_>) -> Result<Dec> {
        let scope = request(ctx).read().await?;
        Ok(Dec(money::from_minor(self.0.base_minor.min(0).abs(), scope.base_currency())))
    }

    /// Amount in the transaction's currency: debit positive, credit negative.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// Base currency for one unit of the transaction's.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.0.rate))
    }

    /// What the line is for, where it says more than the entry.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Tax that it's of.
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.0.tax_code_id).await?.map(TaxCode))
    }

    /// What the tax is reckoned on, in the base currency: debit positive, credit negative.
    async fn tax_base(&self, ctx: &Context<'_>) -> Result<Option<Dec>> {
        let scope = request(ctx).read().await?;
        Ok(self.0.tax_base_minor.map(|base| Dec(money::from_minor(base, scope.base_currency()))))
    }

    /// The client whom it's earned from or spent for.
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.company_id).await?.map(Company))
    }

    /// Who owes or is owed.
    async fn party(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.party_id).await?.map(Company))
    }

    /// Project.
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        Ok(ctx.row_if_any::<project::Entity>(self.0.project_id).await?.map(Project))
    }

    /// Department.
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Department))
    }

    /// Cost centre.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.0.cost_centre_id).await?.map(CostCentre))
    }

    /// The employee who worked or spent.
    async fn employee(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.employee_id).await?.map(Employee))
    }

    /// The employee who sold.
    async fn seller(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.seller_id).await?.map(Employee))
    }

    /// Deal.
    async fn deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        Ok(ctx.row_if_any::<deal::Entity>(self.0.deal_id).await?.map(Deal))
    }

    /// Service.
    async fn service(&self, ctx: &Context<'_>) -> Result<Option<Service>> {
        Ok(ctx.row_if_any::<service::Entity>(self.0.service_id).await?.map(Service))
    }
}

ordering! {
    /// What lines are sorted by.
    JournalLineOrder, JournalLineOrderField of journal_line, default Seq Desc,
    {
        /// By the entry's number.
        Seq => Seq,
        /// By accounting date.
        Date => Date,
    }
}

/// Which lines: those behind a figure of a report have its dates, its kind of account, and its row's key.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct JournalLineFilter {
    /// Accounting date.
    date: Option<DateFilter>,
    /// Account.
    account_id: Option<IdFilter>,
    /// Kind of account.
    account_type: Option<AccountTypeFilter>,
    /// What the account is used for.
    account_role: Option<AccountRoleFilter>,
    /// The document that its entry comes from.
    source_id: Option<IdFilter>,
    /// Tax that it's of.
    tax_code_id: Option<IdFilter>,
    /// The client whom it's earned from or spent for.
    company_id: Option<IdFilter>,
    /// Who owes or is owed.
    party_id: Option<IdFilter>,
    /// Project.
    project_id: Option<IdFilter>,
    /// Department.
    department_id: Option<IdFilter>,
    /// Cost centre.
    cost_centre_id: Option<IdFilter>,
    /// The employee who worked or spent.
    employee_id: Option<IdFilter>,
    /// The employee who sold.
    seller_id: Option<IdFilter>,
    /// Deal.
    deal_id: Option<IdFilter>,
    /// Service.
    service_id: Option<IdFilter>,
}

/// Asking for lines.
#[derive(Default)]
pub(crate) struct LineQuery;

#[Object]
impl LineQuery {
    /// Lines of the journal.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn journal_lines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: JournalLineFilter,
        order_by: Option<JournalLineOrder>,
    ) -> Result<Listed<JournalLine>> {
        use journal_line::Column as C;
        let scope = request(ctx).read().await?;
        let on_accounts = |condition: Condition| {
            let accounts = scope.find::<account::Entity>().filter(condition);
            C::AccountId.in_subquery(accounts.select_only().column(account::Column::Id).into_query())
        };
        let of_type = filter.account_type.map(|of_type| on_accounts(of_type.condition(account::Column::AccountType)));
        let of_role = filter.account_role.map(|of_role| on_accounts(of_role.condition(account::Column::Role)));
        let of_source = filter.source_id.map(|source| {
            let entries =
                scope.find::<journal_entry::Entity>().filter(source.condition(journal_entry::Column::SourceId));
            C::EntryId.in_subquery(entries.select_only().column(journal_entry::Column::Id).into_query())
        });
        let condition = Condition::all().add_option(of_type).add_option(of_role).add_option(of_source);
        drop(scope);
        let condition = Conditions::new()
            .on(C::Date, filter.date)
            .on(C::AccountId, filter.account_id)
            .and(Some(condition))
            .on(C::TaxCodeId, filter.tax_code_id)
            .on(C::CompanyId, filter.company_id)
            .on(C::PartyId, filter.party_id)
            .on(C::ProjectId, filter.project_id)
            .on(C::DepartmentId, filter.department_id)
            .on(C::CostCentreId, filter.cost_centre_id)
            .on(C::EmployeeId, filter.employee_id)
            .on(C::SellerId, filter.seller_id)
            .on(C::DealId, filter.deal_id)
            .on(C::ServiceId, filter.service_id);
        let order = JournalLineOrder::or_default(order_by);
        list::<journal_line::Entity, _>(ctx, Paging { first, after }, condition.all(), order).await
    }
}
