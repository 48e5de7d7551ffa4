//! Contracts of services that there are, as `tests/setup.sh` installs them.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

#[path = "support/contract.rs"]
mod contract;

use std::fs;
use std::path::{Path, PathBuf};

use contract::{Texts, alarms, diff};
use sdd::contract::compare::Level;
use sdd::contract::load::Library;
use sdd::contract::schema::Graph;
use sdd::contract::validate::inspect;
use sdd::span::Sources;

const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/contracts");

/// Two releases of one service, some megabytes each.
const RELEASES: &[(&str, &str)] = &[
    (
        "kubernetes-client-9.0.0/lib/specs/swagger-1.12.json",
        "kubernetes-client-9.0.0/lib/specs/swagger-1.13.json",
    ),
    (
        "openapi-2.2.1/generated/ghes-2.21.json",
        "openapi-2.2.1/generated/ghes-2.22.json",
    ),
];

fn text(path: impl AsRef<Path>) -> String {
    let path = Path::new(INSTALLED).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The examples of Swagger 2.0, `OpenAPI` 3.0 and 3.1, as JSON.
fn examples() -> Vec<PathBuf> {
    let all = ["2.0", "3.0", "3.1"].into_iter().flat_map(|version| {
        let folder = format!("{INSTALLED}/oas-examples-8.2.2/{version}/json");
        fs::read_dir(folder).unwrap()
    });
    let all = all.map(|entry| entry.unwrap().path());
    let all: Vec<PathBuf> = all.filter(|path| path.is_file()).collect();
    assert!(all.len() > 50, "{}", all.len());
    all
}

#[test]
fn a_contract_did_not_change_against_itself() {
    let releases = RELEASES.iter().map(|(_, new)| PathBuf::from(new));
    for path in examples().into_iter().chain(releases) {
        let text = text(&path);
        assert_eq!(diff(&text, &text), [], "{}", path.display());
    }
}

#[test]
fn a_contract_in_json_says_what_it_says_in_yaml() {
    for json in examples() {
        // The authors took another method for two operations of the YAML.
        if json.ends_with("3.1/json/parameters-style.json") {
            continue;
        }
        let yaml = json.to_string_lossy().replace("json", "yaml");
        if Path::new(&yaml).exists() {
            let findings = diff(&text(&json), &text(&yaml));
            assert_eq!(findings, [], "{}", json.display());
        }
    }
}

#[test]
fn what_changed_from_one_release_to_the_next_is_decided_and_shown() {
    for (old, new) in RELEASES {
        let findings = diff(&text(old), &text(new));
        assert_ne!(alarms(&findings), [""; 0], "{new}");
        for finding in &findings {
            assert_ne!(finding.level, Level::Undecided, "{finding:#?}");
        }
    }
}

#[test]
fn real_contracts_are_checked_without_a_mistake() {
    for (_, path) in RELEASES {
        let mut sources = Sources::default();
        let text = text(path);
        let library = Library::read(path, &Texts(&[(path, &text)]), &mut sources).unwrap();
        let inspected = inspect(&library, &mut Graph::default());
        let mistakes = inspected.diagnoses.iter();
        let mistakes = mistakes.filter(|one| one.grade.as_str() == "error");
        assert_eq!(mistakes.count(), 0, "{path}");
    }
}
