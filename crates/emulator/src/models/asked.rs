//! What a model is asked, whichever way it came.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::schema;

/// Whose dialect a call speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// `OpenAI`, Chat Completions and Responses.
    Openai,
    /// `DeepSeek`.
    Deepseek,
}

/// One turn of the conversation.
#[derive(Debug, Clone)]
pub struct Turn {
    /// `system`, `developer`, `user`, `assistant` …
    pub role: String,
    /// Its text; the parts of a turn in parts are joined by newlines.
    pub text: String,
}

/// A question to a model.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whose dialect.
    pub provider: Provider,
    /// The model, without the part that names a scenario.
    pub model: String,
    /// The conversation, oldest first.
    pub turns: Vec<Turn>,
    /// The schema that the answer is to have: the request's, else one that the prompt gives.
    pub schema: Option<Value>,
    /// Whether the answer is to be JSON: a schema is given or JSON mode is on.
    pub json: bool,
    /// Drawn from the emulator's seed and the question: the same question has the same seed.
    pub seed: u64,
}

impl Asked {
    /// The text of the system and developer turns.
    #[must_use]
    pub fn system(&self) -> String {
        self.of(|role| matches!(role, "system" | "developer"))
    }

    /// The text of the user turns.
    #[must_use]
    pub fn user(&self) -> String {
        self.of(|role| role == "user")
    }

    fn of(&self, wanted: impl Fn(&str) -> bool) -> String {
        let texts: Vec<&str> = self
            .turns
            .iter()
            .filter(|turn| wanted(&turn.role))
            .map(|turn| turn.text.as_str())
            .collect();
        texts.join("\n\n")
    }

    /// SHA-256 of what the model reads, in hex.
    pub(super) fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let turns = self.turns.iter().flat_map(|turn| [&turn.role, &turn.text]);
        for part in std::iter::once(&self.model).chain(turns) {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        hash.update(schema::canonical(&self.schema).to_string());
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Tokens of everything that the model reads.
    pub(super) fn tokens(&self) -> usize {
        let turns: usize = self.turns.iter().map(|turn| tokens(&turn.text)).sum();
        let schema = self.schema.as_ref().map(Value::to_string);
        turns + schema.map_or(0, |schema| tokens(&schema))
    }
}

/// A token is four characters here, as a tokenizer makes of English on average.
pub(super) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}

/// The tokens of a text.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters
        .chunks(4)
        .map(|piece| piece.iter().collect())
        .collect()
}
