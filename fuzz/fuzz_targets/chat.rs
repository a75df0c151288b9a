//! The chunks of a chat stream, one a line: none panics, and text only grows.

#![no_main]

use libfuzzer_sys::fuzz_target;
use llm::chat::ChatReader;

fuzz_target!(|stream: &str| {
    let mut reader = ChatReader::default();
    for line in stream.lines() {
        let before = reader.text().to_owned();
        let ended = reader.has_ended();
        let _ = reader.read(line.strip_prefix("data: ").unwrap_or(line));
        assert!(reader.text().starts_with(&before));
        assert!(reader.has_ended() || !ended);
    }
    let _ = reader.verdict();
});
