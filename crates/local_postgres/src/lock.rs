//! One process a data directory: a file lock that the operating system drops with its holder, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::Error;

/// The exclusive hold on a data directory, kept until it is dropped.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Takes the lock file `mesocycle.lock` of an existing directory and writes this process's id into it.
    ///
    /// # Errors
    /// [`Error::InUse`] with the holder's process id when another process has it.
    pub fn acquire(directory: &Path) -> Result<DirectoryLock, Error> {
        let path = directory.join("mesocycle.lock");
        let mut file = open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = file.read_to_string(&mut pid);
                let pid = if pid.trim().is_empty() {
                    "unknown"
                } else {
                    pid.trim()
                };
                return Err(Error::InUse {
                    directory: directory.to_owned(),
                    pid: pid.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(Error::directory(&path, source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(|source| Error::directory(&path, source))?;
        Ok(DirectoryLock { _file: file })
    }
}

/// Opens a lock file, created if missing, without emptying it.
pub(crate) fn open(path: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|source| Error::directory(path, source))
}
