//! What a query shows, and to whom.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Gym, PATH, nodes, plan_of};
use crate::support::{anon_key, answer, claims_of, service_role_key, token, token_of, with};

/// What an app asks for to show a plan: nested entries with both to-ones, fragments, variables, aliases.
const PLAN: &str = r#"
    query WorkoutPlan($user: UUID!, $first: Int = 30, $withNotes: Boolean! = true) {
      workout_plansCollection(filter: {user_id: {eq: $user}, status: {eq: active}}, orderBy: [{created_at: DescNullsLast}], first: 1) {
        edges {
          cursor
          node {
            __typename
            id
            ...Head
            entries: workout_entriesCollection(first: $first, orderBy: [{week_number: AscNullsLast}, {day: AscNullsLast}]) {
              edges { node { ...Entry } }
              pageInfo { hasNextPage }
              totalCount
            }
          }
        }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename }
        totalCount
        __typename
      }
    }
    fragment Head on workout_plans { summary start_date status created_at }
    fragment Entry on workout_entries {
      week_number day_name day date sets reps weight is_adjusted
      notes @include(if: $withNotes)
      exercise_id @skip(if: $withNotes)
      exercises { name slug reviewed }
      streakExercises { name }
      workout_plans { id }
    }"#;

#[tokio::test]
async fn an_apps_plan_comes_with_its_entries_and_their_exercises() {
    let gym = Gym::open().await;
    let data = gym.data(gym.ada, PLAN, json!({ "user": gym.ada })).await;
    let collection = &data["workout_plansCollection"];
    assert_eq!(collection["__typename"], "workout_plansConnection");
    assert_eq!(collection["totalCount"], 1);
    let edge = &collection["edges"][0];
    assert_eq!(
        collection["pageInfo"],
        json!({ "hasNextPage": false, "hasPreviousPage": false, "startCursor": edge["cursor"], "endCursor": edge["cursor"],
                "__typename": "PageInfo" })
    );
    let plan = &edge["node"];
    assert_eq!(
        (
            &plan["id"],
            &plan["summary"],
            &plan["start_date"],
            &plan["status"],
            &plan["__typename"]
        ),
        (
            &json!(gym.plan),
            &json!("Four weeks"),
            &json!("2026-11-23"),
            &json!("active"),
            &json!("workout_plans")
        )
    );
    let created = plan["created_at"].as_str().unwrap();
    assert!(
        created.contains('T') && created.ends_with("+00:00"),
        "{created}"
    );

    assert_eq!(plan["entries"]["totalCount"], 8);
    assert_eq!(plan["entries"]["pageInfo"], json!({ "hasNextPage": false }));
    let entries = nodes(&plan["entries"]);
    let days: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry["week_number"].as_i64().unwrap(),
                entry["day"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(days[..3], [(1, "monday"), (1, "thursday"), (2, "monday")]);
    let mut first = entries[0].clone();
    assert_eq!(first["exercises"].as_object().unwrap().len(), 3);
    assert!(first["streakExercises"]["name"].is_string());
    assert_eq!(entries[7]["streakExercises"], Value::Null);
    assert_eq!(entries[7]["notes"], "note 4");
    first
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !name.ends_with("xercises"));
    assert_eq!(
        first,
        json!({ "week_number": 1, "day_name": "Push", "day": "monday", "date": "2026-11-23", "sets": 3, "reps": "8-12",
                "weight": null, "is_adjusted": false, "notes": null, "workout_plans": { "id": gym.plan } })
    );

    let without = gym
        .data(
            gym.ada,
            PLAN,
            json!({ "user": gym.ada, "withNotes": false, "first": 2 }),
        )
        .await;
    let entries = &nodes(&without["workout_plansCollection"])[0]["entries"];
    assert_eq!(
        (nodes(entries).len(), &entries["pageInfo"]["hasNextPage"]),
        (2, &json!(true))
    );
    assert!(nodes(entries)[0].get("notes").is_none());
    assert!(nodes(entries)[0]["exercise_id"].is_string());
}

#[tokio::test]
async fn two_users_never_see_each_other_and_nobody_sees_nothing() {
    let gym = Gym::open().await;
    let eve = Uuid::new_v4();
    plan_of(&gym.database, eve).await;
    let query = "{ workout_plansCollection { edges { node { user_id } } totalCount }
                   workout_entriesCollection { edges { node { workout_plans { user_id } } } totalCount } }";
    for user in [gym.ada, eve] {
        let data = gym.data(user, query, json!({})).await;
        let (plans, entries) = (
            &data["workout_plansCollection"],
            &data["workout_entriesCollection"],
        );
        assert_eq!(
            (&plans["totalCount"], &entries["totalCount"]),
            (&json!(1), &json!(8))
        );
        assert_eq!(nodes(plans), [&json!({ "user_id": user })]);
        assert!(
            nodes(entries)
                .iter()
                .all(|entry| **entry == json!({ "workout_plans": { "user_id": user } }))
        );
    }
    let stranger = gym.data(Uuid::new_v4(), query, json!({})).await;
    assert_eq!(
        stranger["workout_plansCollection"],
        json!({ "edges": [], "totalCount": 0 })
    );
    let service = gym.ask_as(&service_role_key(), query, json!({})).await;
    assert_eq!(service["data"]["workout_plansCollection"]["totalCount"], 2);

    // An app's key, and no credential at all, may select nothing, and so there is nothing in their schema.
    let unknown = json!({ "data": null, "errors": [
        { "message": "Unknown field \"workout_plansCollection\" on type Query" },
        { "message": "Unknown field \"workout_entriesCollection\" on type Query" } ] });
    assert_eq!(gym.ask_as(&anon_key(), query, json!({})).await, unknown);
    let (status, nobody) = answer(gym.server.post(PATH).json(&json!({ "query": query }))).await;
    assert_eq!((status, nobody), (200, unknown));
}

#[tokio::test]
async fn what_a_role_may_not_select_is_not_in_its_schema() {
    let gym = Gym::open().await;
    gym.database
        .run("revoke select on public.exercises from authenticated; grant select (id, name) on public.exercises to authenticated")
        .await;
    let data = gym
        .data(
            gym.ada,
            "{ exercisesCollection(first: 1) { edges { node { name } } } }",
            json!({}),
        )
        .await;
    assert!(nodes(&data["exercisesCollection"])[0]["name"].is_string());
    let hidden = gym
        .refused(
            gym.ada,
            "{ exercisesCollection { edges { node { name slug } } } }",
            json!({}),
        )
        .await;
    assert_eq!(hidden, "Unknown field \"slug\" on type exercises");
    let hidden = gym
        .refused(
            gym.ada,
            "{ exercisesCollection(filter: {slug: {eq: \"x\"}}) { edges { cursor } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        hidden,
        "Input for type exercisesFilter contains extra keys [\"slug\"]"
    );
}

#[tokio::test]
async fn a_bad_token_is_told_so_before_graphql_begins() {
    let gym = Gym::open().await;
    let body = json!({ "query": "{ __typename }" });
    let expired = token(&with(claims_of(gym.ada), json!({ "exp": 1_000_000_000 })));
    for (token, code) in [(expired, "PGRST303"), ("junk".to_owned(), "PGRST301")] {
        let (status, refusal) = answer(gym.server.post(PATH).bearer_auth(token).json(&body)).await;
        assert_eq!((status, &refusal["code"]), (401, &json!(code)), "{refusal}");
    }
}

#[tokio::test]
async fn numbers_that_javascript_would_round_and_json_are_text() {
    let gym = Gym::open().await;
    gym.database
        .run(
            "create table public.measures (id bigint primary key, exact numeric, rough double precision, small smallint, flag boolean,
               document jsonb, text_document jsonb, moment timestamp, clock time, tags text[], large bigint[], amount money, word varchar(9));
             grant select on public.measures to authenticated;
             insert into public.measures values (9007199254740993, 1.50, 0.1, 7, true, '{\"a\": [1]}', '\"plain\"', '2026-11-22 01:02:03',
               '04:05', '{a,b}', '{9007199254740993}', 1, 'w')",
        )
        .await;
    let query = "{ measuresCollection { edges { node { id exact rough small flag document text_document moment clock tags large word } } } }";
    let data = gym.data(gym.ada, query, json!({})).await;
    assert_eq!(
        nodes(&data["measuresCollection"]),
        [
            &json!({ "id": "9007199254740993", "exact": "1.50", "rough": 0.1, "small": 7, "flag": true, "document": "{\"a\": [1]}",
                  "text_document": "plain", "moment": "2026-11-22T01:02:03", "clock": "04:05:00", "tags": ["a", "b"],
                  "large": ["9007199254740993"], "word": "w" })
        ]
    );
    let variables = json!({ "id": "9007199254740993", "tags": ["a"] });
    let by_key = "query($id: BigInt!, $tags: [String!]) { one: measuresByPk(id: $id) { exact nodeId }
                    tagged: measuresCollection(filter: {tags: {contains: $tags}, id: {in: [9007199254740993]}, word: {startsWith: \"w\"}}) { totalCount } }";
    let data = gym.data(gym.ada, by_key, variables).await;
    assert_eq!(
        (&data["one"]["exact"], &data["tagged"]["totalCount"]),
        (&json!("1.50"), &json!(1))
    );
    let by_node = "query($id: ID!) { node(nodeId: $id) { nodeId ... on measures { small } ... on exercises { name } } }";
    let data = gym
        .data(gym.ada, by_node, json!({ "id": data["one"]["nodeId"] }))
        .await;
    assert_eq!(data["node"]["small"], 7);
}

#[tokio::test]
async fn a_row_is_found_again_by_its_node_id_or_key_and_by_nobody_else() {
    let gym = Gym::open().await;
    let query = "query($id: UUID!) { workout_plansByPk(id: $id) { nodeId summary } }";
    let plan = gym.data(gym.ada, query, json!({ "id": gym.plan })).await;
    let id = plan["workout_plansByPk"]["nodeId"].clone();
    let query = "query($id: ID!) { node(nodeId: $id) { __typename ... on workout_plans { id } }
                   workout_plansCollection(filter: {nodeId: {eq: $id}}) { totalCount } }";
    let data = gym.data(gym.ada, query, json!({ "id": id })).await;
    assert_eq!(
        data["node"],
        json!({ "__typename": "workout_plans", "id": gym.plan })
    );
    assert_eq!(data["workout_plansCollection"]["totalCount"], 1);
    let data = gym.data(Uuid::new_v4(), query, json!({ "id": id })).await;
    assert_eq!(data["node"], Value::Null);
    for wrong in [
        "",
        "x",
        "e30=",
        "WyJwdWJsaWMiXQ==",
        "WyJkdXJhYmxlIiwidGFzayIsMV0=",
    ] {
        let refused = gym.ask(gym.ada, query, json!({ "id": wrong })).await;
        assert_eq!(
            refused["errors"][0]["message"], "Invalid value passed to nodeId argument",
            "{wrong}"
        );
    }
    let other =
        "query($id: ID!) { exercisesCollection(filter: {nodeId: {eq: $id}}) { totalCount } }";
    assert_eq!(
        gym.refused(gym.ada, other, json!({ "id": id })).await,
        "nodeId belongs to a different collection"
    );
}

#[tokio::test]
async fn names_are_inflected_where_the_schemas_comment_asks_for_it() {
    let gym = Gym::open().await;
    gym.database
        .run("comment on schema public is '@graphql({\"inflect_names\": true, \"max_rows\": 3})'")
        .await;
    let query = "{ workoutPlansCollection { edges { node { userId startDate
                   workoutEntriesCollection { edges { node { weekNumber exercises { name } streakExercise: streakExercises { name } workoutPlan { __typename } } } } } } } }";
    let data = gym.data(gym.ada, query, json!({})).await;
    let entries = &nodes(&data["workoutPlansCollection"])[0]["workoutEntriesCollection"];
    assert_eq!(nodes(entries).len(), 3, "max_rows");
    assert_eq!(
        nodes(entries)[0]["workoutPlan"]["__typename"],
        "WorkoutPlans"
    );
    let refused = gym
        .refused(
            gym.ada,
            "{ workout_plansCollection { edges { cursor } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        refused,
        "Unknown field \"workout_plansCollection\" on type Query"
    );
}

#[tokio::test]
async fn one_of_several_operations_is_meant_by_its_name() {
    let gym = Gym::open().await;
    let query =
        "query A { __typename } query B { b: __typename heartbeat } mutation C { __typename }";
    let ask = async |name: Value| {
        let body = json!({ "query": query, "operationName": name });
        answer(
            gym.server
                .post(PATH)
                .bearer_auth(token_of(gym.ada))
                .json(&body),
        )
        .await
        .1
    };
    assert_eq!(
        ask(json!("A")).await,
        json!({ "data": { "__typename": "Query" } })
    );
    assert_eq!(
        ask(json!("C")).await,
        json!({ "data": { "__typename": "Mutation" } })
    );
    let b = ask(json!("B")).await;
    assert!(
        b["data"]["b"] == "Query" && b["data"]["heartbeat"].as_str().unwrap().contains('T'),
        "{b}"
    );
    for unknown in [json!("D"), Value::Null] {
        assert_eq!(
            ask(unknown).await["errors"][0]["message"],
            "Operation not found"
        );
    }
}

#[tokio::test]
async fn a_query_never_writes() {
    let gym = Gym::open().await;
    gym.database
        .run(
            "create function public.count_reads() returns boolean language plpgsql volatile as
               $$ begin insert into public.workout_plans (user_id) values (auth.uid()); return true; end $$;
             create policy counting on public.workout_plans as restrictive for select to authenticated using (public.count_reads());
             grant insert on public.workout_plans to authenticated",
        )
        .await;
    let message = gym
        .refused(
            gym.ada,
            "{ workout_plansCollection { edges { node { id } } } }",
            json!({}),
        )
        .await;
    assert_eq!(message, "cannot execute INSERT in a read-only transaction");
}
