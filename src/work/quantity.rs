//! Numbers with a unit, as people write them in a specification.

use std::sync::LazyLock;

use regex::Regex;

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Time; the base unit is a millisecond.
    Duration,
    /// Events in time; the base unit is one a second.
    Rate,
    /// Memory; the base unit is a byte.
    Size,
    /// Memory in time; the base unit is a byte a second.
    Bandwidth,
    /// A share; the base unit is a hundredth.
    Percent,
}

impl Dimension {
    /// How it is written, for messages.
    pub fn example(self) -> &'static str {
        match self {
            Dimension::Duration => "a time such as `100ms`",
            Dimension::Rate => "a rate such as `100 requests/second`",
            Dimension::Size => "a size such as `2GB`",
            Dimension::Bandwidth => "a size in time such as `50MB/s`",
            Dimension::Percent => "a share such as `80%`",
        }
    }
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number, in the base unit of its dimension.
    pub value: f64,
    /// What it measures.
    pub dimension: Dimension,
    /// As it is written, with what it is compared by.
    pub text: String,
}

const TIMES: &[(&[&str], f64)] = &[
    (&["us", "µs", "μs", "microsecond", "microseconds"], 1e-3),
    (&["ms", "msec", "millisecond", "milliseconds"], 1.0),
    (&["s", "sec", "secs", "second", "seconds"], 1e3),
    (&["m", "min", "mins", "minute", "minutes"], 6e4),
    (&["h", "hr", "hour", "hours"], 3.6e6),
];

const SIZES: &[(&str, f64)] = &[
    ("b", 1.0),
    ("byte", 1.0),
    ("bytes", 1.0),
    ("kb", 1e3),
    ("mb", 1e6),
    ("gb", 1e9),
    ("tb", 1e12),
    ("kib", 1024.0),
    ("mib", 1_048_576.0),
    ("gib", 1_073_741_824.0),
    ("tib", 1_099_511_627_776.0),
];

/// Signs and words by which a limit is compared.
const COMPARISONS: &[&str] = &[
    "<=", ">=", "<", ">", "≤", "≥", "=", "~", "at most", "at least", "under", "below", "over",
    "above", "max", "min",
];

/// Reads the number at the beginning of a text; words behind its unit are a remark, in which no
/// other named number may stand: it would be read by nobody.
pub(super) fn quantity(text: &str) -> Result<Quantity, String> {
    let whole = text.trim();
    let bare = without_comparison(whole);
    let end = number_end(bare);
    let digits = &bare[..end];
    if digits.contains(',') && !THOUSANDS.is_match(digits) {
        return Err(format!("in `{digits}` the comma parts no thousands"));
    }
    let digits = digits.replace(['_', ','], "");
    let number: f64 = match digits.parse() {
        Ok(number) if end > 0 => number,
        _ => return Err("no number stands there".to_owned()),
    };
    let rest = bare[end..].trim_start();
    let (dimension, factor) = unit(rest).map_err(|unknown| match unknown {
        "" => format!("`{digits}` has no unit"),
        unknown => format!("`{unknown}` is no unit that is known"),
    })?;
    let value = number * factor;
    if value.is_nan() || value <= 0.0 || value.is_infinite() {
        return Err(format!("`{digits}` is not above zero"));
    }
    if let Some(other) = OTHER.find(rest) {
        let other = other.as_str().trim_start_matches([' ', ',', ';', '(']);
        return Err(format!("another value begins at `{other}`"));
    }
    Ok(Quantity {
        value,
        dimension,
        text: whole.to_owned(),
    })
}

/// A number whose commas part thousands; any other comma may be that of a fraction.
static THOUSANDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?$").expect("the pattern is a literal")
});

/// `p95: 5`, `p95 < 5`, `Target: at least 5`.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:^|[\s,;(|])(?:p[0-9]+(?:\.[0-9]+)?\b\s*:?|\p{L}[\w.-]*\s*:)\s*(?:at most|at least|under|below|over|above|max|min)?\s*[<>=≤≥~]*\s*[0-9]",
    )
    .expect("the pattern is a literal")
});

fn without_comparison(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let word = COMPARISONS.iter().find(|word| lower.starts_with(**word));
    word.map_or(text, |word| text[word.len()..].trim_start())
}

fn number_end(text: &str) -> usize {
    let signed = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = text.len() - signed.len();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | ',');
    sign + signed.find(|c| !is_part(c)).unwrap_or(signed.len())
}

/// The unit at the beginning of a text; the error is the word that is none.
fn unit(text: &str) -> Result<(Dimension, f64), &str> {
    if text.starts_with('%') {
        return Ok((Dimension::Percent, 1.0));
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '('));
    let word = &text[..end.unwrap_or(text.len())];
    let folded = word.to_lowercase();
    if let Some((of, per)) = folded.split_once('/') {
        let seconds = time(per).ok_or(word)? / 1e3;
        return match size(of) {
            Some(bytes) => Ok((Dimension::Bandwidth, bytes / seconds)),
            None => Ok((Dimension::Rate, 1.0 / seconds)),
        };
    }
    let whole = [
        (
            Dimension::Rate,
            ["rps", "tps"].contains(&folded.as_str()).then_some(1.0),
        ),
        (Dimension::Percent, (folded == "percent").then_some(1.0)),
        (Dimension::Duration, time(&folded)),
        (Dimension::Size, size(&folded)),
    ];
    let found = whole
        .into_iter()
        .find_map(|(dimension, factor)| Some((dimension, factor?)));
    if let Some(found) = found {
        return Ok(found);
    }
    counted(text).ok_or(word)
}

/// A rate whose noun stands apart: `requests/second`, `requests per second`.
fn counted(text: &str) -> Option<(Dimension, f64)> {
    let mut words = text.split_whitespace();
    let (_, link) = (words.next()?, words.next()?);
    let per = match link.strip_prefix('/') {
        Some("") => words.next()?,
        Some(per) => per,
        None if link == "per" => words.next()?,
        None => return None,
    };
    let per = per.trim_end_matches(['.', ',', ';']);
    Some((Dimension::Rate, 1e3 / time(&per.to_lowercase())?))
}

fn time(word: &str) -> Option<f64> {
    let row = TIMES.iter().find(|(words, _)| words.contains(&word));
    row.map(|(_, milliseconds)| *milliseconds)
}

fn size(word: &str) -> Option<f64> {
    let row = SIZES.iter().find(|(name, _)| *name == word);
    row.map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_a_specification_are_read_as_people_write_them() {
        use Dimension::{Bandwidth, Duration, Percent, Rate, Size};
        for (text, dimension, value) in [
            ("< 100ms", Duration, 100.0),
            ("at most 1.5 s", Duration, 1500.0),
            ("5 minutes", Duration, 300_000.0),
            ("0.1ms", Duration, 0.1),
            ("1,000 ms", Duration, 1000.0),
            ("1,234,567.5 ms", Duration, 1_234_567.5),
            (
                "< 500ms at 100 requests/second over 5 minutes",
                Duration,
                500.0,
            ),
            ("100 requests/second", Rate, 100.0),
            ("> 600 orders per minute", Rate, 10.0),
            ("120/min", Rate, 2.0),
            ("50 rps", Rate, 50.0),
            ("< 80% utilization", Percent, 80.0),
            ("< 2GB per service", Size, 2e9),
            ("512 MiB", Size, 536_870_912.0),
            ("< 50MB/s", Bandwidth, 5e7),
        ] {
            let read = quantity(text).unwrap();
            assert_eq!(read.dimension, dimension, "{text}");
            assert!((read.value - value).abs() < 1e-6, "{text}: {}", read.value);
        }
    }

    #[test]
    fn b57_a_number_without_unit_or_above_zero_is_refused() {
        for (text, reason) in [
            ("500", "`500` has no unit"),
            ("0.1", "`0.1` has no unit"),
            ("-5ms", "`-5` is not above zero"),
            ("0 ms", "`0` is not above zero"),
            ("fast", "no number stands there"),
            ("", "no number stands there"),
            ("< 5 parsecs", "`parsecs` is no unit that is known"),
            ("1.2.3 ms", "no number stands there"),
        ] {
            assert_eq!(quantity(text), Err(reason.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_comma_that_parts_no_thousands_is_refused_since_it_may_be_that_of_a_fraction() {
        for text in ["1,5 s", "0,500 s", "1,00 ms", "10,5000 ms", "1,000,5 ms"] {
            let number = text.split(' ').next().unwrap();
            let reason = format!("in `{number}` the comma parts no thousands");
            assert_eq!(quantity(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_second_named_number_is_no_remark() {
        for (text, other) in [
            ("< 100ms, p95: < 500ms", "p95: < 5"),
            ("< 100ms p95 < 500", "p95 < 5"),
            (
                "100 requests/second; Target: at least 500",
                "Target: at least 5",
            ),
        ] {
            let reason = format!("another value begins at `{other}`");
            assert_eq!(quantity(text), Err(reason), "{text}");
        }
    }
}
