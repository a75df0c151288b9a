//! The events of a response, one a line, or after `=` the response itself as a look shows it: none panics, the cursor never falls,
//! and what was read once is not read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use llm::models::openai::responses::{ResponsesReader, Seen};

fuzz_target!(|stream: &str| {
    let mut reader = ResponsesReader::default();
    let mut resumed = None;
    for line in stream.lines() {
        if let Some(response) = line.strip_prefix('=') {
            if let Ok(response) = serde_json::from_str(response) {
                reader.settle(&response);
            }
            continue;
        }
        let data = line.strip_prefix("data: ").unwrap_or(line);
        let before = reader.cursor();
        let seen = reader.read(data);
        assert!(reader.cursor() >= before);
        if reader.cursor() > before {
            let text = reader.text().to_owned();
            assert!(matches!(reader.read(data), Ok(Seen::Nothing)), "told twice");
            assert_eq!(reader.text(), text);
            resumed = Some(ResponsesReader::resumed(reader.cursor(), text));
        }
        if let Ok(Seen::Created(id)) = seen {
            assert!(!id.is_empty() && !id.contains(['/', '?', '#', '%', ' ']));
        }
    }
    let _ = (reader.verdict(), reader.is_running(), reader.has_ended());
    if let Some(mut resumed) = resumed {
        for line in stream.lines() {
            let _ = resumed.read(line);
        }
    }
});
