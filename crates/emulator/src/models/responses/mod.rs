//! `OpenAI`'s Responses: what is asked and answered (`events`), and what is kept for a client that comes back (`store`).

mod events;
mod store;

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{ConnectInfo, Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Models, Provider, Taken,
    asked::Turn,
    refusal::Refusal,
    request::{self, Format, Request},
    wire::{Gate, Player},
};
use crate::{CallStatus, connection::Handle};
pub(super) use store::{Store, Stored};

/// Reads a request and refuses what `OpenAI` refuses.
pub(super) fn read(provider: Provider, body: &Value) -> Result<Request, Refusal> {
    let strangers = [
        ("messages", "input"),
        ("response_format", "text.format"),
        ("reasoning_effort", "reasoning.effort"),
        ("max_tokens", "max_output_tokens"),
        ("max_completion_tokens", "max_output_tokens"),
        ("thinking", ""),
    ];
    request::refuse_strangers(body, &strangers, "Responses")?;
    request::check_labels(body)?;
    let instructions = body["instructions"].as_str().map(|text| Turn {
        role: "system".to_owned(),
        text: text.to_owned(),
    });
    let input = match &body["input"] {
        Value::String(text) => vec![Turn {
            role: "user".to_owned(),
            text: text.clone(),
        }],
        Value::Array(items) if !items.is_empty() => items.iter().filter_map(turn).collect(),
        _ => return Err(request::missing("input", provider)),
    };
    let turns: Vec<Turn> = instructions.into_iter().chain(input).collect();
    let format = &body["text"]["format"];
    let format = match format["type"].as_str() {
        None if format.is_null() => Format::Text,
        Some("text") => Format::Text,
        Some("json_object") => {
            request::check_json_word(&turns, "input").map(|()| Format::JsonObject)?
        }
        Some("json_schema") => request::schema_format(format, "text.format")?,
        _ => {
            return Err(Refusal::invalid(
                Some("text.format.type"),
                "Invalid 'text.format.type': 'text', 'json_object' or 'json_schema' is right.",
            ));
        }
    };
    Ok(Request {
        turns,
        format,
        stream: body["stream"] == true,
        include_usage: true,
        obfuscate: body["stream_options"]["include_obfuscation"] != false,
        most_tokens: request::most_tokens(body, "max_output_tokens", 16)?,
        reasoning: request::reasoning_tokens(&body["reasoning"]["effort"], "reasoning.effort")?,
    })
}

fn turn(item: &Value) -> Option<Turn> {
    Some(Turn {
        role: item["role"].as_str()?.to_owned(),
        text: request::text_of(&item["content"]),
    })
}

/// The id that the client gets.
pub(super) fn id(unique: &str) -> String {
    format!("resp_{unique}")
}

/// Starts to answer: in the foreground on this connection, in the background by a task of its own.
pub(super) async fn begin(models: &Models, taken: Taken, connection: Handle) -> Response {
    let background = taken.body["background"] == true;
    let keep = taken.body["store"].as_bool();
    let answer = events::Answer::of(&taken);
    let script = match background || taken.request.stream {
        true => answer.events,
        false => answer.whole,
    };
    let mut player = taken.player(script, connection);
    let kept = Stored {
        id: id(&taken.id),
        opening: answer.opening,
        terminal: answer.terminal,
        // The events of a foreground response are told once.
        script: match background {
            true => Arc::clone(&player.script),
            false => Arc::default(),
        },
        background,
        streamed: taken.request.stream,
        kept_for: models.keeping(keep.unwrap_or(!background)),
        resumes_to_refuse: taken.resumes_to_refuse().into(),
        expires_when_asked: taken.expires(),
        ..Stored::default()
    };
    let mut meter = taken.meter;
    if !background {
        if keep != Some(false) {
            let store = Arc::clone(&models.store);
            meter.at_end(Box::new(move || {
                kept.end();
                store.keep(kept);
            }));
        }
        player.gate = Gate::Foreground(meter);
        return player.respond().await;
    }
    let opening = kept.opening.clone();
    let kept = models.store.keep(kept);
    player.gate = Gate::Background(kept.progress.subscribe());
    let generation = Arc::clone(&kept);
    let task = tokio::spawn(async move {
        for index in 0..generation.script.frames.len() {
            meter.pass(&generation.script, index).await;
            generation.there_are(index + 1);
        }
        generation.end();
    });
    kept.generated_by(task.abort_handle());
    match taken.request.stream {
        true => player.respond().await,
        false => Json(opening).into_response(),
    }
}

#[derive(Deserialize)]
pub(super) struct Reading {
    stream: Option<bool>,
    starting_after: Option<u64>,
}

/// `GET /{id}`: the response as it stands, or its events from a place on.
pub(super) async fn show(
    State(models): State<Arc<Models>>,
    ConnectInfo(connection): ConnectInfo<Handle>,
    Path(id): Path<String>,
    headers: HeaderMap,
    reading: Result<Query<Reading>, QueryRejection>,
) -> Response {
    let stored = models.stored(&headers, &id);
    let read = stored.and_then(|stored| {
        let Query(reading) = reading.map_err(|error| Refusal::invalid(None, error.body_text()))?;
        Ok((stored, reading))
    });
    let response = match read {
        Err(refusal) => models.refuse(&refusal),
        Ok((stored, reading)) if reading.stream != Some(true) => {
            Json(stored.object()).into_response()
        }
        Ok((stored, reading)) => match stored.check_resume() {
            Err(refusal) => models.refuse(&refusal),
            Ok(()) => {
                models.ledger.resume(&id);
                resume(&stored, reading.starting_after, connection)
                    .respond()
                    .await
            }
        },
    };
    models.stamp(response, Provider::Openai, Instant::now(), None)
}

fn resume(stored: &Stored, after: Option<u64>, connection: Handle) -> Player {
    let frames = &stored.script.frames;
    let is_next = |sequence: u64| after.is_none_or(|after| sequence > after);
    let next = frames
        .iter()
        .position(|frame| frame.sequence.is_some_and(is_next));
    Player {
        next: next.unwrap_or(frames.len()),
        ..Player::new(
            Arc::clone(&stored.script),
            Gate::Background(stored.progress.subscribe()),
            connection,
        )
    }
}

/// `POST /{id}/cancel`: of a background response, as often as one likes.
pub(super) async fn cancel(
    State(models): State<Arc<Models>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let response = match models.stored(&headers, &id) {
        Err(refusal) => models.refuse(&refusal),
        Ok(stored) if !stored.background => models.refuse(&Refusal::invalid(
            None,
            "Cannot cancel a synchronous response. Only responses created with background=true can be cancelled.",
        )),
        Ok(stored) => {
            if stored.is_running() {
                models.ledger.end(&id, CallStatus::Cancelled);
                stored.cancel();
            }
            Json(stored.object()).into_response()
        }
    };
    models.stamp(response, Provider::Openai, Instant::now(), None)
}
