//! Where the bytes of uploads are: a folder, or a bucket that speaks as S3 does. It keeps objects under
//! names that are drawn by chance, each written once and never changed, and knows nothing of uploads.
//!
//! What was written is on the disk, name and all, before `finish` returns. What has another name than we
//! give is somebody else's: it is not listed, and so never removed.

use std::{
    ffi::OsString,
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, future, stream};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt as _, RetryConfig, aws::AmazonS3Builder,
    buffered::BufWriter,
};
use tokio::{
    fs,
    io::{AsyncReadExt as _, AsyncWriteExt as _},
};

use super::{is_name, new_name};
use crate::private_file;

/// The bytes that are read of a file at a time.
const PIECE: usize = 256 * 1024;

/// The bytes that a bucket is sent at a time: it takes no smaller pieces of one object.
const BUCKET_PIECE: usize = 5 << 20;

/// For so long a bucket may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// The end of a file's name until all of it is on the disk. No name of an object has it.
const UNFINISHED: &str = ".part";

/// What `--uploads` says.
#[derive(Debug, Clone)]
pub enum UploadsPlace {
    /// A folder.
    Folder(PathBuf),
    /// `s3://BUCKET/PREFIX`; the rest is in the variables `AWS_…`.
    Bucket {
        /// The bucket's name.
        bucket: String,
        /// What the names of its objects begin with, without `/` at its ends. It may be empty.
        prefix: String,
    },
}

impl From<OsString> for UploadsPlace {
    fn from(argument: OsString) -> Self {
        match argument.to_str().and_then(|text| text.strip_prefix("s3://")) {
            Some(place) => {
                let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
                let prefix = prefix.trim_matches('/').to_owned();
                Self::Bucket { bucket: bucket.to_owned(), prefix }
            }
            None => Self::Folder(argument.into()),
        }
    }
}

impl From<PathBuf> for UploadsPlace {
    fn from(path: PathBuf) -> Self {
        Self::Folder(path)
    }
}

impl fmt::Display for UploadsPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// The open place.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    Folder(PathBuf),
    Bucket { store: Arc<dyn ObjectStore>, prefix: object_store::path::Path },
}

/// An object that is listed.
pub(crate) struct Listed {
    pub name: String,
    pub age: Duration,
}

impl Store {
    /// Opens a place, which need not be there.
    pub fn open(place: &UploadsPlace) -> io::Result<Self> {
        match place {
            UploadsPlace::Folder(path) => Ok(Self::Folder(path.clone())),
            UploadsPlace::Bucket { bucket, prefix } => {
                // Whose cryptography, `reqwest` leaves to the process. It may be chosen already.
                let _ = rustls::crypto::ring::default_provider().install_default();
                // A phone waits a minute for its answer.
                let retry = RetryConfig {
                    max_retries: 3,
                    retry_timeout: Duration::from_secs(20),
                    ..RetryConfig::default()
                };
                let store = from_environment(std::env::vars_os());
                let store = store.with_bucket_name(bucket).with_retry(retry);
                let store = Arc::new(store.build().map_err(of_bucket)?);
                Ok(Self::Bucket { store, prefix: prefix.as_str().into() })
            }
        }
    }

    /// Makes a folder where there is none; asks whether a bucket is there.
    pub async fn prepare(&self) -> io::Result<()> {
        match self {
            Self::Folder(path) if path.is_dir() => Ok(()),
            Self::Folder(path) => {
                private_file::create_folder(path)?;
                reach_disk(private_file::parent(path)).await
            }
            Self::Bucket { store, prefix } => {
                store.list(Some(prefix)).next().await.transpose().map(drop).map_err(of_bucket)
            }
        }
    }

    /// Begins an object.
    pub async fn write(&self, name: &str) -> io::Result<Writing> {
        Ok(match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                let unfinished = folder.join([&new_name()?, UNFINISHED].concat());
                let file = private_file::create_new(&unfinished)?.into();
                Writing::File { file, unfinished, path, folder: folder.clone() }
            }
            Self::Bucket { store, .. } => {
                let store = Arc::clone(store);
                let buffered = BufWriter::with_capacity(store, self.key(name), BUCKET_PIECE);
                Writing::Object(Box::new(buffered.with_max_concurrency(1)))
            }
        })
    }

    /// The bytes of an object, piece by piece. An error of the kind `NotFound` where it is not there.
    pub async fn read(
        &self,
        name: &str,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + Unpin + use<>> {
        Ok(match self {
            Self::Folder(folder) => {
                let file = fs::File::open(folder.join(name)).await?;
                stream::try_unfold(file, async |mut file| {
                    let mut piece = Vec::with_capacity(PIECE);
                    let read = (&mut file).take(PIECE as u64).read_to_end(&mut piece).await?;
                    Ok((read > 0).then_some((Bytes::from(piece), file)))
                })
                .boxed()
            }
            Self::Bucket { store, .. } => {
                let got = store.get(&self.key(name)).await.map_err(of_bucket)?;
                got.into_stream().map_err(of_bucket).boxed()
            }
        })
    }

    /// Writes an object. When this returns, no crash loses it.
    pub async fn put(&self, name: &str, bytes: Bytes) -> io::Result<()> {
        let mut writing = self.write(name).await?;
        match writing.put(bytes).await {
            Ok(()) => writing.finish().await,
            Err(error) => {
                writing.give_up().await;
                Err(error)
            }
        }
    }

    /// A small object, whole.
    pub async fn read_all(&self, name: &str) -> io::Result<Vec<u8>> {
        let pieces: Vec<Bytes> = self.read(name).await?.try_collect().await?;
        Ok(pieces.concat())
    }

    /// Is there such an object, of this length?
    pub async fn has(&self, name: &str, length: u64) -> io::Result<bool> {
        let found = match self {
            Self::Folder(folder) => fs::metadata(folder.join(name)).await.map(|found| found.len()),
            Self::Bucket { store, .. } => {
                store.head(&self.key(name)).await.map(|found| found.size).map_err(of_bucket)
            }
        };
        match found {
            Ok(found) => Ok(found == length),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The number of the user whose an object is, where the place has such.
    pub async fn user(&self, name: &str) -> io::Result<Option<u32>> {
        match self {
            #[cfg(unix)]
            Self::Folder(folder) => {
                let found = fs::metadata(folder.join(name)).await?;
                Ok(Some(std::os::unix::fs::MetadataExt::uid(&found)))
            }
            _ => Ok(None),
        }
    }

    /// Removes an object, if it is there.
    pub async fn remove(&self, name: &str) -> io::Result<()> {
        let removed = match self {
            Self::Folder(folder) => fs::remove_file(folder.join(name)).await,
            Self::Bucket { store, .. } => store.delete(&self.key(name)).await.map_err(of_bucket),
        };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Every object of ours that is there, and what was never finished of a file.
    pub async fn list(
        &self,
    ) -> io::Result<impl Stream<Item = io::Result<Listed>> + Send + Unpin + use<>> {
        Ok(match self {
            Self::Folder(folder) => {
                let entries = fs::read_dir(folder).await?;
                stream::try_unfold(entries, async |mut entries| {
                    while let Some(entry) = entries.next_entry().await? {
                        let Ok(name) = entry.file_name().into_string() else { continue };
                        if !is_name(name.strip_suffix(UNFINISHED).unwrap_or(&name)) {
                            continue;
                        }
                        // One that vanishes while we look is not there.
                        let Ok(found) = entry.metadata().await else { continue };
                        let age = found.modified()?.elapsed().unwrap_or_default();
                        return Ok(Some((Listed { name, age }, entries)));
                    }
                    Ok(None)
                })
                .boxed()
            }
            Self::Bucket { store, prefix } => {
                let folder = prefix.clone();
                let ours = move |found: object_store::ObjectMeta| {
                    let name = found.location.filename().filter(|name| is_name(name))?.to_owned();
                    let age = SystemTime::from(found.last_modified).elapsed().unwrap_or_default();
                    let is_there = folder.clone().join(name.as_str()) == found.location;
                    is_there.then_some(Listed { name, age })
                };
                let listed = store.list(Some(prefix)).map_err(of_bucket);
                listed.try_filter_map(move |found| future::ready(Ok(ours(found)))).boxed()
            }
        })
    }

    fn key(&self, name: &str) -> object_store::path::Path {
        match self {
            Self::Folder(_) => name.into(),
            Self::Bucket { prefix, .. } => prefix.clone().join(name),
        }
    }
}

/// An object that is being written. Unless it is finished it is none.
pub(crate) enum Writing {
    File { file: fs::File, unfinished: PathBuf, path: PathBuf, folder: PathBuf },
    Object(Box<BufWriter>),
}

impl Writing {
    pub async fn put(&mut self, bytes: Bytes) -> io::Result<()> {
        match self {
            Self::File { file, .. } => file.write_all(&bytes).await,
            Self::Object(object) => object.put(bytes).await.map_err(of_bucket),
        }
    }

    /// When this returns, no crash loses it.
    pub async fn finish(self) -> io::Result<()> {
        match self {
            Self::File { mut file, unfinished, path, folder } => {
                file.flush().await?;
                file.sync_all().await?;
                fs::rename(unfinished, path).await?;
                reach_disk(&folder).await
            }
            Self::Object(mut object) => object.shutdown().await,
        }
    }

    /// Leaves nothing of it. If that fails, the sweep finds it.
    pub async fn give_up(self) {
        let _ = match self {
            Self::File { unfinished, .. } => fs::remove_file(unfinished).await,
            Self::Object(mut object) => object.abort().await.map_err(of_bucket),
        };
    }
}

/// As [`AmazonS3Builder::from_env`], but for what it does where the variables do not say: it ends an answer
/// that takes more than 30 seconds in all, and so every large file on a slow line.
fn from_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> AmazonS3Builder {
    let patient = ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENCE);
    let mut builder = AmazonS3Builder::new().with_client_options(patient);
    for (name, value) in variables {
        let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else { continue };
        if !name.starts_with("AWS_") {
            continue;
        }
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    builder
}

/// Waits until the names in a folder are on the disk.
async fn reach_disk(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => fs::File::open(folder).await?.sync_all().await,
        false => Ok(()),
    }
}

fn of_bucket(error: object_store::Error) -> io::Error {
    match error {
        object_store::Error::NotFound { .. } => io::Error::new(io::ErrorKind::NotFound, error),
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use object_store::{ClientConfigKey, aws::AmazonS3ConfigKey};

    use super::*;

    #[test]
    fn an_answer_may_take_as_long_as_it_needs_unless_the_environment_says_how_long() {
        let told = [("AWS_TIMEOUT", "5s"), ("AWS_ALLOW_HTTP", "true"), ("TIMEOUT", "7s")];
        for (variables, expected) in [
            (&told[3..], [None, Some("30s"), Some("false")]),
            (&told[..], [Some("5s"), Some("30s"), Some("true")]),
            (&[("AWS_READ_TIMEOUT", "9s")], [None, Some("9s"), Some("false")]),
        ] {
            let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
            let builder = from_environment(variables);
            let keys = [
                ClientConfigKey::Timeout,
                ClientConfigKey::ReadTimeout,
                ClientConfigKey::AllowHttp,
            ];
            let found = keys.map(|key| builder.get_config_value(&AmazonS3ConfigKey::Client(key)));
            assert_eq!(found.each_ref().map(Option::as_deref), expected);
        }
    }
}
