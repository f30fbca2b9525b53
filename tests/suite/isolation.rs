//! What one company holds is never seen, counted, changed or pointed at by another. Walks over every operation of the schema,
//! as the server tells it: one without a case fails.

use std::collections::{BTreeMap, BTreeSet};

use kamara_tests::{ApiError, Argument, Caller, Database, Field, Schema, Server, Tenant, both};
use serde_json::{Value, json};

use crate::books::{Books, everything};

/// An id that no record has.
const NOBODYS: &str = "01234567-89ab-7def-8123-456789abcdef";

async fn nothing_of_another_company_is_seen_counted_changed_or_pointed_at(server: &'static Server) {
    let mut suite = Suite::prepare(server, server).await;
    suite.walk().await;
    suite.end().await;
}

/// The same on a sharded database, with a server for each company.
pub async fn on_citus(server: &'static Server, other: &Server) {
    assert_eq!(server.database, Database::Citus);
    let mut suite = Suite::prepare(server, other).await;
    suite.walk().await;
    suite.end().await;
}

both!(nothing_of_another_company_is_seen_counted_changed_or_pointed_at);

/// The company whose things are in danger, and the one that goes for them.
struct Suite<'a> {
    schema: Schema,
    theirs: Books<'a>,
    their_inputs: BTreeMap<String, Value>,
    their_other_inputs: BTreeMap<String, Vec<Value>>,
    their_books: BTreeMap<String, Value>,
    their_marks: BTreeSet<String>,
    ours: Books<'a>,
    failures: Vec<String>,
}

impl<'a> Suite<'a> {
    async fn prepare(their_server: &'a Server, our_server: &'a Server) -> Self {
        let schema = Schema::ask(&Caller::anonymous(our_server)).await;
        let ours = Books::open(Tenant::sign_up(our_server).await).await;
        let alone = ours.fingerprint(&schema).await;
        let theirs = Books::open(Tenant::sign_up(their_server).await).await;
        let mut failures = Vec::new();
        let together = ours.fingerprint(&schema).await;
        for (name, before) in &alone {
            if together[name] != *before {
                failures.push(format!(
                    "{name} counts or shows another company's records:\n  {before}\n  {}",
                    together[name]
                ));
            }
        }

        let (mut their_inputs, mut their_other_inputs) = (BTreeMap::new(), BTreeMap::new());
        for mutation in schema.mutations() {
            match theirs.input(&mutation.name).await {
                Some(input) => drop(their_inputs.insert(mutation.name.clone(), input)),
                None => failures.push(format!("the mutation {} has no case in Books::input", mutation.name)),
            }
            their_other_inputs.insert(mutation.name.clone(), theirs.other_inputs(&mutation.name).await);
        }
        let their_books = theirs.fingerprint(&schema).await;
        let mut their_marks = uuids(&json!([their_books, their_inputs, their_other_inputs, theirs.ids]).to_string());
        their_marks.extend([theirs.marker().to_owned(), theirs.tenant.email.clone()]);
        let empty: Vec<&String> = their_books
            .iter()
            .filter(|(_, shown)| !their_marks.iter().any(|mark| shown.to_string().contains(mark)))
            .map(|(name, _)| name)
            .collect();
        // Reports by what these books don't have would prove nothing; all others must show the marks that are looked for. Lock
        // dates are dates and no id: there is no mark in them to find. That they are ours alone shows when we set them
        // (`setLockDates`), since the books of the other company are compared with what they were.
        for name in empty.iter().filter(|name| !name.starts_with("reports.") && name.as_str() != "lockDates") {
            failures.push(format!("{name} shows nothing of its own company: the case proves nothing"));
        }
        Self { schema, theirs, their_inputs, their_other_inputs, their_books, their_marks, ours, failures }
    }

    async fn walk(&mut self) {
        for query in self.schema.queries().to_vec() {
            self.query(&query).await;
        }
        for mutation in self.schema.mutations().to_vec() {
            self.mutation(&mutation).await;
        }
    }

    async fn end(self) {
        let mut failures = self.failures;
        let after = self.theirs.fingerprint(&self.schema).await;
        for (name, before) in &self.their_books {
            if after[name] != *before {
                failures.push(format!("{name} was changed by another company:\n  {before}\n  {}", after[name]));
            }
        }
        assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    }

    fn us(&self) -> Caller<'a> {
        self.ours.tenant.owner.clone()
    }

    fn shows_theirs(&self, shown: &str) -> Option<&String> {
        self.their_marks.iter().find(|mark| shown.contains(*mark))
    }

    /// What we're shown must have nothing of theirs.
    fn check(&mut self, what: &str, shown: &str) {
        if let Some(mark) = self.shows_theirs(shown) {
            let failure = format!("{what} shows {mark} of another company: {shown}");
            self.failures.push(failure);
        }
    }

    // --- queries ---

    async fn query(&mut self, query: &Field) {
        let names: Vec<&str> = query.arguments.iter().map(|argument| argument.name.as_str()).collect();
        match names.as_slice() {
            ["id"] => self.one(query).await,
            ["input"] => self.asked(query).await,
            [] => {
                for (name, document) in everything(&self.schema) {
                    if name == query.name || name.starts_with(&format!("{}.", query.name)) {
                        let shown = self.us().send(&document, json!({})).await;
                        self.check(&name, &shown.text);
                        drop(shown.data());
                    }
                }
            }
            list if list.iter().all(|name| ["first", "after", "filter", "orderBy"].contains(name)) => {
                self.list(query).await;
            }
            _ if self.theirs.arguments(&query.name).is_some() => self.with_arguments(query).await,
            other => self.failures.push(format!("the query {} takes {other:?}, which no case covers", query.name)),
        }
    }

    async fn one(&mut self, query: &Field) {
        let name = &query.name;
        let (Some(theirs), Some(ours)) = (self.theirs.ids.get(name.as_str()), self.ours.ids.get(name.as_str())) else {
            self.failures.push(format!("the query {name} has no case: the books hold no {name}"));
            return;
        };
        let selection = self.schema.selection(&query.of.name, 1);
        let document = format!("query($id: ID!) {{ {name}(id: $id) {{ {selection} }} }}");
        let answers = [
            self.us().send(&document, json!({ "id": theirs })).await,
            self.us().send(&document, json!({ "id": NOBODYS })).await,
            self.us().send(&document, json!({ "id": ours })).await,
        ];
        if answers[0].try_error().map(|error| error.code).as_deref() != Some("NOT_FOUND")
            || answers[0].body != answers[1].body
        {
            self.failures.push(format!(
                "{name} of another company's id answers {}, of nobody's {}",
                answers[0].text, answers[1].text
            ));
        }
        self.check(name, &answers[0].text);
        self.check(name, &answers[2].text);
        if !answers[2].body["errors"].is_null() {
            self.failures.push(format!("{name} of our own id answers {}", answers[2].text));
        }
    }

    /// A query that takes ids among other arguments: theirs are not found, ours are.
    async fn with_arguments(&mut self, query: &Field) {
        let name = &query.name;
        let document = asking_with(query, &self.schema.selection(&query.of.name, 2));
        let theirs = self.theirs.arguments(name).expect("a case");
        let ours = self.ours.arguments(name).expect("a case");
        // Days are everybody's; ids aren't.
        let has_ids = theirs != ours;
        let refused = self.us().send(&document, theirs).await;
        self.check(name, &refused.text);
        if has_ids && refused.try_error().is_none_or(|error| error.code != "NOT_FOUND" || error.field.is_none()) {
            self.failures.push(format!("{name} of another company answers {}", refused.text));
        }
        let shown = self.us().send(&document, ours).await;
        self.check(name, &shown.text);
        drop(shown.data());
    }

    async fn list(&mut self, query: &Field) {
        let name = query.name.clone();
        let node = query.of.name.trim_end_matches("Connection").to_owned();
        let selection = self.schema.selection(&node, 1);
        let all = format!("totalCount pageInfo {{ endCursor hasNextPage }} nodes {{ {selection} }}");

        // Page by page, since a request may not ask for a hundred rows with all that each refers to.
        let document = format!("query($after: String) {{ {name}(first: 10, after: $after) {{ {all} }} }}");
        let (mut nodes, mut after) = (0, Value::Null);
        let count = loop {
            let shown = self.us().send(&document, json!({ "after": after })).await;
            self.check(&name, &shown.text);
            let page = shown.data()[&name].clone();
            nodes += page["nodes"].as_array().map_or(0, Vec::len);
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break page["totalCount"].clone();
            }
        };
        if count.as_u64() != Some(nodes as u64) {
            self.failures.push(format!("{name} counts {count} and shows {nodes}"));
        }

        // A cursor of theirs leads to nothing of theirs.
        let theirs =
            self.theirs.tenant.owner.query(&format!("{{ {name}(first: 1) {{ pageInfo {{ endCursor }} }} }}")).await;
        let cursor = &theirs[&name]["pageInfo"]["endCursor"];
        let shown = self.us().send(&document, json!({ "after": cursor })).await;
        self.check(&format!("{name}(after)"), &shown.text);

        let Some(filter) = query.arguments.iter().find(|argument| argument.name == "filter").cloned() else { return };
        let document = format!("query($filter: {}) {{ {name}(filter: $filter) {{ {all} }} }}", filter.of.name);
        for path in self.schema.id_paths(&filter) {
            self.filter_by_id(&name, &document, &path).await;
        }
        if self.schema.input(&filter.of.name).iter().any(|field| field.name == "search") {
            let variables = json!({ "filter": { "search": self.theirs.marker() } });
            let shown = self.us().send(&document, variables).await;
            self.check(&format!("{name}(search)"), &shown.text);
            drop(shown.data());
        }
    }

    /// Filters by what another company's records refer to: they find something, we find nothing.
    async fn filter_by_id(&mut self, name: &str, document: &str, path: &[String]) {
        let what = format!("{name}({})", path.join("."));
        let slot = match (name, path[1].trim_end_matches("Id")) {
            ("leads", "contact") => "leadContact",
            ("leads", "deal") => "leadDeal",
            ("costCentres", "parent") => "parentCostCentre",
            ("payments", "account") => "paymentAccount",
            ("journalEntries" | "journalLines", "source") => "invoice",
            ("auditEvents", "subject") => "company",
            ("auditEvents", "actor") | ("approvalDelegations", "to") => "owner",
            ("approvalDelegations", "from") => "colleague",
            ("approvals", "subject") => "approvalSubject",
            ("approvals", "requestedBy") => "approvalRequester",
            (_, slot) => slot,
        };
        let Some(id) = self.theirs.ids.get(slot) else {
            self.failures.push(format!("{what} has no case: the books hold no {slot}"));
            return;
        };
        let mut filter = json!(id);
        for step in path[1..].iter().rev() {
            filter = if step == "0" { json!([filter]) } else { json!({ step: filter }) };
        }
        let variables = json!({ "filter": filter });
        let theirs = self.theirs.tenant.owner.send(document, variables.clone()).await;
        if theirs.body["data"][name]["nodes"].as_array().is_none_or(Vec::is_empty) {
            self.failures.push(format!(
                "{what} finds nothing for its own company, so that the case proves nothing: {}",
                theirs.text
            ));
        }
        let ours = self.us().send(document, variables).await;
        self.check(&what, &ours.text);
        let found = &ours.body["data"][name];
        let nothing = found["totalCount"] == 0 && found["nodes"] == json!([]);
        if !nothing && ours.try_error().is_none_or(|error| error.code != "NOT_FOUND") {
            self.failures.push(format!("{what} of another company answers {}", ours.text));
        }
    }

    // --- mutations ---

    /// A query by an input is called as a mutation is.
    async fn asked(&mut self, query: &Field) {
        let Some(theirs) = self.theirs.input(&query.name).await else {
            self.failures.push(format!("the query {} has no case in Books::input", query.name));
            return;
        };
        let document = document(query, &self.schema.selection(&query.of.name, 2)).replacen("mutation", "query", 1);
        self.called(query, &document, theirs).await;
    }

    async fn mutation(&mut self, mutation: &Field) {
        let Some(theirs) = self.their_inputs.get(&mutation.name).cloned() else { return };
        let document = document(mutation, &self.schema.selection(&mutation.of.name, 2));
        self.called(mutation, &document, theirs).await;
    }

    async fn called(&mut self, mutation: &Field, document: &str, theirs: Value) {
        let name = mutation.name.as_str();
        let ours = self.ours.input(name).await.expect("a case, since they have one");
        let their_others = self.their_other_inputs.get(name).cloned().unwrap_or_default();
        let our_others = self.ours.other_inputs(name).await;
        let caller = if name == "logOut" { self.ours.another_session().await } else { self.us() };
        let paths: Vec<_> = mutation.arguments.iter().flat_map(|argument| self.schema.id_paths(argument)).collect();
        for path in paths {
            let pointer = format!("/{}", path[1..].join("/"));
            let what = format!("{name}({})", path.join("."));
            // Some fields can't stand beside each other: they have a case in another input.
            let pairs = std::iter::once((&theirs, &ours)).chain(their_others.iter().zip(&our_others));
            let has = |input: &Value| input.pointer(&pointer).is_some();
            let (theirs, ours) =
                pairs.clone().find(|(theirs, ours)| has(theirs) && has(ours)).unwrap_or((&theirs, &ours));
            let (Some(id), Some(_)) = (theirs.pointer(&pointer), ours.pointer(&pointer)) else {
                self.failures.push(format!("{what} has no case: Books::input leaves the field out"));
                continue;
            };
            let refused = self.refused(&caller, document, ours, &pointer, id, &what).await;
            let unknown = self.refused(&caller, document, ours, &pointer, &json!(NOBODYS), &what).await;
            if refused != unknown {
                self.failures.push(format!("{what}: another company's id is told {refused:?}, nobody's {unknown:?}"));
            }
            let subject = ["id", "memberId", "tenantId"].contains(&path[path.len() - 1].as_str());
            let field = path[1..].join(".");
            if !subject && refused.is_some_and(|error| error.field.as_deref() != Some(field.as_str())) {
                self.failures.push(format!("{what} is refused without naming the field {field}"));
            }
        }

        // Without theirs the same call works: it was refused for the id and for nothing else, and left nothing behind.
        let done = caller.send(document, json!({ "input": ours })).await;
        if !done.body["errors"].is_null() {
            self.failures.push(format!(
                "{name} with our own ids fails, so that the case proves nothing: {} {}",
                ours, done.text
            ));
        }
        self.check(name, &done.text);
    }

    async fn refused(
        &mut self,
        caller: &Caller<'_>,
        document: &str,
        input: &Value,
        pointer: &str,
        id: &Value,
        what: &str,
    ) -> Option<ApiError> {
        let mut input = input.clone();
        *input.pointer_mut(pointer).expect("the field") = id.clone();
        let answer = caller.send(document, json!({ "input": input })).await;
        self.check(what, &answer.text);
        let error = answer.try_error();
        if error.as_ref().is_none_or(|error| error.code != "NOT_FOUND") {
            self.failures.push(format!("{what} takes the id {id}: {}", answer.text));
        }
        error
    }
}

/// A document that asks a query with all its arguments, as variables of their names.
pub fn asking_with(query: &Field, selection: &str) -> String {
    let join = |each: &dyn Fn(&Argument) -> String| query.arguments.iter().map(each).collect::<Vec<_>>().join(", ");
    let declared = join(&|argument| {
        let of = &argument.of;
        let named = if of.list { format!("[{}!]", of.name) } else { of.name.clone() };
        format!("${}: {named}{}", argument.name, if of.required { "!" } else { "" })
    });
    let given = join(&|argument| format!("{0}: ${0}", argument.name));
    let name = &query.name;
    format!("query({declared}) {{ {name}({given}) {{ {selection} }} }}")
}

/// A document that calls a mutation.
pub fn document(mutation: &Field, selection: &str) -> String {
    let name = &mutation.name;
    match mutation.arguments.as_slice() {
        [] => format!("mutation {{ {name} {{ {selection} }} }}"),
        [Argument { name: argument, of }] if argument == "input" => {
            format!("mutation($input: {}!) {{ {name}(input: $input) {{ {selection} }} }}", of.name)
        }
        other => panic!("a mutation takes one input; {name} takes {other:?}"),
    }
}

fn uuids(text: &str) -> BTreeSet<String> {
    let is_uuid = |part: &&str| part.len() == 36 && uuid::Uuid::parse_str(part).is_ok();
    text.split(|letter: char| !(letter.is_ascii_hexdigit() || letter == '-'))
        .filter(is_uuid)
        .map(ToOwned::to_owned)
        .collect()
}
