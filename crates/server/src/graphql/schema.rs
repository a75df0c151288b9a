//! The GraphQL schema of one role: types, their fields, and which column or table stands behind each.

use super::catalogue::{Catalogue, ColumnRow, ForeignKey, TableRow};
use super::names;
use super::scalar::Scalar;
use super::statement::identifier;

/// How many rows a page has at most unless the comment of schema public says otherwise, as in pg_graphql.
const MAX_ROWS: u64 = 30;

/// What a role can ask for.
pub(super) struct Schema {
    pub(super) tables: Vec<Table>,
    pub(super) max_rows: u64,
}

/// A table with a primary key, and the role's rights on it.
pub(super) struct Table {
    pub(super) name: String,
    /// Quoted, with its schema.
    pub(super) sql: String,
    /// `workout_plans`, or `WorkoutPlans`.
    pub(super) type_name: String,
    pub(super) columns: Vec<Column>,
    /// Places in `columns`.
    pub(super) primary_key: Vec<usize>,
    pub(super) relations: Vec<Relation>,
    pub(super) deletable: bool,
}

/// A column that the role may select or write.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) field: String,
    /// Quoted.
    pub(super) sql: String,
    pub(super) scalar: Scalar,
    pub(super) is_list: bool,
    /// The declared type, quoted, with its schema.
    pub(super) sql_type: String,
    pub(super) not_null: bool,
    pub(super) selectable: bool,
    pub(super) insertable: bool,
    pub(super) updatable: bool,
}

/// A field that leads to another table along a foreign key.
pub(super) struct Relation {
    pub(super) field: String,
    /// Place in [`Schema::tables`].
    pub(super) table: usize,
    /// A collection; else at most one row.
    pub(super) many: bool,
    pub(super) not_null: bool,
    /// Quoted columns: of this table, and of the other.
    pub(super) pairs: Vec<(String, String)>,
}

impl Table {
    /// `workout_plansCollection`, `workoutPlansCollection`.
    pub(super) fn collection(&self) -> String {
        format!("{}Collection", names::decapitalised(&self.type_name))
    }

    /// `workout_plansByPk`, `workoutPlansByPk`.
    pub(super) fn by_pk(&self) -> String {
        format!("{}ByPk", names::decapitalised(&self.type_name))
    }

    pub(super) fn insert_into(&self) -> String {
        format!("insertInto{}Collection", self.type_name)
    }

    pub(super) fn update(&self) -> String {
        format!("update{}Collection", self.type_name)
    }

    pub(super) fn delete_from(&self) -> String {
        format!("deleteFrom{}Collection", self.type_name)
    }

    pub(super) fn insertable(&self) -> bool {
        self.columns.iter().any(|column| column.insertable)
    }

    pub(super) fn updatable(&self) -> bool {
        self.columns.iter().any(|column| column.updatable)
    }

    /// The columns that the role may see.
    pub(super) fn selectable(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.selectable)
    }

    pub(super) fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.primary_key
            .iter()
            .filter_map(|place| self.columns.get(*place))
    }

    fn place_of(&self, column: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|known| known.name == column && known.selectable)
    }
}

impl Schema {
    /// Reads the catalogue into types and fields.
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let said = names::directive(catalogue.comment.as_deref()).unwrap_or_default();
        let inflect = said["inflect_names"].as_bool().unwrap_or(false);
        let mut schema = Self {
            tables: catalogue
                .tables
                .iter()
                .filter_map(|row| table(row, inflect))
                .collect(),
            max_rows: said["max_rows"].as_u64().unwrap_or(MAX_ROWS),
        };
        for key in &catalogue.foreign_keys {
            schema.relate(key, inflect);
        }
        schema
    }

    /// The table that `collection` is about, by one of the names that it has in the schema.
    pub(super) fn table(&self, is_it: impl Fn(&Table) -> bool) -> Option<&Table> {
        self.tables.iter().find(|table| is_it(table))
    }

    /// Adds the two fields that a foreign key makes.
    fn relate(&mut self, key: &ForeignKey, inflect: bool) {
        let place = |name: &str| self.tables.iter().position(|table| table.name == name);
        let (Some(near), Some(far)) = (place(&key.table), place(&key.foreign_table)) else {
            return;
        };
        let (Some(pairs), not_null) = self.pairs(near, far, key) else {
            return;
        };
        let base = |place: usize| names::decapitalised(&self.tables[place].type_name);
        let comment = key.comment.as_deref();
        let to_one = names::said(comment, "foreign_name")
            .unwrap_or_else(|| to_one_name(&key.columns, base(far), inflect));
        let back = names::said(comment, "local_name").unwrap_or_else(|| match key.is_unique {
            true => base(near),
            false => format!("{}Collection", base(near)),
        });
        let reversed = pairs.iter().cloned().map(|(near, far)| (far, near));
        let reverse = Relation {
            field: back,
            table: near,
            many: !key.is_unique,
            not_null: false,
            pairs: reversed.collect(),
        };
        let forward = Relation {
            field: to_one,
            table: far,
            many: false,
            not_null,
            pairs,
        };
        self.add(near, forward);
        self.add(far, reverse);
    }

    /// The key's columns, quoted, if the role may see all of them; and whether none of the near ones can be null.
    fn pairs(
        &self,
        near: usize,
        far: usize,
        key: &ForeignKey,
    ) -> (Option<Vec<(String, String)>>, bool) {
        let (near, far) = (&self.tables[near], &self.tables[far]);
        let mut not_null = true;
        let mut pairs = Vec::new();
        for (own, foreign) in key.columns.iter().zip(&key.foreign_columns) {
            let (Some(own), Some(foreign)) = (near.place_of(own), far.place_of(foreign)) else {
                return (None, false);
            };
            not_null &= near.columns[own].not_null;
            pairs.push((
                near.columns[own].sql.clone(),
                far.columns[foreign].sql.clone(),
            ));
        }
        (Some(pairs), not_null)
    }

    /// Where a name is taken, the first to have it keeps it.
    fn add(&mut self, place: usize, relation: Relation) {
        let table = &mut self.tables[place];
        let taken = relation.field == "nodeId"
            || (table.selectable()).any(|column| column.field == relation.field)
            || (table.relations.iter()).any(|known| known.field == relation.field);
        if !taken {
            table.relations.push(relation);
        }
    }
}

/// `owner_id` leads to `owner` where names are inflected, `ownerId` where they are not; any other column to the table's name.
fn to_one_name(columns: &[String], table: String, inflect: bool) -> String {
    let suffix = if inflect { "_id" } else { "Id" };
    match columns {
        [column] => column
            .strip_suffix(suffix)
            .map(|stem| names::field_name(stem, inflect))
            .filter(|name| names::is_name(name))
            .unwrap_or(table),
        _ => table,
    }
}

fn table(row: &TableRow, inflect: bool) -> Option<Table> {
    let type_name = names::said(row.comment.as_deref(), "name")
        .unwrap_or_else(|| names::type_name(&row.name, inflect));
    let mut table = Table {
        name: row.name.clone(),
        sql: format!("{}.{}", identifier("public"), identifier(&row.name)),
        type_name,
        columns: row
            .columns
            .iter()
            .filter_map(|column| self::column(column, inflect))
            .collect(),
        primary_key: Vec::new(),
        relations: Vec::new(),
        deletable: row.deletable,
    };
    table.primary_key = row
        .primary_key
        .iter()
        .map(|column| table.place_of(column))
        .collect::<Option<_>>()?;
    (names::is_name(&table.type_name) && !table.primary_key.is_empty()).then_some(table)
}

fn column(row: &ColumnRow, inflect: bool) -> Option<Column> {
    let field = names::said(row.comment.as_deref(), "name")
        .unwrap_or_else(|| names::field_name(&row.name, inflect));
    let known = row.selectable || row.insertable || row.updatable;
    (known && !row.is_composite && names::is_name(&field) && names::is_name(&row.name)).then(|| {
        Column {
            name: row.name.clone(),
            field,
            sql: identifier(&row.name),
            scalar: Scalar::of(row, inflect),
            is_list: row.is_list,
            sql_type: format!(
                "{}.{}",
                identifier(&row.type_schema),
                identifier(&row.type_name)
            ),
            not_null: row.not_null,
            selectable: row.selectable,
            insertable: row.insertable,
            updatable: row.updatable,
        }
    })
}
