//! JavaScript and TypeScript packages.

mod tools;

pub(super) use self::tools::narrow;

use serde_json::{Map, Value};

use super::package::{Check, Reach, Role, literal};
use super::project::{Folder, file_name};
use crate::spec::split_words;

/// Names of scripts that check and do not write, by what they are for.
const SCRIPTS: &[(Role, &[&str])] = &[
    (
        Role::Format,
        &[
            "format:check",
            "format-check",
            "check:format",
            "check-format",
            "fmt:check",
            "prettier:check",
        ],
    ),
    (Role::Lint, &["lint", "lint:check"]),
    (
        Role::Types,
        &[
            "typecheck",
            "type-check",
            "check-types",
            "check:types",
            "types:check",
            "tsc",
        ],
    ),
    (Role::Test, &["test"]),
];
/// What a script holds that writes, never ends, or does nothing.
const UNUSABLE: &[&str] = &["--fix", "--write", "--watch", "no test specified"];
/// What a script holds that goes through all packages of a workspace.
const WORKSPACE_WIDE: &[&str] = &[
    "turbo ",
    "nx ",
    "lerna ",
    "--workspaces",
    " -ws",
    "--recursive",
    "pnpm -r",
    "workspaces foreach",
];
/// Lock files, and the package manager that writes them.
const MANAGERS: &[(&str, &str)] = &[
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
    ("package-lock.json", "npm"),
];
/// Longest part of a script that a comment shows, in characters.
const LONGEST_QUOTE: usize = 60;

/// A package with what its manifest says.
struct Package<'p> {
    folder: Folder<'p>,
    manifest: Map<String, Value>,
}

/// What can be checked in a package.
pub(super) fn checks(folder: Folder<'_>, notes: &mut Vec<String>) -> Vec<Check> {
    let text = folder.read("package.json").unwrap_or_default();
    let manifest = match serde_json::from_str(&text) {
        Ok(manifest) => manifest,
        Err(error) => {
            notes.push(super::unread(&folder.path("package.json"), "JSON", &error));
            return Vec::new();
        }
    };
    let package = Package { folder, manifest };
    let mut checks = Vec::new();
    checks.extend(package.biome());
    for (role, names) in SCRIPTS {
        let script = names.iter().find_map(|name| package.script(*role, name));
        match script {
            Some(check) => checks.push(check),
            None => checks.extend(package.tool(*role)),
        }
    }
    checks
}

/// The command that runs a script of the package in that folder.
pub(super) fn manager(folder: Folder<'_>) -> &'static str {
    folder
        .upwards()
        .find_map(|folder| {
            let lock = MANAGERS.iter().find(|(lock, _)| folder.has(lock));
            lock.map(|(_, manager)| *manager)
        })
        .unwrap_or("npm")
}

impl Package<'_> {
    /// The text of a script, if it can be used for a check.
    fn script_text(&self, name: &str) -> Option<&str> {
        let text = self.manifest.get("scripts")?.get(name)?.as_str()?;
        (!text.trim().is_empty() && !UNUSABLE.iter().any(|word| text.contains(word)))
            .then_some(text)
    }

    fn depends_on(&self, name: &str) -> bool {
        ["devDependencies", "dependencies"].iter().any(|key| {
            let table = self.manifest.get(*key);
            table.is_some_and(|table| table.get(name).is_some())
        })
    }

    /// A check by a script, as the project itself makes it.
    fn script(&self, role: Role, name: &str) -> Option<Check> {
        let text = self.script_text(name)?;
        let by_itself = match role {
            Role::Test => self.test_by_name(text),
            _ => self.by_name(role, name, text),
        };
        if by_itself.is_some() {
            return by_itself;
        }
        let reach = if WORKSPACE_WIDE.iter().any(|word| text.contains(word)) {
            Reach::Workspace
        } else {
            Reach::Package
        };
        let path = self.folder.path("package.json");
        let why = format!("The script `{name}` of {path}: {}", quote(text));
        let words = [manager(self.folder), "run", name];
        Some(Check::run(role, words, why).tool(name).reach(reach))
    }

    /// The words of a script that is one command, without scripts around it.
    fn plain_words(&self, name: &str, text: &str) -> Option<Vec<String>> {
        let around = ["pre", "post"].iter().any(|when| {
            let scripts = self.manifest.get("scripts");
            scripts.is_some_and(|scripts| scripts.get(format!("{when}{name}")).is_some())
        });
        let words = split_words(text).ok().filter(|_| !around)?;
        // A shell would expand these, and nothing else here does.
        let expands = |word: &String| word.contains(['*', '?', '[', '~']);
        (!words.iter().any(expands)).then(|| words.iter().map(|word| literal(word)).collect())
    }

    /// A test script of one command of a runner that is known.
    fn test_by_name(&self, text: &str) -> Option<Check> {
        let words = self.plain_words("test", text)?;
        let (runner, arguments) = words.split_first()?;
        match runner.as_str() {
            "vitest" => Some(self.vitest(arguments)),
            "jest" => Some(self.jest(arguments)),
            "node" if arguments.iter().any(|word| word == "--test") => {
                Some(self.node_test(arguments))
            }
            _ => None,
        }
    }

    /// A script that is one command of a tool that is known, or that has to be kept from what
    /// runs leave.
    fn by_name(&self, role: Role, name: &str, text: &str) -> Option<Check> {
        let mut words = self.plain_words(name, text)?;
        let path = self.folder.path("package.json");
        let why = format!("The script `{name}` of {path}.");
        if let Some(preset) = tools::preset_of(&words) {
            return Some(Check::preset(role, preset, why).reach(Reach::SameTool));
        }
        let narrow = tools::narrow(&words)?;
        words.extend(narrow.iter().map(|word| (*word).to_owned()));
        Some(Check::run(role, words, why).reach(Reach::SameTool))
    }

    fn runner(&self, preset: &'static str, why: String, arguments: Vec<String>) -> Check {
        let check = Check::preset(Role::Test, preset, why).args(arguments);
        check.min_tests(self.has_tests())
    }

    fn vitest(&self, arguments: &[String]) -> Check {
        let kept = arguments
            .iter()
            .filter(|word| !["run", "watch", "dev"].contains(&word.as_str()))
            .filter(|word| !word.starts_with("--reporter") && !word.starts_with("--outputFile"));
        let path = self.folder.path("package.json");
        let why = format!("vitest runs the tests ({path}).");
        self.runner("vitest", why, kept.cloned().collect())
    }

    fn jest(&self, arguments: &[String]) -> Check {
        let kept = arguments
            .iter()
            .filter(|word| !["--ci", "--json", "--coverage"].contains(&word.as_str()));
        let path = self.folder.path("package.json");
        let why = format!("Jest runs the tests ({path}).");
        self.runner("jest", why, kept.cloned().collect())
    }

    fn node_test(&self, arguments: &[String]) -> Check {
        let kept = arguments
            .iter()
            .filter(|word| *word != "--test" && !word.starts_with("--test-reporter"));
        let path = self.folder.path("package.json");
        let why = format!("The test runner of Node.js ({path}).");
        self.runner("node-test", why, kept.cloned().collect())
    }

    fn has_tests(&self) -> bool {
        has_tests(self.folder)
    }
}

/// Whether there are files that a runner would take for tests.
pub(super) fn has_tests(folder: Folder<'_>) -> bool {
    folder.below().any(|path| {
        let name = file_name(path);
        name.contains(".test.")
            || name.contains(".spec.")
            || name.contains("-test.")
            || path.contains("__tests__/")
            || path.starts_with("test/")
    })
}

/// The beginning of a script, on one line.
fn quote(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match line.char_indices().nth(LONGEST_QUOTE) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}
