//! What can go wrong, told to a caller.
//!
//! Services return [`Error`]. What a caller can mend has a code, the field where there is one, and a message in both
//! languages; all else is [`Error::Internal`], which is logged once, where the answer is written, and told to nobody.

use std::borrow::Cow;

use kamara_entities::Language;
use sea_orm::{DbErr, SqlErr};

/// A result of a service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A message in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: Cow<'static, str>,
    /// Georgian.
    pub ka: Cow<'static, str>,
}

impl Text {
    /// A message without parameters.
    #[must_use]
    pub const fn fixed(en: &'static str, ka: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), ka: Cow::Borrowed(ka) }
    }

    /// A message with parameters.
    #[must_use]
    pub fn new(en: impl Into<Cow<'static, str>>, ka: impl Into<Cow<'static, str>>) -> Self {
        Self { en: en.into(), ka: ka.into() }
    }

    /// The message in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ka => &self.ka,
        }
    }
}

/// What can go wrong.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is logged in.
    #[error("not logged in")]
    Unauthenticated,
    /// The caller's role doesn't allow it.
    #[error("forbidden")]
    Forbidden,
    /// There is no such record in the caller's tenant.
    #[error("not found: {what}")]
    NotFound {
        /// The kind of record.
        what: &'static str,
        /// The field that named it, unless it is the operation's subject.
        field: Option<Cow<'static, str>>,
    },
    /// A value isn't what it should be.
    #[error("{field}: {}", message.en)]
    Invalid {
        /// The field, as a path in the input: `lines.0.quantity`.
        field: Cow<'static, str>,
        /// What would be right.
        message: Text,
    },
    /// Somebody else was faster, or the record's state doesn't allow it.
    #[error("conflict: {}", .0.en)]
    Conflict(Text),
    /// Too many attempts.
    #[error("rate limited")]
    RateLimited,
    /// Our fault.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// A value isn't what it should be.
    pub fn invalid(field: impl Into<Cow<'static, str>>, message: Text) -> Self {
        Self::Invalid { field: field.into(), message }
    }

    /// The operation's subject isn't there.
    #[must_use]
    pub const fn not_found(what: &'static str) -> Self {
        Self::NotFound { what, field: None }
    }

    /// Something that shouldn't happen.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// The same error, found in an element of a list or in a nested input.
    #[must_use]
    pub fn within(self, path: &str) -> Self {
        let prefixed = |field: Cow<'static, str>| Cow::Owned(format!("{path}.{field}"));
        match self {
            Self::Invalid { field, message } => Self::Invalid { field: prefixed(field), message },
            Self::NotFound { what, field: Some(field) } => Self::NotFound { what, field: Some(prefixed(field)) },
            other => other,
        }
    }

    /// The code that the API gives it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Invalid { .. } => "INVALID_INPUT",
            Self::Conflict(_) => "CONFLICT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// The field that it's about.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid { field, .. } | Self::NotFound { field: Some(field), .. } => Some(field),
            _ => None,
        }
    }

    /// The message for a person.
    #[must_use]
    pub fn message(&self) -> Text {
        match self {
            Self::Unauthenticated => Text::fixed("Log in first.", "ჯერ შედით სისტემაში."),
            Self::Forbidden => Text::fixed("Your role does not allow this.", "თქვენი როლი ამის უფლებას არ იძლევა."),
            Self::NotFound { .. } => Text::fixed("There is no such record.", "ასეთი ჩანაწერი არ არსებობს."),
            Self::Invalid { message, .. } | Self::Conflict(message) => message.clone(),
            Self::RateLimited => Text::fixed(
                "Too many attempts. Wait a quarter of an hour and try again.",
                "ძალიან ბევრი მცდელობა. დაელოდეთ თხუთმეტ წუთს და სცადეთ თავიდან.",
            ),
            Self::Internal(_) => Text::fixed(
                "Something went wrong on our side. Nothing was changed.",
                "ჩვენი მხრიდან მოხდა შეცდომა. არაფერი შეცვლილა.",
            ),
        }
    }
}

impl From<DbErr> for Error {
    /// A database's refusal that a caller can mend is told as such: a value that must be unique, a row that isn't there.
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(detail)) => Self::invalid(
                unique_field(&detail),
                Text::fixed("Another record has this value already.", "ეს მნიშვნელობა უკვე აქვს სხვა ჩანაწერს."),
            ),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::NotFound { what: "reference", field: None },
            _ => Self::internal(error),
        }
    }
}

/// The field of a violated unique key: PostgreSQL names the constraint (`table_column_key`), SQLite the columns
/// (`table.tenant_id, table.column`).
fn unique_field(detail: &str) -> String {
    let column = if let Some((_, columns)) = detail.split_once("constraint failed: ") {
        columns.rsplit('.').next().unwrap_or_default()
    } else {
        let constraint = detail.split('"').nth(1).unwrap_or_default();
        let known = ["email", "code", "number", "external_id", "membership_id", "bank_account_account_id", "name"];
        let column = known.into_iter().find(|column| constraint.ends_with(&format!("{column}_key")));
        column.map_or("id", |column| column.trim_start_matches("bank_account_"))
    };
    camel(column.trim())
}

/// A column's name as the API writes it.
pub(crate) fn camel(column: &str) -> String {
    let mut parts = column.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_keys_field_is_found_on_both_databases() {
        assert_eq!(unique_field("UNIQUE constraint failed: account.tenant_id, account.code"), "code");
        assert_eq!(
            unique_field(r#"duplicate key value violates unique constraint "company_source_external_id_key""#),
            "externalId"
        );
    }

    #[test]
    fn a_nested_error_names_its_path() {
        let error = Error::invalid("quantity", Text::fixed("a", "b")).within("lines.2");
        assert_eq!(error.field(), Some("lines.2.quantity"));
    }
}
