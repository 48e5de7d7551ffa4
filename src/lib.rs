//! `sdd`: one honest answer before a session may end.
//!
//! The way data takes: text → [`syntax::Document`] → [`model::Pipeline`] with all diagnostics →
//! [`graph::Graph`] → [`plan::Plan`] → [`sched::Scheduler`] ⇄ [`run`] → [`event::Event`] →
//! [`event::RunState`] → terminal, reports, store.
//!
//! A module uses only modules that stand below it in this file's reverse order;
//! `tests/architecture.rs` holds it to that. What never changes:
//!
//! - only [`run`], [`store`], [`cli`] and [`bench::net`] do input and output
//! - only [`sched`] decides
//! - only [`event::RunState`] counts
//! - only [`report`] and [`cli`] print
//! - only `run/process.rs` and `run/git.rs` start processes
//! - a kind can't see another kind, and acts through [`host::Host`] alone
//! - after [`graph`], no string is a reference to a node

pub mod chance;
pub mod diag;
pub mod id;
pub mod span;

pub mod sched;

pub mod event;

pub mod syntax;
pub mod yaml;

pub mod spec;

pub mod bench;

pub mod host;

pub mod compose;
pub mod contract;
pub mod mcp;
pub mod parsers;
pub mod preflight;
pub mod rules;
pub mod tools;
pub mod work;

pub mod gate;

pub mod kinds;

pub mod model;

pub mod graph;
pub mod plan;

pub mod report;

pub mod store;

pub mod run;

pub mod cli;
