//! `security`: runs scanners and grades what they find.

use futures_util::future::join_all;

use super::NodeKind;
use crate::diag::{Diagnostic, Diags};
use crate::event::Finding;
use crate::gate::advisory::{self, Ignore};
use crate::gate::{self, Check, Effects, judge, weigh};
use crate::host::{Conclusion, Host};
use crate::parsers::findings::{self, FindingsSpec, Severity, grade, highest};
use crate::sched::Outcome;
use crate::span::{Span, Spanned};
use crate::spec::{Argv, Decoder, Glob, Named, Template};
use crate::tools::{ExitCodes, Purpose, ToolRef, Toolbox};

crate::spec! {
    /// Runs scanners at the same time and grades what they find in one model. An advisory that several of them know counts once.
    pub struct Security = "security" {
        /// Scanners. The name is that of a tool, unless `tool` or `run` says otherwise.
        "scan" scan: Named<Scan>,
        /// The least severity that fails.
        "fail-on" fail_on: Severity = "high",
        /// Findings that do not count, by their id or that of their advisory, each with its reason.
        "ignore" ignore: Named<Ignore>,
    }
}

crate::spec! {
    /// A scanner.
    pub struct Scan = "scan" {
        /// A tool by its name; `sdd tools` lists them.
        "tool" tool: Option<ToolRef>,
        /// A command of your own.
        "run" run: Option<Argv>,
        /// Words that are added to the command.
        "args" args: Vec<Template>,
        /// What is scanned, instead of what the tool says. Patterns stand for the files that match.
        "paths" paths: Vec<Glob>,
        /// Where the findings of a command of your own stand.
        "findings" findings: Option<FindingsSpec>,
        /// What exit codes mean; of a command of your own, 0 is clean and 1 means findings, unless this says otherwise.
        "exit" exit: Option<ExitCodes>,
    }
}

impl NodeKind for Security {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        if self.scan.0.is_empty() {
            decoder.diags.push(
                Diagnostic::new("missing-field", "the node has no scanner")
                    .at(owner, "scans nothing")
                    .help("for instance `scan \"gitleaks\"`; `sdd tools` lists what there is"),
            );
        }
        for (name, scan) in &self.scan.0 {
            scan.check(name, decoder);
        }
        for (id, ignore) in &self.ignore.0 {
            ignore.check(id, decoder);
        }
    }

    fn programs(&self) -> Vec<Option<Template>> {
        let commands = self.scan.0.iter().map(|(_, scan)| scan.command());
        commands
            .map(|command| command.and_then(|argv| argv.words.first().cloned()))
            .collect()
    }

    fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        for (name, scan) in &mut self.scan.0 {
            scan.bind(name, toolbox, diags);
            scan.warn_of_unreachable(name, self.fail_on, diags);
        }
    }

    fn effects(&self) -> Option<Effects<'_>> {
        Some(Effects {
            reads: None,
            writes: &[],
            fixes: false,
        })
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let usual = ExitCodes {
            clean: vec![0],
            findings: vec![1],
            nothing: Vec::new(),
        };
        let scans = self.scan.0.iter();
        let results = join_all(scans.map(|(name, scan)| scan.run(host, name, &usual))).await;
        let mut findings = Vec::new();
        let mut unknown = None;
        for ((name, _), result) in self.scan.0.iter().zip(results) {
            match result {
                Ok(found) => findings.extend(found),
                Err(conclusion) => {
                    unknown.get_or_insert((name, conclusion));
                }
            }
        }
        let mut findings = advisory::merge(findings);
        advisory::ignore(&mut findings, &self.ignore.0, &host.today());
        let failed = self.judge(&findings);
        if unknown.is_none() {
            advisory::measure(host, &findings);
        }
        weigh::tell(host, findings);
        match (failed, unknown) {
            (Some(failed), None) => failed,
            (None, None) => Conclusion::passed(),
            (Some(failed), Some((name, conclusion))) => failed.remedy(format!(
                "see to `{}` too: {}",
                **name,
                conclusion.reason.unwrap_or_default()
            )),
            (None, Some((name, conclusion))) => Conclusion {
                reason: conclusion
                    .reason
                    .map(|reason| format!("scan `{}`: {reason}", **name)),
                ..conclusion
            },
        }
    }
}

impl Security {
    fn judge(&self, findings: &[Finding]) -> Option<Conclusion> {
        let least = grade(self.fail_on);
        let counts = |finding: &&Finding| finding.waiver.is_none() && finding.severity >= least;
        let failing: Vec<&Finding> = findings.iter().filter(counts).collect();
        if failing.is_empty() {
            return None;
        }
        let conclusion = Conclusion::new(Outcome::Failed, "findings", weigh::summary(&failing));
        let remedies = advisory::remedies(&failing);
        Some(remedies.into_iter().fold(conclusion, Conclusion::remedy))
    }
}

impl Scan {
    fn check(&self, name: &Spanned<String>, decoder: &mut Decoder<'_>) {
        if let Some(spec) = &self.findings {
            findings::check(spec, name.span, decoder);
        }
        let (Some(tool), Some(run)) = (&self.tool, &self.run) else {
            let own = self.run.as_ref().filter(|_| self.findings.is_none());
            if let Some(run) = own {
                decoder.diags.push(
                    Diagnostic::new(
                        "missing-field",
                        "the scan does not say how its findings are read",
                    )
                    .at(run.span(), "whose findings nobody could grade")
                    .help("for instance `findings format=\"sarif\" path=\"{{out}}/scan.sarif\"`"),
                );
            }
            return;
        };
        let choices = [("tool", Some(tool.name.span)), ("run", Some(run.span()))];
        crate::spec::exactly_one(&choices, name.span, decoder);
    }

    fn bind(&mut self, name: &Spanned<String>, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        if self.run.is_some() {
            return;
        }
        let tool = self.tool.get_or_insert_with(|| ToolRef {
            name: name.clone(),
            tool: None,
        });
        tool.bind(Purpose::Security, toolbox, diags);
    }

    fn command(&self) -> Option<&Argv> {
        let tool = self.tool.as_ref().and_then(|tool| tool.tool.as_deref());
        self.run.as_ref().or(tool.map(|tool| &tool.check))
    }

    fn spec(&self) -> Option<&FindingsSpec> {
        let tool = self.tool.as_ref().and_then(|tool| tool.tool.as_deref());
        self.findings
            .as_ref()
            .or(tool.and_then(|tool| tool.findings.as_ref()))
    }

    /// A limit that nothing of a scanner can reach would switch the scanner off in silence.
    fn warn_of_unreachable(&self, name: &Spanned<String>, limit: Severity, diags: &mut Diags) {
        let Some(highest) = self.spec().and_then(highest) else {
            return;
        };
        if highest < grade(limit) {
            diags.push(
                Diagnostic::new(
                    "unreachable-limit",
                    format!(
                        "nothing that `{}` finds is `{}`: its highest severity is `{}`",
                        **name,
                        limit.as_str(),
                        highest.as_str()
                    ),
                )
                .at(name.span, "can't fail")
                .help(format!("`fail-on \"{}\"` lets it fail", highest.as_str())),
            );
        }
    }

    async fn run(
        &self,
        host: &impl Host,
        name: &Spanned<String>,
        usual: &ExitCodes,
    ) -> Result<Vec<Finding>, Conclusion> {
        let paths: Vec<String> = self.paths.iter().map(|glob| glob.text.clone()).collect();
        let tool = self.tool.as_ref().and_then(|tool| tool.tool.as_deref());
        let basis = match (tool, &self.run) {
            (Some(tool), _) => Check::of_tool(tool, name),
            (None, Some(run)) => Check::of_command(run, usual),
            (None, None) => return Ok(Vec::new()),
        };
        let check = Check {
            name,
            args: &self.args,
            paths: if paths.is_empty() {
                basis.paths
            } else {
                &paths
            },
            findings: self.spec(),
            exit: self.exit.as_ref().unwrap_or(basis.exit),
            ..basis
        };
        let evidence = gate::check(host, &check, None).await?;
        evidence.findings.ok_or_else(|| {
            let reason = "nobody says how its findings are read";
            judge::nothing_read(reason)
        })
    }
}
