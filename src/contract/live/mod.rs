//! Whether a service that runs keeps a contract: what it is asked, and what its answers mean.

mod curl;
mod exchange;

pub use curl::curl;
pub use exchange::{Answer, Request};
