//! Numbers with a unit.

use std::time::Duration;

use super::value::{Single, text};
use super::{Decoder, Form};
use crate::diag::Diagnostic;
use crate::syntax::{Scalar, Value as SyntaxValue};

/// A time span as written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delay(pub Duration);

/// The longest time that something may take: more than none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(pub Duration);

/// A share of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Percent(pub f64);

/// An amount of memory, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

/// Events per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Rate(pub f64);

const DURATION_UNITS: &[(&str, f64)] = &[
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("min", 60.0),
    ("h", 3600.0),
    ("d", 86_400.0),
];

const SIZE_UNITS: &[(&str, f64)] = &[
    ("B", 1.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
];

const RATE_UNITS: &[(&str, f64)] = &[("/s", 1.0), ("/m", 1.0 / 60.0), ("/h", 1.0 / 3600.0)];

/// Longest time that can be written: a year.
const LONGEST: f64 = 366.0 * 86_400.0;

/// The sum of `number unit` pairs, in the base unit; `None` if any part is not understood.
fn sum(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let mut rest = text.trim();
    let mut total = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let end = rest
            .find(|c: char| c.is_ascii_digit() || c.is_whitespace())
            .unwrap_or(rest.len());
        let (_, factor) = units.iter().find(|(unit, _)| *unit == &rest[..end])?;
        total += number * factor;
        rest = rest[end..].trim_start();
    }
    Some(total)
}

/// A duration with its unit (`"1m 30s"`); `None` if it is not understood or over a year.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let seconds = sum(text, DURATION_UNITS)?;
    (seconds <= LONGEST).then(|| Duration::from_secs_f64(seconds))
}

/// Events per second with their unit (`"500/s"`); `None` if it is not understood.
pub fn parse_rate(text: &str) -> Option<f64> {
    sum(text, RATE_UNITS)
}

/// An amount of memory with its unit (`"512MiB"`), in bytes; `None` if it is not understood.
pub fn parse_size(text: &str) -> Option<f64> {
    sum(text, SIZE_UNITS)
}

/// A duration as people read it: `340 ms`, `2.1 s`, `1 m 05 s`, `2 h 03 m`.
pub fn print_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} m", seconds / 3600, seconds / 60 % 60),
    }
}

/// Reads a quoted quantity; what is wrong with it is reported with the units that are known.
fn quantity<T>(
    field: &str,
    value: &SyntaxValue,
    form: Form,
    decoder: &mut Decoder<'_>,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    if matches!(value.value, Scalar::Int(_) | Scalar::Float(_)) && form != Form::Percent {
        let mut diags = std::mem::take(decoder.diags);
        decoder.wrong_type(&format!("`{field}`"), form, value);
        let help = decoder.diags.iter().next().and_then(|d| d.help.clone());
        diags.push(
            Diagnostic::new("wrong-unit", format!("`{field}` has no unit"))
                .at(value.span, "a bare number")
                .maybe_help(help),
        );
        *decoder.diags = diags;
        return None;
    }
    let text = text(field, value, form, decoder)?;
    let parsed = parse(text);
    if parsed.is_none() {
        decoder.diags.push(
            Diagnostic::new("wrong-unit", format!("`{field}` can't be `{text}`"))
                .at(value.span, format!("not {}", form.noun()))
                .help(units_help(form)),
        );
    }
    parsed
}

fn units_help(form: Form) -> String {
    let units = match form {
        Form::Duration => DURATION_UNITS,
        Form::Size => SIZE_UNITS,
        Form::Rate => RATE_UNITS,
        _ => return "write a number from 0 to 100 and `%`".to_owned(),
    };
    let names: Vec<_> = units
        .iter()
        .filter(|(unit, _)| unit.is_ascii())
        .map(|(unit, _)| format!("`{unit}`"))
        .collect();
    format!("a number and its unit: {}", names.join(", "))
}

impl Single for Delay {
    const FORM: Form = Form::Duration;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        quantity(field, value, Self::FORM, decoder, parse_duration).map(Delay)
    }
}

impl Single for Limit {
    const FORM: Form = Form::Duration;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Delay(limit) = Delay::read(field, value, decoder)?;
        if limit.is_zero() {
            decoder.diags.push(
                Diagnostic::new("out-of-range", format!("`{field}` is longer than nothing"))
                    .at(value.span, "no time at all")
                    .help("nothing can end in no time; leave the field away for its default"),
            );
            return None;
        }
        Some(Limit(limit))
    }
}

impl Single for ByteSize {
    const FORM: Form = Form::Size;

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the sum is never negative and a fraction of a byte has no meaning"
    )]
    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        quantity(field, value, Self::FORM, decoder, parse_size).map(|bytes| ByteSize(bytes as u64))
    }
}

impl Single for Rate {
    const FORM: Form = Form::Rate;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        quantity(field, value, Self::FORM, decoder, parse_rate).map(Rate)
    }
}

impl Single for Percent {
    const FORM: Form = Form::Percent;

    #[expect(clippy::cast_precision_loss, reason = "a percentage has few digits")]
    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let number = match &value.value {
            Scalar::Int(number) => *number as f64,
            Scalar::Float(number) => *number,
            _ => quantity(field, value, Self::FORM, decoder, |text| {
                text.trim().strip_suffix('%')?.trim().parse::<f64>().ok()
            })?,
        };
        if (0.0..=100.0).contains(&number) {
            return Some(Percent(number));
        }
        decoder.diags.push(
            Diagnostic::new(
                "out-of-range",
                format!("`{field}` is from 0 to 100 percent"),
            )
            .at(value.span, "out of range"),
        );
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_their_parts() {
        assert_eq!(parse_duration("1m 30s"), Some(Duration::from_secs(90)));
        assert_eq!(parse_duration("1h5m"), Some(Duration::from_mins(65)));
        assert_eq!(parse_duration("0.5s"), Some(Duration::from_millis(500)));
    }

    #[test]
    fn a_number_without_a_known_unit_is_no_duration() {
        for text in ["", "5", "5 parsecs", "s", "1..2s", "-1s", "400d"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_tell_binary_from_decimal_units() {
        assert_eq!(sum("2MiB", SIZE_UNITS), Some(2_097_152.0));
        assert_eq!(sum("2MB", SIZE_UNITS), Some(2_000_000.0));
        assert_eq!(sum("2mb", SIZE_UNITS), None);
    }

    #[test]
    fn durations_are_printed_for_people() {
        let print = |millis| print_duration(Duration::from_millis(millis));
        assert_eq!(print(340), "340 ms");
        assert_eq!(print(2100), "2.1 s");
        assert_eq!(print(65_000), "1 m 05 s");
        assert_eq!(print(7_380_000), "2 h 03 m");
    }
}
