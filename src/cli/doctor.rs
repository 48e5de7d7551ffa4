//! `sdd doctor`: whether this machine can run a pipeline.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Cx, Outcome};
use crate::model::{Node, OnMissing};
use crate::run::Tools;
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
