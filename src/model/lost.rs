//! What could not be read. A name that seems to be missing may stand there, and one mistake is
//! to be reported once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::span::{SourceId, Span};

/// What could not be read.
#[derive(Debug, Clone, Default)]
pub struct Lost {
    names: BTreeSet<String>,
    nodes: Vec<(String, Span)>,
    prefixes: Vec<String>,
    texts: BTreeMap<SourceId, Arc<str>>,
}

impl Lost {
    /// A pool or secret that is declared, but with a mistake.
    pub(super) fn name(&mut self, name: impl Into<String>) {
        self.names.insert(name.into());
    }

    /// A node that is declared at `span`, but with a mistake.
    pub(super) fn node(&mut self, id: String, span: Span) {
        // A matrix makes copies of a mistake.
        if self.nodes.iter().all(|(_, known)| *known != span) {
            self.nodes.push((id.clone(), span));
        }
        self.names.insert(id);
    }

    /// Nodes that are declared, but with a mistake: their ids and where those stand.
    pub fn nodes(&self) -> impl Iterator<Item = (&str, Span)> {
        self.nodes.iter().map(|(id, span)| (id.as_str(), *span))
    }

    /// A file that could not be read at all; its ids would begin with `prefix`.
    pub(super) fn file(&mut self, prefix: &str) {
        self.prefixes.push(prefix.to_owned());
    }

    /// A text of which a part was passed over.
    pub(super) fn text(&mut self, source: SourceId, text: Arc<str>) {
        self.texts.insert(source, text);
    }

    /// Whether a name that is used at `span` may be declared where nothing could be read.
    pub fn may_hold(&self, name: &str, span: Span) -> bool {
        let written = name.rsplit(':').next().unwrap_or(name);
        let elsewhere = |source: SourceId, at| source != span.source || !span.range().contains(&at);
        self.names.contains(name)
            || self.prefixes.iter().any(|prefix| name.starts_with(prefix))
            || self
                .texts
                .iter()
                .any(|(source, text)| words(text, written).any(|at| elsewhere(*source, at)))
    }

    /// Whether a pool or secret, which have no prefix, may be declared where nothing could be read.
    pub fn may_declare(&self, name: &str, span: Span) -> bool {
        !self.prefixes.is_empty() || self.may_hold(name, span)
    }

    /// Whether a variable may be used where nothing could be read.
    pub(super) fn may_use(&self, variable: &str) -> bool {
        let name = format!("var.{variable}");
        !self.prefixes.is_empty()
            || self
                .texts
                .values()
                .any(|text| words(text, &name).count() > 0)
    }
}

/// Where `word` stands in a text and is not part of a longer name.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| {
            !text[..*at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_text_with_syntax_errors_may_be_a_node() {
        let mut lost = Lost::default();
        let source = SourceId::default();
        lost.text(source, "tset \"unit { needs \"lint\"".into());
        assert!(lost.may_hold("unit", Span::default()));
        assert!(!lost.may_hold("uni", Span::default()));
        assert!(!lost.may_hold("lint", Span::new(source, 19..25)));
    }

    #[test]
    fn a_missing_file_may_hold_everything_with_its_prefix() {
        let mut lost = Lost::default();
        lost.file("py:");
        assert!(lost.may_hold("py:lint", Span::default()));
        assert!(!lost.may_hold("lint", Span::default()));
    }
}
