//! A work item and what its specification says, as Markdown and as data.

use std::io::{Result, Write};

use serde_json::{Value, json};

use super::gentle;
use super::markdown::code;
use crate::span::Spanned;
use crate::work::{Contract, Item, Limit, Spec, item_type};

/// Writes an item: its head, and what its specification says, if it is there.
pub fn work_item(item: &Item, state: &str, spec: Option<&Spec>, out: &mut dyn Write) -> Result<()> {
    head(item, state, out)?;
    spec.map_or(Ok(()), |spec| sections(spec, out))
}

pub(super) fn head(item: &Item, state: &str, out: &mut dyn Write) -> Result<()> {
    let kind = item_type(&item.kind).map_or(item.kind.as_str(), |kind| kind.title);
    writeln!(out, "# {kind}: {}\n", gentle::text(&item.title))?;
    let (id, path) = (code(&item.id), code(&item.spec_path()));
    writeln!(
        out,
        "{id} · {} · {path}{state}",
        item.status.replace('_', " ")
    )
}

/// Writes what a specification says; of what it does not say nothing is written.
pub(super) fn sections(spec: &Spec, out: &mut dyn Write) -> Result<()> {
    let what: Vec<&Spanned<String>> = spec.scope.iter().chain(&spec.components).collect();
    list(
        "What is integrated",
        what.into_iter().map(|text| gentle::text(text)),
        out,
    )?;
    list(
        "Integration points",
        spec.points.iter().map(|text| gentle::text(text)),
        out,
    )?;
    let services = &spec.environment.services;
    list("Services", services.iter().map(|text| code(text)), out)?;
    if !spec.scenarios.is_empty() {
        writeln!(out, "\n## Scenarios\n")?;
        for (place, scenario) in (1..).zip(&spec.scenarios) {
            let number = scenario.number.unwrap_or(place);
            writeln!(out, "{number}. {}", gentle::text(&scenario.name))?;
        }
    }
    let limits = limits(spec).map(|(what, limit)| format!("{what} {}", said(limit)));
    list("Performance requirements", limits, out)?;
    list("Contracts", spec.contracts.iter().map(contract), out)?;
    let needed = spec.dependencies.iter().map(|text| gentle::text(text));
    list("Needed before", needed, out)
}

pub(super) fn list(
    title: &str,
    items: impl IntoIterator<Item = String>,
    out: &mut dyn Write,
) -> Result<()> {
    let mut items = items.into_iter().peekable();
    if items.peek().is_some() {
        writeln!(out, "\n## {title}\n")?;
    }
    for item in items {
        writeln!(out, "- {item}")?;
    }
    Ok(())
}

fn limits(spec: &Spec) -> impl Iterator<Item = (&'static str, &Limit)> {
    let performance = &spec.performance;
    let all = [
        ("response time", &performance.response_time),
        ("throughput", &performance.throughput),
        ("resources", &performance.resources),
        ("load", &performance.load),
    ];
    all.into_iter()
        .flat_map(|(what, limits)| limits.iter().map(move |limit| (what, limit)))
}

fn said(limit: &Limit) -> String {
    let value = limit.quantity.as_ref().map(|quantity| code(&quantity.text));
    let value = value.unwrap_or_else(|| "can't be read".to_owned());
    format!("{}: {value}", gentle::text(&limit.name))
}

fn contract(contract: &Contract) -> String {
    let file = contract
        .file
        .as_ref()
        .map_or("no file".to_owned(), |file| code(file));
    let version = contract
        .version
        .as_ref()
        .map(|version| format!(" {}", gentle::text(version)));
    let name = Some(&contract.name).filter(|name| !name.is_empty());
    let name = name.map(|name| format!(" ({})", gentle::text(name)));
    format!(
        "{file}{}{}",
        version.unwrap_or_default(),
        name.unwrap_or_default()
    )
}

/// What a specification says, as data. Numbers are in milliseconds, per second, bytes and percent.
pub fn spec_document(spec: &Spec) -> Value {
    let texts = |texts: &[Spanned<String>]| -> Vec<String> {
        texts.iter().map(|text| text.value.clone()).collect()
    };
    let scenarios = spec.scenarios.iter().map(|one| {
        json!({"name": *one.name, "setup": texts(&one.setup), "actions": texts(&one.actions),
               "expected_results": texts(&one.expected)})
    });
    let contracts = spec.contracts.iter().map(|one| {
        let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
        json!({"name": *one.name, "file": text(&one.file), "version": text(&one.version)})
    });
    let limits = limits(spec).map(|(what, limit)| {
        let quantity = limit.quantity.as_ref();
        json!({"of": what, "name": *limit.name, "value": quantity.map(|quantity| quantity.value),
               "text": quantity.map(|quantity| quantity.text.as_str())})
    });
    json!({
        "scope": texts(&spec.scope),
        "components": texts(&spec.components),
        "integration_points": texts(&spec.points),
        "services": texts(&spec.environment.services),
        "compose_file": spec.environment.compose_file.as_ref().map(|file| file.value.clone()),
        "scenarios": scenarios.collect::<Vec<_>>(),
        "performance": limits.collect::<Vec<_>>(),
        "contracts": contracts.collect::<Vec<_>>(),
        "dependencies": texts(&spec.dependencies),
    })
}
