//! Who has joined what, in this process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use coach::Pool;
use coach::caller::Caller;
use serde_json::Value;
use tokio::sync::{Notify, OnceCell};
use tokio_util::sync::CancellationToken;

use super::lane::{Identity, Lanes};
use super::member::Member;
use super::tables::Tables;

/// The memberships of all sockets, and the feed of changes that they share.
pub(super) struct Hub {
    pub(super) pool: Pool,
    pub(super) tables: Tables,
    pub(super) stop: CancellationToken,
    /// Whether the feed runs.
    pub(super) feed: OnceCell<()>,
    /// Wakes a feed that rests since nobody listens.
    pub(super) listened: Notify,
    lanes: Arc<Lanes>,
    members: Mutex<Members>,
    last_id: AtomicU64,
}

#[derive(Default)]
struct Members {
    by_topic: HashMap<String, HashMap<u64, Arc<Member>>>,
    /// Those that want to hear of changes.
    listening: HashMap<u64, Arc<Member>>,
    identities: HashMap<String, Weak<Identity>>,
    /// At how many identities those that nobody holds any more are swept out.
    sweep_at: usize,
}

impl Members {
    fn insert(&mut self, member: &Arc<Member>) {
        if !member.bindings.is_empty() {
            self.listening.insert(member.id, Arc::clone(member));
        }
        let topic = self.by_topic.entry(member.topic.clone()).or_default();
        topic.insert(member.id, Arc::clone(member));
    }

    fn remove(&mut self, member: &Member) {
        self.listening.remove(&member.id);
        if let Some(topic) = self.by_topic.get_mut(&member.topic) {
            topic.remove(&member.id);
            if topic.is_empty() {
                self.by_topic.remove(&member.topic);
            }
        }
    }
}

impl Hub {
    /// A hub without members.
    pub(super) fn new(pool: Pool, stop: CancellationToken) -> Self {
        Self {
            tables: Tables::new(pool.clone()),
            lanes: Arc::new(Lanes::new(pool.clone(), stop.clone())),
            pool,
            stop,
            feed: OnceCell::new(),
            listened: Notify::new(),
            members: Mutex::default(),
            last_id: AtomicU64::new(0),
        }
    }

    /// A number for a membership.
    pub(super) fn next_id(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::Relaxed)
    }

    /// The identity of a caller, shared by all that say the same of themselves.
    ///
    /// Policies may read any claim, so callers are the same only where all claims are, save when the token was made and ends.
    pub(super) fn identity(&self, caller: Caller) -> Arc<Identity> {
        let mut claims = caller.claims.clone();
        if let Value::Object(claims) = &mut claims {
            claims.retain(|name, _| !["iat", "exp"].contains(&name.as_str()));
        }
        let key = format!("{} {claims}", caller.role.name());
        let mut members = self.members();
        if let Some(identity) = members.identities.get(&key).and_then(Weak::upgrade) {
            return identity;
        }
        if members.identities.len() >= members.sweep_at {
            members.identities.retain(|_, held| held.strong_count() > 0);
            members.sweep_at = 2 * members.identities.len() + 64;
        }
        let identity = Arc::new(self.lanes.open(caller));
        members.identities.insert(key, Arc::downgrade(&identity));
        identity
    }

    /// Enters a member, and in the same moment does `greet`: nothing that comes later overtakes what it sends.
    pub(super) fn join(&self, member: &Arc<Member>, greet: impl FnOnce()) {
        let mut members = self.members();
        members.insert(member);
        greet();
        drop(members);
        self.listened.notify_one();
    }

    /// Puts a member in the place of another of the same channel; what is on its way to the former still arrives.
    pub(super) fn replace(&self, former: &Member, member: &Arc<Member>) {
        let mut members = self.members();
        members.remove(former);
        members.insert(member);
    }

    /// Takes a member out.
    pub(super) fn leave(&self, member: &Member) {
        member.end();
        self.members().remove(member);
    }

    /// Whether anybody wants to hear of changes.
    pub(super) fn has_listeners(&self) -> bool {
        !self.members().listening.is_empty()
    }

    /// Those who want to hear of changes.
    pub(super) fn listeners(&self) -> Vec<Arc<Member>> {
        self.members().listening.values().cloned().collect()
    }

    /// The members of a topic.
    pub(super) fn members_of(&self, topic: &str) -> Vec<Arc<Member>> {
        let members = self.members();
        let members = members.by_topic.get(topic).into_iter().flatten();
        let members = members.map(|(_, member)| Arc::clone(member));
        members.filter(|member| !member.is_over()).collect()
    }

    fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
