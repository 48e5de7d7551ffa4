//! Runs that were stored, and what they say of those that were made now.

use super::told::{Before, NO_BASELINE, Told};
use super::{Held, Update};
use crate::bench::Load;
use crate::bench::baseline::{
    Change, Compared, FEWEST, Figure, Keep, Key, Match, RECORD, RUNS_IN_DOUBT, Record, Run, Verdict,
};
use crate::host::{Conclusion, Host};
use crate::kinds::benchmark::Benchmark;
use crate::kinds::benchmark::verdict::Measured;
use crate::sched::Outcome;

/// Compares the runs of a node that kept to its limits, makes more where they are needed, and
/// stores them if that is asked for.
pub(in crate::kinds::benchmark) async fn against_stored<H: Host>(
    node: &Benchmark,
    held: &Held,
    host: &H,
    load: &Load,
    measured: &mut Measured,
) -> Conclusion {
    let broken = |reason| Conclusion::new(Outcome::Error, "baselines-broken", reason);
    let entry = format!("{}/{}", host.pipeline(), host.subject());
    let key = Key {
        machine: host.machine(),
        load: node.description(host, load),
        engine: measured.engine.as_str().to_owned(),
    };
    let stored = match host.baselines().and_then(|all| all.find(&entry, &key)) {
        Ok(stored) => stored,
        Err(reason) => return broken(reason),
    };
    let told = match stored {
        Match::Runs(stored) if stored.len() >= FEWEST => {
            match compare(node, held, host, load, (&stored, measured)).await {
                Ok(told) => told,
                Err(ended) => return ended,
            }
        }
        other => not_compared(&other),
    };
    let record = Record::new(entry, key, told.differs(), measured.runs.clone());
    if let Err(error) = host.write_out(RECORD, &record.print()) {
        let reason = format!("what was measured can't be written: {error}");
        return Conclusion::new(Outcome::Error, "not-written", reason);
    }
    let may_be_stored = told.may_be_stored();
    let conclusion = told.conclusion(held, host);
    if conclusion.outcome == Outcome::Failed {
        let accept = format!("`sdd baseline accept {}`", host.subject());
        return conclusion.remedy(format!("if this is how it has to be: {accept}"));
    }
    if held.update == Update::Never || !may_be_stored || conclusion.outcome != Outcome::Passed {
        return conclusion;
    }
    let added = host.add_to_baseline(&record.entry, &record.key, &record.runs, Keep::First);
    added.map_or_else(broken, |_| conclusion)
}

fn not_compared(stored: &Match) -> Told {
    match stored {
        Match::Runs(runs) => {
            let count = runs.len();
            let reason = format!("{count} runs are stored, and {FEWEST} are needed");
            Told::nothing(NO_BASELINE, reason)
        }
        Match::Others(differ) => {
            let reason = format!("the stored runs differ in {}", differ.join(" and "));
            Told::nothing("not-comparable", reason)
        }
        Match::Older => {
            let reason = "what is stored is of an older form, which names neither machine nor load";
            Told::nothing("not-comparable", reason.to_owned())
        }
        Match::Nothing => {
            let reason = "no run is stored to compare with".to_owned();
            Told::nothing(NO_BASELINE, reason)
        }
    }
}

async fn compare<H: Host>(
    node: &Benchmark,
    held: &Held,
    host: &H,
    load: &Load,
    (stored, measured): (&[Run], &mut Measured),
) -> Result<Told, Conclusion> {
    let (figures, failures) = loop {
        let decided = decide(held, node.has_rate(), stored, &measured.runs);
        let failures = held.failures(stored, &measured.runs);
        let more = missing(&decided, failures.is_some(), measured.runs.len());
        if more == 0 {
            break (decided, failures);
        }
        node.measure(host, load, more, measured).await?;
    };
    let before = Before {
        of: "stored runs",
        count: stored.len(),
        unit: "stored runs",
    };
    let mut told = Told::default();
    for (figure, decided) in figures {
        told.figure((held, before), host, figure, decided);
    }
    if let Some((now, before)) = failures {
        told.failures(host, now, before);
    }
    Ok(told)
}

type Figures = Vec<(Figure, Result<(Compared, Change), String>)>;

fn decide(held: &Held, has_rate: bool, stored: &[Run], new: &[Run]) -> Figures {
    let all: Vec<&Run> = stored.iter().chain(new).collect();
    let figures = held.figures(has_rate, &all).into_iter();
    let decided = figures.map(|figure| {
        let decided = figure.compare(stored, new).and_then(|compared| {
            let change = compared.decide(held.share());
            let change = change.ok_or("there are too few runs")?;
            Ok((compared, change))
        });
        (figure, decided)
    });
    decided.collect()
}

/// How many more runs have to be made before anything is claimed.
fn missing(figures: &Figures, more_fail: bool, made: usize) -> usize {
    let doubts = figures.iter().filter_map(|(_, decided)| {
        let (_, change) = decided.as_ref().ok()?;
        match change.verdict {
            Verdict::InDoubt { more } => Some(more),
            _ => None,
        }
    });
    let for_failures = if more_fail {
        RUNS_IN_DOUBT.saturating_sub(made)
    } else {
        0
    };
    doubts.max().unwrap_or(0).max(for_failures)
}
