//! Writing, as far as grants and policies go.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Gym, PATH};
use crate::support::{answer, service_role_key, token_of};

const RENAME: &str = "mutation($filter: workout_entriesFilter, $notes: String, $atMost: Int! = 1) {
    updateworkout_entriesCollection(set: {notes: $notes}, filter: $filter, atMost: $atMost) {
      affectedCount records { notes week_number workout_plans { id } __typename } __typename } }";

#[tokio::test]
async fn a_user_changes_own_entries_and_nobody_elses() {
    let gym = Gym::open().await;
    let week = json!({ "week_number": { "eq": 1 } });
    let data = gym
        .data(
            gym.ada,
            RENAME,
            json!({ "filter": week, "notes": "done", "atMost": 2 }),
        )
        .await;
    let answer = &data["updateworkout_entriesCollection"];
    let record = json!({ "notes": "done", "week_number": 1, "workout_plans": { "id": gym.plan }, "__typename": "workout_entries" });
    assert_eq!(
        *answer,
        json!({ "affectedCount": 2, "records": [record, record], "__typename": "workout_entriesUpdateResponse" })
    );
    let data = gym
        .data(
            Uuid::new_v4(),
            RENAME,
            json!({ "filter": {}, "notes": "stolen", "atMost": 100 }),
        )
        .await;
    let expected =
        json!({ "affectedCount": 0, "records": [], "__typename": "workout_entriesUpdateResponse" });
    assert_eq!(data["updateworkout_entriesCollection"], expected);
    let notes = "select jsonb_agg(distinct notes order by notes) from public.workout_entries where week_number = 1";
    assert_eq!(gym.value(notes).await, json!(["done"]));
}

#[tokio::test]
async fn a_mutation_that_touches_too_many_rows_or_fails_half_way_changes_nothing() {
    let gym = Gym::open().await;
    let message = gym
        .refused(
            gym.ada,
            RENAME,
            json!({ "filter": {}, "notes": "x", "atMost": 7 }),
        )
        .await;
    assert_eq!(message, "update impacts too many records");
    let message = gym
        .refused(gym.ada, RENAME, json!({ "filter": {}, "notes": "x" }))
        .await;
    assert_eq!(
        message, "update impacts too many records",
        "one is the default"
    );
    let message = gym
        .refused(
            gym.ada,
            "mutation { deleteFromworkout_entriesCollection(atMost: 3) { affectedCount } }",
            json!({}),
        )
        .await;
    assert_eq!(message, "delete impacts too many records");

    let both = "mutation($plan: UUID!) {
        a: deleteFromworkout_entriesCollection(filter: {workout_plan_id: {eq: $plan}}, atMost: 100) { affectedCount }
        b: updateworkout_plansCollection(set: {status: resting}, filter: {id: {eq: $plan}}) { affectedCount } }";
    let message = gym
        .refused(gym.ada, both, json!({ "plan": gym.plan }))
        .await;
    assert_eq!(message, "Invalid input for workout_plan_status type");
    let rows = "select to_jsonb(array[count(*), count(*) filter (where notes = 'x')]) from public.workout_entries";
    assert_eq!(gym.value(rows).await, json!([8, 0]));

    let both = both.replace("resting", "paused");
    let data = gym.data(gym.ada, &both, json!({ "plan": gym.plan })).await;
    assert_eq!(
        data,
        json!({ "a": { "affectedCount": 8 }, "b": { "affectedCount": 1 } })
    );
    assert_eq!(gym.value("select to_jsonb(array[(select count(*)::text from public.workout_entries), status::text]) from public.workout_plans").await, json!(["0", "paused"]));
}

#[tokio::test]
async fn a_user_may_not_touch_job_rows() {
    let gym = Gym::open().await;
    for (mutation, field) in [
        (
            "mutation { updateplan_generation_jobsCollection(set: {status: completed}) { affectedCount } }",
            "updateplan_generation_jobsCollection",
        ),
        (
            "mutation { deleteFromplan_generation_jobsCollection { affectedCount } }",
            "deleteFromplan_generation_jobsCollection",
        ),
        (
            "mutation { updateworkout_plan_requestsCollection(set: {status: \"failed\"}) { affectedCount } }",
            "updateworkout_plan_requestsCollection",
        ),
        (
            "mutation { insertIntoexercisesCollection(objects: [{name: \"x\"}]) { affectedCount } }",
            "insertIntoexercisesCollection",
        ),
    ] {
        let message = gym.refused(gym.ada, mutation, json!({})).await;
        assert_eq!(message, format!("Unknown field {field:?} on type Mutation"));
    }
    let insert = "mutation($status: plan_job_status) { insertIntoplan_generation_jobsCollection(objects: [{status: $status, profile_snapshot: \"{}\"}]) { affectedCount } }";
    let message = gym
        .refused(gym.ada, insert, json!({ "status": "completed" }))
        .await;
    assert_eq!(
        message,
        "Input for type plan_generation_jobsInsertInput contains extra keys [\"status\"]"
    );
    let update =
        "mutation { updateworkout_plansCollection(set: {summary: \"x\"}) { affectedCount } }";
    let message = gym.refused(gym.ada, update, json!({})).await;
    assert_eq!(
        message,
        "Input for type workout_plansUpdateInput contains extra keys [\"summary\"]"
    );
}

#[tokio::test]
async fn a_job_that_is_inserted_is_queued_as_if_by_the_function() {
    let gym = Gym::open().await;
    let insert = "mutation($profile: JSON!) { insertIntoplan_generation_jobsCollection(objects: [{profile_snapshot: $profile}]) {
        affectedCount records { id user_id status profile_snapshot retry_count } } }";
    let profile = json!({ "goal": "MUSCLE_GAIN", "trainingDays": 4 }).to_string();
    let data = gym
        .data(gym.ada, insert, json!({ "profile": profile }))
        .await;
    let inserted = &data["insertIntoplan_generation_jobsCollection"];
    let record = &inserted["records"][0];
    assert_eq!(
        (
            &inserted["affectedCount"],
            &record["user_id"],
            &record["status"],
            &record["retry_count"]
        ),
        (&json!(1), &json!(gym.ada), &json!("pending"), &json!(0))
    );
    assert_eq!(
        serde_json::from_str::<Value>(record["profile_snapshot"].as_str().unwrap()).unwrap()["trainingDays"],
        4
    );
    assert_eq!(gym.server.woken(), 1);
    assert_eq!(
        gym.value("select to_jsonb(count(*)) from durable.task")
            .await,
        1
    );

    let message = gym
        .refused(gym.ada, insert, json!({ "profile": profile }))
        .await;
    assert_eq!(
        message,
        "this user already has a pending or processing plan job"
    );
    let message = gym
        .refused(Uuid::new_v4(), insert, json!({ "profile": "{" }))
        .await;
    assert_eq!(message, "invalid input syntax for type json");
    let other = "mutation($user: UUID!) { insertIntoplan_generation_jobsCollection(objects: [{user_id: $user, profile_snapshot: \"{}\"}]) { affectedCount } }";
    let message = gym
        .refused(Uuid::new_v4(), other, json!({ "user": gym.ada }))
        .await;
    assert_eq!(message, "a plan can only be asked for by its user");
    let other = "mutation($user: UUID!) { insertIntoweekly_base_plansCollection(objects: [{user_id: $user, days: \"{}\"}]) { affectedCount } }";
    let message = gym
        .refused(Uuid::new_v4(), other, json!({ "user": gym.ada }))
        .await;
    assert_eq!(
        message,
        "new row violates row-level security policy for table \"weekly_base_plans\""
    );
}

#[tokio::test]
async fn several_rows_are_inserted_at_once_with_defaults_where_one_is_silent() {
    let gym = Gym::open().await;
    let insert = "mutation($objects: [weekly_base_plansInsertInput!]!) { insertIntoweekly_base_plansCollection(objects: $objects) {
        affectedCount records { days version status nodeId user_id } } }";
    let objects = json!([{ "days": "{\"monday\": 1}", "version": 3 }, { "days": "{}", "status": "archived" }]);
    let data = gym
        .data(gym.ada, insert, json!({ "objects": objects }))
        .await;
    let inserted = &data["insertIntoweekly_base_plansCollection"];
    assert_eq!(inserted["affectedCount"], 2);
    let shown: Vec<_> = inserted["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["version"], &row["status"]))
        .collect();
    assert_eq!(
        shown,
        [
            (&json!(3), &json!("generated")),
            (&json!(1), &json!("archived"))
        ]
    );

    let one = gym
        .data(gym.ada, insert, json!({ "objects": { "days": "{}" } }))
        .await;
    assert_eq!(
        one["insertIntoweekly_base_plansCollection"]["affectedCount"], 1,
        "one object is a list of one"
    );
    let many = json!(vec![json!({ "days": "{}" }); 1001]);
    for (objects, message) in [
        (json!([]), "At least one record must be provided to objects"),
        (
            json!([{ "dayz": "{}" }]),
            "Input for type weekly_base_plansInsertInput contains extra keys [\"dayz\"]",
        ),
        (json!([{ "days": {} }]), "Invalid input for JSON type"),
        (
            json!([{ "days": null }]),
            "null value in column \"days\" of relation \"weekly_base_plans\" violates not-null constraint",
        ),
        (
            json!(["x"]),
            "Invalid input for weekly_base_plansInsertInput type",
        ),
        (many, "The query is too large: it inserts too many records"),
    ] {
        assert_eq!(
            gym.refused(gym.ada, insert, json!({ "objects": objects }))
                .await,
            message
        );
    }
    let nothing = "mutation { updateworkout_entriesCollection(set: {}) { affectedCount } }";
    assert_eq!(
        gym.refused(gym.ada, nothing, json!({})).await,
        "At least one mapping must be provided to set argument"
    );
}

#[tokio::test]
async fn the_service_role_may_and_anon_may_not() {
    let gym = Gym::open().await;
    let mutation = "mutation { updateworkout_plansCollection(set: {summary: \"by the operator\"}) { affectedCount } }";
    let done = gym.ask_as(&service_role_key(), mutation, json!({})).await;
    assert_eq!(
        done["data"]["updateworkout_plansCollection"]["affectedCount"], 1,
        "{done}"
    );
    let (status, nobody) = answer(gym.server.post(PATH).json(&json!({ "query": mutation }))).await;
    assert_eq!(
        (status, &nobody["errors"][0]["message"]),
        (
            200,
            &json!("Unknown field \"updateworkout_plansCollection\" on type Mutation")
        )
    );
}

#[tokio::test]
async fn what_the_contract_refuses_is_said_in_its_own_words() {
    let gym = Gym::open().await;
    gym.database.ended_jobs(gym.ada, 20).await;
    let insert = "mutation { insertIntoplan_generation_jobsCollection(objects: [{profile_snapshot: \"{}\"}]) { affectedCount } }";
    let body = json!({ "query": insert });
    let (status, refused) = answer(
        gym.server
            .post(PATH)
            .bearer_auth(token_of(gym.ada))
            .json(&body),
    )
    .await;
    let sentence = refused["errors"][0]["message"].as_str().unwrap();
    assert!(status == 200 && sentence.contains("20"), "{refused}");
}
