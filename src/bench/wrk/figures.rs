//! What the script prints: exact numbers, one a line.

use std::collections::BTreeMap;
use std::time::Duration;

use super::text::{SocketErrors, Text};
use crate::bench::expect::Expect;
use crate::bench::latency::Latencies;
use crate::bench::summary::Summary;
use crate::bench::tally::Tally;

/// The beginning of the lines of the script.
const MARK: &str = "sdd: ";

/// What the script counted and what wrk told it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figures {
    /// Numbers by their name; times in microseconds.
    numbers: BTreeMap<String, f64>,
    /// Times in microseconds, by the share of all times that do not exceed them.
    quantiles: BTreeMap<u64, f64>,
    /// For each status, how many answers there were and the bytes of their bodies.
    answers: BTreeMap<u16, (u64, u64)>,
}

/// Into how many parts a quantile divides all times.
const PARTS: u64 = 10_000;
/// The share of the time of all connections that answers account for at least.
const ACCOUNTED: f64 = 0.5;

const NUMBERS: [&str; 9] = [
    "max", "mean", "duration", "requests", "connect", "read", "write", "timeout", "status",
];

/// Reads the lines; the error says which is not there.
pub(super) fn parse(printed: &str) -> Result<Figures, String> {
    let lines = printed.lines().filter_map(|line| line.strip_prefix(MARK));
    let mut numbers = BTreeMap::new();
    let (mut answers, mut quantiles) = (BTreeMap::new(), BTreeMap::new());
    let mut is_whole = false;
    for line in lines {
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        let values: Option<Vec<f64>> = words.map(number).collect();
        match (name, values.as_deref()) {
            ("end", Some([])) => is_whole = true,
            ("answers", Some([status, count, bytes])) => {
                let status = u16::try_from(count_of(*status));
                let status = status.map_err(|_| format!("wrk told of a status `{line}`"))?;
                answers.insert(status, (count_of(*count), count_of(*bytes)));
            }
            ("quantile", Some([place, time])) => {
                quantiles.insert(count_of(*place), *time);
            }
            (name, Some([value])) => {
                numbers.insert(name.to_owned(), *value);
            }
            _ => return Err(format!("wrk told what can't be read: `{line}`")),
        }
    }
    if !is_whole || NUMBERS.iter().any(|name| !numbers.contains_key(*name)) {
        return Err("wrk did not print what it measured".to_owned());
    }
    Ok(Figures {
        numbers,
        quantiles,
        answers,
    })
}

/// A number that is none less than nothing; Lua prints one that is no number as `nan`.
fn number(word: &str) -> Option<f64> {
    let value: f64 = word.parse().ok()?;
    if value.is_nan() {
        return Some(0.0);
    }
    (0.0..1e15).contains(&value).then_some(value)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers that were read are whole, not negative and below 1e15"
)]
fn count_of(value: f64) -> u64 {
    value as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn exact(count: u64) -> f64 {
    count as f64
}

impl Figures {
    fn number(&self, name: &str) -> f64 {
        self.numbers.get(name).copied().unwrap_or_default()
    }

    fn count(&self, name: &str) -> u64 {
        count_of(self.number(name))
    }

    fn answered(&self) -> u64 {
        self.answers.values().map(|(count, _)| count).sum()
    }

    fn duration(&self) -> Duration {
        Duration::from_micros(self.count("duration"))
    }

    /// Whether what wrk printed for people says the same; the error says what does not.
    pub(super) fn agree_with(&self, text: &Text) -> Result<(), String> {
        let socket = SocketErrors {
            connect: self.count("connect"),
            read: self.count("read"),
            write: self.count("write"),
            timeout: self.count("timeout"),
        };
        let refused = self.answers.range(400..).map(|(_, (count, _))| count);
        let refused: u64 = refused.sum();
        let seconds = self.duration().as_secs_f64();
        let percentile = |name: u64| self.quantiles.get(&(name * PARTS / 100));
        let same_times = text
            .percentiles
            .iter()
            .all(|(name, time)| percentile(*name).is_some_and(|exact| time.is(*exact)));
        let requests = self.count("requests");
        for (what, agrees) in [
            ("requests", text.requests == requests),
            ("answers", self.answered() == requests),
            ("errors of connections", text.socket == socket),
            (
                "answers that are errors",
                text.refused == refused && self.count("status") == refused,
            ),
            ("percentiles", same_times),
            ("mean", text.mean.is(self.number("mean"))),
            ("longest time", text.max.is(self.number("max"))),
            (
                "requests per second",
                text.per_second.is(exact(requests) / seconds),
            ),
        ] {
            if !agrees {
                return Err(format!("wrk contradicts itself about its {what}"));
            }
        }
        Ok(())
    }

    /// Refuses a measurement of which much of the time is missing: wrk forgets requests that are
    /// never answered. While connections send one request after the other, the times of all answers
    /// add up to that of all connections (Little's law).
    pub(super) fn accounts_for(&self, connections: usize) -> Result<(), String> {
        let answered = exact(self.count("requests")) * self.number("mean") / 1e6;
        let connections = exact(u64::try_from(connections).unwrap_or(u64::MAX));
        let spent = connections * self.duration().as_secs_f64();
        if self.count("requests") == 0 || answered >= spent * ACCOUNTED {
            return Ok(());
        }
        Err(format!(
            "the answers account for {:.0} % of the time of the connections: requests were never \
             answered, or connections stood idle, and wrk does not tell",
            100.0 * answered / spent.max(f64::MIN_POSITIVE)
        ))
    }

    /// The same numbers in the words of every engine. An answer that came too late is an answer
    /// for wrk, with its status; here it is one without its status.
    pub(super) fn summary(&self, expect: &Expect) -> Summary {
        let mut tally = Tally {
            connect: self.count("connect"),
            reset: self.count("read") + self.count("write"),
            elapsed: self.duration(),
            ..Tally::default()
        };
        for (status, (count, bytes)) in &self.answers {
            if expect.accepts(*status) {
                tally.ok += count;
                tally.bytes += bytes;
            } else {
                tally.statuses.insert(*status, *count);
            }
        }
        tally.timeout = self.count("timeout").min(tally.ok);
        tally.ok -= tally.timeout;
        tally.due = tally.sent();
        tally.latencies = self.latencies();
        Summary::new(tally, false)
    }

    /// All times but those of answers that came too late, each as the next longer quantile.
    fn latencies(&self) -> Latencies {
        let count = self.answered().saturating_sub(self.count("timeout"));
        let mut latencies = Latencies::default();
        let longest = (PARTS, self.number("max"));
        let steps = self.quantiles.iter().map(|(place, time)| (*place, *time));
        let mut before = 0;
        for (place, time) in steps.chain([longest]) {
            let rank = (u128::from(count) * u128::from(place)).div_ceil(u128::from(PARTS));
            let rank = u64::try_from(rank).unwrap_or(count);
            if rank > before {
                let time = Duration::from_micros(count_of(time));
                latencies.record_many(time, rank - before);
                before = rank;
            }
        }
        latencies
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::job;
    use super::super::text;
    use super::*;

    /// What a run printed, with these lines of the script and these of wrk about errors.
    fn printed(script: &str, errors: &str) -> String {
        format!(
            "Running 1s test @ http://127.0.0.1:18080/
  1 threads and 4 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   373.95us    0.91ms   6.34ms   89.00%
    Req/Sec    65.23k    25.59k  117.05k    70.00%
  Latency Distribution
     50%   33.00us
     75%   62.00us
     90%    1.48ms
     99%    4.15ms
  64739 requests in 1.00s, 9.38MB read
{errors}Requests/sec:  64507.03
Transfer/sec:      9.35MB
{script}"
        )
    }

    const TIMES: &str = "sdd: quantile 5000.000 33.000
sdd: quantile 7500.000 62.000
sdd: quantile 9000.000 1484.000
sdd: quantile 9500.000 2677.000
sdd: quantile 9900.000 4151.000
sdd: quantile 9990.000 5741.000
sdd: max 6337.000
sdd: mean 373.953
sdd: duration 1003596.000
sdd: requests 64739.000
";
    const NO_ERRORS: &str = "sdd: answers 200.000 64739.000 323695.000
sdd: connect 0.000
sdd: read 0.000
sdd: write 0.000
sdd: timeout 0.000
sdd: status 0.000
sdd: end
";
    const ERRORS: &str = "sdd: answers 200.000 60000.000 300000.000
sdd: answers 301.000 739.000 0.000
sdd: answers 500.000 4000.000 4000.000
sdd: connect 3.000
sdd: read 20.000
sdd: write 1.000
sdd: timeout 5.000
sdd: status 4000.000
sdd: end
";
    const ERRORS_OF_WRK: &str = "  Socket errors: connect 3, read 20, write 1, timeout 5
  Non-2xx or 3xx responses: 4000
";

    fn read(text: &str) -> Result<Summary, String> {
        job().read(text)
    }

    #[test]
    fn b84_every_percentile_is_exact_and_in_milliseconds() {
        let summary = read(&printed(&format!("{TIMES}{NO_ERRORS}"), "")).unwrap();
        let latency = &summary.latency;
        let is = |found: Option<f64>, truth: f64| (found.unwrap() / truth - 1.0).abs() < 0.001;
        assert!(is(latency.p50, 0.033) && is(latency.p75, 0.062) && is(latency.p90, 1.484));
        assert!(is(latency.p95, 2.677) && is(latency.p99, 4.151) && is(latency.p999, 5.741));
        assert_eq!(latency.max, Some(6.337));
        assert_eq!((summary.tally.ok, summary.tally.bytes), (64_739, 323_695));
        assert!((summary.throughput.successful_per_s - 64507.03).abs() < 0.01);
    }

    #[test]
    fn b85_failures_of_each_way_are_counted_apart() {
        let summary = read(&printed(&format!("{TIMES}{ERRORS}"), ERRORS_OF_WRK)).unwrap();
        let tally = &summary.tally;
        assert_eq!(tally.ok, 59_995);
        assert_eq!(tally.statuses, [(301, 739), (500, 4000)].into());
        assert_eq!((tally.connect, tally.reset, tally.timeout), (3, 21, 5));
        assert_eq!(tally.due, tally.sent());
        assert_eq!(tally.sent(), 64_739 + 24);
    }

    #[test]
    fn b86_what_wrk_did_not_print_is_no_measurement() {
        assert!(read("").is_err());
        assert!(read("Usage: wrk <options> <url>\n").is_err());
        assert!(read(&printed(TIMES, "")).is_err());
        let cut = format!("{TIMES}{NO_ERRORS}").replace("sdd: end\n", "");
        assert!(read(&printed(&cut, "")).is_err());
        let strange = format!("{TIMES}{NO_ERRORS}").replace("sdd: read 0.000", "sdd: read -1");
        assert!(read(&printed(&strange, "")).is_err());
    }

    #[test]
    fn b87_numbers_that_contradict_each_other_are_no_measurement() {
        for (number, other) in [
            ("9000.000 1484", "9000.000 1584"),
            ("requests 64739", "requests 64738"),
            ("64739.000 323695", "64738.000 323695"),
            ("read 0", "read 1"),
            ("status 0", "status 7"),
            ("mean 373", "mean 400"),
            ("max 6337", "max 9337"),
            ("duration 1003596", "duration 2003596"),
        ] {
            let script = format!("{TIMES}{NO_ERRORS}").replace(number, other);
            let error = read(&printed(&script, "")).unwrap_err();
            assert!(error.contains("contradicts"), "{number}: {error}");
        }
    }

    #[test]
    fn b84_a_percentile_that_the_sample_can_not_support_is_absent() {
        let text = printed(&format!("{TIMES}{NO_ERRORS}"), "");
        let few = text
            .replace("64739.000 323695", "99.000 495")
            .replace("requests 64739", "requests 99")
            .replace("64739 requests", "99 requests")
            .replace("64507.03", "98.65");
        let latency = parse(&few).unwrap().summary(&Expect::default()).latency;
        assert!(latency.p95.is_some());
        assert_eq!((latency.p99, latency.p999), (None, None));
    }

    #[test]
    fn b85_when_most_requests_fail_there_is_no_latency() {
        let failing = NO_ERRORS
            .replace("answers 200", "answers 500")
            .replace("status 0", "status 64739");
        let told = "  Non-2xx or 3xx responses: 64739\n";
        let summary = read(&printed(&format!("{TIMES}{failing}"), told)).unwrap();
        assert!(!summary.is_measured());
        assert_eq!(summary.latency, crate::bench::LatencySummary::default());
    }

    #[test]
    fn the_text_of_a_run_without_answers_is_read() {
        // Nothing was answered: wrk prints its times as zeros, and Lua its mean as no number.
        let none = printed(&format!("{TIMES}{NO_ERRORS}"), "");
        assert!(text::parse(&none).is_ok());
        assert_eq!(number("-nan"), Some(0.0));
    }
}
