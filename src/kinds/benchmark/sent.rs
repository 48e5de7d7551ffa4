//! How much load is sent.

use std::time::Duration;

use crate::bench::{self, Load, Pace, Protocol, Target};
use crate::diag::Diagnostic;
use crate::host::Host;
use crate::span::Span;
use crate::spec::{Decoder, Delay, Limit, ProjectPath, Rate};

crate::choice! {
    /// How requests travel.
    pub enum Travel {
        Http1 = "http1",
        Http2 = "http2",
    }
}

crate::spec! {
    /// How much load is sent. The time is that of `ramp-up`, `warmup`, `duration` and `ramp-down`, in this order; only what is sent during `duration` counts.
    pub struct Sent = "load" {
        /// Connections that are open at once, each for one request at a time.
        "connections" connections: u32 = "16",
        /// Requests are due at this rate whatever the answers do, and a latency counts from when its request was due. Without it, each connection sends its next request when the last one is answered, which hides stalls.
        "rate" rate: Option<Rate>,
        /// Time in which the load rises evenly from nothing: the rate, or without one the connections.
        "ramp-up" ramp_up: Delay = "0s",
        /// How long to send at the full load without counting.
        "warmup" warmup: Delay = "0s",
        /// How long to send and count; by default 10 seconds, or until all of `requests` are sent.
        "duration" duration: Option<Limit>,
        /// Time in which the load falls evenly to nothing.
        "ramp-down" ramp_down: Delay = "0s",
        /// How many requests to count at most.
        "requests" requests: Option<u64>,
        /// How often all of this is done, one after the other. What is told is about all runs together.
        "runs" runs: u32 = "1",
        /// How long an answer may take.
        "timeout" timeout: Limit = "10s",
        /// How requests travel: as HTTP/1.1, or as HTTP/2, which is negotiated on `https://` and taken for granted on `http://`.
        "protocol" protocol: Travel = "http1",
        /// The file of certificates, in PEM, that vouch for servers of `https://`, instead of those that the machine trusts.
        "ca" ca: Option<ProjectPath>,
    }
}

/// The most connections of one node.
const MOST_CONNECTIONS: u32 = 10_000;
/// The most runs of one node.
const MOST_RUNS: u32 = 100;

impl Sent {
    pub(super) fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let rate = self.rate.map_or(1.0, |Rate(rate)| rate);
        let wrong = [
            (
                !(1..=MOST_CONNECTIONS).contains(&self.connections),
                "`connections` is at least 1 and at most 10000",
                "has no number of connections that there can be",
                "16 is what is taken if nothing is written",
            ),
            (
                self.requests == Some(0),
                "`requests` is at least 1",
                "sends nothing",
                "leave `requests` away to send for a `duration`",
            ),
            (
                !(rate > 0.0 && rate <= bench::HIGHEST_RATE),
                "`rate` is outside of what can be due",
                "has a `rate` of nothing or of too much",
                "write more than 0 and at most 10000000/s",
            ),
            (
                !(1..=MOST_RUNS).contains(&self.runs),
                "`runs` is at least 1 and at most 100",
                "has no number of runs that there can be",
                "7 runs are a good baseline",
            ),
            (
                !self.ramp_down.0.is_zero() && self.requests.is_some() && self.duration.is_none(),
                "`ramp-down` needs a `duration`",
                "has no time after which the load could fall",
                "write `duration` beside `requests`",
            ),
        ];
        for (_, message, label, help) in wrong.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
            decoder.diags.push(
                Diagnostic::new("out-of-range", message)
                    .at(owner, label)
                    .help(help),
            );
        }
    }
}

/// The load as it is sent; the error says what is wrong with it.
pub(super) fn load(
    sent: Option<&Sent>,
    targets: Vec<Target>,
    host: &impl Host,
) -> Result<Load, String> {
    let usual = Load {
        targets,
        protocol: Protocol::Http1,
        trusted: None,
        connections: 16,
        pace: Pace::Closed,
        ramp_up: Duration::ZERO,
        warmup: Duration::ZERO,
        duration: Some(bench::USUAL_DURATION),
        ramp_down: Duration::ZERO,
        requests: None,
        timeout: bench::USUAL_TIMEOUT,
    };
    let Some(sent) = sent else {
        return Ok(usual);
    };
    let duration = sent.duration.map(|duration| duration.0);
    let trusted = sent.ca.as_ref().map(|file| {
        host.read(&file.path)
            .map_err(|error| format!("`{}` can't be read: {error}", file.path))
    });
    Ok(Load {
        protocol: match sent.protocol {
            Travel::Http1 => Protocol::Http1,
            Travel::Http2 => Protocol::Http2,
        },
        trusted: trusted.transpose()?,
        connections: sent.connections as usize,
        pace: match sent.rate {
            Some(Rate(rate)) => Pace::Open(rate),
            None => Pace::Closed,
        },
        ramp_up: sent.ramp_up.0,
        warmup: sent.warmup.0,
        duration: match sent.requests {
            Some(_) => duration,
            None => duration.or(usual.duration),
        },
        ramp_down: sent.ramp_down.0,
        requests: sent.requests,
        timeout: sent.timeout.0,
        ..usual
    })
}

/// The load as it is meant, without what does not change what is measured.
pub(super) fn description(load: &Load) -> String {
    let pace = match load.pace {
        Pace::Open(rate) => format!("{rate} due a second"),
        Pace::Closed => "closed loop".to_owned(),
    };
    let protocol = match load.protocol {
        Protocol::Http1 => "HTTP/1.1",
        Protocol::Http2 => "HTTP/2",
    };
    let mut parts = vec![
        format!("{} connections", load.connections),
        pace,
        protocol.to_owned(),
    ];
    let times = [
        ("ramp-up", Some(load.ramp_up)),
        ("warmup", Some(load.warmup)),
        ("duration", load.duration),
        ("ramp-down", Some(load.ramp_down)),
        ("timeout", Some(load.timeout)),
    ];
    for (name, time) in times {
        let time = time.filter(|time| !time.is_zero());
        parts.extend(time.map(|time| format!("{name} {time:?}")));
    }
    parts.extend(load.requests.map(|requests| format!("{requests} requests")));
    parts.join(", ")
}
