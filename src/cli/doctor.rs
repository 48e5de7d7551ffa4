//! `sdd doctor`: whether this machine can run a pipeline.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use futures_util::future::join_all;

use super::{Cx, Outcome};
use crate::model::{Node, OnMissing, Pipeline};
use crate::preflight::Check;
use crate::run::{ThisMachine, Tools};
use crate::spec::Template;

/// Looks for every program that the pipeline's commands name, and for what `sdd` itself needs.
pub(super) fn doctor(cx: &Cx, pipeline: &str) -> Outcome {
    let project = cx.project()?;
    let loaded = cx.load(&project, pipeline, &[], false)?;
    let tools = Tools::new(&project.root);
    let mut users: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let needed = |node: &&Node| node.common.on_missing == OnMissing::Fail;
    for node in loaded.pipeline.nodes.iter().filter(needed) {
        let dir = node.common.dir.as_ref().map_or("", |dir| dir.path.as_str());
        for program in node.kind.programs() {
            let Some(name) = program.as_ref().and_then(Template::as_literal) else {
                continue;
            };
            let key = (name.to_owned(), dir.to_owned());
            users.entry(key).or_default().push(node.id.value.clone());
        }
    }
    let mut out = io::stdout().lock();
    let mut missing = 0;
    let width = users
        .keys()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for ((name, dir), nodes) in &users {
        match tools.find(name, dir) {
            Ok(path) => writeln!(out, "ok       {name:width$}  {}", path.display())?,
            Err(reason) => {
                missing += 1;
                writeln!(
                    out,
                    "missing  {name:width$}  {reason}; needed by {}",
                    nodes.join(", ")
                )?;
            }
        }
    }
    missing += checks(&loaded.pipeline, &project.root, &mut out)?;
    for (name, secret) in &loaded.pipeline.secrets {
        let known = match (&secret.env, &secret.file) {
            (Some(variable), _) => std::env::var_os(variable).is_some(),
            (None, Some(file)) => project.root.join(&file.path).exists(),
            (None, None) => false,
        };
        if !known {
            missing += 1;
            writeln!(out, "missing  {name:width$}  the secret has no value")?;
        }
    }
    let verdict = match missing {
        0 => "this machine can run it".to_owned(),
        1 => "1 thing is missing".to_owned(),
        count => format!("{count} things are missing"),
    };
    writeln!(out, "{pipeline}: {verdict}")?;
    Ok(u8::from(missing > 0))
}

/// Makes the checks of all nodes, each once, and gives how many of them failed.
fn checks(pipeline: &Pipeline, root: &Path, out: &mut impl Write) -> io::Result<usize> {
    let mut checks: Vec<Check> = Vec::new();
    for check in pipeline.nodes.iter().flat_map(|node| node.kind.checks()) {
        if !checks.contains(&check) {
            checks.push(check);
        }
    }
    let machine = ThisMachine::new(root);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let made = runtime.block_on(join_all(checks.iter().map(|check| check.make(&machine))));
    let mut failed = 0;
    for (check, result) in checks.iter().zip(made) {
        match result {
            Ok(found) => writeln!(out, "ok       {}  {found}", check.name())?,
            Err(problem) => {
                failed += 1;
                let (message, remedy) = (problem.message, problem.remedy);
                writeln!(out, "missing  {}  {message}; {remedy}", check.name())?;
            }
        }
    }
    Ok(failed)
}
