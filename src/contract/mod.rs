//! API contracts: what a document promises, and whether another keeps the promise.
//!
//! The way data takes: texts → [`load::Library`] → [`model::Contract`], whose schemas are nodes of
//! one [`schema::Graph`] → [`compare::compare`], which asks [`contain::Engine`] whether what one
//! side may send is all that the other understands.

pub mod compare;
pub mod contain;
pub mod load;
pub mod model;
mod number;
mod read;
mod scalar;
pub mod schema;

pub use read::read;
