//! `sdd doctor`: whether this machine can run a pipeline.

use std::collections::BTreeMap;
use std::io::{self, Write};

use futures_util::future::join_all;

use super::project::Project;
use super::{Cx, Outcome};
use crate::model::{Node, OnMissing, Pipeline};
use crate::preflight;
use crate::report::Check;
use crate::run::{ThisMachine, Tools};
use crate::spec::Template;

/// Looks for every program that the pipeline's commands name, and for what `sdd` itself needs.
pub(super) fn doctor(cx: &Cx, pipeline: &str) -> Outcome {
    let project = cx.project()?;
    let loaded = cx.load(&project, pipeline, &[], false)?;
    let checks = checks(&project, &loaded.pipeline)?;
    let widths = checks.iter().map(|check| check.name.chars().count());
    let width = widths.max().unwrap_or(0);
    let mut out = io::stdout().lock();
    for check in &checks {
        let state = if check.is_there { "ok" } else { "missing" };
        writeln!(out, "{state:7}  {:width$}  {}", check.name, check.detail)?;
    }
    let missing = checks.iter().filter(|check| !check.is_there).count();
    let verdict = match missing {
        0 => "this machine can run it".to_owned(),
        1 => "1 thing is missing".to_owned(),
        count => format!("{count} things are missing"),
    };
    writeln!(out, "{pipeline}: {verdict}")?;
    Ok(u8::from(missing > 0))
}

/// Everything that was looked for.
pub(super) fn checks(project: &Project, pipeline: &Pipeline) -> io::Result<Vec<Check>> {
    let tools = Tools::new(&project.root);
    let programs = programs(pipeline).into_iter().map(|((name, dir), nodes)| {
        let found = tools.find(&name, &dir);
        Check {
            name,
            is_there: found.is_ok(),
            detail: match found {
                Ok(path) => path.display().to_string(),
                Err(reason) => format!("{reason}; needed by {}", nodes.join(", ")),
            },
        }
    });
    let programs = programs.chain(machine(project, pipeline)?);
    Ok(programs.chain(secrets(project, pipeline)).collect())
}

/// What the machine has to have for the nodes beside their programs, each looked for once.
fn machine(project: &Project, pipeline: &Pipeline) -> io::Result<Vec<Check>> {
    let mut wanted: Vec<preflight::Check> = Vec::new();
    for check in pipeline.nodes.iter().flat_map(|node| node.kind.checks()) {
        if !wanted.contains(&check) {
            wanted.push(check);
        }
    }
    let machine = ThisMachine::new(&project.root);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let made = runtime.block_on(join_all(wanted.iter().map(|check| check.make(&machine))));
    let told = wanted.iter().zip(made).map(|(check, result)| Check {
        name: check.name(),
        is_there: result.is_ok(),
        detail: match result {
            Ok(found) => found,
            Err(problem) => format!("{}; {}", problem.message, problem.remedy),
        },
    });
    Ok(told.collect())
}

/// The programs that have to be there, by name and folder, each with the nodes that need it.
fn programs(pipeline: &Pipeline) -> BTreeMap<(String, String), Vec<String>> {
    let mut users: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let needed = |node: &&Node| node.common.on_missing == OnMissing::Fail;
    for node in pipeline.nodes.iter().filter(needed) {
        let dir = node.common.dir.as_ref().map_or("", |dir| dir.path.as_str());
        for program in node.kind.programs() {
            let Some(name) = program.as_ref().and_then(Template::as_literal) else {
                continue;
            };
            let key = (name.to_owned(), dir.to_owned());
            users.entry(key).or_default().push(node.id.value.clone());
        }
    }
    users
}

/// The secrets that have no value.
fn secrets(project: &Project, pipeline: &Pipeline) -> Vec<Check> {
    let unknown =
        pipeline
            .secrets
            .iter()
            .filter(|(_, secret)| !match (&secret.env, &secret.file) {
                (Some(variable), _) => std::env::var_os(variable).is_some(),
                (None, Some(file)) => project.root.join(&file.path).exists(),
                (None, None) => false,
            });
    unknown
        .map(|(name, _)| Check {
            name: name.clone(),
            is_there: false,
            detail: "the secret has no value".to_owned(),
        })
        .collect()
}
