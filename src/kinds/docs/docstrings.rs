//! Docstrings, which a tool judges.

use super::{Checked, Judged};
use crate::diag::{Diagnostic, Diags};
use crate::event::Measurement;
use crate::gate::{self, Check, judge, weigh};
use crate::host::Host;
use crate::span::{Span, Spanned};
use crate::spec::{Decoder, Glob, Template};
use crate::tools::{Purpose, ToolRef, Toolbox};

/// The tool that judges if none is named.
const PRESET: &str = "ruff-docstrings";

crate::spec! {
    /// What is public in code is documented where it stands, as a tool for `lint` sees it.
    pub struct Docstrings = "docstrings" {
        /// What is looked at. Patterns stand for the files that match.
        "paths" paths: Vec<Glob>,
        /// The tool that judges; `ruff-docstrings` unless another is named.
        "tool" tool: Option<ToolRef>,
        /// Whether only findings count that are new against `base`.
        "new-only" new_only: bool = "false",
    }
}

impl Docstrings {
    /// Refuses a look at everything: what is public is a matter of the folder.
    pub(super) fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        if self.paths.is_empty() {
            decoder.diags.push(
                Diagnostic::new("missing-field", "`docstrings` does not say of which files")
                    .at(owner, "needs `paths`")
                    .help("for instance `docstrings paths=\"src/**/*.py\"`"),
            );
        }
    }

    pub(super) fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        let place = self.paths.first().map(|glob| glob.span);
        let tool = self.tool.get_or_insert_with(|| ToolRef {
            name: Spanned::new(PRESET.to_owned(), place.unwrap_or_default()),
            tool: None,
        });
        tool.bind(Purpose::Lint, toolbox, diags);
    }

    /// The program of the tool.
    pub(super) fn program(&self) -> Option<Template> {
        let tool = self.tool.as_ref()?.tool.as_deref()?;
        tool.check.words.first().cloned()
    }

    pub(super) async fn judge(&self, host: &impl Host) -> Judged {
        let tool = self.tool.as_ref();
        let Some((named, tool)) = tool.and_then(|named| Some((named, named.tool.as_deref()?)))
        else {
            return Err(judge::nothing_read("no tool judges the docstrings"));
        };
        let paths: Vec<String> = self.paths.iter().map(|glob| glob.text.clone()).collect();
        let check = Check {
            paths: &paths,
            ..Check::of_tool(tool, &named.name)
        };
        let mut evidence = gate::check(host, &check, None).await?;
        if self.new_only {
            evidence = gate::only_new(host, &check, evidence).await?;
        }
        let findings = evidence
            .findings
            .ok_or_else(|| judge::nothing_read("nobody says how its findings are read"))?;
        host.measure(Measurement::count(
            "docs.docstrings.findings",
            findings.len() as u64,
        ));
        let summary = (!findings.is_empty()).then(|| {
            let all: Vec<_> = findings.iter().collect();
            format!("docstrings: {}", weigh::summary(&all))
        });
        Ok(Checked {
            findings,
            summary,
            ..Checked::default()
        })
    }
}
