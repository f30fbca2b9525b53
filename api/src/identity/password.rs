//! Passwords: which are good enough, and how they're kept.

use std::{collections::HashSet, sync::LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

use crate::{
    env::Env,
    error::{Error, Result, Text},
};

/// Fewest characters.
const LENGTH_MIN: usize = 8;
/// Most characters.
const LENGTH_MAX: usize = 128;

/// The 3,000 most common passwords, most common first: from the frequency lists of zxcvbn (MIT licence).
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// A hash of no password, to compare with when there's no such user: the answer takes as long.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| hash(b"nobody's password", b"no salt of anyone").unwrap_or_default());

/// A password as a person typed it. It isn't shown by `Debug`, and isn't kept.
#[derive(Clone)]
pub(crate) struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(…)")
    }
}

impl Password {
    /// What was typed.
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }

    /// Checks that a new password is good enough: its length (NIST SP 800-63B: no rules of composition), and that it isn't
    /// one of the most common.
    pub(crate) fn check(&self, field: &'static str) -> Result<()> {
        let length = self.0.chars().count();
        if !(LENGTH_MIN..=LENGTH_MAX).contains(&length) {
            let message =
                Text::fixed("A password has 8 to 128 characters.", "პაროლი შედგება 8-დან 128-მდე სიმბოლოსგან.");
            return Err(Error::invalid(field, message));
        }
        if COMMON.contains(self.0.to_lowercase().as_str()) {
            let message = Text::fixed(
                "This is one of the most common passwords. Choose another.",
                "ეს ერთ-ერთი ყველაზე გავრცელებული პაროლია. აირჩიეთ სხვა.",
            );
            return Err(Error::invalid(field, message));
        }
        Ok(())
    }

    /// Hashes it with Argon2id, off the threads that serve requests.
    pub(crate) async fn hash(&self, env: &Env) -> Result<String> {
        let (password, salt) = (self.0.clone(), env.bytes::<16>());
        blocking(move || hash(password.as_bytes(), &salt)).await?
    }

    /// Whether it's the password that was hashed; without a hash it isn't, and that takes as long.
    pub(crate) async fn matches(&self, hash: Option<String>) -> Result<bool> {
        // A longer one can't match, and would only cost time.
        if self.0.len() > LENGTH_MAX * 4 {
            return Ok(false);
        }
        let password = self.0.clone();
        blocking(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.clone());
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }
}

fn hash(password: &[u8], salt: &[u8]) -> Result<String> {
    Ok(Argon2::default().hash_password_with_salt(password, salt).map_err(Error::internal)?.to_string())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::ManualClock;

    fn check(text: &str) -> Result<()> {
        Password::new(text.to_owned()).check("password")
    }

    #[test]
    fn length_and_commonness_decide_and_nothing_else() {
        assert_eq!(COMMON.len(), 3_000);
        assert!(check("correct horse battery").is_ok());
        assert!(check("ცხრა მთას იქით").is_ok());
        assert!(check("zzzzzzzzz aaa").is_ok());
        assert!(check("short").is_err());
        assert!(check("Password1").is_err(), "common, whatever the case");
        assert!(check(&"ა".repeat(128)).is_ok());
        assert!(check(&"ა".repeat(129)).is_err());
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_matches_its_password_only() {
        let env = Env::fixed(ManualClock::new("2026-01-01T00:00:00Z".parse().unwrap()), 1);
        let password = Password::new("correct horse battery".to_owned());
        let hash = password.hash(&env).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        assert!(password.matches(Some(hash.clone())).await.unwrap());
        assert!(!Password::new("correct horse".to_owned()).matches(Some(hash)).await.unwrap());
        assert!(!Password::new("nobody's password".to_owned()).matches(None).await.unwrap());
        assert!(!format!("{password:?}").contains("horse"));
    }
}
