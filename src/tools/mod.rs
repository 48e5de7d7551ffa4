//! Tools are data: how pytest, Biome or npm audit is run, and how what it says is read.
//!
//! Those that come with `sdd` are `templates/tools/NAME.kdl`; a project's own, or its version of
//! one of them, is `pipelines/tools/NAME.kdl`.

mod refer;

pub use refer::ToolRef;

use std::sync::Arc;

use crate::diag::{Diagnostic, Diags};
use crate::parsers::coverage::CoverageFormat;
use crate::parsers::findings::{self, FindingsSpec, Stream};
use crate::parsers::results::ResultsFormat;
use crate::span::{SourceId, Sources, Span, Spanned};
use crate::spec::{
    Argv, Decoder, Fields, Glob, Map, Named, Pattern, Table, Template, named_entries,
};
use crate::syntax;

/// The tools that come with `sdd`: name and file.
pub const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/tools.rs"));

/// The folder of a project's own tools, relative to the root.
pub const FOLDER: &str = "pipelines/tools";

crate::choice! {
    /// The kind of node that a tool is for.
    pub enum Purpose {
        Test = "test",
        Lint = "lint",
        Format = "format",
        Security = "security",
    }
}

crate::spec! {
    /// A tool: how it is run, and how what it says is read.
    pub struct Tool = "tool" {
        /// The kind of node that it is for.
        "kind" purpose: Purpose,
        /// What it is, in a few words.
        "description" description: String,
        /// The command that checks, or runs the tests. The node's `args` and `paths` are added to it.
        "check" check: Argv,
        /// The command that mends what it can; run with `--fix`.
        "fix" fix: Option<Argv>,
        /// What is checked if the node says no `paths`. A pattern stands for the files that match; where none does, nothing was checked.
        "paths" paths: Vec<String>,
        /// A word that is put before each of the paths, for tools that take files so: `-r`.
        "path-flag" path_flag: Option<String>,
        /// The command that prints its version.
        "version" version: Option<Argv>,
        /// How to install it.
        "install" install: String,
        /// Variables for its commands.
        "env" env: Map<Template>,
        /// Files that are written into `{{out}}` before each command: name and text.
        "files" files: Map<Template>,
        /// The files that it reads; without this field, all of them.
        "reads" reads: Option<Vec<Glob>>,
        /// The files that its `fix` writes.
        "writes" writes: Vec<Glob>,
        /// What its exit codes mean. Every other one means that the tool failed and nothing is known.
        "exit" exit: ExitCodes,
        /// What it prints, on either stream, when there was nothing to check although it exits as if all were well.
        "nothing" nothing: Option<Pattern>,
        /// Where its findings stand.
        "findings" findings: Option<FindingsSpec>,
        /// Where the results of its tests stand.
        "results" results: Option<ResultsSource>,
        /// How it measures coverage.
        "coverage" coverage: Option<CoverageSource>,
        /// Recorded runs of it, which are its tests.
        "sample" sample: Named<Sample>,
    }
}

crate::spec! {
    /// What exit codes mean.
    pub struct ExitCodes = "exit" {
        /// Nothing was found, or all tests passed.
        "clean" clean: Vec<i32>,
        /// Something was found, or a test failed.
        "findings" findings: Vec<i32>,
        /// There was nothing to check, or no test.
        "nothing" nothing: Vec<i32>,
    }
}

crate::spec! {
    /// Where the results of single tests stand.
    pub struct ResultsSource = "results" {
        /// The format.
        "format" format: ResultsFormat,
        /// The file; without it, a stream is read.
        "path" path: Option<Template>,
        /// The stream that is read if there is no `path`.
        "stream" stream: Stream = "stdout",
    }
}

crate::spec! {
    /// How coverage is measured.
    pub struct CoverageSource = "coverage" {
        /// Words that are added to the command when coverage is wanted.
        "args" args: Vec<Template>,
        /// The format.
        "format" format: CoverageFormat,
        /// The file.
        "path" path: Template,
    }
}

crate::spec! {
    /// A recorded run: what the tool wrote, and what `sdd` makes of it.
    pub struct Sample = "sample" {
        /// The version of the tool that was run.
        "version" version: String,
        /// Where the recording comes from, if not from a run of the tool on a project made for it.
        "source" source: Option<String>,
        /// Its exit code.
        "exit" exit: i32,
        /// The file of its standard output, relative to `templates/tools/samples`.
        "stdout" stdout: Option<String>,
        /// The file of its standard error.
        "stderr" stderr: Option<String>,
        /// The file that it wrote where `findings`, or `results`, says.
        "report" report: Option<String>,
        /// How the node ends, as a word.
        "outcome" outcome: String,
        /// How many findings there are.
        "findings" findings: Option<u64>,
        /// Some of the findings, as `severity rule place message`; each has to be there.
        "finding" finding: Vec<Vec<String>>,
        /// What the reason has to hold.
        "reason" reason: Option<String>,
        /// Tests that passed, failed, could not run and were skipped.
        "tests" tests: Vec<u64>,
    }
}

/// A file of the project as a node asks for it.
#[derive(Debug, Clone)]
pub enum Text {
    /// Its text, and by what it is known in diagnostics.
    Read(SourceId, Arc<str>),
    /// It is not there.
    Missing,
    /// It is there, and can't be read; why.
    Unreadable(String),
}

/// Where tools are looked up, and files that nodes build upon.
pub trait Toolbox {
    /// The text of a file; the path is relative to the root.
    fn text(&mut self, path: &str) -> Text;

    /// The tool of that name; reports if there is none.
    fn find(&mut self, name: &Spanned<String>, diags: &mut Diags) -> Option<Arc<Tool>>;
}

/// Reads a tool file, which has to describe the tool that it is named after.
pub fn read(
    name: &str,
    path: &str,
    text: &str,
    sources: &mut Sources,
    diags: &mut Diags,
) -> Option<Tool> {
    let id = sources.add(path, text.to_owned());
    let source = sources.get(id)?.clone();
    let document = syntax::parse(id, &source, diags);
    let mut decoder = Decoder {
        diags,
        secrets: &[],
        sources,
    };
    let (tools, others): (Vec<_>, Vec<_>) =
        document.nodes.iter().partition(|node| *node.name == "tool");
    for other in others {
        decoder.diags.push(
            Diagnostic::new("unknown-field", format!("`{}` is no tool", *other.name))
                .at(other.name.span, "unknown")
                .help(format!("a tool file holds `tool \"{name}\" {{ … }}`")),
        );
    }
    let entries = named_entries(&tools, &mut decoder);
    let entry = entries.iter().find(|entry| *entry.name == name);
    let Some(entry) = entry else {
        decoder.diags.push(
            Diagnostic::new(
                "missing-field",
                format!("`{path}` describes no tool `{name}`"),
            )
            .in_file(path)
            .help(format!(
                "a tool file is named after its tool: `tool \"{name}\" {{ … }}`"
            )),
        );
        return None;
    };
    let label = format!("tool \"{name}\"");
    let mut fields = Fields::of(label, entry.name.span, entry.broken, entry.children.iter());
    let tool = Tool::take(&mut fields, &mut decoder);
    fields.finish(&[Tool::SPEC], &mut decoder);
    if let Some(findings) = tool.as_ref().and_then(|tool| tool.findings.as_ref()) {
        findings::check(findings, entry.name.span, &mut decoder);
    }
    tool
}

/// A tool that comes with `sdd`.
pub fn built_in(name: &str) -> Option<Tool> {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    let path = format!("templates/tools/{name}.kdl");
    read(
        name,
        &path,
        text,
        &mut Sources::default(),
        &mut Diags::default(),
    )
}

/// A command with words added to it.
pub fn with_words(argv: &Argv, more: &[String]) -> Argv {
    let more = more
        .iter()
        .map(|word| Template::literal(word, Span::default()));
    Argv {
        words: argv.words.iter().cloned().chain(more).collect(),
    }
}
