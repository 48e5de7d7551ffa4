//! The samples of one case, tools interleaved, and the numbers drawn from them.

use crate::kit::Kit;
use crate::process;
use crate::subject::{Sample, Subject};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The tool that the others are held against.
pub(crate) const FLOOR: &str = "floor";

/// One case: samples by tool, round by round, and why a tool dropped out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Series {
    pub(crate) nodes: usize,
    /// The least time that any schedule takes; zero where nodes take no time.
    pub(crate) bound_ms: f64,
    pub(crate) samples: BTreeMap<String, Vec<Sample>>,
    pub(crate) failures: BTreeMap<String, String>,
}

/// A number per round, drawn together.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
}

impl Spread {
    /// Nothing comes of no rounds.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let upper = *sorted.get(middle)?;
        let lower = sorted[(sorted.len() - 1) / 2];
        Some(Self {
            median: f64::midpoint(lower, upper),
            min: sorted[0],
        })
    }
}

impl Series {
    /// Runs every subject once a round. The floor runs first and last in a round and its two runs
    /// are averaged; who follows whom changes from round to round.
    pub(crate) fn fill(
        &mut self,
        kit: &Kit,
        subjects: &[Subject],
        rounds: usize,
        limit: Duration,
    ) -> Result<(), String> {
        let (floor, others): (Vec<&Subject>, Vec<&Subject>) =
            subjects.iter().partition(|subject| subject.name == FLOOR);
        for round in 0..rounds {
            let before = floor
                .first()
                .map(|floor| floor.measure(kit, limit))
                .transpose()?;
            let (late, early) = others.split_at(round % others.len().max(1));
            for subject in early.iter().chain(late) {
                self.run(kit, subject, limit);
            }
            if let Some(before) = before {
                let after = floor[0].measure(kit, limit)?;
                if let Some(fault) = before.fault().or(after.fault()) {
                    return Err(format!("the floor itself: {fault}"));
                }
                self.samples
                    .entry(FLOOR.to_owned())
                    .or_default()
                    .push(before.mean(&after));
            }
        }
        Ok(())
    }

    fn run(&mut self, kit: &Kit, subject: &Subject, limit: Duration) {
        if self.failures.contains_key(&subject.name) {
            return;
        }
        match self.sample(kit, subject, limit) {
            Ok(sample) => self
                .samples
                .entry(subject.name.clone())
                .or_default()
                .push(sample),
            Err(fault) => _ = self.failures.insert(subject.name.clone(), fault),
        }
        process::end_marked(&kit.mark);
    }

    fn sample(&self, kit: &Kit, subject: &Subject, limit: Duration) -> Result<Sample, String> {
        let sample = subject.measure(kit, limit)?;
        if let Some(fault) = sample.fault() {
            return Err(fault);
        }
        subject
            .evidence
            .map_or(Ok(()), |evidence| evidence(subject, self.nodes))?;
        Ok(sample)
    }

    /// One figure of a tool's samples.
    pub(crate) fn spread(&self, tool: &str, figure: fn(&Sample) -> f64) -> Option<Spread> {
        Spread::of(self.samples.get(tool)?.iter().map(figure))
    }

    /// One figure of a tool's samples and of another's in the same round, put together.
    pub(crate) fn paired(
        &self,
        tool: &str,
        other: &str,
        figure: fn(&Sample) -> f64,
        together: impl Fn(f64, f64) -> f64,
    ) -> Option<Spread> {
        let pairs = self.samples.get(tool)?.iter().zip(self.samples.get(other)?);
        Spread::of(pairs.map(|(own, other)| together(figure(own), figure(other))))
    }
}
