//! Whether what is measured still holds against what was measured before.

mod in_turn;
mod stored;
mod told;

pub(super) use self::in_turn::against_base;
pub(super) use self::stored::against_stored;
use crate::bench::baseline::{FEWEST_PAIRS, FIGURES, Failures, Figure, MOST_PAIRS, Run};
use crate::diag::{Diagnostic, did_you_mean};
use crate::span::{Span, Spanned};
use crate::spec::{Argv, Decoder, Percent};

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
    /// A regression is claimed only where the stored runs carry it: at least 5 of them, and what they can't show they don't claim. A run that is at most 5 % worse than their median passes at once; otherwise two more runs are made, and it is a regression if the mean of the three is worse by more than `tolerance` and lies outside of what the stored runs predict (Student's t, 1 in 100), seen as it is and beside a server that does nothing, which is measured with each run: where the machine was slower meanwhile, nothing is claimed. The smallest change that could have been shown is always told. If it is larger than `tolerance`, the outcome is inconclusive, unless the runs are at most 5 % worse and a change of three times `tolerance` could have been shown. Runs are stored by `sdd baseline accept NODE`; `runs=7` in `load` makes a good beginning.
    pub struct Held = "baseline" {
        /// What is compared: `p50`, `p75`, `p90`, `p95`, `p99`, `throughput`, `error-rate`, `cpu-per-request`. By default the highest percentile that the requests suffice for, `error-rate`, and without a `rate` `throughput`.
        "metrics" metrics: Vec<Spanned<String>>,
        /// How much worse it may be.
        "tolerance" tolerance: Percent = "10%",
        /// Whether runs are stored by themselves when the node passes and they are like the stored ones, up to 20; as long as there are fewer than 5, none of them is missed. What is stored is never replaced by itself, so that slow losses add up to one that is seen.
        "update" update: Update = "never",
        /// What it means if nothing can be told: there are too few stored runs, they are of another machine, load or engine, or they differ too much.
        "on-inconclusive" on_inconclusive: Unsure = "fail",
        /// What is compared with: the stored runs, or the project as it was at `base`, which is built and measured in turn with what is there now. That needs no stored runs, and takes longer.
        "against" against: Against = "stored",
        /// With `against "base"`, the command that builds what is served, in the folder of each revision.
        "build" build: Option<Argv>,
        /// With `against "base"`, the command that serves: it listens on the port of 127.0.0.1 that is in `SDD_PORT`. The URLs of the targets are paths then: `url="/orders"`.
        "serve" serve: Option<Argv>,
        /// With `against "base"`, how often both are measured.
        "pairs" pairs: u32 = "10",
    }
}

crate::choice! {
    /// What a benchmark is compared with.
    pub enum Against {
        Stored = "stored",
        Base = "base",
    }
}

const ERROR_RATE: &str = "error-rate";

impl Held {
    pub(super) fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        self.check_against(owner, decoder);
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

impl Held {
    fn check_against(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let pairs = (FEWEST_PAIRS..=MOST_PAIRS).contains(&(self.pairs as usize));
        let is_base = self.against == Against::Base;
        let commands = self.serve.is_some() || self.build.is_some();
        let wrong = [
            (
                is_base && self.serve.is_none(),
                "`against \"base\"` needs `serve`",
                "has nothing to measure of the earlier revision",
            ),
            (
                !is_base && commands,
                "`build` and `serve` are for `against \"base\"`",
                "is compared with stored runs",
            ),
            (
                is_base && self.update == Update::OnPass,
                "with `against \"base\"` nothing is stored",
                "has `update`",
            ),
            (
                !pairs,
                "`pairs` is at least 7 and at most 50",
                "has no number of pairs that could show anything",
            ),
        ];
        for (_, message, label) in wrong.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
            decoder
                .diags
                .push(Diagnostic::new("out-of-range", message).at(owner, label));
        }
    }
}

impl Held {
    /// The figures that are compared, of runs like these. With a rate, successes a second are what
    /// was asked for and tell nothing.
    fn figures(&self, has_rate: bool, runs: &[&Run]) -> Vec<Figure> {
        if !self.metrics.is_empty() {
            let named = self.metrics.iter();
            return named.filter_map(|name| Figure::named(name)).collect();
        }
        let mut figures = Vec::new();
        // wrk tells percentiles of the whole run and no times.
        if runs.iter().any(|run| !run.windows.is_empty()) {
            figures.push(Figure::highest(runs));
        }
        if !has_rate {
            figures.push(Figure::Throughput);
        }
        if runs.iter().all(|run| run.cpu_us.is_some()) {
            figures.push(Figure::CpuPerRequest);
        }
        figures
    }

    /// The failures now and before, if there are more now and that matters.
    fn failures(&self, before: &[Run], now: &[Run]) -> Option<(Failures, Failures)> {
        let mut metrics = self.metrics.iter();
        let matters = self.metrics.is_empty() || metrics.any(|name| name.as_str() == ERROR_RATE);
        let (now, before) = (Failures::of(now), Failures::of(before));
        (matters && now.are_more_than(before)).then_some((now, before))
    }

    /// What is tolerated, as a share.
    fn share(&self) -> f64 {
        self.tolerance.0 / 100.0
    }
}
