//! Go modules.

use super::package::{Check, Reach, Role};
use super::project::Folder;
use super::python::ends_with;

const LINTERS: &[&str] = &[
    ".golangci.yml",
    ".golangci.yaml",
    ".golangci.toml",
    ".golangci.json",
];

/// What can be checked in a module.
pub(super) fn checks(folder: Folder<'_>, _notes: &mut Vec<String>) -> Vec<Check> {
    let why = format!("A Go module ({}).", folder.path("go.mod"));
    let format = Check::preset(Role::Format, "gofmt", why).reach(Reach::SameTool);
    let vet = Check::run(
        Role::Lint,
        ["go", "vet", "./..."],
        "Mistakes that the compiler of Go lets pass.",
    )
    .tool("vet");
    let linter = folder.first(LINTERS).map(|config| {
        let why = format!("golangci-lint is configured in {}.", folder.path(config));
        Check::preset(Role::Lint, "golangci-lint", why)
    });
    let tests_exist = folder.below().any(|path| ends_with(path, "_test.go"));
    let test = Check::preset(Role::Test, "go-test", "Every package of the module.")
        .tool("go-test")
        .min_tests(tests_exist);
    // gofmt is given the files, and without one nothing can be checked.
    let has_source = folder.below().any(|path| ends_with(path, ".go"));
    [
        Some(format).filter(|_| has_source),
        Some(vet),
        linter,
        Some(test),
    ]
    .into_iter()
    .flatten()
    .collect()
}
