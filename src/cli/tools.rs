//! `sdd tools`: the tools that nodes can name, and which of them are here.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::args::FormatArgs;
use super::project::Disk;
use super::{Cx, Failure, Outcome, print_json};
use crate::diag::Diags;
use crate::model::Files;
use crate::run::{Tools, first_line_of};
use crate::span::Sources;
use crate::tools::{self, BUILT_IN, FOLDER, Tool};

/// A tool, with what this machine has of it.
struct Row {
    name: String,
    tool: Tool,
    origin: &'static str,
    path: Option<String>,
    version: Option<String>,
}

/// Lists the tools that come with `sdd` and those of the project.
pub(super) fn tools(cx: &Cx, args: &FormatArgs) -> Outcome {
    let root = match cx.project() {
        Ok(project) => project.root,
        Err(_) => std::env::current_dir()?,
    };
    let rows = rows(cx, &root)?;
    if args.format == "json" {
        let tools: Vec<_> = rows.iter().map(Row::json).collect();
        return print_json(&json!({"schema": "sdd.tools/1", "tools": tools}));
    }
    let width = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = io::stdout().lock();
    let mut purpose = "";
    for row in &rows {
        if row.tool.purpose.as_str() != purpose {
            if !purpose.is_empty() {
                writeln!(out)?;
            }
            purpose = row.tool.purpose.as_str();
            writeln!(out, "{purpose}")?;
        }
        writeln!(out, "  {:width$}  {}", row.name, row.state())?;
    }
    Ok(0)
}

fn rows(cx: &Cx, root: &Path) -> Result<Vec<Row>, Failure> {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let mut found: Vec<(String, Tool, &'static str)> = Vec::new();
    for name in own(root) {
        let path = format!("{FOLDER}/{name}.kdl");
        if let Ok(text) = Disk(root).read(&path)
            && let Some(tool) = tools::read(&name, &path, &text, &mut sources, &mut diags)
        {
            found.push((name, tool, "project"));
        }
    }
    cx.tell(&diags, &sources)?;
    for (name, _) in BUILT_IN {
        if !found.iter().any(|(known, ..)| known == name)
            && let Some(tool) = tools::built_in(name)
        {
            found.push(((*name).to_owned(), tool, "built-in"));
        }
    }
    found.sort_by(|a, b| (a.1.purpose as u8, &a.0).cmp(&(b.1.purpose as u8, &b.0)));
    // Some of them take a second to start.
    let rows = std::thread::scope(|scope| {
        let handles: Vec<_> = found
            .into_iter()
            .map(|(name, tool, origin)| scope.spawn(move || row(root, name, tool, origin)))
            .collect();
        handles
            .into_iter()
            .filter_map(|handle| handle.join().ok())
            .collect()
    });
    Ok(rows)
}

/// Names of the project's own tools.
fn own(root: &Path) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(root.join(FOLDER)) else {
        return Vec::new();
    };
    let mut names: Vec<String> = folder
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".kdl").map(str::to_owned))
        .collect();
    names.sort();
    names
}

fn row(root: &Path, name: String, tool: Tool, origin: &'static str) -> Row {
    let programs = Tools::new(root);
    let word = |argv: &crate::spec::Argv| {
        let first = argv.words.first()?.as_literal()?;
        Some(first.to_owned())
    };
    let path = word(&tool.check).and_then(|program| programs.find(&program, "").ok());
    let version = path.as_ref().and_then(|_| {
        let argv = tool.version.as_ref()?;
        let words: Option<Vec<String>> = argv
            .words
            .iter()
            .map(|word| word.as_literal().map(str::to_owned))
            .collect();
        let words = words?;
        let program = programs.find(words.first()?, "").ok()?;
        first_line_of(root, &program, &words[1..])
    });
    let installed = tool.version.is_none() || version.is_some();
    Row {
        path: path
            .filter(|_| installed)
            .map(|path| path.display().to_string()),
        name,
        tool,
        origin,
        version,
    }
}

impl Row {
    fn state(&self) -> String {
        let own = match self.origin {
            "project" => " (the project's own)",
            _ => "",
        };
        match (&self.version, &self.path) {
            (Some(version), _) => format!("{version}{own}"),
            (None, Some(path)) => format!("{path}{own}"),
            (None, None) => format!("not here{own}: {}", self.tool.install),
        }
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "name": self.name,
            "kind": self.tool.purpose.as_str(),
            "description": self.tool.description,
            "origin": self.origin,
            "installed": self.path.is_some(),
            "path": self.path,
            "version": self.version,
            "install": self.tool.install,
            "fixes": self.tool.fix.is_some(),
        })
    }
}
