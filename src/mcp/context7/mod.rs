//! What Context7 offers and answers. Pure.
//!
//! It serves documentation of libraries. From its answers follows that it knows a library under a
//! name, and which versions it lists; nothing follows about security or about being current.

mod answer;
mod name;
#[cfg(test)]
mod tests;
mod version;

pub use answer::{Documentation, Entry, Unreadable, documentation, entries};
pub use name::{Chosen, chosen};
pub use version::{is_listed, newest};

use crate::host::Offer;

/// Names of the tool that finds libraries.
const RESOLVE: &[&str] = &["resolve-library-id"];
/// Names of the tool that serves documentation, the present one first.
const DOCUMENTATION: &[&str] = &["query-docs", "get-library-docs"];

/// What is asked for where a question has to be asked.
const QUESTION: &str = "getting started";

/// The tools of a server, by what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    resolve: Offer,
    documentation: Option<Offer>,
}

impl Tools {
    /// Finds them among what a server offers; the error says what is missing.
    pub fn among(offers: &[Offer]) -> Result<Self, String> {
        let find = |names: &[&str]| {
            let mut names = names.iter();
            names.find_map(|name| offers.iter().find(|offer| offer.name == *name).cloned())
        };
        let resolve = find(RESOLVE).ok_or_else(|| {
            let names: Vec<_> = offers
                .iter()
                .map(|offer| format!("`{}`", offer.name))
                .collect();
            let offered = match names.as_slice() {
                [] => "nothing".to_owned(),
                names => names.join(", "),
            };
            format!("it offers no tool `{}`, but {offered}", RESOLVE[0])
        })?;
        Ok(Self {
            resolve,
            documentation: find(DOCUMENTATION),
        })
    }

    /// The tool that finds a library, and its arguments.
    pub fn resolve<'a>(&'a self, library: &'a str) -> (&'a str, Vec<(&'a str, &'a str)>) {
        let known = [("libraryName", library), ("query", QUESTION)];
        (&self.resolve.name, taken(&self.resolve, &known))
    }

    /// The tool that serves documentation, and its arguments; `None` if the server has none.
    pub fn documentation<'a>(&'a self, id: &'a str) -> Option<(&'a str, Vec<(&'a str, &'a str)>)> {
        let tool = self.documentation.as_ref()?;
        let known = [
            ("libraryId", id),
            ("context7CompatibleLibraryID", id),
            ("query", QUESTION),
            ("topic", QUESTION),
        ];
        Some((&tool.name, taken(tool, &known)))
    }
}

/// Those arguments that a tool takes.
fn taken<'a>(tool: &Offer, known: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let takes = |(name, _): &&(&str, &str)| tool.arguments.iter().any(|taken| taken == name);
    known.iter().filter(takes).copied().collect()
}
