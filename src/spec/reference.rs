//! The tables as a reference in Markdown.

use super::{FieldSpec, Manual, TableSpec};
use crate::diag::CODES;

impl Manual<'_> {
    /// The whole reference.
    pub fn reference(&self) -> String {
        let mut out = String::from(INTRODUCTION);
        for kind in &self.grammar.kinds {
            out.extend([format!("\n### `{}`\n\n{}\n", kind.name, kind.doc.trim())]);
            if let Some((_, text)) = self.examples.iter().find(|(name, _)| *name == kind.name) {
                out.extend([format!("\n```kdl\n{text}```\n")]);
            }
            table(kind, &mut out);
            blocks(kind, kind.name, &mut out);
        }
        out.push_str("\n## Fields of every node\n");
        table(self.grammar.common, &mut out);
        blocks(self.grammar.common, "", &mut out);
        out.push_str("\n## Fields of a pipeline itself\n");
        table(self.grammar.header, &mut out);
        blocks(self.grammar.header, "", &mut out);
        out.push_str("\n## Diagnostics\n\n`sdd explain CODE` says the same in the terminal.\n");
        for code in CODES {
            let (id, severity) = (code.id, code.severity.as_str());
            let (summary, explanation) = (code.summary, code.explanation);
            out.extend([format!(
                "\n### `{id}`\n\n*{severity}:* {summary}\n\n{explanation}\n"
            )]);
        }
        out
    }
}

const INTRODUCTION: &str = "\
# Reference

What may be written in `pipelines/NAME.kdl` or `pipelines/NAME.toml`. This page is generated from
the tables that the loader reads: a field that is not here is an error.

A file holds fields of the pipeline itself and nodes. A node is `KIND \"id\" { … }` in KDL and
`[KIND.id]` in TOML.

## Kinds of nodes
";

fn table(spec: &TableSpec, out: &mut String) {
    out.push_str("\n| field | takes | default | |\n|---|---|---|---|\n");
    for field in spec.fields {
        let takes = cell(&field.ty.noun());
        let doc = cell(field.doc);
        out.extend([format!(
            "| `{}` | {takes} | {} | {doc} |\n",
            field.name,
            absent(field)
        )]);
    }
}

fn absent(field: &FieldSpec) -> String {
    match (field.required, field.default) {
        (true, _) => "required".to_owned(),
        (false, Some(text)) => format!("`{text}`"),
        (false, None) => String::new(),
    }
}

/// A text that can stand in a cell.
fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}

/// The blocks inside of a table. A block that is called like the fields of every node is those.
fn blocks(spec: &TableSpec, owner: &str, out: &mut String) {
    let mut open: Vec<(String, &FieldSpec)> = inner(spec, owner);
    while let Some((path, field)) = open.pop() {
        let Some(block) = field.ty.block().filter(|block| block.name != "node") else {
            continue;
        };
        out.extend([format!("\n#### `{path}`\n\n{}\n", block.doc.trim())]);
        table(block, out);
        open.extend(inner(block, &path));
    }
}

/// The fields of a table with their dotted names, the first one last.
fn inner(spec: &TableSpec, owner: &str) -> Vec<(String, &'static FieldSpec)> {
    let fields = spec.fields.iter().rev();
    fields
        .map(|field| match owner {
            "" => (field.name.to_owned(), field),
            owner => (format!("{owner}.{}", field.name), field),
        })
        .collect()
}
