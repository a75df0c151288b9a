//! The prompts' schemas as the model door takes them.

use coach::prompt::Prompt;
use llm::Schema;
use serde_json::Value;

pub(crate) fn schema(prompt: Prompt) -> Schema {
    let schema = Schema::new(prompt.name(), prompt.schema()).expect("a schema");
    schema
        .with_example(prompt.example())
        .expect("an example of it")
}

/// Where a value is not an answer of the prompt; empty where it is.
pub(crate) fn mismatches(prompt: Prompt, value: &Value) -> Vec<String> {
    let found = schema(prompt).mismatches(value);
    found
        .into_iter()
        .map(|one| format!("{}: {}", one.path, one.message))
        .collect()
}
