//! Judging what a test suite says of its tests.

use super::{judge, place};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Ended, Host, Stamp};
use crate::parsers::results::{ResultsFormat, TestResults};
use crate::sched::Outcome;
use crate::spec::Template;
use crate::tools::ExitCodes;

/// A results file as it was before the attempt.
#[derive(Debug)]
pub struct Expected {
    format: ResultsFormat,
    path: String,
    before: Option<Stamp>,
}

/// What a suite has to come up to.
#[derive(Debug, Clone, Copy)]
pub struct Demands<'a> {
    /// The least number of tests that have to run.
    pub min_tests: Option<u64>,
    /// What exit codes mean, if that is known.
    pub exit: Option<&'a ExitCodes>,
    /// How many of the slowest tests are named.
    pub slowest: u64,
}

/// The exit code by which pytest and runners after it say that they found no test.
const NO_TESTS: i32 = 5;

impl Expected {
    /// Takes note of the file before the command runs.
    pub fn note(
        host: &impl Host,
        format: ResultsFormat,
        path: &Template,
    ) -> Result<Self, Conclusion> {
        let path = host
            .expand(path)
            .map_err(|missing| judge::could_not_tell(&Ended::NotExpanded(missing)))?;
        Ok(Self {
            format,
            before: host.stamp(&path),
            path,
        })
    }

    /// Results that stand in a file that was made for a stream.
    pub fn stream(format: ResultsFormat, path: String) -> Self {
        Self {
            format,
            path,
            before: None,
        }
    }

    /// Reads the results, if this attempt wrote them.
    pub fn read(&self, host: &impl Host) -> Result<TestResults, Conclusion> {
        let path = &self.path;
        let Some(now) = host.stamp(path) else {
            let reason = format!("the results file `{path}` was not written");
            return Err(Conclusion::new(Outcome::Error, "results-missing", reason)
                .remedy("let the command write its results there, or correct `results path`"));
        };
        if self.before.as_ref() == Some(&now) {
            let reason = format!("the results file `{path}` is older than this attempt");
            return Err(Conclusion::new(Outcome::Error, "results-stale", reason)
                .remedy("let the command write to `{{out}}/…`, a fresh folder of each attempt"));
        }
        let unreadable = |problem: String| {
            let reason = format!("the results file `{path}` can't be understood: {problem}");
            Conclusion::new(Outcome::Error, "results-unreadable", reason)
        };
        let mut input = host
            .open(path)
            .map_err(|error| unreadable(error.to_string()))?;
        (self.format.row().parse)(&mut *input).map_err(unreadable)
    }
}

/// Judges the results together with the exit code.
pub fn judge(
    host: &impl Host,
    results: TestResults,
    exit_code: i32,
    demands: &Demands<'_>,
) -> Conclusion {
    let (failed, skipped) = (results.failed + results.errors, results.skipped);
    let ran = results.passed + failed;
    tell(host, results, demands.slowest);
    if failed > 0 {
        let reason = format!("{failed} of {ran} {} failed", plural(ran));
        return Conclusion::new(Outcome::Failed, "tests-failed", reason);
    }
    if let Some(least) = demands.min_tests.filter(|least| ran < *least) {
        let reason = format!("{ran} {} ran, of at least {least}", plural(ran));
        return Conclusion::new(Outcome::Failed, "too-few-tests", reason);
    }
    if ran == 0 && says_none(exit_code, demands.exit) {
        return without_tests(host, skipped);
    }
    if is_success(exit_code, demands.exit) {
        return Conclusion::passed();
    }
    let reason = format!(
        "it exited with {exit_code} though none of {ran} {} failed",
        plural(ran)
    );
    Conclusion::new(Outcome::Error, "exit-code", reason)
}

fn says_none(exit_code: i32, exit: Option<&ExitCodes>) -> bool {
    match exit {
        None => [0, NO_TESTS].contains(&exit_code),
        Some(exit) => exit.clean.contains(&exit_code) || exit.nothing.contains(&exit_code),
    }
}

fn is_success(exit_code: i32, exit: Option<&ExitCodes>) -> bool {
    exit.map_or(exit_code == 0, |exit| exit.clean.contains(&exit_code))
}

/// A suite in which nothing ran: a reason to skip, unless something did the last time.
fn without_tests(host: &impl Host, skipped: u64) -> Conclusion {
    let reason = match skipped {
        0 => "there are no tests".to_owned(),
        skipped => format!("all {skipped} {} were skipped", plural(skipped)),
    };
    match host.last("tests.ran") {
        Some(before) if before > 0.0 => {
            let reason = format!("{reason}; {before} ran when it passed the last time");
            Conclusion::new(Outcome::Failed, "tests-vanished", reason).remedy(
                "bring the tests back, or remove the node if there is nothing to test any more",
            )
        }
        _ => Conclusion::new(Outcome::Skipped, "no-tests", reason)
            .remedy("`results min-tests=1` makes this a failure"),
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "test" } else { "tests" }
}

/// Reports what there is to say of single tests. Each is given away as it is told: there may be
/// many, and the record holds them as well.
fn tell(host: &impl Host, results: TestResults, slowest: u64) {
    for (name, count) in [
        ("tests.passed", results.passed),
        ("tests.failed", results.failed),
        ("tests.errors", results.errors),
        ("tests.skipped", results.skipped),
        (
            "tests.ran",
            results.passed + results.failed + results.errors,
        ),
    ] {
        host.measure(Measurement::count(name, count));
    }
    for failure in results.failures {
        let message = match failure.message.as_str() {
            "" => failure.name,
            said => format!("{}: {said}", failure.name),
        };
        let mut finding = Finding::new("test-failed", Grade::High, message);
        let path = failure.path.as_deref();
        finding.path = path.map(|path| place::from_root(host, path));
        finding.line = failure.line;
        host.finding(finding);
    }
    for (name, milliseconds) in results
        .slowest
        .iter()
        .take(usize::try_from(slowest).unwrap_or(usize::MAX))
    {
        let message = format!("{name} took {milliseconds:.0} ms");
        host.finding(Finding::new("slow-test", Grade::Info, message));
    }
}
