//! Reports against the schemas that others have published.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

fn fixture(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/fixtures").join(name)
}

fn runs() -> [Vec<Event>; 7] {
    let events = eventful();
    let broken = events[..15].to_vec();
    let hostile = hostile(&events);
    [
        events,
        broken,
        hostile,
        happy(),
        amber(),
        checkpoint(),
        called_off(),
    ]
}

#[test]
fn sarif_is_valid_by_the_schema_of_oasis() {
    let text = std::fs::read_to_string(fixture("sarif-2.1.0.schema.json")).expect("it is kept");
    let mut schema: Value = serde_json::from_str(&text).expect("it is JSON");
    // The schema as published has a pattern there that is no regular expression.
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        language
            .as_object_mut()
            .expect("an object")
            .remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    for events in runs() {
        let log: Value = serde_json::from_str(&reported("sarif", &events)).expect("it is JSON");
        let problems: Vec<String> = validator
            .iter_errors(&log)
            .map(|problem| format!("{}: {problem}", problem.instance_path()))
            .collect();
        assert_eq!(problems, Vec::<String>::new());
    }
}

#[test]
fn junit_is_valid_by_the_schema_of_jenkins() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (index, events) in runs().iter().enumerate() {
        let path = folder.path().join(format!("{index}.xml"));
        std::fs::write(&path, reported("junit", events)).expect("it can be written");
        let told = Command::new("xmllint")
            .args(["--noout", "--schema"])
            .args([&fixture("junit-10.xsd"), &path])
            .output()
            .expect("tests/setup.sh installs xmllint");
        let problems = String::from_utf8_lossy(&told.stderr);
        assert!(told.status.success(), "{problems}");
    }
}
