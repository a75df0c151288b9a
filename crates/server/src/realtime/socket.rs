//! One connection: reads frames, answers them, sends what waits, and knows when to end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::channel::{Channel, Door, Join};
use super::outbox::{Outbox, Outgoing};
use super::serializer::{self, Frame, Malformed, Version};
use super::{Realtime, frames};

/// Clients send a heartbeat every 25 s; one that was silent for this long is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// How long one frame may take to leave, and a goodbye to be answered.
const PATIENCE: Duration = Duration::from_secs(10);
const GOODBYE: Duration = Duration::from_secs(1);
/// The most channels of a socket, frames a second and joins a second (a client joins all of its channels at once).
const CHANNELS: usize = 100;
const FRAMES: u32 = 500;
const JOINS: u32 = 100;

/// Close codes that the library has no name for: the server starts again; too many frames.
const SERVICE_RESTART: u16 = 1012;

/// A connection that has been let in.
pub(super) struct Socket {
    realtime: Arc<Realtime>,
    version: Version,
    api_key: String,
    outbox: Arc<Outbox>,
    channels: HashMap<String, Channel>,
    second: Second,
}

/// What came within the present second.
struct Second {
    began: Instant,
    frames: u32,
    joins: u32,
}

/// How a connection ends: the code and the reason that the client is told.
type Goodbye = (u16, &'static str);

impl Socket {
    /// Speaks with the client until one of the two ends it.
    pub(super) async fn run(
        realtime: Arc<Realtime>,
        version: Version,
        api_key: String,
        socket: WebSocket,
    ) {
        let (outbox, mut queue) = Outbox::new(version);
        let (mut sink, mut stream) = socket.split();
        let mut socket = Self {
            realtime,
            version,
            api_key,
            outbox: Arc::new(outbox),
            channels: HashMap::new(),
            second: Second {
                began: Instant::now(),
                frames: 0,
                joins: 0,
            },
        };
        if let Some((code, reason)) = socket.serve(&mut sink, &mut stream, &mut queue).await {
            let frame = CloseFrame {
                code,
                reason: reason.into(),
            };
            // What waits is lost either way: the client reads again when it is back.
            let goodbye = async {
                sink.send(Message::Close(Some(frame))).await.ok();
                while let Some(Ok(_)) = stream.next().await {}
            };
            timeout(GOODBYE, goodbye).await.ok();
        }
    }

    /// Returns what to say at the end; nothing where nobody would hear it.
    async fn serve(
        &mut self,
        sink: &mut SplitSink<WebSocket, Message>,
        stream: &mut SplitStream<WebSocket>,
        queue: &mut mpsc::Receiver<Message>,
    ) -> Option<Goodbye> {
        let outbox = Arc::clone(&self.outbox);
        let stop = self.realtime.hub.stop.clone();
        let mut heard = Instant::now();
        loop {
            let next_expiry = self
                .channels
                .values()
                .filter_map(|channel| channel.expires_at)
                .min();
            let silent = heard + SILENCE;
            tokio::select! {
                biased;
                () = outbox.overflowed.cancelled() => {
                    tracing::warn!("a Realtime client reads too slowly and was dropped");
                    return None;
                }
                () = stop.cancelled() => return Some((SERVICE_RESTART, "service restart")),
                Some(message) = queue.recv() => {
                    let length = length(&message);
                    tokio::select! {
                        biased;
                        () = outbox.overflowed.cancelled() => continue,
                        sent = timeout(PATIENCE, sink.send(message)) => sent.ok()?.ok()?,
                    }
                    outbox.sent(length);
                }
                () = tokio::time::sleep_until(next_expiry.unwrap_or(silent).min(silent)) => {
                    if silent <= Instant::now() {
                        return Some((close_code::POLICY, "no heartbeat for a minute"));
                    }
                    self.expire();
                }
                message = stream.next() => {
                    heard = Instant::now();
                    match message? {
                        Ok(Message::Close(_)) => return None,
                        Ok(message) => {
                            if let Err(goodbye) = self.hear(message).await {
                                return Some(goodbye);
                            }
                        }
                        Err(_) => return Some((close_code::SIZE, "a frame was broken or too large")),
                    }
                }
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), Goodbye> {
        let frame = match message {
            Message::Text(text) => serializer::decode_text(self.version, &text),
            Message::Binary(bytes) if self.version == Version::Arrays => {
                serializer::decode_binary(bytes)
            }
            Message::Binary(_) => Err(Malformed("version 1.0.0 has no binary frames")),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        let frame = frame.map_err(|malformed| (close_code::INVALID, malformed.0))?;
        if !self.second.allows_frame() {
            return Err((close_code::POLICY, "too many frames a second"));
        }
        match frame.event.as_str() {
            "heartbeat" if frame.topic == "phoenix" => self.answer(&frame, &frames::ok(&json!({}))),
            "phx_join" => self.join(frame).await,
            "phx_leave" => self.leave(&frame),
            "access_token" => self.refresh(frame).await,
            _ => match self.channels.get(&frame.topic) {
                Some(channel) if !channel.member.is_over() => self.door().hear(channel, frame),
                _ => self.refuse(&frame, "unmatched topic"),
            },
        }
        Ok(())
    }

    async fn join(&mut self, frame: Frame) {
        if let Some(former) = self.channels.remove(&frame.topic) {
            self.realtime.hub.leave(&former.member);
        }
        if self.channels.len() >= CHANNELS {
            return self.refuse(&frame, "ChannelRateLimitReached: Too many channels");
        }
        if !self.second.allows_join() {
            return self.refuse(
                &frame,
                "ClientJoinRateLimitReached: Too many joins per second",
            );
        }
        let join = Join {
            join_ref: frame.join_ref,
            reference: frame.reference,
            topic: frame.topic,
            payload: serializer::fields(frame.payload),
        };
        if let Some(channel) = self.door().join(join).await {
            self.channels.insert(channel.member.topic.clone(), channel);
        }
    }

    fn leave(&mut self, frame: &Frame) {
        self.answer(frame, &frames::ok(&json!({})));
        if let Some(channel) = self.channels.remove(&frame.topic) {
            self.realtime.hub.leave(&channel.member);
            let join_ref = channel.member.join_ref.as_deref();
            self.outbox.send(Outgoing {
                join_ref,
                reference: join_ref,
                topic: &frame.topic,
                event: "phx_close",
                payload: "{}",
            });
        }
    }

    async fn refresh(&mut self, frame: Frame) {
        let payload = serializer::fields(frame.payload);
        if let Some(mut channel) = self.channels.remove(&frame.topic) {
            self.door().refresh(&mut channel, &payload).await;
            self.channels.insert(frame.topic, channel);
        }
    }

    /// Fails every channel whose token's time is over: its client joins anew, with the newest token that it has.
    fn expire(&mut self) {
        let now = Instant::now();
        for channel in self.channels.values_mut() {
            if channel.expires_at.is_some_and(|at| at <= now) {
                channel.expires_at = None;
                channel.member.fail(
                    "system",
                    "Token has expired; the channel begins anew with the next token.",
                );
                self.realtime.hub.leave(&channel.member);
            }
        }
    }

    fn door(&self) -> Door<'_> {
        Door {
            hub: &self.realtime.hub,
            keys: &self.realtime.keys,
            outbox: &self.outbox,
            api_key: &self.api_key,
        }
    }

    fn refuse(&self, frame: &Frame, reason: &str) {
        self.answer(frame, &frames::refused(reason));
    }

    /// Answers a frame that asked for an answer.
    fn answer(&self, frame: &Frame, payload: &str) {
        if frame.reference.is_none() {
            return;
        }
        self.outbox.send(Outgoing {
            join_ref: frame.join_ref.as_deref(),
            reference: frame.reference.as_deref(),
            topic: &frame.topic,
            event: "phx_reply",
            payload,
        });
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        for channel in self.channels.values() {
            self.realtime.hub.leave(&channel.member);
        }
    }
}

impl Second {
    fn allows_frame(&mut self) -> bool {
        if self.began.elapsed() >= Duration::from_secs(1) {
            *self = Self {
                began: Instant::now(),
                frames: 0,
                joins: 0,
            };
        }
        self.frames += 1;
        self.frames <= FRAMES
    }

    fn allows_join(&mut self) -> bool {
        self.joins += 1;
        self.joins <= JOINS
    }
}

fn length(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) => bytes.len(),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => 0,
    }
}
