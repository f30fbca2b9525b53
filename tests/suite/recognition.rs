//! Revenue is in the month in which it's earned, whenever it's billed.

use kamara_tests::{ApiError, Caller, Database, Server, Tenant, both, both_alone};
use serde_json::{Value, json};

use crate::{books::text, verify::problems};

/// A company with a client.
struct Desk<'a> {
    tenant: Tenant<'a>,
    client: String,
    project: String,
}

/// A line of one price, and the days of its service.
struct Of<'a>(&'a str, &'a str, &'a str);

const ENDS: [&str; 12] =
    ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"];

impl<'a> Desk<'a> {
    async fn open(server: &'a Server) -> Self {
        Self::open_in(server, "GEL").await
    }

    async fn open_in(server: &'a Server, currency: &str) -> Self {
        let tenant = Tenant::sign_up_as(server, json!({ "baseCurrency": currency })).await;
        let client = tenant.owner.created("company", json!({ "name": "Vake Clinic", "isClient": true })).await;
        let project = json!({ "name": "Support", "status": "ACTIVE", "companyId": client });
        let project = tenant.owner.created("project", project).await;
        Self { tenant, client, project }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    fn input(&self, date: &str, lines: &[Of<'_>]) -> Value {
        let line = |Of(price, from, to): &Of<'_>| {
            let (from, to) = if from.is_empty() { (Value::Null, Value::Null) } else { (json!(from), json!(to)) };
            json!({ "quantity": "1", "unitPrice": price, "serviceFrom": from, "serviceTo": to, "projectId": self.project })
        };
        json!({ "companyId": self.client, "date": date, "lines": lines.iter().map(line).collect::<Vec<_>>() })
    }

    async fn draft_of(&self, input: Value) -> Value {
        self.owner().create("invoice", input, "id version lines { id serviceFrom serviceTo }").await
    }

    async fn draft(&self, date: &str, lines: &[Of<'_>]) -> Value {
        self.draft_of(self.input(date, lines)).await
    }

    async fn issue(&self, draft: &Value) -> Value {
        let shown = "invoice { id number journalEntry { date serviceDate } }";
        self.owner().act("issueInvoice", json!({ "id": draft["id"] }), shown).await["invoice"].clone()
    }

    /// Runs at the end of a day; what it gives of each document, as `deferred`, `unbilled` and `change`.
    async fn run(&self, date: &str) -> Vec<[String; 3]> {
        let selection = format!("recognition {{ {RUN} }}");
        let preview = format!("query($date: Date!) {{ revenueRecognition(date: $date) {{ {RUN} }} }}");
        let preview = self.owner().send(&preview, json!({ "date": date })).await.data()["revenueRecognition"].clone();
        let done =
            self.owner().act("recogniseRevenue", json!({ "date": date }), &selection).await["recognition"].clone();
        assert_eq!(figures(&preview), figures(&done), "the preview is what is posted");
        for row in done["rows"].as_array().expect("rows") {
            assert!(row["entry"].is_object() || row["change"]["amount"] == zero(row), "{row}");
        }
        figures(&done)
    }

    async fn refused(&self, date: &str) -> ApiError {
        self.owner().refused("recogniseRevenue", json!({ "date": date })).await
    }

    /// The result from one day to another.
    async fn earned(&self, from: &str, to: &str) -> String {
        let document =
            format!(r#"{{ reports {{ profitAndLoss(from: "{from}", to: "{to}") {{ result {{ amount }} }} }} }}"#);
        text(&self.owner().query(&document).await["reports"]["profitAndLoss"]["result"]["amount"])
    }

    /// What each month of a year earns, in cents.
    async fn months(&self, year: &str) -> Vec<i64> {
        let mut earned = Vec::new();
        for (month, end) in ENDS.iter().enumerate() {
            let from = format!("{year}-{:02}-01", month + 1);
            earned.push(cents(&self.earned(&from, &format!("{year}-{end}")).await));
        }
        earned
    }

    /// What is deferred and what is unbilled at the end of a day.
    async fn waiting(&self, at: &str) -> [String; 2] {
        let document = format!(
            r#"{{ reports {{ deferredRevenue(at: "{at}") {{ deferred unbilled tied
                rows {{ deferred unbilled invoice {{ id }} company {{ name }} lines(first: 100) {{ nodes {{ debit credit account {{ role }} }} }} }} }} }} }}"#
        );
        let report = self.owner().query(&document).await["reports"]["deferredRevenue"].clone();
        assert_eq!(report["tied"], true, "{report}");
        // Each row opens into the lines that make it.
        for row in report["rows"].as_array().expect("rows") {
            let of = |role: &str| -> i64 {
                let lines = row["lines"]["nodes"].as_array().expect("lines");
                let of_role = lines.iter().filter(|line| line["account"]["role"] == role);
                of_role.map(|line| cents(&text(&line["debit"])) - cents(&text(&line["credit"]))).sum()
            };
            assert_eq!(cents(&text(&row["deferred"])), -of("DEFERRED_REVENUE"), "{row}");
            assert_eq!(cents(&text(&row["unbilled"])), of("UNBILLED_REVENUE"), "{row}");
        }
        [text(&report["deferred"]), text(&report["unbilled"])]
    }

    async fn newest(&self) -> Value {
        self.owner().query("{ journalEntries(first: 1) { nodes { seq } } }").await["journalEntries"]["nodes"][0]["seq"]
            .clone()
    }

    async fn checked(&self) {
        assert_eq!(problems(self.owner().server, &self.tenant.name).await, Vec::<String>::new());
    }
}

const RUN: &str = "date deferred { amount } unbilled { amount } change { amount }
    rows { invoice { id number } deferred { amount } unbilled { amount } change { amount } entry { id date } reversal { id date } }";

fn figures(run: &Value) -> Vec<[String; 3]> {
    let row = |row: &Value| ["deferred", "unbilled", "change"].map(|figure| text(&row[figure]["amount"]));
    run["rows"].as_array().expect("rows").iter().map(row).collect()
}

/// Nothing, in as many places as the row's currency has.
fn zero(row: &Value) -> String {
    text(&row["change"]["amount"]).chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect()
}

fn cents(amount: &str) -> i64 {
    amount.replace('.', "").parse().expect("an amount")
}

/// What 1,200.00 over the days of 2025 earn in each month.
const TWELVE_HUNDRED: [i64; 12] =
    [10_192, 9_205, 10_192, 9_863, 10_192, 9_863, 10_192, 10_191, 9_863, 10_192, 9_863, 10_192];

async fn a_year_that_is_billed_ahead_is_earned_month_by_month(server: &'static Server) {
    let desk = Desk::open(server).await;
    let invoice = desk.issue(&desk.draft("2025-01-01", &[Of("1200", "2025-01-01", "2025-12-31")]).await).await;
    // What is earned at once is nobody's business here.
    desk.issue(&desk.draft("2025-01-01", &[Of("50", "", ""), Of("50", "2024-12-01", "2024-12-31")]).await).await;
    assert_eq!(desk.run("2025-01-31").await, [["1098.08", "0.00", "-1098.08"]]);
    let newest = desk.newest().await;
    assert_eq!(desk.run("2025-01-31").await, [["1098.08", "0.00", "0.00"]], "a second run posts nothing");
    assert_eq!(desk.newest().await, newest);
    for end in &ENDS[1..] {
        desk.run(&format!("2025-{end}")).await;
    }
    let mut expected = TWELVE_HUNDRED;
    expected[0] += 10_000;
    assert_eq!(desk.months("2025").await, expected);
    assert_eq!(desk.waiting("2025-01-31").await, ["1098.08", "0.00"]);
    assert_eq!(desk.waiting("2025-06-30").await, ["604.93", "0.00"]);
    assert_eq!(desk.waiting("2025-12-31").await, ["0.00", "0.00"]);
    assert_eq!(desk.run("2026-01-31").await, Vec::<[String; 3]>::new());
    // Margins follow, whatever they're cut by.
    for group in ["COMPANY", "PROJECT"] {
        let document = format!(
            r#"{{ reports {{ margin(from: "2025-02-01", to: "2025-02-28", groupBy: {group}) {{ rows {{ label revenue }} }} }} }}"#
        );
        let margin = desk.owner().query(&document).await["reports"]["margin"]["rows"].clone();
        let rows: Vec<_> = margin.as_array().expect("rows").iter().filter(|row| row["revenue"] != "0.00").collect();
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0]["revenue"], "92.05");
        assert_eq!(rows[0]["label"], if group == "COMPANY" { "Vake Clinic" } else { "Support" });
    }
    // What the client owes and the invoice itself know nothing of it.
    let shown = format!("{{ invoice(id: {}) {{ due {{ amount }} total {{ amount }} }} }}", invoice["id"]);
    assert_eq!(
        desk.owner().query(&shown).await["invoice"],
        json!({ "due": { "amount": "1200.00" }, "total": { "amount": "1200.00" } })
    );
    desk.checked().await;
}

async fn a_year_that_is_billed_in_arrears_is_earned_month_by_month(server: &'static Server) {
    let desk = Desk::open(server).await;
    let draft = desk.draft("2025-12-31", &[Of("1200", "2025-01-01", "2025-12-31")]).await;
    assert_eq!(draft["lines"][0]["serviceTo"], "2025-12-31");
    assert_eq!(desk.run("2025-01-31").await, [["0.00", "101.92", "101.92"]]);
    for end in &ENDS[1..] {
        desk.run(&format!("2025-{end}")).await;
    }
    assert_eq!(desk.waiting("2025-11-30").await, ["0.00", "1098.08"]);
    assert_eq!(desk.waiting("2025-12-31").await, ["0.00", "1200.00"]);
    desk.issue(&draft).await;
    assert_eq!(desk.waiting("2025-12-31").await, ["0.00", "0.00"], "billing releases it");
    assert_eq!(desk.waiting("2025-11-30").await, ["0.00", "1098.08"], "what was, stands");
    assert_eq!(desk.months("2025").await, TWELVE_HUNDRED);
    assert_eq!(desk.run("2025-12-31").await, Vec::<[String; 3]>::new());
    desk.checked().await;
}

async fn billing_in_the_middle_and_before_the_last_run_counts_once(server: &'static Server) {
    let desk = Desk::open(server).await;
    // Two months for 600; the draft is dated before the run that counts it.
    let early = desk.draft("2026-01-20", &[Of("590", "2026-01-01", "2026-02-28")]).await;
    assert_eq!(desk.run("2026-01-31").await, [["0.00", "310.00", "310.00"]]);
    let issued = desk.issue(&early).await;
    assert_eq!(desk.waiting("2026-01-31").await, ["0.00", "0.00"], "not before the day on which it was booked");
    assert_eq!(desk.earned("2026-01-01", "2026-01-30").await, "590.00");
    assert_eq!(desk.earned("2026-01-01", "2026-01-31").await, "590.00");
    // The run again: it's billed now, and a month is still to come.
    assert_eq!(desk.run("2026-01-31").await, [["280.00", "0.00", "-280.00"]]);
    desk.run("2026-02-28").await;
    assert_eq!(desk.months("2026").await[..3], [31_000, 28_000, 0]);
    assert_eq!(issued["journalEntry"], json!({ "date": "2026-01-20", "serviceDate": "2026-01-20" }));

    // Issued in February for January to March: January is unbilled, March deferred.
    let middle = desk.draft("2026-02-15", &[Of("90", "2026-01-01", "2026-03-31")]).await;
    assert_eq!(desk.run("2026-01-31").await, [["280.00", "0.00", "0.00"], ["0.00", "31.00", "31.00"]]);
    desk.issue(&middle).await;
    assert_eq!(desk.waiting("2026-02-14").await, ["280.00", "31.00"]);
    assert_eq!(desk.waiting("2026-02-15").await, ["280.00", "0.00"]);
    desk.run("2026-02-28").await;
    assert_eq!(desk.waiting("2026-02-28").await, ["31.00", "0.00"]);
    desk.run("2026-03-31").await;
    assert_eq!(desk.months("2026").await[..4], [34_100, 30_800, 3_100, 0]);

    // For what is over when it's billed, the invoice's entry says when it was.
    let late = desk.issue(&desk.draft("2026-05-10", &[Of("30", "2026-04-01", "2026-04-30")]).await).await;
    assert_eq!(late["journalEntry"], json!({ "date": "2026-05-10", "serviceDate": "2026-04-30" }));
    // A run for a month that is past, which nobody made then: it's April's revenue, and no longer May's.
    let document = format!("recognition {{ {RUN} }}");
    let done = desk.owner().act("recogniseRevenue", json!({ "date": "2026-04-30" }), &document).await;
    let row = &done["recognition"]["rows"][0];
    assert_eq!((&row["entry"]["date"], &row["reversal"]["date"]), (&json!("2026-04-30"), &json!("2026-05-10")));
    assert_eq!(desk.months("2026").await[3..5], [3_000, 0]);
    desk.checked().await;
}

async fn runs_in_any_order_come_to_the_same(server: &'static Server) {
    let desk = Desk::open(server).await;
    desk.issue(&desk.draft("2025-01-01", &[Of("365", "2025-01-01", "2025-12-31")]).await).await;
    for end in ["03-31", "01-31", "12-31", "02-28", "02-28", "06-30", "01-31"] {
        desk.run(&format!("2025-{end}")).await;
    }
    assert_eq!(desk.months("2025").await, [3_100, 2_800, 3_100, 0, 0, 9_100, 0, 0, 0, 0, 0, 18_400]);
    desk.checked().await;
}

async fn days_currencies_and_cents_come_out_even(server: &'static Server) {
    // A February of 29 days.
    let desk = Desk::open(server).await;
    desk.issue(&desk.draft("2024-01-01", &[Of("366", "2024-01-01", "2024-12-31")]).await).await;
    for end in ["01-31", "02-29", "12-31"] {
        desk.run(&format!("2024-{end}")).await;
    }
    assert_eq!(desk.earned("2024-02-01", "2024-02-29").await, "29.00");
    // Currencies without cents, and with a thousandth.
    for (currency, price, expected) in
        [("JPY", "100", ["34", "32", "34"]), ("KWD", "0.100", ["0.034", "0.032", "0.034"])]
    {
        let desk = Desk::open_in(server, currency).await;
        desk.issue(&desk.draft("2025-01-01", &[Of(price, "2025-01-01", "2025-03-31")]).await).await;
        for end in &ENDS[..3] {
            desk.run(&format!("2025-{end}")).await;
        }
        let mut earned = Vec::new();
        for (from, to) in [("01-01", "01-31"), ("02-01", "02-28"), ("03-01", "03-31")] {
            earned.push(desk.earned(&format!("2025-{from}"), &format!("2025-{to}")).await);
        }
        assert_eq!(earned, expected, "{currency}");
    }
    // Another currency stays at the invoice's rate, and comes to what the invoice posted.
    let desk = Desk::open(server).await;
    let mut input =
        desk.input("2025-01-01", &[Of("100.01", "2025-01-01", "2025-03-31"), Of("0.02", "2025-01-01", "2025-03-31")]);
    input["currency"] = json!("USD");
    input["rate"] = json!("2.7345");
    let issued = desk.issue(&desk.draft_of(input).await).await;
    assert!(issued["number"].is_string());
    let all = cents(&desk.earned("2025-01-01", "2025-12-31").await);
    for end in &ENDS[..3] {
        desk.run(&format!("2025-{end}")).await;
    }
    assert_eq!(desk.months("2025").await.iter().sum::<i64>(), all);
    assert_eq!(desk.waiting("2025-03-31").await, ["0.00", "0.00"]);
    let lines = format!(
        "{{ journalLines(first: 100, filter: {{ accountRole: {{ eq: DEFERRED_REVENUE }}, sourceId: {{ eq: {} }} }}) {{ nodes {{ amount {{ amount currency }} }} }} }}",
        issued["id"]
    );
    let lines = desk.owner().query(&lines).await;
    let lines = lines["journalLines"]["nodes"].as_array().expect("lines").clone();
    assert!(lines.len() >= 3 && lines.iter().all(|line| line["amount"]["currency"] == "USD"), "{lines:?}");
    assert_eq!(lines.iter().map(|line| cents(&text(&line["amount"]["amount"]))).sum::<i64>(), 0);
    desk.checked().await;
}

async fn credit_notes_and_voids_take_back_what_waits(server: &'static Server) {
    let desk = Desk::open(server).await;
    let credited = desk.issue(&desk.draft("2025-01-01", &[Of("1200", "2025-01-01", "2025-12-31")]).await).await;
    let half = desk.issue(&desk.draft("2025-01-01", &[Of("1200", "2025-01-01", "2025-12-31")]).await).await;
    for end in &ENDS[..6] {
        desk.run(&format!("2025-{end}")).await;
    }
    assert_eq!(desk.waiting("2025-06-30").await, ["1209.86", "0.00"]);
    for (invoice, net) in [(&credited, "1200"), (&half, "600")] {
        let shown = format!("{{ invoice(id: {}) {{ lines {{ id }} }} }}", invoice["id"]);
        let line = desk.owner().query(&shown).await["invoice"]["lines"][0]["id"].clone();
        let note =
            json!({ "invoiceId": invoice["id"], "date": "2025-07-01", "lines": [{ "lineId": line, "net": net }] });
        let note =
            desk.owner().act("createCreditNote", note, "creditNote { id lines { serviceFrom serviceTo } }").await;
        assert_eq!(note["creditNote"]["lines"][0], json!({ "serviceFrom": "2025-01-01", "serviceTo": "2025-12-31" }));
        assert_eq!(desk.run("2025-06-30").await.len(), 2, "the draft of a credit note is no revenue");
        desk.issue(&note["creditNote"]).await;
    }
    desk.run("2025-07-31").await;
    // Of the first nothing waits any more, of the second a half.
    let left = 1200 * (365 - 212) * 100 / 365 / 2;
    assert_eq!(cents(&desk.waiting("2025-07-31").await[0]), left);
    for end in &ENDS[7..] {
        desk.run(&format!("2025-{end}")).await;
    }
    assert_eq!(desk.months("2025").await.iter().sum::<i64>(), 60_000);
    assert_eq!(desk.waiting("2025-12-31").await, ["0.00", "0.00"]);

    let void = desk.issue(&desk.draft("2026-01-01", &[Of("365", "2026-01-01", "2026-12-31")]).await).await;
    for end in &ENDS[..3] {
        desk.run(&format!("2026-{end}")).await;
    }
    desk.owner().act("voidInvoice", json!({ "id": void["id"], "date": "2026-02-10" }), "invoice { status }").await;
    // From the day on which it's void, whatever was booked later.
    assert_eq!(desk.waiting("2026-02-09").await, ["334.00", "0.00"]);
    for day in ["2026-02-10", "2026-02-28", "2026-03-31", "2026-06-30"] {
        assert_eq!(desk.waiting(day).await, ["0.00", "0.00"], "{day}");
    }
    let newest = desk.newest().await;
    for end in &ENDS[..3] {
        desk.run(&format!("2026-{end}")).await;
    }
    assert_eq!(desk.newest().await, newest, "a run again finds all as it is");
    assert_eq!(desk.months("2026").await[..4], [3_100, -3_100, 0, 0]);
    desk.checked().await;
}

async fn what_is_left_of_a_year_is_credited_by_its_days(server: &'static Server) {
    let desk = Desk::open(server).await;
    let invoice = desk.issue(&desk.draft("2025-01-01", &[Of("1200", "2025-01-01", "2025-12-31")]).await).await;
    let at_once = desk.issue(&desk.draft("2025-01-01", &[Of("10", "", "")]).await).await;
    for end in &ENDS[..6] {
        desk.run(&format!("2025-{end}")).await;
    }
    let line = async |invoice: &Value| {
        let shown = format!("{{ invoice(id: {}) {{ lines {{ id }} }} }}", invoice["id"]);
        desk.owner().query(&shown).await["invoice"]["lines"][0]["id"].clone()
    };
    let note = |invoice: &Value, line: Value, from: &str, to: &str| {
        let line = json!({ "lineId": line, "net": "5", "serviceFrom": from, "serviceTo": to });
        json!({ "invoiceId": invoice["id"], "date": "2025-07-01", "lines": [line] })
    };
    for (of, from, to, field) in [
        (&invoice, "2024-12-31", "2025-12-31", "lines.0.serviceFrom"),
        (&invoice, "2025-07-01", "2026-01-01", "lines.0.serviceTo"),
        (&invoice, "2025-07-02", "2025-07-01", "lines.0.serviceTo"),
        (&at_once, "2025-07-01", "2025-07-31", "lines.0.serviceFrom"),
    ] {
        let refused = desk.owner().refused("createCreditNote", note(of, line(of).await, from, to)).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some(field)));
    }
    // 184 days of 365.
    let mut second_half = note(&invoice, line(&invoice).await, "2025-07-01", "2025-12-31");
    second_half["lines"][0]["net"] = json!("604.93");
    let note =
        desk.owner().act("createCreditNote", second_half, "creditNote { id lines { serviceFrom serviceTo } }").await;
    assert_eq!(note["creditNote"]["lines"][0], json!({ "serviceFrom": "2025-07-01", "serviceTo": "2025-12-31" }));
    desk.issue(&note["creditNote"]).await;
    for end in &ENDS[6..] {
        desk.run(&format!("2025-{end}")).await;
        // Of each line the days are rounded by themselves.
        let waiting = desk.waiting(&format!("2025-{end}")).await;
        assert!(cents(&waiting[0]).abs() <= 1 && cents(&waiting[1]) == 0, "{end}: {waiting:?}");
    }
    assert_eq!(desk.waiting("2025-12-31").await, ["0.00", "0.00"]);
    let months = desk.months("2025").await;
    assert_eq!(months[..6].iter().sum::<i64>(), 59_507 + 1_000, "what was earned stays where it was");
    assert!(months[6..].iter().all(|month| month.abs() <= 1), "{months:?}");
    desk.checked().await;
}

async fn drafts_that_change_correct_themselves(server: &'static Server) {
    let desk = Desk::open(server).await;
    let draft = desk.draft("2026-03-31", &[Of("90", "2026-01-01", "2026-03-31")]).await;
    desk.run("2026-01-31").await;
    let mut input = json!({ "id": draft["id"], "version": draft["version"] });
    input["lines"] = desk.input("2026-03-31", &[Of("180", "2026-01-01", "2026-03-31")])["lines"].clone();
    let changed = desk.owner().act("updateInvoice", input, "invoice { id version }").await["invoice"].clone();
    assert_eq!(desk.run("2026-01-31").await, [["0.00", "62.00", "31.00"]]);
    // Days that stay when only the head is changed.
    let input = json!({ "id": changed["id"], "version": changed["version"], "note": "Support" });
    let shown = "invoice { id version lines { serviceFrom } }";
    let changed = desk.owner().act("updateInvoice", input, shown).await["invoice"].clone();
    assert_eq!(changed["lines"][0]["serviceFrom"], "2026-01-01");
    let archived = json!({ "id": changed["id"], "version": changed["version"] });
    let archived = desk.owner().act("archiveInvoice", archived, "invoice { id version }").await["invoice"].clone();
    assert_eq!(desk.run("2026-02-28").await, [["0.00", "0.00", "-62.00"]]);
    let restored = json!({ "id": archived["id"], "version": archived["version"] });
    let restored = desk.owner().act("restoreInvoice", restored, "invoice { id version }").await["invoice"].clone();
    assert_eq!(desk.run("2026-02-28").await, [["0.00", "118.00", "118.00"]]);
    // Without days it's earned when it's billed, and waits for nothing.
    let mut input = json!({ "id": restored["id"], "version": restored["version"] });
    input["lines"] = desk.input("2026-03-31", &[Of("180", "", "")])["lines"].clone();
    desk.owner().act("updateInvoice", input, "invoice { id }").await;
    assert_eq!(desk.waiting("2026-06-14").await, ["0.00", "118.00"]);
    assert_eq!(desk.waiting("2026-06-15").await, ["0.00", "0.00"]);
    desk.issue(&draft).await;
    assert_eq!(desk.earned("2026-01-01", "2026-06-15").await, "180.00");
    desk.checked().await;
}

async fn a_year_closes_in_between(server: &'static Server) {
    let desk = Desk::open(server).await;
    let year = desk.owner().created("fiscalYear", json!({ "startDate": "2025-01-01" })).await;
    desk.owner().created("fiscalYear", json!({})).await;
    desk.issue(&desk.draft("2025-07-01", &[Of("730", "2025-07-01", "2026-06-30")]).await).await;
    let arrears = desk.draft("2026-01-10", &[Of("100", "2025-12-01", "2025-12-31")]).await;
    assert_eq!(desk.run("2025-12-31").await, [["362.00", "0.00", "-362.00"], ["0.00", "100.00", "100.00"]]);
    desk.owner().act("closeFiscalYear", json!({ "id": year }), "fiscalYear { status }").await;
    let refused = desk.refused("2025-11-30").await;
    assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("date")));
    assert_eq!(desk.run("2025-12-31").await.len(), 2, "what has nothing to post may be asked of a closed year");
    desk.issue(&arrears).await;
    for end in &ENDS[..5] {
        desk.run(&format!("2026-{end}")).await;
    }
    assert_eq!(desk.earned("2025-01-01", "2025-12-31").await, "468.00");
    assert_eq!(desk.months("2026").await[..5], [6_200, 5_600, 6_200, 6_000, 6_200]);
    assert_eq!(desk.waiting("2026-05-31").await, ["60.00", "0.00"]);
    desk.checked().await;
}

async fn cost_centres_share_what_waits(server: &'static Server) {
    let desk = Desk::open(server).await;
    let one = desk.owner().created("costCentre", json!({ "name": "One" })).await;
    let other = desk.owner().created("costCentre", json!({ "name": "Other" })).await;
    let mut input = desk.input("2025-01-01", &[Of("100.01", "2025-01-01", "2025-02-28")]);
    let share = |id: &str, percent: &str| json!({ "costCentreId": id, "percent": percent });
    input["lines"][0]["costCentreSplits"] = json!([share(&one, "33.33"), share(&other, "66.67")]);
    desk.issue(&desk.draft_of(input).await).await;
    desk.run("2025-01-31").await;
    let result = async |centre: &str, to: &str| {
        let document = format!(
            r#"{{ reports {{ profitAndLoss(from: "2025-01-01", to: "{to}", dimension: {{ costCentreId: "{centre}" }}) {{ result {{ amount }} }} }} }}"#
        );
        text(&desk.owner().query(&document).await["reports"]["profitAndLoss"]["result"]["amount"])
    };
    assert_eq!([result(&one, "2025-01-31").await, result(&other, "2025-01-31").await], ["17.51", "35.04"]);
    desk.run("2025-02-28").await;
    assert_eq!([result(&one, "2025-02-28").await, result(&other, "2025-02-28").await], ["33.33", "66.68"]);
    desk.checked().await;
}

async fn bad_days_are_refused_with_the_field(server: &'static Server) {
    let desk = Desk::open(server).await;
    for (from, to, field) in [
        (json!("2026-01-01"), Value::Null, "lines.0.serviceTo"),
        (Value::Null, json!("2026-01-01"), "lines.0.serviceFrom"),
        (json!("2026-01-02"), json!("2026-01-01"), "lines.0.serviceTo"),
        (json!("2026-01-01"), json!("2036-01-01"), "lines.0.serviceTo"),
    ] {
        let mut input = desk.input("2026-01-01", &[Of("1", "", "")]);
        input["lines"][0]["serviceFrom"] = from;
        input["lines"][0]["serviceTo"] = to;
        let refused = desk.owner().refused("createInvoice", input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some(field)));
    }
    let refused = desk.refused("2026-06-16").await;
    assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("date")));
    assert_eq!(desk.run("2026-06-15").await, Vec::<[String; 3]>::new());
}

async fn who_bills_at_once_pays_no_statement_for_it(server: Server) {
    let desk = Desk::open(&server).await;
    let mut costs = Vec::new();
    // The first entry of a company costs one less: there's none before it.
    let at_once = || Of("1", "", "");
    for line in [at_once(), at_once(), at_once(), Of("1", "2026-01-01", "2026-01-31")] {
        let draft = desk.draft("2026-01-01", &[line]).await;
        let before = server.statements().await;
        desk.owner().act("issueInvoice", json!({ "id": draft["id"] }), "__typename").await;
        costs.push(server.statements().await - before);
    }
    assert_eq!(costs[1], costs[2]);
    // On SQLite the entry goes with its lines and the events in one statement, unless something is read between them.
    let (at_most, looked) = if server.database == Database::Sqlite { (11, 2) } else { (13, 1) };
    assert!(costs[2] <= at_most, "{costs:?}");
    assert_eq!(costs[3], costs[2] + looked, "one look for what waits, only where something may");
}

both!(
    a_year_that_is_billed_ahead_is_earned_month_by_month,
    a_year_that_is_billed_in_arrears_is_earned_month_by_month,
    billing_in_the_middle_and_before_the_last_run_counts_once,
    runs_in_any_order_come_to_the_same,
    days_currencies_and_cents_come_out_even,
    credit_notes_and_voids_take_back_what_waits,
    what_is_left_of_a_year_is_credited_by_its_days,
    drafts_that_change_correct_themselves,
    a_year_closes_in_between,
    cost_centres_share_what_waits,
    bad_days_are_refused_with_the_field,
);

mod alone {
    use super::*;
    both_alone!(who_bills_at_once_pays_no_statement_for_it);
}
