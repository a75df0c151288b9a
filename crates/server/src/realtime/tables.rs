//! What the catalogue says of tables, remembered for a second: a change of grants or policies is seen by then.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::Pool;
use coach::change_feed::{Table, describe};
use coach::refusal::CallError;
use tokio::sync::Mutex;

const REMEMBERED: Duration = Duration::from_secs(1);
/// More names than there are tables: apps may ask for any.
const MOST: usize = 1000;

/// The tables that were asked for lately.
pub(super) struct Tables {
    pool: Pool,
    known: Mutex<HashMap<String, Answer>>,
}

/// What the catalogue said, and when.
struct Answer {
    at: Instant,
    table: Option<Arc<Table>>,
}

impl Tables {
    /// Asks `pool`.
    pub(super) fn new(pool: Pool) -> Self {
        Self {
            pool,
            known: Mutex::default(),
        }
    }

    /// The table of that name, if changes of it are told.
    pub(super) async fn get(&self, name: &str) -> Result<Option<Arc<Table>>, CallError> {
        let mut known = self.known.lock().await;
        if let Some(answer) = known.get(name)
            && answer.at.elapsed() < REMEMBERED
        {
            return Ok(answer.table.clone());
        }
        let table = describe(&self.pool, name).await?.map(Arc::new);
        if known.len() >= MOST {
            known.clear();
        }
        let answer = Answer {
            at: Instant::now(),
            table: table.clone(),
        };
        known.insert(name.to_owned(), answer);
        Ok(table)
    }
}
