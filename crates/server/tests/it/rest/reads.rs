//! GET and HEAD: what comes back for which query string.

use serde_json::{Value, json};

use super::world::{Asker, ONE, World};

/// The values of one column, in order.
#[track_caller]
fn column(rows: &Value, name: &str) -> Vec<Value> {
    rows.as_array()
        .unwrap_or_else(|| panic!("{rows}"))
        .iter()
        .map(|row| row[name].clone())
        .collect()
}

#[tokio::test]
async fn rows_come_in_the_types_of_postgresql_as_the_official_client_asks() {
    let world = World::new().await;
    let path = format!(
        "plan_generation_jobs?select=*&user_id=eq.{ONE}&order=created_at.desc.nullslast&limit=5"
    );
    let headers = [
        "accept: */*",
        "accept-profile: public",
        "x-client-info: supabase-js/2.119.1",
    ];
    let answer = world
        .send(Asker::User(ONE), "GET", &path, &headers, "")
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(answer.header("content-range"), "0-1/*");
    let rows = answer.json();
    assert_eq!(rows[0]["id"], "d0000000-0000-4000-8000-000000000011");
    assert_eq!(rows[1]["created_at"], "2026-10-31T23:59:59.123456+00:00");
    assert_eq!(
        rows[1]["profile_snapshot"]["equipment"],
        json!(["Gym", "Mat"])
    );
    assert_eq!(
        (&rows[1]["retry_count"], &rows[1]["is_redo"]),
        (&json!(0), &json!(false))
    );
    assert_eq!(rows[1]["worker_id"], Value::Null);
    assert_eq!(rows[0].as_object().unwrap().len(), 20);
}

#[tokio::test]
async fn every_operator_finds_its_rows() {
    let world = World::new().await;
    let cases = [
        ("slug=eq.squat", vec!["squat"]),
        ("slug=neq.squat", vec!["push-up", "row"]),
        ("slug=not.eq.squat", vec!["push-up", "row"]),
        ("slug=gt.push-up", vec!["row", "squat"]),
        ("slug=gte.row", vec!["row", "squat"]),
        ("slug=lt.row", vec!["push-up"]),
        ("slug=lte.row", vec!["push-up", "row"]),
        ("name=like.*u*", vec!["push-up", "squat"]),
        ("name=like.%25qu%25", vec!["squat"]),
        ("name=ilike.r*", vec!["row"]),
        ("name=like(any).{R*,S*}", vec!["row", "squat"]),
        ("name=ilike(all).{*u*,*-*}", vec!["push-up"]),
        ("name=match.^S", vec!["squat"]),
        ("name=imatch.^s", vec!["squat"]),
        ("slug=in.(squat,row,none)", vec!["row", "squat"]),
        ("instructions=in.(\"Pull, then rest.\",x)", vec!["row"]),
        ("slug=in.()", vec![]),
        ("slug=in.(\"squat,ro\"w,row)", vec!["row"]),
        ("slug=not.in.(squat,row)", vec!["push-up"]),
        ("slug=eq(any).{squat,row}", vec!["row", "squat"]),
        ("instructions=is.null", vec!["push-up"]),
        ("instructions=not.is.null", vec!["row", "squat"]),
        ("instructions=is.not_null", vec!["row", "squat"]),
        ("reviewed=is.true", vec!["push-up", "squat"]),
        ("reviewed=is.false", vec!["row"]),
        ("reviewed=eq.false", vec!["row"]),
        (
            "required_equipment=isdistinct.cable",
            vec!["push-up", "squat"],
        ),
        ("instructions=fts.pull", vec!["row"]),
        ("instructions=fts(english).pulls", vec!["row"]),
        ("instructions=plfts(english).stand+up", vec!["squat"]),
        ("instructions=wfts.pull+or+stand", vec!["row", "squat"]),
        (
            "created_at=gte.2026-01-02&created_at=lt.2026-01-03",
            vec!["push-up"],
        ),
        ("created_at=eq.2026-01-01T00:00:00.5%2B00:00", vec!["squat"]),
        ("or=(slug.eq.squat,name.eq.Row)", vec!["row", "squat"]),
        (
            "or=(and(reviewed.is.true,instructions.is.null),slug.in.(row,x))",
            vec!["push-up", "row"],
        ),
        ("not.or=(slug.eq.squat,name.eq.Row)", vec!["push-up"]),
        (
            "and=(slug.neq.row,not.and(slug.eq.squat,reviewed.is.true))",
            vec!["push-up"],
        ),
        (
            "or=(name.like.Sq*,instructions.eq.\"Pull, then rest.\")",
            vec!["row", "squat"],
        ),
        (
            "or=(slug.not.eq.squat,slug.not.in.(row,squat))&slug=neq.row",
            vec!["push-up"],
        ),
    ];
    for (filter, expected) in cases {
        let only = "id=gte.e0000000-0000-4000-8000-000000000001&id=lte.e0000000-0000-4000-8000-000000000003";
        let answer = world
            .get(&format!("exercises?select=slug&order=slug&{only}&{filter}"))
            .await;
        assert_eq!(answer.status, 200, "{filter}: {}", answer.text);
        assert_eq!(column(&answer.json(), "slug"), expected, "{filter}");
    }
}

#[tokio::test]
async fn json_is_walked_into_cast_and_renamed() {
    let world = World::new().await;
    let cases = [
        (
            "select=days->monday->>reason",
            json!([{ "reason": "start, \"easy\"" }]),
        ),
        (
            "select=kcal:days->monday->nutrition->total_kcal",
            json!([{ "kcal": 2100 }]),
        ),
        (
            "select=days->monday->nutrition->>total_kcal::int",
            json!([{ "total_kcal": 2100 }]),
        ),
        (
            "select=days->monday->nutrition->meals->0->>name",
            json!([{ "name": "Breakfast" }]),
        ),
        (
            "select=last:days->monday->nutrition->meals->-1",
            json!([{ "last": { "name": "Lunch" } }]),
        ),
        (
            "select=days->monday->nutrition->meals->1",
            json!([{ "meals": { "name": "Lunch" } }]),
        ),
        (
            "select=version::text,when:week_start_date",
            json!([{ "version": "2", "when": "2026-11-23" }]),
        ),
        (
            "select=id:version&days->monday->nutrition->>total_kcal=eq.2100",
            json!([{ "id": 2 }]),
        ),
        (
            "select=version&days->monday->nutrition->total_kcal=gt.2000",
            json!([{ "version": 2 }]),
        ),
        ("select=version&days->monday->>reason=is.null", json!([])),
        (
            "select=version&days=cs.{\"monday\":{\"nutrition\":{\"total_kcal\":2100}}}",
            json!([{ "version": 2 }]),
        ),
        (
            "select=version&order=days->monday->>reason.desc",
            json!([{ "version": 2 }]),
        ),
        (
            "select=%22version%22,+status",
            json!([{ "version": 2, "status": "active" }]),
        ),
        (
            "select=status&status=in.(active,archived)&select=version",
            json!([{ "version": 2 }]),
        ),
    ];
    for (query, expected) in cases {
        let answer = world.get(&format!("weekly_base_plans?{query}")).await;
        assert_eq!((answer.status, answer.json()), (200, expected), "{query}");
    }
}

#[tokio::test]
async fn order_puts_nulls_where_it_is_told() {
    let world = World::new().await;
    let cases = [
        ("sets.asc", json!([3, 4, null])),
        ("sets.desc", json!([null, 4, 3])),
        ("sets.desc.nullslast", json!([4, 3, null])),
        ("sets.asc.nullsfirst,id.desc", json!([null, 3, 4])),
        ("sets.nullsfirst", json!([null, 3, 4])),
        ("week_number.desc,sets.desc", json!([null, 4, 3])),
        ("exercises!exercise_id(name)", json!(null)),
    ];
    for (order, expected) in cases {
        let answer = world
            .get(&format!("workout_entries?select=sets&order={order}"))
            .await;
        if expected.is_null() {
            answer.refused(400);
        } else {
            assert_eq!(
                Value::from(column(&answer.json(), "sets")),
                expected,
                "{order}"
            );
        }
    }
}

#[tokio::test]
async fn a_range_asks_for_a_part_and_says_which_it_is() {
    let world = World::new().await;
    let all = "workout_entries?select=position&order=id";
    // query, headers, status, Content-Range, rows
    let cases = [
        ("", "prefer: count=exact", 200, "0-2/3", 3),
        ("&limit=2", "prefer: count=exact", 206, "0-1/3", 2),
        ("&limit=2", "prefer: none", 200, "0-1/*", 2),
        ("&offset=1&limit=1", "prefer: count=exact", 206, "1-1/3", 1),
        ("&offset=2&limit=10", "prefer: none", 200, "2-2/*", 1),
        ("&offset=7", "prefer: none", 200, "*/*", 0),
        ("&limit=0", "prefer: count=exact", 206, "*/3", 0),
        ("&id=is.null", "prefer: count=exact", 200, "*/0", 0),
        ("", "range: 1-1", 200, "1-1/*", 1),
        ("", "range: 1-", 200, "1-2/*", 2),
        ("&limit=1", "prefer: count=estimated", 206, "0-0/3", 1),
    ];
    for (query, header, status, range, rows) in cases {
        let path = format!("{all}{query}");
        let answer = world
            .send(Asker::User(ONE), "GET", &path, &[header], "")
            .await;
        let said = (answer.status, answer.header("content-range"));
        assert_eq!(said, (status, range), "{query} {header}");
        assert_eq!(
            answer.json().as_array().unwrap().len(),
            rows,
            "{query} {header}"
        );
        let head = world
            .send(Asker::User(ONE), "HEAD", &path, &[header], "")
            .await;
        assert_eq!(
            (head.status, head.header("content-range")),
            (status, range),
            "{query}"
        );
        assert_eq!(head.text, "");
    }
    let planned = world
        .send(Asker::User(ONE), "GET", all, &["prefer: count=planned"], "")
        .await;
    let total = planned.header("content-range").split_once('/').unwrap().1;
    assert!(total.parse::<u64>().is_ok(), "{total}");
    let far = format!("{all}&offset=7");
    let far = world
        .send(Asker::User(ONE), "GET", &far, &["prefer: count=exact"], "")
        .await;
    assert_eq!(far.refused(416), "PGRST103");
    assert_eq!(
        far.json()["details"],
        "An offset of 7 was requested, but there are only 3 rows."
    );
}

#[tokio::test]
async fn a_single_row_is_an_object_and_anything_else_is_406() {
    let world = World::new().await;
    let object = ["accept: application/vnd.pgrst.object+json"];
    let one = "workout_plans?select=status&summary=not.is.null";
    let answer = world.send(Asker::User(ONE), "GET", one, &object, "").await;
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.pgrst.object+json; charset=utf-8"
    );
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "status": "active" }))
    );
    for (path, rows) in [("workout_plans?id=is.null", 0), ("workout_plans", 2)] {
        let answer = world.send(Asker::User(ONE), "GET", path, &object, "").await;
        assert_eq!(answer.status, 406);
        assert_eq!(
            answer.json(),
            json!({ "code": "PGRST116", "details": format!("The result contains {rows} rows"), "hint": null,
                "message": "Cannot coerce the result to a single JSON object" })
        );
    }
    let stripped = ["accept: application/vnd.pgrst.array+json;nulls=stripped"];
    let path = "workout_plans?select=status,summary&order=status";
    let answer = world
        .send(Asker::User(ONE), "GET", path, &stripped, "")
        .await;
    assert_eq!(answer.json()[1], json!({ "status": "paused" }));
}

#[tokio::test]
async fn no_more_than_a_thousand_rows_come_at_once() {
    let world = World::new().await;
    world
        .database
        .run(
            "create table public.many (id integer primary key, parent integer references public.many);
             insert into public.many select n, 1 from generate_series(1, 1200) n;
             grant select on public.many to authenticated",
        )
        .await;
    let exact = ["prefer: count=exact"];
    for limit in ["", "&limit=5000"] {
        let path = format!("many?select=id{limit}");
        let answer = world.send(Asker::User(ONE), "GET", &path, &exact, "").await;
        assert_eq!(answer.header("content-range"), "0-999/1200");
        assert_eq!(
            (answer.status, answer.json().as_array().unwrap().len()),
            (206, 1000)
        );
    }
    let within = world.get("many?select=many(id)&id=eq.1").await.json();
    assert_eq!(within[0]["many"].as_array().unwrap().len(), 1000);
    let above = world.get("many?select=parent(id)&id=eq.7").await.json();
    assert_eq!(above, json!([{ "parent": { "id": 1 } }]));
}
