//! API contracts: what a document promises, and whether another keeps the promise.
//!
//! The way data takes: texts → [`load::Library`] → [`model::Contract`], whose schemas are nodes of
//! one [`schema::Graph`] → [`compare::compare`], which asks [`contain::Engine`] whether what one
//! side may send is all that the other understands.

pub mod compare;
pub mod contain;
pub mod exact;
pub mod live;
pub mod load;
pub mod model;
mod number;
pub mod origin;
pub mod place;
mod read;
mod scalar;
pub mod schema;
pub mod validate;
pub mod version;

pub use read::{promises, read};
