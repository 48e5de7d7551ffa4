//! `sdd list`.

use std::io::{self, Write};

use serde_json::json;

use super::args::FormatArgs;
use super::project::stem;
use super::{Cx, Outcome, print_json};

/// Lists the pipelines of the project.
pub(super) fn list(cx: &Cx, args: &FormatArgs) -> Outcome {
    let project = cx.project()?;
    let rows: Vec<_> = project
        .pipelines()
        .into_iter()
        .map(|file| {
            let loaded = project.load(&file, &[], false);
            let name = stem(&file).unwrap_or(&file).to_owned();
            let header = loaded.pipeline.header.as_ref();
            let description = header.and_then(|header| header.description.clone());
            let sound = !loaded.diags.has_errors();
            (name, file, loaded.pipeline.nodes.len(), description, sound)
        })
        .collect();
    if args.format == "json" {
        let pipelines: Vec<_> = rows
            .iter()
            .map(|(name, file, nodes, description, sound)| {
                json!({"name": name, "path": file, "nodes": nodes, "description": description, "valid": sound})
            })
            .collect();
        return print_json(&json!({"schema": "sdd.list/1", "pipelines": pipelines}));
    }
    let width = rows
        .iter()
        .map(|(name, ..)| name.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = io::stdout().lock();
    for (name, _, nodes, description, sound) in &rows {
        let state = if *sound {
            format!("{nodes} nodes")
        } else {
            "has mistakes: `sdd check`".to_owned()
        };
        let description = description.as_deref().unwrap_or_default();
        writeln!(
            out,
            "{}",
            format!("{name:width$}  {state:<10}  {description}").trim_end()
        )?;
    }
    Ok(0)
}
