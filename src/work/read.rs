//! A specification in Markdown, read by its headings.

use super::outline::{Group, Outline, Section, outline};
use super::quantity::Dimension;
use super::spec::{
    Contract, Limit, Scenario, Spec, TOPICS, Topic, check_contract, check_names, limit,
};
use super::types::item_type;
use crate::diag::{Diagnostic, Diags};
use crate::span::{SourceId, Span, Spanned};

/// Reads a specification. What its values say wrongly is reported; what is left out is not.
pub fn read(text: &str, source: SourceId, diags: &mut Diags) -> Spec {
    let page = outline(text, source);
    let first = page.sections.first();
    let first_line = text.find('\n').unwrap_or(text.len());
    let mut reader = Reader {
        text,
        diags,
        spec: Spec {
            title: first
                .filter(|one| one.level == 1)
                .map(|one| one.title.clone()),
            top: first.map_or(Span::new(source, 0..first_line), |one| one.title.span),
            ..Spec::default()
        },
    };
    let mut index = 0;
    while index < page.sections.len() {
        let below = page.below(index);
        if let Some(topic) = topic(&page.sections[index]) {
            reader.topic(topic, below);
            index += below.len();
        } else {
            index += 1;
        }
    }
    placeholders(text, source, reader.diags);
    check_names(&reader.spec.scenarios, reader.diags);
    reader.spec
}

/// The topic of a heading; numbers before it do not count.
fn topic(section: &Section) -> Option<Topic> {
    let title = bare(&section.title);
    let is_named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(title));
    let row = TOPICS.iter().find(|(_, names, _)| is_named(names));
    row.map(|(topic, ..)| *topic).filter(|_| section.level > 0)
}

fn bare(title: &str) -> &str {
    let numbered = |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ');
    title
        .trim_start_matches(numbered)
        .trim_end_matches([':', ' '])
}

/// Texts of the template that nobody replaced.
fn placeholders(text: &str, source: SourceId, diags: &mut Diags) {
    let known = item_type("integration_test").map(super::ItemType::placeholders);
    for placeholder in known.unwrap_or_default() {
        let written = format!("[{placeholder}]");
        for (at, _) in text.match_indices(&written) {
            diags.push(
                Diagnostic::new("spec-placeholder", "this is still the text of the template")
                    .at(Span::new(source, at..at + written.len()), "to be written")
                    .help("write what holds here, or remove the line"),
            );
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    diags: &'t mut Diags,
    spec: Spec,
}

impl Reader<'_> {
    fn topic(&mut self, topic: Topic, below: &[Section]) {
        let Some(head) = below.first() else { return };
        if let Some(first) = self.spec.at(topic) {
            self.diags.push(
                Diagnostic::new(
                    "spec-duplicate",
                    format!("`{}` is there twice", *head.title),
                )
                .at(head.title.span, "again here")
                .at(first, "first here")
                .help("write all of it under one heading"),
            );
            return;
        }
        self.spec.parts.push((topic, head.title.span));
        match topic {
            Topic::Scope => self.scope(below),
            Topic::Scenarios => self.scenarios(below),
            Topic::Performance => self.performance(below),
            Topic::Contracts => self.contracts(below),
            Topic::Environment => self.environment(below),
            Topic::Dependencies => {
                let texts = groups(below)
                    .into_iter()
                    .flat_map(|(_, group)| group.texts());
                self.spec.dependencies = texts.cloned().collect();
            }
        }
    }

    fn scope(&mut self, below: &[Section]) {
        for (label, group) in groups(below) {
            let texts = group.texts().cloned();
            let into = match label.to_lowercase() {
                label if label.contains("component") => &mut self.spec.components,
                label if label.contains("point") => &mut self.spec.points,
                _ => &mut self.spec.scope,
            };
            into.extend(texts);
        }
    }

    fn scenarios(&mut self, below: &[Section]) {
        let level = below.iter().skip(1).map(|section| section.level).min();
        let page = Outline {
            sections: below.to_vec(),
        };
        for (index, head) in below.iter().enumerate().skip(1) {
            if Some(head.level) == level {
                let number = self.spec.scenarios.len() + 1;
                self.spec
                    .scenarios
                    .push(scenario(number, page.below(index)));
            }
        }
    }

    fn performance(&mut self, below: &[Section]) {
        for (label, group) in groups(below) {
            let label = label.to_lowercase();
            let Some(row) = LIMITS.iter().find(|(word, ..)| label.contains(word)) else {
                continue;
            };
            let (_, wanted, named, field) = row;
            for item in group.texts() {
                let limit = self.limit(item, wanted, *named);
                field(&mut self.spec).push(limit);
            }
        }
    }

    fn limit(&mut self, item: &Spanned<String>, wanted: &[Dimension], named: bool) -> Limit {
        let (name, value) = self.split(item);
        if named && !is_percentile(&name) {
            self.diags.push(
                Diagnostic::new(super::spec::VALUE, format!("`{}` is no percentile", *name))
                    .at(item.span, "can't be measured")
                    .help("write `p50`, `p95`, `p99`, `mean` or `max`, a colon and a time"),
            );
            return Limit {
                name,
                quantity: None,
            };
        }
        limit(name, &value, wanted, self.diags)
    }

    fn contracts(&mut self, below: &[Section]) {
        for (label, group) in groups(below) {
            let mut contract = Contract {
                name: label.clone(),
                ..Contract::default()
            };
            for item in group.texts() {
                let (name, value) = self.split(item);
                let known = match name.to_lowercase() {
                    name if name.contains("version") => &mut contract.version,
                    name if name.contains("contract file") || name == "file" => &mut contract.file,
                    name if name.contains("schema file") => {
                        contract.is_schema = true;
                        &mut contract.file
                    }
                    _ => continue,
                };
                if !value.is_empty() {
                    known.get_or_insert(value);
                }
            }
            let is_contract = contract.file.is_some() || contract.version.is_some();
            if label.is_empty() && group.items.is_empty() && !is_contract {
                continue;
            }
            if contract.name.is_empty() {
                contract.name.span = group
                    .texts()
                    .next()
                    .map_or(contract.name.span, |text| text.span);
            }
            check_contract(&contract, self.diags);
            self.spec.contracts.push(contract);
        }
    }

    fn environment(&mut self, below: &[Section]) {
        for (label, group) in groups(below) {
            let is_services = label.to_lowercase().contains("service");
            for item in group.texts() {
                let environment = &mut self.spec.environment;
                if is_services {
                    environment.services.push(item.clone());
                    continue;
                }
                environment.says_more = true;
                let (name, value) = self.split(item);
                let environment = &mut self.spec.environment;
                match name.to_lowercase() {
                    name if name.contains("compose") => environment.compose_file = Some(value),
                    name if name.contains("config file") => environment.config_files.push(value),
                    _ => {}
                }
            }
        }
    }

    /// `name: value`, or `name value`, each with its place.
    fn split(&self, item: &Spanned<String>) -> (Spanned<String>, Spanned<String>) {
        let apart = item
            .split_once(':')
            .or_else(|| item.split_once(char::is_whitespace));
        let (name, value) = apart.unwrap_or((item.as_str(), ""));
        let part = |text: &str| {
            let text = text.trim();
            let own = &self.text[item.span.range()];
            let span = match own.find(text).filter(|_| !text.is_empty()) {
                Some(at) => {
                    let start = item.span.start as usize + at;
                    Span::new(item.span.source, start..start + text.len())
                }
                None => item.span,
            };
            Spanned::new(text.to_owned(), span)
        };
        (part(name), part(value))
    }
}

type Field = fn(&mut Spec) -> &mut Vec<Limit>;

/// Words of labels, what their limits measure, whether they are percentiles, and where they go.
const LIMITS: &[(&str, &[Dimension], bool, Field)] = &[
    ("response", &[Dimension::Duration], true, |spec| {
        &mut spec.performance.response_time
    }),
    ("latency", &[Dimension::Duration], true, |spec| {
        &mut spec.performance.response_time
    }),
    ("throughput", &[Dimension::Rate], false, |spec| {
        &mut spec.performance.throughput
    }),
    ("resource", RESOURCES, false, |spec| {
        &mut spec.performance.resources
    }),
    ("load", &[Dimension::Duration], false, |spec| {
        &mut spec.performance.load
    }),
];

const RESOURCES: &[Dimension] = &[
    Dimension::Percent,
    Dimension::Size,
    Dimension::Bandwidth,
    Dimension::Rate,
];

/// Whether a name is that of a percentile, or of the mean or an end.
pub(super) fn is_percentile(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words = ["mean", "average", "avg", "median", "max", "maximum"];
    let number = lower
        .strip_prefix('p')
        .and_then(|digits| digits.parse::<f64>().ok());
    words.contains(&lower.as_str()) || number.is_some_and(|number| number > 0.0 && number < 100.0)
}

/// Every group below a heading; a deeper heading is the label of what stands under it.
fn groups(below: &[Section]) -> Vec<(Spanned<String>, &Group)> {
    let mut found = Vec::new();
    for (index, section) in below.iter().enumerate() {
        for group in &section.groups {
            let own = !group.label.is_empty() || index == 0;
            let label = if own { &group.label } else { &section.title };
            found.push((label.clone(), group));
        }
    }
    found
}

fn scenario(number: usize, below: &[Section]) -> Scenario {
    let mut scenario = Scenario {
        name: below
            .first()
            .map(|head| name(&head.title))
            .unwrap_or_default(),
        number,
        ..Scenario::default()
    };
    for (label, group) in groups(below) {
        let into = match label.to_lowercase() {
            label if label.starts_with("setup") => &mut scenario.setup,
            label if label.starts_with("action") || label.starts_with("step") => {
                &mut scenario.actions
            }
            label if label.starts_with("expected") => &mut scenario.expected,
            _ => continue,
        };
        into.extend(group.texts().cloned());
    }
    scenario
}

/// The name in a heading: `Scenario 1: Happy path` is called `Happy path`.
fn name(title: &Spanned<String>) -> Spanned<String> {
    Spanned::new(bare_name(title).to_owned(), title.span)
}

fn bare_name(title: &str) -> &str {
    let named = title.split_once(':').filter(|(before, after)| {
        before.to_lowercase().starts_with("scenario") && !after.trim().is_empty()
    });
    named.map_or(title, |(_, after)| after.trim())
}

/// Whether what stands under a heading is about a scenario: it bears its name or its number.
pub fn is_heading_of(heading: &str, scenario: &Scenario) -> bool {
    let numbered = format!("Scenario {}", scenario.number);
    let names = [&numbered, scenario.name.as_str()];
    names
        .iter()
        .any(|name| super::same_name(bare_name(heading), name))
}
