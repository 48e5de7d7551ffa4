//! The lines of `go test -json`.
//!
//! A test that has subtests is not counted beside them, unless it failed and none of them did: the
//! number of failures is the number of places to look at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use serde::Deserialize;

use super::{TestFailure, TestResults, message};
use crate::parsers::line::Lines;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    action: String,
    #[serde(default)]
    package: String,
    test: Option<String>,
    /// Seconds.
    elapsed: Option<f64>,
    #[serde(default)]
    output: String,
    /// Of a build, whose output comes before the package that it is for.
    #[serde(default)]
    import_path: String,
    failed_build: Option<String>,
}

/// Reads the lines; the error says why they can't be trusted.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<TestResults, String> {
    let mut lines = Lines::new(input);
    let mut fold = Fold::default();
    while let Some(line) = lines.next()? {
        if line.starts_with('{') {
            let event = serde_json::from_str(&line);
            fold.tell(event.map_err(|error| format!("line {}: {error}", lines.number))?);
        } else if let Some(package) = not_built(&line) {
            fold.seen = true;
            fold.results.error(whole(package, "it can't be built"));
        }
    }
    fold.finish()
}

/// The package of `FAIL\tPACKAGE [build failed]`, which Go before 1.24 prints beside the JSON.
fn not_built(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("FAIL\t")?;
    rest.strip_suffix(" [build failed]")
        .or(rest.strip_suffix(" [setup failed]"))
}

#[derive(Default)]
struct Fold {
    results: TestResults,
    /// Packages that began and did not end, with what they print themselves.
    packages: BTreeMap<String, Package>,
    /// The output of builds that failed, by import path.
    builds: BTreeMap<String, String>,
    broken_builds: BTreeSet<String>,
    /// Whether anything came to an end.
    seen: bool,
}

#[derive(Default)]
struct Package {
    output: String,
    failed: bool,
    /// Tests that run.
    tests: BTreeMap<String, Test>,
}

#[derive(Default)]
struct Test {
    output: String,
    has_subtests: bool,
    failed_within: bool,
}

impl Fold {
    fn tell(&mut self, event: Event) {
        match (event.action.as_str(), &event.test) {
            ("build-output", _) => {
                let output = self.builds.entry(event.import_path).or_default();
                message::collect(output, &event.output);
            }
            ("build-fail", _) => {
                self.broken_builds.insert(event.import_path);
            }
            ("pass" | "fail" | "skip", None) => self.end_package(event),
            (_, None) => {
                let package = self.packages.entry(event.package).or_default();
                message::collect(&mut package.output, &event.output);
            }
            (action, Some(test)) => {
                let package = self.packages.entry(event.package.clone()).or_default();
                match action {
                    "run" => package.run(test),
                    "output" => {
                        let test = package.tests.entry(test.clone()).or_default();
                        message::collect(&mut test.output, &event.output);
                    }
                    "pass" | "fail" | "skip" => package.end(&event, test, &mut self.results),
                    _ => {}
                }
            }
        }
    }

    fn end_package(&mut self, event: Event) {
        self.seen = true;
        let mut package = self.packages.remove(&event.package).unwrap_or_default();
        for (name, test) in std::mem::take(&mut package.tests) {
            if test.has_subtests {
                continue;
            }
            package.failed = true;
            let mut failure = explain(&event.package, &name, &test.output);
            failure.message = format!("it did not finish: {}", failure.message);
            self.results.error(failure);
        }
        if event.action != "fail" || package.failed {
            return;
        }
        let build = event.failed_build.unwrap_or_default();
        self.broken_builds.remove(&build);
        let output = self.builds.remove(&build).unwrap_or(package.output);
        self.results.error(whole(&event.package, &output));
    }

    fn finish(mut self) -> Result<TestResults, String> {
        if let Some(package) = self.packages.keys().next() {
            return Err(format!(
                "it shows no result of the package `{package}`: it was cut off"
            ));
        }
        for build in self.broken_builds {
            self.seen = true;
            let output = self.builds.get(&build).map_or("", String::as_str);
            self.results.error(whole(&build, output));
        }
        if self.seen {
            Ok(self.results)
        } else {
            Err("it shows no result of any package".to_owned())
        }
    }
}

impl Package {
    fn run(&mut self, name: &str) {
        self.above(name, |test| test.has_subtests = true);
        self.tests.insert(name.to_owned(), Test::default());
    }

    /// Marks the tests of which one is a subtest; a name may itself hold a `/`.
    fn above(&mut self, name: &str, mark: impl Fn(&mut Test)) {
        for (end, _) in name.match_indices('/') {
            if let Some(test) = self.tests.get_mut(&name[..end]) {
                mark(test);
            }
        }
    }

    fn end(&mut self, event: &Event, name: &str, results: &mut TestResults) {
        let test = self.tests.remove(name).unwrap_or_default();
        let failed = event.action == "fail";
        self.failed |= failed;
        if failed {
            self.above(name, |test| test.failed_within = true);
        }
        if test.has_subtests && (event.action == "pass" || failed && test.failed_within) {
            return;
        }
        if let Some(seconds) = event.elapsed {
            results.took(&full_name(&event.package, name), seconds * 1000.0);
        }
        match event.action.as_str() {
            "pass" => results.pass(full_name(&event.package, name)),
            "skip" => results.skipped += 1,
            _ => results.fail(explain(&event.package, name, &test.output)),
        }
    }
}

fn full_name(package: &str, test: &str) -> String {
    format!("{package}.{test}")
}

fn explain(package: &str, test: &str, output: &str) -> TestFailure {
    let (path, line) = message::place(output).unzip();
    TestFailure {
        name: full_name(package, test),
        message: message::of_output(output),
        path,
        line,
    }
}

/// A package that failed as a whole.
fn whole(package: &str, output: &str) -> TestFailure {
    TestFailure {
        name: package.to_owned(),
        message: message::tidy(output),
        ..TestFailure::default()
    }
}
