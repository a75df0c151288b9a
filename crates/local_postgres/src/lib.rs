//! A private PostgreSQL under a data directory: found or fetched, started, kept alive, stopped.
//!
//! It listens on a Unix socket alone, in a folder that only its owner (and root) may enter, so it needs no password and
//! no port. It runs as the ordinary user who asked for it; for root, as the user `postgres` or, failing that, `nobody`.

mod client;
mod error;
mod installation;
mod lock;
mod run_as;
mod server;
pub mod testing;

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

pub use error::Error;
pub use lock::DirectoryLock;
use server::{Durability, Server};

/// A running private PostgreSQL, held by this process alone; it is stopped when this value is dropped.
///
/// Role and database are both `mesocycle`; the role is the server's superuser, because the migrations make
/// cluster-wide roles, one of which bypasses row security.
#[derive(Debug)]
pub struct LocalPostgres {
    server: Server,
    url: String,
    _lock: DirectoryLock,
}

impl LocalPostgres {
    /// Starts the PostgreSQL of `data_dir` (created if missing, mode 0700), or joins it if it still runs after its
    /// former holder was killed. Blocks until it answers: some seconds the first time, well under one afterwards.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process holds the directory, [`Error::NotInstalled`] when no PostgreSQL is on the
    /// machine and none can be fetched, otherwise what went wrong with the directory or the server.
    pub fn start(data_dir: &Path) -> Result<LocalPostgres, Error> {
        let data_dir = make_directory(data_dir)?;
        let lock = DirectoryLock::acquire(&data_dir)?;
        let server = Server::find(&data_dir, Durability::Safe)?;
        server.ensure_cluster()?;
        server.ensure_running()?;
        server.ensure_database()?;
        let url = server.url(server::DATABASE);
        Ok(LocalPostgres {
            server,
            url,
            _lock: lock,
        })
    }

    /// A URI that psql and the drivers take without a prompt, from root and from the owner, as the superuser role.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts the server again if it no longer answers; true if that was needed. Meant to be called every few seconds.
    ///
    /// # Errors
    /// As for [`LocalPostgres::start`], when it does not come back within half a minute.
    pub fn ensure_running(&self) -> Result<bool, Error> {
        self.server.ensure_running()
    }

    /// Stops the server at once (open transactions are rolled back) and waits until it is gone.
    ///
    /// # Errors
    /// [`Error::Failed`] when it does not end.
    pub fn stop(&self) -> Result<(), Error> {
        self.server.stop()
    }
}

impl Drop for LocalPostgres {
    fn drop(&mut self) {
        // Nobody is left to tell; a server that stays is joined by the next start.
        let _ = self.server.stop();
    }
}

/// Whether `url` names the private PostgreSQL of `data_dir` (running or not), as a sourced `dev.env` does.
#[must_use]
pub fn is_own_url(data_dir: &Path, url: &str) -> bool {
    fs::canonicalize(data_dir).is_ok_and(|directory| url.contains(&server::socket_name(&directory)))
}

/// Creates `directory` for its owner alone, with its parents, and answers its real path.
fn make_directory(directory: &Path) -> Result<PathBuf, Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .and_then(|()| fs::canonicalize(directory))
        .map_err(|source| Error::directory(directory, source))
}
