//! The verbs, one file each.

pub(crate) mod completions;
pub(crate) mod costs;
pub(crate) mod demo;
pub(crate) mod dev;
pub(crate) mod doctor;
pub(crate) mod erase;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod plan;
pub(crate) mod queues;
pub(crate) mod schedules;
pub(crate) mod serve;
pub(crate) mod settings;
pub(crate) mod tasks;
pub(crate) mod token;
pub(crate) mod work;
pub(crate) mod workers;
