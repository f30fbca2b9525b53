//! Signing up, logging in, sessions, passwords, members.

use kamara_tests::{Answer, Caller, Server, Tenant, both, both_alone, now};
use serde_json::{Value, json};

use crate::books::text;

const LOG_IN: &str =
    "mutation($input: LogInInput!) { logIn(input: $input) { token tenants { id name role } user { email } } }";

fn sign_up_input(email: &str, password: &str) -> Value {
    json!({
        "company": "Arch Ltd", "country": "GE", "baseCurrency": "GEL", "timeZone": "Asia/Tbilisi", "language": "EN",
        "name": "Nino", "email": email, "password": password,
    })
}

async fn try_log_in(server: &Server, email: &str, password: &str) -> Answer {
    Caller::anonymous(server).send(LOG_IN, json!({ "input": { "email": email, "password": password } })).await
}

async fn log_in<'a>(server: &'a Server, email: &str, password: &str) -> Caller<'a> {
    let data = try_log_in(server, email, password).await.data();
    Caller::with_token(server, &text(&data["logIn"]["token"]))
}

async fn the_first_queries_of_the_readme_run_as_written(server: &'static Server) {
    let email = Tenant::new_address();
    let sign_up = r#"mutation { signUp(input: {company: "Arch Ltd", country: "GE", baseCurrency: "GEL", timeZone: "Asia/Tbilisi", language: EN,
        name: "Nino", email: "EMAIL", password: "correct horse battery"}) { token tenant { id name } user { id email } } }"#;
    let log_in = r#"mutation { logIn(input: {email: "EMAIL", password: "correct horse battery"}) { token tenants { id name role } } }"#;
    let signed_up = Caller::anonymous(server).query(&sign_up.replace("EMAIL", &email)).await;
    assert_eq!(signed_up["signUp"]["tenant"]["name"], "Arch Ltd");
    assert_eq!(signed_up["signUp"]["user"]["email"], *email);
    let logged_in = Caller::anonymous(server).query(&log_in.replace("EMAIL", &email)).await;
    assert_eq!(logged_in["logIn"]["tenants"][0]["id"], signed_up["signUp"]["tenant"]["id"]);
    assert_eq!(logged_in["logIn"]["tenants"][0]["role"], "OWNER");
    for token in [&signed_up["signUp"]["token"], &logged_in["logIn"]["token"]] {
        let caller = Caller::with_token(server, token.as_str().unwrap());
        let me = caller.query("{ me { tenant { id } membership { role } } }").await;
        assert_eq!(
            me["me"]["tenant"]["id"], signed_up["signUp"]["tenant"]["id"],
            "with one tenant the token is for it"
        );
    }
}

async fn a_sign_up_makes_a_company_that_can_work_at_once(server: &'static Server) {
    let tenant = Tenant::sign_up_as(server, json!({ "language": "KA" })).await;
    let data = tenant
        .owner
        .query("{ me { tenant { baseCurrency timeZone language closedUntil today } permissions } accounts(first: 100) { totalCount nodes { name role type } }
                  pipelines { nodes { isDefault stages { name position probability } } } }")
        .await;
    let today = now().with_timezone(&chrono::FixedOffset::east_opt(4 * 3600).unwrap()).date_naive();
    assert_eq!(
        data["me"]["tenant"],
        json!({ "baseCurrency": "GEL", "timeZone": "Asia/Tbilisi", "language": "KA", "closedUntil": null, "today": today.to_string() })
    );
    let roles: Vec<&str> =
        data["accounts"]["nodes"].as_array().unwrap().iter().filter_map(|account| account["role"].as_str()).collect();
    for role in [
        "RECEIVABLE",
        "PAYABLE",
        "CASH",
        "BANK",
        "REVENUE",
        "EXPENSE",
        "LABOUR",
        "LABOUR_ABSORBED",
        "RETAINED_EARNINGS",
    ] {
        assert!(roles.contains(&role), "no account of role {role} among {roles:?}");
    }
    let pipeline = &data["pipelines"]["nodes"][0];
    assert_eq!(pipeline["isDefault"], true);
    assert!(pipeline["stages"].as_array().unwrap().len() >= 3);
    let georgian = data.to_string().chars().any(|letter| ('ა'..='ჰ').contains(&letter));
    assert!(georgian, "what is made for a Georgian company is in Georgian");
}

async fn an_unknown_address_and_a_wrong_password_get_the_same_answer(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let wrong = try_log_in(server, &tenant.email, "wrong horse battery").await;
    let unknown = try_log_in(server, &Tenant::new_address(), "wrong horse battery").await;
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
    assert!(!wrong.text.contains(&tenant.email));
    let upper = format!(" {} ", tenant.email.to_uppercase());
    assert!(try_log_in(server, &upper, Tenant::PASSWORD).await.try_error().is_none(), "an address has no case");
}

async fn passwords_have_8_to_128_characters_and_are_not_common(server: &'static Server) {
    let refused = [
        ("1234567", "too short"),
        ("password", "common"),
        ("PassWord1", "common whatever the case"),
        ("iloveyou", "common"),
        (&"a".repeat(129), "too long"),
    ];
    for (password, why) in refused {
        let error = Caller::anonymous(server).refused("signUp", sign_up_input(&Tenant::new_address(), password)).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("password")), "{why}");
    }
    for password in ["ჩემი პაროლი", "        spaces", &"ჰ".repeat(128), "🙂🙂🙂🙂🙂🙂🙂🙂"]
    {
        let email = Tenant::new_address();
        Caller::anonymous(server).act("signUp", sign_up_input(&email, password), "token").await;
        log_in(server, &email, password).await;
    }
}

async fn a_sign_up_says_what_is_wrong(server: &'static Server) {
    let cases = [
        ("company", json!("  ")),
        ("country", json!("Georgia")),
        ("country", json!("ZZ")),
        ("baseCurrency", json!("XXQ")),
        ("baseCurrency", json!("")),
        ("timeZone", json!("Tbilisi")),
        ("name", json!("")),
        ("email", json!("nobody")),
        ("email", json!("a@b@c")),
    ];
    for (field, value) in cases {
        let mut input = sign_up_input(&Tenant::new_address(), Tenant::PASSWORD);
        input[field] = value.clone();
        let error = Caller::anonymous(server).refused("signUp", input).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some(field)), "{field}: {value}");
    }
    let tenant = Tenant::sign_up(server).await;
    let error = Caller::anonymous(server)
        .refused("signUp", sign_up_input(&tenant.email.to_uppercase(), Tenant::PASSWORD))
        .await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("email")));
}

async fn of_the_same_sign_up_twice_at_once_one_wins(server: &'static Server) {
    for _ in 0..3 {
        let (email, anonymous) = (Tenant::new_address(), Caller::anonymous(server));
        let sign_up = || anonymous.try_act("signUp", sign_up_input(&email, Tenant::PASSWORD), "token tenant { id }");
        let (one, two, three) = tokio::join!(sign_up(), sign_up(), sign_up());
        let (won, lost): (Vec<&Answer>, Vec<&Answer>) =
            [&one, &two, &three].into_iter().partition(|answer| answer.try_error().is_none());
        assert_eq!(won.len(), 1, "{}\n{}\n{}", one.text, two.text, three.text);
        for answer in lost {
            let error = answer.error();
            assert_eq!(
                (error.code.as_str(), error.field.as_deref()),
                ("INVALID_INPUT", Some("email")),
                "{}",
                answer.text
            );
        }
        let data = try_log_in(server, &email, Tenant::PASSWORD).await.data();
        assert_eq!(data["logIn"]["tenants"].as_array().map(Vec::len), Some(1), "no second tenant");
    }
}

async fn sessions_are_listed_and_ended(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let other = log_in(server, &tenant.email, Tenant::PASSWORD).await;
    let sessions = tenant.owner.query("{ sessions { id kind current expiresAt createdAt } }").await;
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    assert!(sessions.iter().all(|session| session["kind"] == "TOKEN"));
    let theirs = sessions.iter().find(|session| session["current"] == false).unwrap();
    tenant.owner.act("endSession", json!({ "id": theirs["id"] }), "sessionId").await;
    assert_eq!(other.send("{ me { user { id } } }", json!({})).await.error().code, "UNAUTHENTICATED");
    tenant.owner.query("{ me { user { id } } }").await;
    tenant.owner.query("mutation { logOut { ok } }").await;
    assert_eq!(tenant.owner.send("{ me { user { id } } }", json!({})).await.error().code, "UNAUTHENTICATED");
    let forged = Caller::with_token(server, &"0".repeat(64));
    assert_eq!(forged.send("{ me { user { id } } }", json!({})).await.error().code, "UNAUTHENTICATED");
}

async fn a_new_password_ends_the_other_sessions(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let other = log_in(server, &tenant.email, Tenant::PASSWORD).await;
    let change = |current: &str, new: &str| json!({ "currentPassword": current, "newPassword": new });
    let error = tenant.owner.refused("changePassword", change("not the password", "a better horse")).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("currentPassword")));
    let error = tenant.owner.refused("changePassword", change(Tenant::PASSWORD, "qwertyuiop")).await;
    assert_eq!(error.field.as_deref(), Some("newPassword"));
    tenant.owner.act("changePassword", change(Tenant::PASSWORD, "a better horse"), "ok").await;
    tenant.owner.query("{ me { user { id } } }").await;
    assert_eq!(other.send("{ me { user { id } } }", json!({})).await.error().code, "UNAUTHENTICATED");
    assert!(try_log_in(server, &tenant.email, Tenant::PASSWORD).await.try_error().is_some());
    log_in(server, &tenant.email, "a better horse").await;
}

async fn a_forgotten_password_is_set_anew_by_mail(server: &'static Server) {
    let (tenant, anonymous) = (Tenant::sign_up(server).await, Caller::anonymous(server));
    let known = anonymous.try_act("requestPasswordReset", json!({ "email": tenant.email }), "ok").await;
    let unknown = anonymous.try_act("requestPasswordReset", json!({ "email": Tenant::new_address() }), "ok").await;
    assert_eq!(known.text, unknown.text, "who has an account isn't told");
    let secret = server.mailbox.secret(&tenant.email, "/reset-password", 0).await;
    assert!(secret.len() >= 32);
    let reset = |token: &str, new: &str| json!({ "token": token, "newPassword": new });
    let error = anonymous.refused("resetPassword", reset(&secret, "short")).await;
    assert_eq!(error.field.as_deref(), Some("newPassword"), "a bad password doesn't use the link up");
    let error = anonymous.refused("resetPassword", reset(&"0".repeat(64), "a better horse")).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("token")));
    anonymous.act("resetPassword", reset(&secret, "a better horse"), "ok").await;
    assert_eq!(
        tenant.owner.send("{ me { user { id } } }", json!({})).await.error().code,
        "UNAUTHENTICATED",
        "all sessions end"
    );
    log_in(server, &tenant.email, "a better horse").await;
    assert_eq!(
        anonymous.refused("resetPassword", reset(&secret, "once more horse")).await.field.as_deref(),
        Some("token"),
        "works once"
    );
}

async fn an_invitation_makes_a_member(server: &'static Server) {
    let (tenant, anonymous) = (Tenant::sign_up(server).await, Caller::anonymous(server));
    let email = Tenant::new_address();
    tenant.owner.act("inviteMember", json!({ "email": email, "role": "SALES" }), "invitation { email role }").await;
    let secret = server.mailbox.secret(&email, "/accept-invitation", 0).await;
    let accept = json!({ "token": secret, "name": "Gio", "password": Tenant::PASSWORD });
    let accepted = anonymous.act("acceptInvitation", accept.clone(), "token tenant { id } user { email name }").await;
    assert_eq!(accepted["tenant"]["id"], *tenant.id);
    assert_eq!(accepted["user"], json!({ "email": email, "name": "Gio" }));
    let again = anonymous.refused("acceptInvitation", accept).await;
    assert_eq!((again.code.as_str(), again.field.as_deref()), ("INVALID_INPUT", Some("token")), "works once");
    let members = tenant.owner.query("{ members { nodes { name email role } } }").await;
    assert!(members.to_string().contains(&email));
    assert_eq!(
        tenant.owner.refused("inviteMember", json!({ "email": email, "role": "HR" })).await.field.as_deref(),
        Some("email")
    );

    // One that was taken back leads nowhere.
    let email = Tenant::new_address();
    let invited = tenant.owner.act("inviteMember", json!({ "email": email, "role": "HR" }), "invitation { id }").await;
    let secret = server.mailbox.secret(&email, "/accept-invitation", 0).await;
    tenant.owner.act("revokeInvitation", json!({ "id": invited["invitation"]["id"] }), "invitationId").await;
    let error = anonymous
        .refused("acceptInvitation", json!({ "token": secret, "name": "Gio", "password": Tenant::PASSWORD }))
        .await;
    assert_eq!(error.field.as_deref(), Some("token"));
}

async fn a_user_in_several_companies_switches_between_them(server: &'static Server) {
    let (one, two) = (Tenant::sign_up(server).await, Tenant::sign_up(server).await);
    two.owner.act("inviteMember", json!({ "email": one.email, "role": "READ_ONLY" }), "invitation { id }").await;
    let secret = server.mailbox.secret(&one.email, "/accept-invitation", 0).await;
    let accept = |password: &str| json!({ "token": secret, "name": "", "password": password });
    let anonymous = Caller::anonymous(server);
    let error = anonymous.refused("acceptInvitation", accept("not their password")).await;
    assert_eq!(error.code, "INVALID_INPUT", "who exists gives the own password");
    anonymous.act("acceptInvitation", accept(Tenant::PASSWORD), "token").await;

    let logged_in = log_in(server, &one.email, Tenant::PASSWORD).await;
    let me = logged_in.query("{ me { tenant { id } tenants { id role } } }").await;
    assert_eq!(me["me"]["tenant"], Value::Null, "with several, one is chosen");
    assert_eq!(me["me"]["tenants"].as_array().map(Vec::len), Some(2));
    assert_eq!(logged_in.send("{ companies { nodes { id } } }", json!({})).await.error().code, "FORBIDDEN");
    for (tenant, role) in [(&one, "OWNER"), (&two, "READ_ONLY")] {
        logged_in.act("switchTenant", json!({ "tenantId": tenant.id }), "tenant { id }").await;
        let me = logged_in.query("{ me { tenant { id } membership { role } } }").await;
        assert_eq!((&me["me"]["tenant"]["id"], &me["me"]["membership"]["role"]), (&json!(tenant.id), &json!(role)));
    }
    assert_eq!(logged_in.refused("createCompany", json!({ "name": "A" })).await.code, "FORBIDDEN", "reads only there");
    logged_in.act("switchTenant", json!({ "tenantId": one.id }), "tenant { id }").await;
    logged_in.act("createCompany", json!({ "name": "A", "isClient": true }), "company { id }").await;

    // Removed, the session that looks at the company ends, and only what is left can be chosen.
    logged_in.act("switchTenant", json!({ "tenantId": two.id }), "tenant { id }").await;
    let members = two.owner.query("{ members { nodes { id email } } }").await;
    let member =
        members["members"]["nodes"].as_array().unwrap().iter().find(|member| member["email"] == *one.email).unwrap();
    two.owner.act("removeMember", json!({ "memberId": member["id"] }), "memberId").await;
    assert_eq!(logged_in.send("{ companies { nodes { id } } }", json!({})).await.error().code, "UNAUTHENTICATED");
    assert_eq!(one.owner.refused("switchTenant", json!({ "tenantId": two.id })).await.code, "NOT_FOUND");
}

async fn nobody_grants_more_than_they_have_and_an_owner_stays(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let (admin, admin_id) = tenant.join("ADMIN").await;
    let me = tenant.owner.query("{ me { membership { id } } }").await;
    let owner_id = &me["me"]["membership"]["id"];
    assert_eq!(
        admin.refused("inviteMember", json!({ "email": Tenant::new_address(), "role": "OWNER" })).await.code,
        "FORBIDDEN"
    );
    assert_eq!(
        admin.refused("changeMemberRole", json!({ "memberId": admin_id, "role": "OWNER" })).await.code,
        "FORBIDDEN"
    );
    assert_eq!(
        admin.refused("changeMemberRole", json!({ "memberId": owner_id, "role": "EMPLOYEE" })).await.code,
        "FORBIDDEN"
    );
    assert_eq!(admin.refused("removeMember", json!({ "memberId": owner_id })).await.code, "FORBIDDEN");
    assert_eq!(tenant.owner.refused("removeMember", json!({ "memberId": owner_id })).await.code, "CONFLICT");
    assert_eq!(
        tenant.owner.refused("changeMemberRole", json!({ "memberId": owner_id, "role": "ADMIN" })).await.code,
        "CONFLICT"
    );
    let (_, second) = tenant.join("OWNER").await;
    let demote = |id: &Value| {
        tenant.owner.try_act("changeMemberRole", json!({ "memberId": id, "role": "ADMIN" }), "member { role }")
    };
    let second = json!(second);
    let (one, two) = tokio::join!(demote(owner_id), demote(&second));
    let failed = [&one, &two].into_iter().filter(|answer| answer.try_error().is_some()).count();
    assert!(failed >= 1, "of two owners demoted at once one stays: {} {}", one.text, two.text);
}

async fn the_pages_cookie_is_closed_to_scripts_and_to_other_sites(server: &'static Server) {
    let (email, anonymous) = (Tenant::new_address(), Caller::anonymous(server));
    let mut input = sign_up_input(&email, Tenant::PASSWORD);
    input["cookie"] = json!(true);
    let answer = anonymous.try_act("signUp", input, "token tenant { id }").await;
    assert_eq!(answer.body["data"]["signUp"]["token"], Value::Null, "the page never gets the token");
    let log_in = json!({ "query": LOG_IN, "variables": { "input": { "email": email, "password": Tenant::PASSWORD, "cookie": true } } }).to_string();
    let logged_in = anonymous.post(log_in, &[]).await;
    assert_eq!(logged_in.body["data"]["logIn"]["token"], Value::Null);
    let mut secrets = Vec::new();
    for answer in [&answer, &logged_in] {
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        for attribute in ["HttpOnly", "SameSite=", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Secure"), "not behind TLS here: {cookie}");
        secrets.push(cookie.split(';').next().unwrap().to_owned());
    }
    let cookie = secrets[1].as_str();
    let ask = json!({ "query": "{ me { user { email } } }" }).to_string();
    let of = |headers: Vec<(&'static str, String)>| {
        let (anonymous, ask) = (&anonymous, ask.clone());
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            anonymous.post(ask, &headers).await
        }
    };
    let own = server.url.clone();
    let answer = of(vec![("cookie", cookie.into()), ("origin", own.clone())]).await;
    assert_eq!(answer.data()["me"]["user"]["email"], *email);
    let foreign = [
        vec![("cookie", cookie.to_owned()), ("origin", "https://evil.example".to_owned())],
        vec![("cookie", cookie.to_owned()), ("origin", "null".to_owned())],
        vec![("cookie", cookie.to_owned()), ("sec-fetch-site", "cross-site".to_owned())],
        vec![("cookie", cookie.to_owned()), ("origin", own.replace("127.0.0.1", "127.0.0.1.evil.example"))],
    ];
    for headers in foreign {
        let answer = of(headers.clone()).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (403, "FORBIDDEN"), "{headers:?}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let answer = of(vec![("cookie", cookie.into()), ("content-type", kind.into())]).await;
        assert_eq!(answer.status, 415, "another site can send {kind} without asking first");
    }
    let secret = cookie.split_once('=').unwrap().1;
    let bearer = Caller::with_token(server, secret).send("{ me { user { id } } }", json!({})).await;
    assert_eq!(bearer.error().code, "UNAUTHENTICATED", "a cookie's secret is no bearer token");
    let got = server.get("/graphql?query=%7B__typename%7D").await;
    assert_eq!(got.status().as_u16(), 405, "nothing is asked by GET");
    let out = anonymous.post(json!({ "query": "mutation { logOut { ok } }" }).to_string(), &[("cookie", cookie)]).await;
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(of(vec![("cookie", cookie.into())]).await.error().code, "UNAUTHENTICATED");
}

async fn messages_are_in_the_callers_language(server: &'static Server) {
    let anonymous = Caller::anonymous(server);
    let ask = json!({ "query": "{ me { user { id } } }" }).to_string();
    let georgian = anonymous.post(ask.clone(), &[("accept-language", "ka-GE,ka;q=0.9")]).await.error();
    let english = anonymous.post(ask, &[("accept-language", "en")]).await.error();
    assert!(georgian.message.chars().any(|letter| ('ა'..='ჰ').contains(&letter)), "{}", georgian.message);
    assert!(english.message.is_ascii(), "{}", english.message);
    assert_eq!(georgian.code, english.code);
}

both!(
    the_first_queries_of_the_readme_run_as_written,
    a_sign_up_makes_a_company_that_can_work_at_once,
    an_unknown_address_and_a_wrong_password_get_the_same_answer,
    passwords_have_8_to_128_characters_and_are_not_common,
    a_sign_up_says_what_is_wrong,
    of_the_same_sign_up_twice_at_once_one_wins,
    sessions_are_listed_and_ended,
    a_new_password_ends_the_other_sessions,
    a_forgotten_password_is_set_anew_by_mail,
    an_invitation_makes_a_member,
    a_user_in_several_companies_switches_between_them,
    nobody_grants_more_than_they_have_and_an_owner_stays,
    the_pages_cookie_is_closed_to_scripts_and_to_other_sites,
    messages_are_in_the_callers_language,
);

/// What moves the clock has a server of its own.
mod time {
    use chrono::TimeDelta;

    use super::*;

    async fn attempts_are_throttled(server: Server) {
        let tenant = Tenant::sign_up(&server).await;
        for _ in 0..5 {
            assert_eq!(try_log_in(&server, &tenant.email, "wrong horse battery").await.error().code, "INVALID_INPUT");
        }
        assert_eq!(try_log_in(&server, &tenant.email, "wrong horse battery").await.error().code, "RATE_LIMITED");
        assert_eq!(
            try_log_in(&server, &tenant.email, Tenant::PASSWORD).await.error().code,
            "RATE_LIMITED",
            "even the right one"
        );
        let other = Tenant::sign_up(&server).await;
        log_in(&server, &other.email, Tenant::PASSWORD).await;
        let unknown = Tenant::new_address();
        for _ in 0..5 {
            assert_eq!(try_log_in(&server, &unknown, "wrong horse battery").await.error().code, "INVALID_INPUT");
        }
        assert_eq!(
            try_log_in(&server, &unknown, "wrong horse battery").await.error().code,
            "RATE_LIMITED",
            "unknown ones too"
        );
        server.clock.advance(TimeDelta::minutes(16));
        log_in(&server, &tenant.email, Tenant::PASSWORD).await;
        server.stop().await;
    }

    async fn at_once_no_more_attempts_get_through(server: Server) {
        let tenant = Tenant::sign_up(&server).await;
        let attempt = || try_log_in(&server, &tenant.email, "wrong horse battery");
        let answers =
            tokio::join!(attempt(), attempt(), attempt(), attempt(), attempt(), attempt(), attempt(), attempt());
        let answers = [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5, answers.6, answers.7];
        let compared = answers.iter().filter(|answer| answer.error().code == "INVALID_INPUT").count();
        assert_eq!(compared, 5);
        server.stop().await;
    }

    async fn sessions_and_links_expire(server: Server) {
        let (tenant, anonymous) = (Tenant::sign_up(&server).await, Caller::anonymous(&server));
        anonymous.act("requestPasswordReset", json!({ "email": tenant.email }), "ok").await;
        let reset = server.mailbox.secret(&tenant.email, "/reset-password", 0).await;
        let invited = Tenant::new_address();
        tenant.owner.act("inviteMember", json!({ "email": invited, "role": "HR" }), "invitation { id }").await;
        let invitation = server.mailbox.secret(&invited, "/accept-invitation", 0).await;
        server.clock.advance(TimeDelta::hours(3));
        let error =
            anonymous.refused("resetPassword", json!({ "token": reset, "newPassword": "a better horse" })).await;
        assert_eq!(error.field.as_deref(), Some("token"));
        server.clock.advance(TimeDelta::days(15));
        let error = anonymous
            .refused("acceptInvitation", json!({ "token": invitation, "name": "Gio", "password": Tenant::PASSWORD }))
            .await;
        assert_eq!(error.field.as_deref(), Some("token"));
        tenant.owner.query("{ me { user { id } } }").await;
        server.clock.advance(TimeDelta::days(366));
        assert_eq!(tenant.owner.send("{ me { user { id } } }", json!({})).await.error().code, "UNAUTHENTICATED");
        server.stop().await;
    }

    both_alone!(attempts_are_throttled, at_once_no_more_attempts_get_through, sessions_and_links_expire);
}
