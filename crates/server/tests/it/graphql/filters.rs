//! `filter`, by table.

use serde_json::{Value, json};

use super::{Gym, nodes};

/// A filter of entries, and the weeks that pass.
#[tokio::test]
async fn every_operator_lets_the_right_rows_pass() {
    let gym = Gym::open().await;
    let query = "query($filter: workout_entriesFilter) {
        workout_entriesCollection(filter: $filter, orderBy: [{week_number: AscNullsLast}]) { edges { node { week_number } } totalCount } }";
    let weeks = |from: i64, to: i64| (from..=to).collect::<Vec<_>>();
    for (filter, expected) in [
        (json!(null), weeks(1, 4)),
        (json!({}), weeks(1, 4)),
        (json!({ "week_number": {} }), weeks(1, 4)),
        (json!({ "week_number": null }), weeks(1, 4)),
        (json!({ "week_number": { "eq": 2 } }), vec![2]),
        (json!({ "week_number": { "neq": 2 } }), vec![1, 3, 4]),
        (json!({ "week_number": { "gt": 2 } }), weeks(3, 4)),
        (json!({ "week_number": { "gte": 2, "lt": 4 } }), weeks(2, 3)),
        (json!({ "week_number": { "lte": 1 } }), vec![1]),
        (json!({ "week_number": { "in": [1, 3] } }), vec![1, 3]),
        (json!({ "week_number": { "in": 3 } }), vec![3]),
        (json!({ "week_number": { "in": [] } }), vec![]),
        (json!({ "week_number": { "eq": null } }), vec![]),
        (json!({ "notes": { "is": "NULL" } }), weeks(1, 2)),
        (json!({ "notes": { "is": "NOT_NULL" } }), weeks(3, 4)),
        (json!({ "notes": { "like": "note%" } }), weeks(3, 4)),
        (json!({ "notes": { "ilike": "NOTE 3" } }), vec![3]),
        (json!({ "notes": { "startsWith": "note" } }), weeks(3, 4)),
        (json!({ "notes": { "startsWith": "%" } }), vec![]),
        (json!({ "notes": { "regex": "^n.*[4]$" } }), vec![4]),
        (json!({ "notes": { "iregex": "^N" } }), weeks(3, 4)),
        (json!({ "day": { "eq": "monday" } }), weeks(1, 4)),
        (json!({ "day": { "in": ["sunday"] } }), vec![]),
        (json!({ "date": { "gte": "2026-12-07" } }), weeks(3, 4)),
        (json!({ "is_adjusted": { "eq": false } }), weeks(1, 4)),
        (
            json!({ "workout_plan_id": { "eq": gym.plan } }),
            weeks(1, 4),
        ),
        (json!({ "workout_plan_id": { "in": [] } }), vec![]),
        (
            json!({ "not": { "week_number": { "eq": 2 } } }),
            vec![1, 3, 4],
        ),
        (
            json!({ "or": [{ "week_number": { "eq": 1 } }, { "notes": { "eq": "note 4" } }] }),
            vec![1, 4],
        ),
        (
            json!({ "and": [{ "week_number": { "gt": 1 } }, { "not": { "or": [{ "week_number": { "eq": 3 } }] } }] }),
            vec![2, 4],
        ),
        (json!({ "or": [] }), weeks(1, 4)),
        (json!({ "and": [{}], "not": {} }), weeks(1, 4)),
        (
            json!({ "or": [{ "week_number": { "eq": 1 }, "notes": { "is": "NOT_NULL" } }, { "week_number": { "eq": 2 } }] }),
            vec![2],
        ),
    ] {
        let data = gym.data(gym.ada, query, json!({ "filter": filter })).await;
        let mut passed: Vec<i64> = nodes(&data["workout_entriesCollection"])
            .iter()
            .map(|node| node["week_number"].as_i64().unwrap())
            .collect();
        let days = if filter["day"]["eq"] == "monday" {
            1
        } else {
            2
        };
        assert_eq!(
            data["workout_entriesCollection"]["totalCount"],
            expected.len() * days,
            "{filter}"
        );
        passed.dedup();
        assert_eq!(passed, expected, "{filter}");
    }
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_is_refused_by_name() {
    let gym = Gym::open().await;
    let query = "query($filter: workout_entriesFilter) { workout_entriesCollection(filter: $filter) { totalCount } }";
    let deep = (0..20).fold(json!({}), |inner, _| json!({ "not": inner }));
    let wide = json!({ "or": vec![json!({ "week_number": { "eq": 1 } }); 600] });
    for (filter, message) in [
        (
            json!({ "week": { "eq": 1 } }),
            "Input for type workout_entriesFilter contains extra keys [\"week\"]",
        ),
        (
            json!({ "week_number": { "like": "1" } }),
            "Input for type IntFilter contains extra keys [\"like\"]",
        ),
        (
            json!({ "id": { "gt": "x" } }),
            "Input for type UUIDFilter contains extra keys [\"gt\"]",
        ),
        (
            json!({ "week_number": { "eq": "1" } }),
            "Invalid input for Int type",
        ),
        (
            json!({ "week_number": { "eq": 1.5 } }),
            "Invalid input for Int type",
        ),
        (
            json!({ "week_number": 1 }),
            "Invalid input for IntFilter type",
        ),
        (
            json!({ "notes": { "eq": 1 } }),
            "Invalid input for String type",
        ),
        (
            json!({ "notes": { "eq": { "a": 1 } } }),
            "Invalid input for String type",
        ),
        (
            json!({ "notes": { "is": "MAYBE" } }),
            "Invalid input for FilterIs type",
        ),
        (
            json!({ "notes": { "regex": "(" } }),
            "invalid regular expression: parentheses () not balanced",
        ),
        (
            json!({ "day": { "eq": "someday" } }),
            "Invalid input for weekday type",
        ),
        (
            json!({ "id": { "eq": "x" } }),
            "invalid input syntax for type uuid: \"x\"",
        ),
        (
            json!({ "week_number": { "eq": 99_999_999_999_i64 } }),
            "value \"99999999999\" is out of range for type integer",
        ),
        (
            json!([{ "week_number": { "eq": 1 } }]),
            "Invalid input for workout_entriesFilter type",
        ),
        (json!("x"), "Invalid input for workout_entriesFilter type"),
        (
            deep,
            "The query is too large: a filter is nested too deeply",
        ),
        (
            wide,
            "The query is too large: a filter has too many conditions",
        ),
    ] {
        assert_eq!(
            gym.refused(gym.ada, query, json!({ "filter": filter }))
                .await,
            message,
            "{filter}"
        );
    }
}

#[tokio::test]
async fn a_variable_that_must_be_there_and_is_not_lets_nothing_pass() {
    let gym = Gym::open().await;
    let query =
        "query($id: UUID!) { workout_plansCollection(filter: {id: {eq: $id}}) { totalCount } }";
    for variables in [json!({}), json!({ "id": null }), Value::Null] {
        let message = gym.refused(gym.ada, query, variables).await;
        assert_eq!(
            message,
            "Variable \"$id\" of required type \"UUID!\" was not provided."
        );
    }
    // One that may be absent counts as if nothing stood there, as with pg_graphql.
    let optional = query.replace("UUID!", "UUID");
    let data = gym.data(gym.ada, &optional, json!({})).await;
    assert_eq!(data["workout_plansCollection"]["totalCount"], 1);
}

#[tokio::test]
async fn what_a_client_sends_is_a_value_and_never_a_part_of_the_statement() {
    let gym = Gym::open().await;
    let attack = "'; drop table public.exercises; --";
    for text in [
        attack,
        "\"",
        "\\",
        "$1",
        "%",
        "'||(select 1)||'",
        "b1.__place",
    ] {
        let query = "query($x: String!) { workout_entriesCollection(filter: {notes: {eq: $x}}, orderBy: [{notes: AscNullsFirst}]) { totalCount } }";
        let answer = gym.ask(gym.ada, query, json!({ "x": text })).await;
        assert_eq!(
            answer["data"]["workout_entriesCollection"]["totalCount"], 0,
            "{text}: {answer}"
        );
        let literal = format!(
            "{{ workout_entriesCollection(filter: {{notes: {{eq: {}}}}}) {{ totalCount }} }}",
            json!(text)
        );
        gym.ask(gym.ada, &literal, json!({})).await;
        let cursor = "query($x: Cursor!) { workout_entriesCollection(after: $x) { totalCount } }";
        assert_eq!(
            gym.refused(gym.ada, cursor, json!({ "x": text })).await,
            "Failed to decode cursor",
            "{text}"
        );
    }
    let inside = base64_of(&json!([attack]));
    let cursor = "query($x: Cursor!) { workout_entriesCollection(after: $x) { edges { cursor } } }";
    let message = gym.refused(gym.ada, cursor, json!({ "x": inside })).await;
    assert!(
        message.starts_with("invalid input syntax for type uuid"),
        "{message}"
    );
    assert_ne!(
        gym.value("select to_jsonb(count(*)) from public.exercises")
            .await,
        0
    );
}

#[tokio::test]
async fn names_that_try_to_leave_their_quotes_are_not_in_the_schema_or_stay_in_them() {
    let gym = Gym::open().await;
    gym.database
        .run(
            "create table public.\"a\"\"b; drop\" (id int primary key); grant select on public.\"a\"\"b; drop\" to authenticated;
             create table public.\"Quoted\" (\"Id\" int primary key, \"x'y\" int, \"select\" text);
             grant select on public.\"Quoted\" to authenticated; insert into public.\"Quoted\" values (1, 2, 's');
             create type public.odd as enum ('a b', 'c'); alter table public.\"Quoted\" add odd public.odd default 'a b'",
        )
        .await;
    let data = gym.data(gym.ada, "{ quotedCollection(filter: {Id: {eq: 1}, odd: {eq: \"a b\"}}) { edges { node { Id select odd nodeId } } } }", json!({})).await;
    let node = nodes(&data["quotedCollection"])[0];
    assert_eq!(
        (&node["Id"], &node["select"], &node["odd"]),
        (&json!(1), &json!("s"), &json!("a b"))
    );
}

fn base64_of(value: &Value) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(value.to_string())
}
