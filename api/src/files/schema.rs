//! Files, as the API shows them. Their bytes are sent to `POST /files`, and got from `GET` of their address.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{FileId, file};

use super::service as rules;
use crate::{
    graphql::{Children, Id, Loading, guard::LoggedIn, request},
    identity::schema::Member,
    tenancy::{Direction, Order},
};

shown! {
    /// A file that hangs on a record.
    File(file),
}

struct FilesOfSubject;
impl Children for FilesOfSubject {
    type Entity = file::Entity;
    const PARENT: file::Column = file::Column::SubjectId;
    // Ids rise with time.
    const ORDER: Order<file::Column> = Order { column: file::Column::Id, direction: Direction::Asc };
}

impl File {
    /// Those of a record that aren't archived, oldest first.
    pub(crate) async fn of(ctx: &Context<'_>, subject: uuid::Uuid) -> Result<Vec<Self>> {
        let rows = ctx.all_of::<FilesOfSubject>(subject).await?;
        Ok(rows.into_iter().filter(|row| row.archived_at.is_none()).map(Self).collect())
    }
}

#[Object]
impl File {
    /// Id.
    async fn id(&self) -> Id<FileId> {
        Id(self.0.id)
    }

    /// The name that it came with.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is: `image/png`.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// How many bytes it has.
    async fn size(&self) -> i64 {
        self.0.size
    }

    /// The SHA-256 of its bytes, in hexadecimal.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Where it is got from.
    async fn url(&self) -> String {
        rules::address(self.0.id)
    }

    /// Who added it.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.created_by).await
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

/// Which file, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveFileInput {
    /// The file.
    id: Id<FileId>,
    /// The version that was read.
    version: i32,
}

/// Which file, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreFileInput {
    /// The file.
    id: Id<FileId>,
    /// The version that was read.
    version: i32,
}

payloads! {
    ArchiveFilePayload { file: File },
    RestoreFilePayload { file: File },
}

/// Taking files off their records, and putting them back.
#[derive(Default)]
pub(crate) struct FileMutation;

#[Object]
impl FileMutation {
    /// Archives a file: it leaves its record, and its bytes are kept.
    #[graphql(guard = "LoggedIn")]
    async fn archive_file(&self, ctx: &Context<'_>, input: ArchiveFileInput) -> Result<ArchiveFilePayload> {
        let scope = request(ctx).write().await?;
        rules::check_change(&scope, request(ctx).caller()?, input.id.0).await?;
        let row = scope.archive::<file::Entity>(input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Takes a file out of the archive.
    #[graphql(guard = "LoggedIn")]
    async fn restore_file(&self, ctx: &Context<'_>, input: RestoreFileInput) -> Result<RestoreFilePayload> {
        let scope = request(ctx).write().await?;
        rules::check_change(&scope, request(ctx).caller()?, input.id.0).await?;
        let row = scope.restore::<file::Entity>(input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
