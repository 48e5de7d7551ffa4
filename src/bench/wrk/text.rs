//! What wrk prints for people. It is read to be held against what the script prints.

use std::sync::LazyLock;

use regex::Regex;

/// A number as wrk rounds it, and how far the true one may be from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rounded {
    value: f64,
    grain: f64,
}

impl Rounded {
    /// Whether a number is rounded to this one.
    pub(super) fn is(self, exact: f64) -> bool {
        (self.value - exact).abs() <= self.grain * 1.01
    }
}

/// Errors of the connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct SocketErrors {
    pub(super) connect: u64,
    pub(super) read: u64,
    pub(super) write: u64,
    pub(super) timeout: u64,
}

/// What stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    /// Percentages with their times in microseconds, in the order of the text.
    pub(super) percentiles: Vec<(u64, Rounded)>,
    /// The mean and the longest time, in microseconds.
    pub(super) mean: Rounded,
    pub(super) max: Rounded,
    pub(super) requests: u64,
    pub(super) socket: SocketErrors,
    /// Answers with a status of 400 or more.
    pub(super) refused: u64,
    pub(super) per_second: Rounded,
}

const TIME: &str = r"([0-9]+\.[0-9]{2})(us|ms|s|m|h)";

/// A line that is this and nothing else: a percentage elsewhere in the text is no percentile.
fn line(pattern: &str) -> Regex {
    let pattern = pattern.replace("TIME", TIME);
    Regex::new(&format!("^ *{pattern} *$")).expect("the pattern is one")
}

static LATENCY: LazyLock<Regex> = LazyLock::new(|| line(r"Latency +TIME +TIME +TIME +\S+%"));
static PERCENTILE: LazyLock<Regex> = LazyLock::new(|| line(r"([0-9]{1,2})% +TIME"));
static REQUESTS: LazyLock<Regex> =
    LazyLock::new(|| line(r"([0-9]+) requests in TIME, [0-9.]+[KMGTP]?B read"));
static SOCKET: LazyLock<Regex> = LazyLock::new(|| {
    line("Socket errors: connect ([0-9]+), read ([0-9]+), write ([0-9]+), timeout ([0-9]+)")
});
static REFUSED: LazyLock<Regex> = LazyLock::new(|| line("Non-2xx or 3xx responses: ([0-9]+)"));
static PER_SECOND: LazyLock<Regex> = LazyLock::new(|| line(r"Requests/sec: +([0-9]+\.[0-9]{2})"));

/// Reads the text; the error says which of its lines is not there.
pub(super) fn parse(printed: &str) -> Result<Text, String> {
    let lines: Vec<&str> = printed.lines().collect();
    let found = |pattern: &Regex| lines.iter().find_map(|line| parts(pattern, line));
    let missing = |what: &str| format!("wrk did not print {what}");
    let requests = found(&REQUESTS).ok_or_else(|| missing("how many requests it made"))?;
    let latency = found(&LATENCY).ok_or_else(|| missing("its latency"))?;
    let per_second = found(&PER_SECOND).ok_or_else(|| missing("its requests per second"))?;
    let distribution = lines
        .iter()
        .skip_while(|line| line.trim() != "Latency Distribution");
    let percentiles: Vec<(u64, Rounded)> = distribution
        .skip(1)
        .map_while(|line| parts(&PERCENTILE, line))
        .filter_map(|parts| Some((parts[0].parse().ok()?, time(&parts[1..])?)))
        .collect();
    if percentiles.is_empty() {
        return Err(missing("its latency distribution"));
    }
    let whole = |text: &str| text.parse::<u64>().ok();
    let read = || {
        let socket = match found(&SOCKET) {
            None => SocketErrors::default(),
            Some(parts) => SocketErrors {
                connect: whole(parts[0])?,
                read: whole(parts[1])?,
                write: whole(parts[2])?,
                timeout: whole(parts[3])?,
            },
        };
        Some(Text {
            percentiles,
            mean: time(&latency[..2])?,
            max: time(&latency[4..])?,
            requests: whole(requests[0])?,
            socket,
            refused: found(&REFUSED).map_or(Some(0), |parts| whole(parts[0]))?,
            per_second: Rounded {
                value: per_second[0].parse().ok()?,
                grain: 0.01,
            },
        })
    };
    read().ok_or_else(|| missing("numbers that can be read"))
}

fn parts<'t>(pattern: &Regex, line: &'t str) -> Option<Vec<&'t str>> {
    let found = pattern.captures(line)?;
    let groups = found.iter().skip(1).flatten();
    Some(groups.map(|group| group.as_str()).collect())
}

/// A number and its unit, in microseconds.
fn time(parts: &[&str]) -> Option<Rounded> {
    let [number, unit] = parts else { return None };
    let scale = match *unit {
        "us" => 1.0,
        "ms" => 1e3,
        "s" => 1e6,
        "m" => 60e6,
        "h" => 3600e6,
        _ => return None,
    };
    Some(Rounded {
        value: number.parse::<f64>().ok()? * scale,
        grain: 0.01 * scale,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What wrk prints, with these times.
    fn printed(mean: &str, max: &str, [p50, p75, p90, p99]: [&str; 4], errors: &str) -> String {
        format!(
            "Running 10s test @ http://127.0.0.1:8080/
  2 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   {mean}    1.20ms   {max}   93.75%
    Req/Sec     7.42k   512.00     9.02k    75.00%
  Latency Distribution
     50%  {p50}
     75%  {p75}
     90%  {p90}
     99%  {p99}
  147603 requests in 10.00s, 18.30MB read
{errors}Requests/sec:  14757.42
Transfer/sec:      1.83MB
"
        )
    }

    fn microseconds(text: &Text) -> Vec<f64> {
        let times = text.percentiles.iter();
        times.map(|(_, time)| time.value.round()).collect()
    }

    #[test]
    fn b83_times_are_read_in_every_unit_that_wrk_prints() {
        for (times, truth) in [
            (
                ["635.91us", "712.00us", "0.95ms", "1.23ms"],
                [636.0, 712.0, 950.0, 1230.0],
            ),
            (
                ["1.23ms", "4.50ms", "99.99ms", "345.00ms"],
                [1230.0, 4500.0, 99_990.0, 345_000.0],
            ),
            (
                ["0.99s", "1.05s", "12.00s", "59.90s"],
                [990_000.0, 1_050_000.0, 12e6, 59.9e6],
            ),
            (
                ["1.10m", "1.50m", "59.00m", "1.02h"],
                [66e6, 90e6, 3540e6, 3672e6],
            ),
        ] {
            let text = parse(&printed(times[0], times[3], times, "")).unwrap();
            assert_eq!(microseconds(&text), truth);
            assert!((text.mean.value - truth[0]).abs() < 1.0);
            assert!((text.max.value - truth[3]).abs() < 1.0);
        }
    }

    #[test]
    fn b81_each_percentile_is_read_from_its_own_line() {
        let text = parse(&printed(
            "1.00ms",
            "9.00ms",
            ["1.00ms", "2.00ms", "3.00ms", "4.00ms"],
            "",
        ))
        .unwrap();
        let named: Vec<u64> = text.percentiles.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, [50, 75, 90, 99]);
        assert_eq!(microseconds(&text), [1000.0, 2000.0, 3000.0, 4000.0]);
    }

    #[test]
    fn b82_a_percentage_among_the_deviations_is_no_percentile() {
        // The deviations end in 93.75 % and 75.00 %, as those of a real run did.
        let times = ["1.00ms", "2.00ms", "3.00ms", "4.00ms"];
        let text = parse(&printed("1.00ms", "9.00ms", times, "")).unwrap();
        assert_eq!(text.percentiles.len(), 4);
        assert!(text.percentiles[1].1.is(2000.0));
    }

    #[test]
    fn b85_socket_errors_and_refusals_are_read() {
        let times = ["1.00ms", "2.00ms", "3.00ms", "4.00ms"];
        let errors = "  Socket errors: connect 1, read 22, write 333, timeout 4444
  Non-2xx or 3xx responses: 40654
";
        let text = parse(&printed("1.00ms", "9.00ms", times, errors)).unwrap();
        let SocketErrors {
            connect,
            read,
            write,
            timeout,
        } = text.socket;
        assert_eq!([connect, read, write, timeout], [1, 22, 333, 4444]);
        assert_eq!((text.requests, text.refused), (147_603, 40_654));
        assert!(text.per_second.is(14757.42));
    }

    #[test]
    fn b86_a_text_without_its_lines_is_no_measurement() {
        let times = ["1.00ms", "2.00ms", "3.00ms", "4.00ms"];
        let whole = printed("1.00ms", "9.00ms", times, "");
        for line in ["requests in", "Latency  ", "Requests/sec", "Latency Dist"] {
            let text: Vec<&str> = whole.lines().filter(|l| !l.contains(line)).collect();
            assert!(parse(&text.join("\n")).is_err(), "{line}");
        }
        assert!(parse("Usage: wrk <options> <url>").is_err());
        assert!(parse("").is_err());
    }
}
