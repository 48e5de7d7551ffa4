//! The load generator `wrk`, as an engine: the script that it is given, its command line, and what
//! it prints.

mod figures;
mod script;
mod text;

use std::time::Duration;

use super::load::{Load, Pace, Protocol, USUAL_DURATION};
use super::summary::Summary;
use super::target::Target;

/// The program.
pub const PROGRAM: &str = "wrk";
/// How to get it.
pub const HOW_TO_INSTALL: &str =
    "install wrk, on Debian and Ubuntu with `apt-get install wrk`, elsewhere from its sources";
/// What is different about its numbers.
pub const CAVEAT: &str = "wrk puts latencies in where answers stall, by their mean interval, and counts those of failed answers too";

/// The longest time that wrk waits for an answer: it keeps a counter for each microsecond.
pub const LONGEST_TIMEOUT: Duration = Duration::from_mins(1);

/// The load as wrk can send it: one request in a closed loop, over HTTP/1.1, for whole seconds.
#[derive(Debug, Clone)]
pub struct Job {
    target: Target,
    connections: usize,
    /// How long to send beforehand without counting.
    pub warmup: Duration,
    duration: Duration,
    timeout: Duration,
}

impl Job {
    /// The load, or what wrk can't do of it.
    pub fn of(load: &Load) -> Result<Self, String> {
        let [target] = load.targets.as_slice() else {
            return Err("wrk asks one target".to_owned());
        };
        for (is_asked, words) in [
            (load.pace != Pace::Closed, "can't send at a rate"),
            (load.protocol != Protocol::Http1, "knows HTTP/1.1 alone"),
            (target.origin.tls, "verifies no certificates"),
            (load.requests.is_some(), "can't send a number of requests"),
            (!load.ramp_up.is_zero(), "knows no ramp"),
            (!load.ramp_down.is_zero(), "knows no ramp"),
            (target.expect.reads_body(), "looks into no body"),
            (has_twice(target), "sends each header once"),
            (
                load.timeout > LONGEST_TIMEOUT,
                "waits no longer than a minute for an answer",
            ),
        ] {
            if is_asked {
                return Err(format!("wrk {words}"));
            }
        }
        let duration = load.duration.unwrap_or(USUAL_DURATION);
        for (what, time) in [
            ("the duration", duration),
            ("the timeout", load.timeout),
            ("the warm-up", load.warmup),
        ] {
            if time.subsec_nanos() != 0 {
                return Err(format!("wrk counts in whole seconds, and {what} is none"));
            }
        }
        Ok(Self {
            target: target.clone(),
            connections: load.connections,
            warmup: load.warmup,
            duration,
            timeout: load.timeout,
        })
    }

    /// The same load, for as long as its warm-up; `None` if there is none.
    pub fn warming_up(&self) -> Option<Self> {
        (!self.warmup.is_zero()).then(|| Self {
            duration: self.warmup,
            ..self.clone()
        })
    }

    /// The script that says what to send, and that prints what was met.
    pub fn script(&self) -> String {
        script::script(&self.target.request())
    }

    /// The command line. `processors` is how many there are.
    pub fn command(&self, script: &str, processors: usize) -> Vec<String> {
        let seconds = |time: Duration| format!("{}s", time.as_secs());
        vec![
            PROGRAM.to_owned(),
            "--threads".to_owned(),
            self.threads(processors).to_string(),
            "--connections".to_owned(),
            self.connections.to_string(),
            "--duration".to_owned(),
            seconds(self.duration),
            "--timeout".to_owned(),
            seconds(self.timeout),
            "--latency".to_owned(),
            "--script".to_owned(),
            script.to_owned(),
            self.target.url(),
        ]
    }

    /// The numbers in what wrk printed; the error says why they can't be trusted.
    pub fn read(&self, printed: &str) -> Result<Summary, String> {
        let figures = figures::parse(printed)?;
        figures.agree_with(&text::parse(printed)?)?;
        figures.accounts_for(self.connections)?;
        Ok(figures.summary(&self.target.expect))
    }

    /// At most half of the processors, and a divisor of the connections: wrk gives each thread the
    /// same number of connections and leaves out the rest.
    fn threads(&self, processors: usize) -> usize {
        let most = processors.div_ceil(2).clamp(1, self.connections.max(1));
        (1..=most)
            .rev()
            .find(|threads| self.connections.is_multiple_of(*threads))
            .unwrap_or(1)
    }
}

fn has_twice(target: &Target) -> bool {
    let request = target.request();
    let headers = request.headers();
    headers.len() != headers.keys_len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Expect, TargetBuilder};

    fn load() -> Load {
        let target = Target::of("http://127.0.0.1:8080/").build().unwrap();
        Load {
            connections: 6,
            ..Load::on(target)
        }
    }

    pub(super) fn job() -> Job {
        Job::of(&load()).unwrap()
    }

    #[test]
    fn every_connection_belongs_to_a_thread() {
        let of = |connections, processors| {
            let job = Job {
                connections,
                ..job()
            };
            job.threads(processors)
        };
        assert_eq!(of(6, 8), 3);
        assert_eq!(of(7, 8), 1);
        assert_eq!(of(16, 2), 1);
        assert_eq!(of(1, 64), 1);
    }

    #[test]
    fn what_wrk_can_not_do_is_refused() {
        let refused = |change: fn(&mut Load)| {
            let mut load = load();
            change(&mut load);
            Job::of(&load).unwrap_err()
        };
        assert!(
            refused(|load| load.duration = Some(Duration::from_millis(1500))).contains("whole")
        );
        assert!(refused(|load| load.timeout = Duration::from_millis(300)).contains("timeout"));
        assert!(refused(|load| load.timeout = Duration::from_mins(2)).contains("minute"));
        assert!(refused(|load| load.pace = Pace::Open(5.0)).contains("rate"));
        assert!(refused(|load| load.protocol = Protocol::Http2).contains("HTTP/1.1"));
        assert!(refused(|load| load.requests = Some(5)).contains("number"));
        assert!(refused(|load| load.ramp_up = Duration::from_secs(1)).contains("ramp"));
        assert!(refused(|load| load.targets.push(load.targets[0].clone())).contains("one target"));
    }

    #[test]
    fn a_target_that_wrk_can_not_ask_is_refused() {
        let refused = |target: TargetBuilder| {
            let target = target.build().unwrap();
            Job::of(&Load::on(target)).unwrap_err()
        };
        let body = Expect {
            text: Some("ok".to_owned()),
            ..Expect::default()
        };
        let plain = Target::of("http://a/");
        assert!(refused(Target::of("https://a/")).contains("certificates"));
        assert!(refused(plain.clone().expect(body)).contains("body"));
        let twice = plain.header("a", "1").header("A", "2");
        assert!(refused(twice).contains("once"));
    }
}
