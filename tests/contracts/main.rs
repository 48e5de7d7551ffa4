//! The kind `contract` by the real program: what is checked, compared and allowed.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod example;
mod formats;
mod kind;
mod lines;
mod live;
#[path = "../server/mod.rs"]
mod server;
#[path = "../support/mod.rs"]
mod support;

use support::repository::{committed, git};
