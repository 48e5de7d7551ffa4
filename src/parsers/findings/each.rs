//! What a spec says of JSON documents, compiled: where findings stand and what they hold.

use serde_json::Value;

use super::place::Place;
use super::scope::{Descent, Scope};
use super::source::{Condition, Source};
use super::words::scored;
use super::{Context, Each, Report};
use crate::event::{Advisory, Finding};
use crate::span::Spanned;

/// All that is compiled of a spec.
pub(super) struct Reader<'s> {
    context: &'s Context<'s>,
    expect: Vec<Place>,
    blocks: Vec<Block>,
}

/// One `each`.
struct Block {
    name: String,
    place: Place,
    only: Vec<Condition>,
    problem: bool,
    rule: Vec<Source>,
    severity: Vec<Source>,
    score: Vec<Source>,
    message: Vec<Source>,
    path: Vec<Source>,
    line: Vec<Source>,
    column: Vec<Source>,
    column_from: u64,
    fixable: Vec<Source>,
    package: Vec<Source>,
    version: Vec<Source>,
    fixed_in: Vec<Source>,
    aliases: Vec<Source>,
    url: Vec<Source>,
}

impl<'s> Reader<'s> {
    /// Compiles a spec; the error names the place that can't be.
    pub(super) fn new(context: &'s Context<'s>) -> Result<Self, String> {
        let spec = context.spec;
        let expect = spec.expect.iter().map(|written| {
            Place::compile(written).map_err(|error| format!("`{}` is no place: {error}", **written))
        });
        let blocks = spec
            .each
            .0
            .iter()
            .map(|(place, each)| Block::compile(place, each));
        Ok(Self {
            context,
            expect: expect.collect::<Result<_, _>>()?,
            blocks: blocks.collect::<Result<_, _>>()?,
        })
    }

    /// Whether a document has one of the places that are expected; without any, one in which
    /// findings would stand.
    pub(super) fn recognises(&self, document: &Value) -> bool {
        if self.expect.is_empty() {
            return self.blocks.iter().any(|block| {
                let container = block
                    .place
                    .steps
                    .iter()
                    .position(super::place::Step::spreads);
                let end = container.map_or(block.place.steps.len(), |at| at + 1);
                let steps = block.place.steps[..end].to_vec();
                Place { steps }.is_in(document)
            });
        }
        self.expect.iter().any(|place| place.is_in(document))
    }

    /// Whether documents are told apart from others by what they have to hold.
    pub(super) fn expects(&self) -> bool {
        !self.expect.is_empty()
    }

    /// What the document's places are called, for messages.
    pub(super) fn wanted(&self) -> String {
        let expect = self
            .context
            .spec
            .expect
            .iter()
            .map(|place| place.value.as_str());
        let blocks = self.blocks.iter().map(|block| block.name.as_str());
        let names: Vec<String> = if self.expect.is_empty() {
            blocks.map(quote).collect()
        } else {
            expect.map(quote).collect()
        };
        names.join(" or ")
    }

    /// Adds the findings of a document.
    pub(super) fn read(&self, document: &Value, report: &mut Report) -> Result<(), String> {
        let places = self.blocks.iter().map(|block| &block.place);
        let descents: Vec<_> = places.map(|place| Descent::new(place, document)).collect();
        self.check_shape(&descents)?;
        for (block, descent) in self.blocks.iter().zip(&descents) {
            for scope in descent.scopes() {
                if block.only.iter().all(|condition| condition.holds(scope)) {
                    block.read(scope, self.context, report)?;
                }
            }
        }
        Ok(())
    }

    /// A value that is not what a block goes into is an error, unless another block is for it: the
    /// versions of a tool differ.
    fn check_shape(&self, descents: &[Descent<'_>]) -> Result<(), String> {
        for (own, (block, descent)) in self.blocks.iter().zip(descents).enumerate() {
            for at in (0..descent.wrong.len()).filter(|&at| descent.wrong[at]) {
                let before = &block.place.steps[..at];
                let others = self.blocks.iter().zip(descents).enumerate();
                let is_known =
                    others
                        .filter(|(other, _)| *other != own)
                        .any(|(_, (other, descent))| {
                            other.place.steps.get(..at) == Some(before)
                                && descent.opened.get(at) == Some(&true)
                        });
                if !is_known {
                    return Err(format!(
                        "`{}` leads to something of another shape",
                        block.name
                    ));
                }
            }
        }
        Ok(())
    }
}

fn quote(name: &str) -> String {
    format!("`{name}`")
}

fn sources(written: &[Spanned<String>]) -> Result<Vec<Source>, String> {
    let compile = |text: &Spanned<String>| {
        Source::compile(text).map_err(|error| format!("`{}` is no place: {error}", **text))
    };
    written.iter().map(compile).collect()
}

fn condition(words: &[Spanned<String>]) -> Result<Condition, String> {
    let (place, values) = words.split_first().ok_or("`where` names no place")?;
    let values = values.iter().map(|value| value.value.clone()).collect();
    Condition::compile(place, values).map_err(|error| format!("`{}` is no place: {error}", **place))
}

impl Block {
    fn compile(name: &str, each: &Each) -> Result<Self, String> {
        let conditions = each.only.iter().map(|words| condition(words));
        Ok(Self {
            name: name.to_owned(),
            place: Place::compile(name)
                .map_err(|error| format!("`{name}` is no place: {error}"))?,
            only: conditions.collect::<Result<_, _>>()?,
            problem: each.problem,
            rule: sources(&each.rule)?,
            severity: sources(&each.severity)?,
            score: sources(&each.score)?,
            message: sources(&each.message)?,
            path: sources(&each.path)?,
            line: sources(&each.line)?,
            column: sources(&each.column)?,
            column_from: each.column_from,
            fixable: sources(&each.fixable)?,
            package: sources(&each.package)?,
            version: sources(&each.version)?,
            fixed_in: sources(&each.fixed_in)?,
            aliases: sources(&each.aliases)?,
            url: sources(&each.url)?,
        })
    }

    fn read(
        &self,
        scope: Scope<'_, '_>,
        context: &Context<'_>,
        report: &mut Report,
    ) -> Result<(), String> {
        let mut finding = self.describe(scope, context)?;
        if self.problem {
            report.problems.push(match finding.place() {
                Some(place) => format!("{place}: {}", finding.message),
                None => finding.message,
            });
            return Ok(());
        }
        let score = first(&self.score, scope)
            .and_then(|text| text.parse().ok())
            .and_then(scored);
        finding.severity = if let Some(grade) = score {
            grade
        } else {
            let word = first(&self.severity, scope);
            context.words.grade(word.as_deref(), || whose(&finding))?
        };
        finding.fixable = self
            .fixable
            .iter()
            .find_map(|source| source.is_not_false(scope))
            .unwrap_or(false);
        finding.advisory = self.advisory(scope).map(Box::new);
        report.findings.push(finding);
        Ok(())
    }

    /// Rule, message and place.
    fn describe(&self, scope: Scope<'_, '_>, context: &Context<'_>) -> Result<Finding, String> {
        let told = [&self.rule, &self.message, &self.path, &self.package];
        let mut found = told
            .into_iter()
            .flatten()
            .filter(|source| source.is_found());
        if !found.any(|source| source.text(scope).is_some()) {
            return Err(format!(
                "an item of `{}` holds none of what it should",
                self.name
            ));
        }
        let rule = context.rule(first(&self.rule, scope));
        let message = first(&self.message, scope).unwrap_or_else(|| rule.clone());
        let mut finding = context.finding(rule, message);
        finding.path = first(&self.path, scope);
        finding.line = number(&self.line, scope).and_then(|line| from_one(line, 1));
        finding.column =
            number(&self.column, scope).and_then(|column| from_one(column, self.column_from));
        Ok(finding)
    }

    fn advisory(&self, scope: Scope<'_, '_>) -> Option<Advisory> {
        let package = first(&self.package, scope)?;
        let all = |sources: &[Source]| -> Vec<String> {
            let lists = sources.iter().map(|source| source.texts(scope));
            lists
                .into_iter()
                .find(|list| !list.is_empty())
                .unwrap_or_default()
        };
        Some(Advisory {
            package,
            version: first(&self.version, scope),
            fixed_in: all(&self.fixed_in),
            aliases: all(&self.aliases),
            url: first(&self.url, scope),
        })
    }
}

fn first(sources: &[Source], scope: Scope<'_, '_>) -> Option<String> {
    sources.iter().find_map(|source| source.text(scope))
}

/// The first whole number, be it written as a number or as text.
fn number(sources: &[Source], scope: Scope<'_, '_>) -> Option<u64> {
    sources.iter().find_map(|source| {
        let text = source.text(scope)?;
        text.strip_suffix(".0").unwrap_or(&text).parse().ok()
    })
}

/// A number that a tool counts from 0 or from 1, counted from 1; what is before the first is none.
fn from_one(number: u64, first: u64) -> Option<u64> {
    (number >= first).then(|| number - first + 1)
}

fn whose(finding: &Finding) -> String {
    match finding.place() {
        Some(place) => format!("`{}` at `{place}`", finding.rule),
        None => format!("`{}`", finding.rule),
    }
}
