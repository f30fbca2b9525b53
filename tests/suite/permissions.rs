//! Who may do what: each operation is called as each role and as nobody, and the outcome stands in a file that a reviewer
//! reads (`snapshots/`).

use std::fmt::Write as _;

use kamara_tests::{Caller, Field, Schema, Server, Tenant, both};
use serde_json::json;

use crate::{
    books::{Books, everything},
    isolation::{asking_with, document},
};

async fn every_role_may_do_what_the_table_says(server: &'static Server) {
    let schema = Schema::ask(&Caller::anonymous(server)).await;
    let books = Books::open(Tenant::sign_up(server).await).await;
    let mut callers = Vec::new();
    for role in ["OWNER", "ADMIN", "FINANCE", "SALES", "PROJECT_MANAGER", "HR", "EMPLOYEE", "READ_ONLY"] {
        callers.push((role, books.tenant.join(role).await.0));
    }
    callers.push(("nobody", Caller::anonymous(server)));
    assert_eq!(schema.values("Role").len(), callers.len() - 1, "a role is missing here");

    let mut table = String::from(
        "yes: the role may (done, or refused for another reason); -: FORBIDDEN; log in: UNAUTHENTICATED.\n\
         Time entries are somebody else's here: one's own is for everybody but who only reads.\n\n",
    );
    let _ = write!(table, "{:<24}", "");
    for (role, _) in &callers {
        let _ = write!(table, "{role:<16}");
    }
    let mut rows: Vec<Row> =
        schema.queries().iter().map(Row::query).chain(schema.mutations().iter().map(Row::mutation)).collect();
    // Whoever has logged out can't be asked anything more.
    rows.sort_by_key(|row| row.field.name == "logOut");
    let mut failures = Vec::new();
    for row in rows {
        let _ = write!(table, "\n{:<24}", row.field.name);
        for (role, outcome) in row
            .outcomes(&schema, &books, &callers, &mut failures)
            .await
            .into_iter()
            .zip(&callers)
            .map(|(outcome, (role, _))| (role, outcome))
        {
            let _ = write!(table, "{outcome:<16}");
            if *role == "OWNER" && outcome != "yes" {
                failures.push(format!("an owner may do everything, but {} is {outcome}", row.field.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let mut table = table.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    table.push('\n');
    insta::assert_snapshot!("permissions", table);
}

both!(every_role_may_do_what_the_table_says);

struct Row<'s> {
    field: &'s Field,
    is_mutation: bool,
}

impl<'s> Row<'s> {
    const fn query(field: &'s Field) -> Self {
        Self { field, is_mutation: false }
    }

    const fn mutation(field: &'s Field) -> Self {
        Self { field, is_mutation: true }
    }

    async fn outcomes(
        &self,
        schema: &Schema,
        books: &Books<'_>,
        callers: &[(&str, Caller<'_>)],
        failures: &mut Vec<String>,
    ) -> Vec<&'static str> {
        let name = &self.field.name;
        let mut outcomes = Vec::new();
        let mut input = None;
        for (role, caller) in callers {
            let answer = if self.is_mutation {
                let given = match input.take() {
                    Some(input) => input,
                    None => books.input(name).await.unwrap_or_else(|| panic!("no case for {name}")),
                };
                let answer = caller.send(&document(self.field, "__typename"), json!({ "input": given })).await;
                // What was done can't be done again; what was refused can.
                input = answer.try_error().map(|_| given);
                answer
            } else {
                let (document, variables) = self.asking(schema, books).await;
                caller.send(&document, variables).await
            };
            let code = answer.try_error().map(|error| error.code).unwrap_or_default();
            // The session that this ends is the one of who made the books.
            let fails_rightly = name == "endSession";
            if code == "INTERNAL" || (*role == "OWNER" && !code.is_empty() && !fails_rightly) {
                failures.push(format!("{name} as {role}: {}", answer.text));
            }
            outcomes.push(match code.as_str() {
                "FORBIDDEN" => "-",
                "UNAUTHENTICATED" => "log in",
                _ => "yes",
            });
        }
        outcomes
    }

    async fn asking(&self, schema: &Schema, books: &Books<'_>) -> (String, serde_json::Value) {
        let name = &self.field.name;
        if self.field.arguments.iter().any(|argument| argument.name == "id") {
            let document = format!("query($id: ID!) {{ {name}(id: $id) {{ __typename }} }}");
            return (document, json!({ "id": books.id(name) }));
        }
        if let Some(arguments) = books.arguments(name) {
            return (asking_with(self.field, "__typename"), arguments);
        }
        if self.field.arguments.iter().any(|argument| argument.name == "input") {
            let document = document(self.field, "__typename").replacen("mutation", "query", 1);
            return (document, json!({ "input": books.input(name).await.expect("a case") }));
        }
        let documents = everything(schema);
        let one = documents.iter().find(|(of, _)| of == name || of.starts_with(&format!("{name}."))).expect("a case");
        let document = if name == "reports" { one.1.clone() } else { format!("{{ {name} {{ __typename }} }}") };
        (document, json!({}))
    }
}
