//! `…Collection`: a page of rows, with cursors to the next.

use super::compiler::{Compiler, Extent, allow_arguments, pair, type_name_pair};
use super::error::GraphqlError;
use super::input::Input;
use super::node::{join, selectable};
use super::order::{self, Key};
use super::schema::{Relation, Table};
use super::selection::Wanted;
use super::statement::object;

/// The arguments of a collection.
pub(super) const ARGUMENTS: [&str; 7] = [
    "first", "last", "before", "after", "offset", "filter", "orderBy",
];

/// Which part of the rows is wanted.
struct Page {
    limit: u64,
    offset: u64,
    /// From the end: `last` or `before`.
    backward: bool,
    cursor: Option<String>,
}

/// The pieces of SQL that the parts of an answer are made of.
struct Pieces<'c> {
    /// The page and one row more, numbered in `place`; a subquery's name.
    rows: String,
    /// Whether the row belongs to the page.
    in_page: String,
    keys: Vec<Key<'c>>,
    page: Page,
    /// `select … from` all rows that pass the filter, without the page.
    everything: String,
    /// Which of everything comes behind the cursor.
    behind: Option<String>,
}

impl<'c> Compiler<'c> {
    /// The collection as one JSON value: a scalar subquery. `parent` is the row that the collection hangs on.
    ///
    /// # Errors
    /// When arguments contradict each other or ask for what is not there.
    pub(super) fn collection(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
        parent: Option<(&Relation, &str)>,
        extent: Extent,
    ) -> Result<String, GraphqlError> {
        allow_arguments(field.arguments, |name| ARGUMENTS.contains(&name))?;
        let page = self.page(field)?;
        let keys = order::order(table, self.argument(field, "orderBy")?.as_ref())?;
        let in_direction = match page.backward {
            true => order::reversed(&keys),
            false => keys.clone(),
        };
        let (block, rows) = (self.statement.block(), self.statement.block());
        let filter = self.argument(field, "filter")?;
        let passes = self.filter(table, filter.as_ref(), &block)?;
        let belongs = parent.map_or_else(
            || "true".to_owned(),
            |(relation, parent)| join(relation, parent, &block),
        );
        let everything = format!("from {} as {block} where {belongs} and {passes}", table.sql);
        let behind = match &page.cursor {
            Some(cursor) => Some(self.behind(&in_direction, cursor, &block)?),
            None => None,
        };
        let source = format!(
            "select *, pg_catalog.row_number() over () as __place from (select {} {everything} and {} \
             order by {} limit {} offset {}) as page",
            selectable(table),
            behind.as_deref().unwrap_or("true"),
            order::clause(&in_direction, &block),
            page.limit.saturating_add(1),
            page.offset,
        );
        let inner = self.count_rows(extent, page.limit)?;
        let pieces = Pieces {
            in_page: format!("{rows}.__place <= {}", page.limit),
            rows: rows.clone(),
            keys,
            page,
            everything,
            behind,
        };
        let mut pairs = Vec::new();
        let type_name = format!("{}Connection", table.type_name);
        for wanted in self.unfold.fields_of(field, &type_name, false)? {
            let value = match wanted.name {
                "edges" => self.edges(table, &wanted, &pieces, inner)?,
                "pageInfo" => self.page_info(&wanted, &pieces)?,
                "totalCount" => {
                    format!("(select pg_catalog.count(*) {})", pieces.everything)
                }
                "__typename" => {
                    pairs.push(type_name_pair(wanted.key, &type_name));
                    continue;
                }
                unknown => return Err(GraphqlError::unknown_field(unknown, &type_name)),
            };
            pairs.push(pair(wanted.key, &value));
        }
        // Without a field that aggregates, HAVING alone makes it one row.
        Ok(format!(
            "(select {} from ({source}) as {rows} having true)",
            object(&pairs)
        ))
    }

    fn page(&self, field: &Wanted<'c>) -> Result<Page, GraphqlError> {
        let contradiction = |what: &'static str| Err(GraphqlError::new(what));
        let (first, last) = (self.count(field, "first")?, self.count(field, "last")?);
        let offset = self.count(field, "offset")?;
        let cursor = |name| match self.argument(field, name)? {
            None | Some(Input::Null) => Ok(None),
            Some(Input::Text(cursor)) => Ok(Some(cursor)),
            Some(_) => Err(GraphqlError::new("Invalid input for Cursor type")),
        };
        let (before, after) = (cursor("before")?, cursor("after")?);
        if first.is_some() && last.is_some() {
            return contradiction("only one of \"first\" and \"last\" may be provided");
        }
        if before.is_some() && after.is_some() {
            return contradiction("only one of \"before\" and \"after\" may be provided");
        }
        if first.is_some() && before.is_some() {
            return contradiction("\"first\" may only be used with \"after\"");
        }
        if last.is_some() && after.is_some() {
            return contradiction("\"last\" may only be used with \"before\"");
        }
        if offset.is_some() && (last.is_some() || before.is_some()) {
            return contradiction("\"offset\" may only be used with \"first\" and \"after\"");
        }
        let most = self.schema.max_rows;
        Ok(Page {
            limit: first.or(last).unwrap_or(most).min(most),
            offset: offset.unwrap_or(0).min(u64::from(u32::MAX)),
            backward: last.is_some() || before.is_some(),
            cursor: before.or(after),
        })
    }

    fn edges(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
        pieces: &Pieces<'c>,
        extent: Extent,
    ) -> Result<String, GraphqlError> {
        let type_name = format!("{}Edge", table.type_name);
        let mut pairs = Vec::new();
        for wanted in self.unfold.fields_of(field, &type_name, false)? {
            pairs.push(match wanted.name {
                "cursor" => pair(wanted.key, &order::cursor(&pieces.keys, &pieces.rows)),
                "node" => {
                    let node = self.node(table, &wanted, &pieces.rows, extent)?;
                    pair(wanted.key, &node)
                }
                "__typename" => type_name_pair(wanted.key, &type_name),
                unknown => return Err(GraphqlError::unknown_field(unknown, &type_name)),
            });
        }
        Ok(format!(
            "coalesce(pg_catalog.jsonb_agg({} order by {}.__place {}) filter (where {}), '[]')",
            object(&pairs),
            pieces.rows,
            pieces.in_order(),
            pieces.in_page
        ))
    }

    fn page_info(&self, field: &Wanted<'c>, pieces: &Pieces<'c>) -> Result<String, GraphqlError> {
        let mut pairs = Vec::new();
        for wanted in self.unfold.fields_of(field, "PageInfo", false)? {
            let value = match wanted.name {
                "startCursor" => pieces.cursor_at(true),
                "endCursor" => pieces.cursor_at(false),
                "hasNextPage" => pieces.has_more(!pieces.page.backward),
                "hasPreviousPage" => pieces.has_more(pieces.page.backward),
                "__typename" => {
                    pairs.push(type_name_pair(wanted.key, "PageInfo"));
                    continue;
                }
                unknown => return Err(GraphqlError::unknown_field(unknown, "PageInfo")),
            };
            pairs.push(pair(wanted.key, &value));
        }
        Ok(object(&pairs))
    }
}

impl Pieces<'_> {
    /// The direction in which the places must be read so that the rows come in the order that was asked for.
    fn in_order(&self) -> &'static str {
        if self.page.backward { "desc" } else { "asc" }
    }

    fn cursor_at(&self, start: bool) -> String {
        let direction = if start == self.page.backward {
            "desc"
        } else {
            "asc"
        };
        format!(
            "(pg_catalog.array_agg({} order by {}.__place {direction}) filter (where {}))[1]",
            order::cursor(&self.keys, &self.rows),
            self.rows,
            self.in_page
        )
    }

    /// Whether there are rows beyond the page: ahead, where one row more was fetched; or behind, which only a cursor or an
    /// offset can have left there.
    fn has_more(&self, ahead: bool) -> String {
        let rows = &self.rows;
        if ahead {
            return format!("coalesce(pg_catalog.bool_or(not {}), false)", self.in_page);
        }
        let left_behind = match &self.behind {
            _ if self.page.offset > 0 => "true".to_owned(),
            Some(behind) => {
                format!(
                    "exists (select {} and ({behind}) is not true)",
                    self.everything
                )
            }
            None => "false".to_owned(),
        };
        format!(
            "(pg_catalog.count({rows}.__place) filter (where {}) > 0 and {left_behind})",
            self.in_page
        )
    }
}
