//! `eform-agency serve`: opens everything, listens, and stops in good order.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::net::TcpListener;

use crate::{
    Agency, Database, DatabaseError, Forms, FormsError, KeyError, Keys, Uploads, UploadsError,
    UploadsPlace,
    cli::{self, NoPlace},
    connections::{self, Limits},
    keys, limited,
    rate::Rate,
    receipt, uploads,
};

/// Why the server does not run. The text is what the operator sees.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// There is no key to sign receipts with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The folder of forms cannot be read.
    #[error(transparent)]
    Forms(#[from] FormsError),
    /// The database, the private key or citizens' files would be served to the world.
    #[error("the {0} {1} is inside the site's folder; put it elsewhere")]
    Exposed(&'static str, String),
    /// The bytes of files that go before their submission have no place, or it is not to be had.
    #[error("the place of uploads {place}: {error}")]
    Uploads {
        /// What was asked for.
        place: String,
        /// What is wrong with it.
        error: UploadsError,
    },
    /// Nothing says where they go.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
    /// A clock that is far behind refuses right answers, and signs wrong times.
    #[error(
        "the clock says {now}, and the newest submission was received at {newest}: set the clock. If it \
         is right now, and was wrong then, start with --clock-is-right"
    )]
    Clock {
        /// What the clock says.
        now: String,
        /// What it said then.
        newest: String,
    },
    /// The address is not to be had.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// What was asked for.
        address: std::net::SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// Nobody reads where it listens.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

/// Serves until SIGTERM or SIGINT. Prints `listening on http://ADDRESS:PORT` once it is ready.
pub async fn serve(options: cli::Serve) -> Result<(), StartError> {
    let db = options.db.location.clone();
    let key = keys::place(&db, options.key.file)?;
    let place = options.uploads.of(&options.db)?;
    let database = Database::create(&db).await?;
    if let Some(file) = db.file().filter(|file| is_inside(file, &options.site)) {
        return Err(StartError::Exposed("database", file.display().to_string()));
    }
    if is_inside(&key, &options.site) {
        return Err(StartError::Exposed("key", key.display().to_string()));
    }
    if !options.clock_is_right {
        check_clock(&database, OffsetDateTime::now_utc()).await?;
    }
    let limits = (options.upload_limit, options.keep_uploads);
    let uploads = open(&database, &place, &options.site, limits).await?;
    let keys = Keys::of(&database, &db, &key).await?;
    let folder = options.forms.unwrap_or_else(|| default_forms(&options.site));
    let forms = Forms::load(folder, &database, options.upload_limit).await?;
    if !options.site.is_dir() {
        tracing::warn!(site = %options.site.display(), "the site's folder is not there yet");
    }
    let (site, origins) = (options.site, options.origin);
    let agency = Agency::new(database.clone(), keys, forms, site, uploads, origins);
    let sweeping = tokio::spawn(uploads::sweep_often(agency.clone()));
    let rate = options.rate.map(|rate| Rate::new(rate, options.client_address));
    let app = limited(agency, rate);

    let address = options.listen;
    let listen = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let bound = listener.local_addr().map_err(listen)?;
    println!("listening on http://{bound}");
    io::stdout().flush()?;

    connections::serve(listener, app, &Limits::USUAL, signal()).await;
    sweeping.abort();
    database.close().await;
    Ok(())
}

/// Several processes, and a clock that is set, may be apart by so much.
const APART: Duration = Duration::from_secs(24 * 60 * 60);

async fn check_clock(database: &Database, now: OffsetDateTime) -> Result<(), StartError> {
    let newest = database.newest_received_at().await.map_err(DatabaseError::from)?;
    let Some(newest) = newest else { return Ok(()) };
    match OffsetDateTime::parse(&newest, &Rfc3339) {
        Ok(received) if received > now + APART => {
            let now = receipt::timestamp(now).unwrap_or_default();
            Err(StartError::Clock { now, newest })
        }
        _ => Ok(()),
    }
}

/// Makes the place of uploads ready. Days and bytes are as the operator wants them.
async fn open(
    database: &Database,
    place: &UploadsPlace,
    site: &Path,
    (bytes, days): (u64, u16),
) -> Result<Uploads, StartError> {
    let keep = Duration::from_secs(24 * 60 * 60) * u32::from(days);
    let told = |error| StartError::Uploads { place: place.to_string(), error };
    let uploads = Uploads::open(database, place, bytes, keep).await.map_err(told)?;
    match place {
        UploadsPlace::Folder(folder) if is_inside(folder, site) => {
            Err(StartError::Exposed("folder of uploads", place.to_string()))
        }
        _ => Ok(uploads),
    }
}

fn default_forms(site: &Path) -> PathBuf {
    let built = site.join("forms");
    if built.is_dir() { built } else { PathBuf::from("public/forms") }
}

/// Also of a file or a folder that is yet to be made.
fn is_inside(file: &Path, folder: &Path) -> bool {
    let place = file.canonicalize().or_else(|_| match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.canonicalize(),
        _ => Path::new(".").canonicalize(),
    });
    match (place, folder.canonicalize()) {
        (Ok(place), Ok(folder)) => place.starts_with(folder),
        _ => false,
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => interrupt().await,
    }
}

#[cfg(not(unix))]
async fn signal() {
    interrupt().await;
}

async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
