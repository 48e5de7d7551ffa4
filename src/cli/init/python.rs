//! Python packages.

use super::draft::{Atom, Field};
use super::package::{Check, Reach, Role};
use super::project::{Folder, file_name};
use super::requirements::{Origin, Requirements};

/// Files that make a folder a package.
pub(super) const MANIFESTS: &[&str] = &[
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "requirements.txt",
    "Pipfile",
    "pytest.ini",
    "tox.ini",
];

/// Most test files that are opened to see what they are written for.
const MOST_OPENED: usize = 20;

/// A tool that checks without writing.
struct Tool {
    name: &'static str,
    /// What `sdd tools` calls it, if it is there.
    preset: Option<&'static str>,
    role: Role,
    words: &'static [&'static str],
    /// Files that configure it.
    files: &'static [&'static str],
    /// Sections of `setup.cfg` and `tox.ini`, tables below `tool` of `pyproject.toml`.
    section: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "ruff",
        preset: Some("ruff-format"),
        role: Role::Format,
        words: &["ruff", "format", "--check", "."],
        files: &["ruff.toml", ".ruff.toml"],
        section: "ruff",
    },
    Tool {
        name: "black",
        preset: Some("black"),
        role: Role::Format,
        words: &["black", "--check", "."],
        files: &[],
        section: "black",
    },
    Tool {
        name: "isort",
        preset: None,
        role: Role::Format,
        words: &["isort", "--check-only", "."],
        files: &[".isort.cfg"],
        section: "isort",
    },
    Tool {
        name: "ruff",
        preset: Some("ruff"),
        role: Role::Lint,
        words: &["ruff", "check", "."],
        files: &["ruff.toml", ".ruff.toml"],
        section: "ruff",
    },
    Tool {
        name: "flake8",
        preset: None,
        role: Role::Lint,
        words: &["flake8", "--extend-exclude=.venv,venv,node_modules"],
        files: &[".flake8"],
        section: "flake8",
    },
    Tool {
        name: "mypy",
        preset: Some("mypy"),
        role: Role::Types,
        words: &["mypy"],
        files: &["mypy.ini", ".mypy.ini"],
        section: "mypy",
    },
    Tool {
        name: "pyright",
        preset: None,
        role: Role::Types,
        words: &["pyright"],
        files: &["pyrightconfig.json"],
        section: "pyright",
    },
];

/// Lock files of tools that keep a project's programs in an environment of their own.
const LAUNCHERS: &[(&str, &[&str])] = &[
    ("uv.lock", &["uv", "run"]),
    ("poetry.lock", &["poetry", "run"]),
    ("pdm.lock", &["pdm", "run"]),
    ("Pipfile.lock", &["pipenv", "run"]),
];

/// A package with what its files say.
struct Python<'p> {
    folder: Folder<'p>,
    pyproject: toml::Table,
    requirements: Requirements,
    launcher: Option<&'static [&'static str]>,
}

/// What can be checked in a package.
pub(super) fn checks(folder: Folder<'_>, notes: &mut Vec<String>) -> Vec<Check> {
    let python = Python::read(folder, notes);
    let tools = TOOLS.iter().filter_map(|tool| python.tool(tool));
    tools.chain(python.test()).collect()
}

impl<'p> Python<'p> {
    fn read(folder: Folder<'p>, notes: &mut Vec<String>) -> Self {
        let text = folder.read("pyproject.toml").unwrap_or_default();
        let pyproject = text.parse().unwrap_or_else(|error| {
            notes.push(super::unread(
                &folder.path("pyproject.toml"),
                "TOML",
                &error,
            ));
            toml::Table::new()
        });
        let launcher = folder
            .upwards()
            .flat_map(|folder| LAUNCHERS.iter().filter(move |(lock, _)| folder.has(lock)))
            .map(|(_, words)| *words)
            .next();
        Self {
            requirements: Requirements::read(folder, &pyproject),
            folder,
            pyproject,
            launcher,
        }
    }
}

impl Python<'_> {
    fn tool(&self, tool: &Tool) -> Option<Check> {
        let why = self.reason(tool.name, tool.files, tool.section)?;
        let check = self.check(tool, why).tool(tool.name).reach(Reach::SameTool);
        let formats_by_the_way = tool.name == "ruff" && tool.role == Role::Format && {
            let ruff = self.tool_table("ruff");
            !ruff.is_some_and(|ruff| ruff.contains_key("format"))
        };
        if !formats_by_the_way {
            return Some(check);
        }
        // Who formats with black has ruff for linting only.
        self.reason("black", &[], "black").is_none().then(|| {
            check
                .comment("Nothing configures how ruff formats, so this is shown and fails nothing.")
                .advisory()
        })
    }

    /// The check by a tool: by its name, unless its command has to be another one here.
    fn check(&self, tool: &Tool, why: String) -> Check {
        let scope = (tool.name == "mypy").then(|| self.mypy_scope());
        // Given paths, mypy looks at those instead of what its configuration says.
        let configured = scope == Some(None);
        let by_name = self.launcher.is_none() && !configured;
        if let Some(preset) = tool.preset.filter(|_| by_name) {
            let paths = scope.flatten().filter(|path| path != ".");
            return Check::preset(tool.role, preset, why).paths(paths);
        }
        let mut words = self.launched(tool.name, tool.words);
        words.extend(scope.flatten());
        Check::run(tool.role, words, why)
    }

    /// Why a tool is used here: it is configured, or depended on.
    fn reason(&self, name: &str, files: &[&str], section: &str) -> Option<String> {
        if let Some(file) = self.folder.first(files) {
            return Some(format!(
                "{name} is configured in {}.",
                self.folder.path(file)
            ));
        }
        if self.tool_table(section).is_some() {
            let path = self.folder.path("pyproject.toml");
            return Some(format!("{name} is configured in {path}."));
        }
        if let Some(file) = self.section(section) {
            return Some(format!(
                "{name} is configured in {}.",
                self.folder.path(file)
            ));
        }
        let found = self.requirements.get(name)?;
        let path = self.folder.path(&found.file);
        Some(format!("{name} is a dependency in {path}."))
    }

    fn tool_table(&self, name: &str) -> Option<&toml::Table> {
        self.pyproject.get("tool")?.get(name)?.as_table()
    }

    /// The file with a section of that name, or of `tool:` and that name.
    fn section(&self, name: &str) -> Option<&'static str> {
        ["setup.cfg", "tox.ini"].into_iter().find(|file| {
            let text = self.folder.read(file).unwrap_or_default();
            text.lines().any(|line| {
                let inner = line
                    .trim()
                    .strip_prefix('[')
                    .and_then(|l| l.strip_suffix(']'));
                inner.is_some_and(|inner| inner.strip_prefix("tool:").unwrap_or(inner) == name)
            })
        })
    }

    /// The words of a command, started by what holds the project's environment.
    fn launched(&self, tool: &str, words: &[&str]) -> Vec<String> {
        let launcher = self.launcher.unwrap_or_default();
        let mut all: Vec<String> = launcher.iter().map(|word| (*word).to_owned()).collect();
        if launcher.first() == Some(&"uv") {
            match self.requirements.get(tool).map(|found| &found.origin) {
                Some(Origin::Extra(name)) => all.extend(["--extra".to_owned(), name.clone()]),
                Some(Origin::Group(name)) => all.extend(["--group".to_owned(), name.clone()]),
                Some(Origin::Main) | None => {}
            }
        }
        all.extend(words.iter().map(|word| (*word).to_owned()));
        all
    }

    /// What mypy looks at, unless its configuration says so.
    fn mypy_scope(&self) -> Option<String> {
        let configured = self.tool_table("mypy").is_some_and(|mypy| {
            ["files", "packages", "modules"]
                .iter()
                .any(|key| mypy.contains_key(*key))
        });
        let ini = ["mypy.ini", ".mypy.ini", "setup.cfg"].iter().any(|file| {
            let text = self.folder.read(file).unwrap_or_default();
            let mut lines = text
                .lines()
                .skip_while(|line| line.trim() != "[mypy]")
                .skip(1);
            lines
                .by_ref()
                .take_while(|line| !line.starts_with('['))
                .any(|line| {
                    let key = line.split('=').next().unwrap_or_default().trim();
                    ["files", "packages", "modules"].contains(&key)
                })
        });
        (!configured && !ini).then(|| self.source().to_owned())
    }

    /// The folder of the source, in which there are no environments.
    fn source(&self) -> &'static str {
        let has_folder = self.folder.below().any(|path| path.starts_with("src/"));
        if has_folder { "src" } else { "." }
    }

    fn test(&self) -> Option<Check> {
        let why = self.folder.has("pytest.ini").then(|| {
            let path = self.folder.path("pytest.ini");
            format!("pytest is configured in {path}.")
        });
        match why.or_else(|| self.reason("pytest", &[], "pytest")) {
            Some(why) => Some(self.pytest(&why)),
            None => self.unittest(),
        }
    }

    fn pytest(&self, why: &str) -> Check {
        let tests_exist = self.folder.below().map(file_name).any(is_pytest_file);
        if self.launcher.is_none() {
            let check = Check::preset(Role::Test, "pytest", why).min_tests(tests_exist);
            return importable(check, self.source());
        }
        // As a module: the folder itself is then importable, as it is for whoever works in it.
        let results = format!("--junitxml={}", super::package::RESULTS);
        let words = self.launched("pytest", &["python", "-m", "pytest", &results]);
        Check::run(Role::Test, words, why)
            .tool("pytest")
            .junit(tests_exist)
    }

    fn unittest(&self) -> Option<Check> {
        let is_test = |path: &&str| {
            let name = file_name(path);
            name.starts_with("test") && ends_with(name, ".py")
        };
        let tests: Vec<&str> = self
            .folder
            .below()
            .filter(is_test)
            .take(MOST_OPENED)
            .filter(|path| {
                let text = self.folder.read(path).unwrap_or_default();
                text.contains("unittest")
            })
            .collect();
        let first = tests.first()?;
        let mut args = vec!["discover".to_owned()];
        if let Some((top, _)) = first.split_once('/')
            && tests.iter().all(|path| path.split('/').next() == Some(top))
        {
            args.extend(["-s".to_owned(), super::package::literal(top)]);
            if self.folder.has(&format!("{top}/__init__.py")) {
                args.extend(["-t".to_owned(), ".".to_owned()]);
            }
        }
        let why = format!("{} uses unittest.", self.folder.path(first));
        if self.launcher.is_none() {
            let check = Check::preset(Role::Test, "unittest", why).args(args);
            return Some(check.tool("unittest").min_tests(true));
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let words = self.launched(
            "unittest",
            &[&["python", "-m", "unittest"][..], &args].concat(),
        );
        Some(Check::run(Role::Test, words, why).tool("unittest"))
    }
}

/// Lets tests import what stands in the folder itself, as it is for whoever works in it.
pub(super) fn importable(check: Check, source: &str) -> Check {
    match source {
        "." => check.field(Field::table(
            "env",
            vec![("PYTHONPATH", Atom::Text(".".to_owned()))],
        )),
        _ => check,
    }
}

/// Whether pytest would look for tests in a file of that name.
pub(super) fn is_pytest_file(name: &str) -> bool {
    (name.starts_with("test_") && ends_with(name, ".py")) || ends_with(name, "_test.py")
}

/// Case counts here: Python finds no `TEST.PY`, Go no `A.GO`.
pub(super) fn ends_with(name: &str, ending: &str) -> bool {
    name.strip_suffix(ending).is_some()
}
