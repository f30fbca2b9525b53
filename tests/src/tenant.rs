//! Companies that sign up, and those who ask in their name.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::Server;

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The HTTP headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body, or null where it isn't JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

/// The first error of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// `extensions.code`.
    pub code: String,
    /// `extensions.field`.
    pub field: Option<String>,
    /// The message for a person.
    pub message: String,
}

impl Answer {
    async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or_default(), text }
    }

    /// The data of an answer without errors.
    #[expect(clippy::must_use_candidate, reason = "that there is no error is often all that matters")]
    pub fn data(self) -> Value {
        assert!(self.body["errors"].is_null(), "HTTP {}: {}", self.status, self.text);
        assert!(self.body["data"].is_object(), "HTTP {}: {}", self.status, self.text);
        self.body["data"].clone()
    }

    /// The first error, if there is one.
    #[must_use]
    pub fn try_error(&self) -> Option<ApiError> {
        let error = self.body["errors"].get(0)?;
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        Some(ApiError {
            code: text(&error["extensions"]["code"]).unwrap_or_default(),
            field: text(&error["extensions"]["field"]),
            message: text(&error["message"]).unwrap_or_default(),
        })
    }

    /// The first error of an answer that has one.
    #[must_use]
    pub fn error(&self) -> ApiError {
        self.try_error().unwrap_or_else(|| panic!("an error was expected: HTTP {} {}", self.status, self.text))
    }
}

/// Somebody who asks a server: with the bearer token of a session, or as nobody.
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    /// Whom it asks.
    pub server: &'a Server,
    /// The bearer token.
    pub token: Option<String>,
}

impl<'a> Caller<'a> {
    /// Nobody who is known.
    #[must_use]
    pub const fn anonymous(server: &'a Server) -> Self {
        Self { server, token: None }
    }

    /// Who has a bearer token.
    #[must_use]
    pub fn with_token(server: &'a Server, token: &str) -> Self {
        Self { server, token: Some(token.to_owned()) }
    }

    /// The same caller at another server.
    #[must_use]
    pub fn at<'b>(&self, server: &'b Server) -> Caller<'b> {
        Caller { server, token: self.token.clone() }
    }

    /// Sends a body as it is.
    pub async fn post(&self, body: impl Into<reqwest::Body>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.server.http.post(format!("{}/graphql", self.server.url)).body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// Sends a file as its body, and gives whatever is answered. `query` is what stands behind the question mark.
    pub async fn upload(&self, query: &str, content: impl Into<reqwest::Body>, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}/files?{query}", self.server.url);
        let mut request = self.server.http.post(url).body(content);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request = request.header("content-type", "application/octet-stream");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// Adds a file to a record, and gives its id.
    pub async fn uploaded(&self, kind: &str, subject: &str, name: &str, content: &'static [u8]) -> String {
        let query = format!("subjectKind={kind}&subjectId={subject}&name={name}");
        id(&self.upload(&query, content, &[]).await.data()["uploadFile"]["file"])
    }

    /// Asks for an address by `GET`.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        let mut request = self.server.http.get(format!("{}{path}", self.server.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.expect("an answer")
    }

    /// Asks, and gives whatever is answered.
    pub async fn send(&self, document: &str, variables: Value) -> Answer {
        self.post(json!({ "query": document, "variables": variables }).to_string(), &[]).await
    }

    /// Asks for what has no variables; there must be no error.
    pub async fn query(&self, document: &str) -> Value {
        self.send(document, json!({})).await.data()
    }

    /// Calls a mutation by its name; `selection` is what is asked of its payload. There must be no error.
    pub async fn act(&self, name: &str, input: Value, selection: &str) -> Value {
        let answer = self.try_act(name, input.clone(), selection).await;
        assert!(answer.body["errors"].is_null(), "{name} {input}: {}", answer.text);
        answer.data()[name].clone()
    }

    /// Calls a mutation by its name, and gives whatever is answered.
    pub async fn try_act(&self, name: &str, input: Value, selection: &str) -> Answer {
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} }} }}");
        self.send(&document, json!({ "input": input })).await
    }

    /// Calls a mutation that must fail.
    pub async fn refused(&self, name: &str, input: Value) -> ApiError {
        self.try_act(name, input, "__typename").await.error()
    }

    /// Makes a record (`create("company", …)`), and gives what is asked of it.
    pub async fn create(&self, kind: &str, input: Value, selection: &str) -> Value {
        let name = format!("create{}{}", kind[..1].to_uppercase(), &kind[1..]);
        self.act(&name, input, &format!("{kind} {{ {selection} }}")).await[kind].clone()
    }

    /// Makes a record and gives its id.
    pub async fn created(&self, kind: &str, input: Value) -> String {
        id(&self.create(kind, input, "id").await)
    }
}

/// The id of a record in an answer.
fn id(record: &Value) -> String {
    record["id"].as_str().unwrap_or_else(|| panic!("no id: {record}")).to_owned()
}

/// A company that signed up.
#[derive(Clone, Debug)]
pub struct Tenant<'a> {
    /// Its owner.
    pub owner: Caller<'a>,
    /// Its id.
    pub id: String,
    /// Its name, which no other company of these tests has.
    pub name: String,
    /// Its owner's address.
    pub email: String,
}

impl<'a> Tenant<'a> {
    /// The password of everybody in these tests.
    pub const PASSWORD: &'static str = "correct horse battery";

    /// An address that nobody has, nor had in another run on the same cluster.
    #[must_use]
    pub fn new_address() -> String {
        format!("person{}.{}@example.com", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
    }

    /// Signs a company up in Georgia.
    pub async fn sign_up(server: &'a Server) -> Self {
        Self::sign_up_as(server, json!({})).await
    }

    /// Signs a company up, with fields of the input set.
    pub async fn sign_up_as(server: &'a Server, fields: Value) -> Self {
        let email = Self::new_address();
        let number = email.trim_start_matches("person").trim_end_matches("@example.com");
        let mut input = json!({
            "company": format!("Arch{number} Ltd"), "country": "GE", "baseCurrency": "GEL", "timeZone": "Asia/Tbilisi",
            "language": "EN", "name": "Nino", "email": email, "password": Self::PASSWORD,
        });
        if let (Some(input), Value::Object(fields)) = (input.as_object_mut(), fields) {
            input.extend(fields);
        }
        let anonymous = Caller::anonymous(server);
        let signed_up = anonymous.act("signUp", input, "token tenant { id name } user { email }").await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self {
            owner: Caller::with_token(server, &text(&signed_up["token"])),
            id: text(&signed_up["tenant"]["id"]),
            name: text(&signed_up["tenant"]["name"]),
            email: text(&signed_up["user"]["email"]),
        }
    }

    /// Invites a person, who accepts: the new member, and the id of the membership.
    pub async fn join(&self, role: &str) -> (Caller<'a>, String) {
        let (server, email) = (self.owner.server, Self::new_address());
        self.owner.act("inviteMember", json!({ "email": email, "role": role }), "invitation { id }").await;
        let secret = server.mailbox.secret(&email, "/accept-invitation", 0).await;
        let input = json!({ "token": secret, "name": format!("A {role}"), "password": Self::PASSWORD });
        let accepted = Caller::anonymous(server).act("acceptInvitation", input, "token").await;
        let member = Caller::with_token(server, accepted["token"].as_str().expect("a token"));
        let me = member.query("{ me { membership { id } } }").await;
        let id = id(&me["me"]["membership"]);
        (member, id)
    }
}
