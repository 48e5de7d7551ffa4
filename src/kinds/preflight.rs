//! `preflight`: whether the machine can run what follows.

use futures_util::future::join_all;

use super::NodeKind;
use crate::diag::Diagnostic;
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Host};
use crate::preflight::{Check, Range, ThroughHost};
use crate::sched::Outcome;
use crate::span::{Span, Spanned};
use crate::spec::{Decoder, Map, ProjectPath};

crate::spec! {
    /// Sees whether the machine can run what follows, before anything slow begins. `sdd doctor` makes the same checks.
    pub struct Preflight = "preflight" {
        /// Whether a Docker daemon has to answer.
        "docker" docker: bool = "false",
        /// Whether Docker Compose has to be there, as a part of `docker` or as a program of its own.
        "compose" compose: bool = "false",
        /// Programs that have to be there, each with the range of its version: `">=3.9, <4"`, `"3.11"`, `"^1.2"`, `"~1.2.3"` or `"*"`.
        "tools" tools: Map<Spanned<String>>,
        /// Files and folders that have to be there.
        "files" files: Vec<ProjectPath>,
        /// Variables of the environment that have to be set and not empty.
        "env" env: Vec<Spanned<String>>,
        /// TCP ports that nothing may listen on.
        "ports-free" ports_free: Vec<u32>,
    }
}

impl NodeKind for Preflight {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        for (name, range) in &self.tools.0 {
            if range.parse::<Range>().is_err() {
                let message = format!("`{}` is no range of versions", **range);
                decoder.diags.push(
                    Diagnostic::new("wrong-type", message)
                        .at(range.span, format!("of `{}`", **name))
                        .help("for instance \">=3.9, <4\", \"3.11\", \"^1.2\" or \"*\""),
                );
            }
        }
        if self.checks().is_empty() {
            decoder.diags.push(
                Diagnostic::new("missing-field", "the node checks nothing")
                    .at(owner, "would always pass")
                    .help("for instance `tools { python3 \">=3.9\" }` or `files \"config.toml\"`"),
            );
        }
    }

    fn checks(&self) -> Vec<Check> {
        let flags = [(self.docker, Check::Docker), (self.compose, Check::Compose)];
        let flags = flags.into_iter().filter(|(wanted, _)| *wanted);
        let tools = self.tools.0.iter().map(|(name, range)| {
            let range = range.parse().ok().filter(|_| range.trim() != "*");
            Check::Tool(name.value.clone(), range)
        });
        let files = self.files.iter().map(|file| Check::File(file.path.clone()));
        let variables = self.env.iter();
        let variables = variables.map(|name| Check::Variable(name.value.clone()));
        let ports = self
            .ports_free
            .iter()
            .filter_map(|port| u16::try_from(*port).ok());
        flags
            .map(|(_, check)| check)
            .chain(tools)
            .chain(files)
            .chain(variables)
            .chain(ports.map(Check::Port))
            .collect()
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let checks = self.checks();
        let machine = ThroughHost(host);
        let made = join_all(checks.iter().map(|check| check.make(&machine))).await;
        if let Some(ended) = host.interruption() {
            return crate::gate::judge::could_not_tell(&ended);
        }
        let mut remedies = Vec::new();
        let mut wrong = Vec::new();
        for (check, result) in checks.iter().zip(made) {
            match result {
                Ok(found) => host.note(&format!("ok       {}: {found}\n", check.name())),
                Err(problem) => {
                    host.note(&format!("missing  {}: {}\n", check.name(), problem.message));
                    let finding = Finding::new(problem.rule, Grade::High, problem.message.clone());
                    host.finding(finding);
                    remedies.push(format!("{}: {}", check.name(), problem.remedy));
                    wrong.push(problem.message);
                }
            }
        }
        host.measure(Measurement::count("checks.made", count(checks.len())));
        host.measure(Measurement::count("checks.failed", count(wrong.len())));
        if wrong.is_empty() {
            return Conclusion::passed();
        }
        let reason = match wrong.as_slice() {
            [only] => only.clone(),
            [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
            [] => String::new(),
        };
        let conclusion = Conclusion::new(Outcome::Failed, "machine-not-ready", reason);
        remedies.into_iter().fold(conclusion, Conclusion::remedy)
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
