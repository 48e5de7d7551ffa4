//! The rules of the gate `custom_validations`.

use serde_json::Value;

use super::{Carrier, Gate};
use crate::cli::init::draft::{Draft, Field, sanitise};
use crate::cli::init::package::literal;
use crate::cli::init::problem;
use crate::cli::init::write::{Text, text};
use crate::syntax::Language;

/// Carries over the gate: a node for each of its rules.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if !gate.is_enabled(true) {
        gate.take_rest();
        return;
    }
    let rules = gate.take("rules", "a list of objects", Value::as_array);
    for (index, rule) in rules.into_iter().flatten().enumerate() {
        let place = format!("{}.rules[{index}]", gate.name);
        let Value::Object(fields) = rule else {
            gate.problem(format!("`{place}` is no object"));
            continue;
        };
        let mut reader = Gate::new(&place, fields);
        let draft = draft(&mut reader, index, &carrier.origin);
        let mut problems = Vec::new();
        reader.finish(&mut carrier.carried.notes, &mut problems);
        for problem in problems {
            gate.problem(problem);
        }
        match draft.and_then(sound) {
            Ok(draft) => carrier.carried.nodes.push(draft),
            Err(why) => carrier.note(format!("`{place}`: {why}")),
        }
    }
}

/// The node that a rule stands for, or why there is none.
fn draft(rule: &mut Gate<'_>, index: usize, origin: &str) -> Result<Draft, String> {
    let name = rule.text("name").unwrap_or_default();
    let description = rule.text("description");
    let required = rule.flag("required").unwrap_or(false);
    let kind = rule.text("type").unwrap_or_default();
    let path = |rule: &mut Gate<'_>| {
        let names = ["path", "file", "files", "file_path"];
        let given = names.into_iter().find_map(|name| rule.text(name));
        given.map(|path| path.trim_start_matches("./").to_owned())
    };
    let mut fields = match kind {
        "command" => {
            let command = rule.text("command").ok_or("it names no `command`")?;
            vec![Field::text("shell", literal(command))]
        }
        "file_exists" => {
            let path = path(rule).ok_or("it names no `path`")?;
            vec![Field::text("exists", path)]
        }
        "grep" => {
            let pattern = rule.text("pattern").ok_or("it has no `pattern`")?;
            let files = path(rule).ok_or("it names no `files`")?;
            vec![Field::text("require", pattern), Field::text("in", files)]
        }
        other => return Err(format!("there is no rule of the type `{other}`")),
    };
    fields.extend(description.map(|text| Field::text("message", text)));
    if !required {
        fields.push(Field::flag("required", false));
    }
    let id = match sanitise(name) {
        id if id.is_empty() => format!("rule-{}", index + 1),
        id => id,
    };
    Ok(Draft {
        comment: vec![format!(
            "{origin}: {}",
            if name.is_empty() { kind } else { name }
        )],
        kind: "rule",
        id,
        fields,
    })
}

/// A draft, unless what it says can't be read: a pattern of another dialect, a path outside.
fn sound(draft: Draft) -> Result<Draft, String> {
    let pipeline = Text {
        description: "One rule",
        nodes: vec![draft],
        ..Text::default()
    };
    match problem("rule.kdl", &text(&pipeline, Language::Kdl)) {
        Some(problem) => Err(problem),
        None => pipeline.nodes.into_iter().next().ok_or_else(String::new),
    }
}
