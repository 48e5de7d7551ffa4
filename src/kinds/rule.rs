//! `rule`: something that has to hold in the project's files, or a command that says so.

use std::sync::Arc;

use super::{NodeKind, program};
use crate::diag::Diagnostic;
use crate::event::{Finding, Grade};
use crate::gate::judge;
use crate::host::{Conclusion, FileVisitor, Host, Scan};
use crate::rules;
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Glob, Pattern, Template};

crate::spec! {
    /// A rule of the project's own: a pattern that no file or every file holds, a file that is there or not, or a command.
    pub struct Rule = "rule" {
        /// A regular expression that no line of the files may match.
        "forbid" forbid: Option<Pattern>,
        /// A regular expression that every one of the files has to match somewhere.
        "require" require: Option<Pattern>,
        /// The files that `forbid` or `require` looks at. Files that git ignores are left out.
        "in" files: Vec<Glob>,
        /// Files that are left out.
        "except" except: Vec<Glob>,
        /// Patterns of paths each of which has to match a file.
        "exists" exists: Vec<Glob>,
        /// Patterns of paths none of which may match a file.
        "absent" absent: Vec<Glob>,
        /// A program and its arguments; the rule holds if it exits with 0.
        "run" run: Option<Argv>,
        /// A script for `sh -eu`; the rule holds if it exits with 0.
        "shell" shell: Option<Template>,
        /// Why the rule is there, or what to do instead; shown with every finding.
        "message" message: Option<String>,
    }
}

impl NodeKind for Rule {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let first = |globs: &[Glob]| globs.first().map(|glob| glob.span);
        let choices = [
            ("forbid", self.forbid.as_ref().map(|pattern| pattern.span)),
            ("require", self.require.as_ref().map(|pattern| pattern.span)),
            ("exists", first(&self.exists)),
            ("absent", first(&self.absent)),
            ("run", self.run.as_ref().map(Argv::span)),
            ("shell", self.shell.as_ref().map(|script| script.span)),
        ];
        crate::spec::exactly_one(&choices, owner, decoder);
        let pattern = self.forbid.as_ref().or(self.require.as_ref());
        if let Some(pattern) = pattern
            && self.files.is_empty()
        {
            decoder.diags.push(
                Diagnostic::new("missing-field", "the rule does not say in which files")
                    .at(pattern.span, "looked for where?")
                    .help("for instance `in \"src/**\"`"),
            );
        }
        if pattern.is_none()
            && let Some(glob) = self.files.first().or(self.except.first())
        {
            decoder.diags.push(
                Diagnostic::new(
                    "conflicting-fields",
                    "`in` and `except` go with `forbid` or `require`",
                )
                .at(glob.span, "not used"),
            );
        }
    }

    fn programs(&self) -> Vec<Option<Template>> {
        program::programs(self.run.as_ref())
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        if let Some(invocation) = program::invocation(self.run.as_ref(), self.shell.as_ref()) {
            return judge::by_exit_code(&host.exec(invocation).await, &[0], &[]);
        }
        let judge = match (&self.forbid, &self.require) {
            (Some(pattern), _) => {
                let regex = pattern.regex.clone();
                visitor(move |path, content| rules::forbidden(&regex, path, content))
            }
            (None, Some(pattern)) => {
                let regex = pattern.regex.clone();
                visitor(move |path, content| rules::required(&regex, path, content))
            }
            (None, None) => return self.presence(host).await,
        };
        let scan = host.scan(&self.files, &self.except, judge).await;
        self.conclude(host, scan)
    }
}

impl Rule {
    /// Judges what a search through files came to. No file looked at is no evidence.
    fn conclude(&self, host: &impl Host, scan: Scan) -> Conclusion {
        if let Some((path, reason)) = scan.unreadable.first() {
            let reason = format!("`{path}` can't be read: {reason}");
            return Conclusion::new(Outcome::Error, "unreadable-file", reason);
        }
        if scan.files == 0 {
            let globs: Vec<_> = self
                .files
                .iter()
                .map(|glob| format!("`{}`", glob.text))
                .collect();
            let reason = format!("nothing was checked: no file matches {}", globs.join(", "));
            return Conclusion::new(Outcome::Error, "no-files", reason)
                .remedy("correct the pattern in `in`; files that git ignores are left out");
        }
        host.measure(crate::event::Measurement::count(
            "files.checked",
            scan.files as u64,
        ));
        self.report(host, scan.findings)
    }

    fn report(&self, host: &impl Host, findings: Vec<Finding>) -> Conclusion {
        let count = findings.len();
        let first = findings.first().map(|finding| finding.message.clone());
        for mut finding in findings {
            if let Some(message) = &self.message {
                finding.message = format!("{} ({message})", finding.message);
            }
            host.finding(finding);
        }
        match (count, first) {
            (_, None) => Conclusion::passed(),
            (1, Some(message)) => Conclusion::new(Outcome::Failed, "rule-broken", message),
            (count, _) => Conclusion::new(
                Outcome::Failed,
                "rule-broken",
                format!("it is broken in {count} places"),
            ),
        }
    }

    async fn presence(&self, host: &impl Host) -> Conclusion {
        let mut findings = Vec::new();
        for glob in &self.exists {
            if !present(host, glob).await {
                let message = format!("no file matches `{}`", glob.text);
                let finding = Finding::new("exists", Grade::Medium, message);
                findings.push(finding.at(&glob.text, None, None));
            }
        }
        let there = visitor(|path, _| {
            let message = format!("`{path}` must not be there");
            vec![Finding::new("absent", Grade::Medium, message).at(path, None, None)]
        });
        let (literal, patterns): (Vec<Glob>, Vec<Glob>) = self
            .absent
            .iter()
            .cloned()
            .partition(|glob| glob.literal().is_some());
        for glob in literal.iter().filter(|glob| host.exists(&glob.text)) {
            findings.extend(there(&glob.text, &[]));
        }
        if !patterns.is_empty() {
            findings.extend(host.scan(&patterns, &[], there).await.findings);
        }
        self.report(host, findings)
    }
}

fn visitor(visit: impl Fn(&str, &[u8]) -> Vec<Finding> + Send + Sync + 'static) -> FileVisitor {
    Arc::new(visit)
}

/// Whether something matches. A path without a pattern counts even if git ignores it.
async fn present(host: &impl Host, glob: &Glob) -> bool {
    if let Some(path) = glob.literal() {
        return host.exists(path);
    }
    let alone = std::slice::from_ref(glob);
    host.scan(alone, &[], visitor(|_, _| Vec::new()))
        .await
        .files
        > 0
}
