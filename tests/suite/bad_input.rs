//! Bad input gets a clear error, writes nothing, and the server goes on.

use std::{fs, path::PathBuf};

use kamara::transfer::{Problem, import::ImportError};
use kamara_tests::{Answer, Caller, Server, Tenant, both, folder};
use serde_json::{Value, json};

use crate::{
    books::Books,
    transfer::{import_into, northwind},
};

/// How much there is of everything, the ledger's newest number with it.
async fn stock(owner: &Caller<'_>) -> Value {
    owner
        .query(
            r#"{ companies { totalCount } contacts { totalCount } leads { totalCount } deals { totalCount } services { totalCount }
                employees { totalCount } invoices { totalCount } payments { totalCount } expenses { totalCount } timeEntries { totalCount }
                journalEntries { totalCount } reports { margin(from: "1990-01-01", to: "2030-12-31", groupBy: MONTH) { asOf } } }"#,
        )
        .await
}

async fn what_is_not_a_request_is_told_so(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let bodies: [(&str, &[u8], u16); 9] = [
        ("not JSON", b"query { me }", 400),
        ("empty", b"", 400),
        ("not UTF-8", b"{\"query\": \"\xff\xfe\"}", 400),
        ("a number", b"1", 400),
        ("null", b"null", 400),
        ("no query", b"{\"variables\": {}}", 200),
        ("cut off", b"{\"query\": \"{ me { user", 400),
        ("a query of another type", b"{\"query\": 5}", 400),
        ("variables of another type", b"{\"query\": \"{ me { user { id } } }\", \"variables\": \"x\"}", 400),
    ];
    for (what, body, status) in bodies {
        let answer = owner.post(body.to_vec(), &[]).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (status, "INVALID_INPUT"), "{what}: {}", answer.text);
        assert!(answer.error().message.len() > 10, "{what}: {}", answer.text);
    }
    let huge = |megabytes: usize| {
        json!({ "query": format!("{{ me {{ user {{ id }} }} }} #{}", "x".repeat(megabytes * 1024 * 1024)) }).to_string()
    };
    for (caller, megabytes) in [(owner, 17), (&Caller::anonymous(server), 2)] {
        let answer = caller.post(huge(megabytes), &[]).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (413, "INVALID_INPUT"), "{megabytes} MB");
    }
    let answer = owner.post("{}", &[("content-type", "text/plain")]).await;
    assert_eq!((answer.status, answer.error().code.as_str()), (415, "INVALID_INPUT"));
    assert_eq!(server.get("/no-such-path/x.js").await.status().as_u16(), 404);
    owner.query("{ me { user { id } } }").await;
}

async fn what_is_not_graphql_of_ours_is_told_so(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let nested = |depth: usize| {
        format!(
            "{{ companies(first: 1) {}{}",
            "{ nodes { contacts(first: 1) ".repeat(depth),
            "{ totalCount } ".to_owned() + &"} } ".repeat(depth) + "}"
        )
    };
    let aliases = |count: usize| {
        let fields: Vec<String> = (0..count)
            .map(|n| {
                format!(
                    "a{n}: companies(first: 100) {{ nodes {{ name contacts(first: 100) {{ nodes {{ name }} }} }} }}"
                )
            })
            .collect();
        format!("{{ {} }}", fields.join(" "))
    };
    let deep = format!("{{ employees(first: 1) {{ nodes {{ {}id{} }} }} }}", "manager { ".repeat(20), " }".repeat(20));
    let documents = [
        ("a syntax error", "{ me { user ".to_owned()),
        ("a field that isn't there", "{ nothing }".to_owned()),
        ("a nested field that isn't there", "{ companies { nodes { secrets } } }".to_owned()),
        ("an argument that isn't there", "{ companies(limit: 5) { totalCount } }".to_owned()),
        ("an argument of another type", "{ companies(first: \"five\") { totalCount } }".to_owned()),
        ("a missing argument", "{ company { name } }".to_owned()),
        ("an enumeration's wrong value", "{ companies(orderBy: { field: COLOUR }) { totalCount } }".to_owned()),
        ("a cursor that is none", "{ companies(after: \"x\") { totalCount } }".to_owned()),
        ("a cursor of another kind", "{ companies(after: \"bm90aGluZw==\") { totalCount } }".to_owned()),
        ("too many rows", "{ companies(first: 101) { totalCount } }".to_owned()),
        ("no rows", "{ companies(first: 0) { totalCount } }".to_owned()),
        ("fewer than no rows", "{ companies(first: -1) { totalCount } }".to_owned()),
        (
            "a day that isn't",
            "{ reports { margin(from: \"2026-02-30\", to: \"2026-03-01\", groupBy: MONTH) { currency } } }".to_owned(),
        ),
        (
            "a period that ends before it begins",
            "{ reports { margin(from: \"2026-03-02\", to: \"2026-03-01\", groupBy: MONTH) { currency } } }".to_owned(),
        ),
        ("too deep", deep),
        ("too many at once", aliases(40)),
        ("a fragment in a circle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned()),
        ("braces without end", format!("{{{}", "a{".repeat(20_000))),
        (
            "a list without end",
            format!(
                "{{ companies(filter: {{ name: {{ in: {}{} }} }}) {{ totalCount }} }}",
                "[".repeat(20_000),
                "]".repeat(20_000)
            ),
        ),
    ];
    for (what, document) in documents {
        let answer = tenant.owner.send(&document, json!({})).await;
        assert_eq!(answer.error().code, "INVALID_INPUT", "{what}: {}", &answer.text[..answer.text.len().min(500)]);
        assert!(answer.text.len() < 5_000, "{what}: an error doesn't repeat what was sent");
    }
    // What can't be an id is nobody's.
    for id in ["42", "' or 1=1 --", ""] {
        let answer = tenant.owner.send("query($id: ID!) { company(id: $id) { name } }", json!({ "id": id })).await;
        assert_eq!(answer.error().code, "NOT_FOUND", "{id}: {}", answer.text);
    }
    let nobody = Caller::anonymous(server).send(&aliases(40), json!({})).await;
    assert!(nobody.try_error().is_some());
    assert!(
        tenant.owner.send(&nested(1), json!({})).await.try_error().is_none(),
        "what is asked for in earnest is answered"
    );
    // Written twice in one request, log-in is tried twice and no more cheaply.
    let log_in = "a: logIn(input: {email: \"nobody@example.com\", password: \"wrong horse\"}) { token }";
    let many: Vec<String> = (0..100).map(|n| log_in.replacen('a', &format!("a{n}"), 1)).collect();
    let answer = Caller::anonymous(server).send(&format!("mutation {{ {} }}", many.join(" ")), json!({})).await;
    let codes = answer.text.matches("INVALID_INPUT").count();
    assert!(codes <= 6, "passwords can't be guessed by the hundred in one request: {codes} were compared");
}

/// A change of valid input for a mutation, and the field that must be named.
struct Wrong {
    mutation: &'static str,
    pointer: &'static str,
    value: Value,
    field: &'static str,
}

fn wrong(mutation: &'static str, pointer: &'static str, value: Value) -> Wrong {
    // `/lines/0/quantity` is told as `lines.0.quantity`.
    let field = pointer[1..].replace('/', ".").leak();
    Wrong { mutation, pointer, value, field }
}

async fn wrong_values_name_their_field_and_write_nothing(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let long = "a".repeat(100_000);
    let cases = [
        wrong("createInvoice", "/lines/0/quantity", json!("-1")),
        wrong("createInvoice", "/lines/0/quantity", json!("0")),
        wrong("createInvoice", "/lines/0/quantity", json!("99999999999999999999")),
        wrong("createInvoice", "/lines/0/quantity", json!("1.1234567")),
        wrong("createInvoice", "/lines/0/unitPrice", json!("-0.01")),
        wrong("createInvoice", "/lines/0/discountPercent", json!("100.01")),
        wrong("createInvoice", "/lines/0/discountPercent", json!("-5")),
        wrong("createInvoice", "/lines", json!([])),
        wrong("createInvoice", "/currency", json!("XXQ")),
        wrong("createInvoice", "/currency", json!("gel ")),
        wrong("createInvoice", "/dueDate", json!("2026-05-31")),
        wrong("createInvoice", "/note", json!(long)),
        wrong("createRecurringInvoice", "/every", json!(0)),
        wrong("createRecurringInvoice", "/every", json!(121)),
        wrong("createRecurringInvoice", "/endDate", json!("2026-06-30")),
        wrong("recordPayment", "/amount", json!("-50.00")),
        wrong("recordPayment", "/amount", json!("0")),
        wrong("recordPayment", "/amount", json!("50.001")),
        wrong("recordPayment", "/amount", json!("100000000000000000000")),
        wrong("recordPayment", "/currency", json!("XXQ")),
        wrong("recordPayment", "/allocations/0/amount", json!("50.01")),
        wrong("recordPayment", "/allocations/0/amount", json!("-1")),
        wrong("recordExpense", "/amount", json!("-118.00")),
        wrong("recordExpense", "/currency", json!("")),
        wrong("createTimeEntry", "/hours", json!("0")),
        wrong("createTimeEntry", "/hours", json!("-1")),
        wrong("createTimeEntry", "/hours", json!("24.5")),
        wrong("createDeal", "/amount", json!("-1")),
        wrong("createService", "/unitPrice", json!("-1")),
        wrong("createTaxCode", "/rate", json!("1.5")),
        wrong("createStage", "/probability", json!("2")),
        wrong("createEmployee", "/costRate", json!("-1")),
        wrong("createCompany", "/name", json!("")),
        wrong("createCompany", "/name", json!(" \u{a0}\u{200b}\t ")),
        wrong("createCompany", "/name", json!(long)),
        wrong("createCompany", "/email", json!("nobody")),
        wrong("createContact", "/email", json!("a@b@c")),
        wrong("createAccount", "/code", json!("")),
        wrong("createJournalEntry", "/lines/0/debit", json!("-12.00")),
        wrong("inviteMember", "/email", json!("nobody")),
    ];
    let mut failures = Vec::new();
    for case in cases {
        let mut input = books.input(case.mutation).await.expect("a case");
        let before = stock(owner).await;
        if let Some(place) = input.pointer_mut(case.pointer) {
            *place = case.value.clone();
        } else {
            let (parent, name) = case.pointer.rsplit_once('/').expect("a path");
            let parent = input.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
            parent.insert(name.into(), case.value.clone());
        }
        let answer = owner.try_act(case.mutation, input, "__typename").await;
        let what = format!(
            "{} {} = {}",
            case.mutation,
            case.pointer,
            case.value.to_string().chars().take(40).collect::<String>()
        );
        match answer.try_error() {
            Some(error)
                if error.code == "INVALID_INPUT"
                    && error.field.as_deref() == Some(case.field)
                    && error.message.len() < 300 => {}
            _ => failures.push(format!("{what}: {}", answer.text.chars().take(300).collect::<String>())),
        }
        if stock(owner).await != before {
            failures.push(format!("{what}: something was written"));
        }
    }
    // What isn't of the type at all never reaches a rule.
    for value in
        [json!("twelve"), json!(""), json!("1e400"), json!("NaN"), json!("1,5"), json!({}), json!([]), json!(true)]
    {
        let mut input = books.input("createInvoice").await.expect("a case");
        input["lines"][0]["quantity"] = value.clone();
        let answer = owner.try_act("createInvoice", input, "__typename").await;
        if answer.try_error().is_none_or(|error| error.code != "INVALID_INPUT") {
            failures.push(format!("a quantity of {value}: {}", answer.text));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

async fn an_unbalanced_entry_is_refused(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let before = stock(owner).await;
    let (debit, credit) = (books.id("account"), books.id("paymentAccount"));
    let entry = |lines: Value| json!({ "date": "2026-06-09", "description": "x", "lines": lines });
    for (what, lines) in [
        (
            "unbalanced by a cent",
            json!([{ "accountId": debit, "debit": "10.00" }, { "accountId": credit, "credit": "9.99" }]),
        ),
        ("of one line", json!([{ "accountId": debit, "debit": "10.00" }])),
        ("of no line", json!([])),
        ("of two debits", json!([{ "accountId": debit, "debit": "10.00" }, { "accountId": credit, "debit": "10.00" }])),
        (
            "of debit and credit in one line",
            json!([{ "accountId": debit, "debit": "10.00", "credit": "10.00" }, { "accountId": credit, "credit": "0.00" }]),
        ),
        ("of nothing", json!([{ "accountId": debit }, { "accountId": credit }])),
        ("of zeros", json!([{ "accountId": debit, "debit": "0" }, { "accountId": credit, "credit": "0" }])),
        (
            "of a currency without a rate",
            json!([{ "accountId": debit, "debit": "10.00", "currency": "USD" }, { "accountId": credit, "credit": "10.00" }]),
        ),
    ] {
        let error = owner.refused("createJournalEntry", entry(lines)).await;
        assert_eq!(error.code, "INVALID_INPUT", "an entry {what}: {error:?}");
        assert!(error.field.is_some_and(|field| field.starts_with("lines")), "an entry {what}");
    }
    assert_eq!(stock(owner).await, before);
}

async fn several_mutations_in_one_request_stand_each_for_itself(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let document = r#"mutation { one: createCompany(input: {name: "One", isClient: true}) { company { name } }
        two: createCompany(input: {name: ""}) { company { name } } three: createCompany(input: {name: "Three", isClient: true}) { company { name } } }"#;
    let answer = tenant.owner.send(document, json!({})).await;
    assert_eq!(answer.error().code, "INVALID_INPUT");
    let names = tenant.owner.query("{ companies { nodes { name } } }").await;
    // Each root field has a transaction of its own; the second's refusal takes nothing of the first's back.
    assert!(names.to_string().contains("One"), "{names}");
}

async fn a_key_makes_a_mutation_safe_to_repeat(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let body = |name: &str| {
        json!({ "query": format!("mutation {{ createCompany(input: {{name: \"{name}\", isClient: true}}) {{ company {{ id }} }} }}") }).to_string()
    };
    let send =
        async |name: &str, key: &str| -> Answer { tenant.owner.post(body(name), &[("idempotency-key", key)]).await };
    let first = send("One", "a").await;
    let second = send("One", "a").await;
    assert_eq!(first.text, second.text);
    assert!(first.try_error().is_none());
    assert_eq!(send("Two", "a").await.error().code, "CONFLICT");
    let (one, two) = tokio::join!(send("Three", "b"), send("Three", "b"));
    assert_eq!(one.text, two.text, "two at once are one");
    let other = Tenant::sign_up(server).await;
    let theirs = other.owner.post(body("One"), &[("idempotency-key", "a")]).await;
    assert_ne!(theirs.text, first.text, "a key is the caller's own");
    // What failed may be tried again.
    let failed = send("", "c").await;
    assert_eq!(failed.error().code, "INVALID_INPUT");
    let long = "k".repeat(201);
    assert_eq!(send("Four", &long).await.error().code, "INVALID_INPUT");
    let count = tenant.owner.query("{ companies { totalCount } }").await;
    assert_eq!(count["companies"]["totalCount"], 2);
}

// --- imports ---

struct Files(PathBuf);

impl Files {
    fn new(server: &Server, name: &str, customers: &[u8], mapping: &str) -> Self {
        let folder = folder(&format!("import-{:?}-{name}", server.database));
        fs::write(folder.join("customers.csv"), customers).unwrap();
        fs::write(folder.join("mapping.toml"), mapping).unwrap();
        Self(folder)
    }

    async fn problems(&self, server: &Server, tenant: &Tenant<'_>) -> Vec<Problem> {
        let outcome = import_into(server, &tenant.id, &self.0.join("mapping.toml"), &self.0).await;
        match outcome {
            Err(ImportError::Input(problems)) => problems.0,
            other => panic!("{}: {other:?}", self.0.display()),
        }
    }
}

const COMPANIES: &str = r#"source = "test"
[[records]]
kind = "company"
file = "customers.csv"
external_id = "{id}"
[records.fields]
name = "{name}"
country = "{country}"
is_client = "true"
"#;

async fn an_import_tells_all_that_is_wrong_and_writes_nothing(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let before = stock(&tenant.owner).await;
    let good = b"id,name,country\n1,Ana,GE\n2,Beka,GE\n";

    let no_column = Files::new(server, "column", good, &COMPANIES.replace("{country}", "{land}"));
    let problems = no_column.problems(server, &tenant).await;
    assert!(problems.iter().any(|problem| problem.column.as_deref() == Some("land")), "{problems:?}");

    let no_field = Files::new(server, "field", good, &COMPANIES.replace("country =", "colour ="));
    let problems = no_field.problems(server, &tenant).await;
    assert!(problems.iter().any(|problem| problem.reason.contains("colour")), "{problems:?}");

    let latin = Files::new(server, "latin", b"id,name,country\n1,Ana,GE\n2,Caf\xe9,GE\n", COMPANIES);
    let problems = latin.problems(server, &tenant).await;
    assert_eq!((problems[0].file.as_str(), problems[0].line), ("customers.csv", 3), "{problems:?}");
    assert!(problems[0].reason.contains("UTF-8"), "{problems:?}");

    let ragged = Files::new(server, "ragged", b"id,name,country\n1,Ana\n2,Beka,GE,x\n3,Gio,GE\n", COMPANIES);
    let problems = ragged.problems(server, &tenant).await;
    assert_eq!(
        problems.iter().map(|problem| problem.line).collect::<Vec<_>>(),
        [2, 3],
        "every bad row is told: {problems:?}"
    );

    let rows =
        Files::new(server, "rows", b"id,name,country\n1,,GE\n2,Beka,GE\n3,Gio,GE\n3,Eka,GE\n,Nia,GE\n", COMPANIES);
    let problems = rows.problems(server, &tenant).await;
    for (line, column) in [(2, "name"), (5, "id"), (6, "id")] {
        let found = problems.iter().find(|problem| problem.line == line);
        let found = found.unwrap_or_else(|| panic!("line {line} isn't told: {problems:?}"));
        assert_eq!((found.file.as_str(), found.column.as_deref()), ("customers.csv", Some(column)), "{found:?}");
        assert!(found.reason.len() > 5, "{found:?}");
    }

    let unknown = Files::new(server, "kind", good, &COMPANIES.replace("\"company\"", "\"spaceship\""));
    assert_eq!(unknown.problems(server, &tenant).await[0].file, "mapping.toml");
    let broken = Files::new(server, "toml", good, "source = ");
    assert_eq!(broken.problems(server, &tenant).await[0].file, "mapping.toml");
    let missing = Files::new(server, "missing", good, &COMPANIES.replace("customers.csv", "clients.csv"));
    assert_eq!(missing.problems(server, &tenant).await[0].file, "clients.csv");
    let outside = Files::new(server, "outside", good, &COMPANIES.replace("customers.csv", "../outside.csv"));
    assert!(!outside.problems(server, &tenant).await.is_empty());

    assert_eq!(stock(&tenant.owner).await, before, "nothing was written");
    let right = Files::new(server, "right", good, COMPANIES);
    let outcome = import_into(server, &tenant.id, &right.0.join("mapping.toml"), &right.0).await.expect("an import");
    assert_eq!((outcome.made, outcome.unchanged), (2, 0));
}

/// The real files with one bad value each: the bad row is told, and of the thousands of good ones none is written.
async fn one_bad_row_among_thousands_stops_an_import(server: &'static Server) {
    let tenant = Tenant::sign_up_as(server, json!({ "country": "US", "baseCurrency": "USD" })).await;
    let before = stock(&tenant.owner).await;
    let cases = [
        ("a negative quantity", "order-details.csv", "10300,66,13.60,30,0", "10300,66,13.60,-30,0", "quantity"),
        ("an unknown product", "order-details.csv", "10300,66,13.60,30,0", "10300,6666,13.60,30,0", "productID"),
        ("an unknown order", "order-details.csv", "10300,66,13.60,30,0", "99999,66,13.60,30,0", "orderID"),
        ("a price that is none", "order-details.csv", "10300,66,13.60,30,0", "10300,66,cheap,30,0", "unitPrice"),
    ];
    for (what, file, good, bad, column) in cases {
        let target = folder(&format!("import-{:?}-{}", server.database, what.replace(' ', "-")));
        for source in fs::read_dir(northwind()).unwrap().flatten() {
            fs::copy(source.path(), target.join(source.file_name())).unwrap();
        }
        let text = fs::read_to_string(target.join(file)).unwrap();
        let line = text.lines().position(|row| row == good).map(|index| index as u64 + 1);
        assert!(line.is_some(), "the row {good} of {file}");
        fs::write(target.join(file), text.replace(&format!("{good}\n"), &format!("{bad}\n"))).unwrap();
        let outcome = import_into(server, &tenant.id, &target.join("mapping.toml"), &target).await;
        let Err(ImportError::Input(problems)) = outcome else { panic!("{what}: {outcome:?}") };
        let told = problems.0.iter().any(|problem| {
            problem.file == file && Some(problem.line) == line && problem.column.as_deref() == Some(column)
        });
        assert!(told, "{what}: {problems}");
    }
    // Every row that names an unknown currency is told, of whatever it makes.
    let mapping = fs::read_to_string(northwind().join("mapping.toml")).unwrap();
    let parts: Vec<&str> = mapping.split("[[records]]").collect();
    for (kind, rows) in [("service", 77), ("invoice", 830), ("expense", 830)] {
        let of_kind = format!("kind = \"{kind}\"");
        let parts: Vec<String> = parts
            .iter()
            .map(|part| if part.contains(&of_kind) { part.replace("\"USD\"", "\"XXQ\"") } else { (*part).to_owned() })
            .collect();
        let target = folder(&format!("import-{:?}-currency-{kind}", server.database));
        fs::write(target.join("mapping.toml"), parts.join("[[records]]")).unwrap();
        let outcome = import_into(server, &tenant.id, &target.join("mapping.toml"), &northwind()).await;
        let Err(ImportError::Input(problems)) = outcome else { panic!("{kind}s of an unknown currency: {outcome:?}") };
        assert_eq!(problems.0.len(), rows, "{kind}s of an unknown currency: every bad row is told; {}", problems.0[0]);
    }
    assert_eq!(stock(&tenant.owner).await, before, "nothing was written");
}

both!(
    what_is_not_a_request_is_told_so,
    what_is_not_graphql_of_ours_is_told_so,
    wrong_values_name_their_field_and_write_nothing,
    an_unbalanced_entry_is_refused,
    several_mutations_in_one_request_stand_each_for_itself,
    a_key_makes_a_mutation_safe_to_repeat,
    an_import_tells_all_that_is_wrong_and_writes_nothing,
    one_bad_row_among_thousands_stops_an_import,
);
