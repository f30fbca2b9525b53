//! The head and the foot of documents, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{FileId, LetterheadId, letterhead};

use crate::{
    files::schema::File,
    finance::service::letterhead as rules,
    graphql::{Can, Id, request},
    identity::Permission,
};

shown! {
    /// What stands at the head and the foot of the documents that are sent.
    Letterhead(letterhead),
}

#[Object]
impl Letterhead {
    /// Id: a logo is sent to `/files?subjectKind=LETTERHEAD&subjectId=` and this.
    async fn id(&self) -> Id<LetterheadId> {
        Id(self.0.id)
    }

    /// The name in the register of companies.
    async fn legal_name(&self) -> &str {
        &self.0.legal_name
    }

    /// Number in the tax register.
    async fn tax_number(&self) -> Option<&str> {
        self.0.tax_number.as_deref()
    }

    /// Address, on one or more lines.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Telephone.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// E-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Address on the web.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// What stands at the foot: thanks, terms.
    async fn footer(&self) -> Option<&str> {
        self.0.footer.as_deref()
    }

    /// The picture at the head.
    async fn logo(&self, ctx: &Context<'_>) -> Result<Option<File>> {
        let scope = request(ctx).read().await?;
        Ok(rules::logo(&scope, &self.0).await?.map(File))
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Asking for the letterhead.
#[derive(Default)]
pub(crate) struct LetterheadQuery;

#[Object]
impl LetterheadQuery {
    /// What stands at the head and the foot of the documents that are sent.
    #[graphql(guard = "Can(Permission::InvoicesRead)")]
    async fn letterhead(&self, ctx: &Context<'_>) -> Result<Letterhead> {
        Ok(Letterhead(rules::of(&*request(ctx).read().await?).await?))
    }
}

/// A change of the letterhead: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateLetterheadInput {
    /// The version that was read.
    version: i32,
    /// The name in the register of companies.
    legal_name: Option<String>,
    /// Number in the tax register.
    tax_number: MaybeUndefined<String>,
    /// Address, on one or more lines.
    address: MaybeUndefined<String>,
    /// Telephone.
    phone: MaybeUndefined<String>,
    /// E-mail address.
    email: MaybeUndefined<String>,
    /// Address on the web.
    website: MaybeUndefined<String>,
    /// What stands at the foot: thanks, terms.
    footer: MaybeUndefined<String>,
    /// The picture at the head: a file of the letterhead.
    logo_id: MaybeUndefined<Id<FileId>>,
}

impl UpdateLetterheadInput {
    fn apply(self, new: &mut letterhead::New) {
        new.legal_name = self.legal_name.unwrap_or_else(|| std::mem::take(&mut new.legal_name));
        self.tax_number.update_to(&mut new.tax_number);
        self.address.update_to(&mut new.address);
        self.phone.update_to(&mut new.phone);
        self.email.update_to(&mut new.email);
        self.website.update_to(&mut new.website);
        self.footer.update_to(&mut new.footer);
        self.logo_id.map_value(|id| id.0).update_to(&mut new.logo_id);
    }
}

payloads! { UpdateLetterheadPayload { letterhead: Letterhead } }

/// Changing the letterhead.
#[derive(Default)]
pub(crate) struct LetterheadMutation;

#[Object]
impl LetterheadMutation {
    /// Changes what stands at the head and the foot of the documents that are sent.
    #[graphql(guard = "Can(Permission::TenantManage)")]
    async fn update_letterhead(
        &self,
        ctx: &Context<'_>,
        input: UpdateLetterheadInput,
    ) -> Result<UpdateLetterheadPayload> {
        let scope = request(ctx).write().await?;
        let version = input.version;
        let row = rules::update(&scope, version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
