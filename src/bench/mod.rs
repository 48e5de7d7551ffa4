//! Load over HTTP and honest numbers about what it met.
//!
//! What is measured is in [`Load`], how it went in [`Summary`]. Everything but `net` is pure:
//! [`net`] sends the requests, counts in a [`Tally`] per thread, and hands the sum out.

mod answer;
pub mod baseline;
mod drawn;
mod expect;
mod latency;
mod load;
mod mix;
pub mod net;
pub mod resources;
mod schedule;
mod series;
mod summary;
mod tally;
mod target;
pub mod wrk;

pub use drawn::{ASCII, BLOCKS, Signs, drawn};
pub use expect::Expect;
pub use latency::{Latencies, PERCENTILES};
pub use load::{HIGHEST_RATE, Load, Pace, Protocol, USUAL_DURATION, USUAL_TIMEOUT};
pub use series::{Series, Step};
pub use summary::{Bar, LatencySummary, Lateness, Summary, Throughput};
pub use tally::{Failure, Tally};
pub use target::{Origin, Target, TargetBuilder};
