//! What goes wrong with a call of a model, as data: a scenario is a list of steps, and `SCENARIOS` lists them all.

use std::{ops::RangeInclusive, time::Duration};

use super::refusal::{Reason, Wait};

/// A named list of steps.
#[derive(Debug, PartialEq)]
pub struct ModelScenario {
    /// Its name.
    pub name: &'static str,
    /// What it does, for `--scenarios`.
    pub says: &'static str,
    /// What it does, for the emulator.
    pub steps: &'static [Step],
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// The headers come so much later.
    HoldHeaders(Duration),
    /// The first token comes so much later.
    HoldTokens(Duration),
    /// An HTTP error, nothing billed.
    Refuse(Reason),
    /// The connection is reset before any byte.
    Reset,
    /// So many comment lines (blank lines where nothing is streamed) so far apart before the first token.
    KeepAlive(usize, Duration),
    /// The answer's text is another.
    Say(Change),
    /// The answer ends otherwise.
    End(Ending),
    /// No usage is told.
    OmitUsage,
    /// The stream goes no farther than here.
    Break(At, Break),
    /// Every byte is written by itself.
    ByteByByte,
    /// The stored response is gone as soon as it is asked for.
    Expire,
    /// So many resumed streams are refused with a 500.
    RefuseResumes(usize),
    /// By the seed, one of these scenarios.
    OneOf(&'static [&'static str]),
}

/// What an answer says in the place of the right thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Spaces.
    Blank,
    /// Spaces, if JSON mode is on.
    BlankInJsonMode,
    /// Prose.
    NotJson,
    /// The JSON in a Markdown fence, with a sentence before.
    Fenced,
    /// One day too few.
    WrongDayCount,
    /// An exercise that nobody knows.
    UnknownExercise,
    /// Text of the user turn, instructions and HTML in the place of a free text.
    InjectionEcho,
    /// A free text has characters of several bytes.
    Accents,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Whole.
    Stop,
    /// Cut at half by the token limit.
    Length,
    /// Cut at half by the content filter.
    ContentFilter,
    /// A refusal in the place of the answer.
    Refusal,
    /// Cut at half for want of resources (`DeepSeek`'s finish reason).
    NoResources,
    /// An error after HTTP 200, at half; not billed.
    Failure(Shape, &'static str),
}

/// The form of an error after HTTP 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `{"type": "error", "code", "message", …}`.
    Flat,
    /// `{"type": "error", "error": {…}}`; Chat: `{"error": {…}}`.
    Nested,
    /// `response.failed`; Chat has no such thing and takes `Nested`.
    Failed,
}

/// A place in the bytes of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// After the first event.
    FirstEvent,
    /// Before the first token.
    FirstToken,
    /// Between two events, at half.
    Half,
    /// Within an event, at half.
    MidEvent,
    /// Within a character of several bytes.
    MidCharacter,
    /// Before the last event: `[DONE]`, or the terminal event.
    Terminal,
    /// Drawn from the seed and the number of the call.
    Random,
    /// After everything.
    End,
}

/// What happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// The connection is closed in the middle of the body.
    Cut,
    /// The connection is reset.
    Reset,
    /// The body ends as if that were all.
    Close,
    /// Nothing more comes and the connection stays open.
    Stall,
    /// Only a keep-alive line every 100 ms comes.
    KeepAlive,
}

const fn scenario(name: &'static str, says: &'static str, steps: &'static [Step]) -> ModelScenario {
    ModelScenario { name, says, steps }
}

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Every scenario.
pub const SCENARIOS: &[ModelScenario] = &[
    scenario("plain", "all is well", &[]),
    scenario(
        "slow-headers",
        "the headers come 1 s late",
        &[Step::HoldHeaders(ms(1_000))],
    ),
    scenario(
        "slow-first-token",
        "the first token comes 1 s late",
        &[Step::HoldTokens(ms(1_000))],
    ),
    scenario(
        "keep-alive",
        "three keep-alive lines, 100 ms apart, before the first token",
        &[Step::KeepAlive(3, ms(100))],
    ),
    scenario(
        "queued-forever",
        "a keep-alive line every 100 ms and no token, for ten minutes",
        &[
            Step::KeepAlive(6_000, ms(100)),
            Step::Break(At::FirstToken, Break::Close),
        ],
    ),
    scenario(
        "rate-limit",
        "429 rate_limit_exceeded with Retry-After: 1",
        &[Step::Refuse(Reason::RateLimit(Wait::Seconds(1)))],
    ),
    scenario(
        "rate-limit-ms",
        "429 rate_limit_exceeded with retry-after-ms: 250",
        &[Step::Refuse(Reason::RateLimit(Wait::Milliseconds(250)))],
    ),
    scenario(
        "rate-limit-bare",
        "429 rate_limit_exceeded that names no wait",
        &[Step::Refuse(Reason::RateLimit(Wait::Unsaid))],
    ),
    scenario(
        "quota",
        "429 insufficient_quota (DeepSeek: 402 Insufficient Balance)",
        &[Step::Refuse(Reason::NoCredit)],
    ),
    scenario("bad-key", "401", &[Step::Refuse(Reason::BadKey)]),
    scenario(
        "unknown-model",
        "404 model_not_found (DeepSeek: 400 Model Not Exist)",
        &[Step::Refuse(Reason::UnknownModel)],
    ),
    scenario(
        "too-long",
        "400 context_length_exceeded",
        &[Step::Refuse(Reason::TooLong)],
    ),
    scenario("error", "500", &[Step::Refuse(Reason::Broken)]),
    scenario(
        "overloaded",
        "503, overloaded",
        &[Step::Refuse(Reason::Overloaded)],
    ),
    scenario(
        "bad-gateway",
        "502 with a page of HTML, as a proxy sends it",
        &[Step::Refuse(Reason::BadGateway)],
    ),
    scenario(
        "reset",
        "the connection is reset before any byte of an answer",
        &[Step::Reset],
    ),
    scenario(
        "reset-mid-stream",
        "the connection is reset at half of the answer",
        &[Step::Break(At::Half, Break::Reset)],
    ),
    scenario(
        "stall",
        "silence at half of the answer, the connection stays open",
        &[Step::Break(At::Half, Break::Stall)],
    ),
    scenario(
        "stall-alive",
        "at half of the answer nothing more but a keep-alive line every 100 ms",
        &[Step::Break(At::Half, Break::KeepAlive)],
    ),
    scenario(
        "stall-first",
        "silence after the first event, the connection stays open",
        &[Step::Break(At::FirstEvent, Break::Stall)],
    ),
    scenario(
        "cut",
        "the connection breaks at half, between two events",
        &[Step::Break(At::Half, Break::Cut)],
    ),
    scenario(
        "cut-first",
        "the connection breaks after the first event",
        &[Step::Break(At::FirstEvent, Break::Cut)],
    ),
    scenario(
        "cut-mid-event",
        "the connection breaks within an event",
        &[Step::Break(At::MidEvent, Break::Cut)],
    ),
    scenario(
        "cut-mid-utf8",
        "the connection breaks within a character",
        &[
            Step::Say(Change::Accents),
            Step::Break(At::MidCharacter, Break::Cut),
        ],
    ),
    scenario(
        "cut-random",
        "the connection breaks at a byte that the seed and the number of the call choose",
        &[Step::Break(At::Random, Break::Cut)],
    ),
    scenario(
        "close-early",
        "the body ends in order at half of the answer",
        &[Step::Break(At::Half, Break::Close)],
    ),
    scenario(
        "no-terminal",
        "the body ends in order before the terminal event or [DONE]",
        &[Step::Break(At::Terminal, Break::Close)],
    ),
    scenario(
        "byte-by-byte",
        "every byte is written by itself",
        &[Step::Say(Change::Accents), Step::ByteByByte],
    ),
    scenario(
        "linger",
        "all is said, the connection stays open",
        &[Step::Break(At::End, Break::Stall)],
    ),
    scenario(
        "error-flat",
        "an error event after 200: {\"type\": \"error\", \"code\", …}",
        &[Step::End(Ending::Failure(Shape::Flat, "server_error"))],
    ),
    scenario(
        "error-nested",
        "an error event after 200: {…, \"error\": {\"code\", …}}",
        &[Step::End(Ending::Failure(Shape::Nested, "server_error"))],
    ),
    scenario(
        "failed",
        "response.failed with server_error (Chat: as error-nested)",
        &[Step::End(Ending::Failure(Shape::Failed, "server_error"))],
    ),
    scenario(
        "failed-rate-limit",
        "response.failed with rate_limit_exceeded (Chat: as error-nested)",
        &[Step::End(Ending::Failure(
            Shape::Failed,
            "rate_limit_exceeded",
        ))],
    ),
    scenario(
        "length",
        "cut at half by the token limit: length, max_output_tokens",
        &[Step::End(Ending::Length)],
    ),
    scenario(
        "content-filter",
        "cut at half by the content filter",
        &[Step::End(Ending::ContentFilter)],
    ),
    scenario(
        "refusal",
        "a refusal in the place of the answer",
        &[Step::End(Ending::Refusal)],
    ),
    scenario(
        "no-resources",
        "cut at half: insufficient_system_resource (Responses: response.failed)",
        &[Step::End(Ending::NoResources)],
    ),
    scenario(
        "blank",
        "the answer is spaces, and it ends with stop",
        &[Step::Say(Change::Blank)],
    ),
    scenario(
        "blank-in-json-mode",
        "the answer is spaces if JSON is asked for by response_format",
        &[Step::Say(Change::BlankInJsonMode)],
    ),
    scenario("no-usage", "usage is never told", &[Step::OmitUsage]),
    scenario(
        "wrong-day-count",
        "the answer has one day too few",
        &[Step::Say(Change::WrongDayCount)],
    ),
    scenario(
        "unknown-exercise",
        "the answer has an exercise that nobody knows",
        &[Step::Say(Change::UnknownExercise)],
    ),
    scenario(
        "injection-echo",
        "a text of the answer holds instructions, HTML and the user's own words",
        &[Step::Say(Change::InjectionEcho)],
    ),
    scenario(
        "not-json",
        "the answer is prose (DeepSeek in JSON mode: blank)",
        &[Step::Say(Change::NotJson)],
    ),
    scenario(
        "fenced-json",
        "the answer's JSON is in a Markdown fence after a sentence (DeepSeek in JSON mode: blank)",
        &[Step::Say(Change::Fenced)],
    ),
    scenario(
        "expired",
        "the connection breaks at half, and the stored response is gone: 404",
        &[Step::Break(At::Half, Break::Cut), Step::Expire],
    ),
    scenario(
        "resume-refused",
        "the connection breaks at half, and the first two resumed streams get a 500",
        &[Step::Break(At::Half, Break::Cut), Step::RefuseResumes(2)],
    ),
    scenario(
        "rough",
        "by the seed: half of the calls meet one of rate-limit-ms, error, reset, cut-random, failed, blank",
        &[Step::OneOf(&[
            "rate-limit-ms",
            "error",
            "reset",
            "cut-random",
            "failed",
            "blank",
            "plain",
            "plain",
            "plain",
            "plain",
            "plain",
            "plain",
        ])],
    ),
];

/// Scenarios and the calls (from 1) that they apply to, the first that applies wins: `rate-limit@1,cut@2-3,no-usage`.
/// `NAME-once` is `NAME@1`, `_` may stand for `-`. Calls are counted for each such text by itself.
#[derive(Debug, Clone)]
pub(super) struct Plan(Vec<(RangeInclusive<u64>, &'static ModelScenario)>);

impl Plan {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(rule)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The steps for the call with this number, from 1.
    pub(super) fn steps(&self, number: u64, draw: u64) -> Vec<Step> {
        let found = self.0.iter().find(|(calls, _)| calls.contains(&number));
        let steps = found.map_or(&[][..], |(_, scenario)| scenario.steps);
        steps
            .iter()
            .flat_map(|step| match step {
                Step::OneOf(names) => {
                    let name = names.get((draw % names.len().max(1) as u64) as usize);
                    name.and_then(|name| find(name))
                        .map_or(&[][..], |one| one.steps)
                }
                step => std::slice::from_ref(step),
            })
            .copied()
            .collect()
    }
}

fn rule(text: &str) -> Result<(RangeInclusive<u64>, &'static ModelScenario), String> {
    let text = text.trim().to_ascii_lowercase().replace('_', "-");
    let (name, calls) = match text.split_once('@') {
        Some((name, calls)) => (name, Some(calls)),
        None => match text.strip_suffix("-once") {
            Some(name) => (name, Some("1")),
            None => (text.as_str(), None),
        },
    };
    let scenario =
        find(name).ok_or_else(|| format!("there is no scenario {name}; --scenarios lists them"))?;
    let number = |text: &str| {
        text.parse::<u64>().map_err(|_| {
            format!("{name}@{text}: which calls it applies to is a number or two, such as 2 or 2-3")
        })
    };
    let calls = match calls.map(|calls| calls.split_once('-').unwrap_or((calls, calls))) {
        None => 1..=u64::MAX,
        Some((first, last)) => number(first)?..=number(last)?,
    };
    Ok((calls, scenario))
}

fn find(name: &str) -> Option<&'static ModelScenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}
