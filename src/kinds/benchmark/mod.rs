//! `benchmark`: a server under load keeps to limits.

mod engine;
mod limit;
mod verdict;

use engine::{Engine, Fallback};
use limit::{Bound, Metric};

use crate::bench;
use crate::diag::Diagnostic;
use crate::gate::judge;
use crate::host::{Conclusion, Host};
use crate::kinds::NodeKind;
use crate::span::{Span, Spanned};
use crate::spec::{Decoder, Delay, Limit, Map, Named, Rate, Template};

crate::spec! {
    /// Sends load over HTTP and holds what it measures against limits.
    ///
    /// It passes only on numbers that mean something: a run of which fewer than half of the requests succeed has no latency, a percentile that too few requests support is not told, and a generator that could not send what was due measured another load; each is an `error`. Other nodes that run at the same time take processors from it: give it `exclusive`.
    pub struct Benchmark = "benchmark" {
        /// What is asked, and of whom.
        "target" target: Asked,
        /// How much load is sent.
        "load" load: Option<Sent>,
        /// What has to hold, by metric: `p50`, `p75`, `p90`, `p95`, `p99`, `p99.9`, `max` and `mean` of the latency of successes (`max="500ms"`), `throughput` of successes (`min="100/s"`), `error-rate` (`max="2%"`). Without an entry for it, `error-rate` is at most 1 %.
        "limit" limit: Named<Bound>,
        /// What sends the load. `wrk` has to be installed and knows neither `rate` nor `requests`, only whole seconds, and no warm-up but a run of its own; its percentiles are not those of the builtin engine: it puts latencies in where answers stall, and counts those of failed answers too.
        "engine" engine: Engine = "builtin",
        /// What sends the load if the engine is not installed, which is an `error` otherwise.
        "fallback" fallback: Option<Fallback>,
    }
}

crate::spec! {
    /// A request, which is sent again and again.
    pub struct Asked = "target" {
        /// The URL, beginning with `http://`.
        "url" url: Template,
        /// The method.
        "method" method: Spanned<String> = "GET",
        /// Headers, as names with values.
        "headers" headers: Map<Template>,
        /// The body.
        "body" body: Option<Template>,
        /// Statuses that are a success; by default 200 to 299.
        "expect" expect: Vec<u32>,
    }
}

crate::spec! {
    /// How much load is sent.
    pub struct Sent = "load" {
        /// Connections that are open at once.
        "connections" connections: u32 = "16",
        /// Requests are due at this rate whatever the answers do, and a latency counts from when its request was due. Without it, each connection sends its next request when the last one is answered, which hides stalls.
        "rate" rate: Option<Rate>,
        /// How long to send; by default 10 seconds, or until all of `requests` are sent.
        "duration" duration: Option<Limit>,
        /// How many requests to send at most, the warm-up not counted.
        "requests" requests: Option<u64>,
        /// How long to send beforehand without counting.
        "warmup" warmup: Delay = "0s",
        /// How long an answer may take.
        "timeout" timeout: Limit = "10s",
    }
}

impl NodeKind for Benchmark {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        self.target.check(owner, decoder);
        if self.load.as_ref().and_then(|load| load.requests) == Some(0) {
            decoder.diags.push(
                Diagnostic::new("out-of-range", "`requests` is at least 1")
                    .at(owner, "sends nothing"),
            );
        }
        if let Some(Rate(rate)) = self.load.as_ref().and_then(|load| load.rate)
            && !(rate > 0.0 && rate <= bench::HIGHEST_RATE)
        {
            decoder.diags.push(
                Diagnostic::new("out-of-range", "`rate` is outside of what can be due")
                    .at(owner, "has a `rate` of nothing or of too much")
                    .help("write more than 0 and at most 10000000/s"),
            );
        }
        for (name, bound) in &self.limit.0 {
            bound.check(name, decoder);
        }
        self.check_engine(owner, decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        self.engine_program()
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let sent = self.send(host).await;
        if let Some(ended) = host.interruption() {
            return judge::could_not_tell(&ended);
        }
        match sent {
            Ok(summary) => verdict::conclude(self, host, &summary),
            Err(conclusion) => conclusion,
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

    fn load(&self, host: &impl Host) -> Result<bench::Load, String> {
        let sent = self.load.as_ref();
        let requests = sent.and_then(|sent| sent.requests);
        let duration = sent.and_then(|sent| sent.duration);
        let duration = duration.map(|duration| duration.0);
        Ok(bench::Load {
            target: self.target.request(host)?,
            connections: sent.map_or(16, |sent| sent.connections as usize),
            pace: match sent.and_then(|sent| sent.rate) {
                Some(Rate(rate)) => bench::Pace::Open(rate),
                None => bench::Pace::Closed,
            },
            warmup: sent.map_or(std::time::Duration::ZERO, |sent| sent.warmup.0),
            duration: match requests {
                Some(_) => duration,
                None => duration.or(Some(bench::USUAL_DURATION)),
            },
            requests,
            timeout: sent.map_or(bench::USUAL_TIMEOUT, |sent| sent.timeout.0),
            expect: self.target.expect(),
        })
    }
}

impl Asked {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let url = self.url.source();
        if !["http://", "{{"].iter().any(|start| url.starts_with(start)) {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`url` takes a whole URL")
                    .at(self.url.span, "does not begin with `http://`")
                    .help("for instance \"http://127.0.0.1:{{node.ID.port}}/orders\""),
            );
        }
        if bench::Target::of("http://localhost/")
            .method(&self.method)
            .build()
            .is_err()
        {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`method` takes the name of a method")
                    .at(self.method.span, "no method"),
            );
        }
        if self
            .expect
            .iter()
            .any(|status| !(100..=999).contains(status))
        {
            decoder.diags.push(
                Diagnostic::new("out-of-range", "`expect` takes statuses from 100 to 999")
                    .at(owner, "expects what is no status"),
            );
        }
    }

    fn request(&self, host: &impl Host) -> Result<bench::Target, String> {
        let expand = |template| {
            host.expand(template)
                .map_err(|missing| format!("{} has no value: {}", missing.name, missing.reason))
        };
        let mut target = bench::Target::of(&expand(&self.url)?).method(&self.method);
        for (name, value) in &self.headers.0 {
            target = target.header(name, &expand(value)?);
        }
        if let Some(body) = &self.body {
            target = target.body(expand(body)?);
        }
        target.build()
    }

    fn expect(&self) -> bench::Expect {
        let statuses = self.expect.iter();
        let statuses: Vec<u16> = statuses
            .filter_map(|status| u16::try_from(*status).ok())
            .collect();
        if statuses.is_empty() {
            bench::Expect::Success
        } else {
            bench::Expect::OneOf(statuses)
        }
    }
}
