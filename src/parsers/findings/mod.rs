//! What linters, formatters and scanners report.
//!
//! What differs from tool to tool is data: where in its output things stand, and what its words
//! for severities mean.

mod check;
mod checkstyle;
mod diff;
mod each;
mod json;
mod json_lines;
mod junit;
mod lines;
mod lossy;
mod paths;
mod place;
mod regex;
mod sarif;
mod scope;
mod source;
#[cfg(test)]
mod tests;
mod words;

pub use check::check;

use std::io::BufRead;

use self::words::Words;
use crate::event::{Finding, Grade};
use crate::span::Spanned;
use crate::spec::{Map, Named, Pattern, Template};

crate::choice! {
    /// Formats of findings.
    pub enum FindingsFormat {
        Sarif = "sarif",
        Checkstyle = "checkstyle",
        Junit = "junit",
        Json = "json",
        JsonLines = "json-lines",
        Regex = "regex",
        Diff = "diff",
        Paths = "paths",
    }
}

crate::choice! {
    /// Where a tool writes its findings if it writes no file.
    pub enum Stream {
        Stdout = "stdout",
        Stderr = "stderr",
    }
}

crate::choice! {
    /// How much a finding weighs.
    pub enum Severity {
        Critical = "critical",
        High = "high",
        Medium = "medium",
        Low = "low",
        Info = "info",
    }
}

crate::spec! {
    /// Where findings stand and how they are read.
    pub struct FindingsSpec = "findings" {
        /// The format. `diff` makes a finding of every file of a unified diff, `paths` of every line that names a file.
        "format" format: FindingsFormat,
        /// The file, relative to the root; `{{out}}/NAME` is a fresh folder of each attempt. Without it, a stream is read.
        "path" path: Option<Template>,
        /// The stream that is read if there is no `path`.
        "stream" stream: Stream = "stdout",
        /// For `regex`: a line that matches is a finding; the groups `path`, `line`, `column`, `rule`, `severity` and `message` say what it is. For `paths`: only lines that match count, and the group `path` is the file.
        "pattern" pattern: Option<Pattern>,
        /// For `json` and `json-lines`: places of which one has to be there; otherwise the output is not what it should be.
        "expect" expect: Vec<Spanned<String>>,
        /// For `json` and `json-lines`: where findings stand, `results[]` or `files[].messages[]` or `packages.*`, and what each of them holds.
        "each" each: Named<Each>,
        /// The tool's words for severities, in any case, and what each means here: one of `critical`, `high`, `medium`, `low`, `info`.
        "severity" severity: Map<Spanned<String>>,
        /// The severity of a finding for which the tool has no word.
        "severity-default" severity_default: Severity = "medium",
        /// The rule of a finding for which the tool names none.
        "rule-default" rule_default: Option<String>,
    }
}

crate::spec! {
    /// What a finding holds: for each field, places relative to it, of which the first that is there counts. A place is looked for in the finding, then in what encloses it; `=text` stands for itself; `@key` is the name of an entry reached by `*`; `list[key]` and `list[key=value]` are the items that hold it; text with `{place}` in it is put together.
    pub struct Each = "each" {
        /// Conditions: a place and the values of which it has to have one; without values, it has to be there and not be false, null or empty. `!` before the place: it must not.
        "where" only: Vec<Vec<Spanned<String>>>,
        /// These are no findings but reports of the tool that it could not check something: the node can't pass.
        "problem" problem: bool = "false",
        /// What the tool calls this kind of finding.
        "rule" rule: Vec<Spanned<String>>,
        /// Its severity, in the tool's words.
        "severity" severity: Vec<Spanned<String>>,
        /// A score from 0 to 10 as CVSS has it; where there is one, it decides the severity.
        "score" score: Vec<Spanned<String>>,
        /// What is wrong.
        "message" message: Vec<Spanned<String>>,
        /// The file.
        "path" path: Vec<Spanned<String>>,
        /// The line, from 1.
        "line" line: Vec<Spanned<String>>,
        /// The column.
        "column" column: Vec<Spanned<String>>,
        /// The number of the first column as the tool counts: 0 or 1.
        "column-from" column_from: u64 = "1",
        /// What is there, and neither false nor null, if the tool can mend it.
        "fixable" fixable: Vec<Spanned<String>>,
        /// The package that it is about.
        "package" package: Vec<Spanned<String>>,
        /// The version of the package that is used.
        "version" version: Vec<Spanned<String>>,
        /// Versions of the package without the weakness: a text, or a list of them.
        "fixed-in" fixed_in: Vec<Spanned<String>>,
        /// Other ids of the same advisory: a text, or a list of them.
        "aliases" aliases: Vec<Spanned<String>>,
        /// Where it is described.
        "url" url: Vec<Spanned<String>>,
    }
}

/// What a tool reported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Its findings, in the order of the output.
    pub findings: Vec<Finding>,
    /// What it says that it could not check.
    pub problems: Vec<String>,
}

/// Reads what a tool wrote; the error says why it is not what it should be.
pub fn parse(spec: &FindingsSpec, input: &mut dyn BufRead) -> Result<Report, String> {
    let words = Words::of(spec)?;
    let context = Context { spec, words };
    let parse = match spec.format {
        FindingsFormat::Sarif => sarif::parse,
        FindingsFormat::Checkstyle => checkstyle::parse,
        FindingsFormat::Junit => junit::parse,
        FindingsFormat::Json => json::parse,
        FindingsFormat::JsonLines => json_lines::parse,
        FindingsFormat::Regex => regex::parse,
        FindingsFormat::Diff => diff::parse,
        FindingsFormat::Paths => paths::parse,
    };
    parse(&context, input)
}

/// Makes paths below `root`, an absolute folder, relative to it; others stay as the tool wrote them.
pub fn relative_to(report: &mut Report, root: &str) {
    let root = root.trim_end_matches('/');
    let paths = report
        .findings
        .iter_mut()
        .filter_map(|finding| finding.path.as_mut());
    for path in paths {
        let below = path
            .strip_prefix(root)
            .and_then(|rest| rest.strip_prefix('/'));
        let relative = below.or(path.strip_prefix("./"));
        if let Some(relative) = relative.map(|path| path.trim_start_matches('/').to_owned()) {
            *path = relative;
        }
    }
}

/// What every format needs to know of the tool.
struct Context<'s> {
    spec: &'s FindingsSpec,
    words: Words,
}

impl Context<'_> {
    /// The rule that a tool names, or what stands for it.
    fn rule(&self, named: Option<String>) -> String {
        let fallback = match self.spec.format {
            FindingsFormat::Diff | FindingsFormat::Paths => "not-formatted",
            FindingsFormat::Junit => "test-failed",
            _ => "finding",
        };
        named
            .or_else(|| self.spec.rule_default.clone())
            .unwrap_or_else(|| fallback.to_owned())
    }

    /// A finding of the severity that counts where the tool has no word.
    fn finding(&self, rule: String, message: String) -> Finding {
        Finding::new(rule, grade(self.spec.severity_default), message)
    }
}

/// The highest severity that is possible, if the words of the tool say it.
pub fn highest(spec: &FindingsSpec) -> Option<Grade> {
    let words = spec.severity.0.iter();
    words
        .filter_map(|(_, meaning)| {
            let index = <Severity as crate::spec::Choice>::WORDS
                .iter()
                .position(|word| *word == meaning.as_str())?;
            Some(grade(<Severity as crate::spec::Choice>::at(index)))
        })
        .max()
}

/// What a word of a tool means.
pub fn grade(word: Severity) -> Grade {
    match word {
        Severity::Critical => Grade::Critical,
        Severity::High => Grade::High,
        Severity::Medium => Grade::Medium,
        Severity::Low => Grade::Low,
        Severity::Info => Grade::Info,
    }
}
