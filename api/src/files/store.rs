//! Where the bytes of files are kept: a folder, or a bucket that speaks S3.

use std::sync::Arc;

use anyhow::Context as _;
use futures::{StreamExt as _, stream::BoxStream};
use kamara_entities::{FileId, TenantId};
use object_store::{
    ObjectStore, ObjectStoreExt as _, aws::AmazonS3Builder, local::LocalFileSystem, path::Path, prefix::PrefixStore,
};

use crate::{
    config::FilesConfig,
    error::{Error, Result},
};

/// Where the bytes of files are kept; clones are the same place.
#[derive(Clone, Debug)]
pub struct Store(Arc<dyn ObjectStore>);

/// Bytes, part by part.
pub(crate) type Parts = BoxStream<'static, Result<Vec<u8>>>;

impl Store {
    /// Opens it. A folder is made when it's missing.
    ///
    /// # Errors
    ///
    /// When the folder can't be made, or the bucket's address or the variables that tell of it aren't as they should be.
    pub fn open(config: &FilesConfig) -> anyhow::Result<Self> {
        match config {
            FilesConfig::Folder(folder) => {
                std::fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
                Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))))
            }
            FilesConfig::Bucket(address) => {
                // There may be one already; any will do.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let url = url::Url::parse(address).with_context(|| format!("{address} is no address of a bucket"))?;
                let prefix = Path::from_url_path(url.path())?;
                let bucket = AmazonS3Builder::from_env().with_url(address).build()?;
                Ok(Self(Arc::new(PrefixStore::new(bucket, prefix))))
            }
        }
    }

    /// Writes the bytes of a file.
    pub async fn put(&self, tenant: TenantId, file: FileId, content: Vec<u8>) -> Result<()> {
        self.0.put(&path(tenant, file), content.into()).await.map_err(Error::internal)?;
        Ok(())
    }

    /// The bytes of a file.
    pub async fn get(&self, tenant: TenantId, file: FileId) -> Result<Parts> {
        let found = self.0.get(&path(tenant, file)).await.map_err(Error::internal)?;
        let parts = found.into_stream().map(|part| part.map(Into::into).map_err(Error::internal));
        Ok(parts.boxed())
    }

    /// Takes the bytes of a file away; there may be none.
    pub async fn delete(&self, tenant: TenantId, file: FileId) -> Result<()> {
        match self.0.delete(&path(tenant, file)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::internal(error)),
        }
    }
}

/// A tenant's files stand together, so that an operator finds, copies or takes away what is one's.
fn path(tenant: TenantId, file: FileId) -> Path {
    Path::from_iter([tenant.to_string(), file.to_string()])
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;
    use uuid::Uuid;

    use super::*;

    async fn whole(store: &Store, tenant: TenantId, file: FileId) -> Result<Vec<u8>> {
        store.get(tenant, file).await?.try_concat().await
    }

    #[tokio::test]
    async fn bytes_come_back_as_they_were_and_go_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&FilesConfig::Folder(folder.path().join("new"))).unwrap();
        let (tenant, other) = (TenantId(Uuid::from_u128(1)), TenantId(Uuid::from_u128(2)));
        let file = FileId(Uuid::from_u128(3));
        store.put(tenant, file, vec![1, 2, 3]).await.unwrap();
        assert_eq!(whole(&store, tenant, file).await.unwrap(), [1, 2, 3]);
        assert!(whole(&store, other, file).await.is_err(), "a path begins with the tenant");
        store.delete(tenant, file).await.unwrap();
        store.delete(tenant, file).await.unwrap();
        assert!(whole(&store, tenant, file).await.is_err());
    }

    #[test]
    fn a_bucket_is_named_by_its_address() {
        assert!(Store::open(&FilesConfig::Bucket("s3://kamara/files".into())).is_ok());
        assert!(Store::open(&FilesConfig::Bucket("kamara".into())).is_err());
        assert!(Store::open(&FilesConfig::Bucket("ftp://kamara".into())).is_err());
    }
}
