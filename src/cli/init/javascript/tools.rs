//! Tools that a package declares, where no script says how to check.

use serde_json::Value;

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
const BIOME: &[&str] = &["biome.json", "biome.jsonc"];
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

/// Commands that are what a tool does by itself, with its name in `sdd tools`.
const WHOLE: &[(&[&str], &str)] = &[
    (&["eslint"], "eslint"),
    (&["eslint", "."], "eslint"),
    (&["prettier", "--check", "."], "prettier"),
    (&["prettier", ".", "--check"], "prettier"),
    (&["prettier", "-c", "."], "prettier"),
    (&["prettier", "--list-different", "."], "prettier"),
    (&["tsc", "--noEmit"], "tsc"),
    (&["tsc"], "tsc"),
    (&["biome", "lint"], "biome"),
    (&["biome", "lint", "."], "biome"),
    (&["biome", "format", "."], "biome-format"),
];

/// The tool that does by itself what these words do.
pub(in super::super) fn preset_of(words: &[String]) -> Option<&'static str> {
    let is_it = |row: &&(&[&str], &str)| row.0.iter().eq(words.iter());
    WHOLE.iter().find(is_it).map(|(_, preset)| *preset)
}

impl Package<'_> {
    /// A check by a tool that the package declares.
    pub(super) fn tool(&self, role: Role) -> Option<Check> {
        match role {
            Role::Format => self.prettier().or_else(|| self.biome_format()),
            Role::Lint => self.eslint(),
            Role::Types => self.typescript(),
            Role::Test if self.depends_on("vitest") => Some(self.vitest(&[])),
            Role::Test if self.depends_on("jest") => Some(self.jest(&[])),
            Role::Test | Role::Security => None,
        }
    }

    pub(super) fn biome(&self) -> Option<Check> {
        let why = self.reason("Biome", "@biomejs/biome", BIOME)?;
        let is_run = |name| {
            let script = self.script_text(name);
            script.is_some_and(|text| text.contains("biome"))
        };
        (!is_run("lint") && !is_run("lint:check"))
            .then(|| Check::preset(Role::Lint, "biome", why).reach(Reach::SameTool))
    }

    /// Biome formats too, unless its configuration says otherwise.
    fn biome_format(&self) -> Option<Check> {
        let why = self.reason("Biome", "@biomejs/biome", BIOME)?;
        let text = self
            .folder
            .first(BIOME)
            .and_then(|file| self.folder.read(file));
        let config: Value = serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
        let is_off = config.pointer("/formatter/enabled") == Some(&Value::Bool(false));
        let check = Check::preset(Role::Format, "biome-format", why).reach(Reach::SameTool);
        (!is_off).then_some(check)
    }

    fn prettier(&self) -> Option<Check> {
        let why = self.reason("Prettier", "prettier", PRETTIER)?;
        Some(Check::preset(Role::Format, "prettier", why).reach(Reach::SameTool))
    }

    /// `ESLint` does nothing without a configuration, so that alone counts.
    fn eslint(&self) -> Option<Check> {
        let file = self.folder.first(ESLINT);
        let key = self
            .manifest
            .contains_key("eslintConfig")
            .then_some("package.json");
        let file = file.or(key)?;
        let why = format!("ESLint is configured in {}.", self.folder.path(file));
        let check = Check::preset(Role::Lint, "eslint", why).reach(Reach::SameTool);
        let flat = file.starts_with("eslint.config");
        if !flat && self.depends_on("typescript") {
            return Some(check.args(["--ext", ".js,.jsx,.ts,.tsx"]));
        }
        Some(check)
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
        Some(Check::preset(Role::Types, "tsc", why))
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
