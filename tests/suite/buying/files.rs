//! Receipts and bills as they were sent.

use std::{path::Path, time::Duration};

use kamara_tests::{Caller, Server, Tenant, both, both_alone};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use super::Paid;
use crate::books::{PNG, text};

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

async fn files_are_kept_and_given_to_who_may_see_them(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let (paid, elsewhere) = (Paid::new(&tenant).await, Tenant::sign_up(server).await);
    let id = text(&paid.draft(json!({})).await["id"]);
    let at = |name: &str| format!("subjectKind=EXPENSE&subjectId={id}&name={name}");
    let georgian = "%E1%83%A5%E1%83%95%E1%83%98%E1%83%97%E1%83%90%E1%83%A0%E1%83%98.png";
    let sent =
        paid.member.upload(&at(georgian), PNG, &[("content-type", "image/png")]).await.data()["uploadFile"]["file"]
            .clone();
    assert_eq!(
        (&sent["name"], &sent["mediaType"], &sent["size"]),
        (&json!("ქვითარი.png"), &json!("image/png"), &json!(PNG.len()))
    );
    let url = text(&sent["url"]);
    let got = paid.member.get(&url).await;
    let header = |name: &str| got.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-disposition"), format!("inline; filename*=UTF-8''{georgian}"));
    assert_eq!((header("x-content-type-options"), header("content-type")), ("nosniff".into(), "image/png".into()));
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(got.bytes().await.unwrap(), PNG);
    let pdf = paid.owner.upload(&at("..%2F..%2Fetc%2Fbill.pdf"), PDF, &[]).await.data()["uploadFile"]["file"].clone();
    assert_eq!(pdf["name"], "bill.pdf");
    let got = paid.owner.get(&text(&pdf["url"])).await;
    assert!(
        got.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"),
        "what could hold code is saved"
    );

    let (looker, _) = tenant.join("SALES").await;
    for (who, status) in [(&elsewhere.owner, 404), (&looker, 404), (&Caller::anonymous(server), 401)] {
        assert_eq!(who.get(&url).await.status().as_u16(), status);
    }
    for nothing in ["/files/01234567-89ab-7def-8123-456789abcdef", "/files/x", "/files/..%2F..%2Fkamara.db"] {
        assert_eq!(paid.owner.get(nothing).await.status().as_u16(), 404, "{nothing}");
    }
    let theirs = elsewhere.owner.upload(&at("x.png"), PNG, &[]).await;
    assert_eq!((theirs.status, theirs.error().field.as_deref()), (404, Some("subjectId")));

    let query = format!(r#"{{ expense(id: "{id}") {{ files {{ id name version }} }} }}"#);
    let files = paid.member.query(&query).await["expense"]["files"].as_array().unwrap().clone();
    assert_eq!(files.len(), 2);
    paid.member.act("archiveFile", json!({ "id": files[1]["id"], "version": 1 }), "file { archivedAt }").await;
    assert_eq!(paid.member.query(&query).await["expense"]["files"].as_array().unwrap().len(), 1);
    paid.member.act("submitExpense", json!({ "id": id, "version": 1 }), "__typename").await;
    let late = paid.member.upload(&at("late.png"), PNG, &[]).await;
    assert_eq!((late.status, late.error().code.as_str()), (409, "CONFLICT"), "what is handed in stays as it is");
    let error = paid.member.refused("archiveFile", json!({ "id": files[0]["id"], "version": 1 })).await;
    assert_eq!(error.code, "CONFLICT");
}

async fn files_that_are_none_are_refused(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let paid = Paid::new(&tenant).await;
    let id = text(&paid.draft(json!({})).await["id"]);
    let at = format!("subjectKind=EXPENSE&subjectId={id}&name=x.png");
    let member = &paid.member;
    let mut large = PNG.to_vec();
    large.resize(10 * 1024 * 1024 + 1, 0);
    let answer = member.upload(&at, large.clone(), &[]).await;
    assert_eq!((answer.status, answer.error().code.as_str()), (413, "INVALID_INPUT"));
    large.truncate(10 * 1024 * 1024);
    member.upload(&at, large, &[]).await.data();
    let html: &[u8] = b"<html><script>alert(1)</script>";
    let empty: &[u8] = b"";
    for content in [html, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ", empty] {
        let answer = member.upload(&at, content, &[("content-type", "image/png")]).await;
        assert_eq!((answer.status, answer.error().field.as_deref()), (422, Some("file")), "{}", answer.text);
    }
    for form in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
        let answer = member.upload(&at, PNG, &[("content-type", form)]).await;
        assert_eq!(
            (answer.status, answer.error().code.as_str()),
            (415, "INVALID_INPUT"),
            "a form of another page sends this"
        );
    }
    for (query, field) in [
        (format!("subjectId={id}&name=x"), "subjectKind"),
        (format!("subjectKind=TENANT&subjectId={id}&name=x"), "subjectKind"),
        ("subjectKind=EXPENSE&subjectId=x&name=x".to_owned(), "subjectId"),
        (format!("subjectKind=EXPENSE&subjectId={id}"), "name"),
        (format!("subjectKind=EXPENSE&subjectId={id}&name=%20"), "name"),
        (format!("subjectKind=EXPENSE&subjectId={id}&name={}", "x".repeat(201)), "name"),
    ] {
        let answer = member.upload(&query, PNG, &[]).await;
        assert_eq!(answer.error().field.as_deref(), Some(field), "{query}: {}", answer.text);
    }
    assert_eq!(Caller::anonymous(server).upload(&at, PNG, &[]).await.status, 401);
    let bill = member.upload(&format!("subjectKind=BILL&subjectId={id}&name=x"), PNG, &[]).await;
    assert_eq!((bill.status, bill.error().code.as_str()), (403, "FORBIDDEN"));

    // The same upload again is the same file; another under its key is told so.
    let key = [("idempotency-key", "receipt-1")];
    let first = member.upload(&at, PNG, &key).await;
    let again = member.upload(&at, PNG, &key).await;
    assert_eq!(first.data()["uploadFile"], again.data()["uploadFile"]);
    let other = member.upload(&at.replace("x.png", "y.png"), PNG, &key).await;
    assert_eq!((other.status, other.error().code.as_str()), (409, "CONFLICT"));
    let query = format!(r#"{{ expense(id: "{id}") {{ files {{ id }} }} }}"#);
    assert_eq!(member.query(&query).await["expense"]["files"].as_array().unwrap().len(), 2, "nothing else was kept");
}

mod alone {
    use super::*;

    /// Whether the bytes of a file are there.
    fn is_kept(server: &Server, tenant: &Tenant<'_>, file: &str) -> bool {
        Path::new(&server.files).join(&tenant.id).join(file).exists()
    }

    async fn bytes_without_a_row_go_within_hours(server: Server) {
        {
            let tenant = Tenant::sign_up(&server).await;
            let paid = Paid::new(&tenant).await;
            let id = text(&paid.draft(json!({})).await["id"]);
            let kept = paid.member.uploaded("EXPENSE", &id, "kept.png", PNG).await;
            let orphan = paid.member.uploaded("EXPENSE", &id, "orphan.png", PNG).await;
            // As if the server had died between the bytes and the row.
            let owner = server.owner().await;
            let transaction = owner.begin().await.expect("a transaction");
            let forced = async |how: &str| {
                if server.database == kamara_tests::Database::Postgres {
                    let statement = format!("alter table file {how} row level security");
                    transaction.execute_unprepared(&statement).await.expect("the owner's right");
                }
            };
            forced("no force").await;
            let row = "delete from file where name = 'orphan.png'";
            transaction.execute_unprepared(row).await.expect("no row");
            forced("force").await;
            transaction.commit().await.expect("a commit");
            owner.close().await.expect("an orderly end");
            assert!(is_kept(&server, &tenant, &kept) && is_kept(&server, &tenant, &orphan));
            server.clock.advance(chrono::TimeDelta::hours(2));
            // Whatever wakes the worker makes it look.
            tenant
                .owner
                .act("inviteMember", json!({ "email": Tenant::new_address(), "role": "SALES" }), "__typename")
                .await;
            for _ in 0..200 {
                if !is_kept(&server, &tenant, &orphan) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert!(!is_kept(&server, &tenant, &orphan), "bytes without a row go");
            assert!(is_kept(&server, &tenant, &kept), "bytes with a row stay");
        }
        server.stop().await;
    }

    both_alone!(bytes_without_a_row_go_within_hours);
}

both!(files_are_kept_and_given_to_who_may_see_them, files_that_are_none_are_refused);
