//! What a model says when nobody plugged in a better one: a valid answer from the request alone.

use std::sync::Arc;

use serde_json::json;

use super::{Asked, asked::tokens, schema};

/// Answers a question; the text is streamed in tokens of four characters.
pub type Answer = Arc<dyn Fn(&Asked) -> String + Send + Sync>;

/// A minimal instance of the schema; without one `{"answer": …}` in JSON mode, else a sentence.
#[must_use]
pub fn minimal(asked: &Asked) -> String {
    let heard = format!(
        "The emulator heard {} tokens and says: weiter so.",
        tokens(&asked.user())
    );
    match &asked.schema {
        Some(schema) => schema::instance(schema, asked.seed).to_string(),
        None if asked.json => json!({ "answer": heard }).to_string(),
        None => heard,
    }
}
