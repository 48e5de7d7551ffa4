use super::*;

/// A project in memory, on a machine with these programs.
pub(super) struct Tree {
    files: Vec<String>,
    texts: Vec<(&'static str, &'static str)>,
    programs: &'static [&'static str],
}

const EVERYTHING: &[&str] = &["*"];

pub(super) fn tree(texts: &[(&'static str, &'static str)]) -> Tree {
    let mut files: Vec<String> = texts.iter().map(|(path, _)| (*path).to_owned()).collect();
    files.sort();
    Tree {
        files,
        texts: texts.to_vec(),
        programs: EVERYTHING,
    }
}

impl Project for Tree {
    fn files(&self) -> &[String] {
        &self.files
    }

    fn read(&self, path: &str) -> Option<String> {
        let found = self.texts.iter().find(|(known, _)| *known == path);
        found.map(|(_, text)| (*text).to_owned())
    }

    fn has_program(&self, _dir: &str, program: &str) -> bool {
        self.programs == EVERYTHING || self.programs.contains(&program)
    }
}

/// The pipeline for a project in both languages; both have to be what `sdd check` accepts.
pub(super) fn generate(project: &Tree, config: Option<&str>) -> (Plan, String) {
    let config = config.map(|text| Config {
        path: ".session/config.json".to_owned(),
        text: text.to_owned(),
    });
    let plan = plan(project, config.as_ref()).unwrap();
    for (language, _) in Language::ALL {
        let text = write::text(&plan.text, language);
        assert_eq!(problem(&path(language), &text), None, "{text}");
    }
    let kdl = write::text(&plan.text, Language::Kdl);
    assert_eq!(crate::syntax::fmt::format_kdl(&kdl).unwrap(), kdl);
    let toml = write::text(&plan.text, Language::Toml);
    assert_eq!(crate::syntax::fmt::format_toml(&toml).unwrap(), toml);
    assert_eq!(loaded("p.kdl", &kdl), loaded("p.toml", &toml));
    (plan, kdl)
}

/// Every node of a text, without places.
fn loaded(path: &str, text: &str) -> Vec<(String, crate::kinds::Kind, model::Common)> {
    struct One<'t>(&'t str);
    impl Files for One<'_> {
        fn read(&self, _: &str) -> Result<String, ReadError> {
            Ok(self.0.to_owned())
        }
    }
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let nodes = model::load(path, &One(text), &[], &mut sources, &mut diags).nodes;
    let mut nodes: Vec<_> = nodes
        .into_iter()
        .map(|node| (node.id.value, node.kind, node.common))
        .collect();
    nodes.sort_by(|a, b| a.0.cmp(&b.0));
    nodes
}

fn ids(project: &Tree) -> Vec<String> {
    let nodes = generate(project, None).0.text.nodes;
    nodes.into_iter().map(|node| node.id).collect()
}

pub(super) const PYTHON: &[(&str, &str)] = &[
    ("README.md", ""),
    (
        "pyproject.toml",
        "[project]\nname = \"shop\"\n[dependency-groups]\ndev = [\"pytest>=8\", \"mypy\"]\n[tool.ruff.format]\n",
    ),
    ("src/shop/__init__.py", ""),
    ("tests/test_cart.py", "def test(): pass"),
];
const WEB: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"scripts": {"test": "vitest --watch", "lint": "eslint . --fix", "typecheck": "tsc --noEmit"},
            "devDependencies": {"vitest": "3", "eslint": "9", "prettier": "3", "typescript": "5"}}"#,
    ),
    ("eslint.config.js", ""),
    ("pnpm-lock.yaml", ""),
    ("tsconfig.json", "{}"),
    ("src/cart.test.ts", ""),
];
const CARGO: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"a\"]\nexclude = [\"fuzz\"]\n",
    ),
    ("a/Cargo.toml", "[package]\nname = \"a\"\n"),
    ("a/src/lib.rs", ""),
    ("fuzz/Cargo.toml", "[package]\nname = \"fuzz\"\n"),
];
const MONOREPO: &[(&str, &str)] = &[
    ("go.mod", "module example.org/x\n"),
    (
        "package.json",
        r#"{"workspaces": ["web", "admin"], "scripts": {"lint": "turbo run lint"}}"#,
    ),
    ("package-lock.json", "{}"),
    (
        "web/package.json",
        r#"{"scripts": {"test": "jest", "lint": "eslint ."}}"#,
    ),
    (
        "tools/web/package.json",
        r#"{"scripts": {"test": "node --test"}}"#,
    ),
    ("api/requirements.txt", "pytest==8\n"),
    ("api/tests/test_it.py", ""),
];

#[test]
fn a_python_project_is_checked_by_what_it_declares() {
    insta::assert_snapshot!(generate(&tree(PYTHON), None).1);
}

#[test]
fn a_typescript_project_is_checked_by_its_scripts_unless_they_write() {
    insta::assert_snapshot!(generate(&tree(WEB), None).1);
}

#[test]
fn a_workspace_stands_for_its_members_and_not_for_what_it_excludes() {
    assert_eq!(
        ids(&tree(CARGO)),
        [
            "lint",
            "format",
            "test",
            "fuzz-lint",
            "fuzz-format",
            "fuzz-test"
        ]
    );
}

#[test]
fn a_monorepo_has_nodes_for_each_package_in_toml_too() {
    let plan = generate(&tree(MONOREPO), None).0;
    insta::assert_snapshot!(write::text(&plan.text, Language::Toml));
}

#[test]
fn a_bare_folder_gets_an_honest_beginning() {
    insta::assert_snapshot!(generate(&tree(&[("notes.txt", "")]), None).1);
}

#[test]
fn ids_tell_packages_of_one_name_and_of_one_folder_apart() {
    let both = tree(&[
        ("go.mod", ""),
        ("package.json", r#"{"scripts": {"test": "mocha"}}"#),
        ("a/lib/go.mod", ""),
        ("b/lib/package.json", r#"{"scripts": {"test": "mocha"}}"#),
    ]);
    let ids = ids(&both);
    for id in ["js-test", "go-test", "a-lib-test", "b-lib-test"] {
        assert!(ids.iter().any(|known| known == id), "{id} in {ids:?}");
    }
}

/// What is expected of a project: the ids, and a piece of the text.
type Case = (
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
    &'static str,
);

const CASES: &[Case] = &[
    (
        &[
            (
                "setup.cfg",
                "[options.extras_require]\ntest =\n    pytest>7\n",
            ),
            ("uv.lock", ""),
        ],
        &["test"],
        r#"run "uv" "run" "--extra" "test" "python" "-m" "pytest""#,
    ),
    (
        &[
            ("requirements.txt", "flask\n"),
            ("tests/test_a.py", "import unittest"),
        ],
        &["test"],
        "    tool \"unittest\"\n    args \"discover\" \"-s\" \"tests\"\n",
    ),
    (
        &[("requirements.txt", "black\nruff\nisort\n")],
        &["lint", "format-black", "format-isort"],
        "ruff is a dependency in requirements.txt.",
    ),
    (
        &[("setup.py", ""), ("mypy.ini", "[mypy]\nfiles = x\n")],
        &["types"],
        "    run \"mypy\"\n",
    ),
    (
        &[(
            "package.json",
            r#"{"scripts": {"test": "node --test --import tsx"}}"#,
        )],
        &["test"],
        "    tool \"node-test\"\n    args \"--import\" \"tsx\"\n",
    ),
    (
        &[(
            "package.json",
            r#"{"scripts": {"test": "vitest run", "pretest": "build"}}"#,
        )],
        &["test"],
        r#"run "npm" "run" "test""#,
    ),
    (
        &[(
            "package.json",
            r#"{"scripts": {"test": "vitest --config={{x"}}"#,
        )],
        &["test"],
        r#""--config={{{{x""#,
    ),
    (
        &[
            (
                "package.json",
                r#"{"devDependencies": {"@biomejs/biome": "2", "jest": "30"}}"#,
            ),
            ("yarn.lock", ""),
        ],
        &["lint", "format", "test"],
        "    tool \"biome-format\"\n",
    ),
    (
        &[
            (
                "package.json",
                r#"{"devDependencies": {"typescript": "5"}}"#,
            ),
            (
                "tsconfig.json",
                r#"{"files": [], "references": [{"path": "a"}]}"#,
            ),
        ],
        &["types"],
        r#"run "tsc" "--build" "--noEmit""#,
    ),
    (
        &[(
            "package.json",
            r#"{"scripts": {"format:check": "prettier --check src", "test": "echo no test specified"}}"#,
        )],
        &["format"],
        r#"run "prettier" "--check" "src" "!.session""#,
    ),
    (
        &[("go.mod", ""), ("a.go", ""), (".golangci.yml", "")],
        &["lint-vet", "lint-golangci-lint", "format", "test"],
        "    tool \"gofmt\"\n",
    ),
    (
        &[
            ("Cargo.toml", "[package]\n"),
            (".config/nextest.toml", ""),
            ("src/lib.rs", ""),
        ],
        &["lint", "format", "test-nextest", "test-doc"],
        r#"locks "cargo-target""#,
    ),
    (
        &[(
            "tests/fixtures/package.json",
            r#"{"scripts": {"test": "jest"}}"#,
        )],
        &["readme"],
        "exists",
    ),
    (
        &[("a \"b\" \u{202e}/go.mod", ""), ("c\\d/go.mod", "")],
        &["a--b-lint", "a--b-test", "c-d-lint", "c-d-test"],
        "dir ",
    ),
];

#[test]
fn every_project_gets_the_nodes_that_work_there() {
    for (files, ids, piece) in CASES {
        let (plan, text) = generate(&tree(files), None);
        let found: Vec<_> = plan
            .text
            .nodes
            .iter()
            .map(|node| node.id.as_str())
            .collect();
        assert_eq!(&found, ids, "{files:?}");
        assert!(text.contains(piece), "{piece}\n{text}");
    }
}

#[test]
fn what_can_not_be_used_is_named() {
    let project = tree(&[
        ("package.json", "{"),
        ("{{name}}/package.json", "{}"),
        ("a/Cargo.toml", "["),
    ]);
    let notes = generate(&project, None).0.notes;
    let about = |word: &str| notes.iter().any(|note| note.contains(word));
    assert!(about("`package.json` is not valid JSON"), "{notes:?}");
    assert!(about("`{{name}}/package.json` is a template"), "{notes:?}");
    assert!(about("`a/Cargo.toml` is not valid TOML"), "{notes:?}");
}

#[test]
fn a_missing_program_is_named_above_its_node() {
    let mut project = tree(PYTHON);
    project.programs = &["python3", "ruff"];
    let text = generate(&project, None).1;
    assert!(text.contains("// Not found on this machine, to be installed first: `pytest`.\n"));
    assert!(text.contains("installed first: `mypy`."));
    assert!(!text.contains("`ruff`."));
}

#[test]
fn only_so_many_packages_are_looked_at() {
    let mut project = tree(&[]);
    project.files = (0..60)
        .map(|number| format!("p{number:02}/go.mod"))
        .collect();
    let plan = generate(&project, None).0;
    assert_eq!(plan.text.nodes.len(), 50 * 2);
    assert_eq!(
        plan.notes,
        ["only the first 50 packages were looked at; 10 more are there"]
    );
}

#[test]
fn a_file_is_written_once_and_never_over_another() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("go.mod"), "module x\n").unwrap();
    std::fs::create_dir_all(root.path().join("node_modules/x")).unwrap();
    std::fs::write(root.path().join("node_modules/x/go.mod"), "").unwrap();
    let report = run(root.path(), &InitOptions::default()).unwrap();
    assert_eq!(report.path, "pipelines/end-of-session.kdl");
    assert_eq!(report.nodes, ["lint", "test"]);
    let written = std::fs::read_to_string(root.path().join(&report.path)).unwrap();
    let left: Vec<_> = std::fs::read_dir(root.path().join("pipelines"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1);
    let toml = InitOptions {
        toml: true,
        ..InitOptions::default()
    };
    let refused = run(root.path(), &toml).unwrap_err();
    assert_eq!(
        refused.message,
        "`pipelines/end-of-session.kdl` is there already, and is left as it is"
    );
    assert!(!refused.help.is_empty());
    assert_eq!(
        std::fs::read_to_string(root.path().join(&report.path)).unwrap(),
        written
    );
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    let root = tempfile::tempdir().unwrap();
    let options = InitOptions {
        from: Some("config.json".into()),
        toml: false,
    };
    let refused = run(root.path(), &options).unwrap_err();
    assert!(
        refused.message.starts_with("`config.json` can't be read: "),
        "{}",
        refused.message
    );
    assert!(!root.path().join("pipelines").exists());
}
