//! What a specification says, in whichever form it is written.

use super::quantity::{Dimension, Quantity, quantity};
use crate::diag::{Diagnostic, Diags};
use crate::span::{Span, Spanned};
use crate::spec::normalise;

/// A part that a specification has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// What is integrated.
    Scope,
    /// What is tried.
    Scenarios,
    /// How fast it has to be.
    Performance,
    /// What the components promise each other.
    Contracts,
    /// Where it runs.
    Environment,
    /// What has to be there before.
    Dependencies,
}

/// The parts with their headings, the one of the template first, and their keys in JSON.
pub(super) const TOPICS: &[(Topic, &[&str], &str)] = &[
    (Topic::Scope, &["Scope"], "scope"),
    (
        Topic::Scenarios,
        &["Test Scenarios", "Scenarios"],
        "test_scenarios",
    ),
    (
        Topic::Performance,
        &[
            "Performance Benchmarks",
            "Performance Requirements",
            "Performance",
        ],
        "performance_benchmarks",
    ),
    (
        Topic::Contracts,
        &["API Contracts", "Contracts"],
        "api_contracts",
    ),
    (
        Topic::Environment,
        &["Environment Requirements", "Environment"],
        "environment_requirements",
    ),
    (Topic::Dependencies, &["Dependencies"], "dependencies"),
];

impl Topic {
    /// Its heading in the template.
    pub fn heading(self) -> &'static str {
        let row = TOPICS.iter().find(|(topic, ..)| *topic == self);
        row.map_or("", |(_, headings, _)| headings[0])
    }

    /// Its key in JSON.
    pub fn key(self) -> &'static str {
        let row = TOPICS.iter().find(|(topic, ..)| *topic == self);
        row.map_or("", |(_, _, key)| key)
    }
}

/// A specification.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spec {
    /// What it is called.
    pub title: Option<Spanned<String>>,
    /// Where it is told that something is not there.
    pub top: Span,
    /// Whether its parts are keys of JSON instead of headings.
    pub is_json: bool,
    /// Whether nothing of it could be read, which was reported.
    pub is_unreadable: bool,
    /// Texts of the template that nobody replaced.
    pub placeholders: Vec<Span>,
    /// The parts that are there, with their places.
    pub parts: Vec<(Topic, Span)>,
    /// What the scope says in free words.
    pub scope: Vec<Spanned<String>>,
    /// What is integrated.
    pub components: Vec<Spanned<String>>,
    /// Where the components meet.
    pub points: Vec<Spanned<String>>,
    /// What is tried.
    pub scenarios: Vec<Scenario>,
    /// How fast it has to be.
    pub performance: Performance,
    /// What the components promise each other.
    pub contracts: Vec<Contract>,
    /// Where it runs.
    pub environment: Environment,
    /// What has to be there before.
    pub dependencies: Vec<Spanned<String>>,
}

/// Something that is tried.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scenario {
    /// Its name, without `Scenario 1:`.
    pub name: Spanned<String>,
    /// The number that its heading gives it, or if none is given any, its place from 1.
    pub number: Option<usize>,
    /// What is there before.
    pub setup: Vec<Spanned<String>>,
    /// What is done.
    pub actions: Vec<Spanned<String>>,
    /// What can be seen afterwards.
    pub expected: Vec<Spanned<String>>,
}

/// How fast it has to be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Performance {
    /// Percentiles of the time until the answer.
    pub response_time: Vec<Limit>,
    /// Requests in time.
    pub throughput: Vec<Limit>,
    /// What may be used up.
    pub resources: Vec<Limit>,
    /// How long it is measured.
    pub load: Vec<Limit>,
}

/// A named limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What it limits, such as `p95`.
    pub name: Spanned<String>,
    /// The limit; `None` if it could not be read, which was reported.
    pub quantity: Option<Quantity>,
}

/// A promise between components.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contract {
    /// Who promises whom.
    pub name: Spanned<String>,
    /// The file that holds it.
    pub file: Option<Spanned<String>>,
    /// Its version.
    pub version: Option<Spanned<String>>,
    /// Whether it is the schema of a database, which has no version of its own.
    pub is_schema: bool,
}

/// Where it runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Environment {
    /// Images or programs that have to be up.
    pub services: Vec<Spanned<String>>,
    /// Files of configuration, which may be patterns.
    pub config_files: Vec<Spanned<String>>,
    /// The Compose file.
    pub compose_file: Option<Spanned<String>>,
    /// Whether it says anything else.
    pub says_more: bool,
}

impl Spec {
    /// Where a part stands, if it is there.
    pub fn at(&self, topic: Topic) -> Option<Span> {
        let found = self.parts.iter().find(|(known, _)| *known == topic);
        found.map(|(_, span)| *span)
    }

    /// Whether what stands there is still the text of the template, which says nothing.
    pub fn is_template(&self, at: Span) -> bool {
        let holds = |other: &Span| other.start < at.end && at.start < other.end;
        self.placeholders.iter().any(holds)
    }

    /// Whether nothing stands in a part.
    pub fn is_empty(&self, topic: Topic) -> bool {
        let performance = &self.performance;
        match topic {
            Topic::Scope => {
                self.scope.is_empty() && self.components.is_empty() && self.points.is_empty()
            }
            Topic::Scenarios => self.scenarios.is_empty(),
            Topic::Performance => {
                let all = [
                    &performance.response_time,
                    &performance.throughput,
                    &performance.resources,
                    &performance.load,
                ];
                all.iter().all(|limits| limits.is_empty())
            }
            Topic::Contracts => self.contracts.is_empty(),
            Topic::Environment => {
                let environment = &self.environment;
                environment.services.is_empty()
                    && environment.config_files.is_empty()
                    && environment.compose_file.is_none()
                    && !environment.says_more
            }
            Topic::Dependencies => self.dependencies.is_empty(),
        }
    }
}

pub(super) const VALUE: &str = "spec-value";

/// Reads a limit; what is wrong with it is reported where it stands.
pub(super) fn limit(
    name: Spanned<String>,
    value: &Spanned<String>,
    wanted: &[Dimension],
    diags: &mut Diags,
) -> Limit {
    let example = wanted.first().map_or("", |dimension| dimension.example());
    let read = quantity(value).and_then(|read| {
        if wanted.contains(&read.dimension) {
            return Ok(read);
        }
        Err(format!("`{}` is {}", read.text, kind(read.dimension)))
    });
    if let Err(reason) = &read {
        diags.push(
            Diagnostic::new(VALUE, format!("`{}` can't be `{}`", *name, **value))
                .at(value.span, reason.clone())
                .help(format!("write {example}")),
        );
    }
    Limit {
        name,
        quantity: read.ok(),
    }
}

fn kind(dimension: Dimension) -> &'static str {
    let example = dimension.example();
    example.split(" such").next().unwrap_or(example)
}

/// Reports the file and the version of a contract if they can't be what they say.
pub(super) fn check_contract(contract: &Contract, diags: &mut Diags) {
    let said = |text: &&Spanned<String>| !text.is_empty();
    if let Some(file) = contract.file.as_ref().filter(said)
        && normalise(file).is_none_or(|path| path.is_empty())
    {
        diags.push(
            Diagnostic::new(
                VALUE,
                format!("the contract file `{}` is not in the project", **file),
            )
            .at(file.span, "leaves the project")
            .help("write a path relative to the root of the project"),
        );
    }
    let Some(version) = contract.version.as_ref().filter(said) else {
        return;
    };
    let bare = version.trim_start_matches(['v', 'V']);
    let mut parts = bare.split(['.', '-', '+']);
    let first = parts.next().unwrap_or_default();
    if first.is_empty() || !first.chars().all(|c| c.is_ascii_digit()) {
        diags.push(
            Diagnostic::new(VALUE, format!("`{}` is no version", **version))
                .at(version.span, "begins with no number")
                .help("write the version that the contract file states, such as `1.2.0`"),
        );
    }
}

/// Reports scenarios that share a name or a number: a test could not tell which of them it covers.
pub(super) fn check_names(scenarios: &[Scenario], diags: &mut Diags) {
    for (index, scenario) in scenarios.iter().enumerate() {
        let before = &scenarios[..index];
        let name = |other: &&Scenario| super::same_name(&other.name, &scenario.name);
        let number = |other: &&Scenario| other.number == scenario.number;
        let called = before.iter().find(name).map(|first| {
            (
                first,
                format!("two scenarios are called `{}`", *scenario.name),
            )
        });
        let numbered = scenario.number.and_then(|own| {
            let first = before.iter().find(number)?;
            Some((first, format!("two scenarios have the number {own}")))
        });
        if let Some((first, message)) = called.or(numbered) {
            diags.push(
                Diagnostic::new("spec-duplicate", message)
                    .at(scenario.name.span, "again here")
                    .at(first.name.span, "first here")
                    .help("give each its own: a test covers the scenario whose name it bears"),
            );
        }
    }
}
