//! The fields of nodes that check with one tool, and mend with it when asked to.

use super::{Check, Effects, Policy};
use crate::diag::{Diagnostic, Diags};
use crate::host::{Conclusion, Host};
use crate::parsers::findings::{self, FindingsSpec, Severity};
use crate::span::Span;
use crate::spec::{Argv, Decoder, Glob, Template};
use crate::tools::{ExitCodes, Purpose, ToolRef, Toolbox};

crate::spec! {
    /// Checks files with a tool; with `--fix` it mends what it can first.
    pub struct Checker = "checker" {
        /// A tool by its name; `sdd tools` lists them.
        "tool" tool: Option<ToolRef>,
        /// The command that checks, if no `tool` is named. It must not write.
        "check" check: Option<Argv>,
        /// The command that mends; run with `--fix` before the check.
        "fix" fix: Option<Argv>,
        /// Words that are added to the commands of the tool.
        "args" args: Vec<Template>,
        /// What is checked, instead of what the tool says. Patterns stand for the files that match.
        "paths" paths: Vec<Glob>,
        /// Where findings stand; without it the tool's file says, and of a `check` of your own the exit code alone is read.
        "findings" findings: Option<FindingsSpec>,
        /// What exit codes mean; of a `check` of your own, 0 is clean and 1 means findings, unless this says otherwise.
        "exit" exit: Option<ExitCodes>,
        /// Whether only findings count that are new against `base`.
        "new-only" new_only: bool = "false",
        /// The least severity that fails. Without it the tool's exit code decides.
        "fail-on" fail_on: Option<Severity>,
    }
}

impl Checker {
    /// Reports fields that exclude each other.
    pub fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let tool = self.tool.as_ref().map(|tool| tool.name.span);
        let own = self.check.as_ref().map(Argv::span);
        let choices = [("tool", tool), ("check", own)];
        crate::spec::exactly_one(&choices, owner, decoder);
        let fix = self.fix.as_ref().filter(|_| tool.is_some());
        if let Some(fix) = fix {
            decoder.diags.push(
                Diagnostic::new(
                    "conflicting-fields",
                    "`fix` goes with `check`, not with `tool`",
                )
                .at(fix.span(), "the tool has its own")
                .help(
                    "describe a tool of your own in `pipelines/tools` if it mends in another way",
                ),
            );
        }
        if let Some(spec) = &self.findings {
            findings::check(spec, owner, decoder);
        }
        if self.new_only && self.check.is_some() && self.findings.is_none() {
            decoder.diags.push(
                Diagnostic::new(
                    "missing-field",
                    "`new-only` needs `findings`: an exit code says not what is new",
                )
                .at(owner, "finds nothing that could be compared")
                .help("for instance `findings format=\"sarif\" path=\"{{out}}/findings.sarif\"`"),
            );
        }
    }

    /// Looks the tool up.
    pub fn bind(&mut self, purpose: Purpose, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        if let Some(tool) = &mut self.tool {
            tool.bind(purpose, toolbox, diags);
        }
    }

    /// The program that is started.
    pub fn programs(&self) -> Vec<Option<Template>> {
        let tool = self.tool.as_ref().and_then(|tool| tool.tool.as_deref());
        let command = self.check.as_ref().or(tool.map(|tool| &tool.check));
        vec![command.and_then(|argv| argv.words.first().cloned())]
    }

    /// What it reads and writes of the project.
    pub fn effects(&self) -> Effects<'_> {
        let tool = self.tool.as_ref().and_then(|tool| tool.tool.as_deref());
        Effects {
            reads: tool.and_then(|tool| tool.reads.as_deref()),
            writes: tool.map_or(&[], |tool| &tool.writes),
            fixes: self.fix.is_some() || tool.is_some_and(|tool| tool.fix.is_some()),
        }
    }

    /// Mends if asked to, checks, and says how the node ends.
    pub async fn run(&self, host: &impl Host) -> Conclusion {
        let own = ExitCodes {
            clean: vec![0],
            findings: vec![1],
            nothing: Vec::new(),
        };
        let paths: Vec<String> = self.paths.iter().map(|glob| glob.text.clone()).collect();
        let tool = self.tool.as_ref().and_then(|named| {
            let tool = named.tool.as_deref()?;
            Some(Check::of_tool(tool, &named.name))
        });
        let Some(basis) = tool.or_else(|| self.own_check(&own)) else {
            return Conclusion::passed();
        };
        let check = Check {
            args: &self.args,
            paths: if paths.is_empty() {
                basis.paths
            } else {
                &paths
            },
            findings: self.findings.as_ref().or(basis.findings),
            exit: self.exit.as_ref().unwrap_or(basis.exit),
            ..basis
        };
        let policy = Policy {
            new_only: self.new_only,
            fail_on: self.fail_on,
        };
        super::run(host, &check, &policy).await
    }

    fn own_check<'a>(&'a self, exit: &'a ExitCodes) -> Option<Check<'a>> {
        let command = self.check.as_ref()?;
        Some(Check {
            fix: self.fix.as_ref(),
            ..Check::of_command(command, exit)
        })
    }
}
