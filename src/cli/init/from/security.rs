//! The gate `security`: scanners that the project has, with the severity that fails.

use super::{Carrier, Gate};
use crate::cli::init::package::{Check, Language, Package, Role};
use crate::cli::init::project::{Folder, Project};
use crate::cli::init::{javascript, python};

/// The severities of the configuration, as `npm audit` and bandit call them.
const LEVELS: &[(&str, &str, &str)] = &[
    ("critical", "critical", "high"),
    ("high", "high", "high"),
    ("medium", "moderate", "medium"),
    ("low", "low", "low"),
];

/// Carries over the gate.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if !gate.is_enabled(true) {
        gate.take_rest();
        return;
    }
    let required = gate.flag("required").unwrap_or(true);
    let word = gate.text("fail_on").unwrap_or("high");
    let Some(level) = LEVELS
        .iter()
        .find(|(known, ..)| word.eq_ignore_ascii_case(known))
    else {
        gate.problem("`security.fail_on` is not one of critical, high, medium, low");
        return;
    };
    let project = carrier.project;
    let mut found = false;
    for package in carrier.packages.iter_mut() {
        let mut checks = scanners(package, level, project);
        found |= !checks.is_empty();
        for check in &mut checks {
            check.required = required;
        }
        package.checks.append(&mut checks);
    }
    if !found {
        let note = "`security`: the project declares no scanner (bandit, pip-audit) and has no lock file of npm";
        carrier.note(note);
    }
}

fn scanners(package: &Package, level: &(&str, &str, &str), project: &dyn Project) -> Vec<Check> {
    let folder = Folder {
        project,
        dir: &package.dir,
    };
    match package.language {
        Language::JavaScript => npm_audit(folder, level.1).into_iter().collect(),
        Language::Python => python::scanners(folder, level.2),
        Language::Rust | Language::Go => Vec::new(),
    }
}

/// Only npm can be told from which severity on to fail in the same words everywhere.
fn npm_audit(folder: Folder<'_>, level: &str) -> Option<Check> {
    let locked = folder.has("package-lock.json") || folder.has("npm-shrinkwrap.json");
    (locked && javascript::manager(folder) == "npm").then(|| {
        let limit = format!("--audit-level={level}");
        let words = ["npm", "audit", &limit];
        Check::run(
            Role::Security,
            words,
            "The lock file of npm is there; the command asks its registry.",
        )
    })
}
