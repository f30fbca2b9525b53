//! What stands at the head and the foot of the company's documents.

use kamara_entities::{FileId, FileSubject};
use sha2::{Digest as _, Sha256};

use super::world::World;
use crate::{
    env::hex,
    error::Result,
    files::{
        Media, Store,
        service::{self as files, NewFile, Subject},
    },
    finance::service::letterhead,
};

/// Two arches.
const LOGO: &[u8] = include_bytes!("logo.png");

/// Writes the letterhead, with a logo where there is a place for its bytes.
pub(super) async fn letterhead(world: &World<'_>, store: Option<&Store>) -> Result<()> {
    let scope = world.scope;
    let head = letterhead::of(scope).await?;
    let logo = match store {
        None => None,
        Some(store) => {
            let id: FileId = scope.env().id();
            store.put(scope.tenant_id(), id, LOGO.to_vec()).await?;
            let new = NewFile {
                id,
                subject: Subject { kind: FileSubject::Letterhead, id: head.id.0 },
                name: "logo.png".to_owned(),
                media: Media::Png,
                size: LOGO.len(),
                sha256: hex(&Sha256::digest(LOGO)),
            };
            Some(files::keep(scope, new).await?.id)
        }
    };
    letterhead::update(scope, head.version, |new| {
        "Arch Consulting LLC".clone_into(&mut new.legal_name);
        new.tax_number = Some("404512345".to_owned());
        new.address = Some("12 Shota Rustaveli Avenue\n0108 Tbilisi, Georgia".to_owned());
        new.phone = Some("+995 32 212 34 56".to_owned());
        new.email = Some("accounts@arch.example".to_owned());
        new.website = Some("arch.example".to_owned());
        new.footer = Some("Thank you for your trust. გმადლობთ ნდობისთვის.".to_owned());
        new.logo_id = logo;
    })
    .await?;
    Ok(())
}
