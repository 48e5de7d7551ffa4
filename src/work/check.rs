//! What a specification has to say: one row for each requirement.

use super::spec::{Limit, Scenario, Spec, Topic};
use crate::diag::{Diagnostic, Diags};
use crate::span::{Span, Spanned};

/// Something that has to be said.
#[derive(Debug)]
pub struct Requirement {
    /// The part that it belongs to.
    pub topic: Topic,
    /// What of the part it is about; without it, the part itself.
    pub part: Option<&'static str>,
    /// The code under which its omission is reported.
    pub code: &'static str,
    /// Where it is left out, and of what.
    omitted: fn(&Spec) -> Vec<(Span, String)>,
    /// How to mend it.
    pub mend: &'static str,
}

const SECTION: &str = "spec-section-missing";
const PART: &str = "spec-part-missing";

macro_rules! requirements {
    ($($topic:ident $part:expr, $omitted:expr, $mend:literal;)*) => {
        /// Every requirement, in the order of the template.
        pub const REQUIREMENTS: &[Requirement] = &[$(Requirement {
            topic: Topic::$topic,
            part: $part,
            code: match $part {
                Some(_) => PART,
                None::<&str> => SECTION,
            },
            omitted: $omitted,
            mend: $mend,
        }),*];
    };
}

requirements! {
    Scope None, |spec| section(spec, Topic::Scope),
        "say which components are integrated, and where they meet";
    Scenarios None, |spec| section(spec, Topic::Scenarios),
        "write a heading for each scenario, such as `### Scenario 1: Happy path`";
    Scenarios Some("Setup"), |spec| scenarios(spec, "setup", |one| &one.setup),
        "say under `**Setup:**` what is there before";
    Scenarios Some("Actions"), |spec| scenarios(spec, "actions", |one| &one.actions),
        "say under `**Actions:**` what is done";
    Scenarios Some("Expected Results"), |spec| scenarios(spec, "expected results", |one| &one.expected),
        "say under `**Expected Results:**` what can be seen afterwards";
    Performance None, |spec| section(spec, Topic::Performance),
        "say how fast it has to be, each number with its unit";
    Performance Some("Response Time"), |spec| limits(spec, "response time", &spec.performance.response_time),
        "write under `**Response Time Requirements:**` for instance `p95: < 500ms`";
    Performance Some("Throughput"), |spec| limits(spec, "throughput", &spec.performance.throughput),
        "write under `**Throughput Requirements:**` for instance `Minimum: 100 requests/second`";
    Contracts None, |spec| section(spec, Topic::Contracts),
        "name who promises whom, the contract file and its version";
    Contracts Some("Contract file"), contract_files,
        "write `Contract file: contracts/NAME.yaml` under it";
    Contracts Some("Version"), versions,
        "write `Version: 1.0.0` under it";
    Environment None, |spec| section(spec, Topic::Environment),
        "name the services that have to be up";
    Environment Some("Services Required"), services,
        "name images or programs under `**Services Required:**`";
    Dependencies None, |spec| section(spec, Topic::Dependencies),
        "name what has to be implemented before";
}

/// Reports all that is left out. Of a part that is not there nothing else is said, and of a text that
/// could not be read nothing at all: all of it would seem to be left out.
pub fn check(spec: &Spec, diags: &mut Diags) {
    let rows = REQUIREMENTS.iter();
    for row in rows.filter(|_| !spec.is_unreadable) {
        let is_there = spec.at(row.topic).is_some() && !spec.is_empty(row.topic);
        if row.part.is_some() && !is_there {
            continue;
        }
        for (span, message) in (row.omitted)(spec) {
            let label = match row.part {
                _ if spec.is_json => format!("needs `{}`", row.topic.key()),
                None => format!("`{}` is needed", row.topic.heading()),
                Some(part) => format!("`{part}` is needed"),
            };
            diags.push(
                Diagnostic::new(row.code, message)
                    .at(span, label)
                    .help(row.mend),
            );
        }
    }
}

fn section(spec: &Spec, topic: Topic) -> Vec<(Span, String)> {
    let name = if spec.is_json {
        topic.key()
    } else {
        topic.heading()
    };
    match spec.at(topic) {
        None => vec![(spec.top, format!("the specification has no `{name}`"))],
        Some(span) if spec.is_empty(topic) => {
            vec![(span, format!("nothing is said of `{name}`"))]
        }
        Some(_) => Vec::new(),
    }
}

type Part = fn(&Scenario) -> &Vec<Spanned<String>>;

fn scenarios(spec: &Spec, word: &str, part: Part) -> Vec<(Span, String)> {
    let without = spec.scenarios.iter().filter(|one| part(one).is_empty());
    without
        .map(|one| {
            (
                one.name.span,
                format!("the scenario `{}` has no {word}", *one.name),
            )
        })
        .collect()
}

fn limits(spec: &Spec, word: &str, limits: &[Limit]) -> Vec<(Span, String)> {
    if !limits.is_empty() {
        return Vec::new();
    }
    let at = spec.at(Topic::Performance).unwrap_or(spec.top);
    vec![(at, format!("no {word} is required"))]
}

fn contract_files(spec: &Spec) -> Vec<(Span, String)> {
    let without = spec.contracts.iter().filter(|one| one.file.is_none());
    without
        .map(|one| {
            (
                one.name.span,
                format!("the contract `{}` names no file", *one.name),
            )
        })
        .collect()
}

fn versions(spec: &Spec) -> Vec<(Span, String)> {
    let without = spec
        .contracts
        .iter()
        .filter(|one| one.version.is_none() && !one.is_schema);
    without
        .map(|one| {
            (
                one.name.span,
                format!("the contract `{}` has no version", *one.name),
            )
        })
        .collect()
}

fn services(spec: &Spec) -> Vec<(Span, String)> {
    if !spec.environment.services.is_empty() {
        return Vec::new();
    }
    let at = spec.at(Topic::Environment).unwrap_or(spec.top);
    vec![(at, "no services are required".to_owned())]
}
