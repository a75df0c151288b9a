//! Who the server runs as: PostgreSQL refuses root, so root hands it to somebody else.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::Error;

/// The operating system user that runs the server's programs.
#[derive(Debug, Clone)]
pub(crate) struct RunAs {
    uid: u32,
    gid: u32,
    /// The arguments of `setpriv` that lead there; none when this process already is that user.
    setpriv: Vec<String>,
}

impl RunAs {
    /// This process's user; for root the owner of `cluster` if it exists, else `postgres`, else `nobody`.
    pub(crate) fn for_cluster(cluster: &Path) -> Result<RunAs, Error> {
        let owner = fs::metadata(cluster)
            .ok()
            .map(|found| (found.uid(), found.gid()));
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            if owner.is_some_and(|(owner, _)| owner != uid) {
                let problem =
                    "belongs to another user: run as that user, or choose another --data-dir"
                        .to_owned();
                return Err(Error::Unsuitable {
                    path: cluster.to_owned(),
                    problem,
                });
            }
            return Ok(RunAs {
                uid,
                gid: rustix::process::getegid().as_raw(),
                setpriv: Vec::new(),
            });
        }
        let (uid, gid) = owner
            .filter(|(owner, _)| *owner != 0)
            .or_else(service_user)
            .ok_or_else(|| Error::Failed {
                program: "starting PostgreSQL as root".to_owned(),
                output:
                    "it refuses root, and neither a user `postgres` nor `nobody` exists to run it"
                        .to_owned(),
            })?;
        Ok(RunAs {
            uid,
            gid,
            setpriv: setpriv_arguments(uid, gid)?,
        })
    }

    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// Gives a folder that this process made to that user.
    pub(crate) fn own(&self, path: &Path) -> Result<(), Error> {
        if self.setpriv.is_empty() {
            return Ok(());
        }
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .map_err(|source| Error::directory(path, source))
    }

    /// Runs a program as that user in `directory`, its standard input closed, and answers what it printed.
    pub(crate) fn run(
        &self,
        directory: &Path,
        program: &Path,
        arguments: &[&str],
    ) -> Result<Output, Error> {
        let mut command = match self.setpriv.is_empty() {
            true => Command::new(program),
            false => {
                let mut command = Command::new("setpriv");
                command.args(&self.setpriv).arg(program);
                command
            }
        };
        command
            .args(arguments)
            .current_dir(directory)
            .stdin(Stdio::null())
            .output()
            .map_err(|source| Error::directory(program, source))
    }
}

/// The ids of `postgres`, else of `nobody`.
fn service_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// The data directory may lie under a folder that only root may enter, so that user is given the right to pass
/// (`dac_override`); a container may not have it to give, then it goes without. `no_setuid_fixup` lets `access(2)` see
/// that right too, by which initdb looks for programs that were fetched into such a folder.
fn setpriv_arguments(uid: u32, gid: u32) -> Result<Vec<String>, Error> {
    let plain = vec![
        format!("--reuid={uid}"),
        format!("--regid={gid}"),
        "--clear-groups".to_owned(),
    ];
    let mut passing = plain.clone();
    passing.extend([
        "--inh-caps=+dac_override".to_owned(),
        "--ambient-caps=+dac_override".to_owned(),
        "--securebits=+no_setuid_fixup".to_owned(),
    ]);
    let mut reason = String::new();
    for arguments in [passing, plain] {
        match Command::new("setpriv")
            .args(&arguments)
            .arg("true")
            .stdin(Stdio::null())
            .output()
        {
            Ok(output) if output.status.success() => return Ok(arguments),
            Ok(output) => reason = String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                reason = "setpriv (package util-linux) is missing".to_owned();
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Err(Error::Failed {
        program: "starting PostgreSQL as root".to_owned(),
        output: format!(
            "it refuses root and cannot be handed to another user ({reason}); run as an ordinary user"
        ),
    })
}
