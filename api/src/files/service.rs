//! The rules of files: on which records they hang, and who may see and add them.

use chrono::TimeDelta;
use kamara_documents::{Logo, LogoError};
use kamara_entities::{
    BillId, ExpenseId, ExpenseStatus, FileId, FileSubject, LetterheadId, TenantEntity, TenantId, bill, employee,
    expense, file, letterhead,
};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::Media;
use crate::{
    app::App,
    error::{Error, Result, Text},
    identity::{Caller, Permission},
    jobs,
    tenancy::{self, Access, TenantScope},
    text,
};

/// The largest file, in bytes.
pub const SIZE_MAX: usize = 10 * 1024 * 1024;
/// How long after an upload began its bytes are looked after. A request ends long before.
const LOOKED_AFTER: TimeDelta = TimeDelta::hours(1);
/// The kind of job that looks whether a file's bytes have a row.
pub(crate) const LOOK_AFTER: &str = "file";

/// A record that files hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its kind.
    pub kind: FileSubject,
    /// Its id.
    pub id: Uuid,
}

/// What somebody is about to do with a record's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// To see them.
    See,
    /// To add one, or to take one away.
    Change,
}

/// Checks that a record is there, and that somebody may see or change its files. Who may not see the record isn't told that
/// it's there.
pub async fn check(scope: &TenantScope, caller: &Caller, subject: Subject, intent: Intent) -> Result<()> {
    let (of_books, of_letterhead) = match intent {
        Intent::See => (Permission::FinanceRead, Permission::InvoicesRead),
        Intent::Change => (Permission::FinanceWrite, Permission::TenantManage),
    };
    match subject.kind {
        FileSubject::Bill if caller.may(of_books) => {
            scope.referred::<bill::Entity>("subjectId", BillId(subject.id)).await?;
            Ok(())
        }
        FileSubject::Expense if caller.may(of_books) => {
            scope.referred::<expense::Entity>("subjectId", ExpenseId(subject.id)).await?;
            Ok(())
        }
        FileSubject::Expense if caller.may(Permission::ExpensesOwn) => {
            let expense = scope.referred::<expense::Entity>("subjectId", ExpenseId(subject.id)).await?;
            own_expense(scope, caller, &expense, intent).await
        }
        FileSubject::Letterhead if caller.may(of_letterhead) => {
            scope.referred::<letterhead::Entity>("subjectId", LetterheadId(subject.id)).await?;
            Ok(())
        }
        FileSubject::Bill | FileSubject::Expense | FileSubject::Letterhead => Err(Error::Forbidden),
    }
}

/// Checks that somebody may change a file. Who may not see its record isn't told that the file is there.
pub async fn check_change(scope: &TenantScope, caller: &Caller, id: FileId) -> Result<()> {
    let row = scope.require::<file::Entity>(id).await?;
    let subject = Subject { kind: row.subject_kind, id: row.subject_id };
    check(scope, caller, subject, Intent::Change).await.map_err(|error| match error {
        Error::NotFound { .. } => Error::not_found(file::Entity::KIND),
        other => other,
    })
}

/// An employee sees the files of what they spent themselves, and changes them while it's a draft.
async fn own_expense(scope: &TenantScope, caller: &Caller, expense: &expense::Model, intent: Intent) -> Result<()> {
    let member = caller.place()?.membership;
    let select = scope.find::<employee::Entity>().filter(employee::Column::MembershipId.eq(member));
    let own = scope.first(select).await?.map(|employee| employee.id);
    if own.is_none() || expense.employee_id != own {
        return Err(Error::NotFound { what: "expense", field: Some("subjectId".into()) });
    }
    if intent == Intent::Change && expense.status != ExpenseStatus::Draft {
        let message = Text::fixed(
            "This expense is handed in: its receipts stay as they are.",
            "ეს ხარჯი უკვე წარდგენილია: ქვითრები უცვლელი რჩება.",
        );
        return Err(Error::Conflict(message));
    }
    Ok(())
}

/// What a file's bytes are, if such files are taken.
pub fn media(content: &[u8]) -> Result<Media> {
    Media::of(content).ok_or_else(|| {
        let message = Text::fixed(
            "A file is a picture (JPEG, PNG, WebP, HEIC) or a PDF.",
            "ფაილი უნდა იყოს სურათი (JPEG, PNG, WebP, HEIC) ან PDF.",
        );
        Error::invalid("file", message)
    })
}

/// What a file's bytes are, if they may hang on such a record: at the head of documents stand only pictures that can be set.
pub async fn media_for(kind: FileSubject, content: &[u8]) -> Result<Media> {
    let media = media(content)?;
    if kind == FileSubject::Letterhead {
        let content = content.to_vec();
        // Off the threads that serve requests: the picture is read.
        let read = tokio::task::spawn_blocking(move || Logo::new(content)).await.map_err(Error::internal)?;
        read.map_err(|error| Error::invalid("file", no_logo(error)))?;
    }
    Ok(media)
}

fn no_logo(error: LogoError) -> Text {
    match error {
        LogoError::NoPicture => Text::fixed(
            "A logo is a whole picture in PNG or JPEG.",
            "ლოგო უნდა იყოს დაუზიანებელი სურათი PNG ან JPEG ფორმატში.",
        ),
        LogoError::TooLarge => Text::fixed(
            "A logo has at most 2 MB, and at most 4,000 pixels on a side.",
            "ლოგო არაუმეტეს 2 მეგაბაიტია, თითოეული გვერდი კი — არაუმეტეს 4000 პიქსელი.",
        ),
    }
}

/// The name that a file is shown by: without folders, and with nothing that can't be seen.
pub fn name(given: &str) -> Result<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    text::name("name", &last.replace(char::is_control, " "))
}

/// Asks for a look after the bytes that are about to be written, in a transaction of its own: whatever happens from here on,
/// they either get their row or go.
pub async fn announce(app: &App, tenant: TenantId, file: FileId) -> Result<()> {
    let transaction = app.db.begin().await?;
    let payload = serde_json::json!({ "file": file });
    jobs::enqueue(&transaction, &app.env, Some(tenant), LOOK_AFTER, payload, LOOKED_AFTER).await?;
    Ok(transaction.commit().await?)
}

/// Takes the bytes of a file away that has no row an hour after its upload began.
pub(crate) async fn look_after(app: &App, tenant: TenantId, payload: serde_json::Value) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Announced {
        file: FileId,
    }
    let Announced { file } = serde_json::from_value(payload).map_err(Error::internal)?;
    let tenant = tenancy::service::of_job(&app.db, tenant).await?;
    let scope = Access::of_job(tenant, LOOK_AFTER).read(&app.db, &app.env).await?;
    let kept = scope.get::<file::Entity>(file).await?.is_some();
    let tenant = scope.tenant_id();
    scope.commit().await?;
    if kept { Ok(()) } else { app.files.delete(tenant, file).await }
}

/// What is told of a file whose bytes are written.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its id, by which its bytes are written.
    pub id: FileId,
    /// The record that it hangs on.
    pub subject: Subject,
    /// The name that it's shown by.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// How many bytes it has.
    pub size: usize,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// Writes the row of a file whose bytes are written.
pub async fn keep(scope: &TenantScope, new: NewFile) -> Result<file::Model> {
    let row = file::New {
        subject_kind: new.subject.kind,
        subject_id: new.subject.id,
        name: new.name,
        media_type: new.media.name().to_owned(),
        size: i64::try_from(new.size).map_err(Error::internal)?,
        sha256: new.sha256,
    };
    let rows = scope.insert_with_ids::<file::Entity>(vec![(new.id, row)]).await?;
    rows.into_iter().next().ok_or_else(|| Error::internal("a file without a row"))
}

/// Where a file is got from.
#[must_use]
pub fn address(id: FileId) -> String {
    format!("/files/{id}")
}
