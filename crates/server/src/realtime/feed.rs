//! The one reader of a process: takes what became visible in the database and hands it to those who asked for it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::change_feed::{self, Condition, Snapshot, Table};
use coach::refusal::CallError;

use super::hub::Hub;
use super::lane::{Delivery, Identity, News};
use super::member::Member;

/// Between two looks while somebody listens, and while nobody does.
const INTERVAL: Duration = Duration::from_millis(50);
const REST: Duration = Duration::from_secs(1);
/// After a look that failed.
const RETRY: Duration = Duration::from_secs(1);
/// Changes are kept for at least this long; who did not look for so long may have missed some.
const KEPT: Duration = Duration::from_secs(60);
/// How many changes are taken into memory at once.
const PAGE: i64 = 200;
/// How many old changes one statement removes.
const PRUNE: i64 = 5_000;

/// How far the feed has read.
struct Cursor {
    /// All that was visible then has been told.
    seen: Snapshot,
    /// While what came since is told: what was visible at the look, and the last id of it that has been told.
    page: Option<(Snapshot, i64)>,
}

impl Hub {
    /// Starts the feed unless it runs. Whatever commits after this is told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn start_feed(self: &Arc<Self>) -> Result<(), CallError> {
        let start = async || {
            let seen = change_feed::snapshot(&self.pool).await?;
            let hub = Arc::clone(self);
            tokio::spawn(async move {
                let stop = hub.stop.clone();
                stop.run_until_cancelled(hub.feed(seen)).await;
            });
            Ok::<_, CallError>(())
        };
        self.feed.get_or_try_init(start).await.map(|_| ())
    }

    async fn feed(&self, seen: Snapshot) {
        let mut cursor = Cursor { seen, page: None };
        let mut looked = Instant::now();
        let mut is_well = true;
        loop {
            if self.has_listeners() {
                tokio::time::sleep(INTERVAL).await;
            } else {
                // Either is a reason to go on.
                let _ = tokio::time::timeout(REST, self.listened.notified()).await;
            }
            match self.look(&mut cursor).await {
                Ok(()) => (looked, is_well) = (self.mind_the_gap(looked), true),
                Err(error) => {
                    if is_well {
                        tracing::warn!(%error, "changes cannot be read, Realtime is silent");
                    }
                    is_well = false;
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// Whoever listened over a time in which changes may have been pruned unread must read again.
    fn mind_the_gap(&self, looked: Instant) -> Instant {
        if looked.elapsed() >= KEPT {
            for member in self.listeners() {
                let reason = "Changes may have been missed; the channel begins anew.";
                member.fail("postgres_changes", reason);
            }
        }
        Instant::now()
    }

    /// Tells all that became visible since the last look. One that fails on the way is taken up where it stopped.
    async fn look(&self, cursor: &mut Cursor) -> Result<(), CallError> {
        if cursor.page.is_none() {
            let look = change_feed::look(&self.pool, &cursor.seen).await?;
            if !look.has_news {
                cursor.seen = look.snapshot;
                return Ok(());
            }
            cursor.page = Some((look.snapshot, i64::MIN));
        }
        while let Some((until, after)) = &mut cursor.page {
            // Asked after the look: who joined before it is among them, and so are their tables.
            let listeners = self.listeners();
            let tables = tables_of(&listeners);
            let tables = tables.as_deref();
            let changes =
                change_feed::read(&self.pool, &cursor.seen, until, *after, tables, PAGE).await?;
            let Some(last) = changes.last().map(|change| change.id) else {
                cursor.seen = until.clone();
                cursor.page = None;
                break;
            };
            let news = changes
                .into_iter()
                .map(|change| Arc::new(News::new(change)));
            self.tell(news.collect(), &listeners).await?;
            *after = last;
        }
        Ok(())
    }

    /// Hands each change to the lanes of those whose bindings it matches.
    async fn tell(&self, news: Vec<Arc<News>>, listeners: &[Arc<Member>]) -> Result<(), CallError> {
        let mut by_table: HashMap<&str, Vec<&Arc<News>>> = HashMap::new();
        for news in &news {
            by_table.entry(&news.change.table).or_default().push(news);
        }
        let mut deliveries: Vec<Delivery> = Vec::new();
        for (name, news) in by_table {
            if let Some(table) = self.tables.get(name).await? {
                deliveries.extend(self.matching(&table, &news, listeners).await?);
            }
        }
        deliveries.sort_by_key(|delivery| delivery.news.change.id);
        let mut batches: HashMap<*const Identity, (Arc<Identity>, Vec<Delivery>)> = HashMap::new();
        for delivery in deliveries {
            let identity = &delivery.member.identity;
            batches
                .entry(Arc::as_ptr(identity))
                .or_insert_with(|| (Arc::clone(identity), Vec::new()))
                .1
                .push(delivery);
        }
        for (identity, batch) in batches.into_values() {
            identity.deliver(batch);
        }
        Ok(())
    }

    /// Every change of one table with every member that has a binding for it.
    async fn matching(
        &self,
        table: &Arc<Table>,
        news: &[&Arc<News>],
        listeners: &[Arc<Member>],
    ) -> Result<Vec<Delivery>, CallError> {
        let mut conditions: Vec<Condition> = Vec::new();
        let mut numbers: HashMap<&Condition, usize> = HashMap::new();
        for member in listeners {
            for binding in member
                .bindings
                .iter()
                .filter(|binding| binding.table.as_ref() == Some(&table.name))
            {
                for condition in &binding.conditions {
                    numbers.entry(condition).or_insert_with(|| {
                        conditions.push(condition.clone());
                        conditions.len() - 1
                    });
                }
            }
        }
        let changes: Vec<_> = news.iter().map(|news| &news.change).collect();
        let holds = change_feed::matches(&self.pool, table, &conditions, &changes).await?;
        let mut deliveries = Vec::new();
        for member in listeners.iter().filter(|member| !member.is_over()) {
            let role = member.identity.caller.role;
            // A filter on a column that its maker may not read would tell what is in it.
            let may_ask = |condition: &Condition| {
                table
                    .column(&condition.column)
                    .is_some_and(|column| column.is_readable_by(role))
            };
            for (index, news) in news.iter().enumerate() {
                let ids: Vec<u32> = member
                    .bindings
                    .iter()
                    .filter(|binding| binding.covers(&table.name, news.change.kind))
                    .filter(|binding| {
                        binding.conditions.iter().all(|condition| {
                            let number = numbers.get(condition);
                            may_ask(condition) && number.is_some_and(|number| holds[*number][index])
                        })
                    })
                    .map(|binding| binding.id)
                    .collect();
                if !ids.is_empty() {
                    deliveries.push(Delivery {
                        news: Arc::clone(news),
                        table: Arc::clone(table),
                        member: Arc::clone(member),
                        ids,
                    });
                }
            }
        }
        Ok(deliveries)
    }

    /// Removes changes that were there a minute ago, every minute, whether or not somebody listens.
    pub(super) async fn prune(&self) {
        let mut old = None;
        loop {
            if let Some(old) = &old {
                while let Ok(PRUNE..) = change_feed::prune(&self.pool, old, PRUNE).await {}
            }
            old = change_feed::snapshot(&self.pool).await.ok().or(old);
            tokio::time::sleep(KEPT).await;
        }
    }
}

/// The tables that anybody wants to hear of; `None` for all.
fn tables_of(listeners: &[Arc<Member>]) -> Option<Vec<String>> {
    let bindings = listeners.iter().flat_map(|member| member.bindings.iter());
    let tables: Option<std::collections::BTreeSet<&String>> =
        bindings.map(|binding| binding.table.as_ref()).collect();
    Some(tables?.into_iter().cloned().collect())
}
