//! What is wrong with a configuration: a code, the places, the cause and the mend.

mod codes;
mod suggest;

pub use codes::{CODES, Code, code};
pub use suggest::{closest, did_you_mean};

use crate::span::{SourceId, Span};

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The configuration can be used.
    Warning,
    /// The configuration can't be used.
    Error,
}

impl Severity {
    /// The word that machine formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The exact token.
    pub span: Span,
    /// A fragment shown beside it; may be empty.
    pub text: String,
}

/// One mistake or doubt in a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The row of [`CODES`] that it belongs to.
    pub code: &'static Code,
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// The places; the first is where a reader should look.
    pub labels: Vec<Label>,
    /// How to mend it.
    pub help: Option<String>,
    /// The file that it is about, for a diagnostic without a place in a text.
    pub path: Option<String>,
}

impl Diagnostic {
    /// A diagnostic of the code named `id` (a name without the `sdd::config::` prefix).
    pub fn new(id: &str, message: impl Into<String>) -> Self {
        Self {
            code: code(id),
            message: message.into(),
            labels: Vec::new(),
            help: None,
            path: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Sets the mend.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the mend if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Names the file of a diagnostic that has no place in a text.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.code.severity
    }

    /// Whether the same was said of the same token.
    fn repeats(&self, other: &Self) -> bool {
        let same_place = self.labels.first() == other.labels.first();
        let same_text = !self.labels.is_empty() || self.message == other.message;
        self.code == other.code && same_place && same_text
    }

    fn order(&self) -> (Option<SourceId>, u32, &'static str, &str) {
        let first = self.labels.first().map(|label| label.span);
        (
            first.map(|span| span.source),
            first.map_or(0, |span| span.start),
            self.code.id,
            &self.message,
        )
    }
}

/// Collects diagnostics; nothing that reports into it stops at the first mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diags(Vec<Diagnostic>);

impl Diags {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, other: Diags) {
        self.0.extend(other.0);
    }

    /// Whether anything forbids using the configuration.
    pub fn has_errors(&self) -> bool {
        self.0
            .iter()
            .any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many were said.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The first that was said and how many more; `None` if nothing was.
    pub fn summary(&self) -> Option<String> {
        let first = self.0.first()?.message.clone();
        Some(match self.0.len() - 1 {
            0 => first,
            more => format!("{first}, and {more} more"),
        })
    }

    /// All of them, in the order of [`Diags::sorted`] if that was called.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// In the order of the files, each said once: a matrix decodes the same token several times.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| a.order().cmp(&b.order()));
        self.0.dedup_by(|a, b| a.repeats(b));
        self
    }
}

impl<'a> IntoIterator for &'a Diags {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
