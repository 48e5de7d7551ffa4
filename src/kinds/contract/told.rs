//! What was found, and what it means for the node.

use crate::event::{Finding, Grade};
use crate::gate::waiver::{self, Waiver};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;

/// What is known of a finding beside what everybody reads.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub finding: Finding,
    /// What a waiver names: the rule, then as much as there is of `METHOD PATH LOCATION`.
    pub id: String,
    pub about: About,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The contract itself is wrong.
    Mistake,
    /// It breaks who keeps to the previous one.
    Break,
    /// Whether it does could not be decided.
    Undecided,
    /// The service that runs does something else.
    Live,
    /// Nothing that decides.
    Nothing,
}

impl AsMut<Finding> for Told {
    fn as_mut(&mut self) -> &mut Finding {
        &mut self.finding
    }
}

impl Told {
    /// A finding that is known by its rule alone.
    pub(super) fn new(finding: Finding, about: About) -> Self {
        Self {
            id: finding.rule.clone(),
            finding,
            about,
        }
    }

    /// Something worth knowing that decides nothing.
    pub(super) fn note(rule: &str, path: &str, message: impl Into<String>) -> Self {
        let finding = Finding::new(rule, Grade::Info, message).at(path, None, None);
        Self::new(finding, About::Nothing)
    }

    fn counts(&self, about: About) -> bool {
        self.about == about && self.finding.waiver.is_none()
    }
}

/// What all contracts of the node came to.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub told: Vec<Told>,
    /// Why something could not be told, a sentence each.
    pub unknown: Vec<String>,
    /// What can be done, beside a waiver.
    pub remedies: Vec<String>,
    /// How many contracts were compared with another.
    pub compared: u64,
}

impl Report {
    /// Marks what the project lives with.
    pub(super) fn waive(&mut self, waivers: &[Waiver<'_>], today: &str) {
        let covers = |id: &str, told: &Told| {
            let rest = told.id.strip_prefix(id);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let remarks = waiver::apply("waive", &mut self.told, waivers, today, covers);
        let remarks = remarks
            .into_iter()
            .map(|remark| Told::new(remark, About::Nothing));
        self.told.extend(remarks);
    }

    /// How many findings of that sort count.
    pub(super) fn count(&self, about: About) -> usize {
        self.told.iter().filter(|told| told.counts(about)).count()
    }

    fn first(&self, about: About) -> Option<&Told> {
        self.told.iter().find(|told| told.counts(about))
    }

    /// How the node ends. What fails is told though something else is not known, and the other way
    /// round.
    pub(super) fn conclude(self, host: &impl Host) -> Conclusion {
        let failed = self.failed();
        let undecided = self.first(About::Undecided).map(|first| {
            let count = self.count(About::Undecided);
            let reason = match count {
                1 => format!(
                    "whether something breaks is undecided: {}",
                    first.finding.message
                ),
                count => format!("whether something breaks is undecided in {count} places"),
            };
            Conclusion::new(Outcome::Error, "undecided", reason).remedy(waive(first))
        });
        let unknown = self.unknown.first().map(|first| {
            let more = match self.unknown.len() {
                1 => String::new(),
                count => format!(", and {} more that could not be told", count - 1),
            };
            Conclusion::new(Outcome::Error, "not-known", format!("{first}{more}"))
        });
        let mut all = [failed, unknown, undecided].into_iter().flatten();
        let conclusion = all.next().unwrap_or_else(Conclusion::passed);
        let conclusion = all.fold(conclusion, |conclusion, other| {
            let too = other.reason.unwrap_or_default();
            let conclusion = conclusion.remedy(format!("see to this too: {too}"));
            other
                .remedy
                .into_iter()
                .fold(conclusion, Conclusion::remedy)
        });
        let findings = self.told.into_iter().map(|told| told.finding);
        crate::gate::weigh::tell(host, findings.collect());
        conclusion
    }

    fn failed(&self) -> Option<Conclusion> {
        let sorts = [
            (About::Mistake, "mistake", "mistakes", "invalid"),
            (
                About::Break,
                "breaking change",
                "breaking changes",
                "breaking",
            ),
            (
                About::Live,
                "answer against the contract",
                "answers against the contract",
                "not-honoured",
            ),
        ];
        let found = sorts.into_iter().filter_map(|(about, one, many, code)| {
            let first = self.first(about)?;
            let count = self.count(about);
            let word = if count == 1 { one } else { many };
            Some((about, first, format!("{count} {word}"), code))
        });
        let found: Vec<_> = found.collect();
        let (_, first, _, code) = *found.first().as_ref()?;
        let counts: Vec<&str> = found
            .iter()
            .map(|(_, _, count, _)| count.as_str())
            .collect();
        let reason = match self.told.iter().filter(|told| fails(told)).count() {
            1 => format!("{}: {}", counts[0], first.finding.message),
            _ => format!("{}; first: {}", counts.join(", "), first.finding.message),
        };
        let conclusion = Conclusion::new(Outcome::Failed, code, reason);
        let remedies = self.remedies.iter().cloned();
        let conclusion = remedies.fold(conclusion, Conclusion::remedy);
        let waivable = self.first(About::Break).or(self.first(About::Live));
        Some(match waivable {
            Some(first) => conclusion.remedy(waive(first)),
            None => conclusion,
        })
    }
}

fn fails(told: &Told) -> bool {
    [About::Mistake, About::Break, About::Live]
        .iter()
        .any(|about| told.counts(*about))
}

fn waive(told: &Told) -> String {
    format!(
        "or live with it for a time: `waive {:?} until=\"…\" reason=\"…\"`",
        told.id
    )
}
