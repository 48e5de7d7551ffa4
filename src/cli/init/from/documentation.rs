//! The gate `documentation`.

use super::{Carrier, Gate};
use crate::cli::init::draft::{Atom, Draft, Field};
use crate::cli::init::package::{Language, Package};
use crate::cli::init::project::Folder;
use crate::cli::init::python::ends_with;

/// Names of change logs, the usual one first.
const CHANGELOGS: &[&str] = &["CHANGELOG.md", "CHANGES.md", "HISTORY.md", "NEWS.md"];

/// Carries over the gate.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if !gate.is_enabled(true) {
        gate.take_rest();
        return;
    }
    let required = gate.flag("required").unwrap_or(false);
    let mut fields = Vec::new();
    let root = Folder {
        project: carrier.project,
        dir: "",
    };
    if gate.flag("check_changelog").unwrap_or(true) {
        let path = root.first(CHANGELOGS).unwrap_or(CHANGELOGS[0]);
        fields.push(Field::table(
            "changelog",
            vec![("path", Atom::Text(path.to_owned()))],
        ));
    }
    if gate.flag("check_readme").unwrap_or(false) {
        let path = vec![("path", Atom::Text("README.md".to_owned()))];
        fields.push(Field::table("readme", path));
    }
    if gate.flag("check_docstrings").unwrap_or(true) {
        fields.extend(docstrings(carrier));
    }
    if fields.is_empty() {
        return;
    }
    if !required {
        fields.push(Field::flag("required", false));
    }
    carrier.carried.nodes.push(Draft {
        comment: vec![format!("{}.", carrier.origin)],
        kind: "docs",
        id: "documentation".to_owned(),
        fields,
    });
}

/// Docstrings of the source of every Python package, without that of its tests.
fn docstrings(carrier: &mut Carrier<'_>) -> Option<Field> {
    let python = |package: &&Package| package.language == Language::Python;
    let mut paths = Vec::new();
    for package in carrier.packages.iter().filter(python) {
        let folder = Folder {
            project: carrier.project,
            dir: &package.dir,
        };
        let sources = |path: &str| path.starts_with("src/") && ends_with(path, ".py");
        let pattern = if folder.below().any(sources) {
            "src/**/*.py"
        } else {
            "**/*.py"
        };
        paths.push(folder.path(pattern));
    }
    if paths.is_empty() {
        carrier.note("`documentation.check_docstrings`: there is no Python package");
        return None;
    }
    Some(Field::block(
        "docstrings",
        vec![Field::texts("paths", paths)],
    ))
}
