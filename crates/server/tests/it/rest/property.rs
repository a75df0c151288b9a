//! Any filter and any order through REST finds the rows that the same question in SQL finds, in the same order.

use serde_json::Value;

use super::dice::Dice;
use super::world::{Asker, ONE, World};

const SAMPLE: &str = "
create table public.sample (
  id integer primary key, label text, size numeric, at timestamptz, day date, flag boolean, tags text[], state public.weekday,
  document jsonb, \"odd-name\" text);
grant select on public.sample to authenticated;
insert into public.sample
select n, (array['', 'a', 'A', 'b,c', 'd\"e', 'null', 'ü', '%', null])[1 + n % 9], (array[-1.5, 0, 2, 2.25, 1e20, null])[1 + n % 6],
  case when n % 7 > 0 then timestamptz '2026-01-01 00:00+00' + (n % 7) * interval '1 day 1.5 seconds' end,
  case when n % 5 > 0 then date '2026-01-01' + n % 5 end, (array[true, false, null])[1 + n % 3],
  ((array['{}', '{a}', '{a,b}', '{\"b,c\"}', null])[1 + n % 5])::text[], (enum_range(null::public.weekday))[1 + n % 8],
  case when n % 4 > 0 then jsonb_build_object('n', n % 4, 'deep', jsonb_build_object('word', 'w' || n % 3)) end,
  (array['x', 'y', null])[1 + n % 3]
from generate_series(1, 120) n;
";

/// The same condition in both languages; `rest` is field, dot, operator, dot, value as it stands in a tree.
struct Both {
    rest: String,
    sql: String,
}

/// A field in both languages, its type, and values worth comparing it with.
const FIELDS: [(&str, &str, &str, &[&str]); 11] = [
    ("id", "id", "integer", &["1", "60", "119", "-5"]),
    (
        "label",
        "label",
        "text",
        &[
            "",
            "a",
            "A",
            "b,c",
            "d\"e",
            "null",
            "ü",
            "%",
            "zz",
            "it's",
            "back\\slash",
        ],
    ),
    (
        "size",
        "size",
        "numeric",
        &["0", "2", "2.25", "-1.5", "1e20", "NaN"],
    ),
    (
        "at",
        "at",
        "timestamptz",
        &[
            "2026-01-02",
            "2026-01-03 00:00:03+00",
            "2026-01-04T02:00:04.5+02:00",
            "infinity",
        ],
    ),
    (
        "day",
        "day",
        "date",
        &["2026-01-01", "2026-01-03", "-infinity"],
    ),
    ("flag", "flag", "boolean", &["true", "false"]),
    (
        "tags",
        "tags",
        "text[]",
        &["{}", "{a}", "{a,b}", "{\"b,c\"}"],
    ),
    (
        "state",
        "state",
        "public.weekday",
        &["monday", "friday", "sunday"],
    ),
    (
        "document->n",
        "document->'n'",
        "jsonb",
        &["1", "2", "\"x\""],
    ),
    (
        "document->deep->>word",
        "document->'deep'->>'word'",
        "text",
        &["w0", "w1", "", "W0"],
    ),
    ("odd-name", "\"odd-name\"", "text", &["x", "y"]),
];

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn test(dice: &mut Dice) -> Both {
    let (rest, sql, data_type, values) = FIELDS[dice.roll(FIELDS.len())];
    let value = dice.pick(values);
    let (operator, condition) = match dice.roll(6) {
        // A list of arrays would be an array of one more dimension.
        0 if data_type != "text[]" => {
            let list: Vec<_> = (0..dice.roll(4)).map(|_| dice.pick(values)).collect();
            let quoted: Vec<_> = list.iter().map(|value| in_quotes(value)).collect();
            let literals: Vec<_> = list
                .iter()
                .map(|value| format!("{}::{data_type}", literal(value)))
                .collect();
            // Nothing is in an empty list, and for null too that is false and not null.
            let condition = match list.is_empty() {
                true => "false".to_owned(),
                false => format!("({sql}) in ({})", literals.join(", ")),
            };
            (format!("in.({})", quoted.join(",")), condition)
        }
        1 => ("is.null".to_owned(), format!("({sql}) is null")),
        2 => (
            format!("isdistinct.{}", in_quotes(value)),
            format!("({sql}) is distinct from {}::{data_type}", literal(value)),
        ),
        3 if data_type == "text" => {
            let pattern = dice.pick(&["*", "a*", "%", "*c", "_", "W*", ""]);
            let (name, word) = [("like", "like"), ("ilike", "ilike")][dice.roll(2)];
            (
                format!("{name}.{}", in_quotes(pattern)),
                format!("({sql}) {word} {}", literal(&pattern.replace('*', "%"))),
            )
        }
        3 if data_type == "text[]" => {
            let (name, sign) = [("cs", "@>"), ("cd", "<@"), ("ov", "&&")][dice.roll(3)];
            (
                format!("{name}.{}", in_quotes(value)),
                format!("({sql}) {sign} {}::text[]", literal(value)),
            )
        }
        _ => {
            let (name, sign) = [
                ("eq", "="),
                ("neq", "<>"),
                ("gt", ">"),
                ("gte", ">="),
                ("lt", "<"),
                ("lte", "<="),
            ][dice.roll(6)];
            (
                format!("{name}.{}", in_quotes(value)),
                format!("({sql}) {sign} {}::{data_type}", literal(value)),
            )
        }
    };
    match dice.roll(4) {
        0 => Both {
            rest: format!("{rest}.not.{operator}"),
            sql: format!("not ({condition})"),
        },
        _ => Both {
            rest: format!("{rest}.{operator}"),
            sql: condition,
        },
    }
}

fn condition(dice: &mut Dice, depth: usize) -> Both {
    if depth == 0 || dice.roll(3) == 0 {
        return test(dice);
    }
    let parts: Vec<_> = (0..1 + dice.roll(3))
        .map(|_| condition(dice, depth - 1))
        .collect();
    let word = dice.pick(&["and", "or"]);
    let not = dice.pick(&["", "not."]);
    let rest: Vec<_> = parts.iter().map(|part| part.rest.as_str()).collect();
    let sql: Vec<_> = parts.iter().map(|part| format!("({})", part.sql)).collect();
    Both {
        rest: format!("{not}{word}({})", rest.join(",")),
        sql: format!(
            "{} ({})",
            not.trim_end_matches('.'),
            sql.join(&format!(" {word} "))
        ),
    }
}

/// An order that leaves nothing open.
fn order(dice: &mut Dice) -> Both {
    let (mut rest, mut sql) = (Vec::new(), Vec::new());
    for _ in 0..dice.roll(3) {
        let (field, expression, _, _) = FIELDS[dice.roll(FIELDS.len())];
        let direction = dice.pick(&["", ".asc", ".desc"]);
        let nulls = dice.pick(&["", ".nullsfirst", ".nullslast"]);
        rest.push(format!("{field}{direction}{nulls}"));
        let words = format!("{direction}{nulls}")
            .replace("nulls", "nulls ")
            .replace('.', " ");
        sql.push(format!("({expression}){words}"));
    }
    rest.push("id".to_owned());
    sql.push("id".to_owned());
    Both {
        rest: rest.join(","),
        sql: sql.join(", "),
    }
}

#[tokio::test]
async fn any_question_finds_what_the_same_question_in_sql_finds() {
    let (seed, mut dice) = Dice::seeded();
    println!("seed {seed}");
    let world = World::new().await;
    world.database.run(SAMPLE).await;
    let mut found = 0;
    for round in 0..400 {
        let (condition, order) = (condition(&mut dice, 3), order(&mut dice));
        let (limit, offset) = (1 + dice.roll(120), dice.roll(20));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("select", "id")
            .append_pair("and", &format!("({})", condition.rest))
            .append_pair("order", &order.rest)
            .append_pair("limit", &limit.to_string())
            .append_pair("offset", &offset.to_string())
            .finish();
        let answer = world.get(&format!("sample?{query}")).await;
        assert_eq!(
            answer.status, 200,
            "seed {seed} round {round}: {} {}",
            answer.text, condition.rest
        );
        let ids: Vec<i32> = answer.json().as_array().unwrap().iter().map(id).collect();
        let sql = format!(
            "select id from public.sample where {} order by {} limit {limit} offset {offset}",
            condition.sql, order.sql
        );
        let expected: Vec<i32> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone()))
            .fetch_all(&world.database.pool)
            .await
            .unwrap();
        assert_eq!(
            ids, expected,
            "seed {seed} round {round}: {query} against {sql}"
        );
        found += ids.len();
    }
    assert!(
        found > 1000,
        "only {found} rows were found in all: the questions are too narrow"
    );
    let count = world
        .send(
            Asker::User(ONE),
            "HEAD",
            "sample",
            &["prefer: count=exact"],
            "",
        )
        .await;
    assert_eq!(count.header("content-range"), "0-119/120");
}

fn id(row: &Value) -> i32 {
    i32::try_from(row["id"].as_i64().unwrap()).unwrap()
}
