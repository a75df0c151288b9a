//! `__schema` and `__type`: the schema as text, asked by a library that knows GraphQL's own types.

use apollo_compiler::introspection::{check_max_depth, partial_execute};
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema as ParsedSchema};
use serde_json::value::RawValue;

use super::error::{GraphqlError, internal};
use super::request::Request;
use super::schema::Schema;
use super::sdl;

/// The answer to the introspective fields of a request, made once.
#[derive(Default)]
pub(super) struct Introspected(Option<Result<JsonMap, GraphqlError>>);

impl Introspected {
    /// What is answered under `key`.
    ///
    /// # Errors
    /// When the query does not fit the schema, or nests lists of types too deeply.
    pub(super) fn field(
        &mut self,
        schema: &Schema,
        request: &Request,
        key: &str,
    ) -> Result<Box<RawValue>, GraphqlError> {
        let answer = self.0.get_or_insert_with(|| introspect(schema, request));
        let value = answer.as_ref().map_err(Clone::clone)?.get(key);
        let text = value.map_or_else(|| "null".to_owned(), ToString::to_string);
        RawValue::from_string(text).map_err(|_| internal())
    }
}

fn introspect(schema: &Schema, request: &Request) -> Result<JsonMap, GraphqlError> {
    let schema =
        ParsedSchema::parse_and_validate(sdl::text(schema), "schema").map_err(|invalid| {
            tracing::error!(error = %invalid.errors, "the schema that was made is not valid");
            internal()
        })?;
    let document = ExecutableDocument::parse_and_validate(&schema, &request.text, "query")
        .map_err(|invalid| {
            let first = invalid.errors.iter().next();
            GraphqlError::new(first.map_or_else(String::new, |error| error.error.to_string()))
        })?;
    execute(&schema, &document, request).map_err(GraphqlError::new)
}

fn execute(
    schema: &Valid<ParsedSchema>,
    document: &Valid<ExecutableDocument>,
    request: &Request,
) -> Result<JsonMap, String> {
    let name = request.operation.name.as_ref().map(|name| name.as_str());
    let operation = document
        .operations
        .get(name)
        .map_err(|error| error.message().to_string())?;
    check_max_depth(document, operation).map_err(|error| error.message().to_string())?;
    let given = serde_json::to_string(&request.variables)
        .ok()
        .and_then(|text| serde_json::from_str::<JsonMap>(&text).ok())
        .unwrap_or_default();
    let variables = coerce_variable_values(schema, operation, &given)
        .map_err(|error| error.message().to_string())?;
    let answer = partial_execute(
        schema,
        &schema.implementers_map(),
        document,
        operation,
        &variables,
    )
    .map_err(|error| error.message().to_string())?;
    answer
        .data
        .ok_or_else(|| "The schema cannot be read".to_owned())
}
