//! The gate `documentation`.

use super::{Carrier, Gate};
use crate::cli::init::draft::{Atom, Draft, Field};
use crate::cli::init::package::{Action, Check, Language, Role};
use crate::cli::init::readme;

/// What was changed or added since the base of the branch, if it is a change log.
const CHANGELOG: &str = "{ git diff --name-only {{base}} -- ':(icase)CHANGELOG*'; \
    git ls-files --others --exclude-standard -- ':(icase)CHANGELOG*'; } | grep .";

/// Carries over the gate.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if !gate.is_enabled(true) {
        gate.take_rest();
        return;
    }
    let required = gate.flag("required").unwrap_or(false);
    let mut nodes = Vec::new();
    if gate.flag("check_changelog").unwrap_or(true) {
        nodes.push(changelog(&carrier.origin));
    }
    if gate.flag("check_readme").unwrap_or(false) {
        nodes.push(readme());
    }
    for node in &mut nodes {
        if !required {
            node.fields.push(Field::flag("required", false));
        }
    }
    carrier.carried.nodes.append(&mut nodes);
    if gate.flag("check_docstrings").unwrap_or(true) {
        docstrings(carrier, required);
    }
}

fn changelog(origin: &str) -> Draft {
    let changed = vec![("changed", Atom::Text("**".to_owned()))];
    Draft {
        comment: vec![format!(
            "{origin}: what changes is written into the change log."
        )],
        kind: "rule",
        id: "changelog".to_owned(),
        fields: vec![
            Field::table("when", changed),
            Field::text("shell", CHANGELOG),
            Field::text("message", "say in the change log what changed"),
        ],
    }
}

/// Ruff knows the rules for docstrings; it is asked where it is used already.
fn docstrings(carrier: &mut Carrier<'_>, required: bool) {
    let mut without = Vec::new();
    for package in carrier.packages.iter_mut() {
        if package.language != Language::Python {
            continue;
        }
        let words = package.checks.iter().find_map(|check| match &check.action {
            Action::Run(words) if check.role == Role::Lint => {
                let at = words
                    .windows(2)
                    .position(|pair| pair == ["ruff", "check"])?;
                let (head, tail) = words.split_at(at + 2);
                let select = ["--select".to_owned(), "D".to_owned()];
                Some([head, &select, tail].concat())
            }
            _ => None,
        });
        let Some(words) = words else {
            without.push(format!(
                "`{}`",
                if package.dir.is_empty() {
                    "."
                } else {
                    &package.dir
                }
            ));
            continue;
        };
        let why = format!("{}: every function has a docstring.", carrier.origin);
        let mut check = Check::run(Role::Docs, words, why);
        check.required = required;
        package.checks.push(check);
    }
    if !without.is_empty() {
        carrier.note(format!(
            "`documentation.check_docstrings`: ruff, which checks them, is not used in {}",
            without.join(", ")
        ));
    }
}
