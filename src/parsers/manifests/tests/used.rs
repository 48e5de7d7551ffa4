//! Which libraries a project uses, from all its files together.

use super::*;

fn source(path: &str, text: &str) -> Source {
    let format = ManifestFormat::of(path).unwrap();
    Source {
        path: path.to_owned(),
        ecosystem: format.ecosystem,
        role: if format.lock {
            Role::Locks
        } else {
            Role::Names
        },
        manifest: (format.read)(text).unwrap(),
        constraints: Vec::new(),
    }
}

/// The same file, read only for what it says of others.
fn around(source: Source) -> Source {
    Source {
        role: Role::Surrounds,
        ..source
    }
}

fn shown(sources: &[Source], transitive: bool) -> Vec<String> {
    let used = used(sources, transitive);
    used.iter()
        .map(|used| format!("{} {}", used.name, used.versions.join("|")))
        .collect()
}

#[test]
fn the_nearest_lock_file_says_the_version_of_a_range() {
    let manifest = "[dependencies]\nserde = '1'\nrand = '=0.8.5'\nnowhere = '1'\n";
    let lock = |version: &str| {
        format!("[[package]]\nname = 'serde'\nversion = '{version}'\nsource = 'r'\n")
    };
    let sources = [
        source("a/Cargo.toml", manifest),
        source("Cargo.lock", &lock("1.0.1")),
        source("b/Cargo.lock", &lock("1.0.2")),
    ];
    assert_eq!(
        shown(&sources, false),
        ["nowhere ", "rand 0.8.5", "serde 1.0.1"]
    );
    let nearer = [
        source("a/Cargo.toml", manifest),
        source("Cargo.lock", &lock("1.0.1")),
        source("a/Cargo.lock", &lock("1.0.3")),
    ];
    assert_eq!(shown(&nearer, false)[2], "serde 1.0.3");
}

#[test]
fn a_library_of_two_manifests_is_one_with_both_versions() {
    let sources = [
        source("a/requirements.txt", "Ruamel.yaml==1.0\n"),
        source("b/requirements.txt", "ruamel-yaml==2.0\n"),
        source(
            "b/package.json",
            r#"{"dependencies":{"ruamel-yaml":"3.0.0"}}"#,
        ),
    ];
    assert_eq!(
        shown(&sources, false),
        ["Ruamel.yaml 1.0|2.0", "ruamel-yaml 3.0.0"]
    );
}

#[test]
fn what_only_a_lock_file_names_counts_when_it_is_asked_for() {
    let sources = [
        source(
            "go.mod",
            "require a.b/c v1.0.0\nrequire a.b/d v2.0.0 // indirect\n",
        ),
        source("poetry.lock", "[[package]]\nname = 'x'\nversion = '1'\n"),
    ];
    assert_eq!(shown(&sources, false), ["a.b/c v1.0.0"]);
    assert_eq!(
        shown(&sources, true),
        ["x 1", "a.b/c v1.0.0", "a.b/d v2.0.0"]
    );
}

#[test]
fn the_own_code_of_a_cargo_workspace_is_no_library() {
    let root = "[workspace]\nmembers = ['*']\n[workspace.dependencies]\nlib = { path = 'lib' }\nold = { package = 'rand', version = '=0.8.5' }\nserde = '1'\n";
    let member = "[package]\nname = 'app'\n[dependencies]\nlib.workspace = true\nold.workspace = true\nserde = { workspace = true }\napp-macros = '0.1'\n";
    let lock = "[[package]]\nname = 'app-macros'\nversion = '0.1.0'\n[[package]]\nname = 'serde'\nversion = '1.0.2'\nsource = 'r'\n";
    let sources = [
        source("app/Cargo.toml", member),
        around(source("Cargo.toml", root)),
        source("Cargo.lock", lock),
    ];
    assert_eq!(shown(&sources, false), ["rand 0.8.5", "serde 1.0.2"]);
    assert_eq!(shown(&sources, true), ["rand 0.8.5", "serde 1.0.2"]);
}

#[test]
fn the_own_code_of_a_python_project_is_no_library() {
    let text = "[project]\nname = 'My_App'\ndependencies = ['httpx', 'lib', 'both', 'forked']\n[project.optional-dependencies]\nall = ['my-app[fast]', 'rich']\n[tool.uv.sources]\nlib = { workspace = true }\nboth = [{ path = 'both', marker = 'x' }, { path = 'other' }]\nforked = { git = 'https://a.example' }\n";
    let lock = "[[package]]\nname = 'plugin'\nversion = '1'\nsource = { editable = 'plugin' }\n";
    let sources = [
        source("pyproject.toml", text),
        source("uv.lock", lock),
        source("requirements.txt", "plugin\n"),
    ];
    assert_eq!(shown(&sources, false), ["forked ", "httpx ", "rich "]);
}

#[test]
fn siblings_of_an_npm_workspace_are_no_libraries_whatever_range_asks_for_them() {
    let web = r#"{"name":"web","dependencies":{"@own/ui":"^1.0.0","linked":"*","react":"^19"}}"#;
    let lock = r#"{"packages":{"node_modules/linked":{"link":true,"resolved":"linked"},"node_modules/react":{"version":"19.1.0"}}}"#;
    let sources = [
        source("web/package.json", web),
        around(source(
            "ui/package.json",
            r#"{"name":"@own/ui","dependencies":{"left":"1.0.0"}}"#,
        )),
        source("package-lock.json", lock),
    ];
    assert_eq!(shown(&sources, false), ["react 19.1.0"]);
}

#[test]
fn the_version_of_a_member_is_the_one_that_lies_beside_it() {
    let lock = r#"{"packages":{"node_modules/react":{"version":"19.1.0"},"web/node_modules/react":{"version":"18.3.0"},"web/node_modules/vite":{"version":"7.0.0"}}}"#;
    let text = r#"{"dependencies":{"react":"*","vite":"*"}}"#;
    let of = |path: &str| {
        shown(
            &[source(path, text), source("package-lock.json", lock)],
            false,
        )
    };
    assert_eq!(of("web/package.json"), ["react 18.3.0", "vite 7.0.0"]);
    assert_eq!(of("package.json"), ["react 19.1.0", "vite "]);
    assert_eq!(of("webs/package.json"), ["react 19.1.0", "vite "]);
}

#[test]
fn constraints_say_versions_only_to_whom_they_are_named() {
    let pins = |path: &str| Source {
        role: Role::Constrains,
        manifest: Manifest {
            pins: vec![Pin {
                name: "flask".to_owned(),
                version: "3.1.0".to_owned(),
                direct: true,
                folder: String::new(),
            }],
            ..Manifest::default()
        },
        ..source(path, "")
    };
    let named = Source {
        constraints: vec!["deps/requirements-pins.txt".to_owned()],
        ..source("requirements.txt", "flask\n")
    };
    let sources = [named, pins("deps/requirements-pins.txt")];
    assert_eq!(shown(&sources, false), ["flask 3.1.0"]);
    let sources = [
        source("deps/requirements.txt", "flask\n"),
        pins("requirements-pins.txt"),
    ];
    assert_eq!(shown(&sources, false), ["flask "]);
}
