//! The secret that signs and verifies development tokens: a file of the data directory, made on first use.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::Settings;

/// The file in the data directory.
const FILE: &str = "jwt-secret";

/// The secret that is set, else the data directory's own.
///
/// # Errors
/// When the data directory cannot be read or written.
pub(crate) fn jwt_secret(settings: &Settings) -> anyhow::Result<String> {
    match &settings.jwt_secret {
        Some(secret) => Ok(secret.clone()),
        None => of_directory(&settings.data_dir),
    }
}

/// Reads the data directory's secret, or makes one. Two processes that do so at once get the same.
fn of_directory(data_dir: &Path) -> anyhow::Result<String> {
    make_data_dir(data_dir)?;
    let path = data_dir.join(FILE);
    if let Some(secret) = read(&path)? {
        return Ok(secret);
    }
    let unfinished = data_dir.join(format!("{FILE}.{}", std::process::id()));
    write_private(&unfinished, &random_hex()?)?;
    // A link is made whole or not at all, and never over a file that is there.
    let linked = fs::hard_link(&unfinished, &path);
    let _ = fs::remove_file(&unfinished);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| path.display().to_string())
        }
        _ => read(&path)?.with_context(|| format!("{} is empty; remove it", path.display())),
    }
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|secret| !secret.is_empty())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

/// 256 bits from the operating system.
fn random_hex() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("/dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Creates the data directory for its owner alone and keeps it out of version control.
///
/// # Errors
/// When it cannot be created.
pub(crate) fn make_data_dir(data_dir: &Path) -> anyhow::Result<()> {
    if data_dir.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data_dir)
        .with_context(|| data_dir.display().to_string())?;
    // It holds keys. Where this cannot be written, nothing else can either, which the next step says.
    let _ = fs::write(data_dir.join(".gitignore"), "*\n");
    Ok(())
}

/// Writes a file that only its owner may read; whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    // Another process may be writing the same file.
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}.unfinished", std::process::id()));
    let unfinished = PathBuf::from(unfinished);
    let _ = fs::remove_file(&unfinished);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| path.display().to_string())
}

/// The word that the operator's page of this start shows: new with every start, written nowhere.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn page_token() -> anyhow::Result<String> {
    Ok(format!("meso_page_{}", random_hex()?))
}
