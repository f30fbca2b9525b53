//! What mails say, in both languages. The receiver is filled in by whoever sends.

use kamara_entities::Language;

use super::Mail;

fn mail(subject: &str, body: String) -> Mail {
    Mail { to: String::new(), subject: subject.to_owned(), body }
}

/// About a forgotten password.
pub(crate) fn password_reset(language: Language, name: &str, link: &str) -> Mail {
    match language {
        Language::En => mail(
            "Set a new password",
            format!(
                "Hello {name},\n\nset a new password for Kamara here. The link works once, within two hours:\n\n{link}\n\nIf you did not ask for it, do nothing: your password stays as it is.\n"
            ),
        ),
        Language::Ka => mail(
            "ახალი პაროლის დაყენება",
            format!(
                "გამარჯობა, {name},\n\nკამარას ახალი პაროლი დააყენეთ ამ ბმულზე. ბმული მუშაობს ერთხელ, ორი საათის განმავლობაში:\n\n{link}\n\nთუ ეს თქვენ არ მოგითხოვიათ, არაფერი გააკეთოთ: პაროლი უცვლელი დარჩება.\n"
            ),
        ),
    }
}

/// An invitation to a tenant.
pub(crate) fn invitation(language: Language, by: &str, tenant: &str, link: &str) -> Mail {
    match language {
        Language::En => mail(
            &format!("{by} invites you to {tenant}"),
            format!("Hello,\n\n{by} invites you to work with {tenant} in Kamara. Accept within 14 days:\n\n{link}\n"),
        ),
        Language::Ka => mail(
            &format!("{by} გიწვევთ: {tenant}"),
            format!(
                "გამარჯობა,\n\n{by} გიწვევთ კამარაში, {tenant}-ის სამუშაო სივრცეში. მოწვევა მიიღეთ 14 დღის განმავლობაში:\n\n{link}\n"
            ),
        ),
    }
}
