//! Gates that run a command for each language: tests, linters, formatters.

use serde_json::Value;

use super::command::{self, Command};
use super::{Carrier, Gate};
use crate::cli::init::package::{Language, Package, Role};
use crate::cli::init::project::Folder;

/// A language as the configuration calls it, with the endings of its files.
const LANGUAGES: &[(&str, Language, &[&str])] = &[
    ("python", Language::Python, &[".py"]),
    (
        "javascript",
        Language::JavaScript,
        &[".js", ".mjs", ".cjs", ".jsx"],
    ),
    (
        "typescript",
        Language::JavaScript,
        &[".ts", ".mts", ".cts", ".tsx"],
    ),
    ("rust", Language::Rust, &[".rs"]),
    ("go", Language::Go, &[".go"]),
];

/// Carries over a gate whose checks have that role.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>, role: Role) {
    if !gate.is_enabled(true) {
        for package in carrier.packages.iter_mut() {
            package.checks.retain(|check| check.role != role);
        }
        gate.take_rest();
        return;
    }
    let threshold = match role {
        Role::Test => gate.take("coverage_threshold", "a whole number of percent", percent),
        _ => None,
    };
    let is_held = commands(carrier, gate, role, threshold);
    if let Some(threshold) = threshold.filter(|_| !is_held) {
        carrier.note(format!(
            "`{}.coverage_threshold` ({threshold} %): no command of it measures coverage",
            gate.name
        ));
    }
    if gate.flag("auto_fix") == Some(true) {
        carrier.note(format!(
            "`{}.auto_fix`: files are changed only if asked for: `sdd run --fix`",
            gate.name
        ));
    }
    let required = gate.flag("required");
    let mut found = false;
    let checks = carrier
        .packages
        .iter_mut()
        .flat_map(|package| &mut package.checks);
    for check in checks.filter(|check| check.role == role) {
        found = true;
        check.required = required.unwrap_or(check.required);
    }
    if !found {
        carrier.note(format!("`{}`: nothing in the project does it", gate.name));
    }
}

fn percent(value: &Value) -> Option<u64> {
    let number = value
        .as_f64()
        .filter(|number| (0.0..=100.0).contains(number))?;
    // A limit is never loosened by rounding.
    format!("{:.0}", number.ceil()).parse().ok()
}

/// Replaces what was detected by the commands of the gate; whether one holds the threshold.
fn commands(
    carrier: &mut Carrier<'_>,
    gate: &mut Gate<'_>,
    role: Role,
    threshold: Option<u64>,
) -> bool {
    let Some(commands) = gate.take("commands", "an object of texts", Value::as_object) else {
        return false;
    };
    let mut unused = Vec::new();
    let mut holds_threshold = false;
    for (word, text) in commands {
        let Some(text) = text.as_str().filter(|text| !text.trim().is_empty()) else {
            gate.problem(format!("`{}.commands.{word}` is not text", gate.name));
            continue;
        };
        let Some(index) = package_for(carrier, word) else {
            unused.push(format!("`{word}`"));
            continue;
        };
        let package = &mut carrier.packages[index];
        let folder = Folder {
            project: carrier.project,
            dir: "",
        };
        let command = Command {
            role,
            text,
            origin: &carrier.origin,
            folder,
            threshold,
        };
        let (check, holds) = command::check(&command);
        package.checks.retain(|check| check.role != role);
        package.checks.push(check);
        holds_threshold |= holds;
    }
    if !unused.is_empty() {
        carrier.note(format!(
            "`{}.commands` for {}: no such package at the root",
            gate.name,
            unused.join(", ")
        ));
    }
    holds_threshold
}

/// The package at the root that a command for a language is meant for; made if there is only
/// source without a manifest.
fn package_for(carrier: &mut Carrier<'_>, word: &str) -> Option<usize> {
    let (_, language, endings) = LANGUAGES.iter().find(|(known, ..)| *known == word)?;
    let root = Folder {
        project: carrier.project,
        dir: "",
    };
    let is_typescript = root.has("tsconfig.json");
    if *language == Language::JavaScript && is_typescript != (word == "typescript") {
        return None;
    }
    let of_language = |package: &Package| package.language == *language;
    let at_root = |package: &Package| of_language(package) && package.dir.is_empty();
    if let Some(index) = carrier.packages.iter().position(at_root) {
        return Some(index);
    }
    let mut files = carrier.project.files().iter();
    let has_source = files.any(|path| endings.iter().any(|ending| path.ends_with(ending)));
    if !has_source || carrier.packages.iter().any(of_language) {
        return None;
    }
    carrier.packages.insert(
        0,
        Package {
            dir: String::new(),
            language: *language,
            checks: Vec::new(),
        },
    );
    Some(0)
}
