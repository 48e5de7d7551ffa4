//! `format`: checks the layout of code with a formatter.

use super::NodeKind;
use crate::diag::Diags;
use crate::gate::{Checker, Effects};
use crate::host::{Conclusion, Host};
use crate::span::Span;
use crate::spec::{Decoder, Template};
use crate::tools::{Purpose, Toolbox};

crate::alias! {
    /// Checks the layout of code with a formatter, which must not write; with `--fix` it lays out anew first.
    pub struct Format(Checker) = "format";
}

impl NodeKind for Format {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        self.0.check(owner, decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        self.0.programs()
    }

    fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        self.0.bind(Purpose::Format, toolbox, diags);
    }

    fn effects(&self) -> Option<Effects<'_>> {
        Some(self.0.effects())
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        self.0.run(host).await
    }
}
