//! The resources of a request as a tree: what is asked of each, and how those below belong to those above.

use super::catalogue::{Catalogue, Column, Relationship, Table};
use super::error::RestError;
use super::request::{Condition, Embed, Field, OrderTerm, Part, Query, SelectItem};

/// Where rows come from: a table, or what a function returns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relation<'c> {
    pub(super) name: &'c str,
    pub(super) columns: &'c [Column],
    /// The table whose foreign keys the rows have.
    pub(super) table: Option<&'c Table>,
}

/// One resource.
#[derive(Debug)]
pub(super) struct Node<'c> {
    /// Unique within the tree.
    pub(super) number: usize,
    pub(super) relation: Relation<'c>,
    pub(super) items: Vec<Item>,
    pub(super) embedded: Vec<Embedded<'c>>,
    pub(super) filters: Vec<Condition>,
    pub(super) order: Vec<OrderTerm>,
    pub(super) limit: Option<i64>,
    pub(super) offset: i64,
}

/// One thing to come back, in the order asked for.
#[derive(Debug)]
pub(super) enum Item {
    All,
    Field {
        field: Field,
        alias: Option<String>,
        cast: Option<String>,
    },
    /// By its place in [`Node::embedded`].
    Embedded(usize),
}

/// A resource that belongs to the one above.
#[derive(Debug)]
pub(super) struct Embedded<'c> {
    pub(super) name: String,
    target: String,
    pub(super) is_inner: bool,
    pub(super) is_spread: bool,
    pub(super) relationship: Relationship<'c>,
    pub(super) node: Node<'c>,
}

impl<'c> Relation<'c> {
    pub(super) fn of_table(table: &'c Table) -> Self {
        Self {
            name: &table.name,
            columns: &table.columns,
            table: Some(table),
        }
    }

    /// The column of that name.
    ///
    /// # Errors
    /// 42703, as PostgreSQL would say it.
    pub(super) fn column(&self, name: &str) -> Result<&'c Column, RestError> {
        self.columns
            .iter()
            .find(|column| column.name == name)
            .ok_or_else(|| RestError::unknown_column(self.name, name))
    }
}

/// Puts what `query` asks for into a tree whose root is `relation`; at most `max_rows` come back of each resource.
///
/// # Errors
/// PGRST200, PGRST201, PGRST119 about what is embedded, PGRST108 about what is not.
pub(super) fn grow<'c>(
    catalogue: &'c Catalogue,
    relation: Relation<'c>,
    query: Query,
    max_rows: Option<i64>,
) -> Result<Node<'c>, RestError> {
    let mut count = 0;
    let mut root = node(catalogue, relation, query.select, max_rows, &mut count)?;
    for (path, part) in query.parts {
        root.find(&path)?.take(part);
    }
    Ok(root)
}

fn node<'c>(
    catalogue: &'c Catalogue,
    relation: Relation<'c>,
    select: Vec<SelectItem>,
    max_rows: Option<i64>,
    count: &mut usize,
) -> Result<Node<'c>, RestError> {
    let number = *count;
    *count += 1;
    let (mut items, mut embedded) = (Vec::new(), Vec::new());
    for item in select {
        match item {
            SelectItem::All => items.push(Item::All),
            SelectItem::Field { field, alias, cast } => {
                items.push(Item::Field { field, alias, cast });
            }
            SelectItem::Embed(embed) => {
                if !embed.items.is_empty() {
                    items.push(Item::Embedded(embedded.len()));
                }
                embedded.push(embed_in(catalogue, relation, embed, max_rows, count)?);
            }
        }
    }
    Ok(Node {
        number,
        relation,
        items,
        embedded,
        filters: Vec::new(),
        order: Vec::new(),
        limit: max_rows,
        offset: 0,
    })
}

fn embed_in<'c>(
    catalogue: &'c Catalogue,
    above: Relation<'c>,
    embed: Embed,
    max_rows: Option<i64>,
    count: &mut usize,
) -> Result<Embedded<'c>, RestError> {
    let name = embed.name().to_owned();
    let relationship = match above.table {
        Some(table) => catalogue.relationship(table, &embed.target, embed.hint.as_deref())?,
        None => return Err(RestError::no_relationship(above.name, &embed.target, None)),
    };
    if embed.is_spread && relationship.is_to_many {
        return Err(RestError::new(
            400,
            "PGRST119",
            format!("A spread operation on '{name}' is not possible"),
        )
        .details(not_to_one(above.name, &name)));
    }
    let target = Relation::of_table(relationship.target);
    Ok(Embedded {
        name,
        target: embed.target,
        is_inner: embed.is_inner,
        is_spread: embed.is_spread,
        node: node(catalogue, target, embed.items, max_rows, count)?,
        relationship,
    })
}

/// Why a thing that wants a single row cannot be done.
pub(super) fn not_to_one(above: &str, below: &str) -> String {
    format!("'{above}' and '{below}' do not form a many-to-one or one-to-one relationship")
}

impl<'c> Node<'c> {
    /// The resource that `path` leads to.
    fn find(&mut self, path: &[String]) -> Result<&mut Self, RestError> {
        let Some((first, rest)) = path.split_first() else {
            return Ok(self);
        };
        let place = self
            .place_of(first)
            .ok_or_else(|| RestError::not_embedded(first))?;
        self.embedded[place].node.find(rest)
    }

    /// What is embedded under this name, or else from this table.
    pub(super) fn embedded(&self, name: &str) -> Option<&Embedded<'c>> {
        self.place_of(name)
            .and_then(|place| self.embedded.get(place))
    }

    fn place_of(&self, name: &str) -> Option<usize> {
        let named = self
            .embedded
            .iter()
            .position(|embedded| embedded.name == name);
        named.or_else(|| {
            self.embedded
                .iter()
                .position(|embedded| embedded.target == name)
        })
    }

    fn take(&mut self, part: Part) {
        match part {
            Part::Filter(condition) => self.filters.push(condition),
            Part::Order(order) => self.order = order,
            Part::Limit(limit) => self.limit = Some(self.limit.map_or(limit, |max| limit.min(max))),
            Part::Offset(offset) => self.offset = offset,
        }
    }
}
