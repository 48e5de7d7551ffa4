//! Excerpts with the place marked, for people.

use std::fmt;
use std::io::{self, Write};

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles,
};

use super::excerpt::{Excerpt, columns, visible};
use super::place::Places;
use super::{Style, Tally};
use crate::diag::{Diagnostic, Diags, Severity};
use crate::span::Sources;

/// Narrowest width that texts are wrapped to.
const LEAST_WIDTH: usize = 40;

/// Columns before a message: two blanks, the sign, a blank.
const MESSAGE_INDENT: usize = 4;
/// Columns before a help text, `  help: `.
const HELP_INDENT: usize = 8;

/// Writes each diagnostic, then how many there are; nothing if there are none.
pub(super) fn write(
    diags: &Diags,
    sources: &Sources,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if diags.is_empty() {
        return Ok(());
    }
    let places = Places::of(sources);
    let width = style.width.max(LEAST_WIDTH);
    let handler = GraphicalReportHandler::new_themed(theme(style))
        .with_links(false)
        .with_width(width)
        .with_wrap_lines(false)
        .without_syntax_highlighting();
    for diagnostic in diags {
        let card = Card {
            diagnostic,
            excerpt: Excerpt::of(diagnostic, &places, width),
            unicode: style.unicode,
            width,
        };
        let mut text = String::new();
        handler
            .render_report(&mut text, &card)
            .map_err(io::Error::other)?;
        for line in text.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(&Tally::of(diags, sources)))
}

fn theme(style: &Style) -> GraphicalTheme {
    GraphicalTheme {
        characters: if style.unicode {
            ThemeCharacters::unicode()
        } else {
            ThemeCharacters::ascii()
        },
        styles: if style.colour {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        },
    }
}

fn summary(tally: &Tally) -> String {
    let counted = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    let parts: Vec<String> = [(tally.errors, "error"), (tally.warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    match tally.files {
        0 => parts.join(", "),
        files => format!("{} in {}", parts.join(", "), counted(files, "file")),
    }
}

/// Breaks a text into lines of at most `width` columns where there is a blank, but not inside
/// `` `…` ``: what can be copied stays whole.
fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(text.len());
    let mut column = 0;
    for word in words(text) {
        let length = columns(word);
        if column > 0 {
            let fits = column + 1 + length <= width;
            wrapped.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        wrapped.push_str(word);
        column += length;
    }
    wrapped
}

/// The pieces of a text between blanks that do not stand inside `` `…` ``.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '`';
        c == ' ' && !quoted
    })
}

/// A diagnostic as the report handler sees it.
#[derive(Debug)]
struct Card<'a> {
    diagnostic: &'a Diagnostic,
    excerpt: Excerpt,
    unicode: bool,
    width: usize,
}

impl Card<'_> {
    /// The text in the characters of the style, in lines that leave room for `indent`.
    fn spelled(&self, text: &str, indent: usize) -> String {
        let text = visible(text);
        let width = self.width - indent;
        if self.unicode {
            wrap(&text, width)
        } else {
            wrap(&text.replace('→', "->").replace('…', "..."), width)
        }
    }
}

impl fmt::Display for Card<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = &self.diagnostic.message;
        let path = self.diagnostic.path.as_deref();
        let unnamed = path.filter(|path| self.excerpt.labels.is_empty() && !message.contains(path));
        let text = match unnamed {
            Some(path) => format!("{path}: {message}"),
            None => message.clone(),
        };
        f.write_str(&self.spelled(&text, MESSAGE_INDENT))
    }
}

impl std::error::Error for Card<'_> {}

impl miette::Diagnostic for Card<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code.name()))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.diagnostic.help.as_deref()?;
        Some(Box::new(self.spelled(help, HELP_INDENT)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = &self.excerpt.labels;
        (!labels.is_empty()).then(|| Box::new(labels.iter().cloned()) as Box<_>)
    }
}
