//! One run of a checking command, and what it is evidence of.

use std::path::{Path, PathBuf};

use super::{Check, judge, place};
use crate::event::Finding;
use crate::host::{Conclusion, Ended, Host, Invocation, Job, Stamp};
use crate::parsers::findings::{self, FindingsSpec, Report, Stream};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Glob};
use crate::tools::{ExitCodes, with_words};

/// What a checking command says by its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Nothing was found.
    Clean,
    /// Something was found.
    Found,
    /// The exit code leaves it to the findings.
    Either,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// What the exit code says.
    pub says: Says,
    /// The exit code.
    pub exit_code: i32,
    /// The findings; `None` if the tool says nothing that is read.
    pub findings: Option<Vec<Finding>>,
}

/// Runs a check, here or in another tree of the project's files.
pub async fn check(
    host: &impl Host,
    check: &Check<'_>,
    tree: Option<&Path>,
) -> Result<Evidence, Conclusion> {
    let words = check.words(host).await?;
    let source = Source::of(host, check, tree)?;
    let ended = execute(
        host,
        check,
        &with_words(check.command, &words),
        &source,
        tree,
    )
    .await?;
    let Ended::Exited(exit_code) = ended else {
        return Err(check.could_not_tell(&ended));
    };
    let says = said(check.exit, exit_code)
        .ok_or_else(|| failed(host, check, &source, exit_code))?
        .ok_or_else(|| nothing(check, exit_code))?;
    let findings = match check.findings {
        None => None,
        Some(spec) => Some(source.read(host, check, spec, tree)?.findings),
    };
    let none = findings.as_ref().is_none_or(Vec::is_empty);
    if none && says_nothing(host, check, &source) {
        return Err(nothing(check, exit_code));
    }
    if says == Says::Found && findings.as_ref().is_some_and(Vec::is_empty) {
        let reason = format!(
            "`{}` exited with {exit_code}, which means findings, but none can be read",
            check.name
        );
        return Err(Conclusion::new(Outcome::Error, "findings-unread", reason)
            .exit_code(exit_code)
            .remedy("look at what it printed; `findings` may name the wrong format"));
    }
    Ok(Evidence {
        says,
        exit_code,
        findings,
    })
}

/// Runs one of the commands of a check.
pub(super) async fn execute(
    host: &impl Host,
    check: &Check<'_>,
    command: &Argv,
    source: &Source,
    tree: Option<&Path>,
) -> Result<Ended, Conclusion> {
    check.write_files(host)?;
    let env = check.variables(host)?;
    let dir = tree.map(|tree| place::in_tree(host, tree));
    let job = Job {
        dir: dir.as_deref(),
        stdout: source.stdout(),
        stderr: source.stderr(),
        env: &env,
        ..Job::new(Invocation::Run(command))
    };
    Ok(host.exec_job(&job).await)
}

impl Check<'_> {
    /// The words behind the command: the node's own, then paths, with patterns filled in.
    pub async fn words(&self, host: &impl Host) -> Result<Vec<String>, Conclusion> {
        let mut words = Vec::new();
        for arg in self.args {
            let word = host.expand(arg);
            words.push(word.map_err(|missing| self.could_not_tell(&Ended::NotExpanded(missing)))?);
        }
        let flag = self.path_flag.map(str::to_owned);
        for path in self.paths {
            let glob = Glob::new(path, Span::default()).ok();
            let Some(glob) = glob.filter(|glob| glob.literal().is_none()) else {
                words.extend(flag.iter().cloned().chain([path.clone()]));
                continue;
            };
            let files = host
                .list(&[glob], &[])
                .await
                .map_err(|reason| Conclusion::new(Outcome::Error, "unreadable-file", reason))?;
            let files = place::from_dir(host, files);
            if files.is_empty() {
                let reason = format!("nothing was checked: no file matches `{path}`");
                return Err(Conclusion::new(Outcome::Error, "no-files", reason)
                    .remedy("correct `paths`; files that git ignores are left out"));
            }
            for file in files {
                words.extend(flag.iter().cloned().chain([file]));
            }
        }
        Ok(words)
    }

    /// Writes the files that its commands need.
    pub fn write_files(&self, host: &impl Host) -> Result<(), Conclusion> {
        for (name, text) in self.files.iter().flat_map(|files| &files.0) {
            let text = host
                .expand(text)
                .map_err(|missing| self.could_not_tell(&Ended::NotExpanded(missing)))?;
            host.write_out(name, &text).map_err(|error| {
                let reason = format!("`{}` can't be written: {error}", **name);
                Conclusion::new(Outcome::Error, "state-folder", reason)
            })?;
        }
        Ok(())
    }

    /// The variables for its commands.
    pub fn variables(&self, host: &impl Host) -> Result<Vec<(&str, String)>, Conclusion> {
        let variables = self.env.iter().flat_map(|env| &env.0);
        variables
            .map(|(name, value)| match host.expand(value) {
                Ok(value) => Ok((name.as_str(), value)),
                Err(missing) => Err(self.could_not_tell(&Ended::NotExpanded(missing))),
            })
            .collect()
    }

    /// What is said of a command that did not come to its own end.
    pub fn could_not_tell(&self, ended: &Ended) -> Conclusion {
        let conclusion = judge::could_not_tell(ended);
        match (ended, self.install) {
            (Ended::NotFound { .. }, Some(install)) => Conclusion {
                remedy: vec![format!("install it: {install}")],
                ..conclusion
            },
            _ => conclusion,
        }
    }
}

/// Where the findings of one run of a command will stand.
pub(super) enum Source {
    /// Nowhere, or in a file that the command writes; the stamp is that of before.
    File(Option<(String, Option<Stamp>)>),
    /// In its standard output, which goes to this file.
    Stdout(PathBuf),
    /// In its standard error.
    Stderr(PathBuf),
}

impl Source {
    pub(super) fn nowhere() -> Self {
        Self::File(None)
    }

    fn of(host: &impl Host, check: &Check<'_>, tree: Option<&Path>) -> Result<Self, Conclusion> {
        let Some(spec) = check.findings else {
            return Ok(Self::nowhere());
        };
        let part = if tree.is_some() { "base." } else { "" };
        let file = |stream: &str| {
            host.out()
                .join(format!("{}.{part}{stream}", plain(check.name)))
        };
        Ok(match (&spec.path, spec.stream) {
            (Some(path), _) => {
                let path = host
                    .expand(path)
                    .map_err(|missing| check.could_not_tell(&Ended::NotExpanded(missing)))?;
                let stamp = host.stamp(&path);
                Self::File(Some((path, stamp)))
            }
            (None, Stream::Stdout) => Self::Stdout(file("stdout")),
            (None, Stream::Stderr) => Self::Stderr(file("stderr")),
        })
    }

    fn stdout(&self) -> Option<&Path> {
        match self {
            Self::Stdout(path) => Some(path),
            _ => None,
        }
    }

    fn stderr(&self) -> Option<&Path> {
        match self {
            Self::Stderr(path) => Some(path),
            _ => None,
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::File(file) => file.as_ref().map(|(path, _)| path.clone()),
            Self::Stdout(path) | Self::Stderr(path) => Some(path.to_string_lossy().into_owned()),
        }
    }

    /// Reads what the command reported.
    fn read(
        &self,
        host: &impl Host,
        check: &Check<'_>,
        spec: &FindingsSpec,
        tree: Option<&Path>,
    ) -> Result<Report, Conclusion> {
        let name = check.name;
        if let Self::File(Some((path, before))) = self {
            fresh_file(host, name, path, before.as_ref())?;
        }
        let path = self.path().unwrap_or_default();
        let unreadable = |problem: &str| {
            let reason = format!("what `{name}` reported can't be understood: {problem}");
            Conclusion::new(Outcome::Error, "report-unreadable", reason).remedy(format!(
                "look at `{path}`; another version of `{name}` may write another form"
            ))
        };
        let mut input = host
            .open(&path)
            .map_err(|error| unreadable(&error.to_string()))?;
        let mut report =
            findings::parse(spec, &mut *input).map_err(|problem| unreadable(&problem))?;
        if let Some(problem) = report.problems.first() {
            let more = match report.problems.len() {
                1 => String::new(),
                count => format!(" ({} more)", count - 1),
            };
            let reason = format!("`{name}` could not check everything: {problem}{more}");
            return Err(Conclusion::new(Outcome::Error, "not-checked", reason));
        }
        let root = tree.unwrap_or_else(|| host.root());
        findings::relative_to(&mut report, &root.to_string_lossy());
        for path in report.findings.iter_mut().filter_map(|f| f.path.as_mut()) {
            *path = place::from_root(host, path);
        }
        once(&mut report.findings);
        Ok(report)
    }
}

/// Leaves each finding once: compilers repeat them for every target that has the file.
fn once(findings: &mut Vec<Finding>) {
    fn key(finding: &Finding) -> impl Ord + '_ {
        let place = (&finding.path, finding.line, finding.column);
        (&finding.rule, place, &finding.message)
    }
    // Sorted numbers in the place of a set of copies: there may be as much again of those.
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.retain(|index| findings[*index].line.is_some());
    order.sort_by(|a, b| key(&findings[*a]).cmp(&key(&findings[*b])));
    let mut again = vec![false; findings.len()];
    for pair in order.windows(2) {
        again[pair[1]] = key(&findings[pair[0]]) == key(&findings[pair[1]]);
    }
    let mut again = again.into_iter();
    findings.retain(|_| !again.next().unwrap_or_default());
}

/// Refuses a report that this attempt did not write.
fn fresh_file(
    host: &impl Host,
    name: &str,
    path: &str,
    before: Option<&Stamp>,
) -> Result<(), Conclusion> {
    let now = host.stamp(path);
    if now.is_none() {
        let reason = format!("`{name}` did not write its report `{path}`");
        return Err(Conclusion::new(Outcome::Error, "report-missing", reason));
    }
    if now.as_ref() == before {
        let reason = format!("the report `{path}` is older than this attempt");
        return Err(Conclusion::new(Outcome::Error, "report-stale", reason)
            .remedy("let the command write to `{{out}}/…`, a fresh folder of each attempt"));
    }
    Ok(())
}

/// What an exit code means: `None` if it means that the tool failed, `Some(None)` if there was
/// nothing to check.
#[expect(clippy::option_option, reason = "the two absences mean different ends")]
fn said(exit: &ExitCodes, code: i32) -> Option<Option<Says>> {
    if exit.nothing.contains(&code) {
        return Some(None);
    }
    match (exit.clean.contains(&code), exit.findings.contains(&code)) {
        (true, true) => Some(Some(Says::Either)),
        (true, false) => Some(Some(Says::Clean)),
        (false, true) => Some(Some(Says::Found)),
        (false, false) => None,
    }
}

/// Whether it printed, on one of its streams, that there was nothing to check.
fn says_nothing(host: &impl Host, check: &Check<'_>, source: &Source) -> bool {
    let Some(pattern) = check.nothing else {
        return false;
    };
    let apart = match source {
        Source::File(_) => None,
        Source::Stdout(path) | Source::Stderr(path) => host.read(&path.to_string_lossy()).ok(),
    };
    apart.is_some_and(|text| pattern.regex.is_match(&text))
        || pattern.regex.is_match(&host.printed())
}

fn nothing(check: &Check<'_>, exit_code: i32) -> Conclusion {
    let reason = format!(
        "nothing was checked: `{}` says that there is nothing",
        check.name
    );
    Conclusion::new(Outcome::Error, "no-files", reason).exit_code(exit_code)
}

fn failed(host: &impl Host, check: &Check<'_>, source: &Source, exit_code: i32) -> Conclusion {
    let mut reason = format!(
        "`{}` failed: it exited with {exit_code}, which means neither findings nor none",
        check.name
    );
    if let Some(said) = first_words(host, source) {
        reason = format!("{reason}; it said: {said}");
    }
    Conclusion::new(Outcome::Error, "tool-failed", reason).exit_code(exit_code)
}

/// The first line of a stream that does not go to the log.
fn first_words(host: &impl Host, source: &Source) -> Option<String> {
    const LONGEST: usize = 200;
    if matches!(source, Source::File(_)) {
        return None;
    }
    let text = host.read(&source.path()?).ok()?;
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().map(str::trim).find(|line| line.len() > 2)?;
    Some(line.chars().take(LONGEST).collect())
}

/// A name as a part of a file's name.
fn plain(name: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    };
    name.chars().map(plain).collect()
}
