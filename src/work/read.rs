//! A specification in Markdown, read by its headings.

use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::heading::{Part, headed, is_heading_of, is_numbered_scenario, part, titled};
use super::label::says;
use super::outline::{Group, Section, outline};
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
    let mut unknown = Vec::new();
    let mut index = 0;
    while index < page.sections.len() {
        let below = page.below(index);
        if let Some(topic) = topic(&page.sections[index]) {
            reader.topic(topic, below);
            index += below.len();
        } else {
            unknown.push(&page.sections[index]);
            index += 1;
        }
    }
    for section in unknown {
        reader.outside(section);
    }
    reader.placeholders(source);
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
            let into = match &label {
                label if says(label, "component") => &mut self.spec.components,
                label if says(label, "point") => &mut self.spec.points,
                _ => &mut self.spec.scope,
            };
            into.extend(group.texts().cloned());
        }
    }

    fn scenarios(&mut self, below: &[Section]) {
        for headed in headed(below) {
            let scenario = scenario(headed.sections);
            if let Some(outer) = headed.inside {
                self.stray(
                    format!("the scenario `{}` stands in another one", *scenario.name),
                    scenario.name.span,
                    "give both headings the same level",
                    Some(outer.title.span),
                );
            }
            self.spec.scenarios.push(scenario);
        }
        let scenarios = &mut self.spec.scenarios;
        if scenarios.iter().all(|one| one.number.is_none()) {
            for (index, scenario) in scenarios.iter_mut().enumerate() {
                scenario.number = Some(index + 1);
            }
        }
    }

    /// A heading that is called a scenario, and that no part of the specification knows.
    fn outside(&mut self, section: &Section) {
        let known = self.spec.scenarios.iter();
        let is_known = known.clone().any(|one| is_heading_of(&section.title, one));
        if is_numbered_scenario(&section.title) && !is_known {
            self.stray(
                format!("`{}` does not stand under the scenarios", *section.title),
                section.title.span,
                "move it below `## Test Scenarios`, one level deeper",
                self.spec.at(Topic::Scenarios),
            );
        }
    }

    fn stray(&mut self, message: String, at: Span, help: &str, other: Option<Span>) {
        let mut diagnostic = Diagnostic::new("spec-heading", message).at(at, "here");
        if let Some(other) = other {
            diagnostic = diagnostic.at(other, "not in this one");
        }
        self.diags.push(diagnostic.help(help));
    }

    fn performance(&mut self, below: &[Section]) {
        for (label, group) in groups(below) {
            let Some(row) = LIMITS.iter().find(|(word, ..)| says(&label, word)) else {
                continue;
            };
            let (_, wanted, named, field) = row;
            for line in group.lines() {
                if line.is_further && !begins_a_value(&line.text) {
                    continue;
                }
                let limit = self.limit(&line.text, wanted, *named);
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
            for line in group.lines() {
                let (name, value) = self.split(&line.text);
                let path = self.path(&line.text, value.clone());
                let (known, value) = match &name {
                    name if says(name, "version") => (&mut contract.version, value),
                    name if says(name, "contract file") || name.eq_ignore_ascii_case("file") => {
                        (&mut contract.file, path)
                    }
                    name if says(name, "schema file") => {
                        contract.is_schema = true;
                        (&mut contract.file, path)
                    }
                    _ => continue,
                };
                if !value.is_empty() && known.is_none() {
                    *known = Some(value);
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
            if says(&label, "service") {
                self.spec.environment.services.extend(group.entries());
                continue;
            }
            for line in group.lines() {
                let (name, value) = self.split(&line.text);
                let path = self.path(&line.text, value);
                let environment = &mut self.spec.environment;
                environment.says_more = true;
                match &name {
                    _ if path.is_empty() => {}
                    name if says(name, "compose") => environment.compose_file = Some(path),
                    name if says(name, "config file") => environment.config_files.push(path),
                    _ => {}
                }
            }
        }
    }

    /// Texts of the template that nobody replaced.
    fn placeholders(&mut self, source: SourceId) {
        let known = item_type("integration_test").map(super::ItemType::placeholders);
        for placeholder in known.unwrap_or_default() {
            let written = format!("[{placeholder}]");
            for (at, _) in self.text.match_indices(&written) {
                let span = Span::new(source, at..at + written.len());
                self.spec.placeholders.push(span);
                self.diags.push(
                    Diagnostic::new("spec-placeholder", "this is still the text of the template")
                        .at(span, "to be written")
                        .help("write what holds here, or remove the line"),
                );
            }
        }
    }

    /// A value that is a path: where its link leads, or what of it stands in backticks, or all of it.
    fn path(&self, line: &Spanned<String>, value: Spanned<String>) -> Spanned<String> {
        let written = self.text[line.span.start as usize..].lines().next();
        let path = written.and_then(|written| marked(written, &value));
        Spanned::new(path.unwrap_or(value.value), value.span)
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

/// Where the first link of a value leads, or what of it stands in backticks, whichever comes first.
fn marked(written: &str, value: &str) -> Option<String> {
    let mut link: Option<(String, String)> = None;
    for event in Parser::new(written) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                link = Some((dest_url.to_string(), String::new()));
            }
            Event::End(TagEnd::Link) => {
                let (target, text) = link.take().unwrap_or_default();
                if !text.is_empty() && value.contains(&text) {
                    return Some(target);
                }
            }
            Event::Text(text) | Event::Code(text) if link.is_some() => {
                if let Some((_, inside)) = &mut link {
                    inside.push_str(&text);
                }
            }
            Event::Code(text) if value.contains(&*text) => return Some(text.to_string()),
            _ => {}
        }
    }
    None
}

/// Whether a line that continues an item holds a value of its own, not a remark on the one before:
/// it begins with a name, of a few words before a colon or of one before a number.
fn begins_a_value(line: &str) -> bool {
    let (name, is_before_colon) = match line.split_once(':') {
        Some((name, _)) => (name, true),
        None => (line, false),
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_number =
        |word: &str| word.starts_with(|c: char| c.is_ascii_digit() || "<>=≤≥~".contains(c));
    let is_name = words
        .first()
        .is_some_and(|first| first.starts_with(char::is_alphabetic) && !LINKS.contains(first));
    let is_short = is_before_colon && words.len() <= MOST_WORDS;
    is_name && (is_short || words.get(1).is_some_and(|second| is_number(second)))
}

/// Most words of the name of a limit.
const MOST_WORDS: usize = 3;

/// Words that tie a number to what was said before.
const LINKS: &[&str] = &[
    "about", "above", "after", "and", "at", "below", "for", "in", "of", "or", "over", "per",
    "under", "with", "within",
];

static NOTHING: LazyLock<Group> = LazyLock::new(Group::default);

/// Every group below a heading; a deeper heading is the label of what stands under it, also if that
/// is nothing.
fn groups(below: &[Section]) -> Vec<(Spanned<String>, &Group)> {
    let mut found = Vec::new();
    for (index, section) in below.iter().enumerate() {
        let next = below.get(index + 1);
        let is_last = next.is_none_or(|next| next.level <= section.level);
        if index > 0 && section.groups.is_empty() && is_last {
            found.push((section.title.clone(), &*NOTHING));
        }
        for group in &section.groups {
            let own = !group.label.is_empty() || index == 0;
            let label = if own { &group.label } else { &section.title };
            found.push((label.clone(), group));
        }
    }
    found
}

fn scenario(below: &[Section]) -> Scenario {
    let title = below.first().map(|head| head.title.clone());
    let title = title.unwrap_or_default();
    let (number, name) = titled(&title);
    let mut scenario = Scenario {
        name: Spanned::new(name.to_owned(), title.span),
        number,
        ..Scenario::default()
    };
    for (label, group) in groups(below) {
        let into = match part(&label) {
            Some(Part::Setup) => &mut scenario.setup,
            Some(Part::Actions) => &mut scenario.actions,
            Some(Part::Expected) => &mut scenario.expected,
            None => continue,
        };
        into.extend(group.contents().cloned());
    }
    scenario
}
