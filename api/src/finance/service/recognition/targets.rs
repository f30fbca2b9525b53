//! What should wait at the end of a day: revenue that is billed and not earned, or earned and not billed.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use kamara_entities::{
    AccountRole, DepartmentId, InvoiceId, InvoiceKind, InvoiceStatus, ProjectId, SourceKind, invoice, invoice_line,
    journal_entry, journal_line, project,
};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    arithmetic::{Amounts, Cut, Lines, Period},
    booked::of_documents,
};
use crate::{
    db::PARAMETERS_MAX,
    error::Result,
    ledger::{
        Accounts, Dimensions,
        splits::{self, Shares},
    },
    money,
    tenancy::TenantScope,
};

/// Where an invoice stands that has a number.
const NUMBERED: [InvoiceStatus; 4] =
    [InvoiceStatus::Issued, InvoiceStatus::PartlyPaid, InvoiceStatus::Paid, InvoiceStatus::Void];

/// What should wait of a document.
#[derive(Debug, Default)]
pub(super) struct Target {
    /// The balances.
    pub(super) lines: Lines,
    /// What is billed and not earned, in the base currency.
    pub(super) deferred: i64,
    /// What is earned and not billed.
    pub(super) unbilled: i64,
    /// From when on it's otherwise, as is known already: it's billed then, or void.
    pub(super) until: Option<NaiveDate>,
}

/// What should wait, by the documents that it is of.
pub(super) type Targets = BTreeMap<Uuid, Target>;

/// What should wait at the end of a day. Other work that is earned and not billed adds what it has here, by documents of its own.
pub(super) async fn at(scope: &TenantScope, accounts: &Accounts, date: NaiveDate) -> Result<Targets> {
    let billed = Documents::load(scope, Billed::Before, date).await?;
    let unbilled = Documents::load(scope, Billed::Later, date).await?;
    let mut targets = Targets::new();
    billed.add_to(scope, accounts, &mut targets)?;
    unbilled.add_to(scope, accounts, &mut targets)?;
    Ok(targets)
}

/// Whether the client has the invoice on the day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Billed {
    Before,
    Later,
}

impl Billed {
    /// The lines of which something waits, and the invoices whose they are.
    fn conditions(self, date: NaiveDate) -> (Condition, Condition) {
        use invoice::Column as I;
        use invoice_line::Column as L;
        let issued = Condition::all().add(I::Status.is_in(NUMBERED));
        match self {
            Self::Before => (Condition::all().add(L::ServiceTo.gt(date)), issued.add(I::Date.lte(date))),
            Self::Later => {
                let draft = Condition::all().add(I::Status.eq(InvoiceStatus::Draft)).add(I::ArchivedAt.is_null());
                let either = Condition::any().add(draft).add(issued.add(I::Date.gt(date)));
                let invoices = Condition::all().add(I::Kind.eq(InvoiceKind::Invoice)).add(either);
                (Condition::all().add(L::ServiceFrom.lte(date)), invoices)
            }
        }
    }
}

/// Lines of which something waits, and what is needed to tell what.
struct Documents {
    billed: Billed,
    date: NaiveDate,
    lines: Vec<invoice_line::Model>,
    invoices: HashMap<InvoiceId, invoice::Model>,
    shares: Shares,
    departments: Departments,
    /// The days on which those that are void were taken back.
    void: HashMap<Uuid, NaiveDate>,
}

impl Documents {
    async fn load(scope: &TenantScope, billed: Billed, date: NaiveDate) -> Result<Self> {
        let (of_lines, of_invoices) = billed.conditions(date);
        let invoices = scope.find::<invoice::Entity>().filter(of_invoices).select_only().column(invoice::Column::Id);
        let select = scope
            .find::<invoice_line::Entity>()
            .filter(of_lines)
            .filter(invoice_line::Column::NetMinor.gt(0))
            .filter(invoice_line::Column::InvoiceId.in_subquery(invoices.into_query()))
            .order_by_asc(invoice_line::Column::InvoiceId)
            .order_by_asc(invoice_line::Column::Position);
        let lines = scope.all(select).await?;
        let ids: HashSet<InvoiceId> = lines.iter().map(|line| line.invoice_id).collect();
        let invoices = scope.by_ids::<invoice::Entity>(ids).await?;
        let of_lines: Vec<Uuid> = lines.iter().map(|line| line.id.0).collect();
        let shares = splits::of_lines(scope, of_lines).await?;
        let is_void = |row: &&invoice::Model| row.status == InvoiceStatus::Void;
        let void = voided(scope, invoices.values().filter(is_void).map(|row| row.id.0).collect()).await?;
        let departments = Departments::load(scope, &lines, &invoices).await?;
        Ok(Self { billed, date, lines, invoices, shares, departments, void })
    }

    fn add_to(&self, scope: &TenantScope, accounts: &Accounts, targets: &mut Targets) -> Result<()> {
        for line in &self.lines {
            let (Some(from), Some(to)) = (line.service_from, line.service_to) else { continue };
            let Some(invoice) = self.invoices.get(&line.invoice_id) else { continue };
            let ends = self.ends(invoice);
            if ends.is_some_and(|ends| ends <= self.date) {
                continue;
            }
            let waits_on = accounts.role(match self.billed {
                Billed::Before => AccountRole::DeferredRevenue,
                Billed::Later => AccountRole::UnbilledRevenue,
            })?;
            let target = targets.entry(invoice.id.0).or_default();
            target.until = ends;
            for (cut, posted) in self.posted(scope, invoice, line)? {
                let earned = posted.earned(Period { from, to }, self.date);
                match self.billed {
                    Billed::Before => {
                        let rest = posted.less(earned);
                        target.deferred = money::sum("date", [target.deferred, rest.base])?;
                        target.lines.put_off(waits_on.id, cut, rest)?;
                    }
                    Billed::Later => {
                        target.unbilled = money::sum("date", [target.unbilled, earned.base])?;
                        target.lines.put_off(waits_on.id, cut, earned.negated())?;
                    }
                }
            }
        }
        Ok(())
    }

    /// When what waits ends by an act that is known: the invoice's own date, or the day on which it was taken back.
    fn ends(&self, invoice: &invoice::Model) -> Option<NaiveDate> {
        match self.billed {
            Billed::Before if invoice.status == InvoiceStatus::Void => {
                Some(self.void.get(&invoice.id.0).copied().unwrap_or(invoice.date))
            }
            Billed::Before => None,
            Billed::Later => (invoice.status != InvoiceStatus::Draft).then_some(invoice.date),
        }
    }

    /// What the line posted as revenue, or will: a part for each of its cost centres. A credit note's is negative.
    fn posted(
        &self,
        scope: &TenantScope,
        invoice: &invoice::Model,
        line: &invoice_line::Model,
    ) -> Result<Vec<(Cut, Amounts)>> {
        let base = money::convert("rate", line.net_minor, &invoice.currency, scope.base_currency(), invoice.rate)?;
        let whole = match invoice.kind {
            InvoiceKind::Invoice => Amounts { minor: line.net_minor, base },
            InvoiceKind::CreditNote => Amounts { minor: -line.net_minor, base: -base },
        };
        let dimensions = Dimensions {
            company_id: Some(invoice.company_id),
            project_id: line.project_id,
            department_id: invoice.department_id.or_else(|| self.departments.of(line)),
            cost_centre_id: line.cost_centre_id,
            employee_id: None,
            seller_id: invoice.seller_id,
            deal_id: invoice.deal_id,
            service_id: line.service_id,
        };
        let cut = |dimensions| Cut {
            account_id: line.account_id,
            currency: invoice.currency.clone(),
            rate: invoice.rate,
            dimensions,
        };
        let Some(shares) = self.shares.get(&line.id.0) else { return Ok(vec![(cut(dimensions), whole)]) };
        let weights: Vec<i64> = shares.iter().map(|share| share.share_bp.into()).collect();
        let parts = money::split(whole.minor, &weights).into_iter().zip(money::split(whole.base, &weights));
        let part = |(share, (minor, base)): (&splits::CostShare, (i64, i64))| {
            let dimensions = Dimensions { cost_centre_id: Some(share.cost_centre_id), ..dimensions.clone() };
            (cut(dimensions), Amounts { minor, base })
        };
        Ok(shares.iter().zip(parts).map(part).collect())
    }
}

/// The departments of projects: as they were when a document was posted, since the revenue that waits must leave the department
/// that it was posted to.
struct Departments {
    posted: HashMap<(Uuid, ProjectId), Option<DepartmentId>>,
    projects: HashMap<ProjectId, project::Model>,
}

impl Departments {
    async fn load(
        scope: &TenantScope,
        lines: &[invoice_line::Model],
        invoices: &HashMap<InvoiceId, invoice::Model>,
    ) -> Result<Self> {
        let (mut issued, mut of_drafts) = (HashSet::new(), HashSet::new());
        for line in lines {
            let invoice = invoices.get(&line.invoice_id).filter(|invoice| invoice.department_id.is_none());
            let (Some(project), Some(invoice)) = (line.project_id, invoice) else { continue };
            if invoice.status == InvoiceStatus::Draft {
                of_drafts.insert(project);
            } else {
                issued.insert(invoice.id.0);
            }
        }
        let posted = posted(scope, issued.into_iter().collect()).await?;
        let projects =
            if of_drafts.is_empty() { HashMap::new() } else { scope.by_ids::<project::Entity>(of_drafts).await? };
        Ok(Self { posted, projects })
    }

    fn of(&self, line: &invoice_line::Model) -> Option<DepartmentId> {
        let project = line.project_id?;
        match self.posted.get(&(line.invoice_id.0, project)) {
            Some(department) => *department,
            None => self.projects.get(&project)?.department_id,
        }
    }
}

/// The departments that invoices were posted to, by their projects.
async fn posted(scope: &TenantScope, invoices: Vec<Uuid>) -> Result<HashMap<(Uuid, ProjectId), Option<DepartmentId>>> {
    #[derive(FromQueryResult)]
    #[expect(clippy::struct_field_names, reason = "the columns' names")]
    struct Posted {
        source_id: Uuid,
        project_id: ProjectId,
        department_id: Option<DepartmentId>,
    }
    use journal_line::Column as L;
    let mut found = HashMap::new();
    for invoices in invoices.chunks(PARAMETERS_MAX) {
        let lines = scope
            .find::<journal_line::Entity>()
            .filter(L::ProjectId.is_not_null())
            .select_only()
            .columns([L::ProjectId, L::DepartmentId])
            .distinct();
        let mut statement = of_documents(scope, lines.into_query(), SourceKind::Invoice);
        statement.and_where(journal_entry::Column::SourceId.is_in(invoices.iter().copied()));
        for row in scope.query::<Posted>(&statement).await? {
            found.insert((row.source_id, row.project_id), row.department_id);
        }
    }
    Ok(found)
}

/// The days on which invoices were taken back.
async fn voided(scope: &TenantScope, invoices: Vec<Uuid>) -> Result<HashMap<Uuid, NaiveDate>> {
    #[derive(FromQueryResult)]
    struct Taken {
        source_id: Uuid,
        date: NaiveDate,
    }
    use journal_entry::Column as E;
    let mut found = HashMap::new();
    for invoices in invoices.chunks(PARAMETERS_MAX) {
        let select = scope
            .find::<journal_entry::Entity>()
            .filter(E::SourceKind.eq(SourceKind::Invoice))
            .filter(E::SourceId.is_in(invoices.iter().copied()))
            .filter(E::ReversesId.is_not_null())
            .select_only()
            .columns([E::SourceId, E::Date]);
        let rows = scope.query::<Taken>(&select.into_query()).await?;
        found.extend(rows.into_iter().map(|row| (row.source_id, row.date)));
    }
    Ok(found)
}
