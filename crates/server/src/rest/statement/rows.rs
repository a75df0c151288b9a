//! The rows of a resource as a SELECT, with what is embedded in them.

use super::cast::type_name;
use super::condition::asks_for_presence;
use super::{Parameters, qualified, quoted};
use crate::rest::error::RestError;
use crate::rest::request::{Field, OrderTerm};
use crate::rest::tree::{Embedded, Item, Node, Relation, not_to_one};

/// The clauses of a SELECT that is used twice: for a page of the rows, and to count them all.
#[derive(Debug)]
pub(in crate::rest) struct Rows {
    outputs: String,
    from: String,
    joins: String,
    /// Whether what is embedded decides over which rows there are.
    joins_decide: bool,
    conditions: String,
    page: String,
}

impl Rows {
    /// The rows that are asked for.
    pub(in crate::rest) fn page(&self) -> String {
        let Self {
            outputs,
            from,
            joins,
            conditions,
            page,
            ..
        } = self;
        format!("select {outputs} from {from}{joins}{conditions}{page}")
    }

    /// `what` of all rows, without limit.
    pub(in crate::rest) fn all(&self, what: &str) -> String {
        let joins = if self.joins_decide { &self.joins } else { "" };
        format!("select {what} from {}{joins}{}", self.from, self.conditions)
    }
}

impl Parameters {
    /// The rows of `node` out of `source`, a table or a subquery with the node's columns.
    ///
    /// # Errors
    /// 42703, 42704, PGRST118.
    pub(in crate::rest) fn rows(
        &mut self,
        node: &Node<'_>,
        source: &str,
    ) -> Result<Rows, RestError> {
        let alias = format!("t{}", node.number);
        let outputs = self.outputs(node, &alias)?;
        let mut joins = String::new();
        for embedded in &node.embedded {
            joins.push_str(&self.join(embedded, &alias)?);
        }
        let filters = self.filters(node, &alias)?;
        let joins_decide = node.embedded.iter().any(|embedded| embedded.is_inner)
            || node
                .filters
                .iter()
                .any(|condition| asks_for_presence(node, condition));
        Ok(Rows {
            outputs,
            from: format!("{source} as {alias}"),
            joins,
            joins_decide,
            conditions: where_all(&filters),
            page: self.order(node, &alias)? + &limits(node),
        })
    }

    fn outputs(&mut self, node: &Node<'_>, alias: &str) -> Result<String, RestError> {
        let mut outputs = Vec::new();
        for item in &node.items {
            outputs.push(match item {
                Item::All => format!("{alias}.*"),
                Item::Embedded(place) => shown(&node.embedded[*place]),
                Item::Field {
                    field,
                    alias: name,
                    cast,
                } => {
                    let mut sql = match counts(node, field) {
                        true => "count(*)".to_owned(),
                        false => self.field(node.relation, alias, field)?.sql,
                    };
                    if let Some(cast) = cast {
                        sql = format!("cast({sql} as {})", type_name(cast)?);
                    }
                    let name = name.as_deref().unwrap_or_else(|| field.name());
                    format!("{sql} as {}", quoted(name))
                }
            });
        }
        Ok(outputs.join(", "))
    }

    /// What belongs to a row, as a lateral join: its JSON, or its columns where they are spread.
    fn join(&mut self, embedded: &Embedded<'_>, above: &str) -> Result<String, RestError> {
        let node = &embedded.node;
        let (alias, number) = (format!("t{}", node.number), node.number);
        let mut rows = self.rows(node, &qualified(&embedded.relationship.target.name))?;
        let belongs = belongs(&embedded.relationship.columns, above, &alias);
        rows.conditions = match rows.conditions.strip_prefix(" where ") {
            Some(conditions) => format!(" where {belongs} and {conditions}"),
            None => format!(" where {belongs}"),
        };
        let page = rows.page();
        let body = match (embedded.is_spread, embedded.relationship.is_to_many) {
            (true, _) => page,
            (false, true) => format!("select json_agg(r.*) as json from ({page}) as r"),
            (false, false) => format!("select row_to_json(r.*) as json from ({page}) as r"),
        };
        Ok(match (embedded.is_inner, embedded.is_spread) {
            (true, false) => {
                format!(" join lateral ({body}) as e{number} on e{number}.json is not null")
            }
            (true, true) => format!(" join lateral ({body}) as e{number} on true"),
            (false, _) => format!(" left join lateral ({body}) as e{number} on true"),
        })
    }

    fn order(&mut self, node: &Node<'_>, alias: &str) -> Result<String, RestError> {
        let mut terms = Vec::new();
        for term in &node.order {
            let sql = match &term.of {
                None => self.field(node.relation, alias, &term.field)?.sql,
                Some(name) => self.field_of_related(node, alias, name, term)?,
            };
            terms.push(sql + &term.direction);
        }
        Ok(match terms.is_empty() {
            true => String::new(),
            false => format!(" order by {}", terms.join(", ")),
        })
    }

    /// The field of the one row that belongs to a row.
    fn field_of_related(
        &mut self,
        node: &Node<'_>,
        above: &str,
        name: &str,
        term: &OrderTerm,
    ) -> Result<String, RestError> {
        let embedded = node
            .embedded(name)
            .ok_or_else(|| RestError::not_embedded(name))?;
        let relationship = &embedded.relationship;
        if relationship.is_to_many {
            let message = format!("A related order on '{name}' is not possible");
            return Err(RestError::new(400, "PGRST118", message)
                .details(not_to_one(node.relation.name, name)));
        }
        let field = self.field(Relation::of_table(relationship.target), "r", &term.field)?;
        Ok(format!(
            "(select {} from {} as r where {})",
            field.sql,
            qualified(&relationship.target.name),
            belongs(&relationship.columns, above, "r")
        ))
    }
}

/// `entries(count)`: how many there are, unless a column has that name. The one aggregate that official clients use.
fn counts(node: &Node<'_>, field: &Field) -> bool {
    field.column == "count" && field.path.is_empty() && node.relation.column("count").is_err()
}

fn shown(embedded: &Embedded<'_>) -> String {
    let (number, name) = (embedded.node.number, quoted(&embedded.name));
    match (embedded.is_spread, embedded.relationship.is_to_many) {
        (true, _) => format!("e{number}.*"),
        (false, true) => format!("coalesce(e{number}.json, '[]') as {name}"),
        (false, false) => format!("e{number}.json as {name}"),
    }
}

fn belongs(columns: &[(&str, &str)], above: &str, below: &str) -> String {
    columns
        .iter()
        .map(|(here, there)| format!("{below}.{} = {above}.{}", quoted(there), quoted(here)))
        .collect::<Vec<_>>()
        .join(" and ")
}

/// ` where … and …`, nothing without conditions.
pub(super) fn where_all(conditions: &[String]) -> String {
    match conditions.is_empty() {
        true => String::new(),
        false => format!(" where {}", conditions.join(" and ")),
    }
}

fn limits(node: &Node<'_>) -> String {
    let limit = node
        .limit
        .map_or_else(String::new, |limit| format!(" limit {limit}"));
    match node.offset {
        0 => limit,
        offset => format!("{limit} offset {offset}"),
    }
}
