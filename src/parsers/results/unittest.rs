//! What Python's `unittest` prints on standard error: a block for each failure, then the counts.
//!
//! Only the counts say how many tests ran; only the blocks say which failed. A test may have
//! several blocks (its subtests, its clean-up), and a class or module that could not be set up has
//! one though none of its tests ran.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::{TestFailure, TestResults};

/// The line above the head of a block.
const DOUBLE: &str = "======================================================================";
/// The line below it, and above the counts.
const SINGLE: &str = "----------------------------------------------------------------------";
/// What a head begins with, and whether the test ran to a failure rather than broke.
const HEADS: &[(&str, bool)] = &[
    ("FAIL: ", true),
    ("ERROR: ", false),
    ("UNEXPECTED SUCCESS: ", true),
];
/// How a run that came to its end ends.
const VERDICTS: &[&str] = &["OK", "FAILED", "NO TESTS RAN"];

/// Reads the output of a run; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<TestResults, String> {
    let mut output = Output::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = input.read_until(b'\n', &mut line);
        if length.map_err(|error| error.to_string())? == 0 {
            break;
        }
        output.line(String::from_utf8_lossy(&line).trim_end());
    }
    output.finish()
}

#[derive(Default)]
struct Output {
    previous: String,
    blocks: Vec<Block>,
    /// Whether lines belong to the last block.
    in_block: bool,
    ran: Option<u64>,
    /// `failures=1` and so on, once the last line was read.
    verdict: Option<BTreeMap<String, u64>>,
}

struct Block {
    failed: bool,
    failure: TestFailure,
    /// The file of the test's own module, without folders: `a/b.py` of the test `a.b.C.test_x`.
    own_file: Option<String>,
    /// Whether the place is in that file.
    is_own: bool,
}

impl Output {
    fn line(&mut self, line: &str) {
        let head = (self.previous == DOUBLE).then(|| head(line)).flatten();
        if let Some(block) = head {
            self.blocks.push(block);
            self.in_block = true;
        } else if let Some(count) = ran(line).filter(|_| self.previous == SINGLE) {
            self.ran = Some(count);
            self.verdict = None;
            self.in_block = false;
        } else if self.ran.is_some() && self.verdict.is_none() {
            self.verdict = verdict(line);
        } else if let Some(block) = self.blocks.last_mut().filter(|_| self.in_block) {
            block.line(line);
        }
        line.clone_into(&mut self.previous);
    }

    fn finish(self) -> Result<TestResults, String> {
        let (Some(ran), Some(verdict)) = (self.ran, self.verdict) else {
            return Err("it does not end with the counts of `unittest`".to_owned());
        };
        let count = |name: &str| verdict.get(name).copied().unwrap_or(0);
        let mut tests: BTreeMap<&str, bool> = BTreeMap::new();
        for block in &self.blocks {
            let failed = tests.entry(&block.failure.name).or_insert(block.failed);
            *failed &= block.failed;
        }
        let failed = tests.values().filter(|failed| **failed).count() as u64;
        let errors = tests.len() as u64 - failed;
        let claimed = count("failures") + count("errors") + count("unexpected successes");
        if claimed > 0 && tests.is_empty() {
            return Err(format!("it counts {claimed} failures and shows none"));
        }
        // What could not be set up is no test that ran.
        let ended_badly = tests.keys().filter(|name| !is_set_up(name)).count() as u64;
        let skipped = count("skipped");
        Ok(TestResults {
            passed: ran.saturating_sub(ended_badly + skipped),
            failed,
            errors,
            skipped,
            failures: self.blocks.into_iter().map(|block| block.failure).collect(),
            ..TestResults::default()
        })
    }
}

impl Block {
    fn line(&mut self, line: &str) {
        if let Some((path, number)) = frame(line) {
            self.failure.message.clear();
            let own = self.own_file.as_deref();
            let is_own = own.is_some_and(|own| path == own || path.ends_with(&format!("/{own}")));
            if is_own || !self.is_own {
                self.failure.path = Some(path.to_owned());
                self.failure.line = Some(number);
                self.is_own = is_own;
            }
        } else if self.failure.path.is_some()
            && self.failure.message.is_empty()
            && !line.starts_with(' ')
        {
            line.clone_into(&mut self.failure.message);
        }
    }
}

/// Whether it is no test but what comes before or after the tests of a class or module.
fn is_set_up(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    matches!(
        last,
        "setUpClass" | "tearDownClass" | "setUpModule" | "tearDownModule"
    )
}

/// `FAIL: test_x (module.Class.test_x) (part=1)`, or `(module.Class)` before Python 3.11.
fn head(line: &str) -> Option<Block> {
    let (line, failed) = HEADS
        .iter()
        .find_map(|(head, failed)| Some((line.strip_prefix(head)?, *failed)))?;
    let (test, rest) = line.split_once(" (").unwrap_or((line, ""));
    let owner = rest.split(')').next().unwrap_or_default();
    let owner = owner.strip_suffix(test).unwrap_or(owner);
    let owner = owner.trim_end_matches('.');
    // A module that did not load is a made-up test of the loader.
    let is_made_up = owner.is_empty() || owner == "unittest.loader._FailedTest";
    let (name, module) = if is_made_up {
        (test.to_owned(), Some(test))
    } else if matches!(test, "setUpModule" | "tearDownModule") {
        (format!("{owner}.{test}"), Some(owner))
    } else {
        let module = owner.rsplit_once('.').map(|(module, _)| module);
        (format!("{owner}.{test}"), module)
    };
    Some(Block {
        failed,
        failure: TestFailure {
            name,
            ..TestFailure::default()
        },
        own_file: module.map(|module| format!("{}.py", module.replace('.', "/"))),
        is_own: false,
    })
}

/// `  File "path", line 7, in test_x`.
fn frame(line: &str) -> Option<(&str, u64)> {
    let (path, rest) = line.strip_prefix("  File \"")?.split_once("\", line ")?;
    let digits = rest.split(',').next()?;
    Some((path, digits.parse().ok()?))
}

/// `Ran 12 tests in 0.003s`.
fn ran(line: &str) -> Option<u64> {
    let (count, rest) = line.strip_prefix("Ran ")?.split_once(' ')?;
    rest.starts_with("test").then(|| count.parse().ok())?
}

/// `FAILED (failures=1, unexpected successes=2)`.
fn verdict(line: &str) -> Option<BTreeMap<String, u64>> {
    let (word, counts) = line.split_once(" (").unwrap_or((line, ""));
    if !VERDICTS.contains(&word) {
        return None;
    }
    let counts = counts.trim_end_matches(')').split(", ");
    let counts = counts.filter_map(|count| {
        let (name, number) = count.split_once('=')?;
        Some((name.to_owned(), number.parse().ok()?))
    });
    Some(counts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(name: &str) -> TestResults {
        let path = format!("templates/tools/samples/unittest/{name}.err");
        let bytes = std::fs::read(path).unwrap();
        parse(&mut bytes.as_slice()).unwrap()
    }

    fn counts(results: &TestResults) -> [u64; 4] {
        [
            results.passed,
            results.failed,
            results.errors,
            results.skipped,
        ]
    }

    #[test]
    fn what_is_counted_is_the_same_for_every_version() {
        for version in ["3.8", "3.11", "3.13"] {
            let results = recorded(&format!("fail-{version}"));
            assert_eq!(counts(&results), [2, 2, 2, 1], "{version}");
            let names: Vec<_> = results.failures.iter().map(|f| f.name.as_str()).collect();
            assert_eq!(
                names,
                [
                    "test_calc.CalcTest.test_errors",
                    "test_calc.NeedsDatabase.setUpClass",
                    "test_calc.CalcTest.test_fails",
                    "test_calc.CalcTest.test_parts",
                ]
            );
        }
    }

    #[test]
    fn a_failure_has_the_place_in_its_own_module_and_the_last_exception() {
        let results = recorded("fail-3.11");
        let failure = &results.failures[2];
        assert_eq!(failure.path.as_deref(), Some("/project/test_calc.py"));
        assert_eq!(failure.line, Some(10));
        assert_eq!(failure.message, "AssertionError: 2 != 3 : two numbers");
    }

    #[test]
    fn a_class_that_breaks_before_and_after_its_tests_counts_once() {
        let block = |name: &str| {
            format!(
                "{DOUBLE}\nERROR: {name} (m.C)\n{SINGLE}\nTraceback (most recent call last):\n  File \"m.py\", line 3, in {name}\nKeyError: 1\n\n"
            )
        };
        let text = format!(
            "{}{}{SINGLE}\nRan 0 tests in 0.1s\n\nFAILED (errors=2)\n",
            block("setUpClass"),
            block("setUpClass")
        );
        let results = parse(&mut text.as_bytes()).unwrap();
        assert_eq!(counts(&results), [0, 0, 1, 0]);
    }

    #[test]
    fn a_helper_elsewhere_is_not_the_place_of_a_failure() {
        let text = format!(
            "F\n{DOUBLE}\nFAIL: test_a (pkg.test_m.C.test_a)\n{SINGLE}\nTraceback (most recent call last):\n  File \"/p/pkg/test_m.py\", line 4, in test_a\n    check(1)\n  File \"/p/pkg/helper.py\", line 90, in check\n    raise AssertionError('no')\nAssertionError: no\n\n{SINGLE}\nRan 1 test in 0.1s\n\nFAILED (failures=1)\n"
        );
        let results = parse(&mut text.as_bytes()).unwrap();
        assert_eq!(results.failures[0].line, Some(4));
        assert_eq!(results.failures[0].message, "AssertionError: no");
    }

    #[test]
    fn a_module_that_does_not_load_is_an_error_at_its_import() {
        for version in ["3.8", "3.11", "3.13"] {
            let results = recorded(&format!("import-{version}"));
            assert_eq!(counts(&results), [0, 0, 1, 0], "{version}");
            let failure = &results.failures[0];
            assert_eq!(failure.name, "test_import");
            assert_eq!(failure.path.as_deref(), Some("/project/test_import.py"));
            assert_eq!(failure.line, Some(1));
            assert!(failure.message.starts_with("ModuleNotFoundError: "));
        }
    }

    #[test]
    fn a_test_that_should_have_failed_is_a_failure() {
        assert_eq!(counts(&recorded("unexpected-3.11")), [0, 1, 0, 0]);
    }

    #[test]
    fn no_tests_are_no_tests_in_old_words_and_in_new_ones() {
        for name in ["none-3.11", "none-3.13"] {
            assert_eq!(counts(&recorded(name)), [0, 0, 0, 0], "{name}");
        }
        assert_eq!(counts(&recorded("clean-3.11")), [1, 0, 0, 0]);
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_refused() {
        let read = |text: &str| parse(&mut text.as_bytes());
        assert!(read("").is_err());
        assert!(
            read("Ran 3 tests in 0.1s\n\nOK\n").is_err(),
            "no rule above"
        );
        assert!(read(&format!("{SINGLE}\nRan 3 tests in 0.1s\n")).is_err());
        assert!(
            read(&format!(
                "{SINGLE}\nRan 3 tests in 0.1s\n\nFAILED (errors=1)\n"
            ))
            .is_err()
        );
    }
}
