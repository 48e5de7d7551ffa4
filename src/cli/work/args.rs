//! What may be written behind `sdd work-item`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

use crate::work::{STATUSES, TYPES};

/// `sdd work-item`.
#[derive(Debug, Args)]
pub(in crate::cli) struct WorkItemArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub(super) command: WorkItemCommand,
}

/// What to do with work items.
#[derive(Debug, Subcommand)]
pub(super) enum WorkItemCommand {
    /// Create a work item; one whose specification is incomplete is refused, and nothing is written
    New(NewArgs),
    /// List the work items
    List(ListArgs),
    /// Show a work item and what its specification says
    Show(ItemArgs),
    /// Find everything that the specification of a work item leaves out
    Validate(ValidateArgs),
}

/// `sdd work-item new`.
#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// What sort of work it is
    #[arg(long = "type", value_name = "TYPE", value_parser = types())]
    pub(super) kind: String,
    /// What it is about
    #[arg(long, required_unless_present = "template")]
    pub(super) title: Option<String>,
    /// Its id; by default made of type and title
    #[arg(long)]
    pub(super) id: Option<String>,
    /// Its specification in Markdown or JSON, which is copied to `.session/specs`; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) spec: Option<PathBuf>,
    /// How far it is
    #[arg(long, default_value = crate::work::DEFAULT_STATUS, value_parser = STATUSES.to_vec())]
    pub(super) status: String,
    /// Print a specification to be filled in, and do nothing else
    #[arg(long, conflicts_with_all = ["spec", "id"])]
    pub(super) template: bool,
}

/// `sdd work-item list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only those of this sort
    #[arg(long = "type", value_name = "TYPE", value_parser = types())]
    pub(super) kind: Option<String>,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
}

/// `sdd work-item show`.
#[derive(Debug, Args)]
pub(super) struct ItemArgs {
    /// Id of the item; by default the one in progress
    pub(super) item: Option<String>,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
}

/// `sdd work-item validate`.
#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    /// Id of the item; by default the one in progress
    pub(super) item: Option<String>,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = crate::cli::diagnostic_names())]
    pub(super) format: String,
}

fn types() -> PossibleValuesParser {
    TYPES.iter().map(|known| known.name).into()
}
