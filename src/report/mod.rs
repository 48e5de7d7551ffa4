//! What a run shows: while it runs, when it ends, and later from its stored events.
//!
//! Every format reads [`RunState`] and nothing else: it may choose what to show and how, never
//! what counts. A live format is a [`Sink`], a file and a row in [`FORMATS`]; a format for runs
//! that are over is a function, a file and a row in [`REPORTS`].

mod agent;
mod bench;
mod brief;
mod console;
mod contract;
pub mod diagnostic;
mod digest;
mod gentle;
mod github;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod picture;
mod prose;
mod queue;
mod recap;
mod sanitise;
mod sarif;
mod schema;
mod specification;
mod terminal;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::io::{Result, Write};
use std::path::PathBuf;

pub use bench::{BenchReport, bench_human, bench_svg};
pub use brief::{Brief, Check};
pub use console::{Colour, console};
pub use contract::{
    Changes, Checked, breaking, checks_document, checks_sarif, contract_document, contract_sarif,
    write_checks_markdown, write_contract_human, write_contract_markdown,
};
pub use recap::{summary_document, summary_markdown};
pub use sanitise::{plain, sanitise};
pub use schema::{event_schema, report_schema};
pub use specification::{spec_document, work_item};
pub use terminal::{frame, summary};

use crate::event::{Event, RunState};

/// Something that is told of every event after the state has taken it in.
pub trait Sink {
    /// An event happened; `state` knows it already.
    fn on(&mut self, event: &Event, state: &RunState) -> Result<()>;

    /// Called some ten times a second, for live views. `now_ms` is on the clock of the events.
    fn tick(&mut self, _state: &RunState, _now_ms: u64) -> Result<()> {
        Ok(())
    }

    /// Nothing more will happen.
    fn finish(&mut self, state: &RunState) -> Result<()>;
}

/// How much is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// What failed, and the verdict.
    Quiet,
    /// What ended, as well.
    #[default]
    Normal,
    /// What starts and what is skipped, as well, and nothing is cut short.
    Verbose,
}

/// What the place that is written to can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to write ANSI colours.
    pub colour: bool,
    /// Whether to keep to ASCII in what `sdd` itself says.
    pub ascii: bool,
    /// How big it is; only live views ask.
    pub size: Size,
    /// How much is said.
    pub verbosity: Verbosity,
}

/// Columns and rows of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            width: 80,
            height: 24,
        }
    }
}

/// A place to write to.
pub struct Stream {
    /// Takes the bytes.
    pub writer: Box<dyn Write + Send>,
    /// What the place can show.
    pub style: Style,
}

/// Asks a terminal how big it is now.
pub type Screen = Box<dyn Fn() -> Option<Size>>;

/// Where a live format writes.
pub struct Output {
    /// The answer: standard output.
    pub answer: Stream,
    /// The progress: standard error.
    pub progress: Stream,
    /// The terminal behind `progress`, if there is one that can be repainted.
    pub screen: Option<Screen>,
    /// The file that a job's summary is appended to, if the place has such a thing.
    pub step_summary: Option<PathBuf>,
}

/// A format that a run can be shown in while it runs.
pub struct Format {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What it is good for, in one line.
    pub doc: &'static str,
    /// Opens it.
    pub live: fn(Output) -> Box<dyn Sink>,
}

/// All live formats; the first is the default.
pub const FORMATS: &[Format] = &[
    Format {
        name: "human",
        doc: "for people: what runs now, and at the end what failed and why",
        live: terminal::open,
    },
    Format {
        name: "json",
        doc: "one document at the end, schema sdd.report/1",
        live: json::open,
    },
    Format {
        name: "jsonl",
        doc: "every event as one line, as it happens",
        live: jsonl::open,
    },
    Format {
        name: "agent",
        doc: "for programs that pay by the word: one line, and what failed",
        live: agent::open,
    },
    Format {
        name: "github",
        doc: "annotations, folded logs and a job summary for GitHub Actions",
        live: github::open,
    },
];

/// A format that a run can be reported in once it is over.
pub struct Report {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What it is good for, in one line.
    pub doc: &'static str,
    /// Writes it.
    pub write: fn(&RunState, &Style, &mut dyn Write) -> Result<()>,
}

/// All formats for runs that are over.
pub const REPORTS: &[Report] = &[
    Report {
        name: "json",
        doc: "one document, schema sdd.report/1",
        write: json::write,
    },
    Report {
        name: "markdown",
        doc: "a table and what failed, for pull requests and job summaries",
        write: markdown::write,
    },
    Report {
        name: "html",
        doc: "one page that stands alone, for people and artifacts",
        write: html::write,
    },
    Report {
        name: "junit",
        doc: "JUnit XML, a case for every node, for CI servers",
        write: junit::write,
    },
    Report {
        name: "sarif",
        doc: "SARIF 2.1.0, every finding a result, for code hosts and editors",
        write: sarif::write,
    },
];

/// The live format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The report format of that name.
pub fn report(name: &str) -> Option<&'static Report> {
    REPORTS.iter().find(|report| report.name == name)
}
