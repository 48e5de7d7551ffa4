//! Contracts in memory, compared in process.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use sdd::contract::compare::{Finding, Level, Notice, Terms, compare_by};
use sdd::contract::load::{Files, Problem};
use sdd::contract::model::Contract;
use sdd::contract::read;
use sdd::contract::schema::Graph;
use sdd::span::Sources;

/// Two texts, by their names.
pub struct Texts<'t>(pub &'t [(&'t str, &'t str)]);

impl Files for Texts<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        let text = found.map(|(_, text)| (*text).to_owned());
        text.ok_or_else(|| "there is no such file".to_owned())
    }
}

/// What is found between two contracts, or why they can't be compared. Notice is owed for what is
/// beta only.
pub fn try_diff(old: &str, new: &str) -> Result<Vec<Finding>, Vec<Problem>> {
    let terms = Terms {
        today: Some("2026-11-27".parse().unwrap()),
        notice: Notice {
            stable: 0,
            beta: 30,
        },
    };
    let files = Texts(&[("old", old), ("new", new)]);
    let (mut sources, mut graph) = (Sources::default(), Graph::default());
    let mut open = |path: &str| -> Result<Contract, Vec<Problem>> {
        read(path, &files, &mut sources, &mut graph)
    };
    let (old, new) = (open("old")?, open("new")?);
    Ok(compare_by(terms, &old, &new, &mut graph))
}

#[track_caller]
pub fn diff(old: &str, new: &str) -> Vec<Finding> {
    match try_diff(old, new) {
        Ok(findings) => findings,
        Err(problems) => panic!("{problems:?}\n{old}\n{new}"),
    }
}

/// The rules of those that break, may break, or could not be decided.
pub fn alarms(findings: &[Finding]) -> Vec<&str> {
    let alarms = findings
        .iter()
        .filter(|finding| finding.level != Level::Info);
    alarms.map(|finding| finding.rule.as_str()).collect()
}

/// A contract with these paths.
pub fn document(paths: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n{paths}")
}

/// A contract whose only operation is this.
pub fn operation(text: &str) -> String {
    let text = text.replace('\n', "\n      ");
    document(&format!("  /a:\n    post:\n      {text}\n"))
}

/// A contract with a schema at the place that rules beginning so are about.
pub fn placed(prefix: &str, schema: &str) -> String {
    let content = |schema: &str| format!("content: {{application/json: {{schema: {schema}}}}}");
    let inner = format!("{{type: object, properties: {{p: {schema}}}}}");
    let answer = |rest: &str| format!("responses: {{'200': {{description: d, {rest}}}}}");
    let empty = "responses: {'200': {description: d}}";
    operation(&match prefix {
        "request-body" => format!("requestBody: {{{}}}\n{empty}", content(schema)),
        "request-property" => format!("requestBody: {{{}}}\n{empty}", content(&inner)),
        "request-parameter" => {
            format!("parameters: [{{name: q, in: query, schema: {schema}}}]\n{empty}")
        }
        "request-parameter-property" => {
            format!("parameters: [{{name: q, in: query, schema: {inner}}}]\n{empty}")
        }
        "response-header-property" => answer(&format!("headers: {{H: {{schema: {inner}}}}}")),
        "response-body" => answer(&content(schema)),
        "response-property" => answer(&content(&inner)),
        "response-header" => answer(&format!("headers: {{H: {{schema: {schema}}}}}")),
        other => panic!("`{other}` is no place"),
    })
}
