//! One PostgreSQL server of ours: its cluster on disk, its socket, and the ways it starts, is asked and stops.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::Error;
use crate::client::Client;
use crate::installation::Installation;
use crate::run_as::RunAs;

/// The name of the superuser role.
pub(crate) const ROLE: &str = "mesocycle";
/// The name of the database that [`Server::ensure_database`] makes.
pub(crate) const DATABASE: &str = "mesocycle";
/// The database that every cluster has.
pub(crate) const MAINTENANCE: &str = "postgres";
/// The cluster's folder and the server's log in the data directory.
pub(crate) const CLUSTER: &str = "postgres";
const LOG: &str = "postgres.log";
/// After a kill -9 the first start often fails, because the dead server's children still hold its memory.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// How long a healthy server may take to answer.
const ANSWER_PATIENCE: Duration = Duration::from_secs(5);

/// What a crash of the machine may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing.
    Safe,
    /// Everything: for tests.
    None,
}

/// One cluster and how to run it.
#[derive(Debug)]
pub(crate) struct Server {
    data_dir: PathBuf,
    installation: Installation,
    run_as: RunAs,
    socket_folder: PathBuf,
    durability: Durability,
}

/// The name of the folder that holds the socket of a data directory (its real path).
pub(crate) fn socket_name(data_dir: &Path) -> String {
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    digest
        .iter()
        .take(8)
        .fold("mesocycle-".to_owned(), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
}

impl Server {
    /// Finds the PostgreSQL that suits `data_dir` (a real path, held by the caller).
    pub(crate) fn find(data_dir: &Path, durability: Durability) -> Result<Server, Error> {
        let cluster = data_dir.join(CLUSTER);
        let major = fs::read_to_string(cluster.join("PG_VERSION"))
            .ok()
            .and_then(|text| text.trim().parse().ok());
        Ok(Server {
            installation: Installation::find_or_fetch(data_dir, major)?,
            run_as: RunAs::for_cluster(&cluster)?,
            // A socket's path may have 107 bytes, and a data directory may lie deep: hence a short folder of its own.
            socket_folder: Path::new("/tmp").join(socket_name(data_dir)),
            data_dir: data_dir.to_owned(),
            durability,
        })
    }

    /// Makes the cluster if there is none yet.
    pub(crate) fn ensure_cluster(&self) -> Result<(), Error> {
        match self.data_dir.join(CLUSTER).join("PG_VERSION").exists() {
            true => Ok(()),
            false => self.initialize(),
        }
    }

    /// Makes the running server's database of that name if there is none yet.
    pub(crate) fn ensure_database(&self) -> Result<(), Error> {
        let mut client = self.connect(MAINTENANCE, START_PATIENCE)?;
        if client
            .query(&format!(
                "select 1 from pg_database where datname = '{DATABASE}'"
            ))?
            .is_empty()
        {
            client.query(&format!("create database {DATABASE}"))?;
        }
        Ok(())
    }

    /// A URI of one of the server's databases.
    pub(crate) fn url(&self, database: &str) -> String {
        // The host in the query wins over `localhost`, which is there for parsers that insist on one.
        format!(
            "postgres://{ROLE}@localhost/{database}?host={}",
            self.socket_folder.display()
        )
    }

    /// A session on one of the server's databases.
    pub(crate) fn connect(&self, database: &str, patience: Duration) -> Result<Client, Error> {
        Client::connect(&self.socket(), ROLE, database, patience)
    }

    pub(crate) fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    fn socket(&self) -> PathBuf {
        self.socket_folder.join(".s.PGSQL.5432")
    }

    /// Starts the server unless it answers; true if it had to be started.
    pub(crate) fn ensure_running(&self) -> Result<bool, Error> {
        if self.answers() {
            return Ok(false);
        }
        let deadline = Instant::now() + START_PATIENCE;
        loop {
            let outcome = self.start();
            if self.answers() {
                return Ok(true);
            }
            if Instant::now() > deadline {
                outcome?;
                let output = format!(
                    "it was started but does not answer; see {}",
                    self.data_dir.join(LOG).display()
                );
                return Err(Error::Failed {
                    program: "postgres".to_owned(),
                    output,
                });
            }
            thread::sleep(Duration::from_millis(150));
        }
    }

    /// Rolls back what is open, ends the server and waits until it is gone.
    pub(crate) fn stop(&self) -> Result<(), Error> {
        if !self.is_recorded_alive() {
            return Ok(());
        }
        self.pg_ctl(&["stop", "-D", CLUSTER, "-m", "fast", "-w", "-t", "30"])
            .or_else(|_| {
                self.pg_ctl(&["stop", "-D", CLUSTER, "-m", "immediate", "-w", "-t", "10"])
            })?;
        let _ = fs::remove_dir(&self.socket_folder);
        Ok(())
    }

    /// Whether a live process is recorded as this cluster's server.
    pub(crate) fn is_recorded_alive(&self) -> bool {
        self.recorded_postmaster()
            .is_some_and(|pid| self.is_server(pid))
    }

    /// Whether the server takes statements, or has a good reason of its own not to.
    pub(crate) fn answers(&self) -> bool {
        match self
            .connect(MAINTENANCE, ANSWER_PATIENCE)
            .and_then(|mut client| client.query("select 1"))
        {
            Ok(_) => true,
            // 57P03: still starting or already stopping. Any other refusal (too many sessions) comes from a live server.
            Err(Error::Statement { code, .. }) => code != "57P03",
            Err(_) => false,
        }
    }

    fn recorded_postmaster(&self) -> Option<i32> {
        let text = fs::read_to_string(self.data_dir.join(CLUSTER).join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    /// Whether a process exists that can be this cluster's server. After a crash (of a container above all) the recorded
    /// number may be another process's by now, or a dead one's that nobody has collected.
    fn is_server(&self, pid: i32) -> bool {
        let exists = rustix::process::Pid::from_raw(pid).is_some_and(|pid| {
            rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH)
        });
        // A server's working directory is its cluster; where that cannot be seen, the number is trusted.
        let elsewhere = || {
            fs::read_link(format!("/proc/{pid}/cwd"))
                .is_ok_and(|directory| directory != self.data_dir.join(CLUSTER))
        };
        exists && !is_zombie(pid) && !elsewhere()
    }

    /// Writes an impossible process id over a recorded one that is not the server's, which pg_ctl and postgres would
    /// both take for it. The rest of the file stays: from it postgres knows whether children of the dead server live.
    fn forget_dead_server(&self) -> Result<(), Error> {
        let path = self.data_dir.join(CLUSTER).join("postmaster.pid");
        let Some(pid) = self
            .recorded_postmaster()
            .filter(|pid| !self.is_server(*pid))
        else {
            return Ok(());
        };
        fs::read_to_string(&path)
            .and_then(|text| {
                fs::write(
                    &path,
                    text.replacen(&pid.to_string(), &i32::MAX.to_string(), 1),
                )
            })
            .map_err(|source| Error::directory(&path, source))
    }

    fn start(&self) -> Result<(), Error> {
        self.make_socket_folder()?;
        self.forget_dead_server()?;
        if self.is_recorded_alive() && !self.socket().exists() {
            // Somebody tidied /tmp; a running server does not make its socket again.
            self.stop()?;
            self.make_socket_folder()?;
        }
        // The log must not quote values: they may be somebody's health.
        let mut options = format!(
            "-c listen_addresses='' -c port=5432 -c unix_socket_directories={} -c unix_socket_permissions=0777 \
             -c log_error_verbosity=terse -c log_min_error_statement=panic",
            self.socket_folder.display()
        );
        if self.durability == Durability::None {
            options.push_str(
                " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c max_wal_size=4GB",
            );
        }
        // Without -l the server would keep the caller's standard output open for as long as it lives. Paths are
        // relative because pg_ctl passes them through a shell.
        self.pg_ctl(&[
            "start", "-D", CLUSTER, "-l", LOG, "-w", "-t", "30", "-o", &options,
        ])
    }

    fn pg_ctl(&self, arguments: &[&str]) -> Result<(), Error> {
        self.run("pg_ctl", arguments)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<(), Error> {
        let output = self.run_as.run(
            &self.data_dir,
            &self.installation.program(program),
            arguments,
        )?;
        if output.status.success() {
            return Ok(());
        }
        let printed = [output.stderr, output.stdout].concat();
        let mut text = String::from_utf8_lossy(&printed).trim().to_owned();
        if program == "pg_ctl" {
            let _ = write!(text, "\n{}", last_lines(&self.data_dir.join(LOG), 5));
        }
        Err(Error::Failed {
            program: program.to_owned(),
            output: text,
        })
    }

    /// Makes the cluster under another name first, so that a kill in between leaves nothing half.
    fn initialize(&self) -> Result<(), Error> {
        const UNFINISHED: &str = "postgres.unfinished";
        let folder = self.data_dir.join(UNFINISHED);
        let fails = |source| Error::directory(&folder, source);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(fails)?;
        }
        fs::DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(fails)?;
        self.run_as.own(&folder)?;
        let mut arguments = vec!["-D", UNFINISHED, "-U", ROLE, "--encoding=UTF8"];
        // The socket's folder lets nobody in but the owner and root, so whoever reaches the server is trusted.
        arguments.extend(["--auth-local=trust", "--auth-host=reject"]);
        if self.durability == Durability::None {
            arguments.push("--no-sync");
        }
        let with_locale = |locale| [arguments.as_slice(), &[locale]].concat();
        // initdb leaves the folder empty again when it fails, here for lack of that locale.
        self.run("initdb", &with_locale("--locale=C.UTF-8"))
            .or_else(|_| self.run("initdb", &with_locale("--no-locale")))?;
        let _ = fs::remove_file(self.data_dir.join(LOG));
        fs::rename(&folder, self.data_dir.join(CLUSTER)).map_err(fails)?;
        Ok(())
    }

    /// Makes the socket's folder, or checks that the one that is there is ours: anybody may write to /tmp.
    fn make_socket_folder(&self) -> Result<(), Error> {
        let folder = &self.socket_folder;
        match fs::DirBuilder::new().mode(0o700).create(folder) {
            Ok(()) => return self.run_as.own(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(Error::directory(folder, source)),
        }
        let found =
            fs::symlink_metadata(folder).map_err(|source| Error::directory(folder, source))?;
        let ours = found.is_dir() && found.uid() == self.run_as.uid() && found.mode() & 0o077 == 0;
        let left_by_root =
            found.is_dir() && found.uid() == 0 && rustix::process::geteuid().is_root();
        match (ours, left_by_root) {
            (true, _) => Ok(()),
            (false, true) => self.run_as.own(folder),
            (false, false) => {
                let problem = "should hold the private PostgreSQL's socket but belongs to somebody else: remove it".to_owned();
                Err(Error::Unsuitable {
                    path: folder.clone(),
                    problem,
                })
            }
        }
    }
}

/// Whether a process has ended and only waits to be collected (Linux; elsewhere unknown, hence false).
fn is_zombie(pid: i32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status
        .rsplit_once(") ")
        .is_some_and(|(_, state)| state.starts_with(['Z', 'X']))
}

fn last_lines(file: &Path, count: usize) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
