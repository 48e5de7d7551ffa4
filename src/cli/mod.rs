//! The command line: one file a command.

mod args;
mod baseline;
mod bench;
mod brief;
mod check;
mod contract;
mod convert;
mod doctor;
mod explain;
mod fmt;
mod graph;
mod guard;
pub mod init;
mod list;
mod past;
mod plan;
pub mod project;
mod run;
mod start;
#[cfg(test)]
mod tests;
mod tools;
mod work;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{CommandFactory, Parser};

use args::{Cli, Command, Global};
use project::{Loaded, Project};

use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::report::{self, Output, Verbosity, diagnostic};
use crate::span::Sources;

/// Why a command could not do its work, and how the program exits.
#[derive(Debug)]
enum Failure {
    /// The configuration or the command line is wrong; it has been said.
    Told,
    /// The configuration or the command line is wrong: the message and the mend.
    Usage(String, Option<String>),
    /// Something that should not happen.
    Internal(String),
}

type Outcome = Result<u8, Failure>;

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::Told;
        }
        Failure::Internal(error.to_string())
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    if let Some(code) = guard::guard(&words) {
        return code;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let cx = Cx::new(cli.global);
    match dispatch(&cx, cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Told) => ExitCode::from(2),
        Err(Failure::Usage(message, help)) => {
            cx.say_error(&message, help.as_deref());
            ExitCode::from(2)
        }
        Err(Failure::Internal(message)) => {
            cx.say_error(&message, None);
            ExitCode::from(3)
        }
    }
}

fn dispatch(cx: &Cx, command: Command) -> Outcome {
    match command {
        Command::Run(args) => run::run(cx, &args),
        Command::Graph(args) => graph::graph(cx, &args),
        Command::Plan(args) => plan::plan(cx, &args),
        Command::Why(args) => plan::why(cx, &args),
        Command::Check(args) => check::check(cx, &args),
        Command::Bench(args) => bench::bench(cx, &args),
        Command::List(args) => list::list(cx, &args),
        Command::Tools(args) => tools::tools(cx, &args),
        Command::Explain { topic } => explain::explain(topic.as_deref()),
        Command::Schema { of } => explain::schema(&of),
        Command::Fmt(args) => fmt::fmt(cx, &args),
        Command::Convert { file } => convert::convert(cx, &file),
        Command::Init(args) => start::init(cx, &args),
        Command::WorkItem(args) => work::work_item(cx, &args),
        Command::Brief(args) => brief::brief(cx, &args),
        Command::Summary(args) => brief::summary(cx, &args),
        Command::Doctor { pipeline } => doctor::doctor(cx, &pipeline),
        Command::Runs(args) => past::runs(cx, &args),
        Command::Show { run } => past::show(cx, &run),
        Command::Report { run, format } => past::report(cx, &run, &format),
        Command::Logs { node, run, attempt } => past::logs(cx, &node, &run, attempt),
        Command::Recover { cut_off } => run::recover(cx, cut_off),
        Command::Contract(command) => contract::contract(cx, &command),
        Command::Baseline(command) => baseline::baseline(cx, &command),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "sdd", &mut io::stdout());
            Ok(0)
        }
        Command::Man => {
            clap_mangen::Man::new(Cli::command()).render(&mut io::stdout())?;
            Ok(0)
        }
    }
}

/// What the user may have meant by the id of a node that there is not.
fn nearest<'i>(wanted: &str, ids: impl Iterator<Item = &'i str> + Clone) -> Option<String> {
    let group = format!("{wanted}[");
    let copies: Vec<String> = ids
        .clone()
        .filter(|id| id.starts_with(&group))
        .map(|id| format!("`{id}`"))
        .collect();
    if copies.is_empty() {
        return did_you_mean(wanted, ids);
    }
    Some(format!(
        "the matrix made copies of it: {}",
        copies.join(", ")
    ))
}

/// What every command knows: where it works and how it speaks.
struct Cx {
    global: Global,
}

impl Cx {
    fn new(global: Global) -> Self {
        Self { global }
    }

    /// The folder that the command works in.
    fn dir(&self) -> Result<PathBuf, Failure> {
        let here = std::env::current_dir()?;
        let dir = match &self.global.dir {
            Some(dir) => here.join(dir),
            None => here,
        };
        dir.canonicalize().map_err(|error| {
            let help = "-C names the folder to work in".to_owned();
            Failure::Usage(format!("`{}`: {error}", dir.display()), Some(help))
        })
    }

    fn console(&self) -> Output {
        let verbosity = match (self.global.quiet, self.global.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        report::console(self.global.color.into(), verbosity)
    }

    /// The project that the folder belongs to.
    fn project(&self) -> Result<Project, Failure> {
        let dir = self.dir()?;
        Project::find(&dir).ok_or_else(|| {
            Failure::Usage(
                format!(
                    "there is no `pipelines` folder in `{}` or above it",
                    dir.display()
                ),
                Some("`sdd init` writes a first pipeline".to_owned()),
            )
        })
    }

    /// Reads a pipeline; what is wrong is said, and errors end the command.
    fn load(
        &self,
        project: &Project,
        name: &str,
        settings: &[(String, String)],
        fixing: bool,
    ) -> Result<Loaded, Failure> {
        let file = project
            .file_of(name)
            .map_err(|diagnostic| self.refuse(diagnostic))?;
        let loaded = project.load(&file, settings, fixing);
        if !loaded.diags.is_empty() {
            self.tell(&loaded.diags, &loaded.sources)?;
        }
        if loaded.diags.has_errors() {
            return Err(Failure::Told);
        }
        Ok(loaded)
    }

    /// Says one diagnostic that has no place in a text.
    fn refuse(&self, diagnostic: Diagnostic) -> Failure {
        let mut diags = Diags::default();
        diags.push(diagnostic);
        match self.tell(&diags, &Sources::default()) {
            Ok(()) => Failure::Told,
            Err(error) => error.into(),
        }
    }

    /// Says diagnostics to people.
    fn tell(&self, diags: &Diags, sources: &Sources) -> io::Result<()> {
        let mut progress = self.console().progress;
        let style = diagnostic_style(&progress.style);
        let Some(human) = diagnostic::FORMATS.first() else {
            return Ok(());
        };
        (human.write)(diags, sources, &style, &mut progress.writer)
    }

    fn say_error(&self, message: &str, help: Option<&str>) {
        self.say("error", "31", message);
        if let Some(help) = help {
            let _ = writeln!(self.console().progress.writer, "  help: {help}");
        }
    }

    fn say_warning(&self, message: &str) {
        self.say("warning", "33", message);
    }

    fn say(&self, word: &str, ink: &str, message: &str) {
        let mut progress = self.console().progress;
        let (start, end) = if progress.style.colour {
            (format!("\x1b[1;{ink}m"), "\x1b[0m")
        } else {
            (String::new(), "")
        };
        // A closed standard error leaves nobody to tell.
        let _ = writeln!(progress.writer, "{start}{word}{end}: {message}");
    }
}

fn diagnostic_style(style: &report::Style) -> diagnostic::Style {
    diagnostic::Style {
        width: style.size.width,
        colour: style.colour,
        unicode: !style.ascii,
    }
}

/// Prints a document as JSON.
fn print_json(value: &impl serde::Serialize) -> Outcome {
    // Standard output would be written line by line.
    let mut out = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(0)
}

fn format_names() -> PossibleValuesParser {
    report::FORMATS.iter().map(|format| format.name).into()
}

fn report_names() -> PossibleValuesParser {
    report::REPORTS.iter().map(|report| report.name).into()
}

fn renderer_names() -> PossibleValuesParser {
    crate::graph::render::RENDERERS
        .iter()
        .map(|renderer| renderer.name)
        .into()
}

fn diagnostic_names() -> PossibleValuesParser {
    diagnostic::FORMATS.iter().map(|format| format.name).into()
}
