//! The known ways in which a gate gives a wrong answer, each as a test that a naive gate fails.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod checks;
mod coverage;
mod evidence;
mod fresh;
mod security;
mod settings;
mod suites;
#[path = "../support/mod.rs"]
mod support;

use support::installed::with_python;
use support::repository::{committed, git};
