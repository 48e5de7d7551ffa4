//! Manifests → packages with what can be checked in them. Pure.

use super::package::{Check, Language, Package, Reach};
use super::project::{Folder, Project, file_name, parent};
use super::{go, javascript, python, rust};

/// Most packages that are looked at.
const MOST_PACKAGES: usize = 50;
/// Folders whose manifests are data of tests.
pub(super) const FIXTURES: &[&str] = &[
    "fixtures",
    "__fixtures__",
    "testdata",
    "test-data",
    "test_data",
];

/// What was found.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Detection {
    /// Packages in which something can be checked; the root first, then by path.
    pub(crate) packages: Vec<Package>,
    /// What was passed over, one sentence each.
    pub(crate) notes: Vec<String>,
}

/// A language, by what its packages are known.
struct Row {
    language: Language,
    manifests: &'static [&'static str],
    checks: fn(Folder<'_>, &mut Vec<String>) -> Vec<Check>,
}

const LANGUAGES: &[Row] = &[
    Row {
        language: Language::Python,
        manifests: python::MANIFESTS,
        checks: python::checks,
    },
    Row {
        language: Language::JavaScript,
        manifests: &["package.json"],
        checks: javascript::checks,
    },
    Row {
        language: Language::Rust,
        manifests: &["Cargo.toml"],
        checks: rust::checks,
    },
    Row {
        language: Language::Go,
        manifests: &["go.mod"],
        checks: go::checks,
    },
];

/// Finds every package of a project and what can be checked in it.
pub(crate) fn detect(project: &dyn Project) -> Detection {
    let mut detection = Detection::default();
    let found = candidates(project, &mut detection.notes);
    for (dir, row) in found.iter().take(MOST_PACKAGES) {
        let checks = (row.checks)(Folder { project, dir }, &mut detection.notes);
        if !checks.is_empty() {
            detection.packages.push(Package {
                dir: (*dir).to_owned(),
                language: row.language,
                checks,
            });
        }
    }
    if found.len() > MOST_PACKAGES {
        let rest = found.len() - MOST_PACKAGES;
        detection.notes.push(format!(
            "only the first {MOST_PACKAGES} packages were looked at; {rest} more are there"
        ));
    }
    drop_covered(&mut detection.packages);
    detection
}

/// The folders with manifests: shallow ones first, so that a limit leaves out the deepest.
fn candidates<'p>(
    project: &'p dyn Project,
    notes: &mut Vec<String>,
) -> Vec<(&'p str, &'static Row)> {
    let mut found: Vec<(&str, &Row)> = Vec::new();
    for path in project.files() {
        let Some(dir) = parent(path) else { continue };
        let row = LANGUAGES
            .iter()
            .find(|row| row.manifests.contains(&file_name(path)));
        let Some(row) = row else { continue };
        if dir.split('/').any(|part| FIXTURES.contains(&part)) {
            continue;
        }
        if dir.contains("{{") {
            notes.push(format!("`{path}` is a template, so it was passed over"));
            continue;
        }
        let known = |(other, seen): &(&str, &Row)| *other == dir && seen.language == row.language;
        if !found.iter().any(known) {
            found.push((dir, row));
        }
    }
    let depth = |dir: &str| dir.split('/').filter(|part| !part.is_empty()).count();
    found.sort_by_key(|(dir, row)| (depth(dir), *dir, row.language));
    found
}

/// Leaves out what a check higher up takes care of.
fn drop_covered(packages: &mut Vec<Package>) {
    let above: Vec<Package> = packages.clone();
    for package in packages.iter_mut() {
        let Package { dir, language, .. } = package;
        let higher = || {
            above
                .iter()
                .filter(|other| other.language == *language && is_below(dir, &other.dir))
                .flat_map(|other| &other.checks)
        };
        package.checks.retain(|check| {
            !higher().any(|other| {
                other.role == check.role
                    && match other.reach {
                        Reach::Package => false,
                        Reach::SameTool => other.tool == check.tool,
                        Reach::Workspace => true,
                    }
            })
        });
    }
    packages.retain(|package| !package.checks.is_empty());
}

/// Whether one folder lies below another.
fn is_below(dir: &str, above: &str) -> bool {
    dir != above
        && (above.is_empty()
            || dir
                .strip_prefix(above)
                .is_some_and(|rest| rest.starts_with('/')))
}
