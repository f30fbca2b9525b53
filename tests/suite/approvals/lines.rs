//! What rules look at: the lines of a document, and what their cost centres and projects belong to.

use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use super::Company;

fn with(mut record: Value, more: &Value) -> Value {
    let fields = more.as_object().expect("fields").clone();
    record.as_object_mut().expect("a record").extend(fields);
    record
}

/// Documents of one line.
struct Documents<'a> {
    company: Company<'a>,
    finance: Caller<'a>,
    supplier: String,
}

impl<'a> Documents<'a> {
    async fn open(server: &'a Server) -> Self {
        let company = Company::open(server).await;
        let (finance, _) = company.tenant.join("FINANCE").await;
        let supplier = json!({ "name": "Paper Ltd", "isSupplier": true });
        Self { supplier: company.tenant.owner.created("company", supplier).await, finance, company }
    }

    async fn created(&self, kind: &str, input: Value) -> String {
        self.company.tenant.owner.created(kind, input).await
    }

    /// Whether a bill waits for approval when it's posted.
    async fn bill_waits(&self, header: Value, line: Value) -> bool {
        let line = with(json!({ "description": "Paper", "unitPrice": "80.00" }), &line);
        let bill = json!({ "companyId": self.supplier, "date": "2026-06-01", "lines": [line] });
        let draft = self.finance.create("bill", with(bill, &header), "id version").await;
        let posted = self.finance.act("postBill", draft, "bill { status }").await;
        posted["bill"]["status"] == "DRAFT"
    }

    async fn invoice(&self, header: Value, line: Value) -> String {
        let line = with(json!({ "description": "Audit", "quantity": "1", "unitPrice": "80.00" }), &line);
        let invoice = json!({ "companyId": self.company.client, "date": "2026-06-01", "lines": [line] });
        let id = self.created("invoice", with(invoice, &header)).await;
        self.finance.act("issueInvoice", json!({ "id": id }), "__typename").await;
        id
    }

    /// Whether a credit note to an invoice waits for approval when it's issued.
    async fn credit_waits(&self, header: Value, line: Value) -> bool {
        let invoice = self.invoice(header, line).await;
        let note = self.finance.act("createCreditNote", json!({ "invoiceId": invoice }), "creditNote { id }").await;
        let note = json!({ "id": note["creditNote"]["id"] });
        self.finance.act("issueInvoice", note, "invoice { status }").await["invoice"]["status"] == "DRAFT"
    }
}

async fn a_departments_rule_looks_at_where_lines_are_posted(server: &'static Server) {
    let documents = Documents::open(server).await;
    let (audit, other) = (
        documents.created("department", json!({ "name": "Audit" })).await,
        documents.created("department", json!({ "name": "Other" })).await,
    );
    let project = documents.created("project", json!({ "name": "Fit-out", "departmentId": audit })).await;
    for kind in ["BILL", "CREDIT_NOTE"] {
        documents.company.rule(json!({ "subjectKind": kind, "departmentId": audit })).await;
    }
    let (of_audit, of_other) = (json!({ "departmentId": audit }), json!({ "departmentId": other }));
    let of_project = json!({ "projectId": project });
    let both = json!({ "projectId": project, "departmentId": other });
    for (header, line, waits) in [
        (json!({}), of_audit.clone(), true),
        (of_other.clone(), of_audit.clone(), true),
        (of_audit.clone(), json!({}), true),
        (of_audit.clone(), of_other.clone(), false),
        (json!({}), of_project.clone(), true),
        (of_other.clone(), of_project.clone(), false),
        (json!({}), both, false),
        (json!({}), json!({}), false),
    ] {
        assert_eq!(documents.bill_waits(header.clone(), line.clone()).await, waits, "{header} {line}");
    }
    for (header, line, waits) in [
        (of_audit, json!({}), true),
        (json!({}), of_project.clone(), true),
        (of_other, of_project, false),
        (json!({}), json!({}), false),
    ] {
        assert_eq!(documents.credit_waits(header.clone(), line.clone()).await, waits, "{header} {line}");
    }
}

async fn a_cost_centres_rule_covers_its_parts(server: &'static Server) {
    let documents = Documents::open(server).await;
    let centre = async |name: &str, parent: Option<&str>| {
        documents.created("costCentre", json!({ "name": name, "parentId": parent })).await
    };
    let all = centre("All", None).await;
    let office = centre("Office", Some(&all)).await;
    let floor = centre("Floor", Some(&office)).await;
    let kitchen = centre("Kitchen", Some(&floor)).await;
    documents.company.rule(json!({ "subjectKind": "BILL", "costCentreId": office })).await;
    let half = |id: &str| json!({ "costCentreId": id, "percent": "50" });
    for (line, waits) in [
        (json!({ "costCentreId": office }), true),
        (json!({ "costCentreId": kitchen }), true),
        (json!({ "costCentreSplits": [half(&all), half(&kitchen)] }), true),
        (json!({ "costCentreId": all }), false),
        (json!({}), false),
    ] {
        assert_eq!(documents.bill_waits(json!({}), line.clone()).await, waits, "{line}");
    }
}

async fn a_write_off_is_of_what_its_invoice_billed(server: &'static Server) {
    let documents = Documents::open(server).await;
    let department = documents.created("department", json!({ "name": "Audit" })).await;
    let project = documents.created("project", json!({ "name": "Fit-out" })).await;
    let of_audit = documents.created("project", json!({ "name": "Audit", "departmentId": department })).await;
    let office = documents.created("costCentre", json!({ "name": "Office" })).await;
    let kitchen = documents.created("costCentre", json!({ "name": "Kitchen", "parentId": office })).await;
    for of in
        [json!({ "departmentId": department }), json!({ "projectId": project }), json!({ "costCentreId": office })]
    {
        documents.company.rule(of).await;
    }
    let all_of_it = json!([{ "costCentreId": kitchen, "percent": "100" }]);
    for (header, line, waits) in [
        (json!({ "departmentId": department }), json!({}), true),
        (json!({}), json!({ "projectId": of_audit }), true),
        (json!({}), json!({ "projectId": project }), true),
        (json!({}), json!({ "costCentreId": kitchen }), true),
        (json!({}), json!({ "costCentreSplits": all_of_it }), true),
        (json!({}), json!({}), false),
    ] {
        let invoice = documents.invoice(header, line.clone()).await;
        let input = json!({ "invoiceId": invoice, "reason": "Bankrupt" });
        let asked = documents.finance.act("writeOff", input, "approval { status }").await;
        assert_eq!(asked["approval"]["status"] == "PENDING", waits, "{line}");
    }
}

both!(
    a_departments_rule_looks_at_where_lines_are_posted,
    a_cost_centres_rule_covers_its_parts,
    a_write_off_is_of_what_its_invoice_billed,
);
