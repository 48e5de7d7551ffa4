//! `command`: runs a command and judges it by its exit code.

use super::{NodeKind, program};
use crate::gate::judge;
use crate::host::{Conclusion, Host};
use crate::span::Span;
use crate::spec::{Argv, Decoder, Template};

crate::spec! {
    /// Runs a command; it passes if the exit code says so.
    pub struct Command = "command" {
        /// A program and its arguments. One single text is split into words as a shell would, without any expansion.
        "run" run: Option<Argv>,
        /// A script for `sh -eu`.
        "shell" shell: Option<Template>,
        /// Exit codes that mean success.
        "ok-exit-codes" ok_exit_codes: Vec<i32> = "0",
        /// Exit codes that mean that there was nothing to do; the node is then skipped.
        "skip-exit-codes" skip_exit_codes: Vec<i32>,
    }
}

impl NodeKind for Command {
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
        let ended = host.exec(invocation).await;
        judge::by_exit_code(&ended, &self.ok_exit_codes, &self.skip_exit_codes)
    }
}
