//! `mesocycle costs`.

use local_postgres::testing::fresh_database;
use serde_json::{Value, json};

use crate::support::{Folder, USER, text};

/// Two sendings of a task as the engine journals them: one settled by what the provider said, one lost.
const CALLS: &str = "
    select durable.set_budget('openai gpt-6-luna'), durable.set_budget('deepseek deepseek-flash');
    select durable.spawn('018f0000-0000-7000-8000-000000000001', 'generate_weekly_plan', '{}');
    select durable.start_worker('w', array['weekly_plan']);
    create temporary table run as select * from durable.claim((select id from durable.worker), 'weekly_plan', 1);
    select durable.begin_step(r.task, r.token, 'draft openai', 'h', '{\"estimate\": 400, \"budget\": {\"name\": \"openai gpt-6-luna\"},
        \"caps\": [{\"scope\": \"user USER\", \"daily\": true, \"cap\": 9000}, {\"scope\": \"everybody\", \"daily\": true, \"cap\": 9000}]}')
      from run r;
    select durable.finish_step(r.task, r.token, 'draft openai', '{}', 950,
        '{\"input_tokens\": 3500, \"cached_input_tokens\": 3072, \"output_tokens\": 1119, \"reasoning_tokens\": 0, \"estimated\": false}') from run r;
    select durable.begin_step(r.task, r.token, 'draft deepseek', 'h',
        '{\"estimate\": 50, \"budget\": {\"name\": \"deepseek deepseek-flash\"}}') from run r;
";

#[test]
fn what_models_cost_is_told_by_day_model_flow_user_and_job() {
    let folder = Folder::new();
    let calls = CALLS.replace("USER", USER);
    let database = fresh_database(&format!("{}\n{calls}", coach::migrate::script())).unwrap();
    let costs = |arguments: &[&str]| {
        let all = [&["costs", "--database-url", database.url()], arguments].concat();
        let output = folder.run(&all);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_str(&costs(&[&["--json"], arguments].concat())).unwrap()
    };

    let table = costs(&[]);
    for expected in [
        "generate_weekly_plan",
        "openai gpt-6-luna",
        "$0.000950",
        "$0.000050 ~100%",
        "$0.001000 ~5%",
        "is estimated",
    ] {
        assert!(table.contains(expected), "{expected}\n{table}");
    }
    let by_model = json(&["--by", "model"]);
    let openai = json!({
        "model": "openai gpt-6-luna", "calls": 1, "input_tokens": 3_500, "cached_input_tokens": 3_072, "output_tokens": 1_119,
        "reasoning_tokens": 0, "micro_dollars": 950, "estimated_micro_dollars": 0,
    });
    assert_eq!(by_model["rows"][1], openai, "{by_model}");
    assert_eq!(by_model["total"]["micro_dollars"], json!(1_000));
    assert_eq!(by_model["total"]["calls"], json!(2));
    for by in ["day", "flow"] {
        let rows = json(&["--by", by])["rows"].clone();
        assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
        assert_eq!(rows[0]["micro_dollars"], json!(1_000), "{rows}");
    }
    let by_user = json(&["--by", "user", "--days", "2"]);
    let user = json!([{ "user": USER, "micro_dollars": 950 }]);
    assert_eq!(by_user["rows"], user, "no scope but users");
    let by_job = json(&["--by", "job"])["rows"].clone();
    assert_eq!(
        by_job[0]["job"],
        json!("018f0000-0000-7000-8000-000000000001")
    );
    assert_eq!(by_job[0]["micro_dollars"], json!(1_000));
}

#[test]
fn where_nothing_was_asked_it_says_so() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    let output = folder.run(&["costs", "--database-url", database.url()]);
    assert_eq!(
        text(&output.stdout),
        "No model was asked in the last 30 days.\n"
    );
}
