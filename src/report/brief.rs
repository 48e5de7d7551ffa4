//! What there is to know before the work on an item begins.

use std::io::{Result, Write};

use serde_json::{Value, json};

use super::gentle;
use super::markdown::code;
use super::specification::{head, list, sections, spec_document};
use crate::event::Debt;
use crate::work::{Item, Spec};

/// What there is to know.
#[derive(Debug)]
pub struct Brief<'b> {
    /// The item.
    pub item: &'b Item,
    /// What its specification says and how much it leaves out; `None` if it is not there.
    pub spec: Option<(&'b Spec, usize)>,
    /// What was looked up of this machine and of the project.
    pub checks: &'b [Check],
    /// What earlier runs let through.
    pub debt: &'b [Debt],
}

/// Something that was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked for.
    pub name: String,
    /// Whether it is there.
    pub is_there: bool,
    /// Where, or why not.
    pub detail: String,
}

impl Brief<'_> {
    fn state(&self) -> String {
        match self.spec {
            None => " is not there".to_owned(),
            Some((_, 0)) => String::new(),
            Some((_, count)) => {
                let things = if count == 1 { "thing" } else { "things" };
                format!(" leaves {count} {things} out: `sdd work-item validate`")
            }
        }
    }

    /// As Markdown that can be read in a terminal.
    pub fn markdown(&self, out: &mut dyn Write) -> Result<()> {
        head(self.item, &self.state(), out)?;
        if let Some((spec, _)) = self.spec {
            sections(spec, out)?;
        }
        let checks = self.checks.iter().map(|check| {
            let state = if check.is_there { "ok" } else { "**missing**" };
            format!(
                "{state}: {} {}",
                code(&check.name),
                gentle::sentence(&check.detail)
            )
        });
        list(
            "Before the session",
            checks.map(|line| line.trim_end().to_owned()),
            out,
        )?;
        let debt = self.debt.iter().map(|debt| {
            let (node, since) = (code(&debt.node), code(&debt.since));
            format!(
                "{node}: {} (since run {since})",
                gentle::sentence(&debt.reason)
            )
        });
        list("Debt of the last session", debt, out)
    }

    /// As data.
    pub fn document(&self) -> Value {
        let checks = self
            .checks
            .iter()
            .map(|check| json!({"name": check.name, "ok": check.is_there, "detail": check.detail}));
        let debt = self
            .debt
            .iter()
            .map(|debt| json!({"node": debt.node, "reason": debt.reason, "since": debt.since}));
        json!({
            "schema": "sdd.brief/1",
            "work_item": {"id": self.item.id, "type": self.item.kind, "title": self.item.title,
                          "status": self.item.status, "spec_file": self.item.spec_path()},
            "spec": self.spec.map(|(spec, _)| spec_document(spec)),
            "omissions": self.spec.map(|(_, omissions)| omissions),
            "checks": checks.collect::<Vec<_>>(),
            "debt": debt.collect::<Vec<_>>(),
        })
    }
}
