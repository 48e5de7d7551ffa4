//! The gate `security`: scanners for what the project is made of, with the severity that fails.

use super::{Carrier, Gate};
use crate::cli::init::draft::Field;
use crate::cli::init::javascript;
use crate::cli::init::package::{Check, Language, Package};
use crate::cli::init::project::{Folder, Project, file_name};
use crate::cli::init::python::ends_with;

/// The severities of the configuration.
const LEVELS: &[&str] = &["critical", "high", "medium", "low"];
/// The highest severity of the scanners for Python.
const HIGHEST_OF_PYTHON: &str = "high";

/// Carries over the gate: a node for each package.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if !gate.is_enabled(true) {
        gate.take_rest();
        return;
    }
    let required = gate.flag("required").unwrap_or(true);
    let word = gate.text("fail_on").unwrap_or("high").to_lowercase();
    let Some(level) = LEVELS.iter().copied().find(|known| word == *known) else {
        gate.problem("`security.fail_on` is not one of critical, high, medium, low");
        return;
    };
    let (project, origin) = (carrier.project, carrier.origin.clone());
    let (mut notes, mut found) = (Vec::new(), false);
    for package in carrier.packages.iter_mut() {
        let names = scanners(package, project, &mut notes);
        if names.is_empty() {
            continue;
        }
        found = true;
        let level = reachable(level, &names, &mut notes);
        let mut check = Check::scan(names, format!("{origin}."));
        check = check.field(Field::text("fail-on", level));
        check.required = required;
        package.checks.push(check);
    }
    if !found {
        notes.push(
            "`security`: there is nothing that bandit, pip-audit or npm audit could scan".into(),
        );
    }
    for note in notes {
        carrier.note(note);
    }
}

/// A severity that no scanner reaches would switch the node off.
fn reachable(level: &'static str, names: &[&str], notes: &mut Vec<String>) -> &'static str {
    if level != "critical" || names.contains(&"npm-audit") {
        return level;
    }
    notes.push(format!(
        "`security.fail_on`: `critical` is no severity of {}, so `{HIGHEST_OF_PYTHON}` fails",
        names.join(" and ")
    ));
    HIGHEST_OF_PYTHON
}

fn scanners(
    package: &Package,
    project: &dyn Project,
    notes: &mut Vec<String>,
) -> Vec<&'static str> {
    let folder = Folder {
        project,
        dir: &package.dir,
    };
    match package.language {
        Language::JavaScript => npm_audit(folder).into_iter().collect(),
        Language::Python => python(folder, notes),
        Language::Rust | Language::Go => Vec::new(),
    }
}

/// npm alone is asked: the audits of other package managers speak other formats.
fn npm_audit(folder: Folder<'_>) -> Option<&'static str> {
    let locked = folder.has("package-lock.json") || folder.has("npm-shrinkwrap.json");
    (locked && javascript::manager(folder) == "npm").then_some("npm-audit")
}

fn python(folder: Folder<'_>, notes: &mut Vec<String>) -> Vec<&'static str> {
    let has_source = folder.below().any(|path| ends_with(path, ".py"));
    let pinned = |path: &str| {
        let name = file_name(path);
        name.starts_with("requirements") && ends_with(name, ".txt")
    };
    let has_pins = folder.below().any(pinned);
    if !has_pins {
        notes.push(format!(
            "`security`: pip-audit reads requirement files, and `{}` has none",
            if folder.dir.is_empty() {
                "."
            } else {
                folder.dir
            }
        ));
    }
    let scanners = [("bandit", has_source), ("pip-audit", has_pins)];
    let used = scanners.into_iter().filter(|(_, used)| *used);
    used.map(|(name, _)| name).collect()
}
