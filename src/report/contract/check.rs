//! What is wrong with contracts, as data and in Markdown.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::contract::load::Problem;
use crate::contract::place::Places;
use crate::contract::validate::{Diagnosis, Grade};
use crate::report::gentle;
use crate::report::markdown::inline_code as code;
use crate::span::Sources;

/// What a check of one file came to.
#[derive(Debug)]
pub struct Checked {
    /// The file.
    pub path: String,
    /// How many operations it describes, if that is known.
    pub operations: Option<usize>,
    /// What is wrong with its text.
    pub diagnoses: Vec<Diagnosis>,
    /// Why it, or what it refers to, can't be read at all.
    pub unread: Vec<Problem>,
}

impl Checked {
    /// Whether the specification forbids nothing of it.
    pub fn is_valid(&self) -> bool {
        let mut all = self.diagnoses.iter();
        self.operations.is_some()
            && self.unread.is_empty()
            && !all.any(|one| one.grade == Grade::Error)
    }
}

/// Schema `sdd.contract-check/1`.
pub fn checks_document(files: &[Checked], sources: &Sources) -> Value {
    let places = Places::new(sources);
    let findings = files.iter().flat_map(|file| {
        let told = file.diagnoses.iter().map(|one| finding(one, &places));
        let unread = file.unread.iter().map(|problem| {
            json!({
                "rule": "openapi/unread",
                "level": "error",
                "message": problem.message,
                "path": problem.path,
                "line": null,
                "column": null,
                "pointer": null,
            })
        });
        told.chain(unread)
    });
    let rows = files.iter().map(
        |file| json!({"path": file.path, "valid": file.is_valid(), "operations": file.operations}),
    );
    json!({
        "schema": "sdd.contract-check/1",
        "valid": files.iter().all(Checked::is_valid),
        "files": rows.collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
    })
}

fn finding(one: &Diagnosis, places: &Places<'_>) -> Value {
    let at = places.of(one.span).map(|(_, at)| at);
    json!({
        "rule": one.rule.id,
        "level": one.grade.as_str(),
        "message": one.message,
        "path": one.path,
        "line": at.map(|at| at.line),
        "column": at.map(|at| at.column),
        "pointer": one.pointer,
    })
}

/// The same for a page.
pub fn write_checks_markdown(
    files: &[Checked],
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = Places::new(sources);
    for (place, file) in files.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        let word = if file.is_valid() {
            "valid"
        } else {
            "not valid"
        };
        writeln!(out, "## {}: {word}\n", code(&file.path))?;
        for problem in &file.unread {
            writeln!(out, "- **error** {}", gentle::sentence(&problem.message))?;
        }
        for one in &file.diagnoses {
            let at = places.of(one.span);
            let at = at.map(|(path, at)| code(&format!("{path}:{}:{}", at.line, at.column)));
            writeln!(
                out,
                "- **{}** {} {} ({})",
                one.grade.as_str(),
                at.unwrap_or_default(),
                gentle::sentence(&one.message),
                code(one.rule.id)
            )?;
        }
        if let Some(count) = file.operations {
            writeln!(out, "- {count} operations")?;
        }
    }
    Ok(())
}
