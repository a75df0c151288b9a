//! Running a request in one transaction as its caller.

use coach::caller::{self, Caller};
use durable::Transaction;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::compiler::{Compiler, Extent, allow_arguments};
use super::error::{Failure, GraphqlError, internal};
use super::request::Request;
use super::schema::Schema;
use super::selection::{Unfold, Wanted};
use super::statement::Statement;
use super::{catalogue, introspection};

/// How much an answer may weigh, in bytes of JSON.
const LARGEST: usize = 16 * 1024 * 1024;

/// What a request is answered with: fields in the order they were asked for, and what went wrong with the others.
#[derive(Default)]
pub(super) struct Answer {
    data: Vec<(String, Box<RawValue>)>,
    errors: Vec<GraphqlError>,
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Data<'a>(&'a [(String, Box<RawValue>)]);
        impl Serialize for Data<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
            }
        }
        let mut map = serializer.serialize_map(None)?;
        match self.data.is_empty() {
            true => map.serialize_entry("data", &())?,
            false => map.serialize_entry("data", &Data(&self.data))?,
        }
        if !self.errors.is_empty() {
            let errors: Vec<_> = self.errors.iter().map(GraphqlError::to_json).collect();
            map.serialize_entry("errors", &errors)?;
        }
        map.end()
    }
}

/// Answers a request as `caller`: a query reads only, a mutation happens as a whole or not at all.
///
/// # Errors
/// When nothing can be answered.
pub(super) async fn run(
    pool: &coach::Pool,
    caller: &Caller,
    request: &Request,
) -> Result<Answer, Failure> {
    let mut transaction = caller::begin(pool, caller).await?;
    if !request.is_mutation() {
        sqlx::query("set transaction read only")
            .execute(&mut *transaction)
            .await?;
    }
    let schema = Schema::new(&catalogue::read(&mut transaction).await?);
    let unfold = Unfold::new(request);
    let wanted = unfold.fields(
        &[&request.operation.selection_set],
        request.root_type(),
        false,
    )?;
    if wanted.is_empty() {
        return Err(GraphqlError::new("Selection set must not be empty").into());
    }
    let answer = match request.is_mutation() {
        true => mutate(&mut transaction, &schema, &unfold, &wanted).await?,
        false => query(&mut transaction, &schema, &unfold, &wanted).await?,
    };
    transaction.commit().await?;
    Ok(answer)
}

/// Every field by itself: one that cannot be answered leaves the others alone, unless the database refuses it.
async fn query<'c>(
    transaction: &mut Transaction,
    schema: &'c Schema,
    unfold: &'c Unfold<'c>,
    wanted: &[Wanted<'c>],
) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let mut introspected = introspection::Introspected::default();
    for field in wanted {
        let mut compiler = Compiler::new(schema, unfold);
        let value = match field.name {
            "__typename" => Ok(text_value("Query")?),
            "__schema" | "__type" => introspected.field(schema, unfold.request, field.key),
            _ => match compiler.query_field(field) {
                Ok(text) => Ok(fetch(transaction, compiler.statement, None, &text).await?),
                Err(error) => Err(error),
            },
        };
        match value {
            Ok(value) => answer.data.push((field.key.to_owned(), value)),
            Err(error) => answer.errors.push(error),
        }
    }
    Ok(answer)
}

/// One field after the other; the first that fails undoes all.
async fn mutate<'c>(
    transaction: &mut Transaction,
    schema: &'c Schema,
    unfold: &'c Unfold<'c>,
    wanted: &[Wanted<'c>],
) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    for field in wanted {
        let value = match field.name {
            "__typename" => text_value("Mutation")?,
            _ => write(transaction, schema, unfold, field).await?,
        };
        answer.data.push((field.key.to_owned(), value));
    }
    Ok(answer)
}

async fn write<'c>(
    transaction: &mut Transaction,
    schema: &'c Schema,
    unfold: &'c Unfold<'c>,
    field: &Wanted<'c>,
) -> Result<Box<RawValue>, Failure> {
    let mut compiler = Compiler::new(schema, unfold);
    let named = |is_it: &dyn Fn(&super::schema::Table) -> bool| schema.table(is_it);
    let mutation = if let Some(table) =
        named(&|table| table.insertable() && table.insert_into() == field.name)
    {
        compiler.insert(table, field)?
    } else if let Some(table) = named(&|table| table.updatable() && table.update() == field.name) {
        compiler.update(table, field)?
    } else if let Some(table) = named(&|table| table.deletable && table.delete_from() == field.name)
    {
        compiler.delete(table, field)?
    } else {
        return Err(GraphqlError::unknown_field(field.name, "Mutation").into());
    };
    let answer = fetch(
        transaction,
        compiler.statement,
        Some(&mutation.with),
        &mutation.select,
    )
    .await?;
    let (touched, value): (i64, Box<RawValue>) =
        serde_json::from_str(answer.get()).map_err(|_| internal())?;
    match mutation.at_most {
        Some((most, sentence)) if touched > most => Err(GraphqlError::new(sentence).into()),
        _ => Ok(value),
    }
}

impl<'c> Compiler<'c> {
    /// The statement of a field of the root.
    fn query_field(&mut self, field: &Wanted<'c>) -> Result<String, GraphqlError> {
        let schema = self.schema;
        if let Some(table) = schema.table(|table| table.collection() == field.name) {
            let collection = self.collection(table, field, None, Extent::root())?;
            return Ok(format!("select {collection}"));
        }
        if let Some(table) = schema.table(|table| table.by_pk() == field.name) {
            return self.node_by_key(table, field);
        }
        match field.name {
            "node" => self.node_by_id(field),
            "heartbeat" => {
                allow_arguments(field.arguments, |_| false)?;
                Ok("select pg_catalog.to_jsonb(pg_catalog.now())".to_owned())
            }
            unknown => Err(GraphqlError::unknown_field(unknown, "Query")),
        }
    }
}

/// Runs a statement that answers with one JSON value, or with no row: null. `with` is what must stand at its beginning.
async fn fetch(
    transaction: &mut Transaction,
    statement: Statement,
    with: Option<&str>,
    select: &str,
) -> Result<Box<RawValue>, Failure> {
    // What is too large does not even leave the database.
    let text = format!(
        "with {}answers as (select ({select})::text as answer) \
         select case when pg_catalog.octet_length(answer) > {LARGEST} then '' else answer end from answers",
        with.map(|with| format!("{with}, ")).unwrap_or_default()
    );
    let answer: Option<String> = statement
        .query::<Option<String>>(text)
        .fetch_one(&mut **transaction)
        .await?;
    match answer {
        None => raw("null"),
        Some(answer) if answer.is_empty() => {
            Err(GraphqlError::too_large("its answer would be over 16 MiB").into())
        }
        Some(answer) => raw(&answer),
    }
}

fn raw(json: &str) -> Result<Box<RawValue>, Failure> {
    RawValue::from_string(json.to_owned()).map_err(|_| internal().into())
}

fn text_value(text: &str) -> Result<Box<RawValue>, Failure> {
    serde_json::value::to_raw_value(text).map_err(|_| internal().into())
}
