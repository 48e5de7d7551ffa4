//! `package.json`.

use serde_json::Value;

use super::{Manifest, Problem, Wanted, exact};

const TABLES: &[&str] = &[
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
];

/// What stands before the place of the project's own code.
const OWN: &[&str] = &["file:", "link:", "workspace:", "portal:"];

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let document: Value = serde_json::from_str(text).map_err(|error| Problem::of_json(&error))?;
    if !document.is_object() {
        return Err(Problem::at(1, "it is no object"));
    }
    let mut manifest = Manifest::default();
    let own = document.get("name").and_then(Value::as_str);
    manifest.own.extend(own.map(str::to_owned));
    manifest.members = members(&document, text)?;
    for table in TABLES {
        let Some(entries) = document.get(table) else {
            continue;
        };
        let start = line_of(text, table, 0);
        let Some(entries) = entries.as_object() else {
            return Err(Problem::at(start, format!("`{table}` is no object")));
        };
        for (name, spec) in entries {
            let line = line_of(text, name, start);
            let Some(spec) = spec.as_str() else {
                return Err(Problem::at(
                    line,
                    format!("the version of `{name}` is no text"),
                ));
            };
            if OWN.iter().any(|own| spec.starts_with(own)) {
                manifest.own.push(name.clone());
            } else {
                let (name, wanted) = wanted(name, spec);
                manifest.declare(name, wanted, Some(line));
            }
        }
    }
    Ok(manifest)
}

/// The patterns of `workspaces`, a list or an object with one.
fn members(document: &Value, text: &str) -> Result<Option<Vec<String>>, Problem> {
    let Some(workspaces) = document.get("workspaces") else {
        return Ok(None);
    };
    let list = workspaces.get("packages").unwrap_or(workspaces).as_array();
    let patterns: Option<Vec<String>> = list
        .into_iter()
        .flatten()
        .map(|pattern| pattern.as_str().map(str::to_owned))
        .collect();
    let problem = || {
        Problem::at(
            line_of(text, "workspaces", 0),
            "`workspaces` is no list of texts",
        )
    };
    patterns
        .filter(|_| list.is_some())
        .ok_or_else(problem)
        .map(Some)
}

/// The name and the version; an alias says another name: `npm:real@1.2.3`.
fn wanted<'t>(name: &'t str, spec: &'t str) -> (&'t str, Wanted) {
    let (name, spec) = match spec.strip_prefix("npm:") {
        None => (name, spec),
        Some(alias) => match alias.rfind('@') {
            None | Some(0) => (alias, "*"),
            Some(at) => (&alias[..at], &alias[at + 1..]),
        },
    };
    let wanted = match exact(spec) {
        // `1` and `1.2` are ranges here.
        Some(version) if version.split('.').count() >= 3 => Wanted::Exact(version),
        _ if ["", "*", "latest"].contains(&spec) || spec.contains(':') => Wanted::Any,
        _ => Wanted::Range(spec.to_owned()),
    };
    (name, wanted)
}

/// The line of the first key of that name from a line onwards. The parser does not tell it.
fn line_of(text: &str, key: &str, from: u64) -> u64 {
    let quoted = format!("\"{key}\"");
    let is_key = |line: &str| {
        line.split_once(&quoted)
            .is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
    };
    let lines = (1..)
        .zip(text.lines())
        .skip_while(|(number, _)| *number < from);
    let mut found = lines.filter(|(_, line)| is_key(line));
    found.next().map_or(from.max(1), |(number, _)| number)
}
