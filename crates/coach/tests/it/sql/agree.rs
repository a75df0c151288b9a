//! Job rows and engine tasks never disagree, whoever moves them and however many do at once.

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::support::{Db, Refused, Who, create_sql, profile, service, seven_days, user};

/// A small generator (splitmix64), so that a failure can be run again from its printed seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

fn athlete(n: u64) -> String {
    format!("00000000-0000-4000-8000-00000000000{n}")
}

/// One thing that somebody may do at any time; what it is refused for is not the question here.
async fn act(db: &Db, dice: &mut Dice, name: &str) -> Result<Value, Refused> {
    let who = athlete(dice.roll(4));
    let a_job = format!(
        "(select id from public.plan_generation_jobs where user_id = '{who}' order by created_at desc limit 1)"
    );
    let held = format!("select task from durable.run where task = {a_job}");
    let (who, sql): (Who, String) = match dice.roll(12) {
        0..=2 => (user(&who), create_sql(&profile(), &json!({}))),
        3 => (
            user(&who),
            format!("select to_jsonb(public.cancel_plan_job({a_job}))"),
        ),
        4 => (
            user(&who),
            format!("select to_jsonb(public.reset_stuck_plan_job({a_job}))"),
        ),
        5 | 6 => (
            service(),
            format!("select to_jsonb(public.claim_next_plan_job('{name}'))"),
        ),
        7 => (
            service(),
            format!(
                "select to_jsonb(public.fail_plan_job({a_job}, 'Odd.', 'AI_TIMEOUT'))"
            ),
        ),
        8 => (
            service(),
            format!(
                "with plan as (insert into public.weekly_base_plans (user_id, days) values ('{who}', $d${}$d$) returning id)
                 select to_jsonb(id) from plan",
                seven_days()
            ),
        ),
        9 => (
            service(),
            format!(
                "select to_jsonb(public.complete_plan_job({a_job},
                   (select id from public.weekly_base_plans where user_id = '{who}' limit 1)))"
            ),
        ),
        10 => (
            service(),
            format!(
                "update public.plan_generation_jobs set status = 'failed', error_code = 'AI_REFUSED'
                 where id = {a_job} and status in ('pending', 'processing') returning to_jsonb(id)"
            ),
        ),
        _ if dice.roll(3) == 0 => (
            service(),
            format!("delete from public.plan_generation_jobs where id = {a_job} returning to_jsonb(id)"),
        ),
        _ => {
            // A lease runs out; then anybody may reset, fail or take over.
            db.owner(&format!(
                "update durable.worker set lease_until = now() where id in (select worker from durable.run where task in ({held}))"
            ))
            .await;
            return Ok(Value::Null);
        }
    };
    db.call(&who, &sql).await
}

#[tokio::test]
async fn rows_and_tasks_agree_after_a_thousand_moves_by_many_at_once() {
    let db = Db::fresh().await;
    db.owner("select coach.set_setting('jobs_per_day', '100000')")
        .await;
    let seed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    println!("seed {seed}");
    let unexpected: Vec<Refused> = join_all((0..10).map(|actor| {
        let db = &db;
        async move {
            let mut dice = Dice(seed + actor);
            let mut unexpected = Vec::new();
            for round in 0..100 {
                if let Err(refused) = act(db, &mut dice, &format!("edge-{actor}-{round}")).await {
                    // A deadlock with a write by hand, which locks the row first, is PostgreSQL's to break.
                    if !refused.sqlstate.starts_with("PT") && refused.sqlstate != "40P01" {
                        unexpected.push(refused);
                    }
                }
            }
            unexpected
        }
    }))
    .await
    .into_iter()
    .flatten()
    .collect();
    assert_eq!(unexpected, [], "seed {seed}");
    let disagreeing = db
        .get(
            "select coalesce(jsonb_agg(jsonb_build_array(j.id, j.status, place)), '[]')
             from public.plan_generation_jobs j left join durable.task t on t.id = j.id
             cross join lateral (select case when exists (select from durable.ready r where r.task = j.id) then 'pending'
               when exists (select from durable.timer r where r.task = j.id) then 'pending'
               when exists (select from durable.run r where r.task = j.id) then 'processing'
               when exists (select from durable.parked r where r.task = j.id) then 'parked'
               when t.outcome = 'succeeded' then 'completed' when t.outcome in ('failed', 'cancelled') then 'failed'
               else 'nowhere' end as place) p
             where j.status::text <> place",
        )
        .await;
    assert_eq!(disagreeing, json!([]), "seed {seed}");
    assert_eq!(
        db.get("select count(*) from durable.task t where outcome is null and not exists (select from public.plan_generation_jobs j where j.id = t.id)").await,
        0,
        "a task without its row; seed {seed}"
    );
    assert_eq!(
        db.get("select count(*) from durable.parked").await,
        0,
        "seed {seed}"
    );
    let ended = db
        .get("select count(*) from durable.task where outcome is not null")
        .await;
    assert!(
        ended.as_i64() > Some(20),
        "{ended} jobs went through; seed {seed}"
    );
}
