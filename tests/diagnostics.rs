//! Every code has a fixture, and every fixture is shown as its snapshot says.
//!
//! A fixture is `CODE.kdl`, `CODE.CAUSE.kdl` (or `.toml`), or a folder of that name in which
//! `main.kdl` is the pipeline; it is read as if it were the folder `pipelines/`. A fixture in Markdown
//! or JSON is the specification of a work item, or the list of all of them.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that can't be read is a failure of the test"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sdd::diag::{CODES, Diags};
use sdd::model::{Files, ReadError};
use sdd::report::diagnostic::{Style, format};
use sdd::span::Sources;

const STYLE: Style = Style {
    width: 80,
    colour: false,
    unicode: true,
};

/// Codes of what no file of a pipeline can show: they have tests of their own.
const WITHOUT_A_FILE: &[&str] = &[
    "too-large",
    "pipeline-not-found",
    "bad-place",
    "unknown-work-item",
];

/// The bytes of a project, by path.
#[derive(Default)]
struct Project(BTreeMap<String, Vec<u8>>);

impl Files for Project {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let bytes = self.0.get(path).ok_or(ReadError::Missing)?;
        String::from_utf8(bytes.clone()).map_err(|_| ReadError::Other("it is not UTF-8".into()))
    }
}

impl Project {
    fn with(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.0.insert(path.to_owned(), text.into());
        self
    }

    fn read_from(fixture: &Path) -> (Self, String) {
        let mut project = Self::default();
        if fixture.is_file() {
            let path = format!("pipelines/{}", name(fixture));
            project = project.with(&path, std::fs::read(fixture).unwrap());
            return (project, path);
        }
        for file in entries(fixture) {
            let path = format!("pipelines/{}", name(&file));
            project = project.with(&path, std::fs::read(&file).unwrap());
        }
        (project, "pipelines/main.kdl".to_owned())
    }

    fn check(&self, path: &str, settings: &[(String, String)]) -> (Diags, Sources) {
        let (mut sources, mut diags) = (Sources::default(), Diags::default());
        let ending = path.rsplit('.').next().unwrap_or_default();
        if ["md", "json"].contains(&ending) {
            let text = Files::read(self, path).unwrap();
            let source = sources.add(path, text.as_str());
            if path.contains("work-items") {
                sdd::work::read_items(&text, source, &mut diags);
            } else {
                let spec = sdd::work::read_spec(source, &sources, &mut diags);
                sdd::work::check(&spec, &mut diags);
            }
            return (diags.sorted(), sources);
        }
        let pipeline = sdd::model::load(path, self, settings, &mut sources, &mut diags);
        sdd::graph::build(&pipeline, &mut diags);
        (diags.sorted(), sources)
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listing = std::fs::read_dir(folder).unwrap();
    let mut entries: Vec<PathBuf> = listing.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// Every fixture with the code that it is for.
fn fixtures() -> Vec<(PathBuf, String)> {
    entries(&folder())
        .into_iter()
        .filter(|path| name(path) != "snapshots")
        .map(|path| {
            let code = name(&path).split('.').next().unwrap_or_default().to_owned();
            (path, code)
        })
        .collect()
}

fn written(name: &str, diags: &Diags, sources: &Sources, style: &Style) -> String {
    let mut out = Vec::new();
    (format(name).unwrap().write)(diags, sources, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("diagnostics/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn codes(diags: &Diags) -> Vec<&'static str> {
    diags.iter().map(|diagnostic| diagnostic.code.id).collect()
}

#[test]
fn every_fixture_is_shown_as_its_snapshot_says() {
    let mut wrong = Vec::new();
    for (path, code) in fixtures() {
        let (project, main) = Project::read_from(&path);
        let (diags, sources) = project.check(&main, &[]);
        if !codes(&diags).contains(&code.as_str()) {
            wrong.push(format!("{} gives {:?}", name(&path), codes(&diags)));
        }
        let shown = written("human", &diags, &sources, &STYLE);
        let stem = name(&path).replace(".kdl", "");
        snapshot(&stem, &shown);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_code_has_a_fixture() {
    let covered: Vec<String> = fixtures().into_iter().map(|(_, code)| code).collect();
    let missing: Vec<_> = CODES
        .iter()
        .map(|code| code.id)
        .filter(|id| !WITHOUT_A_FILE.contains(id) && !covered.iter().any(|code| code == id))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_pipeline_that_does_not_exist_is_shown_without_an_excerpt() {
    let (diags, sources) = Project::default().check("pipelines/nightly.kdl", &[]);
    assert_eq!(codes(&diags), ["unreadable"]);
    snapshot("no-file", &written("human", &diags, &sources, &STYLE));
}

#[test]
fn a_misspelt_name_of_a_pipeline_is_answered_with_the_nearest() {
    let project = tempfile::tempdir().unwrap();
    std::fs::create_dir(project.path().join("pipelines")).unwrap();
    std::fs::write(project.path().join("pipelines/nightly.kdl"), "").unwrap();
    let told = std::process::Command::new(env!("CARGO_BIN_EXE_sdd"))
        .arg("-C")
        .arg(project.path())
        .args(["plan", "nigthly"])
        .output()
        .unwrap();
    assert_eq!(told.status.code(), Some(2));
    let text = String::from_utf8(told.stderr).unwrap();
    assert!(text.contains("sdd::config::pipeline-not-found"), "{text}");
    assert!(text.contains("did you mean `nightly`?"), "{text}");
}

#[test]
fn a_file_of_five_megabytes_is_refused() {
    let text = "// nothing\n".repeat(5 << 17);
    let project = Project::default().with("pipelines/big.kdl", text);
    let (diags, sources) = project.check("pipelines/big.kdl", &[]);
    assert_eq!(codes(&diags), ["too-large"]);
    snapshot("too-large", &written("human", &diags, &sources, &STYLE));
}

#[test]
fn setting_a_variable_that_no_file_declares_is_a_mistake() {
    let text = "var { target \"x\"; }\ncommand \"a\" { run \"make\" \"{{var.target}}\"; }\n";
    let project = Project::default().with("pipelines/a.kdl", text);
    let settings = [("taget".to_owned(), "y".to_owned())];
    let (diags, sources) = project.check("pipelines/a.kdl", &settings);
    assert_eq!(codes(&diags), ["unknown-variable"]);
    snapshot(
        "set-unknown-variable",
        &written("human", &diags, &sources, &STYLE),
    );
}

/// Three files with a mistake of another kind in every node.
fn project_full_of_mistakes() -> Project {
    Project::default()
        .with(
            "pipelines/main.kdl",
            r#"jobs "4"
include "python.kdl" as="py"
include "web.toml"

command "build" {
    run "make | tee build.log"
}
command "package" {
    neeeds "build"
    run "make" "package"
}
comand "publish" {
    run "make" "publish"
}
command "check" {
    needs "biuld"
    run "make" "check"
}
"#,
        )
        .with(
            "pipelines/python.kdl",
            r#"command "lint" {
    timeout 30
    run "ruff" "check"
}
command "types" {
    run "mypy" "{{var.folder}}"
}
command "format" {
    required false
    run "ruff" "format"
}
"#,
        )
        .with(
            "pipelines/web.toml",
            "[command.bundle]\nrun = [\"vite\"]\nneeds = [\"install\"]\n\n[command.install]\nrun = [\"npm\", \"ci\"]\nneeds = [\"bundle\"]\n",
        )
}

#[test]
fn the_mistakes_of_all_files_are_reported_in_one_pass_each_once() {
    let (diags, sources) = project_full_of_mistakes().check("pipelines/main.kdl", &[]);
    let expected = [
        "wrong-type",
        "shell-syntax",
        "unknown-field",
        "unknown-kind",
        "unknown-node",
        "wrong-unit",
        "unknown-variable",
        "kdl-1",
        "cycle",
    ];
    assert_eq!(codes(&diags), expected);
    let shown = written("human", &diags, &sources, &STYLE);
    assert!(shown.ends_with("\n9 errors in 3 files\n"), "{shown}");
}

#[test]
fn the_json_form_has_the_places_in_characters() {
    let (diags, sources) = project_full_of_mistakes().check("pipelines/main.kdl", &[]);
    snapshot(
        "every-mistake.json",
        &written("json", &diags, &sources, &STYLE),
    );
}

#[test]
fn the_sarif_form_is_valid_by_the_published_schema() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let schema = std::fs::read_to_string(fixtures.join("sarif-2.1.0.schema.json")).unwrap();
    let mut schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    // The schema as published has a pattern there that is no regular expression.
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (path, _) in self::fixtures() {
        let (project, main) = Project::read_from(&path);
        let (diags, sources) = project.check(&main, &[]);
        let text = written("sarif", &diags, &sources, &STYLE);
        let log: serde_json::Value = serde_json::from_str(&text).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&log)
            .map(|problem| format!("{}: {problem}", problem.instance_path()))
            .collect();
        assert_eq!(problems, Vec::<String>::new(), "{}", name(&path));
    }
}

#[test]
fn the_sarif_form_names_rule_place_and_mend() {
    let (diags, sources) = project_full_of_mistakes().check("pipelines/main.kdl", &[]);
    let text = written("sarif", &diags, &sources, &STYLE);
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert_eq!(rules.len(), CODES.len());
    let results = serde_json::to_string_pretty(&log["runs"][0]["results"]).unwrap();
    snapshot("every-mistake.sarif", &results);
}
