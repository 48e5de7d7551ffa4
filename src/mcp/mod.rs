//! Talking to servers of the Model Context Protocol: a client that hides which library it is made
//! of, and what servers of that protocol answer. It opens nothing by itself: whoever calls it hands
//! in pipes or an HTTP client.

mod client;
pub mod context7;
mod watch;

pub use client::Client;
pub use watch::Oddity;
