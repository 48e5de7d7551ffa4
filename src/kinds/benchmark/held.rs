//! Whether what is measured still holds against what was measured before.

use super::Benchmark;
use super::engine::Engine;
use super::verdict::Measured;
use crate::bench::Load;
use crate::bench::baseline::{
    Change, Compared, FEWEST, FIGURES, Failures, Figure, Keep, Key, Match, RECORD, Record, Run,
    Verdict,
};
use crate::diag::{Diagnostic, did_you_mean};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::span::Spanned;
use crate::spec::{Decoder, Percent};

crate::choice! {
    /// When what was measured is stored.
    pub enum Update {
        Never = "never",
        OnPass = "on-pass",
    }
}

crate::choice! {
    /// What it means if nothing can be told.
    pub enum Unsure {
        Fail = "fail",
        Pass = "pass",
    }
}

crate::spec! {
    /// Holds what is measured against runs that were stored before, of the same node, machine, load and engine.
    ///
    /// A regression is claimed only where the stored runs carry it: at least 5 of them, and what they can't show they don't claim. A run that is at most 5 % worse than their median passes at once; otherwise two more runs are made, and it is a regression if the mean of the three is worse by more than `tolerance` and lies outside of what the stored runs predict (Student's t, 1 in 100). The smallest change that could have been shown is always told; if it is larger than `tolerance`, the outcome is inconclusive. Runs are stored by `sdd baseline accept NODE`; `runs=7` in `load` makes a good beginning.
    pub struct Held = "baseline" {
        /// What is compared: `p50`, `p75`, `p90`, `p95`, `p99`, `throughput`, `error-rate`, `cpu-per-request`. By default the highest percentile that the requests suffice for, `error-rate`, and without a `rate` `throughput`.
        "metrics" metrics: Vec<Spanned<String>>,
        /// How much worse it may be.
        "tolerance" tolerance: Percent = "10%",
        /// Whether runs are stored by themselves when the node passes, up to 20. What is stored is never replaced by itself, so that slow losses add up to one that is seen.
        "update" update: Update = "never",
        /// What it means if nothing can be told: there are too few stored runs, they are of another machine, load or engine, or they differ too much.
        "on-inconclusive" on_inconclusive: Unsure = "fail",
    }
}

const ERROR_RATE: &str = "error-rate";

impl Held {
    pub(super) fn check(&self, decoder: &mut Decoder<'_>) {
        let names = FIGURES.iter().map(|(name, _)| *name).chain([ERROR_RATE]);
        for metric in &self.metrics {
            if names.clone().any(|name| name == metric.as_str()) {
                continue;
            }
            let help = did_you_mean(metric, names.clone()).unwrap_or_else(|| {
                let names: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
                format!("one of {}", names.join(", "))
            });
            let message = format!("nothing that is compared is called `{}`", **metric);
            decoder.diags.push(
                Diagnostic::new("unknown-choice", message)
                    .at(metric.span, "no metric")
                    .help(help),
            );
        }
    }
}

/// What can't be told, as a stable word and a sentence.
type Untold = (&'static str, String);

/// Compares the runs of a node that kept to its limits, makes more where they are needed, and
/// stores them if that is asked for.
pub(super) async fn hold<H: Host>(
    node: &Benchmark,
    held: &Held,
    host: &H,
    load: &Load,
    measured: &mut Measured,
) -> Conclusion {
    let entry = format!("{}/{}", host.pipeline(), host.subject());
    let key = key(node, host, measured.engine);
    let stored = match host.baselines().and_then(|all| all.find(&entry, &key)) {
        Ok(stored) => stored,
        Err(reason) => return Conclusion::new(Outcome::Error, "baselines-broken", reason),
    };
    let compared = match stored {
        Match::Runs(stored) if stored.len() >= FEWEST => {
            match compare(node, held, host, load, (&stored, measured)).await {
                Ok(compared) => compared,
                Err(ended) => return ended,
            }
        }
        other => Held::not_compared(&other),
    };
    let differs = compared.worse.is_some() || compared.better;
    let record = Record::new(entry.clone(), key.clone(), differs, measured.runs.clone());
    if let Err(error) = host.write_out(RECORD, &record.print()) {
        let reason = format!("what was measured can't be written: {error}");
        return Conclusion::new(Outcome::Error, "not-written", reason);
    }
    if let Some(reason) = compared.worse {
        return Conclusion::new(Outcome::Failed, "regression", reason).remedy(format!(
            "if this is how it has to be: `sdd baseline accept {}`",
            host.subject()
        ));
    }
    if let Some((code, reason)) = compared.untold
        && let Some(conclusion) = unsure(held, host, code, &reason)
    {
        return conclusion;
    }
    if held.update == Update::Never {
        return Conclusion::passed();
    }
    match host.add_to_baseline(&entry, &key, &measured.runs, Keep::First) {
        Ok(_) => Conclusion::passed(),
        Err(reason) => Conclusion::new(Outcome::Error, "baselines-broken", reason),
    }
}

/// What it means that nothing can be told; `None` if the node may pass.
fn unsure(held: &Held, host: &impl Host, code: &'static str, reason: &str) -> Option<Conclusion> {
    host.finding(Finding::new(code, Grade::Medium, reason));
    // Runs that are collected by themselves have to begin with a first one.
    let collects = held.update == Update::OnPass && code != "inconclusive";
    if held.on_inconclusive == Unsure::Pass || collects {
        return None;
    }
    let conclusion = Conclusion::new(Outcome::Error, code, reason);
    Some(if code == "inconclusive" {
        conclusion.remedy("raise `tolerance`, store more runs, or measure on a quieter machine")
    } else {
        conclusion.remedy(format!(
            "store what was measured: `sdd baseline accept {}`",
            host.subject()
        ))
    })
}

/// What came of a comparison.
#[derive(Default)]
struct Told {
    worse: Option<String>,
    better: bool,
    untold: Option<Untold>,
}

impl Held {
    fn not_compared(stored: &Match) -> Told {
        let untold = match stored {
            Match::Runs(runs) => (
                "no-baseline",
                format!(
                    "{} runs are stored, and {FEWEST} are needed to tell anything",
                    runs.len()
                ),
            ),
            Match::Others(differ) => (
                "not-comparable",
                format!("the stored runs differ in {}", differ.join(" and ")),
            ),
            Match::Older => (
                "not-comparable",
                "what is stored is of an older form, which names neither machine nor load"
                    .to_owned(),
            ),
            Match::Nothing => ("no-baseline", "no run is stored to compare with".to_owned()),
        };
        Told {
            untold: Some(untold),
            ..Told::default()
        }
    }

    /// The figures that are compared, of runs like these.
    fn figures(&self, is_open: bool, runs: &[&[Run]]) -> Vec<Figure> {
        if !self.metrics.is_empty() {
            let named = self.metrics.iter();
            return named.filter_map(|name| Figure::named(name)).collect();
        }
        let all: Vec<&Run> = runs.iter().flat_map(|runs| runs.iter()).collect();
        let mut figures = vec![Figure::highest(&all)];
        if !is_open {
            figures.push(Figure::Throughput);
        }
        if all.iter().all(|run| run.cpu_us.is_some()) {
            figures.push(Figure::CpuPerRequest);
        }
        figures
    }

    fn compares_errors(&self) -> bool {
        let mut metrics = self.metrics.iter();
        self.metrics.is_empty() || metrics.any(|name| name.as_str() == ERROR_RATE)
    }
}

type Figures = Vec<(Figure, Result<(Compared, Change), String>)>;

async fn compare<H: Host>(
    node: &Benchmark,
    held: &Held,
    host: &H,
    load: &Load,
    (stored, measured): (&[Run], &mut Measured),
) -> Result<Told, Conclusion> {
    let is_open = load.pace != crate::bench::Pace::Closed;
    let (figures, failures) = loop {
        let decided = decide(held, is_open, stored, &measured.runs);
        let failures = held
            .compares_errors()
            .then(|| (failures(&measured.runs), failures(stored)))
            .filter(|(now, before)| now.are_more_than(*before));
        let doubts = decided.iter().filter_map(|(_, decided)| {
            let (_, change) = decided.as_ref().ok()?;
            match change.verdict {
                Verdict::InDoubt { more } => Some(more),
                _ => None,
            }
        });
        let few = crate::bench::baseline::RUNS_IN_DOUBT.saturating_sub(measured.runs.len());
        let more = doubts
            .max()
            .unwrap_or(0)
            .max(if failures.is_some() { few } else { 0 });
        if more == 0 {
            break (decided, failures);
        }
        node.measure(host, load, more, measured).await?;
    };
    let mut told = Told::default();
    for (figure, decided) in figures {
        let comparison = Comparison {
            held,
            stored: stored.len(),
            figure,
        };
        comparison.tell(host, &decided, &mut told);
    }
    if let Some((now, before)) = failures {
        let message = format!(
            "{:.2} % of requests fail, and {:.2} % did before",
            now.share() * 100.0,
            before.share() * 100.0
        );
        host.finding(Finding::new("baseline.error-rate", Grade::High, &message));
        told.worse.get_or_insert(message);
    }
    Ok(told)
}

fn failures(runs: &[Run]) -> Failures {
    Failures {
        failed: runs.iter().map(|run| run.failed).sum(),
        sent: runs.iter().map(|run| run.sent).sum(),
    }
}

fn decide(held: &Held, is_open: bool, stored: &[Run], new: &[Run]) -> Figures {
    let figures = held.figures(is_open, &[stored, new]).into_iter();
    let decided = figures.map(|figure| {
        let decided = figure.compare(stored, new).and_then(|compared| {
            let change = compared.evidence(held.tolerance.0 / 100.0).decide();
            let change = change.ok_or("there are too few runs")?;
            Ok((compared, change))
        });
        (figure, decided)
    });
    decided.collect()
}

/// One figure that was compared.
struct Comparison<'c> {
    held: &'c Held,
    /// How many runs are stored.
    stored: usize,
    figure: Figure,
}

impl Comparison<'_> {
    /// Reports what became of it.
    fn tell(
        &self,
        host: &impl Host,
        decided: &Result<(Compared, Change), String>,
        told: &mut Told,
    ) {
        let name = self.figure.name();
        let rule = format!("baseline.{name}");
        let (compared, change) = match decided {
            Ok(decided) => decided,
            Err(reason) => {
                let message = format!("{name} can't be compared: {reason}");
                host.finding(Finding::new(&rule, Grade::Medium, &message));
                told.untold.get_or_insert(("inconclusive", message));
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
        let message = self.sentence(compared, change);
        let grade = match change.verdict {
            Verdict::Regression => Grade::High,
            Verdict::Inconclusive { .. } => Grade::Medium,
            _ => Grade::Info,
        };
        host.finding(Finding::new(&rule, grade, &message));
        match change.verdict {
            Verdict::Regression => drop(told.worse.get_or_insert(message)),
            Verdict::Inconclusive { .. } => {
                told.untold.get_or_insert(("inconclusive", message));
            }
            Verdict::Better => told.better = true,
            Verdict::Same | Verdict::InDoubt { .. } => {}
        }
    }

    fn sentence(&self, compared: &Compared, change: &Change) -> String {
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
            "{} is {} {side} than that of {} stored runs, by {new}{with}",
            self.figure.name(),
            percent(change.change),
            self.stored
        );
        let shown = percent(change.resolution);
        let tolerated = percent(self.held.tolerance.0 / 100.0);
        match change.verdict {
            Verdict::Regression => format!("{base}; {tolerated} are tolerated"),
            Verdict::Inconclusive { missing } => {
                let settle = match missing {
                    Some(0) => "the new runs differ too much".to_owned(),
                    Some(more) => format!("{more} more stored runs would settle it"),
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
}

fn key(node: &Benchmark, host: &impl Host, engine: Engine) -> Key {
    Key {
        machine: host.machine(),
        load: node.description(),
        engine: engine.as_str().to_owned(),
    }
}
