//! Tools that a package declares, where no script says how to check.

use super::Package;
use crate::cli::init::package::{Check, Reach, Role};

const ESLINT: &[&str] = &[
    "eslint.config.js",
    "eslint.config.mjs",
    "eslint.config.cjs",
    "eslint.config.ts",
    "eslint.config.mts",
    ".eslintrc.json",
    ".eslintrc.js",
    ".eslintrc.cjs",
    ".eslintrc.yml",
    ".eslintrc.yaml",
    ".eslintrc",
];
const PRETTIER: &[&str] = &[
    ".prettierrc",
    ".prettierrc.json",
    ".prettierrc.yml",
    ".prettierrc.yaml",
    ".prettierrc.toml",
    ".prettierrc.js",
    ".prettierrc.mjs",
    ".prettierrc.cjs",
    "prettier.config.js",
    "prettier.config.mjs",
    "prettier.config.cjs",
    "prettier.config.ts",
];
/// What keeps tools from what runs leave below `.session/`: unless told to, they read no
/// `.gitignore` there.
const NARROW: &[(&str, &[&str])] = &[
    ("prettier", &["!.session"]),
    (
        "biome",
        &[
            "--vcs-enabled=true",
            "--vcs-client-kind=git",
            "--vcs-use-ignore-file=true",
        ],
    ),
];

/// The arguments that keep the tool in these words from what runs leave, if it needs any.
pub(in super::super) fn narrow(words: &[String]) -> Option<&'static [&'static str]> {
    let tool = words.first()?;
    let row = NARROW.iter().find(|(name, _)| name == tool);
    row.map(|(_, arguments)| *arguments)
}

/// A check by a tool that is narrowed.
fn narrowed(role: Role, words: &[&str], why: String) -> Check {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let narrow = narrow(&words).unwrap_or_default();
    let all = words
        .iter()
        .map(String::as_str)
        .chain(narrow.iter().copied());
    Check::run(role, all, why).reach(Reach::SameTool)
}

impl Package<'_> {
    /// A check by a tool that the package declares.
    pub(super) fn tool(&self, role: Role) -> Option<Check> {
        match role {
            Role::Format => self.prettier(),
            Role::Lint => self.eslint(),
            Role::Types => self.typescript(),
            Role::Test if self.depends_on("vitest") => Some(self.vitest(&[])),
            Role::Test if self.depends_on("jest") => {
                Some(Check::run(Role::Test, ["jest"], self.dependency("jest")))
            }
            Role::Test | Role::Security | Role::Docs => None,
        }
    }

    pub(super) fn biome(&self) -> Option<Check> {
        let why = self.reason("Biome", "@biomejs/biome", &["biome.json", "biome.jsonc"])?;
        let is_run = |name| {
            let script = self.script_text(name);
            script.is_some_and(|text| text.contains("biome"))
        };
        (!is_run("lint") && !is_run("lint:check"))
            .then(|| narrowed(Role::Lint, &["biome", "ci", "."], why))
    }

    fn prettier(&self) -> Option<Check> {
        let why = self.reason("Prettier", "prettier", PRETTIER)?;
        Some(narrowed(Role::Format, &["prettier", "--check", "."], why))
    }

    /// `ESLint` does nothing without a configuration, so that alone counts.
    fn eslint(&self) -> Option<Check> {
        let file = self.folder.first(ESLINT);
        let key = self
            .manifest
            .contains_key("eslintConfig")
            .then_some("package.json");
        let file = file.or(key)?;
        let mut words = vec!["eslint", "."];
        let flat = file.starts_with("eslint.config");
        if !flat && self.depends_on("typescript") {
            words.extend(["--ext", ".js,.jsx,.ts,.tsx"]);
        }
        let why = format!("ESLint is configured in {}.", self.folder.path(file));
        Some(Check::run(Role::Lint, words, why).reach(Reach::SameTool))
    }

    fn typescript(&self) -> Option<Check> {
        let config = self.folder.read("tsconfig.json")?;
        if !self.depends_on("typescript") {
            return None;
        }
        let why = format!(
            "TypeScript is configured in {}.",
            self.folder.path("tsconfig.json")
        );
        if config.contains("\"references\"") {
            let check = Check::run(Role::Types, ["tsc", "--build", "--noEmit"], why);
            return Some(check.comment(
                "It refers to other projects, so they are built: TypeScript 5.6 or newer.",
            ));
        }
        Some(Check::run(Role::Types, ["tsc", "--noEmit"], why))
    }

    /// Why a tool is used here: it is configured, or depended on.
    fn reason(&self, name: &str, dependency: &str, files: &[&str]) -> Option<String> {
        if let Some(file) = self.folder.first(files) {
            return Some(format!(
                "{name} is configured in {}.",
                self.folder.path(file)
            ));
        }
        self.depends_on(dependency).then(|| self.dependency(name))
    }

    fn dependency(&self, name: &str) -> String {
        format!(
            "{name} is a dependency in {}.",
            self.folder.path("package.json")
        )
    }
}
