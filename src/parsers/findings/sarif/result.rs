//! A result: what it says itself, and what waits for its rule.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::super::Context;
use super::super::words::scored;
use super::location::{Artifact, Bases, Location, Region};
use super::message::Message;
use super::rules::{Rule, RuleReference, Tool};
use crate::event::Finding;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult {
    rule_id: Option<String>,
    rule_index: Option<i64>,
    rule: Option<RuleReference>,
    level: Option<String>,
    kind: Option<String>,
    baseline_state: Option<String>,
    #[serde(default)]
    message: Message,
    #[serde(default, deserialize_with = "first")]
    locations: Option<Location>,
    #[serde(default)]
    suppressions: Option<Vec<Suppression>>,
    #[serde(default)]
    fixes: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
struct Suppression {
    status: Option<String>,
    justification: Option<String>,
}

/// A result of which all is read that it says.
pub(super) struct Pending {
    rule: RuleReference,
    level: Option<String>,
    message: Message,
    location: Option<Location>,
    waiver: Option<String>,
    fixable: bool,
}

/// Kinds of results that say that nothing is wrong.
const FINE: &[&str] = &["pass", "notApplicable", "informational"];

impl Pending {
    /// What there is to say of a result, if it is a finding.
    pub(super) fn of(result: SarifResult) -> Option<Self> {
        let is_fine = result
            .kind
            .is_some_and(|kind| FINE.contains(&kind.as_str()));
        // A tool that compares with an earlier run also lists what is gone.
        let is_gone = result.baseline_state.as_deref() == Some("absent");
        if is_fine || is_gone {
            return None;
        }
        let mut rule = result.rule.unwrap_or_default();
        rule.id = result.rule_id.or(rule.id);
        rule.index = result.rule_index.or(rule.index);
        Some(Self {
            rule,
            level: result.level,
            message: result.message,
            location: result.locations,
            waiver: waiver(result.suppressions.unwrap_or_default()),
            fixable: result.fixes.is_some_and(|fixes| !fixes.is_empty()),
        })
    }

    /// The finding, now that the run is known.
    pub(super) fn finish(
        self,
        context: &Context<'_>,
        tool: &Tool,
        (bases, artifacts): (&Bases, &[Artifact]),
    ) -> Result<Finding, String> {
        let rule = tool.rule(&self.rule);
        let id = self.rule.id.or_else(|| rule?.id.clone());
        let mut finding = context.finding(context.rule(id), String::new());
        if let Some(place) = self
            .location
            .and_then(|location| location.physical_location)
        {
            let file = place.artifact_location;
            finding.path = file.and_then(|file| file.path(bases, artifacts));
            let Region {
                start_line,
                start_column,
            } = place.region.unwrap_or_default();
            finding.line = start_line.filter(|line| *line > 0);
            finding.column = start_column.filter(|column| *column > 0);
        }
        let level = self
            .level
            .as_deref()
            .or_else(|| rule?.level())
            .unwrap_or("warning");
        let own = context.words.own(level);
        let score = rule.and_then(Rule::score).and_then(scored);
        finding.severity = match own.or(score) {
            Some(grade) => grade,
            None => context
                .words
                .grade(Some(level), || format!("`{}`", finding.rule))?,
        };
        let message = self.message.text(rule).or_else(|| rule?.summary());
        finding.message = message.unwrap_or_else(|| finding.rule.clone());
        finding.fixable = self.fixable;
        finding.waiver = self.waiver;
        Ok(finding)
    }
}

/// Why a result does not count: it is suppressed, and nobody has yet to agree or has refused.
fn waiver(suppressions: Vec<Suppression>) -> Option<String> {
    let is_accepted = |suppression: &Suppression| {
        suppression
            .status
            .as_deref()
            .is_none_or(|status| status == "accepted")
    };
    if suppressions.is_empty() || !suppressions.iter().all(is_accepted) {
        return None;
    }
    let told = suppressions
        .into_iter()
        .find_map(|suppression| suppression.justification);
    Some(
        told.filter(|told| !told.is_empty())
            .unwrap_or_else(|| "suppressed".to_owned()),
    )
}

/// Reads the first item of a list and passes over the others.
fn first<'de, D, T>(input: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct First<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for First<T> {
        type Value = Option<T>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a list")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let first = items.next_element()?;
            while items.next_element::<IgnoredAny>()?.is_some() {}
            Ok(first)
        }
    }

    input.deserialize_any(First(PhantomData))
}
