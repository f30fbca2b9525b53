//! Banks: files come once and without a gap, lines are matched by a person's word and taken back, transfers, and what ties all
//! to the ledger.

mod accounts;
mod import;
mod matching;

use std::fmt::Write as _;

use kamara_tests::{ApiError, Caller, Server, Tenant};
use serde_json::{Value, json};

use crate::books::text;

/// A booking of a bank: day of June, amount in minor units, who, what for, the bank's id.
type Booking<'a> = (u32, i64, &'a str, &'a str, &'a str);

fn decimal(minor: i64) -> String {
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
}

/// A camt.053 file of one statement.
fn camt(currency: &str, opening: i64, bookings: &[Booking<'_>]) -> String {
    let sign = |minor: i64| if minor < 0 { "DBIT" } else { "CRDT" };
    let amount = |minor: i64| {
        format!(r#"<Amt Ccy="{currency}">{}</Amt><CdtDbtInd>{}</CdtDbtInd>"#, decimal(minor.abs()), sign(minor))
    };
    let balance = |kind: &str, minor: i64| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{}<Dt><Dt>2026-06-30</Dt></Dt></Bal>",
            amount(minor)
        )
    };
    let closing = opening + bookings.iter().map(|booking| booking.1).sum::<i64>();
    let entries = bookings.iter().fold(String::new(), |mut entries, (day, minor, who, what, id)| {
        let role = if *minor < 0 { "Cdtr" } else { "Dbtr" };
        let _ = writeln!(
            entries,
            "<Ntry>{}<Sts>BOOK</Sts><BookgDt><Dt>2026-06-{day:02}</Dt></BookgDt><AcctSvcrRef>{id}</AcctSvcrRef><NtryDtls><TxDtls>\
             <RltdPties><{role}><Nm>{who}</Nm></{role}></RltdPties><RmtInf><Ustrd>{what}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
            amount(*minor)
        );
        entries
    });
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>S</Id>\n{}{}\n{entries}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing)
    )
}

/// A company with a bank account.
struct Bank<'a> {
    tenant: Tenant<'a>,
    account: String,
    ledger_account: String,
    client: String,
}

impl<'a> Bank<'a> {
    async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let owner = &tenant.owner;
        let made =
            owner.create("bankAccount", json!({ "name": "ლარის ანგარიში" }), "id currency account { id role }").await;
        assert_eq!((&made["currency"], &made["account"]["role"]), (&json!("GEL"), &json!("BANK")));
        let client = owner.created("company", json!({ "name": "შპს ქართული თაღი", "isClient": true })).await;
        let (account, ledger_account) = (text(&made["id"]), text(&made["account"]["id"]));
        Self { tenant, account, ledger_account, client }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    async fn try_import(&self, content: &str) -> Result<Value, ApiError> {
        let input = json!({ "bankAccountId": self.account, "format": "CAMT_053", "content": content });
        let selection = "lineCount skippedCount statements { openingBalance { amount } closingBalance { amount } }";
        let answer = self.owner().try_act("importBankStatement", input, selection).await;
        answer.try_error().map_or_else(|| Ok(answer.data()["importBankStatement"].clone()), Err)
    }

    async fn import(&self, opening: i64, bookings: &[Booking<'_>]) -> Value {
        self.try_import(&camt("GEL", opening, bookings)).await.expect("an import")
    }

    /// The lines of the account, the oldest first.
    async fn lines(&self) -> Vec<Value> {
        self.lines_of(&self.account).await
    }

    async fn lines_of(&self, account: &str) -> Vec<Value> {
        let document = "query($id: ID!) { bankStatementLines(first: 100, filter: { bankAccountId: { eq: $id } }, orderBy: { field: DATE, direction: ASC }) \
            { nodes { id date status amount { amount } counterparty matches { recorded amount { amount } journalEntry { id date } payment { id } } } } }";
        let shown = self.owner().send(document, json!({ "id": account })).await.data();
        shown["bankStatementLines"]["nodes"].as_array().expect("lines").clone()
    }

    async fn ids(&self) -> Vec<String> {
        self.lines().await.iter().map(|line| text(&line["id"])).collect()
    }

    /// An issued invoice: its id.
    async fn invoice(&self, price: &str) -> Value {
        let owner = self.owner();
        let line = json!({ "description": "Consulting", "quantity": "1", "unitPrice": price });
        let input = json!({ "companyId": self.client, "date": "2026-06-01", "dueDate": "2026-06-20", "lines": [line] });
        let draft = owner.create("invoice", input, "id version").await;
        let issued = owner.act("issueInvoice", json!({ "id": draft["id"] }), "invoice { id number }").await;
        issued["invoice"].clone()
    }

    async fn invoice_now(&self, invoice: &Value) -> (String, String) {
        let document = "query($id: ID!) { invoice(id: $id) { status due { amount } } }";
        let shown = self.owner().send(document, json!({ "id": invoice["id"] })).await.data();
        (text(&shown["invoice"]["status"]), text(&shown["invoice"]["due"]["amount"]))
    }

    async fn matches(&self, ids: &[String]) -> Value {
        let document = "query($ids: [ID!]!) { bankMatches(lineIds: $ids) { line { id } proposals { score reasons lines { id } \
            parts { kind id number name amount { amount } open { amount } } } } }";
        self.owner().send(document, json!({ "ids": ids })).await.data()["bankMatches"].clone()
    }

    async fn account_of(&self, role: &str) -> String {
        let document = format!("{{ accounts(first: 1, filter: {{ role: {{ eq: {role} }} }}) {{ nodes {{ id }} }} }}");
        text(&self.owner().query(&document).await["accounts"]["nodes"][0]["id"])
    }

    async fn reconciliation(&self, account: &str, at: &str) -> Value {
        let document = "query($id: ID!, $at: Date) { bankReconciliation(bankAccountId: $id, at: $at) { reconciled statedUntil \
            statementBalance { amount } ledgerBalance { amount } difference { amount } openingDifference { amount } unexplained { amount } \
            openLineCount openLinesTotal { amount } ledgerLineCount ledgerLinesTotal { amount } ignoredLinesTotal { amount } } }";
        let shown = self.owner().send(document, json!({ "id": account, "at": at })).await.data();
        let shown = shown["bankReconciliation"].clone();
        // Whatever is open: the difference is told to the last tetri.
        assert_eq!(shown["unexplained"]["amount"], "0.00", "{shown}");
        shown
    }

    async fn count(&self, list: &str) -> i64 {
        let shown = self.owner().query(&format!("{{ {list}(first: 1) {{ totalCount }} }}")).await;
        shown[list]["totalCount"].as_i64().expect("a count")
    }
}

fn refused(error: &ApiError, code: &str, field: Option<&str>) {
    assert_eq!((error.code.as_str(), error.field.as_deref()), (code, field), "{}", error.message);
}
