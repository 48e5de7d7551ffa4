//! A measurement under load, for people and for programs.

mod human;
mod json;
mod svg;

pub use human::bench_human;
pub use json::BenchReport;
pub use svg::bench_svg;
