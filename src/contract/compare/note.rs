//! x
use super::Places;
use super::rules::Level;
use super::walk::Pair;
use crate::contract::schema::{Direction, Graph, SchemaId};
pub(super) struct Note {
    pub property: Option<String>,
    pub message: String,
    pub witness: Option<serde_json::Value>,
}
impl Note {
    pub(super) fn rule(&self, prefix: &str) -> (String, Level) {
        (prefix.to_owned(), Level::Info)
    }
    pub(super) fn places(&self, graph: &Graph, (old, new): (SchemaId, SchemaId)) -> Places {
        (Some(graph.span(old)), Some(graph.span(new)))
    }
}
pub(super) fn notes(_: &Graph, _: &Pair, _: Direction) -> Vec<Note> {
    Vec::new()
}
