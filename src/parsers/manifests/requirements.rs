//! `requirements.txt`: what pip reads.

use super::{Include, Manifest, Problem, Wanted, pep508};

/// Options that say nothing of a library, with or without a value.
const OTHER_OPTIONS: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "--no-index",
    "-f",
    "--find-links",
    "--no-binary",
    "--only-binary",
    "--prefer-binary",
    "--require-hashes",
    "--pre",
    "--trusted-host",
    "--use-feature",
];

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let mut manifest = Manifest::default();
    for (line, text) in joined(text) {
        entry(&mut manifest, line, &text).map_err(|message| Problem::at(line, message))?;
    }
    Ok(manifest)
}

/// The lines without comments; one that ends with a backslash goes on in the next.
fn joined(text: &str) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = without_comment(line);
        let (part, more) = match line.strip_suffix('\\') {
            Some(part) => (part, true),
            None => (line, false),
        };
        match lines.last_mut().filter(|_| goes_on) {
            Some((_, begun)) => begun.push_str(part),
            None => lines.push((number, part.to_owned())),
        }
        goes_on = more;
    }
    lines.retain(|(_, line)| !line.trim().is_empty());
    lines
}

/// A `#` begins a comment at the start of a line or after a blank; in a URL it is a fragment.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices('#')
        .find(|(at, _)| line[..*at].is_empty() || line[..*at].ends_with([' ', '\t']));
    comment.map_or(line, |(at, _)| &line[..at]).trim_end()
}

fn entry(manifest: &mut Manifest, line: u64, text: &str) -> Result<(), String> {
    let text = text.trim();
    if let Some(path) = option(text, &["-r", "--requirement"]) {
        manifest.includes.push(include(path, false, line));
        return Ok(());
    }
    if let Some(path) = option(text, &["-c", "--constraint"]) {
        manifest.includes.push(include(path, true, line));
        return Ok(());
    }
    if OTHER_OPTIONS
        .iter()
        .any(|name| option(text, &[name]).is_some())
    {
        return Ok(());
    }
    let text = option(text, &["-e", "--editable"]).unwrap_or(text);
    if text.starts_with('-') {
        return Err(format!("`{text}` is no option that is known"));
    }
    // What belongs to the line: `--hash`, `--config-settings`.
    let text = text.split(" --").next().unwrap_or_default().trim();
    if text.contains("://") && !text.contains(" @ ") {
        if let Some((_, name)) = text.split_once("#egg=") {
            let name = name.split(['&', '[']).next().unwrap_or_default();
            manifest.declare(name, Wanted::Any, Some(line));
            return Ok(());
        }
        return Err(format!(
            "`{text}` does not say its name: write `NAME @ URL`"
        ));
    }
    if is_path(text) {
        return Ok(());
    }
    let (name, wanted) = pep508::requirement(text)?;
    manifest.declare(name, wanted, Some(line));
    Ok(())
}

/// The project's own code, which no server knows.
fn is_path(text: &str) -> bool {
    let end = text.split('[').next().unwrap_or_default();
    text.starts_with(['.', '/'])
        || std::path::Path::new(end)
            .extension()
            .is_some_and(|e| e == "whl")
}

fn include(path: &str, constraints: bool, line: u64) -> Include {
    Include {
        path: path.to_owned(),
        constraints,
        line,
    }
}

/// The value of an option: `-r file`, `-rfile`, `--requirement=file`; empty if it has none.
fn option<'t>(text: &'t str, names: &[&str]) -> Option<&'t str> {
    names.iter().find_map(|name| {
        let rest = text.strip_prefix(name)?;
        let short = !name.starts_with("--");
        let ends = rest.is_empty() || rest.starts_with([' ', '\t', '=']);
        (ends || short).then(|| rest.trim_start_matches('=').trim())
    })
}
