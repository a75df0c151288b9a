//! A request: the query, parsed within limits, the operation that is meant, and its variables.

use std::collections::HashMap;

use apollo_compiler::ast::{
    Definition, Document, FragmentDefinition, OperationDefinition, OperationType,
};
use apollo_compiler::parser::Parser;
use apollo_compiler::{Name, Node};
use serde_json::{Map, Value};

use super::error::GraphqlError;

/// How deep a query may be nested, in braces, brackets and lists together.
const DEPTH: usize = 64;
/// How many words and signs a query may have.
const TOKENS: usize = 20_000;

/// What a client asks for.
pub(super) struct Request {
    /// The query's text.
    pub(super) text: String,
    pub(super) operation: Node<OperationDefinition>,
    pub(super) fragments: HashMap<Name, Node<FragmentDefinition>>,
    /// Those that were given, and the defaults of the others.
    pub(super) variables: Map<String, Value>,
}

impl Request {
    /// Reads `{"query", "variables", "operationName"}`.
    ///
    /// # Errors
    /// When there is no query that could be read, or not one operation that could be meant.
    pub(super) fn read(mut body: Map<String, Value>) -> Result<Self, GraphqlError> {
        let Some(Value::String(text)) = body.remove("query") else {
            return Err(GraphqlError::new("Unable to parse query: there is none"));
        };
        let given = match body.remove("variables") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(given)) => given,
            Some(_) => return Err(GraphqlError::new("variables must be an object")),
        };
        let wanted = match body.remove("operationName") {
            Some(Value::String(name)) if !name.is_empty() => Some(name),
            _ => None,
        };
        let mut operations = Vec::new();
        let mut fragments = HashMap::new();
        for definition in parse(&text)?.definitions {
            match definition {
                Definition::OperationDefinition(operation) => operations.push(operation),
                Definition::FragmentDefinition(fragment) => {
                    fragments.insert(fragment.name.clone(), fragment);
                }
                _ => {
                    return Err(GraphqlError::new(
                        "A query may define operations and fragments only",
                    ));
                }
            }
        }
        let operation = choose(operations, wanted.as_deref())?;
        if operation.operation_type == OperationType::Subscription {
            return Err(GraphqlError::new("Subscriptions are not supported"));
        }
        let variables = variables(&operation, given)?;
        Ok(Self {
            text,
            operation,
            fragments,
            variables,
        })
    }

    pub(super) fn is_mutation(&self) -> bool {
        self.operation.operation_type == OperationType::Mutation
    }

    /// The type that the operation's fields belong to.
    pub(super) fn root_type(&self) -> &'static str {
        match self.is_mutation() {
            true => "Mutation",
            false => "Query",
        }
    }
}

fn parse(text: &str) -> Result<Document, GraphqlError> {
    Parser::new()
        .recursion_limit(DEPTH)
        .token_limit(TOKENS)
        .parse_ast(text, "query")
        .map_err(|failed| {
            let reason = failed.errors.iter().next().map(|error| {
                let place = error
                    .line_column_range()
                    .map(|range| format!(" at {}:{}", range.start.line, range.start.column));
                format!("{}{}", error.error, place.unwrap_or_default())
            });
            GraphqlError::new(format!(
                "Unable to parse query: {}",
                reason.unwrap_or_default()
            ))
        })
}

fn choose(
    operations: Vec<Node<OperationDefinition>>,
    wanted: Option<&str>,
) -> Result<Node<OperationDefinition>, GraphqlError> {
    let several = operations.len() > 1;
    if several && operations.iter().any(|operation| operation.name.is_none()) {
        return Err(GraphqlError::new(
            "Anonymous operations must be the only defined operation",
        ));
    }
    let mut meant = operations.into_iter().filter(|operation| match wanted {
        Some(name) => operation.name.as_deref() == Some(name),
        None => !several,
    });
    match (meant.next(), meant.next()) {
        (Some(operation), None) => Ok(operation),
        (Some(_), Some(_)) => Err(GraphqlError::new("Operation names must be unique")),
        (None, _) => Err(GraphqlError::new("Operation not found")),
    }
}

/// What was given of the declared variables, and the defaults of the rest. A variable that may not be null must be there: left
/// out, a filter that names it would let everything pass.
fn variables(
    operation: &OperationDefinition,
    mut given: Map<String, Value>,
) -> Result<Map<String, Value>, GraphqlError> {
    let mut variables = Map::new();
    for declared in &operation.variables {
        let name = declared.name.as_str();
        let value = match given.remove(name) {
            Some(value) => Some(value),
            None => match &declared.default_value {
                Some(default) => Some(constant(default)?),
                None => None,
            },
        };
        if declared.ty.is_non_null() && value.as_ref().is_none_or(Value::is_null) {
            return Err(GraphqlError::new(format!(
                "Variable \"${name}\" of required type \"{}\" was not provided.",
                declared.ty
            )));
        }
        if let Some(value) = value {
            variables.insert(name.to_owned(), value);
        }
    }
    Ok(variables)
}

fn constant(default: &apollo_compiler::ast::Value) -> Result<Value, GraphqlError> {
    // A default names no variable, and its JSON is what a client would have sent.
    let json = match super::input::Input::of_literal(default, &Map::new())? {
        Some(input) => input.to_json(),
        None => Value::Null,
    };
    Ok(json)
}
