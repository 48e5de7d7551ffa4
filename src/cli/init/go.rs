//! Go modules.

use super::package::{Check, Reach, Role};
use super::project::Folder;

/// `gofmt` has no exit code for files that it would change.
const FORMAT: &str = r#"files=$(gofmt -l .); echo "$files"; test -z "$files""#;
const LINTERS: &[&str] = &[
    ".golangci.yml",
    ".golangci.yaml",
    ".golangci.toml",
    ".golangci.json",
];

/// What can be checked in a module.
pub(super) fn checks(folder: Folder<'_>, _notes: &mut Vec<String>) -> Vec<Check> {
    let mut format = Check::run(
        Role::Format,
        ["gofmt"],
        "gofmt succeeds even if files need formatting: what it lists decides.",
    )
    .reach(Reach::SameTool);
    format.action = super::package::Action::Shell(FORMAT.to_owned());
    let vet = Check::run(
        Role::Lint,
        ["go", "vet", "./..."],
        format!("A Go module ({}).", folder.path("go.mod")),
    )
    .tool("vet");
    let linter = folder.first(LINTERS).map(|config| {
        Check::run(
            Role::Lint,
            ["golangci-lint", "run"],
            format!("golangci-lint is configured in {}.", folder.path(config)),
        )
    });
    let test = Check::run(
        Role::Test,
        ["go", "test", "./..."],
        "Every package of the module.",
    )
    .tool("go-test");
    [Some(format), Some(vet), linter, Some(test)]
        .into_iter()
        .flatten()
        .collect()
}
