//! The load generator `wrk`, as an engine: the script that it is given, its command line, and what
//! it prints.

mod figures;
mod script;
mod text;

use std::time::Duration;

use super::load::Expect;
use super::summary::Summary;

/// The program.
pub const PROGRAM: &str = "wrk";
/// How to get it.
pub const HOW_TO_INSTALL: &str =
    "install wrk, on Debian and Ubuntu with `apt-get install wrk`, elsewhere from its sources";
/// What is different about its numbers.
pub const CAVEAT: &str = "wrk puts latencies in where answers stall, by their mean interval, and counts those of failed answers too";

/// The longest time that wrk waits for an answer: it keeps a counter for each microsecond.
pub const LONGEST_TIMEOUT: Duration = Duration::from_mins(1);

/// The load as wrk can send it: always in a closed loop, over HTTP/1.1, for whole seconds.
#[derive(Debug, Clone)]
pub struct Job {
    /// The URL, beginning with `http://`.
    pub url: String,
    /// The method.
    pub method: String,
    /// Headers; each name once.
    pub headers: Vec<(String, String)>,
    /// The body, which may be empty.
    pub body: Vec<u8>,
    /// Connections that are open at once.
    pub connections: usize,
    /// How long to send.
    pub duration: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Which answers are a success.
    pub expect: Expect,
}

impl Job {
    /// What wrk can't do of it.
    pub fn check(&self) -> Result<(), String> {
        if !self.url.starts_with("http://") {
            return Err(format!("`{}`: wrk verifies no certificates", self.url));
        }
        check_seconds("the duration", self.duration)?;
        check_seconds("the timeout", self.timeout)?;
        if self.timeout > LONGEST_TIMEOUT {
            return Err("wrk waits no longer than a minute for an answer".to_owned());
        }
        let same = |(at, (name, _)): (usize, &(String, String))| {
            let earlier = &self.headers[..at];
            earlier
                .iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        if self.headers.iter().enumerate().any(same) {
            return Err("wrk sends each header once".to_owned());
        }
        Ok(())
    }

    /// The script that says what to send, and that prints what was met.
    pub fn script(&self) -> String {
        script::script(self)
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
            self.url.clone(),
        ]
    }

    /// The numbers in what wrk printed; the error says why they can't be trusted.
    pub fn read(&self, printed: &str) -> Result<Summary, String> {
        let figures = figures::parse(printed)?;
        figures.agree_with(&text::parse(printed)?)?;
        Ok(figures.summary(&self.expect))
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

/// Whether wrk can be told that time.
pub fn is_whole_seconds(time: Duration) -> bool {
    !time.is_zero() && time.subsec_nanos() == 0
}

fn check_seconds(what: &str, time: Duration) -> Result<(), String> {
    if is_whole_seconds(time) {
        return Ok(());
    }
    Err(format!("wrk counts in whole seconds, and {what} is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn job() -> Job {
        Job {
            url: "http://127.0.0.1:8080/".to_owned(),
            method: "GET".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            connections: 6,
            duration: Duration::from_secs(10),
            timeout: Duration::from_secs(2),
            expect: Expect::Success,
        }
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
        let refused = |change: fn(&mut Job)| {
            let mut job = job();
            change(&mut job);
            job.check().unwrap_err()
        };
        assert!(job().check().is_ok());
        assert!(refused(|job| job.duration = Duration::from_millis(1500)).contains("whole"));
        assert!(refused(|job| job.timeout = Duration::ZERO).contains("timeout"));
        assert!(refused(|job| job.timeout = Duration::from_mins(2)).contains("minute"));
        assert!(refused(|job| job.url = "https://a/".to_owned()).contains("certificates"));
        let twice = refused(|job| {
            job.headers = vec![("A".into(), "1".into()), ("a".into(), "2".into())];
        });
        assert!(twice.contains("once"), "{twice}");
    }
}
