//! What people and scripts are told: answers on standard output, the rest on standard error.

use std::io::{Write, stderr, stdout};

/// Prints a line of an answer. A reader who has gone away (`mesocycle dev | head -1`) is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Prints a line beside the answer.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(stderr().lock(), "{line}");
}

/// An error with its causes, leaving out a cause whose words the error before it already holds.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !words.last().is_some_and(|last| last.contains(&cause)) {
            words.push(cause);
        }
    }
    words.join(": ")
}
