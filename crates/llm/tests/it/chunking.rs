//! Server-sent events: the same events wherever the bytes are split, and no bytes that break the reader.

use std::convert::Infallible;

use futures_util::{FutureExt, StreamExt, stream};
use llm::sse::{Event, events};
use proptest::{collection::vec, prelude::*};

use crate::support::{ANSWER, DONE, chat_stream, whole_response};

/// The events of these chunks, as far as the bytes are good.
fn read(chunks: Vec<Vec<u8>>) -> Vec<Event> {
    let bytes = stream::iter(chunks.into_iter().map(Ok::<_, Infallible>));
    let events = events(bytes).take_while(|event| std::future::ready(event.is_ok()));
    let events = events.filter_map(|event| std::future::ready(event.ok()));
    events
        .collect()
        .now_or_never()
        .expect("chunks that are there")
}

/// Recorded streams: comments, names, a mark at the start, line ends of each kind. (Behind a bare carriage return the reader waits for a
/// line feed, so the last event of the last one is never told; no provider writes so.)
fn transcripts() -> Vec<Vec<u8>> {
    let chat = format!(": keep-alive\n\n{}", chat_stream(ANSWER));
    let response = whole_response(ANSWER).concat();
    let marked = format!("\u{feff}{chat}");
    let bare = chat.replace('\n', "\r");
    [
        chat.clone(),
        chat.replace('\n', "\r\n"),
        marked,
        response,
        bare,
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

fn split(bytes: &[u8], places: &[usize]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = places
        .iter()
        .map(|place| place % (bytes.len() + 1))
        .collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| bytes[pair[0]..pair[1]].to_vec())
        .collect()
}

#[test]
fn a_stream_split_at_any_byte_or_at_every_byte_has_the_same_events() {
    for transcript in transcripts() {
        let whole = read(vec![transcript.clone()]);
        assert!(whole.len() > 10);
        for place in 0..=transcript.len() {
            assert_eq!(
                read(split(&transcript, &[place])),
                whole,
                "split at {place}"
            );
        }
        assert_eq!(
            read(transcript.iter().map(|byte| vec![*byte]).collect()),
            whole
        );
    }
}

#[test]
fn a_second_mark_belongs_to_the_name_of_a_field_that_nobody_knows() {
    let bytes = "\u{feff}\u{feff}data: a\n\ndata: b\n\n".as_bytes();
    for place in 0..=bytes.len() {
        let told = read(split(bytes, &[place]));
        let data: Vec<&str> = told.iter().map(|event| event.data.as_str()).collect();
        assert_eq!(data, ["b"], "{place}");
    }
}

#[test]
fn line_ends_of_two_kinds_and_a_mark_at_the_start_mean_the_same() {
    let read: Vec<Vec<Event>> = transcripts()
        .into_iter()
        .take(3)
        .map(|bytes| read(vec![bytes]))
        .collect();
    assert!(read.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(
        format!("data: {}\n\n", read[0].last().expect("an event").data),
        DONE
    );
}

proptest! {
    #[test]
    fn a_stream_split_anywhere_has_the_same_events(which in 0_usize..5, places in vec(any::<usize>(), 0..20)) {
        let transcript = &transcripts()[which];
        prop_assert_eq!(read(split(transcript, &places)), read(vec![transcript.clone()]));
    }

    #[test]
    fn a_cut_tells_only_whole_events(which in 0_usize..5, place in any::<usize>()) {
        let transcript = &transcripts()[which];
        let whole = read(vec![transcript.clone()]);
        let cut = read(vec![transcript[..place % transcript.len()].to_vec()]);
        prop_assert!(whole.starts_with(&cut));
    }

    #[test]
    fn no_bytes_break_the_reader(chunks in vec(vec(any::<u8>(), 0..40), 0..8)) {
        read(chunks);
    }

    #[test]
    fn no_text_breaks_the_reader(lines in vec("(data|event|id|retry|\u{feff}|:)?[: ]{0,2}[a-z0-9\u{e9}\u{0}]{0,4}(\r\n|\n|\r)", 0..30), places in vec(any::<usize>(), 0..6)) {
        let bytes = lines.concat().into_bytes();
        prop_assert_eq!(read(split(&bytes, &places)), read(vec![bytes.clone()]));
    }
}
