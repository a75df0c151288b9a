//! A pgbouncer of one test's own, in transaction mode, before the tests' PostgreSQL.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::geteuid;

use super::{Database, shared};
use crate::Error;
use crate::client::Client;
use crate::server;

/// How long it may take to answer for the first time.
const START: Duration = Duration::from_secs(20);
/// The number in its socket's name.
const PORT: u16 = 6432;
const PLACES: [&str; 3] = [
    "/usr/sbin/pgbouncer",
    "/opt/homebrew/bin/pgbouncer",
    "/usr/local/bin/pgbouncer",
];

/// A running pgbouncer, which ends with this value.
#[derive(Debug)]
pub struct PgBouncer {
    process: Child,
    folder: PathBuf,
    url: String,
}

impl PgBouncer {
    /// Starts one that has `servers` connections to the server of `database`, on a socket in a folder of its own.
    ///
    /// # Errors
    /// [`Error::NotInstalled`]; [`Error::Failed`] with what it said when it does not answer.
    pub fn start(database: &Database, servers: u32) -> Result<Self, Error> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let program = program()?;
        // In /tmp, as the server's own: a socket's path may have 107 bytes.
        let name = format!("mesocycle-pgbouncer-{}-{number}", std::process::id());
        let folder = Path::new("/tmp").join(name);
        let config = folder.join("pgbouncer.ini");
        let socket_folder = shared()?.socket_folder();
        let owner = fs::metadata(socket_folder)
            .map_err(|source| Error::directory(socket_folder, source))?;
        let fails = |source| Error::directory(&folder, source);

        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).map_err(fails)?;
        fs::write(&config, settings(program, socket_folder, &folder, servers)).map_err(fails)?;
        let mut command = Command::new(program);
        // It refuses to be root, and the server's socket lets in nobody but root and its owner.
        if geteuid().is_root() {
            command.uid(owner.uid()).gid(owner.gid());
            for path in [&folder, &config] {
                chown(path, Some(owner.uid()), Some(owner.gid())).map_err(fails)?;
            }
        }
        let log = File::create(folder.join("log")).map_err(fails)?;
        let process = command
            .args(["-q".as_ref(), config.as_os_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|source| Error::directory(Path::new(program), source))?;
        let url = format!(
            "postgres://{}@localhost/{}?host={}&port={PORT}",
            server::ROLE,
            database.name,
            folder.display()
        );
        let started = PgBouncer {
            process,
            folder,
            url,
        };
        started.wait_until_it_answers(&database.name)?;
        Ok(started)
    }

    /// The URI of the database through it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait_until_it_answers(&self, database: &str) -> Result<(), Error> {
        let socket = self.folder.join(format!(".s.PGSQL.{PORT}"));
        let since = Instant::now();
        while let Err(error) = Client::connect(&socket, server::ROLE, database, START) {
            if since.elapsed() > START {
                let said = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(Error::Failed {
                    program: "pgbouncer".to_owned(),
                    output: format!("{error}; {said}"),
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Round robin, so that two transactions of one client seldom meet the same server.
fn settings(program: &str, server: &Path, own: &Path, servers: u32) -> String {
    format!(
        "[databases]\n* = host={} port=5432 user={}\n\n[pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\n\
         unix_socket_dir = {}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = {servers}\n\
         server_round_robin = 1\nmax_client_conn = 200\n{}",
        server.display(),
        server::ROLE,
        own.display(),
        if knows_prepared_statements(program) {
            "max_prepared_statements = 0\n"
        } else {
            ""
        }
    )
}

/// Whether it is 1.21 or newer; what an older one does not know, it refuses.
fn knows_prepared_statements(program: &str) -> bool {
    let printed = Command::new(program).arg("--version").output();
    let printed = printed.map(|output| output.stdout).unwrap_or_default();
    let printed = String::from_utf8_lossy(&printed);
    let version = printed.split_whitespace().nth(1).unwrap_or_default();
    let minor = version.split('.').nth(1).unwrap_or_default();
    minor.parse().is_ok_and(|minor: u32| minor >= 21)
}

fn program() -> Result<&'static str, Error> {
    let found = PLACES.into_iter().find(|place| Path::new(place).exists());
    found.ok_or(Error::NotInstalled {
        wanted: "pooler (pgbouncer)".to_owned(),
        fetch: String::new(),
        command: "sudo apt-get install --no-install-recommends pgbouncer",
    })
}
