//! `--from`: the `quality_gates` of a `config.json` → checks and nodes. What has no counterpart
//! is named, never dropped in silence.

mod checkers;
mod command;
mod documentation;
mod gate;
mod integration;
mod libraries;
mod preset;
mod rules;
mod security;
mod tools;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use self::gate::Gate;
use super::draft::Draft;
use super::package::{Package, Role};
use super::project::Project;
use super::{Config, InitError, error};
use crate::diag::did_you_mean;

/// What a configuration came to, besides the changes to the packages.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// Nodes of its own.
    pub(super) nodes: Vec<Draft>,
    /// What was not carried over, one sentence each.
    pub(super) notes: Vec<String>,
}

/// What every gate works on.
struct Carrier<'a> {
    project: &'a dyn Project,
    packages: &'a mut Vec<Package>,
    /// What the comment of everything carried over begins with: `From …`.
    origin: String,
    carried: Carried,
}

impl Carrier<'_> {
    /// Says what was not carried over.
    fn note(&mut self, note: impl Into<String>) {
        self.carried.notes.push(note.into());
    }
}

/// How a gate is carried over.
type Carry = fn(&mut Carrier<'_>, &mut Gate<'_>);

const GATES: &[(&str, Carry)] = &[
    ("test_execution", |carrier, gate| {
        tools::carry(carrier, gate, Role::Test);
    }),
    ("linting", |carrier, gate| {
        tools::carry(carrier, gate, Role::Lint);
    }),
    ("formatting", |carrier, gate| {
        tools::carry(carrier, gate, Role::Format);
    }),
    ("security", security::carry),
    ("documentation", documentation::carry),
    ("custom_validations", rules::carry),
    ("context7", libraries::carry),
    ("integration_tests", later),
    ("integration_documentation", integration::carry),
];

/// Changes the checks of the packages as a configuration says, and gives what else it says.
pub(super) fn carry_over(
    config: &Config,
    project: &dyn Project,
    packages: &mut Vec<Package>,
) -> Result<Carried, InitError> {
    let (gates, rest) = quality_gates(config)?;
    let mut carrier = Carrier {
        project,
        packages,
        origin: format!("From {}", config.path),
        carried: Carried::default(),
    };
    if !rest.is_empty() {
        let note = format!("only `quality_gates` was read, not {}", rest.join(", "));
        carrier.note(note);
    }
    let mut problems = Vec::new();
    for (name, value) in &gates {
        let known = GATES.iter().find(|(known, _)| known == name);
        match (known, value) {
            (None, _) => {
                let near = did_you_mean(name, GATES.iter().map(|(known, _)| *known));
                let near = near.map_or(String::new(), |near| format!("; {near}"));
                carrier.note(format!("`{name}` is no known gate{near}"));
            }
            (Some((_, carry)), Value::Object(fields)) => {
                let mut gate = Gate::new(name, fields);
                carry(&mut carrier, &mut gate);
                gate.finish(&mut carrier.carried.notes, &mut problems);
            }
            (Some(_), _) => problems.push(format!("`{name}` is no object")),
        }
    }
    carrier
        .packages
        .retain(|package| !package.checks.is_empty());
    if problems.is_empty() {
        return Ok(carrier.carried);
    }
    Err(error(
        format!("`{}`: {}", config.path, problems.join("; ")),
        "correct these in the file, or run without `--from`",
    ))
}

/// The gates, and the names of everything else.
fn quality_gates(config: &Config) -> Result<(Map<String, Value>, Vec<String>), InitError> {
    let path = &config.path;
    let mut all: Map<String, Value> = serde_json::from_str(&config.text).map_err(|problem| {
        error(
            format!("`{path}` is not a JSON object: {problem}"),
            "correct it, or run without `--from`",
        )
    })?;
    let gates = all.shift_remove("quality_gates");
    let rest = all.keys().map(|name| format!("`{name}`")).collect();
    match gates {
        Some(Value::Object(gates)) => Ok((gates, rest)),
        _ => Err(error(
            format!("`{path}` has no object `quality_gates`"),
            "without `--from`, the pipeline is made from what is found in the project",
        )),
    }
}

/// The environment and the load of an integration are nodes that somebody has to write.
fn later(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if gate.is_enabled(true) {
        carrier.note(format!(
            "`{}` has no counterpart yet: write a `setup` or a `service`, and a `test` that needs it",
            gate.name
        ));
    }
    gate.take_rest();
}
