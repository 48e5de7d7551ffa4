//! A command of the configuration → a tool that does the same by its name.

use serde_json::Value;

use super::checkers::CHECKERS;
use super::command::Command;
use crate::cli::init::draft::{Atom, Field};
use crate::cli::init::javascript::has_tests;
use crate::cli::init::package::{Check, Role, literal};
use crate::cli::init::project::{Folder, file_name};
use crate::cli::init::python::{importable, is_pytest_file};
use crate::spec::split_words;

/// How a tool is called by hand, and what it is called by its name.
struct Row {
    start: &'static [&'static str],
    tool: &'static str,
    /// What the tool's file says by itself.
    without: &'static [&'static str],
}

const fn row(
    start: &'static [&'static str],
    tool: &'static str,
    without: &'static [&'static str],
) -> Row {
    Row {
        start,
        tool,
        without,
    }
}

const SUITES: &[Row] = &[
    row(&["cargo", "test"], "cargo-test", &["--workspace", "--all"]),
    row(
        &["cargo", "nextest", "run"],
        "cargo-nextest",
        &["--workspace"],
    ),
    row(&["go", "test"], "go-test", &["./...", "-v"]),
    row(&["pytest"], "pytest", PYTEST),
    row(&["python", "-m", "pytest"], "pytest", PYTEST),
    row(&["python3", "-m", "pytest"], "pytest", PYTEST),
    row(&["jest"], "jest", &["--coverage", "--ci", "--json"]),
    row(&["vitest"], "vitest", &["--coverage", "run", "--run"]),
];
const PYTEST: &[&str] = &["--cov", "--cov-report=json", "--cov-report=term"];

/// Commands that run the script `test` of a package.
const SCRIPTS: &[&[&str]] = &[
    &["npm", "test"],
    &["npm", "run", "test"],
    &["pnpm", "test"],
    &["pnpm", "run", "test"],
    &["yarn", "test"],
    &["yarn", "run", "test"],
];

/// The words of a command without that by which npm starts what is installed in the project, which
/// is looked for there anyway.
fn started(words: &[String]) -> &[String] {
    match words {
        [first, rest @ ..] if first == "npx" => rest,
        all => all,
    }
}

/// What stands in a command behind its start, without what need not be said.
fn rest(words: &[String], start: &[&str], is_implied: impl Fn(&str) -> bool) -> Vec<String> {
    let rest = words[start.len()..].iter();
    rest.filter(|word| !is_implied(word)).cloned().collect()
}

fn starts_with(words: &[String], start: &[&str]) -> bool {
    words.len() >= start.len() && start.iter().zip(words).all(|(one, other)| one == other)
}

/// Options and paths; `None` if it can't be told whether a word belongs to the option before it.
fn apart(words: Vec<String>) -> Option<(Vec<String>, Vec<String>)> {
    let is_option = |word: &String| word.starts_with('-');
    let open =
        |pair: &[String]| is_option(&pair[0]) && !pair[0].contains('=') && !is_option(&pair[1]);
    if words.windows(2).any(open) {
        return None;
    }
    Some(words.into_iter().partition(is_option))
}

/// The check of a linter or formatter by its name.
pub(super) fn checker(command: &Command<'_>, words: &[String], why: &str) -> Option<Check> {
    let words = started(words);
    let known = CHECKERS
        .iter()
        .find_map(|row| Some((row, row.tool?)).filter(|_| starts_with(words, row.start)));
    let (row, tool) = known?;
    let (args, mut paths) = apart(rest(words, row.start, |word| row.is_implied(word)))?;
    let takes_no_path = matches!(tool, "tsc" | "clippy" | "rustfmt");
    if takes_no_path && !paths.is_empty() {
        return None;
    }
    // Everything is what a tool checks if it is told nothing else.
    paths.retain(|path| path != ".");
    let check = Check::preset(command.role, tool, why).tool(tool);
    Some(check.args(literals(&args)).paths(paths))
}

/// The test suite that a command runs, by the name of its tool, and whether it holds the threshold.
pub(super) fn suite(command: &Command<'_>, words: &[String], why: &str) -> Option<(Check, bool)> {
    let script = script(command.folder, words);
    let words = script.as_deref().unwrap_or(words);
    let words = started(words);
    let row = SUITES.iter().find(|row| starts_with(words, row.start))?;
    let args = rest(words, row.start, |word| row.without.contains(&word));
    if !words.iter().all(|word| is_plain(word)) {
        return None;
    }
    let files = || command.folder.below().map(file_name);
    let tests_exist = match row.tool {
        "pytest" => files().any(is_pytest_file),
        "jest" | "vitest" => has_tests(command.folder),
        _ => false,
    };
    let mut check = Check::preset(Role::Test, row.tool, why)
        .tool(row.tool)
        .args(literals(&args))
        .min_tests(tests_exist);
    if row.start.len() == 3 && row.tool == "pytest" {
        check = importable(check, ".");
    }
    let measured = words.iter().any(|word| word.starts_with("--cov"));
    let limit = command.threshold.filter(|_| measured);
    if let Some(least) = limit {
        let demands = vec![("min", Atom::Number(least))];
        check = check.field(Field::table("coverage", demands));
    }
    Some((check, limit.is_some()))
}

/// Words in which `{{` has no meaning.
fn literals(words: &[String]) -> Vec<String> {
    words.iter().map(|word| literal(word)).collect()
}

/// A shell would expand these, and nothing else here does.
fn is_plain(word: &str) -> bool {
    !word.contains(['*', '?', '[', '~', '$'])
}

/// The words of the script `test` that a command runs, with what the command adds to them.
fn script(folder: Folder<'_>, words: &[String]) -> Option<Vec<String>> {
    let start = SCRIPTS.iter().find(|start| starts_with(words, start))?;
    let manifest: Value = serde_json::from_str(&folder.read("package.json")?).ok()?;
    let text = |name: &str| manifest.get("scripts")?.get(name)?.as_str();
    if text("pretest").or(text("posttest")).is_some() {
        return None;
    }
    let mut all = split_words(text("test")?).ok()?;
    let more = words[start.len()..].iter().filter(|word| *word != "--");
    all.extend(more.cloned());
    Some(all)
}
