//! A model for tests: answers what it is told to, in pieces, at once, without a network.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    Answer, Class, Endpoint, Error, Estimate, Fault, Handle, InvalidEndpoint, Journal, Model,
    Reply, Request, Resume,
    call::{Call, Line, Read, Unsaid},
};

/// What it answers to one call.
#[derive(Debug, Clone, PartialEq)]
pub enum Script {
    /// This text; an answer if it is JSON of the request's schema.
    Text(String),
    /// No answer.
    Fail(Class),
}

/// Which call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Its number, from 0.
    pub number: u64,
    /// A random number that depends on the seed and the turn alone.
    pub draw: u64,
}

/// After so many bytes the journal is told.
const PIECE: usize = 64;

type Author = Box<dyn Fn(&Request, Turn) -> Script + Send + Sync>;

/// The scripted model. Gives a handle for every call and keeps what it answered, so that a resumed call costs no new turn.
pub struct Scripted {
    line: Line,
    seed: u64,
    author: Author,
    given: Mutex<BTreeMap<String, Script>>,
}

impl Scripted {
    /// A model that answers what the author writes for each turn. Of the endpoint only the names and the
    /// prices are used; its address may be any URL.
    ///
    /// # Errors
    /// [`InvalidEndpoint`].
    pub fn new(
        endpoint: &Endpoint,
        seed: u64,
        author: impl Fn(&Request, Turn) -> Script + Send + Sync + 'static,
    ) -> Result<Self, InvalidEndpoint> {
        Ok(Self {
            line: Line::new(endpoint)?,
            seed,
            author: Box::new(author),
            given: Mutex::default(),
        })
    }

    /// A model that answers these in their order, and the last one for ever.
    ///
    /// # Errors
    /// [`InvalidEndpoint`].
    pub fn reading(
        endpoint: &Endpoint,
        seed: u64,
        scripts: Vec<Script>,
    ) -> Result<Self, InvalidEndpoint> {
        Self::new(endpoint, seed, move |_, turn| {
            let turn = usize::try_from(turn.number).unwrap_or(usize::MAX);
            let script = scripts.get(turn).or(scripts.last());
            script.cloned().unwrap_or(Script::Fail(Class::Empty))
        })
    }

    /// How many calls were paid: resumed ones were not.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.given
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len() as u64
    }

    /// The handle and what was, or is now, written for it.
    fn script(&self, request: &Request, resume: Option<&Resume>) -> Option<(String, Script)> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(resume) = resume {
            let (id, script) = given.get_key_value(&resume.handle.id)?;
            return Some((id.clone(), script.clone()));
        }
        let number = given.len() as u64;
        let draw = mixed(self.seed ^ mixed(number));
        let script = (self.author)(request, Turn { number, draw });
        let id = format!("scripted-{number}");
        given.insert(id.clone(), script.clone());
        Some((id, script))
    }

    async fn answer(
        &self,
        request: &Request,
        journal: &mut dyn Journal,
        resume: Option<Resume>,
    ) -> Result<Answer, Error> {
        let mut call = Call::new(&self.line, request);
        call.resumed = resume.is_some();
        let Some((id, script)) = self.script(request, resume.as_ref()) else {
            return Err(self.line.error(Fault::new(Class::HandleGone, "")));
        };
        let mut read = Read::default();
        let ended = tell(&mut call, &mut read, &id, script, journal).await;
        call.handle = None;
        call.conclude(read, ended)
    }
}

async fn tell(
    call: &mut Call<'_>,
    read: &mut Read,
    id: &str,
    script: Script,
    journal: &mut dyn Journal,
) -> Result<(), Fault> {
    if !call.resumed {
        call.accepted(id, journal).await?;
    }
    let text = match script {
        Script::Text(text) => text,
        Script::Fail(class) => return Err(Fault::new(class, "as the script says")),
    };
    call.unsaid = Unsaid::AsRead;
    for (number, letter) in text.char_indices() {
        read.text.push(letter);
        read.cursor = Some(number as u64);
        if (number + 1) % PIECE == 0 {
            call.tell(read, journal).await?;
        }
    }
    Ok(())
}

/// SplitMix64's last step: near numbers give far ones.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

impl Model for Scripted {
    fn provider(&self) -> &str {
        &self.line.provider
    }

    fn model(&self) -> &str {
        &self.line.model
    }

    fn ask<'a>(
        &'a self,
        request: &'a Request,
        journal: &'a mut dyn Journal,
        resume: Option<Resume>,
    ) -> Reply<'a, Result<Answer, Error>> {
        Box::pin(self.answer(request, journal, resume))
    }

    fn cancel<'a>(&'a self, handle: &'a Handle) -> Reply<'a, Result<(), Error>> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(script) = given.get_mut(&handle.id) {
            *script = Script::Fail(Class::HandleGone);
        }
        Box::pin(async { Ok(()) })
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.line.estimate(request, 1)
    }
}
