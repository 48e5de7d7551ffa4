//! A measurement under load, for people and for programs.

mod human;
mod json;

pub use human::bench_human;
pub use json::BenchReport;
