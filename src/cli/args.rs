//! What may be written on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::baseline::BaselineCommand;
use super::bench::BenchArgs;
use super::brief::{BriefArgs, SummaryArgs};
use super::work::WorkItemArgs;
use crate::report::Colour;

/// One honest answer before a session may end: is everything that must hold still true?
#[derive(Debug, Parser)]
#[command(
    name = "sdd",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
#[command(
    after_help = "Exit codes: 0 passed · 1 a required node did not pass · 2 usage or configuration · 3 internal error · 130, 143 interrupted"
)]
pub(super) struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(super) struct Global {
    /// Work as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub dir: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: When,
    /// Say only what failed
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum When {
    /// If the output is a terminal that can show them.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<When> for Colour {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Colour::Auto,
            When::Always => Colour::Always,
            When::Never => Colour::Never,
        }
    }
}

/// The pipeline that is taken when none is named.
pub(super) const DEFAULT_PIPELINE: &str = "end-of-session";

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a pipeline; exits 0 only if all that is required truly passed
    Run(RunArgs),
    /// Draw a pipeline
    Graph(GraphArgs),
    /// Say what would run, in what order, and why not
    Plan(PlanArgs),
    /// Say why a node runs or not, and what it waits for
    Why(WhyArgs),
    /// Find every mistake in the configuration
    Check(CheckArgs),
    /// List the pipelines of the project
    List(FormatArgs),
    /// List the tools that nodes can name, and which of them are here
    Tools(FormatArgs),
    /// Explain a kind, a field or a diagnostic
    Explain {
        /// KIND, KIND.FIELD, FIELD or CODE; without it, an overview
        topic: Option<String>,
    },
    /// Send load to a URL and measure how it is answered
    Bench(BenchArgs),
    /// Print a JSON Schema
    Schema {
        /// Of what
        #[arg(value_parser = ["pipeline", "report", "event", "work-item"])]
        of: String,
    },
    /// Lay out pipeline files uniformly; comments stay
    Fmt(FmtArgs),
    /// Print a pipeline file in the other language, KDL or TOML
    Convert {
        /// The file
        file: PathBuf,
    },
    /// Write a first pipeline from what is found in the project
    Init(InitArgs),
    /// Look whether this machine can run a pipeline
    Doctor {
        /// Name of the pipeline
        #[arg(default_value = DEFAULT_PIPELINE)]
        pipeline: String,
    },
    /// Create, list, show and check work items
    WorkItem(WorkItemArgs),
    /// Say what there is to know before the work on an item begins
    Brief(BriefArgs),
    /// Say what came of a run: tests, percentiles, contracts
    Summary(SummaryArgs),
    /// List the runs that are kept
    Runs(FormatArgs),
    /// Show a run as it was shown at its end
    Show {
        /// Id of a run, the beginning of one, or `last`
        #[arg(default_value = "last")]
        run: String,
    },
    /// Report a run in a format
    Report {
        /// Id of a run, the beginning of one, or `last`
        #[arg(default_value = "last")]
        run: String,
        /// The format
        #[arg(long, default_value = "markdown", value_parser = crate::cli::report_names())]
        format: String,
    },
    /// Print the log of a node
    Logs {
        /// Id of the node
        node: String,
        /// Id of a run, the beginning of one, or `last`
        #[arg(long, default_value = "last")]
        run: String,
        /// Which attempt; by default the last one
        #[arg(long)]
        attempt: Option<u32>,
    },
    /// Take down what a run left that was cut off
    Recover {
        /// Only what was cut off: what was kept on purpose stays
        #[arg(long, hide = true)]
        cut_off: bool,
    },
    /// Judge API contracts: `OpenAPI` 3.0, 3.1, 3.2 and Swagger 2.0
    #[command(subcommand)]
    Contract(ContractCommand),
    /// List, show, accept and remove what benchmarks are held against
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Which pipeline, and with what variables.
#[derive(Debug, Clone, Args)]
pub(super) struct PipelineArgs {
    /// Name of the pipeline
    #[arg(default_value = DEFAULT_PIPELINE)]
    pub pipeline: String,
    /// Set a variable of the pipeline
    #[arg(long = "set", value_name = "VAR=VALUE", value_parser = setting)]
    pub settings: Vec<(String, String)>,
    /// Choose a profile for `when { profile … }`
    #[arg(long, value_name = "P")]
    pub profile: Option<String>,
    /// The current work item; by default the one in progress
    #[arg(long, value_name = "ID")]
    pub work_item: Option<String>,
}

/// Which nodes.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SelectionArgs {
    /// Only these nodes and what they need
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub only: Vec<String>,
    /// Not these nodes
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub skip: Vec<String>,
    /// Only nodes with this tag and what they need
    #[arg(long = "tag", value_name = "T", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// Only nodes that did not pass in the last run, and what they need
    #[arg(long)]
    pub failed: bool,
    /// Mend what can be mended: formatters and linters with a `fix` write files
    #[arg(long)]
    pub fix: bool,
    /// Start nothing more once a required node did not pass
    #[arg(long)]
    pub fail_fast: bool,
    /// Run everything and block nothing: exit with 0, and remember what did not pass as debt
    #[arg(long, conflicts_with = "fail_fast")]
    pub checkpoint: bool,
    /// Leave environments up that are no process of the run; `sdd recover` takes them down
    #[arg(long)]
    pub keep: bool,
    /// How many nodes run at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub jobs: Option<u32>,
}

/// `sdd run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Which pipeline.
    #[command(flatten)]
    pub pipeline: PipelineArgs,
    /// Which nodes.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Say what would run and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to show the run
    #[arg(long, default_value = "human", value_parser = crate::cli::format_names())]
    pub format: String,
    /// Write a report as well
    #[arg(long = "report", value_name = "FORMAT=PATH", value_parser = report)]
    pub reports: Vec<(String, PathBuf)>,
}

/// `sdd plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// Which pipeline.
    #[command(flatten)]
    pub pipeline: PipelineArgs,
    /// Which nodes.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub format: String,
}

/// `sdd why`.
#[derive(Debug, Args)]
pub(super) struct WhyArgs {
    /// Id of the node
    pub node: String,
    /// Which pipeline.
    #[command(flatten)]
    pub pipeline: PipelineArgs,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub format: String,
}

/// `sdd graph`.
#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    /// Which pipeline.
    #[command(flatten)]
    pub pipeline: PipelineArgs,
    /// How to draw it
    #[arg(long, default_value = "text", value_parser = crate::cli::renderer_names())]
    pub format: String,
    /// With the outcomes and times of a run: its id, the beginning of it, or `last`
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `sdd check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Files; by default all pipelines of the project
    pub files: Vec<PathBuf>,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = crate::cli::diagnostic_names())]
    pub format: String,
}

/// `sdd fmt`.
#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Files; by default all pipelines of the project
    pub files: Vec<PathBuf>,
    /// Change nothing; exit with 1 if something would be changed
    #[arg(long)]
    pub check: bool,
}

/// `sdd init`.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Take over the gates of an older configuration
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Write TOML instead of KDL
    #[arg(long)]
    pub toml: bool,
}

/// `sdd contract`.
#[derive(Debug, Subcommand)]
pub(super) enum ContractCommand {
    /// Find what breaks who keeps to the old contract; exits with 1 if anything does
    Diff(ContractDiffArgs),
    /// Find mistakes in contracts; exits with 1 if there are any
    Check(ContractCheckArgs),
}

/// `sdd contract check`.
#[derive(Debug, Args)]
pub(super) struct ContractCheckArgs {
    /// The contracts: paths, URLs, `REV:PATH` in a commit or a tag, or `base:PATH`
    #[arg(required = true)]
    pub files: Vec<String>,
    /// Follow references over the network to what is below this address; may be repeated
    #[arg(long, value_name = "URL")]
    pub remote: Vec<String>,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = CONTRACT_FORMATS)]
    pub format: String,
}

/// How contracts are printed; in Markdown, changes are a changelog.
const CONTRACT_FORMATS: [&str; 4] = ["human", "json", "sarif", "markdown"];

/// `sdd contract diff`.
#[derive(Debug, Args)]
pub(super) struct ContractDiffArgs {
    /// The contract that clients keep to: a path, a URL, `REV:PATH` in a commit or a tag, or
    /// `base:PATH` where HEAD left the default branch
    pub old: String,
    /// The contract that comes, written in the same ways
    pub new: String,
    /// Follow references over the network to what is below this address; may be repeated
    #[arg(long, value_name = "URL")]
    pub remote: Vec<String>,
    /// Days before its end by which something stable has to be deprecated
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub deprecation_days_stable: u32,
    /// The same for what is beta by `x-stability-level`
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub deprecation_days_beta: u32,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = CONTRACT_FORMATS)]
    pub format: String,
}

/// Commands that print a list.
#[derive(Debug, Args)]
pub(super) struct FormatArgs {
    /// How to print it
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub format: String,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it has the form VAR=VALUE")?;
    if value.contains("{{") {
        return Err("the value of a variable is plain text: `{{` has no meaning in it".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn report(text: &str) -> Result<(String, PathBuf), String> {
    let (format, path) = text.split_once('=').ok_or("it has the form FORMAT=PATH")?;
    let names = crate::report::REPORTS.iter().map(|report| report.name);
    if crate::report::report(format).is_none() {
        return Err(format!(
            "formats are {}",
            names.collect::<Vec<_>>().join(", ")
        ));
    }
    Ok((format.to_owned(), PathBuf::from(path)))
}
