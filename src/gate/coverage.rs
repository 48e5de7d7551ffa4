//! Judging coverage: of the whole, of branches, and of the lines that were changed.

use std::collections::BTreeMap;

use super::judge;
use crate::event::{Finding, Grade, Measurement};
use crate::host::{ChangedFile, Conclusion, Ended, Host, Stamp};
use crate::parsers::coverage::{Coverage, CoverageFormat, FileCoverage, Tally};
use crate::sched::Outcome;
use crate::spec::{Percent, Template, print_duration};

crate::spec! {
    /// What has to be covered, and where the measurement stands.
    pub struct CoverageSpec = "coverage" {
        /// The format of the file; a tool knows its own.
        "format" format: Option<CoverageFormat>,
        /// The file, relative to the root; `{{out}}/NAME` is a fresh folder of each attempt. A tool knows its own.
        "path" path: Option<Template>,
        /// The least share that has to be covered: of the lines, or, where branches were measured too, of what the tool calls its total.
        "min" min: Option<Percent>,
        /// The least share of the branches.
        "min-branches" min_branches: Option<Percent>,
        /// The least share of those lines that were changed since `base`.
        "min-changed" min_changed: Option<Percent>,
    }
}

/// A coverage file as it was before the attempt.
#[derive(Debug)]
pub struct Expected<'a> {
    spec: &'a CoverageSpec,
    format: CoverageFormat,
    path: String,
    before: Option<Stamp>,
}

impl<'a> Expected<'a> {
    /// Takes note of the file before the command runs. `known` is what the tool knows of it.
    pub fn note(
        host: &impl Host,
        spec: &'a CoverageSpec,
        known: Option<(CoverageFormat, &'a Template)>,
    ) -> Result<Option<Self>, Conclusion> {
        let format = spec.format.or(known.map(|(format, _)| format));
        let path = spec.path.as_ref().or(known.map(|(_, path)| path));
        let (Some(format), Some(path)) = (format, path) else {
            return Ok(None);
        };
        let path = host
            .expand(path)
            .map_err(|missing| judge::could_not_tell(&Ended::NotExpanded(missing)))?;
        Ok(Some(Self {
            spec,
            format,
            before: host.stamp(&path),
            path,
        }))
    }

    /// Reads the file, reports what was measured, and judges it.
    pub async fn judge(&self, host: &impl Host) -> Conclusion {
        let coverage = match self.read(host) {
            Ok(coverage) => coverage,
            Err(conclusion) if self.has_threshold() => return conclusion,
            Err(conclusion) => {
                let message = conclusion.reason.unwrap_or_default();
                host.finding(Finding::new("coverage-missing", Grade::Info, message));
                return Conclusion::passed();
            }
        };
        measure(host, &coverage);
        match self.judge_whole(&coverage) {
            Err(conclusion) => conclusion,
            Ok(()) => match self.spec.min_changed {
                None => Conclusion::passed(),
                Some(least) => changed_lines(host, &coverage, least).await,
            },
        }
    }

    fn has_threshold(&self) -> bool {
        let spec = self.spec;
        [spec.min, spec.min_branches, spec.min_changed]
            .iter()
            .any(Option::is_some)
    }

    fn read(&self, host: &impl Host) -> Result<Coverage, Conclusion> {
        let path = &self.path;
        let none = |why: String| {
            Conclusion::new(
                Outcome::Error,
                "coverage-missing",
                format!("no coverage data: {why}"),
            )
        };
        let now = host.stamp(path);
        if now.is_none() {
            return Err(none(format!("`{path}` was not written"))
                .remedy("let the command write it there, or correct `coverage path`"));
        }
        if now == self.before {
            let age = host.age(path).map(print_duration);
            let age = age
                .map(|age| format!(", written {age} ago"))
                .unwrap_or_default();
            return Err(none(format!("`{path}` is older than this attempt{age}"))
                .remedy("let the command write to `{{out}}/…`, a fresh folder of each attempt"));
        }
        let unreadable = |problem: String| {
            let reason = format!("the coverage in `{path}` can't be understood: {problem}");
            Conclusion::new(Outcome::Error, "coverage-unreadable", reason)
        };
        let mut input = host
            .open(path)
            .map_err(|error| unreadable(error.to_string()))?;
        (self.format.row().parse)(&mut *input).map_err(unreadable)
    }

    fn judge_whole(&self, coverage: &Coverage) -> Result<(), Conclusion> {
        let spec = self.spec;
        let whole = coverage.total.or(coverage.lines.percent());
        let branches = coverage.branches.and_then(Tally::percent);
        let thresholds = [
            ("coverage", whole, spec.min, "coverage-below-minimum"),
            (
                "branch coverage",
                branches,
                spec.min_branches,
                "branch-coverage-below-minimum",
            ),
        ];
        for (what, measured, least, code) in thresholds {
            let Some(least) = least else { continue };
            match measured {
                None => {
                    let reason = format!("no coverage data: `{}` measures no {what}", self.path);
                    return Err(Conclusion::new(Outcome::Error, "coverage-missing", reason));
                }
                Some(measured) => enough(what, measured, least, code)?,
            }
        }
        Ok(())
    }
}

fn enough(what: &str, measured: f64, least: Percent, code: &'static str) -> Result<(), Conclusion> {
    if measured >= least.0 {
        return Ok(());
    }
    let reason = format!(
        "{what} {} % is below {} %",
        below(measured, least.0),
        number(least.0, 6)
    );
    Err(Conclusion::new(Outcome::Failed, code, reason))
}

/// A number with as few digits as show that it is below another one.
fn below(measured: f64, least: f64) -> String {
    let shows = |digits: &usize| number(measured, *digits) != number(least, 6);
    let digits = (1..=6).find(shows).unwrap_or(6);
    number(measured, digits)
}

/// At most that many decimals, without zeros at the end.
fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn measure(host: &impl Host, coverage: &Coverage) {
    let shares = [
        ("coverage.lines", coverage.lines.percent()),
        (
            "coverage.branches",
            coverage.branches.and_then(Tally::percent),
        ),
        (
            "coverage.functions",
            coverage.functions.and_then(Tally::percent),
        ),
        ("coverage.total", coverage.total),
    ];
    for (name, share) in shares {
        if let Some(share) = share {
            host.measure(Measurement::percent(name, share));
        }
    }
}

async fn changed_lines(host: &impl Host, coverage: &Coverage, least: Percent) -> Conclusion {
    let changes = match host.changes().await {
        Ok(changes) => changes,
        Err(reason) => {
            let reason = format!("which lines were changed can't be told: {reason}");
            return Conclusion::new(Outcome::Error, "base-unknown", reason);
        }
    };
    if coverage.files.is_empty() {
        let reason = "no coverage data of single lines: `min-changed` needs a format that has them";
        return Conclusion::new(Outcome::Error, "coverage-missing", reason);
    }
    let root = host.root().to_string_lossy().into_owned();
    let measured = Measured::new(&coverage.files, &root);
    let mut tally = Tally::default();
    let mut unmeasured = Vec::new();
    for file in changes.files.iter().filter(|file| !file.removed) {
        match measured.find(&file.path) {
            Some(found) => count(host, file, found, &mut tally),
            None if measured.should_have(file) => unmeasured.push(file.path.clone()),
            None => {}
        }
    }
    for path in &unmeasured {
        let finding = Finding::new(
            "not-measured",
            Grade::Medium,
            "it was changed and its coverage was not measured",
        );
        host.finding(finding.at(path, None, None));
    }
    let Some(share) = tally.percent() else {
        return match unmeasured.first() {
            None => Conclusion::passed(),
            Some(first) => {
                let reason =
                    format!("no coverage data of what was changed: `{first}` was not measured");
                Conclusion::new(Outcome::Error, "coverage-missing", reason)
            }
        };
    };
    host.measure(Measurement::percent("coverage.changed", share));
    match enough(
        "coverage of changed lines",
        share,
        least,
        "changed-coverage-below-minimum",
    ) {
        Ok(()) => Conclusion::passed(),
        Err(conclusion) => conclusion,
    }
}

/// Counts the changed lines of a file, and names those that no test ran.
fn count(host: &impl Host, file: &ChangedFile, coverage: &FileCoverage, tally: &mut Tally) {
    let is_changed = |line: &&u32| file.added.iter().any(|range| range.contains(line));
    let covered = coverage.covered.iter().filter(is_changed).count() as u64;
    let missed: Vec<u32> = coverage.missed.iter().filter(is_changed).copied().collect();
    tally.covered += covered;
    tally.total += covered + missed.len() as u64;
    for (first, last) in stretches(&missed) {
        let message = if first == last {
            "this changed line is not covered".to_owned()
        } else {
            format!("these changed lines are not covered, up to line {last}")
        };
        let finding = Finding::new("uncovered-change", Grade::Medium, message);
        host.finding(finding.at(&file.path, Some(u64::from(first)), None));
    }
}

/// Rising numbers as stretches without gaps.
fn stretches(lines: &[u32]) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => found.push((*line, *line)),
        }
    }
    found
}

/// The files of a measurement, by the end of their paths: tools write them from the root, from
/// their own folder, or with the name of a module before them.
struct Measured<'c> {
    by_path: BTreeMap<String, &'c FileCoverage>,
}

impl<'c> Measured<'c> {
    fn new(files: &'c [FileCoverage], root: &str) -> Self {
        let by_path = files.iter().map(|file| {
            let inside = file.path.strip_prefix(root).unwrap_or(&file.path);
            (inside.trim_start_matches('/').to_owned(), file)
        });
        Self {
            by_path: by_path.collect(),
        }
    }

    fn find(&self, path: &str) -> Option<&'c FileCoverage> {
        if let Some(file) = self.by_path.get(path) {
            return Some(file);
        }
        let ends = |long: &str, short: &str| {
            long.strip_suffix(short)
                .is_some_and(|front| front.ends_with('/'))
        };
        let mut similar = self
            .by_path
            .iter()
            .filter(|(known, _)| ends(known, path) || ends(path, known));
        match (similar.next(), similar.next()) {
            (Some((_, file)), None) => Some(file),
            _ => None,
        }
    }

    /// Whether a file is of a sort that was measured, and has new lines.
    fn should_have(&self, file: &ChangedFile) -> bool {
        let ending = |path: &str| path.rsplit_once('.').map(|(_, ending)| ending.to_owned());
        let wanted = ending(&file.path);
        wanted.is_some()
            && !file.added.is_empty()
            && !is_test(&file.path)
            && self.by_path.keys().any(|known| ending(known) == wanted)
    }
}

/// Whether a path is that of a test, which measurements leave out.
fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let in_folder = path
        .split('/')
        .any(|part| matches!(part, "tests" | "test" | "__tests__" | "spec"));
    in_folder
        || name.starts_with("test_")
        || name == "conftest.py"
        || ["_test.", ".test.", ".spec.", ".config.", "_spec."]
            .iter()
            .any(|mark| name.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_just_below_the_threshold_is_not_printed_as_the_threshold() {
        assert_eq!(below(79.6, 80.0), "79.6");
        assert_eq!(below(79.999, 80.0), "79.999");
        assert_eq!(below(0.0, 80.0), "0");
        assert!(enough("coverage", 80.0, Percent(80.0), "c").is_ok());
        assert!(enough("coverage", 79.999_999, Percent(80.0), "c").is_err());
    }

    #[test]
    fn a_measured_file_is_found_by_the_end_of_its_path() {
        let file = |path: &str| FileCoverage {
            path: path.to_owned(),
            ..FileCoverage::default()
        };
        let files = [
            file("/project/src/a.py"),
            file("example.com/shop/pkg/b.go"),
            file("one/same.py"),
            file("two/same.py"),
        ];
        let measured = Measured::new(&files, "/project");
        assert_eq!(measured.find("src/a.py"), Some(&files[0]));
        assert_eq!(measured.find("pkg/b.go"), Some(&files[1]));
        assert_eq!(measured.find("same.py"), None);
        assert_eq!(measured.find("x/one/same.py"), Some(&files[2]));
    }

    #[test]
    fn missed_lines_are_told_in_stretches() {
        assert_eq!(stretches(&[3, 4, 5, 9]), [(3, 5), (9, 9)]);
    }
}
