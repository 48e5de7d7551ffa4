//! `requirements.txt`: what pip reads.

use std::sync::LazyLock;

use regex::Regex;

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
    let included = option(text, &["-r", "--requirement", "-c", "--constraint"]);
    if included.is_some_and(|path| path.contains("://")) {
        return Err(format!("`{text}` is not in the project"));
    }
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
    if text.contains("://") && !NAMED.is_match(text) {
        let (name, wanted) = of_url(text)
            .ok_or_else(|| format!("`{text}` does not say its name: write `NAME @ URL`"))?;
        manifest.declare(name, wanted, Some(line));
        return Ok(());
    }
    if is_path(text) {
        return Ok(());
    }
    let (name, wanted) = pep508::requirement(text)?;
    manifest.declare(name, wanted, Some(line));
    Ok(())
}

/// `name @ url`, `name[extra]@url`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[^\]]*\])?\s*@[^@]")
        .expect("the pattern is a literal")
});

/// The library that a URL names in its fragment, or by being that of a wheel.
fn of_url(url: &str) -> Option<(&str, Wanted)> {
    let (address, fragment) = url.split_once('#').unwrap_or((url, ""));
    let egg = fragment
        .split('&')
        .find_map(|part| part.strip_prefix("egg="));
    if let Some(egg) = egg {
        let name = egg.split(['[', ';', ' ']).next().unwrap_or_default();
        return (!name.is_empty()).then_some((name, Wanted::Any));
    }
    let path = address.split(['?', ';', ' ']).next().unwrap_or_default();
    let wheel = path.rsplit('/').next()?.strip_suffix(".whl")?;
    // Name, version, perhaps a build, and three tags.
    let parts: Vec<&str> = wheel.split('-').collect();
    let version = (5..=6)
        .contains(&parts.len())
        .then(|| parts[1].to_owned())?;
    Some((parts[0], Wanted::Exact(version)))
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
