//! A command of the configuration → a check that writes nothing into the project.

use serde_json::Value;

use super::checkers::{CHECKERS, Checker};
use super::preset;
use crate::cli::init::draft::{Atom, Field};
use crate::cli::init::javascript::narrow;
use crate::cli::init::package::{Action, Check, RESULTS, Role, literal};
use crate::cli::init::project::{Folder, file_name};
use crate::cli::init::python::is_pytest_file;
use crate::spec::split_words;

/// A command, and what it is for.
pub(super) struct Command<'a> {
    pub(super) role: Role,
    pub(super) text: &'a str,
    /// Where it is from, as the comment says it.
    pub(super) origin: &'a str,
    pub(super) folder: Folder<'a>,
    /// The least coverage, in percent.
    pub(super) threshold: Option<u64>,
}

/// A test runner of JavaScript: where its coverage goes, and how a limit is set for it.
struct Runner {
    name: &'static str,
    directory: &'static str,
    limit: fn(u64) -> String,
}

const RUNNERS: &[Runner] = &[
    Runner {
        name: "jest",
        directory: "--coverageDirectory={{out}}/coverage",
        limit: |least| format!("--coverageThreshold={{\"global\":{{\"lines\":{least}}}}}"),
    },
    Runner {
        name: "vitest",
        directory: "--coverage.reportsDirectory={{out}}/coverage",
        limit: |least| format!("--coverage.thresholds.lines={least}"),
    },
];

/// The check that a command stands for, and whether it holds the threshold.
pub(super) fn check(command: &Command<'_>) -> (Check, bool) {
    let why = &format!("{}.", command.origin);
    // One word alone would be split again.
    let words = split_words(command.text).ok().filter(|words| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_' | '-');
        words.len() > 1 || words.iter().all(|word| word.chars().all(plain))
    });
    let Some(words) = words else {
        let mut check = Check::run(command.role, ["sh"], why);
        check.action = Action::Shell(literal(command.text));
        return (changing(check), false);
    };
    let by_name = match command.role {
        Role::Test => preset::suite(command, &words, why),
        _ => preset::checker(command, &words, why).map(|check| (check, false)),
    };
    if let Some(by_name) = by_name {
        return by_name;
    }
    let words: Vec<String> = words.iter().map(|word| literal(word)).collect();
    if command.role == Role::Test {
        return test(command, words, why);
    }
    match checking(&words) {
        Some(words) => (Check::run(command.role, words, why), false),
        None => (changing(Check::run(command.role, words, why)), false),
    }
}

fn changing(check: Check) -> Check {
    match check.role {
        Role::Format | Role::Lint => {
            check.comment("If it changes files, it needs another command, or `writes`.")
        }
        _ => check,
    }
}

/// The words of a known tool, so that it only checks.
fn checking(words: &[String]) -> Option<Vec<String>> {
    let place = |checker: &Checker| {
        let length = checker.start.len();
        Some(
            words
                .windows(length)
                .position(|window| window == checker.start)?
                + length,
        )
    };
    let (checker, at) = CHECKERS
        .iter()
        .find_map(|checker| Some((checker, place(checker)?)))?;
    let mut kept = words.to_vec();
    kept.retain(|word| !checker.fixes(word));
    let narrow = narrow(&words[at - checker.start.len()..]).unwrap_or_default();
    kept.extend(narrow.iter().map(|word| (*word).to_owned()));
    if let Some(flag) = checker
        .check
        .filter(|flag| !kept.iter().any(|word| word == flag))
    {
        kept.insert(at.min(kept.len()), flag.to_owned());
    }
    Some(kept)
}

fn test(command: &Command<'_>, words: Vec<String>, why: &str) -> (Check, bool) {
    if words.iter().any(|word| word == "pytest") {
        return pytest(command, words, why);
    }
    let mut words = words;
    let coverage = words.iter().any(|word| word == "--coverage");
    let runner = runner(command.folder, &words);
    if let Some(runner) = runner.filter(|_| coverage) {
        words.push(runner.directory.to_owned());
        words.extend(command.threshold.map(runner.limit));
        return (
            Check::run(Role::Test, words, why),
            command.threshold.is_some(),
        );
    }
    (Check::run(Role::Test, words, why), false)
}

fn pytest(command: &Command<'_>, mut words: Vec<String>, why: &str) -> (Check, bool) {
    let coverage = words.iter().any(|word| word.starts_with("--cov"));
    for word in &mut words {
        if word == "--cov-report=json" {
            "--cov-report=json:{{out}}/coverage.json".clone_into(word);
        }
    }
    words.push(format!("--junitxml={RESULTS}"));
    let limit = command.threshold.filter(|_| coverage);
    words.extend(limit.map(|least| format!("--cov-fail-under={least}")));
    let tests_exist = command.folder.below().map(file_name).any(is_pytest_file);
    let mut check = Check::run(Role::Test, words, why).junit(tests_exist);
    if coverage {
        let data = vec![("COVERAGE_FILE", Atom::Text("{{out}}/.coverage".to_owned()))];
        check = check
            .comment("Coverage is measured by pytest-cov, which has to be installed.")
            .field(Field::table("env", data));
    }
    (check, limit.is_some())
}

/// The runner behind a command: named by itself, or by the script `test`.
fn runner(folder: Folder<'_>, words: &[String]) -> Option<&'static Runner> {
    let manifest: Value = serde_json::from_str(&folder.read("package.json")?).ok()?;
    let script = manifest.pointer("/scripts/test").and_then(Value::as_str);
    let named: Vec<&str> = script.unwrap_or_default().split_whitespace().collect();
    RUNNERS
        .iter()
        .find(|runner| words.iter().any(|word| word == runner.name) || named.contains(&runner.name))
}
