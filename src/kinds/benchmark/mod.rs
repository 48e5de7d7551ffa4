//! `benchmark`: a server under load keeps to limits.

mod asked;
mod engine;
mod limit;
mod resource;
mod sent;
mod verdict;

use asked::Asked;
use engine::{Engine, Fallback};
use limit::{Bound, Metric};
use sent::Sent;

use crate::bench::{Load, Summary, resources};
use crate::diag::Diagnostic;
use crate::gate::judge;
use crate::host::{Conclusion, Host};
use crate::kinds::NodeKind;
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
        for target in &self.target.0 {
            target.check(owner, decoder);
        }
        if let Some(load) = &self.load {
            load.check(owner, decoder);
        }
        for (name, bound) in &self.limit.0 {
            bound.check(name, decoder);
        }
        self.check_engine(owner, decoder);
        self.check_sampled(decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        self.engine_program()
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let (mut runs, mut sampled) = (Vec::new(), Vec::new());
        for run in 0..self.runs() {
            let sent = self.send(host, run).await;
            if let Some(ended) = host.interruption() {
                return judge::could_not_tell(&ended);
            }
            match sent {
                Ok(sent) => {
                    runs.push(sent.summary);
                    sampled.push(sent.sampled);
                }
                Err(conclusion) => return conclusion,
            }
        }
        let sampled = resources::of_runs(sampled);
        let summary = Summary::of_runs(&runs).with_resources(&sampled);
        verdict::conclude(self, host, &summary, &sampled)
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

    fn runs(&self) -> u32 {
        self.load.as_ref().map_or(1, |load| load.runs)
    }

    fn load(&self, host: &impl Host) -> Result<Load, String> {
        let targets = self.target.0.iter().map(|target| target.target(host));
        let targets = targets.collect::<Result<_, _>>()?;
        sent::load(self.load.as_ref(), targets, host)
    }
}
