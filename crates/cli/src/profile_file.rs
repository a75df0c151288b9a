//! A profile on disk: a snapshot, or the body of a request that holds one.

use std::fs;
use std::io::{Read, stdin};
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

/// Reads the snapshot of a file (`-`: of standard input).
///
/// # Errors
/// When the file cannot be read or is no JSON.
pub(crate) fn read(path: &Path) -> anyhow::Result<Value> {
    let text = match path.to_str() {
        Some("-") => {
            let mut text = String::new();
            stdin().read_to_string(&mut text).map(|_| text)
        }
        _ => fs::read_to_string(path),
    };
    let text = text.with_context(|| path.display().to_string())?;
    let mut body: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    Ok(match body.get_mut("profileSnapshot") {
        Some(snapshot) => snapshot.take(),
        None => body,
    })
}
