//! What a request to any of the endpoints says, read and checked as the providers do.

use serde_json::Value;

use super::{Provider, asked::Turn, refusal::Refusal, schema};

/// The form that an answer is to have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Format {
    Text,
    JsonObject,
    Schema(Value),
}

/// A checked request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) turns: Vec<Turn>,
    pub(super) format: Format,
    pub(super) stream: bool,
    /// Chat: a chunk with the usage is asked for.
    pub(super) include_usage: bool,
    /// Deltas carry a random text that hides their length.
    pub(super) obfuscate: bool,
    /// The most tokens of the answer, reasoning included.
    pub(super) most_tokens: Option<usize>,
    /// Tokens of thinking before the answer.
    pub(super) reasoning: usize,
}

/// A text, or the texts of a list of parts.
pub(super) fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

/// Fields that belong to another endpoint.
pub(super) fn refuse_strangers(
    body: &Value,
    strangers: &[(&str, &str)],
    endpoint: &str,
) -> Result<(), Refusal> {
    match strangers
        .iter()
        .find(|(field, _)| body.get(field).is_some())
    {
        None => Ok(()),
        Some((field, "")) => Err(Refusal::unsupported(
            field,
            format!("Unknown parameter: '{field}'."),
        )),
        Some((field, instead)) => Err(Refusal::unsupported(
            field,
            format!(
                "Unsupported parameter: '{field}'. In the {endpoint} API, this parameter has moved to '{instead}'. Try again with the new parameter."
            ),
        )),
    }
}

/// Reads a format whose fields are `name`, `strict` and `schema`; `param` is where it stands.
pub(super) fn schema_format(format: &Value, param: &str) -> Result<Format, Refusal> {
    let name = format["name"].as_str().unwrap_or_default();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
        return Err(Refusal::invalid(
            Some(&format!("{param}.name")),
            format!(
                "Invalid '{param}.name': 1 to 64 characters of a-z, A-Z, 0-9, _ and - are right."
            ),
        ));
    }
    let schema = &format["schema"];
    if !schema.is_object() {
        return Err(Refusal::invalid(
            Some(&format!("{param}.schema")),
            format!("Missing required parameter: '{param}.schema'."),
        ));
    }
    if format["strict"] == true {
        schema::check_strict(schema).map_err(|found| {
            let param = param.split('.').next().filter(|root| *root != "text");
            Refusal::invalid(
                Some(param.unwrap_or("text.format.schema")),
                format!("Invalid schema for response_format '{name}': {found}"),
            )
        })?;
    }
    Ok(Format::Schema(schema.clone()))
}

/// JSON mode needs the word "json" in the conversation.
pub(super) fn check_json_word(turns: &[Turn], param: &str) -> Result<(), Refusal> {
    let said = turns
        .iter()
        .any(|turn| turn.text.to_ascii_lowercase().contains("json"));
    match said {
        true => Ok(()),
        false => Err(Refusal::invalid(
            Some(param),
            format!(
                "'{param}' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
            ),
        )),
    }
}

/// 16 pairs at most, names of 64 and texts of 512 characters; `safety_identifier` and `prompt_cache_key` of 64.
pub(super) fn check_labels(body: &Value) -> Result<(), Refusal> {
    let too_long = |field: &str, most: usize| {
        let text = body[field].as_str().unwrap_or_default();
        (text.chars().count() > most).then(|| {
            Refusal::invalid(
                Some(field),
                format!("Invalid '{field}': string too long. Expected a string with maximum length {most}."),
            )
        })
    };
    if let Some(refusal) = too_long("safety_identifier", 64) {
        return Err(refusal);
    }
    let Some(pairs) = body["metadata"].as_object() else {
        return Ok(());
    };
    let fits = |(name, value): (&String, &Value)| {
        name.chars().count() <= 64
            && value
                .as_str()
                .is_some_and(|text| text.chars().count() <= 512)
    };
    match pairs.len() <= 16 && pairs.iter().all(fits) {
        true => Ok(()),
        false => Err(Refusal::invalid(
            Some("metadata"),
            "Invalid 'metadata': at most 16 pairs, names of 64 and texts of 512 characters.",
        )),
    }
}

/// An optional number of tokens, 1 at least.
pub(super) fn most_tokens(body: &Value, field: &str, least: u64) -> Result<Option<usize>, Refusal> {
    match &body[field] {
        Value::Null => Ok(None),
        number => match number.as_u64() {
            Some(number) if number >= least => Ok(Some(number as usize)),
            _ => Err(Refusal::invalid(
                Some(field),
                format!("Invalid '{field}': an integer of {least} or more is right, not {number}."),
            )),
        },
    }
}

/// How long a model of this effort thinks here, in tokens.
pub(super) fn reasoning_tokens(effort: &Value, param: &str) -> Result<usize, Refusal> {
    match effort.as_str() {
        None if effort.is_null() => Ok(0),
        Some("none") => Ok(0),
        Some("minimal") => Ok(8),
        Some("low") => Ok(32),
        Some("medium") => Ok(64),
        Some("high") => Ok(128),
        Some("xhigh") => Ok(256),
        Some("max") => Ok(512),
        _ => Err(Refusal::invalid(
            Some(param),
            format!(
                "Invalid value: {effort}. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'."
            ),
        )),
    }
}

pub(super) fn missing(field: &str, provider: Provider) -> Refusal {
    match provider {
        Provider::Openai => Refusal::invalid(
            Some(field),
            format!("Missing required parameter: '{field}'."),
        ),
        Provider::Deepseek => Refusal::invalid(
            None,
            format!("Failed to deserialize the JSON body: missing field `{field}`"),
        ),
    }
}
