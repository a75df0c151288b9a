//! One throw-away PostgreSQL that all test binaries of a workspace share, and a database of its own for every test.
//!
//! The server lives in `test-postgres/` of the target directory, trades safety for speed, and is made anew whenever it
//! is found not running. It outlives a test binary, so that the next finds it warm; a watchdog (a few lines of shell)
//! ends it once no process that used it has been alive for five minutes. To end it at once, send SIGINT to the process
//! in the first line of `test-postgres/postgres/postmaster.pid`.

mod pgbouncer;

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::server::{self, Durability, Server};
use crate::{Error, lock, make_directory};

pub use pgbouncer::PgBouncer;

/// How long a migration or a copy of a template may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A database of one test's own, dropped with this value.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// A URI of this database, as its superuser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // What cannot be dropped goes with the server.
        let _ = shared().and_then(|server| {
            server
                .connect(server::MAINTENANCE, PATIENCE)?
                .query(&format!("drop database {} with (force)", self.name))
        });
    }
}

/// The URI of the shared server's empty database, as its superuser; starts the server if it is not running.
///
/// # Errors
/// As for [`crate::LocalPostgres::start`].
pub fn server_url() -> Result<String, Error> {
    Ok(shared()?.url(server::DATABASE))
}

/// A new database in which `script` (one or several statements, as `psql` would run them in one transaction) has been
/// run. The script runs once per content and server; every further database is a copy.
///
/// # Errors
/// [`Error::Statement`] when the script fails, else as for [`server_url`].
pub fn fresh_database(script: &str) -> Result<Database, Error> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = shared()?;
    let template = template(server, script)?;
    let mut client = server.connect(server::MAINTENANCE, PATIENCE)?;
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        match client.query(&format!("create database {name} template {template}")) {
            Ok(_) => {
                return Ok(Database {
                    url: server.url(&name),
                    name,
                });
            }
            // 42P04: a killed process of the same id left one behind.
            Err(Error::Statement { code, .. }) if code == "42P04" => {}
            Err(error) => return Err(error),
        }
    }
}

/// The name of the database in which `script` has been run, made under another name first, so that a template is whole.
fn template(server: &Server, script: &str) -> Result<String, Error> {
    let hash =
        Sha256::digest(script.as_bytes())
            .iter()
            .take(8)
            .fold(String::new(), |mut hash, byte| {
                let _ = write!(hash, "{byte:02x}");
                hash
            });
    let name = format!("template_{hash}");
    let _one_at_a_time = exclusive(&directory()?.join(format!("{name}.lock")))?;
    let mut client = server.connect(server::MAINTENANCE, PATIENCE)?;
    if !client
        .query(&format!(
            "select 1 from pg_database where datname = '{name}'"
        ))?
        .is_empty()
    {
        return Ok(name);
    }
    client.query(&format!(
        "drop database if exists unfinished_{hash} with (force)"
    ))?;
    client.query(&format!("create database unfinished_{hash}"))?;
    server
        .connect(&format!("unfinished_{hash}"), PATIENCE)?
        .query(script)?;
    // Copies need a template that nobody is connected to, not even autovacuum; the session above may still be ending.
    client.query(&format!(
        "alter database unfinished_{hash} allow_connections false"
    ))?;
    client.query(&format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = 'unfinished_{hash}'"))?;
    client.query(&format!(
        "alter database unfinished_{hash} rename to {name}"
    ))?;
    Ok(name)
}

/// The shared server, running.
fn shared() -> Result<&'static Server, Error> {
    static SERVER: OnceLock<Server> = OnceLock::new();
    if let Some(server) = SERVER.get() {
        return Ok(server);
    }
    let server = join()?;
    Ok(SERVER.get_or_init(|| server))
}

/// Joins the running server or starts a new one, and registers this process with the watchdog.
fn join() -> Result<Server, Error> {
    let directory = directory()?;
    // First registered, then looked: the watchdog does it the other way round, so one of the two sees the other.
    let users = make_directory(&directory.join("users"))?;
    let user = users.join(std::process::id().to_string());
    File::create(&user).map_err(|source| Error::directory(&user, source))?;
    wait_until_gone(&directory.join("stopping"));

    let _one_at_a_time = exclusive(&directory.join("start.lock"))?;
    let server = Server::find(&directory, Durability::None)?;
    if server.is_recorded_alive() && server.answers() {
        return Ok(server);
    }
    server.stop()?;
    let cluster = directory.join(server::CLUSTER);
    if cluster.exists() {
        // It ran without fsync: after a crash nothing in it can be trusted.
        fs::remove_dir_all(&cluster).map_err(|source| Error::directory(&cluster, source))?;
    }
    let server = Server::find(&directory, Durability::None)?;
    server.ensure_cluster()?;
    server.ensure_running()?;
    server.ensure_database()?;
    start_watchdog(&directory)?;
    Ok(server)
}

/// `<target>/test-postgres`; test binaries lie in `<target>/<profile>/deps`.
fn directory() -> Result<PathBuf, Error> {
    let executable =
        env::current_exe().map_err(|source| Error::directory(Path::new("this program"), source))?;
    let target = executable.ancestors().nth(3).unwrap_or(Path::new("target"));
    make_directory(&target.join("test-postgres"))
}

fn exclusive(path: &Path) -> Result<File, Error> {
    let file = lock::open(path)?;
    file.lock()
        .map_err(|source| Error::directory(path, source))?;
    Ok(file)
}

/// The watchdog holds this mark for as long as the server takes to end; one that was killed leaves it behind.
fn wait_until_gone(mark: &Path) {
    let deadline = Instant::now() + Duration::from_secs(40);
    while mark.exists() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(100));
    }
    let _ = fs::remove_dir(mark);
}

fn start_watchdog(directory: &Path) -> Result<(), Error> {
    let child = Command::new("sh")
        .args(["-c", include_str!("watchdog.sh")])
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
    child
        .map(drop)
        .map_err(|source| Error::directory(Path::new("sh"), source))
}
