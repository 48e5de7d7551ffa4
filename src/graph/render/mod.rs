//! Pictures of a graph, one file for each format.
//!
//! A renderer is a pure function from a [`Picture`] to text; a new one is a file and
//! a row in [`RENDERERS`]. None of them trusts its input: a picture with cycles,
//! indices that point nowhere or control characters in its names is still drawn.

use std::io::{Result, Write};

mod cluster;
mod dot;
mod json;
pub(crate) mod mark;
mod mermaid;
mod order;
mod picture;
mod reduction;
mod svg;
#[cfg(test)]
mod tests;
pub(crate) mod text;

pub use picture::{Link, LinkKind, Picture, RunLabel, Scope, Vertex};

/// What the place that a picture is written to can show. Only `text` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to write ANSI colours.
    pub colour: bool,
    /// Whether to keep to ASCII.
    pub ascii: bool,
    /// Columns of the terminal; 0 means as many as it takes.
    pub width: usize,
}

/// A format that graphs can be drawn in.
pub struct Renderer {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What it is good for, in one line.
    pub doc: &'static str,
    /// Draws a picture.
    pub render: fn(&Picture, &Style, &mut dyn Write) -> Result<()>,
}

/// All formats.
pub const RENDERERS: &[Renderer] = &[
    Renderer {
        name: "text",
        doc: "a drawing for the terminal: one line for each node, rails for what waits for what",
        render: text::render,
    },
    Renderer {
        name: "dot",
        doc: "Graphviz source",
        render: dot::render,
    },
    Renderer {
        name: "mermaid",
        doc: "a Mermaid flowchart, as GitHub and GitLab show it in Markdown",
        render: mermaid::render,
    },
    Renderer {
        name: "svg",
        doc: "a picture that stands alone, for light and dark pages",
        render: svg::render,
    },
    Renderer {
        name: "json",
        doc: "the graph as data, schema sdd.graph/1",
        render: json::render,
    },
];

/// The format of that name.
pub fn renderer(name: &str) -> Option<&'static Renderer> {
    RENDERERS.iter().find(|renderer| renderer.name == name)
}
