//! Command lines: a program and its arguments, never a shell's text.

use super::template::Template;
use super::value::text;
use super::{Decoder, Form, Ty, Value};
use crate::diag::Diagnostic;
use crate::span::{Sources, Span};
use crate::syntax::Node;

/// A program and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Argv {
    /// The words; at least one.
    pub words: Vec<Template>,
}

impl Argv {
    /// Where the first word stands.
    pub fn span(&self) -> Span {
        self.words.first().map(|word| word.span).unwrap_or_default()
    }
}

/// Why a text can't be split into words.
#[derive(Debug, PartialEq, Eq)]
pub enum SplitError {
    /// A quote is never closed; the offset is its own.
    Unclosed(usize),
    /// Syntax that only a shell understands, at that offset.
    Shell(usize, &'static str),
    /// There is no word.
    Empty,
}

/// Tokens that mean something to a shell; the longest first.
const SHELL_TOKENS: &[&str] = &["&&", "||", ">>", "|", ";", ">", "<", "$", "`", "&"];

/// Splits a line by the rules of POSIX for words, without any expansion.
///
/// Source: POSIX.1-2024, XCU 2.2 (quoting) and 2.3 (token recognition).
pub fn split_words(line: &str) -> Result<Vec<String>, SplitError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' | '"' => {
                let target = word.get_or_insert_default();
                quoted(c, at, &mut chars, target)?;
            }
            '\\' => match chars.next() {
                Some((_, '\n')) | None => {}
                Some((_, escaped)) => word.get_or_insert_default().push(escaped),
            },
            _ => {
                if let Some(token) = SHELL_TOKENS.iter().find(|t| line[at..].starts_with(**t)) {
                    return Err(SplitError::Shell(at, token));
                }
                word.get_or_insert_default().push(c);
            }
        }
    }
    words.extend(word);
    if words.is_empty() {
        return Err(SplitError::Empty);
    }
    Ok(words)
}

/// Takes what is between quotes; inside double ones, a backslash escapes `"`, `\`, `$` and `` ` ``.
fn quoted(
    quote: char,
    at: usize,
    chars: &mut std::str::CharIndices<'_>,
    word: &mut String,
) -> Result<(), SplitError> {
    while let Some((here, c)) = chars.next() {
        match c {
            _ if c == quote => return Ok(()),
            '\\' if quote == '"' => match chars.next() {
                Some((_, escaped @ ('"' | '\\' | '$' | '`'))) => word.push(escaped),
                Some((_, '\n')) => {}
                Some((_, other)) => word.extend(['\\', other]),
                None => return Err(SplitError::Unclosed(at)),
            },
            '$' if quote == '"' => return Err(SplitError::Shell(here, "$")),
            '`' if quote == '"' => return Err(SplitError::Shell(here, "`")),
            _ => word.push(c),
        }
    }
    Err(SplitError::Unclosed(at))
}

/// Words that join commands. A `;` or `|` may be meant for the program, as in `find -exec`.
const OPERATORS: &[&str] = &["&&", "||"];

impl Value for Argv {
    const TY: Ty = Ty::Argv;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        let node = decoder.once(nodes)?;
        let field = node.name.as_str();
        if let Some(child) = node.children.first() {
            decoder.diags.push(
                Diagnostic::new(
                    "wrong-type",
                    format!("`{field}` takes a program and its arguments"),
                )
                .at(child.span, "a property, not an argument")
                .help(format!(
                    "quote an argument that holds `=`: \"{}=…\"",
                    *child.name
                )),
            );
            return None;
        }
        let words = match node.args.as_slice() {
            [line] => one_line(field, line, decoder)?,
            args => {
                let words: Vec<_> = args
                    .iter()
                    .map(|arg| {
                        let text = argument(field, arg, decoder)?;
                        no_operator(field, &text, arg.span, decoder)?;
                        Template::parse(&text, arg.span, decoder)
                    })
                    .collect();
                words.into_iter().collect::<Option<Vec<_>>>()?
            }
        };
        if words.is_empty() && node.broken {
            return None;
        }
        if words.is_empty() {
            decoder.diags.push(
                Diagnostic::new("missing-field", format!("`{field}` names no program"))
                    .at(node.name.span, "empty")
                    .help(format!("for instance `{field} \"cargo\" \"test\"`")),
            );
            return None;
        }
        Some(Self { words })
    }

    fn templates(&self, visit: &mut dyn FnMut(&Template)) {
        self.words.iter().for_each(visit);
    }
}

/// An argument; bare numbers are welcome (`run "sleep" 1`).
fn argument(field: &str, arg: &crate::syntax::Value, decoder: &mut Decoder<'_>) -> Option<String> {
    match &arg.value {
        crate::syntax::Scalar::Int(number) => Some(number.to_string()),
        _ => text(field, arg, Form::Template, decoder).map(str::to_owned),
    }
}

/// Refuses an argument that only makes sense to a shell: what follows it would not be run, and
/// nobody would be told.
fn no_operator(field: &str, word: &str, span: Span, decoder: &mut Decoder<'_>) -> Option<()> {
    let operator = OPERATORS.iter().find(|operator| **operator == word);
    let Some(sign) = operator else {
        return Some(());
    };
    let message = format!("`{field}` starts no shell, so `{sign}` has no meaning");
    decoder.diags.push(
        Diagnostic::new("shell-syntax", message)
            .at(span, "shell syntax")
            .help("make it a node of its own, or write `shell \"…\"` for a shell"),
    );
    None
}

fn one_line(
    field: &str,
    line: &crate::syntax::Value,
    decoder: &mut Decoder<'_>,
) -> Option<Vec<Template>> {
    let text = text(field, line, Form::Template, decoder)?;
    match split_words(text) {
        Ok(words) => words
            .iter()
            .map(|word| Template::parse(word, line.span, decoder))
            .collect(),
        Err(error) => {
            let sources = decoder.sources;
            decoder
                .diags
                .push(split_diagnostic(field, &error, text, line.span, sources));
            None
        }
    }
}

fn split_diagnostic(
    field: &str,
    error: &SplitError,
    text: &str,
    span: Span,
    sources: &Sources,
) -> Diagnostic {
    let token = |at, length| super::token_span(text, at..at + length, span, sources);
    match error {
        SplitError::Shell(at, sign) => Diagnostic::new(
            "shell-syntax",
            format!("`{field}` starts no shell, so `{sign}` has no meaning"),
        )
        .at(token(*at, sign.len()), "shell syntax")
        .help("write `shell \"…\"` for a shell, or give the arguments one by one"),
        SplitError::Unclosed(at) => Diagnostic::new("shell-syntax", "a quote is not closed")
            .at(token(*at, 1), "opened here")
            .help("give the arguments one by one: no quoting is needed then"),
        SplitError::Empty => {
            Diagnostic::new("missing-field", format!("`{field}` names no program"))
                .at(span, "empty")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        split_words(line).unwrap()
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(
            words(r#"pytest -k "not slow" -q"#),
            ["pytest", "-k", "not slow", "-q"]
        );
        assert_eq!(words(r"a 'b c'd \ e ''"), ["a", "b cd", " e", ""]);
        assert_eq!(words(r#"a "b\"c\d""#), ["a", r#"b"c\d"#]);
    }

    #[test]
    fn shell_syntax_outside_of_quotes_is_refused() {
        for (line, at, token) in [
            ("a | b", 2, "|"),
            ("a && b", 2, "&&"),
            ("a; b", 1, ";"),
            ("a > b", 2, ">"),
            ("a $X", 2, "$"),
            ("a \"$X\"", 3, "$"),
            ("a `b`", 2, "`"),
        ] {
            assert_eq!(
                split_words(line),
                Err(SplitError::Shell(at, token)),
                "{line}"
            );
        }
        assert_eq!(words("grep 'a|b;$c'"), ["grep", "a|b;$c"]);
    }

    #[test]
    fn an_open_quote_is_refused() {
        assert_eq!(split_words("a 'b"), Err(SplitError::Unclosed(2)));
        assert_eq!(split_words("   "), Err(SplitError::Empty));
    }
}
