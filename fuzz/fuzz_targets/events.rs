//! Server-sent events: no bytes panic, and the borders of the chunks make no difference to what is read.

#![no_main]

use std::convert::Infallible;

use futures_util::{FutureExt, StreamExt, stream};
use libfuzzer_sys::fuzz_target;
use llm::sse::{Broken, Event, events};

/// The first byte says how the rest is cut.
fn pieces(data: &[u8]) -> Vec<&[u8]> {
    let Some((how, rest)) = data.split_first() else {
        return Vec::new();
    };
    rest.chunks(usize::from(how % 16) + 1).collect()
}

fn read(pieces: Vec<&[u8]>) -> Vec<Result<Event, Broken<Infallible>>> {
    let bytes = stream::iter(pieces.into_iter().map(Ok));
    let mut told = Vec::new();
    let reading = async {
        let mut events = std::pin::pin!(events(bytes));
        while let Some(event) = events.next().await {
            let broken = event.is_err();
            told.push(event);
            // Whoever reads stops here.
            if broken {
                break;
            }
        }
    };
    reading.now_or_never().expect("nothing to wait for");
    told
}

fuzz_target!(|data: &[u8]| {
    let cut = read(pieces(data));
    let whole = read(vec![data.get(1..).unwrap_or_default()]);
    let good = |told: &[Result<Event, Broken<Infallible>>]| -> Vec<Event> {
        told.iter().flatten().cloned().collect()
    };
    // Bytes that are no UTF-8 are met earlier or later in a whole: what was read before them is the beginning of the same.
    let (cut_events, whole_events) = (good(&cut), good(&whole));
    if cut.iter().chain(&whole).all(Result::is_ok) {
        assert_eq!(cut_events, whole_events);
    } else {
        let both = cut_events.len().min(whole_events.len());
        assert_eq!(cut_events[..both], whole_events[..both]);
    }
});
