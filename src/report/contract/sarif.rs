//! SARIF 2.1.0, for code hosts and editors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Changes, Checked, proof};
use crate::contract::compare::{Finding, Level, all_rules};
use crate::contract::live::Repeat;
use crate::contract::place::Places;
use crate::contract::validate::{self, Diagnosis};
use crate::report::diagnostic::relative_uri;
use crate::report::sanitise::plain;
use crate::span::{Position, Sources, Span};

/// The changes from one contract to another.
pub fn changes(changes: &Changes<'_>) -> Value {
    let places = Places::new(changes.sources);
    let results = changes.findings.iter().enumerate().map(|(index, finding)| {
        let repeat = changes.repeats.get(index).and_then(Option::as_ref);
        change(finding, repeat, &places)
    });
    let docs = all_rules().map(|rule| (rule.id, rule.doc));
    log(&results.collect::<Vec<_>>(), &docs.collect())
}

fn change(finding: &Finding, repeat: Option<&Repeat>, places: &Places<'_>) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning | Level::Undecided => "warning",
        Level::Info => "note",
    };
    let endpoint = format!("{} {}", finding.method, finding.path);
    let mut words = vec![format!("{}: {}", endpoint.trim(), finding.message)];
    words.extend(proof(finding));
    words.extend(repeat.map(|repeat| match repeat {
        Repeat::Line(line) => format!("it was accepted: {line}"),
        Repeat::Unwritable(why) => format!("no request shows it: {why}"),
    }));
    let place = |span: Option<Span>| places.of(span?);
    let (old, new) = (place(finding.old), place(finding.new));
    let first = new.or(old);
    let related = old.filter(|_| new.is_some());
    let mut result = result(&finding.rule, level, &words.join("\n"), first);
    if let Some((path, at)) = related {
        let mut related = location(path, Some(at));
        related["message"] = json!({"text": "what it was before"});
        result["relatedLocations"] = json!([related]);
    }
    result["properties"] = json!({
        "level": finding.level.as_str(),
        "location": finding.location,
        "operations": finding.operations,
        "witness": finding.witness.as_ref().map(|witness| {
            json!({"valid_in": witness.valid_in, "instance": witness.instance})
        }),
    });
    result
}

/// What is wrong with contracts.
pub fn checks(files: &[Checked], sources: &Sources) -> Value {
    let places = Places::new(sources);
    let results = files.iter().flat_map(|file| {
        let told = file.diagnoses.iter().map(|one| wrong(one, &places));
        let unread = file.unread.iter().map(|problem| {
            let mut result = result("openapi/unread", "error", &problem.message, None);
            result["locations"] = json!([location(&problem.path, None)]);
            result
        });
        told.chain(unread)
    });
    let docs = validate::RULES.iter().map(|rule| (rule.id, rule.doc));
    log(&results.collect::<Vec<_>>(), &docs.collect())
}

fn wrong(one: &Diagnosis, places: &Places<'_>) -> Value {
    let mut result = result(
        one.rule.id,
        one.grade.as_str(),
        &one.message,
        places.of(one.span),
    );
    result["properties"] = json!({"pointer": one.pointer});
    result
}

fn result(rule: &str, level: &str, message: &str, place: Option<(&str, Position)>) -> Value {
    let locations = place.map(|(path, at)| location(path, Some(at)));
    json!({
        "ruleId": rule,
        "level": level,
        "message": {"text": plain(message)},
        "locations": locations.into_iter().collect::<Vec<_>>(),
    })
}

fn location(path: &str, at: Option<Position>) -> Value {
    let mut physical = Map::new();
    physical.insert(
        "artifactLocation".to_owned(),
        json!({"uri": relative_uri(path)}),
    );
    if let Some(at) = at {
        let region = json!({"startLine": at.line, "startColumn": at.column});
        physical.insert("region".to_owned(), region);
    }
    json!({"physicalLocation": physical})
}

fn log(results: &[Value], docs: &BTreeMap<&str, &str>) -> Value {
    let mut used: Vec<&str> = results
        .iter()
        .filter_map(|one| one["ruleId"].as_str())
        .collect();
    used.sort_unstable();
    used.dedup();
    let rules = used.iter().map(|id| match docs.get(id) {
        Some(doc) => json!({"id": id, "shortDescription": {"text": doc}}),
        None => json!({"id": id}),
    });
    let driver = json!({
        "name": "sdd",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.collect::<Vec<_>>(),
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}
