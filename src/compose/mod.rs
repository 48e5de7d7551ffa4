//! Docker Compose as data: what its files declare, what its containers are up to, and whether that
//! is what was waited for.

mod container;
mod file;
mod model;
mod project;
mod ready;
mod stack;
mod traces;
mod wish;

pub use container::{Container, Health, State, containers};
pub use file::ComposeFiles;
pub use model::{Model, ServiceModel};
pub use project::{family, is_name_of, project};
pub use ready::{Ready, Until, readiness};
pub use stack::Stack;
pub use traces::{SORTS, Sort, ids};
pub use wish::{Wanted, Wish};
