//! `teardown`: takes an environment down by a command of the user's own.

use super::{NodeKind, program};
use crate::gate::judge;
use crate::host::{Conclusion, Host};
use crate::span::Span;
use crate::spec::{Argv, Decoder, NodeRef, Template};

crate::spec! {
    /// Takes an environment down by a command: once all its users are over, and if and only if the environment was started.
    pub struct Teardown = "teardown" {
        /// The environment that it takes down.
        "for" environment: NodeRef,
        /// A program and its arguments. One single text is split into words as a shell would, without any expansion.
        "run" run: Option<Argv>,
        /// A script for `sh -eu`.
        "shell" shell: Option<Template>,
    }
}

impl NodeKind for Teardown {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        program::run_or_shell(self.run.as_ref(), self.shell.as_ref(), owner, decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        program::programs(self.run.as_ref())
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let Some(invocation) = program::invocation(self.run.as_ref(), self.shell.as_ref()) else {
            return Conclusion::passed();
        };
        judge::by_exit_code(&host.exec(invocation).await, &[0], &[])
    }
}
