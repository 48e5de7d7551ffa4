//! Docker Compose as data: what its files declare, what its containers are up to, and whether that
//! is what was waited for.

mod container;
mod file;
mod model;
mod project;
mod ready;
mod removal;
mod stack;
mod stats;
mod traces;
mod wish;

pub use container::{Container, Health, State, containers};
pub use file::ComposeFiles;
pub use model::{Model, ServiceModel};
pub use project::{family, is_name_of, project};
pub use ready::{Ready, Until, readiness};
pub(crate) use removal::{Docker, remove, removed};
pub use stack::Stack;
pub use stats::{Running, Stats, containers_path, running, stats, stats_path};
pub(crate) use traces::Sort;
pub use traces::ids;
pub use wish::{Wanted, Wish};
