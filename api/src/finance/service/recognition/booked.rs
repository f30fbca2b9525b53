//! What the ledger has of recognition: the one state that there is.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, ProjectId, ServiceId, SourceKind,
    journal_entry, journal_line,
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait as _, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};
use uuid::Uuid;

use super::arithmetic::{Amounts, Cut, Lines};
use crate::{db, error::Result, ledger::Dimensions, tenancy::TenantScope};

/// Balances by the documents that they are of.
pub(super) type Booked = BTreeMap<Uuid, Lines>;

/// The sum of a document's lines that are cut in the same way.
#[derive(FromQueryResult)]
struct Sum {
    source_id: Uuid,
    account_id: AccountId,
    currency: String,
    rate: i64,
    company_id: Option<CompanyId>,
    project_id: Option<ProjectId>,
    department_id: Option<DepartmentId>,
    cost_centre_id: Option<CostCentreId>,
    employee_id: Option<EmployeeId>,
    seller_id: Option<EmployeeId>,
    deal_id: Option<DealId>,
    service_id: Option<ServiceId>,
    amount_minor: i64,
    base_minor: i64,
}

impl Sum {
    fn split(self) -> (Uuid, Cut, Amounts) {
        let dimensions = Dimensions {
            company_id: self.company_id,
            project_id: self.project_id,
            department_id: self.department_id,
            cost_centre_id: self.cost_centre_id,
            employee_id: self.employee_id,
            seller_id: self.seller_id,
            deal_id: self.deal_id,
            service_id: self.service_id,
        };
        let cut = Cut { account_id: self.account_id, currency: self.currency, rate: self.rate, dimensions };
        (self.source_id, cut, Amounts { minor: self.amount_minor, base: self.base_minor })
    }
}

fn col(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}

/// Joins lines of the journal with their entries, of which only those of a kind of document are left, and asks which document.
pub(super) fn of_documents(scope: &TenantScope, mut lines: SelectStatement, kind: SourceKind) -> SelectStatement {
    use journal_entry::Column as E;
    use journal_line::Column as L;
    let of_line = col(E::TenantId).eq(col(L::TenantId)).and(col(E::Id).eq(col(L::EntryId)));
    lines
        .inner_join(journal_entry::Entity, of_line)
        .and_where(E::TenantId.eq(scope.tenant_id()))
        .and_where(E::SourceKind.eq(kind))
        .and_where(E::SourceId.is_not_null())
        .expr_as(col(E::SourceId), "source_id");
    lines
}

/// Sums of what recognition has booked, those of nothing left out.
fn sums(scope: &TenantScope, condition: Condition, by_date: bool) -> SelectStatement {
    use journal_line::Column as L;
    let (amount, base) = (db::sum(L::AmountMinor), db::sum(L::BaseMinor));
    let cuts = [
        L::AccountId,
        L::Currency,
        L::Rate,
        L::CompanyId,
        L::ProjectId,
        L::DepartmentId,
        L::CostCentreId,
        L::EmployeeId,
        L::SellerId,
        L::DealId,
        L::ServiceId,
    ];
    let select = scope
        .find::<journal_line::Entity>()
        .filter(condition)
        .having(Condition::any().add(amount.clone().ne(0_i64)).add(base.clone().ne(0_i64)))
        .select_only()
        .column_as(amount, "amount_minor")
        .column_as(base, "base_minor");
    let by_date = by_date.then_some(L::Date);
    let select = cuts.into_iter().chain(by_date).fold(select, |select, cut| select.column(cut).group_by(cut));
    let mut statement = of_documents(scope, select.into_query(), SourceKind::Recognition);
    statement.add_group_by([col(journal_entry::Column::SourceId)]);
    statement
}

/// What is booked of all documents at the end of a day.
pub(super) async fn at(scope: &TenantScope, date: NaiveDate) -> Result<Booked> {
    let condition = Condition::all().add(journal_line::Column::Date.lte(date));
    let mut booked = Booked::new();
    for sum in scope.query::<Sum>(&sums(scope, condition, false)).await? {
        let (document, cut, amounts) = sum.split();
        booked.entry(document).or_default().add(cut, amounts)?;
    }
    Ok(booked)
}

/// What was booked of one document, by the day.
pub(super) async fn of(scope: &TenantScope, document: Uuid) -> Result<BTreeMap<NaiveDate, Lines>> {
    #[derive(FromQueryResult)]
    struct OfDay {
        date: NaiveDate,
        #[sea_orm(nested)]
        sum: Sum,
    }
    let condition = Condition::all().add(journal_entry::Column::SourceId.eq(document));
    let mut booked: BTreeMap<NaiveDate, Lines> = BTreeMap::new();
    for row in scope.query::<OfDay>(&sums(scope, condition, true)).await? {
        let (_, cut, amounts) = row.sum.split();
        booked.entry(row.date).or_default().add(cut, amounts)?;
    }
    Ok(booked)
}

/// The first day after another on which something is booked, by the documents.
pub(super) async fn after(scope: &TenantScope, date: NaiveDate) -> Result<BTreeMap<Uuid, NaiveDate>> {
    #[derive(FromQueryResult)]
    struct Next {
        source_id: Uuid,
        date: NaiveDate,
    }
    use journal_entry::Column as E;
    let select = scope
        .find::<journal_entry::Entity>()
        .filter(E::SourceKind.eq(SourceKind::Recognition))
        .filter(E::SourceId.is_not_null())
        .filter(E::Date.gt(date))
        .select_only()
        .column(E::SourceId)
        .column_as(E::Date.min(), "date")
        .group_by(E::SourceId);
    let rows = scope.query::<Next>(&select.into_query()).await?;
    Ok(rows.into_iter().map(|row| (row.source_id, row.date)).collect())
}
