//! What a Python package depends on, from wherever it may be written.

use std::collections::BTreeMap;

use super::project::Folder;

/// Where in its file a dependency is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// Where it is always installed.
    Main,
    /// Below an optional dependency of that name.
    Extra(String),
    /// Below a dependency group of that name.
    Group(String),
}

/// A dependency that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its file, relative to the package.
    pub(super) file: String,
    /// Where in it.
    pub(super) origin: Origin,
}

/// Names of distributions, in lower case and with `-`, and where they were found first.
#[derive(Debug, Default)]
pub(super) struct Requirements(BTreeMap<String, Found>);

impl Requirements {
    /// Reads every file of a package that may name dependencies.
    pub(super) fn read(folder: Folder<'_>, pyproject: &toml::Table) -> Self {
        let mut all = Self::default();
        all.pyproject(pyproject);
        all.setup_cfg(&folder.read("setup.cfg").unwrap_or_default());
        all.pipfile(&folder.read("Pipfile").unwrap_or_default());
        for path in folder.below().filter(|path| is_list(path)) {
            for line in folder.read(path).unwrap_or_default().lines() {
                all.add(line, path, &Origin::Main);
            }
        }
        all
    }

    /// Where a distribution was found.
    pub(super) fn get(&self, name: &str) -> Option<&Found> {
        self.0.get(name)
    }

    fn add(&mut self, requirement: &str, file: &str, origin: &Origin) {
        let name: String = requirement
            .trim()
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .map(|c| {
                if c == '_' {
                    '-'
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        if name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            let found = Found {
                file: file.to_owned(),
                origin: origin.clone(),
            };
            self.0.entry(name).or_insert(found);
        }
    }

    fn pyproject(&mut self, table: &toml::Table) {
        const FILE: &str = "pyproject.toml";
        let at = |path: &str| {
            let mut keys = path.split('.');
            let first = table.get(keys.next().unwrap_or_default())?;
            keys.try_fold(first, |value, key| value.get(key))
        };
        let plain = [
            "project.dependencies",
            "dependency-groups.dev",
            "tool.uv.dev-dependencies",
            "tool.poetry.dependencies",
            "tool.poetry.dev-dependencies",
        ];
        for value in plain.into_iter().filter_map(at) {
            self.list(value, FILE, &Origin::Main);
        }
        let named = |path| {
            at(path)
                .and_then(toml::Value::as_table)
                .into_iter()
                .flatten()
        };
        for (name, value) in named("project.optional-dependencies") {
            self.list(value, FILE, &Origin::Extra(name.clone()));
        }
        for path in ["dependency-groups", "tool.pdm.dev-dependencies"] {
            for (name, value) in named(path) {
                self.list(value, FILE, &Origin::Group(name.clone()));
            }
        }
        for (name, group) in named("tool.poetry.group") {
            if let Some(value) = group.get("dependencies") {
                self.list(value, FILE, &Origin::Group(name.clone()));
            }
        }
        for (_, environment) in named("tool.hatch.envs") {
            if let Some(value) = environment.get("dependencies") {
                self.list(value, FILE, &Origin::Main);
            }
        }
    }

    /// Requirements as a list of texts, or as a table whose keys are names.
    fn list(&mut self, value: &toml::Value, file: &str, origin: &Origin) {
        match value {
            toml::Value::Array(texts) => texts
                .iter()
                .filter_map(toml::Value::as_str)
                .for_each(|text| self.add(text, file, origin)),
            toml::Value::Table(names) => {
                names.keys().for_each(|name| self.add(name, file, origin));
            }
            _ => {}
        }
    }

    fn pipfile(&mut self, text: &str) {
        let table: toml::Table = text.parse().unwrap_or_default();
        for key in ["packages", "dev-packages"] {
            if let Some(value) = table.get(key) {
                self.list(value, "Pipfile", &Origin::Main);
            }
        }
    }

    fn setup_cfg(&mut self, text: &str) {
        let (mut section, mut key) = ("", "");
        for line in text.lines() {
            let inner = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'));
            if let Some(inner) = inner {
                (section, key) = (inner, "");
                continue;
            }
            let indented = line.starts_with([' ', '\t']);
            let value = match line.split_once('=') {
                Some((name, value)) if !indented => {
                    key = name.trim();
                    value
                }
                _ => line,
            };
            let origin = match (section, key) {
                ("options", "install_requires" | "tests_require") => Origin::Main,
                ("options.extras_require", extra) => Origin::Extra(extra.to_owned()),
                _ => continue,
            };
            value
                .split(';')
                .next()
                .into_iter()
                .for_each(|text| self.add(text, "setup.cfg", &origin));
        }
    }
}

/// Whether a file is named as lists of requirements are.
fn is_list(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, "txt" | "in")) = name.rsplit_once('.') else {
        return false;
    };
    match folder {
        "" => stem.starts_with("requirements") || stem.ends_with("requirements"),
        folder => folder == "requirements",
    }
}
