//! Timers against a real server: which wait ends a call, and what counts as life.

use std::time::{Duration, Instant};

use llm::{
    Class, Endpoint, Timer, Timers,
    chat::Structured,
    models::{Compatible, CompatibleOptions, OpenAiChat, OpenAiOptions},
};
use serde_json::{Value, json};

use crate::{
    server::{Play, Server},
    support::{ANSWER, ask, chat_stream, chat_text, chunk, openai, timers},
};

const SHORT: Duration = Duration::from_millis(150);
/// Shorter than [`SHORT`], but several of it are longer.
const BEAT: Duration = Duration::from_millis(50);

fn model(server: &Server, change: impl Fn(&mut Timers)) -> OpenAiChat {
    let OpenAiOptions { endpoint, effort } = openai(server);
    let mut timers = timers();
    change(&mut timers);
    let endpoint = Endpoint { timers, ..endpoint };
    OpenAiChat::new(&OpenAiOptions { endpoint, effort }).expect("a client")
}

/// The wait that is over, what the server does, and which wait is made short.
type Case = (Timer, Play, fn(&mut Timers));

#[tokio::test]
async fn each_wait_that_is_over_is_a_timeout_of_its_name() {
    let begun = chat_text(&ANSWER[..20]);
    let keep_alive = ": keep-alive\n\n";
    let beating = |play: Play| {
        (0..60)
            .fold(play, |play, _| play.pause(BEAT).bytes(keep_alive))
            .hang()
    };
    let empty = chunk(&json!({ "content": "" }), None, &Value::Null);
    let chunks = (0..60)
        .fold(Play::events().bytes(&begun), |play, _| {
            play.pause(BEAT).bytes(&empty)
        })
        .hang();
    let cases: Vec<Case> = vec![
        (Timer::Headers, Play::silent(), |timers| {
            timers.headers = SHORT
        }),
        (Timer::ByteIdle, Play::events().hang(), |timers| {
            timers.first_byte = SHORT
        }),
        (
            Timer::ByteIdle,
            Play::events().bytes(&begun).hang(),
            |timers| timers.byte_idle = SHORT,
        ),
        (Timer::Queued, beating(Play::events()), |timers| {
            timers.queued = SHORT
        }),
        (
            Timer::ContentIdle,
            beating(Play::events().bytes(&begun)),
            |timers| timers.content_idle = SHORT,
        ),
        (Timer::ContentIdle, chunks, |timers| {
            timers.content_idle = SHORT
        }),
        (
            Timer::Ceiling,
            beating(Play::events().bytes(&begun)),
            |timers| timers.ceiling = SHORT,
        ),
        (Timer::Ceiling, Play::silent(), |timers| {
            timers.ceiling = SHORT
        }),
    ];
    for (timer, play, change) in cases {
        let server = Server::playing(vec![play]).await;
        let began = Instant::now();
        let error = ask(&model(&server, change)).await.expect_err("a timeout");
        assert_eq!(error.class, Class::Timeout(timer));
        assert_eq!(error.code(), "AI_TIMEOUT");
        assert!(began.elapsed() >= SHORT, "{timer:?}");
    }
}

#[tokio::test]
async fn keep_alive_comments_are_life() {
    let queued = (0..10).fold(Play::events(), |play, _| {
        play.bytes(": keep-alive\n\n").pause(SHORT)
    });
    let server = Server::playing(vec![queued.bytes(chat_stream(ANSWER)).end()]).await;
    let model = model(&server, |timers| {
        timers.byte_idle = 8 * SHORT;
        timers.first_byte = 8 * SHORT;
    });
    assert_eq!(ask(&model).await.expect("an answer").text, ANSWER);
}

#[tokio::test]
async fn a_local_server_may_read_a_long_prompt_in_silence() {
    for play in [
        Play::default()
            .pause(SHORT)
            .events_after()
            .bytes(chat_stream(ANSWER))
            .end(),
        Play::events().pause(SHORT).bytes(chat_stream(ANSWER)).end(),
        Play::events()
            .bytes(chat_text(""))
            .pause(SHORT)
            .bytes(chat_stream(ANSWER))
            .end(),
    ] {
        let server = Server::playing(vec![play.clone(), play]).await;
        let hasty = |timers: &mut Timers| *timers = timers.clone().with_first_token(BEAT);
        let error = ask(&model(&server, hasty)).await.expect_err("a timeout");
        assert!(matches!(error.class, Class::Timeout(_)), "{error}");
        let mut endpoint = openai(&server).endpoint;
        endpoint.timers.byte_idle = BEAT;
        endpoint.timers = endpoint.timers.with_first_token(BEAT);
        let patient = Compatible::new(&CompatibleOptions {
            endpoint,
            structured: Structured::StrictSchema,
            first_token: Some(Duration::from_secs(10)),
        });
        let answer = ask(&patient.expect("a client")).await.expect("an answer");
        assert_eq!(answer.text, ANSWER);
    }
}
