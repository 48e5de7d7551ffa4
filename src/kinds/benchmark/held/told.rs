//! How a comparison is told, and what it means for the node.

use super::{Held, Unsure, Update};
use crate::bench::baseline::{Change, Compared, Failures, Figure, Verdict};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;

/// The word for too few stored runs.
pub(super) const NO_BASELINE: &str = "no-baseline";

/// What a comparison is made with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    /// What it is called, in the genitive: `7 stored runs`.
    pub(super) of: &'static str,
    /// How many of them there are.
    pub(super) count: usize,
    /// What more of would settle a doubt.
    pub(super) unit: &'static str,
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub(super) struct Told {
    worse: Option<String>,
    better: bool,
    /// What can't be told, as a stable word and a sentence.
    untold: Option<(&'static str, String)>,
}

impl Told {
    /// There is nothing to compare with.
    pub(super) fn nothing(code: &'static str, reason: String) -> Self {
        Self {
            untold: Some((code, reason)),
            ..Self::default()
        }
    }

    /// Whether anything became worse or better.
    pub(super) fn differs(&self) -> bool {
        self.better || self.worse.is_some()
    }

    /// Whether the runs may be stored without anybody looking at them: they are like the stored
    /// ones, or there are too few of those yet.
    pub(super) fn may_be_stored(&self) -> bool {
        let untold = self.untold.as_ref();
        !self.differs() && untold.is_none_or(|(code, _)| *code == NO_BASELINE)
    }

    /// Reports what became of a figure.
    pub(super) fn figure(
        &mut self,
        (held, before): (&Held, Before),
        host: &impl Host,
        figure: Figure,
        decided: Result<(Compared, Change), String>,
    ) {
        let name = figure.name();
        let rule = format!("baseline.{name}");
        let (compared, change) = match decided {
            Ok(decided) => decided,
            Err(reason) => {
                let message = format!("{name} can't be compared: {reason}");
                host.finding(Finding::new(&rule, Grade::Medium, &message));
                self.untold.get_or_insert(("inconclusive", message));
                return;
            }
        };
        for (what, share) in [("change", change.change), ("resolution", change.resolution)] {
            host.measure(Measurement {
                name: format!("{rule}.{what}"),
                value: share * 100.0,
                unit: "percent".to_owned(),
            });
        }
        let message = sentence(held, before, name, &compared, &change);
        let grade = match change.verdict {
            Verdict::Regression => Grade::High,
            Verdict::Inconclusive { .. } => Grade::Medium,
            _ => Grade::Info,
        };
        host.finding(Finding::new(&rule, grade, &message));
        match change.verdict {
            Verdict::Regression => drop(self.worse.get_or_insert(message)),
            Verdict::Inconclusive { .. } => {
                self.untold.get_or_insert(("inconclusive", message));
            }
            Verdict::Better => self.better = true,
            Verdict::Same | Verdict::InDoubt { .. } => {}
        }
    }

    /// Reports that more requests fail than before.
    pub(super) fn failures(&mut self, host: &impl Host, now: Failures, before: Failures) {
        let message = format!(
            "{:.2} % of requests fail, and {:.2} % did before",
            now.share() * 100.0,
            before.share() * 100.0
        );
        host.finding(Finding::new("baseline.error-rate", Grade::High, &message));
        self.worse.get_or_insert(message);
    }

    /// How the node ends.
    pub(super) fn conclusion(self, held: &Held, host: &impl Host) -> Conclusion {
        if let Some(reason) = self.worse {
            return Conclusion::new(Outcome::Failed, "regression", reason);
        }
        let Some((code, reason)) = self.untold else {
            return Conclusion::passed();
        };
        host.finding(Finding::new(code, Grade::Medium, &reason));
        // Runs that are collected by themselves have to begin with a first one.
        let collects = held.update == Update::OnPass && code == NO_BASELINE;
        if held.on_inconclusive == Unsure::Pass || collects {
            return Conclusion::passed();
        }
        let conclusion = Conclusion::new(Outcome::Error, code, reason);
        if code == "inconclusive" {
            return conclusion
                .remedy("raise `tolerance`, measure more often, or measure on a quieter machine");
        }
        conclusion.remedy(format!(
            "store what was measured: `sdd baseline accept {}`",
            host.subject()
        ))
    }
}

fn sentence(
    held: &Held,
    before: Before,
    name: &str,
    compared: &Compared,
    change: &Change,
) -> String {
    let percent = |share: f64| format!("{:.1} %", share.abs() * 100.0);
    let side = if change.change > 0.0 {
        "worse"
    } else {
        "better"
    };
    let new = match compared.new.len() {
        1 => "1 run".to_owned(),
        count => format!("{count} runs"),
    };
    let with = if compared.by_yardstick {
        ", each set against the speed of the machine at its time"
    } else {
        ""
    };
    let base = format!(
        "{name} is {} {side} than that of {} {}, by {new}{with}",
        percent(change.change),
        before.count,
        before.of
    );
    let shown = percent(change.resolution);
    let tolerated = percent(held.tolerance.0 / 100.0);
    match change.verdict {
        Verdict::Regression => format!("{base}; {tolerated} are tolerated"),
        Verdict::Inconclusive { missing } => {
            let settle = match missing {
                Some(0) => {
                    "the new runs differ too much, or the machine was slower meanwhile".to_owned()
                }
                Some(more) => format!("{more} more {} would settle it", before.unit),
                None => "no number of such runs would settle it".to_owned(),
            };
            format!(
                "{base}; only a change of {shown} could have been shown, {tolerated} are \
                 tolerated, and {settle}"
            )
        }
        _ => format!("{base}; a change of {shown} could have been shown"),
    }
}
