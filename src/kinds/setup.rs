//! `setup`: brings up an environment by a command of the user's own.

use super::{NodeKind, program};
use crate::gate::judge;
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Template};

crate::spec! {
    /// Brings up an environment by a command. A `teardown` for it runs if and only if the setup was started.
    pub struct Setup = "setup" {
        /// A program and its arguments. One single text is split into words as a shell would, without any expansion.
        "run" run: Option<Argv>,
        /// A script for `sh -eu`.
        "shell" shell: Option<Template>,
        /// Names of values that the command makes known to others as `{{node.ID.NAME}}`: it writes a line `NAME=value` for each to the file that the variable `SDD_PUBLISH` names.
        "publish" publish: Vec<String>,
    }
}

impl NodeKind for Setup {
    const ENVIRONMENT: bool = true;

    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        program::run_or_shell(self.run.as_ref(), self.shell.as_ref(), owner, decoder);
    }

    fn publishes(&self) -> Vec<String> {
        self.publish.clone()
    }

    fn programs(&self) -> Vec<Option<Template>> {
        program::programs(self.run.as_ref())
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let Some(invocation) = program::invocation(self.run.as_ref(), self.shell.as_ref()) else {
            return Conclusion::passed();
        };
        let conclusion = judge::by_exit_code(&host.exec(invocation).await, &[0], &[]);
        if conclusion.outcome != Outcome::Passed || self.publish.is_empty() {
            return conclusion;
        }
        let file = host.out().join("publish");
        let text = host.read(&file.to_string_lossy()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            if self.publish.iter().any(|known| known == name) {
                host.publish(name, value.to_owned());
            }
        }
        let published = host.published();
        match self
            .publish
            .iter()
            .find(|name| !published.contains_key(*name))
        {
            None => conclusion,
            Some(name) => {
                let reason = format!("it did not publish `{name}`");
                Conclusion::new(Outcome::Error, "not-published", reason).remedy(format!(
                    "let the command write a line `{name}=value` to the file named by SDD_PUBLISH"
                ))
            }
        }
    }
}
