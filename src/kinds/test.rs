//! `test`: runs a test suite and reads what it says of every test.

use super::{NodeKind, judge, program};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Ended, Host, Stamp};
use crate::parsers::results::{ResultsFormat, TestResults};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Template};

crate::spec! {
    /// Runs a test suite. It passes if the command succeeds and its results, read from a file that this attempt wrote, hold no failure.
    pub struct Test = "test" {
        /// A program and its arguments. One single text is split into words as a shell would, without any expansion.
        "run" run: Option<Argv>,
        /// A script for `sh -eu`.
        "shell" shell: Option<Template>,
        /// Where the results of the single tests are found.
        "results" results: Results,
    }
}

crate::spec! {
    /// Where the results of the single tests are found.
    pub struct Results = "results" {
        /// The format of the file.
        "format" format: ResultsFormat,
        /// The file, relative to the root; `{{out}}/NAME` is a fresh folder of each attempt.
        "path" path: Template,
        /// The least number of tests that have to run, skipped ones not counted.
        "min-tests" min_tests: Option<u64>,
    }
}

impl NodeKind for Test {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        program::run_or_shell(self.run.as_ref(), self.shell.as_ref(), owner, decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        program::programs(self.run.as_ref())
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let Some(invocation) = program::invocation(self.run.as_ref(), self.shell.as_ref()) else {
            return Conclusion::passed();
        };
        let path = match host.expand(&self.results.path) {
            Ok(path) => path,
            Err(missing) => return judge::could_not_tell(&Ended::NotExpanded(missing)),
        };
        let before = host.stamp(&path);
        let ended = host.exec(invocation).await;
        let Ended::Exited(exit_code) = ended else {
            return judge::could_not_tell(&ended);
        };
        let read = self.read(host, &path, before.as_ref());
        let conclusion = match read {
            Ok(results) => self.judge(host, &results, exit_code),
            Err(conclusion) if exit_code == 0 => conclusion,
            Err(conclusion) => Conclusion {
                reason: Some(format!(
                    "it exited with {exit_code}, and {}",
                    conclusion.reason.as_deref().unwrap_or_default()
                )),
                ..conclusion
            },
        };
        conclusion.exit_code(exit_code)
    }
}

impl Test {
    /// Reads the results, if this attempt wrote them.
    fn read(
        &self,
        host: &impl Host,
        path: &str,
        before: Option<&Stamp>,
    ) -> Result<TestResults, Conclusion> {
        let Some(now) = host.stamp(path) else {
            let reason = format!("the results file `{path}` was not written");
            return Err(Conclusion::new(Outcome::Error, "results-missing", reason)
                .remedy("let the command write its results there, or correct `results path`"));
        };
        if before == Some(&now) {
            let reason = format!("the results file `{path}` is older than this attempt");
            return Err(Conclusion::new(Outcome::Error, "results-stale", reason)
                .remedy("let the command write to `{{out}}/…`, a fresh folder of each attempt"));
        }
        let bytes = host.read(path).map_err(|error| {
            let reason = format!("the results file `{path}` can't be read: {error}");
            Conclusion::new(Outcome::Error, "results-unreadable", reason)
        })?;
        let parse = self.results.format.row().parse;
        parse(&mut bytes.as_slice()).map_err(|problem| {
            let reason = format!("the results file `{path}` can't be understood: {problem}");
            Conclusion::new(Outcome::Error, "results-unreadable", reason)
        })
    }

    fn judge(&self, host: &impl Host, results: &TestResults, exit_code: i32) -> Conclusion {
        tell(host, results);
        let failed = results.failed + results.errors;
        let ran = results.passed + failed;
        if failed > 0 {
            let reason = format!("{failed} of {ran} {} failed", plural(ran));
            return Conclusion::new(Outcome::Failed, "tests-failed", reason);
        }
        let least = self.results.min_tests;
        if least.is_some_and(|least| ran < least) {
            let reason = format!(
                "{ran} {} ran, of at least {}",
                plural(ran),
                least.unwrap_or(0)
            );
            return Conclusion::new(Outcome::Failed, "too-few-tests", reason);
        }
        if ran == 0 && [0, NO_TESTS].contains(&exit_code) {
            let reason = match results.skipped {
                0 => "there are no tests".to_owned(),
                skipped => format!("all {skipped} {} were skipped", plural(skipped)),
            };
            return Conclusion::new(Outcome::Skipped, "no-tests", reason)
                .remedy("`results min-tests=1` makes this a failure");
        }
        if exit_code != 0 {
            let reason = format!(
                "it exited with {exit_code} though none of {ran} {} failed",
                plural(ran)
            );
            return Conclusion::new(Outcome::Error, "exit-code", reason);
        }
        Conclusion::passed()
    }
}

/// The exit code by which pytest and runners after it say that they found no test.
const NO_TESTS: i32 = 5;

fn plural(count: u64) -> &'static str {
    if count == 1 { "test" } else { "tests" }
}

fn tell(host: &impl Host, results: &TestResults) {
    for (name, count) in [
        ("tests.passed", results.passed),
        ("tests.failed", results.failed),
        ("tests.errors", results.errors),
        ("tests.skipped", results.skipped),
    ] {
        host.measure(Measurement::count(name, count));
    }
    for failure in &results.failures {
        let message = match failure.message.lines().next() {
            Some(line) if !line.trim().is_empty() => format!("{}: {}", failure.name, line.trim()),
            _ => failure.name.clone(),
        };
        let mut finding = Finding::new("test-failed", Grade::High, message);
        finding.path.clone_from(&failure.path);
        finding.line = failure.line;
        host.finding(finding);
    }
}
