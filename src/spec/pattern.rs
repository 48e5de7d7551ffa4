//! Paths, patterns of paths and regular expressions, checked when they are read.

use globset::{GlobBuilder, GlobMatcher};
use regex::bytes::Regex;

use super::value::{Single, text};
use super::{Decoder, Form};
use crate::diag::Diagnostic;
use crate::span::Span;
use crate::syntax::Value as SyntaxValue;

/// A path relative to the root that does not leave it.
#[derive(Debug, Clone)]
pub struct ProjectPath {
    /// The path, with `/`, without `./` and without a trailing `/`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for ProjectPath {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

/// A pattern of paths relative to the root.
#[derive(Debug, Clone)]
pub struct Glob {
    /// The pattern as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    matcher: GlobMatcher,
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Glob {
    /// A pattern in globset syntax in which `*` stays within a folder.
    pub fn new(text: &str, span: Span) -> Result<Self, globset::Error> {
        let glob = GlobBuilder::new(text)
            .literal_separator(true)
            .backslash_escape(true)
            .build()?;
        Ok(Self {
            text: text.to_owned(),
            span,
            matcher: glob.compile_matcher(),
        })
    }

    /// The path that it stands for, if nothing in it is a pattern.
    pub fn literal(&self) -> Option<&str> {
        let is_pattern = self.text.contains(['*', '?', '[', '{', '\\']);
        (!is_pattern).then_some(self.text.as_str())
    }

    /// Whether a path relative to the root matches.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

/// A regular expression on bytes.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The compiled expression; its `as_str` is the text.
    pub regex: Regex,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

/// The path without `.` parts, or `None` if it leaves the root or is absolute.
pub fn normalise(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn outside(field: &str, path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        "outside-root",
        format!("`{field}` leaves the project: `{path}`"),
    )
    .at(span, "outside of the root")
    .help("paths are relative to the folder that holds `pipelines/`")
}

impl Single for ProjectPath {
    const FORM: Form = Form::Path;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = text(field, value, Self::FORM, decoder)?;
        let Some(path) = normalise(text) else {
            decoder.diags.push(outside(field, text, value.span));
            return None;
        };
        Some(Self {
            path,
            span: value.span,
        })
    }
}

impl Single for Glob {
    const FORM: Form = Form::Glob;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = text(field, value, Self::FORM, decoder)?;
        if text.starts_with('/') || text.split('/').any(|part| part == "..") {
            decoder.diags.push(outside(field, text, value.span));
            return None;
        }
        let never = [
            (
                text.is_empty(),
                "is empty",
                "name a file, or `**` for all".to_owned(),
            ),
            (
                text.starts_with("./"),
                "would match nothing",
                format!("leave the `./` away: \"{}\"", text.trim_start_matches("./")),
            ),
            (
                text.ends_with('/'),
                "would match nothing",
                format!("for all that is in the folder: \"{text}**\""),
            ),
            (
                text.starts_with('!'),
                "does not exclude anything: `!` has no meaning here",
                "say what does match; `\\!` is the character itself".to_owned(),
            ),
        ];
        if let Some((_, problem, help)) = never.into_iter().find(|(holds, ..)| *holds) {
            decoder.diags.push(
                Diagnostic::new("bad-glob", format!("`{text}` {problem}"))
                    .at(value.span, "this pattern")
                    .help(help),
            );
            return None;
        }
        Glob::new(text, value.span)
            .map_err(|error| {
                let message = format!("`{text}` is no pattern: {}", error.kind());
                let diagnostic =
                    Diagnostic::new("bad-glob", message).at(value.span, "this pattern");
                decoder.diags.push(diagnostic);
            })
            .ok()
    }
}

impl Single for Pattern {
    const FORM: Form = Form::Regex;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = text(field, value, Self::FORM, decoder)?;
        match regex::bytes::RegexBuilder::new(text)
            .multi_line(true)
            .build()
        {
            Ok(regex) => Some(Self {
                regex,
                span: value.span,
            }),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default();
                let reason = reason.trim_start_matches("error: ");
                decoder.diags.push(
                    Diagnostic::new("bad-regex", format!("`{field}`: {reason}"))
                        .at(value.span, "this expression")
                        .help("the syntax is that of the `regex` crate: no look-around, no back-references"),
                );
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_its_folder_and_two_do_not() {
        let matches = |glob: &str, path| Glob::new(glob, Span::default()).unwrap().matches(path);
        assert!(matches("src/*.rs", "src/a.rs"));
        assert!(!matches("src/*.rs", "src/a/b.rs"));
        assert!(matches("src/**/*.rs", "src/a/b.rs"));
        assert!(matches("src/**/*.rs", "src/b.rs"));
    }

    #[test]
    fn a_path_may_turn_back_but_not_leave() {
        assert_eq!(normalise("./a/../b/"), Some("b".into()));
        assert_eq!(normalise("a/../../b"), None);
        assert_eq!(normalise("/etc"), None);
    }
}
