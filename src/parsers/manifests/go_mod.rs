//! `go.mod`.

use super::{Manifest, Problem, Wanted};

/// Directives that name no library that is used.
const OTHERS: &[&str] = &[
    "module",
    "go",
    "toolchain",
    "godebug",
    "exclude",
    "retract",
    "tool",
    "ignore",
];

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let mut manifest = Manifest::default();
    let mut replaced: Vec<(String, Option<(String, String)>)> = Vec::new();
    let mut block: Option<(String, u64)> = None;
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let (code, comment) = text.split_once("//").unwrap_or((text, ""));
        let mut words: Vec<&str> = code
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '`']))
            .collect();
        if words.is_empty() {
            continue;
        }
        if words == [")"] && block.take().is_some() {
            continue;
        }
        let directive = match &block {
            Some((name, _)) => name.clone(),
            None => words.remove(0).to_owned(),
        };
        if block.is_none() && words == ["("] {
            block = Some((directive, line));
            continue;
        }
        match (directive.as_str(), words.as_slice()) {
            ("require", [name, version]) => {
                let direct = !comment.trim_start().starts_with("indirect");
                require(&mut manifest, name, version, direct.then_some(line));
            }
            ("replace", [name, rest @ ..]) => {
                replaced.push(((*name).to_owned(), replacement(rest)));
            }
            (other, _) if OTHERS.contains(&other) => {}
            _ => {
                return Err(Problem::at(
                    line,
                    format!("`{}` is not understood", code.trim()),
                ));
            }
        }
    }
    if let Some((name, line)) = block {
        return Err(Problem::at(
            line,
            format!("the block of `{name}` is not closed"),
        ));
    }
    for (name, by) in replaced {
        replace(&mut manifest, &name, by);
    }
    Ok(manifest)
}

fn require(manifest: &mut Manifest, name: &str, version: &str, direct: Option<u64>) {
    let version = version.trim_end_matches("+incompatible");
    if direct.is_some() {
        manifest.declare(name, Wanted::Exact(version.to_owned()), direct);
    }
    manifest.pin(name, version, direct.is_some());
}

/// What stands behind `=>`: another module, or `None` for a folder of the project's own.
fn replacement(words: &[&str]) -> Option<(String, String)> {
    let arrow = words.iter().position(|word| *word == "=>")?;
    match &words[arrow + 1..] {
        [name, version] => Some(((*name).to_owned(), (*version).to_owned())),
        _ => None,
    }
}

fn replace(manifest: &mut Manifest, name: &str, by: Option<(String, String)>) {
    let Some((other, version)) = by else {
        manifest.declared.retain(|declared| declared.name != name);
        manifest.pins.retain(|pin| pin.name != name);
        return;
    };
    for declared in manifest
        .declared
        .iter_mut()
        .filter(|declared| declared.name == name)
    {
        declared.name.clone_from(&other);
        declared.wanted = Wanted::Exact(version.clone());
    }
    for pin in manifest.pins.iter_mut().filter(|pin| pin.name == name) {
        pin.name.clone_from(&other);
        pin.version.clone_from(&version);
    }
}
