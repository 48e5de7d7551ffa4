//! What a document says that is no promise, and yet tells what to send: examples and formats.

use std::collections::HashMap;

use serde_json::Value;

use super::walk::Walk;
use super::{edition, schema_table, three, two};
use crate::contract::load::{At, Library};
use crate::contract::scalar::json;
use crate::span::Span;

/// Examples and formats, each by the place of what they are of.
#[derive(Debug, Default)]
pub struct Survey {
    /// Of parameters, contents and schemas.
    pub examples: HashMap<Span, Vec<Value>>,
    /// Of schemas.
    pub formats: HashMap<Span, String>,
}

/// Gathers them from a document.
pub fn survey(library: &Library) -> Survey {
    let mut found = Survey::default();
    let Some(edition) = edition(library.root()) else {
        return found;
    };
    let mut walk = Walk::new(library, edition);
    walk.document();
    for at in walk.all(&[&three::PARAMETER, &three::MEDIA_TYPE]) {
        let named = at.each("examples").filter_map(|(_, at)| walk.follow(at));
        let named = named.filter_map(|at| at.get("value").or_else(|| at.get("dataValue")));
        let all: Vec<At<'_>> = at.get("example").into_iter().chain(named).collect();
        found.keep(library, at, &all);
    }
    let old = [&two::PARAMETER, &two::ITEMS];
    let schemas = [&schema_table::OLD, &schema_table::NEW];
    for at in walk.all(&[schemas, old].concat()) {
        if let Some(format) = at.text("format") {
            found.formats.insert(library.span(at), format.to_owned());
        }
        let single = [at.get("example"), at.get("default")];
        let all: Vec<At<'_>> = at
            .list("examples")
            .chain(single.into_iter().flatten())
            .collect();
        found.keep(library, at, &all);
    }
    found
}

impl Survey {
    fn keep(&mut self, library: &Library, of: At<'_>, examples: &[At<'_>]) {
        if !examples.is_empty() {
            let values = examples.iter().map(|at| json(at.node));
            self.examples.insert(library.span(of), values.collect());
        }
    }

    /// The examples of something.
    pub fn examples(&self, of: Span) -> &[Value] {
        self.examples.get(&of).map_or(&[], Vec::as_slice)
    }
}
