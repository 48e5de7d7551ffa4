use super::table::WAYS;
use super::*;
use crate::diag::Diags;
use crate::model::{Files, ReadError, load};
use crate::spec::TableSpec;

struct OneFile<'t>(&'t str);

impl Files for OneFile<'_> {
    fn read(&self, _path: &str) -> Result<String, ReadError> {
        Ok(self.0.to_owned())
    }
}

fn read(text: &str) -> (Pipeline, Sources) {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let path = "pipelines/a.kdl";
    let pipeline = load(path, &OneFile(text), &[], &mut sources, &mut diags);
    assert!(diags.is_empty(), "{diags:#?}\n{text}");
    (pipeline, sources)
}

fn changes(old: &str, new: &str) -> Vec<GateChange> {
    let ((old, _), (new, sources)) = (read(old), read(new));
    weakened(&old, &new, &sources)
}

/// What is said of a node `a` whose kind and fields were these and are those.
fn said(kind: &str, old: &str, new: &str) -> Vec<String> {
    let text =
        |fields: &str| format!("{kind} \"a\" {{\n{fields}\n}}\ncommand \"b\" {{ run \"b\" }}");
    let found = changes(&text(old), &text(new)).into_iter();
    found
        .map(|change| format!("{}: {}", change.what, change.message))
        .collect()
}

/// A kind, fields, the same weakened, and what is said of that.
const WEAKENED: &[(&str, &str, &str, &str)] = &[
    (
        "docs",
        "links \"*.md\"; baseline; contracts",
        "links \"*.md\"; contracts",
        "removed: `a`: `baseline` is not there any more",
    ),
    (
        "docs",
        "sequence-diagrams in=\"a.md\"; contracts",
        "sequence-diagrams in=\"a.md\"",
        "switched-off: `a`: `contracts` was `true` and is `false`",
    ),
    (
        "contract",
        "spec \"a.yaml\"",
        "spec \"a.yaml\"; against \"none\"",
        "loosened: `a`: `against` was `base:` and is `none`",
    ),
    (
        "contract",
        "spec \"a.yaml\"; against \"v1:a.yaml\"",
        "spec \"a.yaml\"; against \"none\"",
        "loosened: `a`: `against` was `v1:a.yaml` and is `none`",
    ),
    (
        "contract",
        "spec \"a.yaml\"",
        "spec \"a.yaml\"; against \"v1:\"",
        "loosened: `a`: `against` was `base:` and is `v1:`",
    ),
    (
        "contract",
        "spec \"a.yaml\"",
        "spec \"a.yaml\"; breaking \"major\"",
        "loosened: `a`: `breaking` was `forbid` and is `major`",
    ),
    (
        "contract",
        "spec \"a.yaml\"; breaking \"major\"",
        "spec \"a.yaml\"; breaking \"allow\"",
        "loosened: `a`: `breaking` was `major` and is `allow`",
    ),
    (
        "contract",
        "spec \"a.yaml\"; notice stable=180",
        "spec \"a.yaml\"; notice stable=30",
        "lowered: `a`: `notice.stable` was `180` and is `30`",
    ),
    (
        "contract",
        "spec \"a.yaml\"; notice beta=30",
        "spec \"a.yaml\"",
        "lowered: `a`: `notice.beta` was `30` and is not set any more",
    ),
    (
        "contract",
        "spec \"a.yaml\"; live url=\"http://a/\"",
        "spec \"a.yaml\"",
        "removed: `a`: `live` is not there any more",
    ),
    (
        "contract",
        "spec \"a.yaml\" \"b.yaml\"; breaking \"major\"",
        "spec \"a.yaml\"; breaking \"major\"",
        "removed: `a`: `spec` does not have `b.yaml` any more",
    ),
    (
        "command",
        "run \"x\"; when { work-item { type \"bug\" \"feature\" } }",
        "run \"x\"; when { work-item type=\"bug\" }",
        "narrowed: `a`: `when` lets it run in fewer cases",
    ),
    (
        "command",
        "run \"x\"",
        "run \"x\"; required #false",
        "switched-off: `a`: `required` was `true` and is `false`",
    ),
    (
        "command",
        "run \"x\"",
        "run \"x\"; on-missing \"skip\"",
        "loosened: `a`: `on-missing` was `fail` and is `skip`",
    ),
    (
        "command",
        "run \"x\"; needs \"b\"",
        "run \"x\"",
        "removed: `a`: `needs` does not have `b` any more",
    ),
    (
        "command",
        "run \"x\"",
        "run \"x\"; when { os \"linux\" }",
        "narrowed: `a`: `when` lets it run in fewer cases",
    ),
    (
        "command",
        "run \"x\"; when { branch \"a\" \"b\" }",
        "run \"x\"; when { branch \"a\" }",
        "narrowed: `a`: `when` lets it run in fewer cases",
    ),
    (
        "command",
        "run \"x\"; when { os \"linux\" }",
        "run \"x\"; when { os \"linux\"; branch \"a\" }",
        "narrowed: `a`: `when` lets it run in fewer cases",
    ),
    (
        "command",
        "run \"x\"",
        "run \"x\"; unless { branch \"a\" }",
        "narrowed: `a`: `unless` lets it run in fewer cases",
    ),
    (
        "command",
        "run \"x\"",
        "run \"x\"; ok-exit-codes 0 3",
        "added: `a`: `ok-exit-codes` has `3` now",
    ),
    (
        "command",
        "run \"x\"",
        "run \"x\"; skip-exit-codes 5",
        "added: `a`: `skip-exit-codes` has `5` now",
    ),
    (
        "test",
        "run \"t\"; results format=\"junit\" path=\"{{out}}/r.xml\" min-tests=10",
        "run \"t\"; results format=\"junit\" path=\"{{out}}/r.xml\" min-tests=5",
        "lowered: `a`: `results.min-tests` was `10` and is `5`",
    ),
    (
        "test",
        "run \"t\"; results format=\"junit\" path=\"{{out}}/r.xml\" min-tests=10",
        "run \"t\"; results format=\"junit\" path=\"{{out}}/r.xml\"",
        "lowered: `a`: `results.min-tests` was `10` and is not set any more",
    ),
    (
        "rule",
        "forbid \"x\"; in \"src/**\"",
        "forbid \"x\"; in \"src/**\"; except \"src/a\"",
        "added: `a`: `except` has `src/a` now",
    ),
    (
        "rule",
        "forbid \"x\"; in \"src/**\" \"lib/**\"",
        "forbid \"x\"; in \"src/**\"",
        "removed: `a`: `in` does not have `lib/**` any more",
    ),
    (
        "rule",
        "exists \"a\" \"b\"",
        "exists \"a\"",
        "removed: `a`: `exists` does not have `b` any more",
    ),
];

#[test]
fn a_change_that_weakens_is_told_and_the_way_back_is_not() {
    for (kind, strict, lax, expected) in WEAKENED {
        assert_eq!(said(kind, strict, lax), [*expected], "{strict} → {lax}");
        assert_eq!(said(kind, lax, strict), [""; 0], "{lax} → {strict}");
        assert_eq!(said(kind, strict, strict), [""; 0], "{strict}");
    }
}

#[test]
fn another_command_is_told_in_both_directions() {
    let told = said("command", "run \"pytest\" \"-q\"", "run \"true\"");
    assert_eq!(told, ["changed: `a`: `run` was `pytest -q` and is `true`"]);
    assert_eq!(
        said("command", "run \"pytest\" \"-q\"", "run \"pytest -q\""),
        [""; 0]
    );
}

#[test]
fn what_does_not_weaken_is_not_told() {
    for (old, new) in [
        ("run \"x\"; timeout \"1m\"", "run \"x\"; timeout \"9m\""),
        ("run \"x\"; when { os \"linux\" }", "run \"x\""),
        (
            "run \"x\"; when { branch \"a\" }",
            "run \"x\"; when { branch \"a\" \"b\" }",
        ),
        (
            "run \"x\"; when { branch \"a\" }",
            "run \"x\"; when { branch \"a\" }; when { os \"linux\" }",
        ),
        ("run \"x\"; tags \"t\"", "run \"x\"; description \"d\""),
        ("run \"x\"; ok-exit-codes 0 1", "run \"x\""),
    ] {
        assert_eq!(said("command", old, new), [""; 0], "{old} → {new}");
    }
}

#[test]
fn a_node_that_is_gone_or_called_otherwise_is_told_once() {
    let both = "command \"a\" { run \"x\" }\ncommand \"b\" { run \"y\"; needs \"a\" }";
    let found = changes(both, "command \"b\" { run \"y\" }");
    let told: Vec<_> = found.iter().map(|change| change.message.as_str()).collect();
    assert_eq!(told, ["`a` is not there any more"]);
    let found = changes(
        both,
        "command \"c\" { run \"x\" }\ncommand \"b\" { run \"y\"; needs \"c\" }",
    );
    let told: Vec<_> = found
        .iter()
        .map(|change| (change.what.as_str(), change.line))
        .collect();
    assert_eq!(told, [("node-renamed", Some(1))]);
    let found = changes(
        both,
        "setup \"a\" { run \"x\" }\ncommand \"b\" { run \"y\"; needs \"a\" }",
    );
    assert_eq!(found[0].what, "kind-changed");
}

#[test]
fn an_environment_is_no_gate() {
    let old = "setup \"db\" { run \"up\" }\ncommand \"b\" { run \"y\" }";
    assert_eq!(changes(old, "command \"b\" { run \"y\" }"), []);
}

#[test]
fn the_place_is_that_of_the_field_and_defaults_count() {
    let new = "defaults { required #false }\ncommand \"a\" { run \"x\" }\ncommand \"b\" {\n run \"x\"\n on-missing \"skip\"\n}";
    let found = changes(
        "command \"a\" { run \"x\" }\ncommand \"b\" { run \"x\" }",
        new,
    );
    let places: Vec<_> = found
        .iter()
        .map(|change| (change.node.as_deref(), change.place()))
        .collect();
    let at = |line: u32| Some(format!("pipelines/a.kdl:{line}"));
    assert_eq!(
        places,
        [(Some("a"), at(1)), (Some("b"), at(1)), (Some("b"), at(5))]
    );
}

#[test]
fn the_copies_of_a_matrix_say_it_once() {
    let text =
        |more: &str| format!("command \"a\" {{ run \"x\"; matrix {{ v \"1\" \"2\" }}{more} }}");
    let found = changes(&text(""), &text("; required #false"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].node.as_deref(), Some("a"));
}

/// A table as one of the kinds to come has it.
const LATER: &TableSpec = &TableSpec {
    name: "limits",
    doc: "",
    fields: &[],
};

#[test]
fn fields_of_entries_that_the_user_names_are_found_by_their_names() {
    let text = "benchmark \"a\" { limit \"p95\" max=\"500ms\"; limit { p99 { max \"1s\" } } }";
    let mut diags = Diags::default();
    let mut sources = Sources::default();
    let id = sources.add("a.kdl", text);
    let document = crate::syntax::parse(id, sources.get(id).expect("it was added"), &mut diags);
    let found = field::find(&document.nodes[0].children, "limit.*.max");
    let numbers: Vec<_> = found
        .iter()
        .map(|(label, lines)| {
            let field = Field {
                lines: lines.clone(),
                default: None,
            };
            (label.as_str(), field.number())
        })
        .collect();
    assert_eq!(
        numbers,
        [("limit p95.max", Some(0.5)), ("limit p99.max", Some(1.0))]
    );
    assert!(field::row(LATER, "limit.*.max").is_none());
}

#[test]
fn a_row_about_a_field_that_is_there_names_one_that_is_there() {
    for (name, _) in WAYS {
        let (kind, path) = name.split_once('.').expect("KIND.FIELD");
        let Some(spec) = kind_spec(kind) else {
            continue;
        };
        let first = path.split('.').next().unwrap_or(path);
        if field::row(spec, first).is_some() {
            assert!(field::row(spec, path).is_some(), "{name}");
        }
    }
}

fn status(lines: &[&str]) -> Vec<FileChange> {
    file_changes(&(lines.join("\0") + "\0"))
}

#[test]
fn lost_tests_and_pipelines_are_told_and_moved_ones_are_not() {
    let changes = status(&[
        "D",
        "tests/test_a.py",
        "D",
        "src/a.py",
        "D",
        "pkg/a_test.go",
        "R100",
        "web/a.test.ts",
        "web/b.test.ts",
        "R090",
        "web/c.test.ts",
        "web/c.ts.old",
        "M",
        "tests/test_b.py",
        "D",
        "tests/test_moved.py",
        "D",
        "pipelines/other.kdl",
        "R100",
        "pipelines/old.kdl",
        "pipelines/new.kdl",
    ]);
    let current = former_path("pipelines/new.kdl", &changes);
    assert_eq!(current, "pipelines/old.kdl");
    let lost = lost_files(&changes, current, &["tests/unit/test_moved.py"]);
    let told: Vec<_> = lost.iter().map(|change| change.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "the test file `tests/test_a.py` is not there any more",
            "the test file `pkg/a_test.go` is not there any more",
            "the test file `web/c.test.ts` is `web/c.ts.old` now",
            "the pipeline file `pipelines/other.kdl` is not there any more",
        ]
    );
}

#[test]
fn a_pipeline_in_the_other_language_is_the_same_pipeline() {
    let changes = status(&["D", "pipelines/a.kdl"]);
    assert_eq!(former_path("pipelines/a.toml", &changes), "pipelines/a.kdl");
    assert_eq!(
        former_path("pipelines/b.toml", &changes),
        "pipelines/b.toml"
    );
}
