//! The same enqueue by plain SQL, from PostgreSQL's own load generator, which takes less of the processors than a Rust
//! client. Left out where there is no `pgbench`.

use std::time::Duration;

use tokio::process::Command;

use crate::{
    database::Postgres,
    enqueue::{BARE, CLIENTS},
    report::Report,
};

/// Names and scripts; each script is one transaction.
const CONTESTANTS: [(&str, &str); 5] = [
    (BARE, "bare_insert.sql"),
    ("INSERT and pg_notify", "insert_and_notify.sql"),
    ("durable.spawn", "durable_spawn.sql"),
    (
        "durable.spawn and a contract row",
        "durable_spawn_with_contract_row.sql",
    ),
    ("graphile_worker.add_job", "graphile_add_job.sql"),
];

pub(crate) async fn measure(
    postgres: &Postgres,
    report: &mut Report,
    window: Duration,
    repetitions: u32,
) -> anyhow::Result<()> {
    if Command::new("pgbench")
        .arg("--version")
        .output()
        .await
        .is_err()
    {
        println!("\nenqueue by SQL is left out: there is no pgbench");
        return Ok(());
    }
    for round in 0..repetitions {
        for clients in CLIENTS {
            let url = postgres.fresh().await?;
            for (name, script) in CONTESTANTS {
                let rate = rate(&url, script, clients, window).await?;
                report.sample(&title(clients), name, round, rate)?;
            }
        }
    }
    for clients in CLIENTS {
        report.table(&title(clients), BARE);
    }
    Ok(())
}

fn title(clients: u32) -> String {
    format!("enqueue x{clients} by SQL, tasks/s")
}

async fn rate(url: &str, script: &str, clients: u32, window: Duration) -> anyhow::Result<f64> {
    let script = format!("{}/pgbench/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("pgbench")
        .args(["--no-vacuum", "--protocol=prepared", "--file", &script])
        .args(["--client", &clients.to_string()])
        .args(["--time", &window.as_secs().max(1).to_string()])
        .arg(url)
        .output()
        .await?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let rate = printed
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    match rate {
        Some(rate) if output.status.success() => Ok(rate),
        _ => anyhow::bail!(
            "pgbench failed: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}
