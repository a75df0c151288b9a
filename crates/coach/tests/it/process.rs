//! Worker processes that tests kill, and the numbers they are killed by.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// A process of one of this crate's examples; dropped, it is killed.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(example: &str, arguments: &[&str]) -> Self {
        let tests = std::env::current_exe().expect("this test's own file");
        let folder: PathBuf = tests
            .parent()
            .and_then(|deps| deps.parent())
            .expect("the target folder")
            .join("examples");
        let child = Command::new(folder.join(example))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect(example);
        Self(child)
    }

    pub(crate) fn kill_9(&mut self) {
        self.0.kill().expect("kill");
        self.0.wait().expect("wait");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The next number of a seeded row: `SplitMix64`.
pub(crate) fn drawn(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
