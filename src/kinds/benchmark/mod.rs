//! `benchmark`: a server under load keeps to limits.

mod asked;
mod engine;
mod held;
mod limit;
mod resource;
mod sent;
mod verdict;

use asked::Asked;
use engine::{Engine, Fallback};
use held::{Against, Held};
use limit::{Bound, Metric};
use sent::Sent;
use verdict::Measured;

use crate::bench::Load;
use crate::bench::baseline::{Run, Yardstick};
use crate::diag::Diagnostic;
use crate::gate::judge;
use crate::host::{Conclusion, Host};
use crate::kinds::NodeKind;
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Blocks, Decoder, Named, NodeRef, Template};

crate::spec! {
    /// Sends load over HTTP and holds what it measures against limits.
    ///
    /// It passes only on numbers that mean something: a run of which fewer than half of the requests succeed has no latency, a percentile that too few requests support is not told, and a generator that could not send what was due measured another load; each is an `error`. Other nodes that run at the same time take processors from it: give it `exclusive`.
    pub struct Benchmark = "benchmark" {
        /// What is asked, and of whom.
        "target" target: Blocks<Asked>,
        /// How much load is sent.
        "load" load: Option<Sent>,
        /// What has to hold, by metric: `p50`, `p75`, `p90`, `p95`, `p99`, `p99.9`, `max` and `mean` of the latency of successes (`max="500ms"`), `throughput` of successes (`min="100/s"`), `error-rate` (`max="2%"`). Of what `resources` names: `cpu` in percent of one processor, `memory`, and `disk.read`, `disk.write`, `network.received` and `network.sent` per second, each as `mean` or `max` and of each thing sampled (`"memory.max" max="512MiB"`) or of one (`"api.cpu.mean" max="80%"`), and `cpu-per-request` of all together (`max="300us"`). Without an entry for it, `error-rate` is at most 1 %.
        "limit" limit: Named<Bound>,
        /// Environments, of the kind `compose` or `service`, of which it is sampled during the load what they use: each service of a stack by its containers, a local process with all that descends from it. It needs them.
        "resources" resources: Vec<NodeRef>,
        /// What sends the load. `wrk` has to be installed and sends one request, in whole seconds: it knows no `rate`, `requests`, ramps, HTTP/2, TLS or bodies that are expected, and its warm-up is a run of its own; its percentiles are not those of the builtin engine: it puts latencies in where answers stall, and counts those of failed answers too.
        "engine" engine: Engine = "builtin",
        /// What sends the load if the engine is not installed, which is an `error` otherwise.
        "fallback" fallback: Option<Fallback>,
        /// Holds what is measured against runs that were stored before.
        "baseline" baseline: Option<Held>,
    }
}

impl NodeKind for Benchmark {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        if self.target.0.is_empty() {
            decoder.diags.push(
                Diagnostic::new("missing-field", "`benchmark` needs `target`")
                    .at(owner, "asks nobody")
                    .help("for instance `target url=\"http://127.0.0.1:{{node.ID.port}}/orders\"`"),
            );
        }
        let serves = self.held_against_base().is_some();
        for target in &self.target.0 {
            target.check(serves, owner, decoder);
        }
        if let Some(load) = &self.load {
            load.check(owner, decoder);
        }
        for (name, bound) in &self.limit.0 {
            bound.check(name, decoder);
        }
        if let Some(held) = &self.baseline {
            held.check(owner, decoder);
        }
        self.check_engine(owner, decoder);
        self.check_sampled(decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        self.engine_program()
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        if let Some(held) = self.held_against_base() {
            return held::against_base(self, held, host).await;
        }
        let load = match self.load(host, None) {
            Ok(load) => load,
            Err(reason) => return Conclusion::new(Outcome::Error, "bad-target", reason),
        };
        let mut measured = Measured::new(self.engine);
        let runs = self.load.as_ref().map_or(1, |load| load.runs as usize);
        if let Err(ended) = self.measure(host, &load, runs, &mut measured).await {
            return ended;
        }
        verdict::tell(host, &measured);
        let kept = verdict::limits(self, host, &measured);
        match &self.baseline {
            Some(held) if kept.outcome == Outcome::Passed => {
                held::against_stored(self, held, host, &load, &mut measured).await
            }
            _ => kept,
        }
    }
}

impl Benchmark {
    /// What is held against what was measured, with what holds without being written.
    fn bounds(&self) -> Vec<(Metric, Bound)> {
        let written = self.limit.0.iter();
        let mut bounds: Vec<(Metric, Bound)> = written
            .filter_map(|(name, bound)| Some((Metric::named(name)?, bound.clone())))
            .collect();
        if !bounds
            .iter()
            .any(|(metric, _)| *metric == Metric::ErrorRate)
        {
            bounds.push((Metric::ErrorRate, Bound::at_most("1%")));
        }
        bounds
    }

    /// Sends the load so many times more. The error is how the node ends if that came to nothing.
    async fn measure(
        &self,
        host: &impl Host,
        load: &Load,
        times: usize,
        measured: &mut Measured,
    ) -> Result<(), Conclusion> {
        for _ in 0..times {
            let yardstick = match &self.baseline {
                Some(held) if held.against == Against::Stored => {
                    host.yardstick(load.connections).await
                }
                _ => None,
            };
            let sent = self.send(host, load, measured.runs.is_empty()).await;
            if let Some(ended) = host.interruption() {
                return Err(judge::could_not_tell(&ended));
            }
            let sent = sent?;
            if let Some(ended) = verdict::invalid(host, &sent) {
                return Err(ended);
            }
            let summary = sent.summary;
            let yardstick = yardstick.as_ref().map(Yardstick::of);
            let told = (host.now(), host.run_id());
            let run = Run::new(&summary, yardstick, (&told.0, told.1));
            measured.runs.push(run);
            measured.summaries.push(summary);
            measured.sampled.push(sent.sampled);
            measured.engine = sent.engine;
        }
        Ok(())
    }

    /// What is sent, as the file says it: what has to be alike for two runs to be compared.
    fn description(&self, host: &impl Host, load: &Load) -> String {
        let targets = self.target.0.iter();
        let targets: Vec<String> = targets.map(|target| target.description(host)).collect();
        let load = sent::description(load);
        format!("{}; {load}", targets.join(", "))
    }

    fn has_rate(&self) -> bool {
        self.load.as_ref().is_some_and(|load| load.rate.is_some())
    }

    /// The baseline, if it is the project as it was before.
    fn held_against_base(&self) -> Option<&Held> {
        let held = self.baseline.as_ref();
        held.filter(|held| held.against == Against::Base)
    }

    /// The load, on what listens on `port` if the URLs are paths.
    fn load(&self, host: &impl Host, port: Option<u16>) -> Result<Load, String> {
        let targets = self.target.0.iter();
        let targets = targets.map(|target| target.target(host, port));
        let targets = targets.collect::<Result<_, _>>()?;
        sent::load(self.load.as_ref(), targets, host)
    }
}
