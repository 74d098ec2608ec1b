//! `eform-agency serve`: opens everything, listens, and stops in good order.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tokio::net::TcpListener;

use crate::{
    Agency, Database, DatabaseError, Forms, FormsError, KeyError, Keys, app, cli,
    connections::{self, Limits},
    keys,
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
    /// The database or the private key would be served to the world.
    #[error("the {0} {1} is inside the site's folder; put it elsewhere")]
    Exposed(&'static str, String),
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
    let db = options.db.location;
    let key = keys::place(&db, options.key.file)?;
    let database = Database::create(&db).await?;
    if let Some(file) = db.file().filter(|file| is_inside(file, &options.site)) {
        return Err(StartError::Exposed("database", file.display().to_string()));
    }
    if is_inside(&key, &options.site) {
        return Err(StartError::Exposed("key", key.display().to_string()));
    }
    let keys = Keys::of(&database, &db, &key).await?;
    let folder = options.forms.unwrap_or_else(|| default_forms(&options.site));
    let forms = Forms::load(folder, &database).await?;
    if !options.site.is_dir() {
        tracing::warn!(site = %options.site.display(), "the site's folder is not there yet");
    }
    let app = app(Agency::new(database.clone(), keys, forms, options.site));

    let address = options.listen;
    let listen = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let bound = listener.local_addr().map_err(listen)?;
    println!("listening on http://{bound}");
    io::stdout().flush()?;

    connections::serve(listener, app, &Limits::USUAL, signal()).await;
    database.close().await;
    Ok(())
}

fn default_forms(site: &Path) -> PathBuf {
    let built = site.join("forms");
    if built.is_dir() { built } else { PathBuf::from("public/forms") }
}

/// Also of a file that is yet to be made.
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
