//! Processor time that processes have used, from Linux's `/proc`; zero elsewhere.

use std::{fs, time::Duration};

/// Linux counts in hundredths of a second towards user space whatever the kernel's own tick.
const TICK: Duration = Duration::from_millis(10);

/// This process's.
pub(crate) fn own() -> Duration {
    ticks("self").map_or(Duration::ZERO, |ticks| TICK * (ticks.user + ticks.system))
}

/// A server's with all its children, living and ended.
pub(crate) fn of_server(postmaster: i32) -> Duration {
    let Some(server) = ticks(&postmaster.to_string()) else {
        return Duration::ZERO;
    };
    let mut all = server.user + server.system + server.ended_children;
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = process.file_name();
        let child = name
            .to_str()
            .filter(|name| name.parse::<i32>().is_ok())
            .and_then(ticks);
        if let Some(child) = child.filter(|child| child.parent == postmaster) {
            all += child.user + child.system;
        }
    }
    TICK * all
}

struct Ticks {
    parent: i32,
    user: u32,
    system: u32,
    ended_children: u32,
}

fn ticks(process: &str) -> Option<Ticks> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // After the name, which may hold blanks: state is field 3 of proc(5), hence the offsets.
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let number = |field: usize| fields.get(field - 3)?.parse::<u32>().ok();
    Some(Ticks {
        parent: fields.get(1)?.parse().ok()?,
        user: number(14)?,
        system: number(15)?,
        ended_children: number(16)? + number(17)?,
    })
}
