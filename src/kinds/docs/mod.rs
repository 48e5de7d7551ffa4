//! `docs`: documentation is current, as far as a program can tell.

mod docstrings;
mod pages;

use std::io::ErrorKind;
use std::sync::Arc;

use self::docstrings::Docstrings;
use super::NodeKind;
use crate::diag::{Diagnostic, Diags};
use crate::event::{Finding, Grade, Measurement};
use crate::gate::documented::{Demands, documented};
use crate::host::{ChangedFile, Changes, Conclusion, Host};
use crate::rules::changelog;
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Blocks, Decoder, Glob, ProjectPath, Template};
use crate::tools::Toolbox;

crate::spec! {
    /// Documentation is current: a changelog has a new entry, a page changed with what it describes, what is public in code has its docstring, links lead somewhere. "Changed" counts from `base`; uncommitted and untracked files count.
    pub struct Docs = "docs" {
        /// A changelog that gets an entry when files change; may be repeated.
        "changelog" changelog: Blocks<ChangelogEntry>,
        /// A page that changes when what it describes changes; may be repeated.
        "readme" readme: Blocks<Readme>,
        /// Docstrings, judged by Ruff or another tool; may be repeated.
        "docstrings" docstrings: Blocks<Docstrings>,
        /// Markdown files whose relative links, images and anchors have to lead to something in the project. Links to other sites are not followed.
        "links" links: Vec<Glob>,
        /// Files one of which has to hold the architecture of the integration.
        "diagram" diagram: Vec<Glob>,
        /// Every scenario of the current work item has a sequence diagram: a block of Mermaid that begins with `sequenceDiagram` and holds a message, under a heading with the scenario's name.
        "sequence-diagrams" sequence_diagrams: Option<SequenceDiagrams>,
        /// Every contract file that the specification of the current work item names is there.
        "contracts" contracts: bool = "false",
        /// The performance of the current work item was recorded in `.session/tracking/performance_baselines.json`.
        "baseline" baseline: Option<OwnBaseline>,
        /// The specification of the current work item names the points where its components meet.
        "integration-points" integration_points: bool = "false",
    }
}

crate::spec! {
    /// Every scenario of the current work item has a sequence diagram.
    pub struct SequenceDiagrams = "sequence-diagrams" {
        /// Pages that may hold them, beside the specification itself.
        "in" pages: Vec<Glob>,
    }
}

crate::spec! {
    /// The performance of the current work item was recorded.
    pub struct OwnBaseline = "baseline" {
        /// The entry of that name, instead of the one of the work item.
        "entry" entry: Option<String>,
    }
}

crate::spec! {
    /// A changelog that gets an entry when files change: a new line of text, committed or not.
    pub struct ChangelogEntry = "changelog" {
        /// The file.
        "path" path: ProjectPath = "CHANGELOG.md",
        /// The heading under which the entry has to stand; by default `Unreleased`, or a version that had no heading before.
        "heading" heading: Option<String>,
        /// The files whose change asks for an entry; by default every file but the changelog.
        "when-changed" when_changed: Vec<Glob>,
    }
}

crate::spec! {
    /// A page that changes when what it describes changes.
    pub struct Readme = "readme" {
        /// The file.
        "path" path: ProjectPath = "README.md",
        /// What it describes; by default every file but the page.
        "when-changed" when_changed: Vec<Glob>,
    }
}

/// What a check came to, or why it can't tell.
type Judged = Result<Checked, Conclusion>;

/// What a check came to.
#[derive(Debug, Default)]
struct Checked {
    findings: Vec<Finding>,
    /// What is wrong in a sentence, if the messages of the findings are no sentences about files.
    summary: Option<String>,
    /// What there is to say of it if nothing is wrong.
    note: Option<String>,
    /// How much is met, said in any case.
    score: Option<String>,
}

impl Checked {
    fn note(note: String) -> Self {
        Self {
            note: Some(note),
            ..Self::default()
        }
    }

    fn finding(finding: Finding) -> Self {
        Self {
            findings: vec![finding],
            ..Self::default()
        }
    }
}

impl NodeKind for Docs {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        for docstrings in &self.docstrings.0 {
            docstrings.check(owner, decoder);
        }
        let pages = self.changelog.0.is_empty() && self.readme.0.is_empty();
        let of_files = pages && self.docstrings.0.is_empty() && self.links.is_empty();
        if of_files && !self.asks_of_integration() {
            decoder.diags.push(
                Diagnostic::new("missing-field", "nothing would be checked")
                    .at(
                        owner,
                        "needs `changelog`, `readme`, `docstrings`, `links` or one of the others",
                    )
                    .help("for instance `links \"**/*.md\"`"),
            );
        }
    }

    fn programs(&self) -> Vec<Option<Template>> {
        self.docstrings.0.iter().map(Docstrings::program).collect()
    }

    fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        for docstrings in &mut self.docstrings.0 {
            docstrings.bind(toolbox, diags);
        }
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let mut judged = Vec::new();
        for entry in &self.changelog.0 {
            judged.push(entry.judge(host).await);
        }
        for readme in &self.readme.0 {
            judged.push(readme.judge(host).await);
        }
        for docstrings in &self.docstrings.0 {
            judged.push(docstrings.judge(host).await);
        }
        if !self.links.is_empty() {
            judged.push(pages::follow(host, &self.links).await);
        }
        if self.asks_of_integration() {
            judged.extend(self.integration(host).await);
        }
        conclude(host, judged)
    }
}

impl Docs {
    fn asks_of_integration(&self) -> bool {
        !self.diagram.is_empty()
            || self.sequence_diagrams.is_some()
            || self.contracts
            || self.baseline.is_some()
            || self.integration_points
    }

    async fn integration(&self, host: &impl Host) -> Vec<Judged> {
        let sequences = self.sequence_diagrams.as_ref();
        let demands = Demands {
            diagram: &self.diagram,
            sequences: sequences.map(|diagrams| diagrams.pages.as_slice()),
            contracts: self.contracts,
            baseline: self.baseline.as_ref().map(|own| own.entry.as_deref()),
            points: self.integration_points,
        };
        let (score, untold) = documented(host, &demands).await;
        let checked = Checked {
            score: Some(score.words()),
            findings: score.findings,
            ..Checked::default()
        };
        untold.map(Err).into_iter().chain([Ok(checked)]).collect()
    }
}

/// Reports what all checks found. What can't be told weighs more than what is wrong: it may hide
/// more of that.
fn conclude(host: &impl Host, judged: Vec<Judged>) -> Conclusion {
    let (mut messages, mut notes, mut untold) = (Vec::new(), Vec::new(), None);
    let mut score = None;
    for judged in judged {
        match judged {
            Ok(checked) => {
                notes.extend(checked.note);
                score = score.or(checked.score);
                match checked.summary {
                    Some(summary) => messages.push(summary),
                    None => messages.extend(checked.findings.iter().map(|f| f.message.clone())),
                }
                for finding in checked.findings {
                    host.finding(finding);
                }
            }
            Err(conclusion) => untold = untold.or(Some(conclusion)),
        }
    }
    if let Some(conclusion) = untold {
        return conclusion;
    }
    let Some((first, rest)) = messages.split_first() else {
        notes.extend(score);
        let reason = (!notes.is_empty()).then(|| notes.join("; "));
        return Conclusion {
            reason,
            ..Conclusion::passed()
        };
    };
    let reason = match rest.len() {
        0 => first.clone(),
        more => format!("{first}, and {more} more"),
    };
    let score = score.map(|score| format!("{score}: "));
    let reason = format!("{}{reason}", score.unwrap_or_default());
    Conclusion::new(Outcome::Failed, "docs-outdated", reason)
}

fn untold(code: &'static str, reason: String) -> Conclusion {
    Conclusion::new(Outcome::Error, code, reason)
}

impl ChangelogEntry {
    async fn judge(&self, host: &impl Host) -> Judged {
        let page = Described::new(&self.path.path, &self.when_changed);
        let Some(cause) = page.cause(host).await? else {
            return Ok(Checked::note(page.nothing(host).await?));
        };
        let rule = "changelog-entry-missing";
        let Some((now, before)) = page.texts(host).await? else {
            return Ok(Checked::finding(page.gone(rule, &cause)));
        };
        let heading = self.heading.as_deref();
        match changelog::new_entries(&now, before.as_deref().unwrap_or_default(), heading) {
            Ok(count) => {
                host.measure(Measurement::count("docs.changelog.entries", count));
                Ok(Checked::default())
            }
            Err(missing) => {
                let path = page.path;
                let reason = missing.reason;
                let message = format!("`{path}` has no entry for `{cause}`: {reason}");
                let finding = Finding::new(rule, Grade::Medium, message);
                Ok(Checked::finding(finding.at(path, missing.line, None)))
            }
        }
    }
}

impl Readme {
    async fn judge(&self, host: &impl Host) -> Judged {
        let page = Described::new(&self.path.path, &self.when_changed);
        let Some(cause) = page.cause(host).await? else {
            return Ok(Checked::note(page.nothing(host).await?));
        };
        let rule = "readme-not-updated";
        let Some((now, before)) = page.texts(host).await? else {
            return Ok(Checked::finding(page.gone(rule, &cause)));
        };
        // How lines are broken and indented says nothing about the subject.
        let same =
            before.is_some_and(|before| before.split_whitespace().eq(now.split_whitespace()));
        if !same {
            return Ok(Checked::default());
        }
        let message = format!("`{}` did not change, but `{cause}` did", page.path);
        let finding = Finding::new(rule, Grade::Medium, message);
        Ok(Checked::finding(finding.at(page.path, None, None)))
    }
}

/// A page that has to change when others do.
struct Described<'d> {
    path: &'d str,
    when_changed: &'d [Glob],
}

impl<'d> Described<'d> {
    fn new(path: &'d str, when_changed: &'d [Glob]) -> Self {
        Self { path, when_changed }
    }

    /// The first changed file that asks for a change of the page.
    async fn cause(&self, host: &impl Host) -> Result<Option<String>, Conclusion> {
        let changes = changes(host).await?;
        let asks = |file: &&ChangedFile| {
            let paths = [Some(&file.path), file.before.as_ref()];
            paths.into_iter().flatten().any(|path| self.asks(path))
        };
        let mut asking = changes.files.iter().filter(asks);
        let first = asking.next().map(|file| file.path.clone());
        let count = asking.count() + usize::from(first.is_some());
        host.measure(Measurement::count("docs.changed", count as u64));
        Ok(first)
    }

    fn asks(&self, path: &str) -> bool {
        let all = self.when_changed.is_empty();
        path != self.path && (all || self.when_changed.iter().any(|glob| glob.matches(path)))
    }

    /// What to say if nothing asks for a change: patterns that match no file at all never will.
    async fn nothing(&self, host: &impl Host) -> Result<String, Conclusion> {
        if !self.when_changed.is_empty() {
            let files = host.list(self.when_changed, &[]).await;
            let files = files.map_err(|problem| untold("unreadable-file", problem))?;
            if files.is_empty() {
                return Err(none_matches("file", "when-changed", self.when_changed));
            }
        }
        let base = changes(host).await?.base.clone().unwrap_or_default();
        let base: String = base.chars().take(SHORT_HASH).collect();
        Ok(format!(
            "nothing that concerns `{}` changed since {base}",
            self.path
        ))
    }

    /// The page now and as it was in the base; `None` if it is not there now.
    async fn texts(
        &self,
        host: &impl Host,
    ) -> Result<Option<(String, Option<String>)>, Conclusion> {
        let path = self.path;
        let now = match host.read(path) {
            Ok(now) => now,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(path, &error.to_string())),
        };
        let all = changes(host).await?;
        let own = all.files.iter().find(|file| file.path == path);
        let at_base = match own.map(|file| file.before.as_deref()) {
            Some(None) => None,
            Some(Some(path)) => self.at_base(host, path).await?,
            None => {
                let before = self.at_base(host, path).await?;
                // What git neither had nor sees as new is kept from it, and always looks new.
                let hidden = || untold("ignored-file", format!("git ignores `{path}`"));
                Some(before.ok_or_else(hidden)?)
            }
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some((text(now), at_base.map(text))))
    }

    async fn at_base(&self, host: &impl Host, path: &str) -> Result<Option<Vec<u8>>, Conclusion> {
        let before = host.at_base(path).await;
        before.map_err(|reason| unreadable(path, &reason))
    }

    fn gone(&self, rule: &str, cause: &str) -> Finding {
        let path = self.path;
        let message = format!("`{path}` is not there, but `{cause}` changed");
        Finding::new(rule, Grade::Medium, message).at(path, None, None)
    }
}

/// So many digits of a commit's hash are shown.
const SHORT_HASH: usize = 10;

async fn changes(host: &impl Host) -> Result<Arc<Changes>, Conclusion> {
    host.changes().await.map_err(|reason| {
        untold("changes-unknown", reason).remedy("`base` in the header says what to count from")
    })
}

fn unreadable(path: &str, reason: &str) -> Conclusion {
    untold(
        "unreadable-file",
        format!("`{path}` can't be read: {reason}"),
    )
}

/// No file looked at is no evidence.
fn none_matches(what: &str, field: &str, globs: &[Glob]) -> Conclusion {
    let globs: Vec<_> = globs
        .iter()
        .map(|glob| format!("`{}`", glob.text))
        .collect();
    let reason = format!(
        "nothing was checked: no {what} matches {}",
        globs.join(", ")
    );
    untold("no-files", reason).remedy(format!(
        "correct the pattern in `{field}`; files that git ignores are left out"
    ))
}
