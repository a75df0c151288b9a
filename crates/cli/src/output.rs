//! What people and scripts are told: answers on standard output, the rest on standard error.

use std::io::{IsTerminal, Write, stderr, stdout};

use crate::config;

/// Prints a line of an answer. A reader who has gone away (`mesocycle dev | head -1`) is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Whether what goes to this stream has colours: as the environment says, else if it is a terminal.
pub(crate) fn has_colours(stream: &impl IsTerminal) -> bool {
    config::colours().unwrap_or_else(|| stream.is_terminal())
}

/// Text in one of the terminal's colours, by its number (31 red, 32 green, 33 yellow), where standard output has any.
pub(crate) fn coloured(text: &str, colour: u8) -> String {
    match has_colours(&stdout()) {
        true => format!("\x1b[{colour}m{text}\x1b[0m"),
        false => text.to_owned(),
    }
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
