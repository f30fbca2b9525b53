//! Documents as they are sent: what they say is gathered here from what was stored, and set by `kamara_documents`.

mod countries;
mod invoice;
mod payment;
mod statement;

use futures::TryStreamExt as _;
use kamara_documents::{self as documents, BankAccount, Letterhead, Logo, Party};
use kamara_entities::{FileId, Language, TenantId, bank_account, company};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use tokio::sync::Semaphore;

pub use self::{invoice::invoice, payment::payment, statement::statement};
use super::letterhead;
use crate::{
    error::{Error, Result},
    files::Store,
    tenancy::TenantScope,
};

/// Documents set at once: setting takes a processor, and others wait for theirs.
static SETTING: Semaphore = Semaphore::const_new(4);

#[derive(Debug)]
enum Document {
    Invoice(Box<documents::Invoice>),
    Payment(Box<documents::Payment>),
    Statement(Box<documents::Statement>),
}

/// A document that is to be set.
#[derive(Debug)]
pub struct ToSet {
    document: Document,
    logo: Option<FileId>,
    /// The name of its file, without an ending.
    pub name: String,
}

impl ToSet {
    /// Sets it, off the threads that serve requests. A picture that can't be read any more is left out.
    pub async fn pdf(self, files: &Store, tenant: TenantId) -> Result<Vec<u8>> {
        let logo: Option<Vec<u8>> = match self.logo {
            Some(id) => Some(files.get(tenant, id).await?.try_concat().await?),
            None => None,
        };
        let _turn = SETTING.acquire().await.map_err(Error::internal)?;
        let set = tokio::task::spawn_blocking(move || {
            let logo = logo.and_then(|content| Logo::new(content).ok());
            match self.document {
                Document::Invoice(mut invoice) => {
                    invoice.letterhead.logo = logo;
                    documents::invoice(&invoice)
                }
                Document::Payment(mut payment) => {
                    payment.letterhead.logo = logo;
                    documents::payment(&payment)
                }
                Document::Statement(mut statement) => {
                    statement.letterhead.logo = logo;
                    documents::statement(&statement)
                }
            }
        });
        set.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

/// The tenant as it writes, and its picture.
async fn sender(scope: &TenantScope) -> Result<(Letterhead, Option<FileId>)> {
    let row = letterhead::of(scope).await?;
    let logo = letterhead::logo(scope, &row).await?.map(|file| file.id);
    let letterhead = Letterhead {
        name: row.legal_name,
        tax_number: row.tax_number,
        address: row.address,
        phone: row.phone,
        email: row.email,
        website: row.website,
        footer: row.footer,
        logo: None,
    };
    Ok((letterhead, logo))
}

/// A client as it's written to. Its country is left out where it's our own.
fn client(scope: &TenantScope, row: &company::Model) -> Party {
    let place = [&row.postal_code, &row.city].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let country = row.country.as_deref().filter(|country| *country != scope.tenant().country);
    let country = country.map(|country| countries::name(country, language(scope, row)).to_owned());
    let rest = [Some(place), row.region.clone(), country].into_iter().flatten().filter(|part| !part.is_empty());
    let place = rest.collect::<Vec<_>>().join(", ");
    let address = row.address.iter().flat_map(|text| text.lines()).map(ToOwned::to_owned);
    Party {
        name: row.name.clone(),
        address: address.chain((!place.is_empty()).then_some(place)).collect(),
        tax_number: row.tax_number.clone(),
    }
}

/// The language that a client is written to in: its own, else the tenant's.
fn language(scope: &TenantScope, row: &company::Model) -> documents::Language {
    in_language(row.language.unwrap_or(scope.tenant().language))
}

const fn in_language(language: Language) -> documents::Language {
    match language {
        Language::En => documents::Language::English,
        Language::Ka => documents::Language::Georgian,
    }
}

/// Where to pay in a currency: accounts that have a number.
async fn bank_accounts(scope: &TenantScope, currencies: &[&str]) -> Result<Vec<(String, BankAccount)>> {
    use bank_account::Column as C;
    let select = scope
        .find::<bank_account::Entity>()
        .filter(C::Currency.is_in(currencies.iter().copied()))
        .filter(C::ArchivedAt.is_null())
        .filter(C::Iban.is_not_null())
        .order_by_asc(C::SortKey)
        .order_by_asc(C::Id);
    let rows = scope.all(select).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let account = BankAccount { bank: row.bank_name, iban: grouped(&row.iban?), bic: row.bic };
            Some((row.currency, account))
        })
        .collect())
}

/// An account's number as it's printed: in groups of four.
fn grouped(iban: &str) -> String {
    let letters: Vec<char> = iban.chars().filter(|letter| !letter.is_whitespace()).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_accounts_stand_in_groups() {
        assert_eq!(grouped("GE29NB0000000101904917"), "GE29\u{a0}NB00\u{a0}0000\u{a0}0101\u{a0}9049\u{a0}17");
        assert_eq!(grouped("GE29 NB00"), "GE29\u{a0}NB00");
    }
}
