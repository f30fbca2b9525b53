//! Mail: over SMTP, or into a folder of `.eml` files when no mail server is known.

pub(crate) mod texts;

use lettre::{
    AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use serde::{Deserialize, Serialize};

use crate::{config::MailConfig, error::Error};

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// How mail goes out.
pub enum Mailer {
    /// Into a folder.
    Folder(AsyncFileTransport<Tokio1Executor>),
    /// Over SMTP.
    Smtp {
        /// The connection's pool.
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        /// The sender.
        from: Mailbox,
    },
}

impl Mailer {
    /// Sets mail up.
    ///
    /// # Errors
    ///
    /// When the folder can't be made, or the URL or the sender's address is wrong.
    pub fn new(config: &MailConfig) -> anyhow::Result<Self> {
        match config {
            MailConfig::Folder(path) => {
                std::fs::create_dir_all(path)?;
                Ok(Self::Folder(AsyncFileTransport::new(path)))
            }
            MailConfig::Smtp { url, from } => {
                // The URL may hold a password, so that the error mustn't repeat it.
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
                    anyhow::anyhow!("a mail server is smtp://HOST:PORT or smtps://USER:PASSWORD@HOST:PORT")
                })?;
                Ok(Self::Smtp { transport: Box::new(transport.build()), from: from.parse()? })
            }
        }
    }

    /// Sends a mail.
    pub(crate) async fn send(&self, mail: &Mail) -> Result<(), Error> {
        let message = |from: Mailbox| {
            Message::builder()
                // One of its own making: what has none is taken for spam.
                .message_id(None)
                .from(from)
                .to(mail.to.parse().map_err(Error::internal)?)
                .subject(&mail.subject)
                .header(ContentType::TEXT_PLAIN)
                .body(mail.body.clone())
                .map_err(Error::internal)
        };
        match self {
            Self::Folder(transport) => {
                let from = "Kamara <kamara@localhost>".parse().map_err(Error::internal)?;
                transport.send(message(from)?).await.map_err(Error::internal)?;
            }
            Self::Smtp { transport, from } => {
                transport.send(message(from.clone())?).await.map_err(Error::internal)?;
            }
        }
        Ok(())
    }
}
