//! A company's books for tests: one record of each kind, and valid input for every mutation of the schema.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use kamara_tests::{Caller, PAST, Schema, Tenant};
use serde_json::{Map, Value, json};

/// The beginning of a picture, which tells what it is.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// A whole picture, of two pixels.
pub const LOGO: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x02\x00\x00\x00\x01\x08\x00\x00\x00\x00\xd1I V\x00\x00\x00\x0bIDATx\xdac\xe0\xcf\x06\x00\x00\x8c\x00{E1L[\x00\x00\x00\x00IEND\xaeB`\x82";

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Every kind of record that is made, changed, archived and restored by mutations of these names.
pub const KINDS: [&str; 23] = [
    "company",
    "contact",
    "lead",
    "pipeline",
    "stage",
    "deal",
    "service",
    "project",
    "employee",
    "department",
    "account",
    "costCentre",
    "allocationRule",
    "budget",
    "taxCode",
    "invoice",
    "recurringInvoice",
    "bankAccount",
    "bill",
    "expense",
    "expenseCategory",
    "categoryRule",
    "approvalRule",
];

/// A company that signed up and has one record of each kind, with every reference set.
#[derive(Debug)]
pub struct Books<'a> {
    /// The company.
    pub tenant: Tenant<'a>,
    schema: Schema,
    /// Ids by what they are: a field `companyId` takes the one of `company`.
    pub ids: BTreeMap<&'static str, String>,
}

impl<'a> Books<'a> {
    /// Signs up and fills the books.
    pub async fn open(tenant: Tenant<'a>) -> Self {
        let owner = tenant.owner.clone();
        let schema = Schema::ask(&owner).await;
        let mut books = Self { tenant, schema, ids: BTreeMap::new() };
        let me = owner.query("{ me { membership { id } } }").await;
        books.keep("owner", text(&me["me"]["membership"]["id"]));
        let accounts = owner.query("{ accounts(first: 100) { nodes { id role } } }").await;
        let groups = owner.query("{ accounts(first: 1, filter: { code: { eq: \"7400\" } }) { nodes { id } } }").await;
        books.keep("parent", text(&groups["accounts"]["nodes"][0]["id"]));
        for (slot, role) in [("incomeAccount", "REVENUE"), ("account", "EXPENSE"), ("paymentAccount", "BANK")] {
            let nodes = accounts["accounts"]["nodes"].as_array().expect("accounts");
            let account = nodes.iter().find(|account| account["role"] == role).expect("an account of each role");
            books.keep(slot, text(&account["id"]));
        }
        for (kind, slot) in [("taxCode", "taxCode"), ("costCentre", "parentCostCentre"), ("costCentre", "costCentre")] {
            books.make(kind, slot).await;
        }
        let year = json!({ "name": books.name("year"), "startDate": "1990-01-01" });
        books.keep("fiscalYear", owner.created("fiscalYear", year).await);
        owner.created("fiscalYear", json!({ "name": books.name("year") })).await;
        books.make("employee", "manager").await;
        books.make("department", "department").await;
        books.make("allocationRule", "allocationRule").await;
        // The owner is an employee too, so that what is one's own shows something.
        let mut myself = books.new_record("employee");
        myself["membershipId"] = json!(books.id("owner"));
        books.keep("membership", books.id("owner").to_owned());
        let colleague = books.tenant.join("EMPLOYEE").await.1;
        books.keep("colleague", colleague);
        let made = owner.created("employee", myself).await;
        books.keep("employee", made);
        for kind in ["company", "contact", "lead", "pipeline", "stage", "deal", "service", "project", "timeEntry"] {
            books.make(kind, kind).await;
        }
        books.ids.insert("seller", books.id("employee").to_owned());
        books.ids.insert("supplier", books.id("company").to_owned());
        books.ids.insert("party", books.id("company").to_owned());
        let lead = books.input("convertLead").await.expect("a case");
        let converted = owner.act("convertLead", lead, "lead { id } contact { id } deal { id }").await;
        for (slot, kind) in [("lead", "lead"), ("leadContact", "contact"), ("leadDeal", "deal")] {
            books.keep(slot, text(&converted[kind]["id"]));
        }
        let approved = books.input("approveTimeEntry").await.expect("a case");
        owner.act("approveTimeEntry", approved, "timeEntry { id }").await;
        for (kind, act) in
            [("payment", "recordPayment"), ("expense", "recordExpense"), ("journalEntry", "createJournalEntry")]
        {
            let input = books.input(act).await.expect("a case");
            if let Some(invoice) = input.pointer("/allocations/0/invoiceId") {
                books.keep("invoice", text(invoice));
            }
            let made = owner.act(act, input, &format!("{kind} {{ id }}")).await;
            books.keep(kind, text(&made[kind]["id"]));
        }
        let paid_out =
            json!({ "direction": "OUT", "employeeId": books.id("employee"), "amount": "1.00", "date": "2026-06-12" });
        owner.act("recordPayment", paid_out, "__typename").await;
        let written_off = books.fresh_by("writeOff", "writeOff").await;
        books.keep("writeOff", text(&written_off["id"]));
        owner.act("setTaxRate", books.input("setTaxRate").await.expect("a case"), "taxCode { id }").await;
        let rate = books.input("setExchangeRate").await.expect("a case");
        let made = owner.act("setExchangeRate", rate, "exchangeRate { id }").await;
        books.keep("exchangeRate", text(&made["exchangeRate"]["id"]));
        books.make("invoice", "like").await;
        books.make("recurringInvoice", "recurringInvoice").await;
        let made = json!({ "id": books.id("recurringInvoice") });
        owner.act("makeRecurringInvoice", made, "__typename").await;
        books.buy().await;
        let planned = books.input("setBudgetLines").await.expect("a case");
        let made = owner.act("setBudgetLines", planned, "budget { id }").await;
        books.keep("budget", text(&made["budget"]["id"]));
        let run = books.input("runAllocation").await.expect("a case");
        books.keep("allocationRule", text(&run["ruleId"]));
        let made = owner.act("runAllocation", run, "allocationRun { id }").await;
        books.keep("allocationRun", text(&made["allocationRun"]["id"]));
        let opening = books.input("importOpeningBalances").await.expect("a case");
        owner.act("importOpeningBalances", opening, "__typename").await;
        let split = books.other_inputs("recordExpense").await.pop().expect("a case");
        owner.act("recordExpense", split, "expense { id }").await;
        books.open_bank().await;
        let invitation = json!({ "email": Tenant::new_address(), "role": "SALES" });
        let made = owner.act("inviteMember", invitation, "invitation { id email }").await;
        books.keep("invitation", text(&made["invitation"]["id"]));
        books.make("approvalRule", "approvalRule").await;
        let (waits, requester) = books.waiting().await;
        books.keep("approval", text(&waits["approval"]["id"]));
        books.keep("approvalSubject", text(&waits["approval"]["subjectId"]));
        books.keep("approvalRequester", requester);
        let delegation = books.input("createApprovalDelegation").await.expect("a case");
        owner.act("createApprovalDelegation", delegation, "__typename").await;
        books
    }

    /// A category and a rule for it, a posted bill, and a receipt.
    async fn buy(&mut self) {
        self.make("expenseCategory", "expenseCategory").await;
        self.ids.insert("category", self.id("expenseCategory").to_owned());
        self.make("categoryRule", "categoryRule").await;
        let bill = self.fresh("bill").await;
        let owner = self.tenant.owner.clone();
        let posted = owner.act("postBill", bill, "bill { id }").await;
        self.keep("bill", text(&posted["bill"]["id"]));
        let expense =
            owner.act("recordExpense", self.input("recordExpense").await.expect("a case"), "expense { id }").await;
        self.keep("expense", text(&expense["expense"]["id"]));
        let file = owner.uploaded("EXPENSE", self.id("expense"), "receipt.png", PNG).await;
        self.keep("file", file);
    }

    /// A bank account with a statement, of whose lines one is matched, and a transfer to another account.
    async fn open_bank(&mut self) {
        let owner = self.tenant.owner.clone();
        let account = owner.create("bankAccount", Value::Object(self.whole_record("bankAccount").await), "id").await;
        self.keep("bankAccount", text(&account["id"]));
        let line = self.fresh_line("bankAccount", 1).await;
        self.keep("bankStatementLine", text(&line["id"]));
        self.keep("statement", text(&line["statement"]["id"]));
        self.keep("bankStatement", text(&line["statement"]["id"]));
        let booking = json!({ "lineId": line["id"], "accountId": self.id("account") });
        owner.act("bookBankLine", booking, "line { id }").await;
        let transfer = self.input("transferMoney").await.expect("a case");
        self.keep("from", text(&transfer["fromBankAccountId"]));
        self.keep("to", text(&transfer["toBankAccountId"]));
        let made = owner.act("transferMoney", transfer, "bankTransfer { id }").await;
        self.keep("bankTransfer", text(&made["bankTransfer"]["id"]));
        // Each list has something to sort.
        for act in ["importBankStatement", "transferMoney"] {
            owner.act(act, self.input(act).await.expect("a case"), "__typename").await;
        }
    }

    /// A file of a bank, of one line.
    fn bank_file(&self, account: &str, amount: i32) -> Value {
        let name = self.name("booking");
        let content = format!("Date,Amount,Balance,Description\n2026-06-15,{amount}.00,{amount}.00,{name}\n");
        json!({ "bankAccountId": account, "format": "CSV", "content": content })
    }

    /// A line of a statement of a bank account, which has no other.
    async fn fresh_line(&self, slot: &str, amount: i32) -> Value {
        let owner = &self.tenant.owner;
        let account = match self.ids.get(slot) {
            Some(account) => account.clone(),
            None => text(
                &owner.create("bankAccount", Value::Object(self.whole_record("bankAccount").await), "id").await["id"],
            ),
        };
        owner.act("importBankStatement", self.bank_file(&account, amount), "lineCount").await;
        let lines = "query($account: ID!) { bankStatementLines(first: 1, filter: { bankAccountId: { eq: $account } }) { nodes { id statement { id } } } }";
        let found = owner.send(lines, json!({ "account": account })).await.data();
        found["bankStatementLines"]["nodes"][0].clone()
    }

    /// The arguments of a query that takes more than an id or a part of a list, with every field set that holds an id.
    pub fn arguments(&self, query: &str) -> Option<Value> {
        Some(match query {
            "bankMatches" => json!({ "lineIds": [self.id("bankStatementLine")] }),
            "revenueRecognition" => json!({ "date": "2026-06-10" }),
            "bankReconciliation" => json!({ "bankAccountId": self.id("bankAccount"), "at": "2026-06-30" }),
            _ => return None,
        })
    }

    /// What all texts of these books have in them, and none of others'.
    pub fn marker(&self) -> &str {
        &self.tenant.name
    }

    /// The id of a record.
    pub fn id(&self, slot: &str) -> &str {
        self.ids.get(slot).unwrap_or_else(|| panic!("the books have no {slot}"))
    }

    fn keep(&mut self, slot: &'static str, id: String) {
        self.ids.insert(slot, id);
    }

    async fn make(&mut self, kind: &'static str, slot: &'static str) {
        let id = self.tenant.owner.created(kind, self.new_record(kind)).await;
        self.keep(slot, id);
    }

    fn name(&self, what: &str) -> String {
        format!("{} {what} {}", self.marker(), NUMBER.fetch_add(1, Ordering::Relaxed))
    }

    /// The ids of some fields, those that the books have already.
    fn references(&self, fields: &[&str]) -> Map<String, Value> {
        let known = fields.iter().filter_map(|field| {
            let slot = match *field {
                "managerId" => "manager",
                "ownerId" => "owner",
                "incomeAccountId" => "incomeAccount",
                "paymentAccountId" => "paymentAccount",
                "sellerId" | "employeeId" => "employee",
                "supplierId" | "partyId" => "company",
                other => other.trim_end_matches("Id"),
            };
            Some(((*field).to_owned(), json!(self.ids.get(slot)?)))
        });
        known.collect()
    }

    /// Valid input for a new record, with every reference set.
    #[expect(clippy::too_many_lines, reason = "a case for each kind of record")]
    fn new_record(&self, kind: &str) -> Value {
        let name = self.name(kind);
        let code: String = name.chars().filter(char::is_ascii_digit).collect();
        let (fields, references): (Value, &[&str]) = match kind {
            "company" => {
                (json!({ "name": name, "isClient": true, "isSupplier": true, "country": "GE", "city": name }), &[])
            }
            "contact" => (json!({ "name": name, "email": "contact@example.com" }), &["companyId"]),
            "lead" => (json!({ "name": name, "companyName": name }), &["ownerId"]),
            "pipeline" => (json!({ "name": name }), &[]),
            "stage" => (json!({ "name": name, "probability": "0.5" }), &["pipelineId"]),
            "deal" => (
                json!({ "name": name, "amount": "1200.00", "expectedCloseDate": "2026-09-30" }),
                &["companyId", "contactId", "stageId", "ownerId"],
            ),
            "service" => (
                json!({ "name": name, "code": code, "unitPrice": "80.00" }),
                &["incomeAccountId", "taxCodeId", "supplierId"],
            ),
            "project" => {
                (json!({ "name": name, "status": "ACTIVE" }), &["companyId", "dealId", "departmentId", "managerId"])
            }
            "timeEntry" => {
                (json!({ "date": "2026-06-10", "hours": "7.5", "description": name }), &["employeeId", "projectId"])
            }
            "employee" => (json!({ "name": name, "costRate": "30.00" }), &["departmentId", "managerId"]),
            "department" => (json!({ "name": name }), &["managerId"]),
            "approvalRule" => {
                let approvers = json!([{ "membershipId": self.id("membership") }]);
                let fields = json!({
                    "name": name, "subjectKind": "EXPENSE", "minAmount": "5000.00", "maxAmount": "6000.00",
                    "mode": "SEQUENCE", "approvers": approvers,
                });
                (fields, &["departmentId", "costCentreId", "projectId", "categoryId"])
            }
            "account" => (json!({ "code": format!("9{code}"), "name": name, "type": "EXPENSE" }), &["parentId"]),
            "costCentre" => {
                let parent = self.ids.get("parentCostCentre").map_or(json!({}), |id| json!({ "parentId": id }));
                let mut fields = object(json!({ "name": name, "code": code }));
                fields.extend(object(parent));
                (Value::Object(fields), &[])
            }
            "budget" => (json!({ "name": name, "from": "2026-01-01", "to": "2026-12-31", "control": "NONE" }), &[]),
            "allocationRule" => {
                let shares = [json!({ "targetId": self.id("department"), "percent": "70" })];
                let accounts = [self.id("account")];
                let fields = json!({
                    "name": name, "basis": "FIXED", "target": "DEPARTMENT", "shares": shares, "accountIds": accounts,
                });
                (fields, &["costCentreId"])
            }
            "bankAccount" => (json!({ "name": name, "bankName": name, "currency": "GEL" }), &[]),
            "taxCode" => (json!({ "name": name, "code": code, "rate": "0.18" }), &[]),
            "invoice" => {
                let mut line = self.references(&["serviceId", "costCentreId", "projectId"]);
                line.insert("taxCodeIds".into(), json!([self.id("taxCode")]));
                line.insert("accountId".into(), json!(self.id("incomeAccount")));
                line.extend(object(json!({ "description": name, "quantity": "2", "unitPrice": "100.00" })));
                line.extend(object(json!({ "serviceFrom": "2026-06-01", "serviceTo": "2026-07-31" })));
                let fields = json!({ "date": "2026-06-01", "dueDate": "2026-06-10", "note": name, "lines": [line] });
                (fields, &["companyId", "sellerId", "dealId", "departmentId"])
            }
            "recurringInvoice" => (
                json!({ "unit": "MONTH", "every": 1, "startDate": "2026-07-01", "endDate": "2030-12-31" }),
                &["likeId"],
            ),
            "bill" => {
                let references = ["serviceId", "accountId", "costCentreId", "departmentId", "projectId"];
                let mut line = self.references(&references);
                line.insert("taxCodeIds".into(), json!([self.id("taxCode")]));
                line.insert("clientId".into(), json!(self.id("company")));
                let mut fields =
                    json!({ "date": "2026-06-02", "dueDate": "2026-06-30", "note": name, "supplierNumber": name });
                // What credits is small, so that many can credit the one bill.
                let price = match self.ids.get("bill") {
                    Some(bill) => {
                        fields["kind"] = json!("CREDIT_NOTE");
                        fields["creditsId"] = json!(bill);
                        "1.00"
                    }
                    None => "100000.00",
                };
                line.extend(object(json!({ "description": name, "quantity": "1", "unitPrice": price })));
                fields["lines"] = json!([line]);
                (fields, &["companyId", "departmentId"])
            }
            "expense" => (
                json!({ "date": "2026-06-11", "amount": "23.60", "currency": "GEL", "description": name }),
                &[
                    "employeeId",
                    "categoryId",
                    "accountId",
                    "supplierId",
                    "companyId",
                    "projectId",
                    "departmentId",
                    "costCentreId",
                    "taxCodeId",
                ],
            ),
            "expenseCategory" => (json!({ "name": name }), &["accountId", "taxCodeId"]),
            "categoryRule" => (json!({ "words": name, "priority": 5 }), &["categoryId", "supplierId"]),
            other => panic!("no case makes a {other}"),
        };
        let mut input = object(fields);
        input.extend(self.references(references));
        Value::Object(input)
    }

    /// With the reference too that only one record may have.
    async fn whole_record(&self, kind: &str) -> Map<String, Value> {
        let mut input = object(self.new_record(kind));
        if kind == "employee" {
            input.insert("membershipId".into(), json!(self.tenant.join("EMPLOYEE").await.1));
        }
        if kind == "bankAccount" {
            let (name, code) = (self.name("bank"), format!("12{}", NUMBER.fetch_add(1, Ordering::Relaxed) + 1_000));
            let account = json!({ "code": code, "name": name, "type": "ASSET", "role": "BANK" });
            input.insert("accountId".into(), json!(self.tenant.owner.created("account", account).await));
        }
        input
    }

    async fn fresh(&self, kind: &str) -> Value {
        let created = self.tenant.owner.create(kind, self.new_record(kind), "id version").await;
        json!({ "id": created["id"], "version": created["version"] })
    }

    /// A write-off that somebody of the finance department asked for, and the owner decides; and who asked.
    async fn waiting(&self) -> (Value, String) {
        let owner = &self.tenant.owner;
        let (requester, id) = self.tenant.join("FINANCE").await;
        let rule = json!({
            "name": self.name("rule"), "subjectKind": "WRITE_OFF", "minAmount": "5000.00", "mode": "ANY",
            "approvers": [{ "role": "OWNER" }],
        });
        owner.act("createApprovalRule", rule, "__typename").await;
        let mut large = self.new_record("invoice");
        large["lines"][0]["quantity"] = json!("100");
        large["dueDate"] = Value::Null;
        large["terms"] = json!({ "instalments": [{ "days": 10, "percent": "50" }, { "days": 40 }] });
        let draft = owner.create("invoice", large, "id").await;
        owner.act("issueInvoice", json!({ "id": draft["id"] }), "__typename").await;
        let input = json!({ "invoiceId": draft["id"], "reason": self.name("write-off") });
        (requester.act("writeOff", input, "approval { id version subjectId }").await, id)
    }

    async fn fresh_issued(&self) -> Value {
        let draft = self.fresh("invoice").await;
        let issued = self.tenant.owner.act("issueInvoice", draft, "invoice { id total { amount } }").await;
        issued["invoice"].clone()
    }

    /// The id of a posted bill over 118.00.
    async fn fresh_bill(&self) -> Value {
        let owner = &self.tenant.owner;
        let line = json!({ "description": self.name("bill"), "unitPrice": "118.00" });
        let bill = json!({ "companyId": self.id("company"), "lines": [line] });
        let bill = owner.act("createBill", bill, "bill { id }").await["bill"].clone();
        owner.act("postBill", json!({ "id": bill["id"] }), "__typename").await;
        bill["id"].clone()
    }

    /// An expense that is handed in, as `{ id }`.
    async fn submitted(&self) -> Value {
        self.fresh_by("submitExpense", "expense").await
    }

    /// A record made by an act, as `{ id }`.
    async fn fresh_by(&self, act: &str, kind: &str) -> Value {
        let input = Box::pin(self.input(act)).await.expect("a case");
        let made = self.tenant.owner.act(act, input, &format!("{kind} {{ id }}")).await;
        json!({ "id": made[kind]["id"] })
    }

    /// A fiscal year after those that there are, which are closed: years long past, so that nothing else is closed with them.
    async fn fresh_year(&self) -> Value {
        let owner = &self.tenant.owner;
        let direction = "orderBy: { field: START_DATE, direction: ASC }";
        let years =
            owner.query(&format!("{{ fiscalYears(first: 100, {direction}) {{ nodes {{ id status }} }} }}")).await;
        for year in years["fiscalYears"]["nodes"].as_array().expect("years") {
            if year["status"] == "OPEN" {
                owner.act("closeFiscalYear", json!({ "id": year["id"] }), "__typename").await;
            }
        }
        owner.create("fiscalYear", json!({ "name": self.name("year") }), "id startDate").await
    }

    /// Valid input for a mutation, with every field set that holds an id. What it acts on is made for it. None, if there is no
    /// case for the mutation.
    #[expect(clippy::too_many_lines, reason = "one line for each mutation of the schema")]
    pub async fn input(&self, mutation: &str) -> Option<Value> {
        let owner = &self.tenant.owner;
        if let Some((verb, kind)) = split(mutation) {
            return Some(match verb {
                "create" => Value::Object(self.whole_record(&kind).await),
                "update" => {
                    let mut input = object(self.fresh(&kind).await);
                    input.extend(self.whole_record(&kind).await);
                    let of = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
                    input.retain(|name, _| self.schema.input(&of).iter().any(|field| field.name == *name));
                    Value::Object(input)
                }
                "archive" => self.fresh(&kind).await,
                _ => {
                    let fresh = self.fresh(&kind).await;
                    let act = format!("archive{}{}", kind[..1].to_uppercase(), &kind[1..]);
                    let archived = owner.act(&act, fresh, &format!("{kind} {{ id version }}")).await;
                    json!({ "id": archived[&kind]["id"], "version": archived[&kind]["version"] })
                }
            });
        }
        let with = |record: Value, more: Value| {
            let mut input = object(record);
            input.extend(object(more));
            Value::Object(input)
        };
        Some(match mutation {
            "convertLead" => with(self.fresh("lead").await, json!({ "companyId": self.id("company") })),
            "loseLead" => self.fresh("lead").await,
            "reopenLead" => {
                let lost = owner.act("loseLead", self.fresh("lead").await, "lead { id version }").await;
                json!({ "id": lost["lead"]["id"], "version": lost["lead"]["version"] })
            }
            "moveDeal" => with(self.fresh("deal").await, json!({ "stageId": self.id("stage") })),
            "winDeal" => self.fresh("deal").await,
            "loseDeal" => with(self.fresh("deal").await, json!({ "reason": "Price" })),
            "reopenDeal" => {
                let won = owner.act("winDeal", self.fresh("deal").await, "deal { id version }").await;
                json!({ "id": won["deal"]["id"], "version": won["deal"]["version"] })
            }
            "issueInvoice" => self.fresh("invoice").await,
            "makeRecurringInvoice" => self.fresh("recurringInvoice").await,
            "voidInvoice" => json!({ "id": self.fresh_issued().await["id"] }),
            "setEinvoice" => {
                json!({ "id": self.fresh_issued().await["id"], "number": "0712345678", "status": "SENT" })
            }
            "setTaxRate" => json!({ "taxCodeId": self.id("taxCode"), "from": "2027-01-01", "rate": "0.19" }),
            "setExchangeRate" => json!({ "currency": "EUR", "date": "2026-06-01", "rate": "3.1" }),
            "importExchangeRates" => json!({ "csv": "date,currency,rate\n2026-06-02,EUR,3.12\n" }),
            "revalueCurrencies" => json!({ "date": "2026-05-31" }),
            "recogniseRevenue" => json!({ "date": "2026-06-10" }),
            "recordPayment" => {
                let invoice = self.fresh_issued().await;
                json!({
                    "companyId": self.id("company"), "accountId": self.id("paymentAccount"), "date": "2026-06-12",
                    "amount": "50.00", "currency": "GEL", "reference": self.name("payment"),
                    "allocations": [{ "invoiceId": invoice["id"], "amount": "50.00" }],
                })
            }
            "reversePayment" => self.fresh_by("recordPayment", "payment").await,
            "allocatePayment" => {
                let invoice = json!([{ "invoiceId": self.fresh_issued().await["id"], "amount": "7.00" }]);
                with(self.unallocated().await, json!({ "allocations": invoice }))
            }
            "undoAllocation" => {
                let input = Box::pin(self.input("recordPayment")).await?;
                let made = owner.act("recordPayment", input, "payment { allocations { id } }").await;
                json!({ "id": made["payment"]["allocations"][0]["id"] })
            }
            "createCreditNote" => {
                let invoice =
                    owner.act("issueInvoice", self.fresh("invoice").await, "invoice { id lines { id } }").await;
                let invoice = &invoice["invoice"];
                json!({ "invoiceId": invoice["id"], "lines": [{ "lineId": invoice["lines"][0]["id"], "net": "10.00" }] })
            }
            "applyCreditNote" => {
                // What is credited of a paid invoice settles nothing by itself.
                let paid = self.fresh_issued().await;
                let total = json!([{ "invoiceId": paid["id"], "amount": paid["total"]["amount"] }]);
                let payment =
                    json!({ "companyId": self.id("company"), "amount": paid["total"]["amount"], "allocations": total });
                owner.act("recordPayment", payment, "__typename").await;
                let note = json!({ "invoiceId": paid["id"] });
                let note = owner.act("createCreditNote", note, "creditNote { id }").await["creditNote"].clone();
                owner.act("issueInvoice", json!({ "id": note["id"] }), "__typename").await;
                let invoice = self.fresh_issued().await;
                json!({ "id": note["id"], "allocations": [{ "invoiceId": invoice["id"], "amount": "1.00" }] })
            }
            "writeOff" | "writeOffInvoice" => json!({
                "invoiceId": self.fresh_issued().await["id"], "accountId": self.id("account"), "amount": "5.00",
                "reason": self.name("write-off"),
            }),
            "reverseWriteOff" => self.fresh_by("writeOff", "writeOff").await,
            "recordExpense" => {
                let fields = json!({
                    "date": "2026-06-11", "amount": "118.00", "currency": "GEL", "description": self.name("expense"),
                });
                let references = self.references(&[
                    "categoryId",
                    "accountId",
                    "paymentAccountId",
                    "supplierId",
                    "companyId",
                    "sellerId",
                    "employeeId",
                    "projectId",
                    "departmentId",
                    "costCentreId",
                    "taxCodeId",
                ]);
                with(fields, Value::Object(references))
            }
            "submitExpense" => self.fresh("expense").await,
            "returnExpense" => with(self.submitted().await, json!({ "reason": "No receipt" })),
            "postExpense" => {
                // Nobody posts what they spent themselves.
                let another = owner.created("employee", json!({ "name": self.name("Spender") })).await;
                let expense = with(self.new_record("expense"), json!({ "employeeId": another }));
                let expense = owner.create("expense", expense, "id version").await;
                owner.act("submitExpense", expense.clone(), "__typename").await;
                json!({ "id": expense["id"] })
            }
            "postBill" => self.fresh("bill").await,
            "applySupplierCredit" => {
                // What is credited of a paid bill settles nothing by itself.
                let paid = self.fresh_bill().await;
                let total = json!([{ "billId": paid, "amount": "118.00" }]);
                let payment = json!({ "direction": "OUT", "companyId": self.id("company"), "amount": "118.00", "allocations": total });
                owner.act("recordPayment", payment, "__typename").await;
                let note = json!({ "kind": "CREDIT_NOTE", "creditsId": paid, "companyId": self.id("company") });
                let note = owner.act("createBill", note, "bill { id }").await["bill"].clone();
                owner.act("postBill", json!({ "id": note["id"] }), "__typename").await;
                json!({ "id": note["id"], "allocations": [{ "billId": self.fresh_bill().await, "amount": "1.00" }] })
            }
            "voidBill" => json!({ "id": self.fresh_bill().await }),
            "setBillEinvoice" => json!({ "id": self.fresh_bill().await, "number": "EA-1", "status": "CONFIRMED" }),
            "archiveFile" => {
                let id = owner.uploaded("EXPENSE", self.id("expense"), "receipt.png", PNG).await;
                json!({ "id": id, "version": 1 })
            }
            "restoreFile" => {
                let file = Box::pin(self.input("archiveFile")).await?;
                let archived = owner.act("archiveFile", file, "file { id version }").await;
                json!({ "id": archived["file"]["id"], "version": archived["file"]["version"] })
            }
            "proposeCategory" => with(
                json!({ "description": self.name("expense"), "amount": "5.00" }),
                Value::Object(self.references(&["supplierId"])),
            ),
            "reverseExpense" => self.fresh_by("recordExpense", "expense").await,
            "approveTimeEntry" => self.fresh("timeEntry").await,
            "reverseTimeEntry" => self.fresh_by("approveTimeEntry", "timeEntry").await,
            "createJournalEntry" => {
                let mut debit = self.references(&[
                    "accountId",
                    "companyId",
                    "partyId",
                    "projectId",
                    "departmentId",
                    "costCentreId",
                    "employeeId",
                    "sellerId",
                    "dealId",
                    "serviceId",
                ]);
                debit.insert("debit".into(), json!("12.00"));
                let credit = json!({ "accountId": self.id("paymentAccount"), "credit": "12.00" });
                json!({ "date": "2026-06-09", "description": self.name("entry"), "lines": [debit, credit] })
            }
            "reverseJournalEntry" => self.fresh_by("createJournalEntry", "journalEntry").await,
            "copyBudget" => json!({ "id": self.fresh("budget").await["id"] }),
            "activateBudget" => self.fresh("budget").await,
            "setBudgetLines" => {
                let mut line = self.references(&["accountId", "costCentreId", "departmentId"]);
                line.extend(object(json!({ "month": "2026-06-01", "amount": "500.00" })));
                with(self.fresh("budget").await, json!({ "lines": [line] }))
            }
            "importBudgetLines" => with(self.fresh("budget").await, json!({ "csv": "account,2026-06\n" })),
            "runAllocation" => {
                let rule = self.fresh("allocationRule").await;
                json!({ "ruleId": rule["id"], "from": "2026-06-01", "to": "2026-06-30" })
            }
            "reverseAllocationRun" => self.fresh_by("runAllocation", "allocationRun").await,
            "approve" | "withdrawApproval" | "refuse" => {
                let waits = self.waiting().await.0["approval"].clone();
                let mut input = json!({ "id": waits["id"], "version": waits["version"] });
                if mutation == "refuse" {
                    input["note"] = json!(self.name("reason"));
                }
                input
            }
            "createApprovalDelegation" => json!({
                "fromId": self.id("colleague"), "toId": self.id("owner"), "startDate": "2026-06-10",
                "endDate": "2026-06-20", "reason": self.name("absence"),
            }),
            "endApprovalDelegation" => {
                let input = Box::pin(self.input("createApprovalDelegation")).await?;
                let made = owner.act("createApprovalDelegation", input, "approvalDelegation { id version }").await;
                made["approvalDelegation"].clone()
            }
            "closeBooks" => {
                json!({ "until": self.fresh_year().await["startDate"], "reason": self.name("reason") })
            }
            "setLockDates" => json!({ "tax": PAST, "subLedgers": PAST, "reason": self.name("reason") }),
            "createFiscalYear" => json!({ "name": self.name("year") }),
            "closeFiscalYear" => json!({ "id": self.fresh_year().await["id"] }),
            "reopenFiscalYear" => {
                let year = self.fresh_year().await["id"].clone();
                owner.act("closeFiscalYear", json!({ "id": year }), "__typename").await;
                json!({ "id": year, "reason": self.name("reason") })
            }
            "closePeriod" => json!({ "fiscalYearId": self.fresh_year().await["id"], "number": 1 }),
            "reopenPeriod" | "lockPeriod" => {
                let period = json!({ "fiscalYearId": self.fresh_year().await["id"], "number": 1 });
                owner.act("closePeriod", period.clone(), "__typename").await;
                let reason =
                    if mutation == "reopenPeriod" { json!({ "reason": self.name("reason") }) } else { json!({}) };
                with(period, reason)
            }
            "importOpeningBalances" => {
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let client = self.name("opened");
                let company = json!({ "name": client, "isClient": true });
                owner.created("company", company).await;
                let csv = format!(
                    "kind,account,company,number,date,amount\n\
                     account,1410,,,,50.00\ninvoice,,{client},OPEN-{number},2026-01-10,50.00\ndifference,,,,,\n"
                );
                json!({ "date": "2026-06-02", "csv": csv })
            }
            "reverseOpeningBalances" => {
                let input = Box::pin(self.input("importOpeningBalances")).await?;
                let made = owner.act("importOpeningBalances", input, "journalEntry { id }").await;
                json!({ "entryId": made["journalEntry"]["id"], "date": "2026-06-03", "reason": self.name("reason") })
            }
            "importBankStatement" => {
                let account = self.fresh("bankAccount").await;
                self.bank_file(&text(&account["id"]), 2)
            }
            "bankFilePreview" => self.bank_file(self.id("to"), 3),
            "confirmBankMatch" => {
                let line = self.fresh_line("", 100).await;
                let invoice = self.fresh_issued().await;
                json!({
                    "lineIds": [line["id"]], "companyId": self.id("company"),
                    "allocations": [{ "invoiceId": invoice["id"], "amount": "100.00" }],
                })
            }
            "matchBankLine" => {
                let line = self.fresh_line("", 12).await;
                let of_line = "query($id: ID!) { bankStatementLine(id: $id) { bankAccount { account { id } } } }";
                let found = owner.send(of_line, json!({ "id": line["id"] })).await.data();
                let bank = &found["bankStatementLine"]["bankAccount"]["account"]["id"];
                let entry = json!({ "date": "2026-06-15", "description": self.name("entry"), "lines": [
                    { "accountId": bank, "debit": "12.00" }, { "accountId": self.id("incomeAccount"), "credit": "12.00" },
                ] });
                let made = owner.act("createJournalEntry", entry, "journalEntry { id }").await;
                json!({ "lineId": line["id"], "entryIds": [made["journalEntry"]["id"]] })
            }
            "bookBankLine" => {
                let line = self.fresh_line("", -7).await;
                let dimensions = self.references(&[
                    "accountId",
                    "companyId",
                    "projectId",
                    "departmentId",
                    "costCentreId",
                    "employeeId",
                    "sellerId",
                    "dealId",
                    "serviceId",
                ]);
                with(json!({ "lineId": line["id"], "description": self.name("fee") }), Value::Object(dimensions))
            }
            "ignoreBankLine" => json!({ "lineId": self.fresh_line("", 5).await["id"], "note": self.name("note") }),
            "unmatchBankLine" => {
                let ignored = Box::pin(self.input("ignoreBankLine")).await?;
                owner.act("ignoreBankLine", ignored.clone(), "line { id }").await;
                json!({ "lineId": ignored["lineId"] })
            }
            "transferMoney" => json!({
                "fromBankAccountId": self.fresh("bankAccount").await["id"],
                "toBankAccountId": self.fresh("bankAccount").await["id"],
                "date": "2026-06-15", "amount": "30.00", "reference": self.name("transfer"),
            }),
            "reverseTransfer" => self.fresh_by("transferMoney", "bankTransfer").await,
            "updateTenant" => {
                let me = owner.query("{ me { tenant { version } } }").await;
                json!({ "version": me["me"]["tenant"]["version"], "timeZone": "Asia/Tbilisi" })
            }
            "startNumberSeries" => {
                let prefix = format!("N{}/", NUMBER.fetch_add(1, Ordering::Relaxed));
                json!({ "kind": "CREDIT_NOTE", "prefix": prefix, "first": 100 })
            }
            "updateLetterhead" => {
                let head = owner.query("{ letterhead { id version } }").await["letterhead"].clone();
                let logo = owner.uploaded("LETTERHEAD", &text(&head["id"]), "logo.png", LOGO).await;
                json!({ "version": head["version"], "legalName": self.name("letterhead"), "logoId": logo })
            }
            "inviteMember" => json!({ "email": Tenant::new_address(), "role": "READ_ONLY" }),
            "revokeInvitation" => {
                let invited =
                    owner.act("inviteMember", Box::pin(self.input("inviteMember")).await?, "invitation { id }").await;
                json!({ "id": invited["invitation"]["id"] })
            }
            "acceptInvitation" => {
                let invitation = Box::pin(self.input("inviteMember")).await?;
                let email = text(&invitation["email"]);
                owner.act("inviteMember", invitation, "invitation { id }").await;
                let secret = owner.server.mailbox.secret(&email, "/accept-invitation", 0).await;
                json!({ "token": secret, "name": self.name("member"), "password": Tenant::PASSWORD })
            }
            "changeMemberRole" => json!({ "memberId": self.tenant.join("EMPLOYEE").await.1, "role": "READ_ONLY" }),
            "removeMember" => json!({ "memberId": self.tenant.join("EMPLOYEE").await.1 }),
            "switchTenant" => json!({ "tenantId": self.tenant.id }),
            "signUp" => json!({
                "company": self.name("second"), "country": "GE", "baseCurrency": "GEL", "timeZone": "Asia/Tbilisi",
                "language": "EN", "name": "Nino", "email": Tenant::new_address(), "password": Tenant::PASSWORD,
            }),
            "logIn" => json!({ "email": self.tenant.email, "password": Tenant::PASSWORD }),
            "logOut" | "addMissingAccounts" => Value::Null,
            "endSession" => {
                self.another_session().await;
                let sessions = owner.query("{ sessions { id current } }").await;
                let sessions = sessions["sessions"].as_array()?;
                json!({ "id": sessions.iter().find(|session| session["current"] == false)?["id"] })
            }
            "changePassword" => json!({ "currentPassword": Tenant::PASSWORD, "newPassword": Tenant::PASSWORD }),
            "requestPasswordReset" => json!({ "email": self.tenant.email }),
            "resetPassword" => {
                let (member, _) = self.tenant.join("READ_ONLY").await;
                let me = member.query("{ me { user { email } } }").await;
                let email = text(&me["me"]["user"]["email"]);
                member.act("requestPasswordReset", json!({ "email": email }), "ok").await;
                let secret = owner.server.mailbox.secret(&email, "/reset-password", 0).await;
                json!({ "token": secret, "newPassword": "another horse battery" })
            }
            "updateProfile" => json!({ "language": "EN" }),
            _ => return None,
        })
    }

    /// Valid input that sets what can't stand beside a field of the other: shares of cost centres instead of one, another party,
    /// another document.
    pub async fn other_inputs(&self, mutation: &str) -> Vec<Value> {
        let has_others = [
            "createInvoice",
            "updateInvoice",
            "createBill",
            "updateBill",
            "createJournalEntry",
            "recordExpense",
            "createExpense",
            "updateExpense",
            "recordPayment",
            "allocatePayment",
            "applyCreditNote",
            "applySupplierCredit",
            "confirmBankMatch",
            "writeOff",
        ];
        // What isn't needed isn't made: it would change what the first input is about.
        if !has_others.contains(&mutation) {
            return Vec::new();
        }
        let Some(mut input) = self.input(mutation).await else { return Vec::new() };
        match mutation {
            "createInvoice" | "updateInvoice" | "createBill" | "updateBill" | "createJournalEntry"
            | "recordExpense" | "createExpense" | "updateExpense" => {
                let path = if mutation.ends_with("Expense") { "" } else { "/lines/0" };
                let Some(line) = input.pointer_mut(path).and_then(Value::as_object_mut) else { return Vec::new() };
                line.remove("costCentreId");
                if line.remove("taxCodeIds").is_some() {
                    line.insert("taxCodeId".into(), json!(self.id("taxCode")));
                }
                let share = |slot, percent| json!({ "costCentreId": self.id(slot), "percent": percent });
                let shares = json!([share("costCentre", "62.5"), share("parentCostCentre", "37.5")]);
                line.insert("costCentreSplits".into(), shares);
                vec![input]
            }
            "recordPayment" => {
                let mut others = self.of_each_document(&input);
                let company = input["companyId"].clone();
                let fields = json!({ "amount": "1.00", "direction": "OUT", "employeeId": self.id("employee") });
                others.push(fields);
                let advance = json!({ "taxCodeId": self.id("taxCode") });
                others.push(json!({ "companyId": company, "amount": "11.80", "advance": advance }));
                let withheld = json!({ "taxCodeId": self.id("taxCode"), "base": "1.00" });
                others.push(
                    json!({ "companyId": company, "direction": "OUT", "amount": "1.00", "withholding": withheld }),
                );
                let account = self.id("bankAccount");
                others.push(json!({ "companyId": company, "amount": "1.00", "bankAccountId": account }));
                others
            }
            "confirmBankMatch" => {
                let mut others = self.of_each_document(&input);
                if let Some(fields) = input.as_object_mut() {
                    fields.remove("companyId");
                    fields.remove("allocations");
                    fields.insert("employeeId".into(), json!(self.id("employee")));
                }
                others.push(input);
                others
            }
            "allocatePayment" | "applyCreditNote" | "applySupplierCredit" => self.of_each_document(&input),
            "writeOff" => {
                let reason = self.name("write-off");
                let of = |field: &str, id: Value| json!({ field: id, "amount": "1.00", "reason": reason });
                vec![of("billId", self.fresh_bill().await), of("paymentId", self.unallocated().await["id"].clone())]
            }
            _ => Vec::new(),
        }
    }

    /// The input with an allocation to each kind of document.
    fn of_each_document(&self, input: &Value) -> Vec<Value> {
        let documents =
            [("invoiceId", "invoice"), ("billId", "bill"), ("expenseId", "expense"), ("paymentId", "payment")];
        let of = |(field, slot): (&str, &str)| {
            let mut input = input.clone();
            input["allocations"] = json!([{ field: self.id(slot), "amount": "1.00" }]);
            input
        };
        documents.into_iter().map(of).collect()
    }

    /// A payment of which a part settles nothing, as `{ id }`.
    async fn unallocated(&self) -> Value {
        let input = json!({ "companyId": self.id("company"), "amount": "70.00", "date": "2026-06-12" });
        let made = self.tenant.owner.act("recordPayment", input, "payment { id }").await;
        json!({ "id": made["payment"]["id"] })
    }

    /// A session of the owner's that a test may end.
    pub async fn another_session(&self) -> Caller<'a> {
        let server = self.tenant.owner.server;
        let input = json!({ "email": self.tenant.email, "password": Tenant::PASSWORD });
        let session = Caller::anonymous(server).act("logIn", input, "token").await;
        Caller::with_token(server, &text(&session["token"]))
    }

    /// Everything that the owner sees, so that a change of it is seen too.
    pub async fn fingerprint(&self, schema: &Schema) -> BTreeMap<String, Value> {
        let mut all = BTreeMap::new();
        for (name, document) in everything(schema) {
            let answer = self.tenant.owner.send(&document, json!({})).await;
            assert!(answer.body["errors"].is_null(), "{name}: {}", answer.text);
            all.insert(name, answer.data());
        }
        all
    }
}

/// A document for each query that needs no id: lists with their counts, and all reports.
pub fn everything(schema: &Schema) -> Vec<(String, String)> {
    let mut documents = Vec::new();
    for field in schema.queries() {
        let name = &field.name;
        if name == "reports" {
            documents.extend(reports(schema));
        } else if field.of.name.ends_with("Connection") {
            let node = field.of.name.trim_end_matches("Connection");
            let (own, referred) = (schema.selection(node, 0), schema.selection(node, 1));
            documents.push((name.clone(), format!("{{ {name}(first: 100) {{ totalCount nodes {{ {own} }} }} }}")));
            // With all that each refers to, a hundred rows are more than one request may ask.
            let few = format!("{{ {name}(first: 10) {{ totalCount nodes {{ {referred} }} }} }}");
            documents.push((format!("{name}.referred"), few));
        } else if !field.arguments.iter().any(|argument| argument.of.required) {
            documents.push((name.clone(), format!("{{ {name} {{ {} }} }}", schema.selection(&field.of.name, 2))));
        }
    }
    documents
}

/// A document for each report, in each of its groupings, over all time. Those of one record are in `statements` and `documents`.
fn reports(schema: &Schema) -> Vec<(String, String)> {
    let mut documents = Vec::new();
    for report in schema.fields("Reports") {
        let selection = schema.selection(&report.of.name, 2);
        let enumeration = report.arguments.iter().find(|argument| argument.of.kind == kamara_tests::Kind::Enum);
        let values = enumeration.map_or(vec![String::new()], |argument| {
            schema.values(&argument.of.name).iter().map(|value| format!(", {}: {value}", argument.name)).collect()
        });
        let strange = report.arguments.iter().find(|argument| {
            argument.of.required
                && argument.of.kind != kamara_tests::Kind::Enum
                && !["from", "to", "at", "accountId", "companyId", "dimension"].contains(&argument.name.as_str())
        });
        assert!(strange.is_none(), "no case for the report {}: its argument {strange:?} is new", report.name);
        let has = |name: &str| report.arguments.iter().any(|argument| argument.name == name);
        if has("accountId") || has("companyId") {
            continue;
        }
        let days = if has("at") { r#"at: "2026-12-31""# } else { r#"from: "2026-01-01", to: "2026-12-31""# };
        for value in values {
            let document = format!("{{ reports {{ {}({days}{value}) {{ {selection} }} }} }}", report.name);
            documents.push((format!("reports.{}{value}", report.name), document));
        }
    }
    documents
}

/// `createCompany` is `create` and `company`, for the kinds of record.
fn split(mutation: &str) -> Option<(&'static str, String)> {
    let verb = ["create", "update", "archive", "restore"].into_iter().find(|verb| mutation.starts_with(verb))?;
    let rest = &mutation[verb.len()..];
    let kind = format!("{}{}", rest[..1].to_lowercase(), &rest[1..]);
    (KINDS.contains(&kind.as_str()) || kind == "timeEntry").then_some((verb, kind))
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}
