//! `lint`: checks code with a linter.

use super::NodeKind;
use crate::diag::Diags;
use crate::gate::{Checker, Effects};
use crate::host::{Conclusion, Host};
use crate::span::Span;
use crate::spec::{Decoder, Template};
use crate::tools::{Purpose, Toolbox};

crate::alias! {
    /// Checks code with a linter, which must not write; with `--fix` it mends what it can first.
    pub struct Lint(Checker) = "lint";
}

impl NodeKind for Lint {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        self.0.check(owner, decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        self.0.programs()
    }

    fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        self.0.bind(Purpose::Lint, toolbox, diags);
    }

    fn effects(&self) -> Option<Effects<'_>> {
        Some(self.0.effects())
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        self.0.run(host).await
    }
}
