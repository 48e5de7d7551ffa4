//! What is generated from the tables and kept in the repository: schemas and the reference.
//!
//! `SDD_BLESS=1 cargo test --test generated` writes the files anew.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can't go on has to end, and shows where"
)]

use std::path::Path;

use sdd::diag::Diags;
use sdd::kinds::EXAMPLES;
use sdd::model::{Files, ReadError, grammar, load};
use sdd::report::{event_schema, report_schema};
use sdd::span::Sources;
use sdd::spec::{Manual, pipeline_schema};
use sdd::syntax::{self, Language, print_kdl, print_toml};
use sdd::work::work_item_schema;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a kept file with what the tables say now.
fn is_current(path: &str, text: &str) {
    let file = root().join(path);
    if std::env::var_os("SDD_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == text,
        "{path} is stale: SDD_BLESS=1 cargo test --test generated"
    );
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

#[test]
fn schemas_are_current() {
    is_current(
        "schemas/pipeline.json",
        &pretty(&pipeline_schema(&grammar())),
    );
    is_current("schemas/report.json", &pretty(&report_schema()));
    is_current("schemas/event.json", &pretty(&event_schema()));
    is_current("schemas/work-item.json", &pretty(&work_item_schema()));
}

#[test]
fn the_reference_is_current() {
    let manual = Manual {
        grammar: &grammar(),
        examples: EXAMPLES,
    };
    is_current("docs/reference.md", &manual.reference());
}

#[test]
fn the_rules_on_contracts_are_current() {
    is_current("docs/contract-rules.md", &sdd::contract::compare::manual());
}

#[test]
fn schemas_are_schemas() {
    for schema in [
        pipeline_schema(&grammar()),
        report_schema(),
        event_schema(),
        work_item_schema(),
    ] {
        jsonschema::meta::validate(&schema).unwrap();
    }
}

struct OneFile(String);

/// What the examples build upon.
const COMPOSE: &str = "services:\n  db: {ports: ['5432']}\n  api: {ports: ['8000']}\n";

impl Files for OneFile {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path.starts_with(sdd::tools::FOLDER) {
            return Err(ReadError::Missing);
        }
        if path.ends_with("docker-compose.yml") {
            return Ok(COMPOSE.to_owned());
        }
        Ok(self.0.clone())
    }
}

fn assert_loads(path: &str, text: &str) {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let pipeline = load(
        path,
        &OneFile(text.to_owned()),
        &[],
        &mut sources,
        &mut diags,
    );
    sdd::graph::build(&pipeline, &mut diags);
    assert!(diags.is_empty(), "{diags:#?}\n{text}");
}

/// The text in the other language.
fn to_toml(kdl: &str) -> String {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let id = sources.add("a.kdl", kdl);
    let document = syntax::parse(id, sources.get(id).unwrap(), &mut diags);
    print_toml(&grammar().toml_shape(&document))
}

fn assert_valid(toml: &str) {
    let instance: Value = toml::from_str(toml).unwrap();
    let validator = jsonschema::validator_for(&pipeline_schema(&grammar())).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&instance)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{toml}");
}

#[test]
fn every_example_loads_and_is_valid_in_toml() {
    for (_, text) in EXAMPLES {
        assert_loads("pipelines/a.kdl", text);
        let toml = to_toml(text);
        assert_loads("pipelines/a.toml", &toml);
        assert_valid(&toml);
    }
}

#[test]
fn the_pipelines_of_the_examples_are_valid_in_toml_and_come_back() {
    let mut seen = 0;
    for example in std::fs::read_dir(root().join("examples")).unwrap() {
        let folder = example.unwrap().path().join("pipelines");
        let Ok(files) = std::fs::read_dir(folder) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            if Language::of_path(&path.to_string_lossy()) != Some(Language::Kdl) {
                continue;
            }
            seen += 1;
            let toml = to_toml(&std::fs::read_to_string(path).unwrap());
            assert_valid(&toml);
            let (mut sources, mut diags) = (Sources::default(), Diags::default());
            let id = sources.add("a.toml", toml.as_str());
            let document = syntax::parse(id, sources.get(id).unwrap(), &mut diags);
            assert!(diags.is_empty(), "{diags:#?}");
            let again = to_toml(&print_kdl(&grammar().kdl_shape(&document)));
            assert_eq!(toml, again);
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_misspelt_field_is_not_valid() {
    let instance: Value = toml::from_str("[command.a]\nrun = \"x\"\nneed = \"b\"").unwrap();
    let validator = jsonschema::validator_for(&pipeline_schema(&grammar())).unwrap();
    assert!(!validator.is_valid(&instance));
}

#[test]
fn every_topic_is_explained_within_the_width_of_a_terminal() {
    let grammar = grammar();
    let manual = Manual {
        grammar: &grammar,
        examples: EXAMPLES,
    };
    let kinds = grammar.kinds.iter().map(|kind| kind.name.to_owned());
    let own = grammar.kinds.iter().flat_map(|kind| {
        let fields = kind.fields.iter().chain(grammar.common.fields);
        fields.map(move |field| format!("{}.{}", kind.name, field.name))
    });
    let plain = [grammar.common, grammar.header];
    let plain = plain.iter().flat_map(|table| table.fields);
    let codes = sdd::diag::CODES
        .iter()
        .flat_map(|code| [code.id.to_owned(), code.name()]);
    let topics = kinds
        .chain(own)
        .chain(plain.map(|field| field.name.to_owned()))
        .chain(codes)
        .chain([String::new(), "retry.attempts".into()])
        .chain(["test.results.format".into(), "test.retry.attempts".into()]);
    for topic in topics {
        let text = manual.explain(&topic).unwrap_or_else(|| panic!("{topic}"));
        let wide = text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{topic}");
        assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{topic}");
    }
    let ready = manual.explain("service.ready").unwrap();
    assert!(ready.contains("KDL             ready http=\"…\"\n"));
    assert!(ready.contains("TOML            ready = { http = \"…\" }\n"));
    assert_eq!(manual.explain("no-such-topic"), None);
    assert_eq!(manual.suggest("tests").as_deref(), Some("test"));
    assert_eq!(
        manual.suggest("test.result").as_deref(),
        Some("test.results")
    );
    assert_eq!(
        manual.suggest("unkown-field").as_deref(),
        Some("unknown-field")
    );
}
