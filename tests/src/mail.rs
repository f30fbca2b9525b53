//! Mails that a server sent, which are `.eml` files here.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// The folder that a server sends its mails into.
#[derive(Clone, Debug)]
pub struct Mailbox(PathBuf);

impl Mailbox {
    pub(crate) const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// The texts of all mails to an address, as they are now.
    #[must_use]
    pub fn to(&self, address: &str) -> Vec<String> {
        let files = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mails = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "eml"));
        let texts = mails.filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let header = format!("To: {address}").to_lowercase();
        texts.filter(|mail| mail.to_lowercase().contains(&header)).map(|mail| decoded(&mail)).collect()
    }

    /// The secret in the link of the `nth` mail to an address, once it's there: mails are sent after the answer, and on a busy machine
    /// by the server's second look into its outbox, half a minute later.
    pub async fn secret(&self, address: &str, path: &str, nth: usize) -> String {
        let link = format!("{path}?token=");
        for _ in 0..12_000 {
            let secrets: Vec<String> = self
                .to(address)
                .iter()
                .filter_map(|mail| mail.split_once(&link))
                .map(|(_, rest)| rest.chars().take_while(char::is_ascii_hexdigit).collect())
                .collect();
            if let Some(secret) = secrets.get(nth) {
                return secret.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no mail to {address} with a link to {path}");
    }
}

/// Takes quoted-printable and base64 off, which is all that our mails use.
fn decoded(mail: &str) -> String {
    let (headers, body) = mail.split_once("\r\n\r\n").or_else(|| mail.split_once("\n\n")).unwrap_or((mail, ""));
    let headers = headers.to_lowercase();
    let bytes = if headers.contains("quoted-printable") {
        quoted_printable(body)
    } else if headers.contains("base64") {
        base64(body)
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8(bytes).expect("a mail in UTF-8")
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let body = body.replace("=\r\n", "").replace("=\n", "");
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'=' && tail.len() >= 2)
            .then(|| std::str::from_utf8(&tail[..2]).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()))
            .flatten();
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    bytes
}

fn base64(body: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(body.len());
    let (mut buffer, mut bits) = (0_u32, 0);
    for value in body.bytes().filter_map(|byte| DIGITS.iter().position(|digit| *digit == byte)) {
        buffer = (buffer << 6) | u32::try_from(value).expect("six bits");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).expect("eight bits"));
        }
    }
    bytes
}
