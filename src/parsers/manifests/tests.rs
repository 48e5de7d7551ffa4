//! Manifests and lock files as their tools write them.

mod used;

use super::*;

fn read(path: &str, text: &str) -> Manifest {
    let format = ManifestFormat::of(path).unwrap();
    (format.read)(text).unwrap_or_else(|problem| panic!("{path}: {problem:?}"))
}

fn problem(path: &str, text: &str) -> Problem {
    (ManifestFormat::of(path).unwrap().read)(text).unwrap_err()
}

/// Each library as `name version@line`.
fn declared(path: &str, text: &str) -> Vec<String> {
    let show = |declared: &Declared| {
        let version = match &declared.wanted {
            Wanted::Exact(version) => format!("={version}"),
            Wanted::Range(range) => format!("~{range}"),
            Wanted::Any => "*".to_owned(),
            Wanted::Inherited => "(inherited)".to_owned(),
        };
        let line = declared.line.map(|line| format!("@{line}"));
        format!("{} {version}{}", declared.name, line.unwrap_or_default())
    };
    read(path, text).declared.iter().map(show).collect()
}

fn pins(path: &str, text: &str) -> Vec<String> {
    let show = |pin: &Pin| {
        let direct = if pin.direct { "!" } else { "" };
        format!("{} {}{direct}", pin.name, pin.version)
    };
    read(path, text).pins.iter().map(show).collect()
}

#[test]
fn a_file_is_known_by_its_name_wherever_it_lies() {
    let name = |path| ManifestFormat::of(path).map(|format| format.file);
    assert_eq!(name("requirements.txt"), Some("requirements*.txt"));
    assert_eq!(name("a/requirements-dev.txt"), Some("requirements*.txt"));
    assert_eq!(name("web/package.json"), Some("package.json"));
    assert_eq!(name("package.json.bak"), None);
    assert_eq!(name("requirements"), None);
}

#[test]
fn requirements_with_all_that_pip_allows() {
    let text = "\u{feff}# c\n--index-url https://a.example\nFlask[async] == 3.0.1 ; python_version > '3.8' # c\n\nrequests>=2,<3\nattrs\nnumpy==2.* \\\n  --hash=sha256:aa\n-e .\n./lib\nuv @ https://a.example/u#sha=1\ngit+https://a.example/p.git#egg=peewee\npkg.whl\n";
    assert_eq!(
        declared("requirements.txt", text),
        [
            "Flask =3.0.1@3",
            "requests ~>=2,<3@5",
            "attrs *@6",
            "numpy ~==2.*@7",
            "uv *@11",
            "peewee *@12"
        ]
    );
    let includes = read("requirements.txt", "-r base.txt\n-c locked.txt\n").includes;
    let shown: Vec<_> = includes
        .iter()
        .map(|i| (i.path.as_str(), i.constraints))
        .collect();
    assert_eq!(shown, [("base.txt", false), ("locked.txt", true)]);
}

#[test]
fn a_line_that_is_no_requirement_is_a_problem_with_its_place() {
    for (text, line) in [
        ("flask\n<<<<<<< HEAD\n", 2),
        ("flask = 1\n", 1),
        ("flask==\n", 1),
        ("\n\n--no-such-option\n", 3),
        ("https://a.example/x.tar.gz\n", 1),
    ] {
        assert_eq!(problem("requirements.txt", text).line, Some(line), "{text}");
    }
}

#[test]
fn pyproject_of_the_standard_and_of_poetry() {
    let text = "[project]\nname = 'a'\ndependencies = [\n  'httpx==0.28.1',\n  'pydantic>=2',\n]\n[project.optional-dependencies]\nx = ['rich']\n[dependency-groups]\ndev = ['pytest==9.0', {include-group = 'x'}]\n[tool.uv]\ndev-dependencies = ['mypy']\n";
    assert_eq!(
        declared("pyproject.toml", text),
        [
            "httpx =0.28.1@4",
            "pydantic ~>=2@5",
            "rich *@8",
            "pytest =9.0@10",
            "mypy *@12"
        ]
    );
    let text = "[tool.poetry.dependencies]\npython = '^3.12'\nflask = '3.0.1'\nrich = '^13'\nown = {path = '../own'}\nx = {version = '*', optional = true}\n[tool.poetry.group.dev.dependencies]\nruff = '0.9.1'\n";
    assert_eq!(
        declared("pyproject.toml", text),
        ["flask =3.0.1@3", "rich ~^13@4", "x *@6", "ruff =0.9.1@8"]
    );
    assert_eq!(
        problem("pyproject.toml", "[project]\ndependencies = [\n").line,
        Some(2)
    );
    assert_eq!(
        problem("pyproject.toml", "[project]\ndependencies = ['!']\n").line,
        Some(2)
    );
}

#[test]
fn lock_files_of_python() {
    let uv = "version = 1\n[[package]]\nname = 'own'\nversion = '0.1'\nsource = { editable = '.' }\n[[package]]\nname = 'httpx'\nversion = '0.28.1'\nsource = { registry = 'https://a.example' }\n";
    assert_eq!(pins("uv.lock", uv), ["httpx 0.28.1"]);
    assert_eq!(
        pins("poetry.lock", "[[package]]\nname = 'a'\nversion = '1'\n"),
        ["a 1"]
    );
    assert_eq!(
        problem("poetry.lock", "\n[[package]]\nname = 'a'\n").line,
        Some(2)
    );
}

#[test]
fn package_json_with_aliases_ranges_and_its_own_code() {
    let text = "{\n \"name\": \"react\",\n \"dependencies\": {\n  \"react\": \"19.1.0\",\n  \"next\": \"^15\",\n  \"own\": \"workspace:*\",\n  \"old\": \"npm:@a/b@1.2.3\",\n  \"git\": \"github:a/b\"\n },\n \"devDependencies\": {\n  \"vite\": \"7\"\n }\n}\n";
    assert_eq!(
        declared("package.json", text),
        [
            "react =19.1.0@4",
            "next ~^15@5",
            "@a/b =1.2.3@7",
            "git *@8",
            "vite ~7@11"
        ]
    );
    assert_eq!(
        problem("package.json", "{\n \"dependencies\": {,}\n}").line,
        Some(2)
    );
    assert_eq!(problem("package.json", "[]").line, Some(1));
    assert_eq!(
        problem("package.json", "{\n\"dependencies\": {\n\"a\": 1}}").line,
        Some(3)
    );
}

#[test]
fn package_lock_of_every_version() {
    let text = r#"{"lockfileVersion":3,"packages":{"":{"name":"own"},"node_modules/react":{"version":"19.1.0"},"node_modules/@a/b":{"version":"1.0.0"},"node_modules/react/node_modules/@a/b":{"version":"0.9.0"},"packages/web":{"version":"1.0.0"},"node_modules/web":{"link":true}}}"#;
    assert_eq!(
        pins("package-lock.json", text),
        ["react 19.1.0!", "@a/b 1.0.0!", "@a/b 0.9.0"]
    );
    assert_eq!(read("package-lock.json", text).own, ["web"]);
    let text = r#"{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dependencies":{"b":{"version":"2.0.0"}}}}}"#;
    assert_eq!(pins("package-lock.json", text), ["a 1.0.0!", "b 2.0.0"]);
    assert_eq!(problem("package-lock.json", "{}").line, Some(1));
}

#[test]
fn cargo_manifests_of_packages_and_workspaces() {
    let text = "[package]\nname = 'own'\n[dependencies]\nserde = '1'\ntokio = { version = '=1.54.1' }\nlib = { path = '../lib', version = '1' }\nold = { package = 'rand', version = '0.8' }\n[target.'cfg(unix)'.dependencies]\nnix = '*'\n[workspace.dependencies]\nanyhow = '1.0'\n[dev-dependencies]\nanyhow.workspace = true\n";
    assert_eq!(
        declared("Cargo.toml", text),
        [
            "serde ~1@4",
            "tokio =1.54.1@5",
            "rand ~0.8@7",
            "anyhow (inherited)@13",
            "anyhow ~1.0@11",
            "nix *@9"
        ]
    );
    let lock = "[[package]]\nname = 'own'\nversion = '0.1.0'\ndependencies = ['rand 0.8.5', 'serde']\n[[package]]\nname = 'rand'\nversion = '0.8.5'\nsource = 'r'\n[[package]]\nname = 'rand'\nversion = '0.9.0'\nsource = 'r'\n[[package]]\nname = 'serde'\nversion = '1.0.1'\nsource = 'r'\n";
    assert_eq!(
        pins("Cargo.lock", lock),
        ["rand 0.8.5!", "rand 0.9.0", "serde 1.0.1!"]
    );
}

#[test]
fn go_modules_with_replacements() {
    let text = "module a\n\ngo 1.24\n\nrequire github.com/gorilla/mux v1.8.1\nrequire (\n\tgithub.com/a/b/v2 v2.0.0+incompatible\n\tgolang.org/x/net v0.30.0 // indirect\n\tgithub.com/c/d v1.0.0\n\tgithub.com/own/lib v0.0.0\n)\nreplace github.com/c/d => github.com/e/f v1.2.0\nreplace github.com/own/lib => ../lib\n";
    assert_eq!(
        declared("go.mod", text),
        [
            "github.com/gorilla/mux =v1.8.1@5",
            "github.com/a/b/v2 =v2.0.0@7",
            "github.com/e/f =v1.2.0@9"
        ]
    );
    assert_eq!(pins("go.mod", text)[2], "golang.org/x/net v0.30.0");
    assert_eq!(problem("go.mod", "module a\nrequire (\n").line, Some(2));
    assert_eq!(problem("go.mod", "module a\nrequired x v1\n").line, Some(2));
}

#[test]
fn b47_a_version_of_the_stack_is_not_the_second_word_of_a_line() {
    let text = "# Technology Stack\n\n## Libraries\n- Python 3.12.1\n- Ruby on Rails: 8.0.1\n- FastAPI (0.115.2)\n- Context7 (library documentation)\n* react@19.1.0\n- @tanstack/react-query\nflask==3.0.1\n---\n*Generated: today*\n";
    assert_eq!(
        declared("stack.txt", text),
        [
            "Python =3.12.1@4",
            "Ruby on Rails =8.0.1@5",
            "FastAPI =0.115.2@6",
            "Context7 *@7",
            "react =19.1.0@8",
            "@tanstack/react-query *@9",
            "flask =3.0.1@10"
        ]
    );
    let text = "- Flask\n- we use a database, and a queue for jobs\n";
    assert_eq!(problem("stack.txt", text).line, Some(2));
}

#[test]
fn every_format_refuses_a_merge_that_was_not_finished() {
    let text = "<<<<<<< HEAD\n=======\n>>>>>>> other\n";
    for format in FORMATS {
        assert!((format.read)(text).is_err(), "{}", format.file);
    }
}

#[test]
fn names_are_compared_as_their_ecosystem_does() {
    assert_eq!(Ecosystem::Python.key("Ruamel.Yaml_x"), "ruamel-yaml-x");
    assert_eq!(Ecosystem::Cargo.key("serde_json"), "serde-json");
    assert_ne!(Ecosystem::Npm.key("a_b"), Ecosystem::Npm.key("a-b"));
}

#[test]
fn requirements_at_urls_are_known_by_what_they_say_their_name_is() {
    let text = "flask@https://a.example/f.zip\nrich[jupyter] @ https://a.example/r.zip\n\
        git+https://a.example/p.git#subdirectory=x&egg=peewee[async]\n\
        https://a.example/httpx-0.28.1-py3-none-any.whl#sha256=aa\n";
    assert_eq!(
        declared("requirements.txt", text),
        ["flask *@1", "rich *@2", "peewee *@3", "httpx =0.28.1@4"]
    );
}

#[test]
fn names_and_passwords_in_urls_are_never_quoted() {
    for text in [
        "https://me:hunter2@a.example/x.tar.gz\n",
        "-r https://me:hunter2@a.example/base.txt\n",
        "--unknown https://me:hunter2@a.example\n",
        "flask https://me:hunter2@a.example\n",
    ] {
        let message = problem("requirements.txt", text).message;
        assert!(!message.contains("hunter2"), "{message}");
        assert!(message.contains("a.example"), "{message}");
    }
    let text = "[project]\ndependencies = ['= https://me:hunter2@a.example']\n";
    assert!(!problem("pyproject.toml", text).message.contains("hunter2"));
}

#[test]
fn a_least_version_of_the_stack_is_a_range() {
    let text = "- Python 3.12+\n- Node.js: 22+\n- Ruby (3.3+)\n";
    assert_eq!(
        declared("stack.txt", text),
        ["Python ~3.12+@1", "Node.js ~22+@2", "Ruby ~3.3+@3"]
    );
}

#[test]
fn what_has_another_shape_than_its_tool_reads_is_a_problem_with_its_place() {
    for (path, text, line) in [
        ("pyproject.toml", "[project]\ndependencies = 'flask'\n", 2),
        (
            "pyproject.toml",
            "[project]\noptional-dependencies = ['flask']\n",
            2,
        ),
        ("pyproject.toml", "dependency-groups = []\n", 1),
        (
            "pyproject.toml",
            "[tool.poetry]\ndependencies = ['flask']\n",
            2,
        ),
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\nflask = 3\n",
            2,
        ),
        ("Cargo.toml", "dependencies = ['serde']\n", 1),
        ("Cargo.toml", "[target]\nunix = 'serde'\n", 2),
        ("Cargo.lock", "package = 'serde'\n", 1),
        ("uv.lock", "package = ['httpx']\n", 1),
        ("package.json", "{\n\"workspaces\": \"packages/*\"}", 2),
    ] {
        assert_eq!(problem(path, text).line, Some(line), "{path}: {text}");
    }
}

#[test]
fn dynamic_dependencies_are_those_of_the_files_that_are_named_or_a_problem() {
    let dynamic = "[project]\nname = 'a'\ndynamic = [\n  'version',\n  'dependencies',\n]\n";
    let told = problem("pyproject.toml", dynamic);
    assert_eq!(told.line, Some(5));
    assert!(told.message.contains("`dependencies` is dynamic"), "{told}");
    let named = format!(
        "{dynamic}[tool.setuptools.dynamic]\ndependencies = {{ file = ['base.txt', 'more.txt'] }}\n"
    );
    let includes = read("pyproject.toml", &named).includes;
    let paths: Vec<&str> = includes
        .iter()
        .map(|include| include.path.as_str())
        .collect();
    assert_eq!(paths, ["base.txt", "more.txt"]);
    let poetry = format!("{dynamic}[tool.poetry.dependencies]\nflask = '3.0.1'\n");
    assert_eq!(declared("pyproject.toml", &poetry), ["flask =3.0.1@8"]);
    let version = "[project]\nname = 'a'\ndynamic = ['version']\n";
    assert!(read("pyproject.toml", version).includes.is_empty());
}
