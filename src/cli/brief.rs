//! `sdd brief` and `sdd summary`: what there is to know before a session, and what came of it.

use std::io;
use std::path::Path;

use clap::Args;

use super::args::DEFAULT_PIPELINE;
use super::project::Project;
use super::{Cx, Failure, Outcome, doctor, past, print_json, work};
use crate::event::Debt;
use crate::report::{self, Brief, Check};
use crate::span::Span;
use crate::spec::{Glob, normalise};
use crate::work::Spec;
use crate::{run, store};

/// `sdd brief`.
#[derive(Debug, Args)]
pub(super) struct BriefArgs {
    /// Id of the work item; by default the one in progress
    item: Option<String>,
    /// The pipeline that the session ends with
    #[arg(long, default_value = DEFAULT_PIPELINE)]
    pipeline: String,
    /// How to print it
    #[arg(long, default_value = "markdown", value_parser = ["markdown", "json"])]
    format: String,
}

/// `sdd summary`.
#[derive(Debug, Args)]
pub(super) struct SummaryArgs {
    /// Id of a run, the beginning of one, or `last`
    #[arg(default_value = "last")]
    run: String,
    /// How to print it
    #[arg(long, default_value = "markdown", value_parser = ["markdown", "json"])]
    format: String,
}

/// Says what there is to know before the work on an item begins.
pub(super) fn brief(cx: &Cx, args: &BriefArgs) -> Outcome {
    let project = cx.project()?;
    let item = work::item(cx, &project.root, args.item.as_deref())?;
    let read = work::spec_of(&project.root, &item)?;
    let mut checks = doctor_checks(&project, &args.pipeline);
    if let Some(read) = &read {
        checks.extend(files(&project.root, &read.spec));
    }
    let debt: Vec<Debt> = store::debt(&project.root, &args.pipeline);
    let brief = Brief {
        item: &item,
        spec: read.as_ref().map(|read| (&read.spec, read.diags.len())),
        checks: &checks,
        debt: &debt,
    };
    if args.format == "json" {
        return print_json(&brief.document());
    }
    brief.markdown(&mut io::stdout().lock())?;
    Ok(0)
}

/// What `sdd doctor` finds for the pipeline, as far as the pipeline can be read.
fn doctor_checks(project: &Project, pipeline: &str) -> Vec<Check> {
    let unreadable = |reason: String| {
        vec![Check {
            name: pipeline.to_owned(),
            is_there: false,
            detail: reason,
        }]
    };
    let file = match project.file_of(pipeline) {
        Ok(file) => file,
        Err(diagnostic) => return unreadable(diagnostic.message),
    };
    let loaded = project.load(&file, &[], false);
    if loaded.diags.has_errors() {
        return unreadable("the pipeline has mistakes: `sdd check` shows them".to_owned());
    }
    doctor::checks(project, &loaded.pipeline).unwrap_or_else(|error| unreadable(error.to_string()))
}

/// Files that the specification names.
fn files(root: &Path, spec: &Spec) -> Vec<Check> {
    let environment = &spec.environment;
    let compose = environment
        .compose_file
        .iter()
        .map(|file| ("the Compose file", file));
    let config = environment
        .config_files
        .iter()
        .map(|file| ("configuration", file));
    let contracts = spec.contracts.iter().filter_map(|one| one.file.as_ref());
    let contracts = contracts.map(|file| ("a contract", file));
    let all = compose.chain(config).chain(contracts);
    all.map(|(what, file)| {
        let path = normalise(file).filter(|path| !path.is_empty());
        let glob = path.and_then(|path| Glob::new(&path, Span::default()).ok());
        let is_there = glob.is_some_and(|glob| match glob.literal() {
            Some(path) => root.join(path).is_file(),
            None => run::file_exists(root, &glob),
        });
        let there = if is_there { "is there" } else { "is not there" };
        Check {
            name: file.value.clone(),
            is_there,
            detail: format!("({what}) {there}"),
        }
    })
    .collect()
}

/// Says what came of a run.
pub(super) fn summary(cx: &Cx, args: &SummaryArgs) -> Outcome {
    let state = past::finished(cx, &args.run)?;
    if args.format == "json" {
        return print_json(&report::summary_document(&state));
    }
    report::summary_markdown(&state, &mut io::stdout().lock()).map_err(Failure::from)?;
    Ok(0)
}
