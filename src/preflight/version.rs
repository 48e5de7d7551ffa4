//! Versions as programs print them, and ranges of them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A range of versions: conditions that all have to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    text: String,
    conditions: Vec<(Relation, Vec<u64>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    AtLeast,
    Above,
    AtMost,
    Below,
    /// The same in all parts that are written: `3.11` holds 3.11.7.
    Within,
    /// The same first part that is not zero, and no older: `^1.2` holds 1.9.
    Compatible,
    /// The same first two parts, and no older: `~1.2.3` holds 1.2.9.
    Near,
}

/// Longer ones first, since the others begin like them.
const SIGNS: &[(&str, Relation)] = &[
    (">=", Relation::AtLeast),
    ("<=", Relation::AtMost),
    ("==", Relation::Within),
    (">", Relation::Above),
    ("<", Relation::Below),
    ("^", Relation::Compatible),
    ("~", Relation::Near),
    ("=", Relation::Within),
    ("", Relation::Within),
];

impl FromStr for Range {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let conditions: Option<Vec<_>> = text
            .split(',')
            .map(str::trim)
            .filter(|part| *part != "*")
            .map(|part| {
                let (sign, relation) = SIGNS.iter().find(|(sign, _)| part.starts_with(sign))?;
                Some((*relation, whole(part[sign.len()..].trim())?))
            })
            .collect();
        Ok(Self {
            text: text.trim().to_owned(),
            conditions: conditions.ok_or(())?,
        })
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Range {
    /// Whether a version is within the range.
    pub fn holds(&self, version: &str) -> bool {
        let version = parts(version);
        let holds = |(relation, limit): &(Relation, Vec<u64>)| {
            let order = compare(&version, limit);
            match relation {
                Relation::AtLeast => order != Ordering::Less,
                Relation::Above => order == Ordering::Greater,
                Relation::AtMost => order != Ordering::Greater,
                Relation::Below => order == Ordering::Less,
                Relation::Within => same(&version, limit, limit.len()),
                Relation::Compatible => {
                    let first = limit.iter().position(|part| *part != 0).unwrap_or(0);
                    order != Ordering::Less && same(&version, limit, first + 1)
                }
                Relation::Near => {
                    let kept = limit.len().clamp(1, 2);
                    order != Ordering::Less && same(&version, limit, kept)
                }
            }
        };
        self.conditions.iter().all(holds)
    }
}

fn same(version: &[u64], limit: &[u64], count: usize) -> bool {
    let part = |parts: &[u64], index: usize| parts.get(index).copied().unwrap_or(0);
    (0..count).all(|index| part(version, index) == part(limit, index))
}

fn compare(version: &[u64], limit: &[u64]) -> Ordering {
    let length = version.len().max(limit.len());
    let padded = |parts: &[u64]| -> Vec<u64> {
        (0..length)
            .map(|index| parts.get(index).copied().unwrap_or(0))
            .collect()
    };
    padded(version).cmp(&padded(limit))
}

/// The numbers of a version that has nothing else in it.
fn whole(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// The numbers that a version begins with.
fn parts(version: &str) -> Vec<u64> {
    let numbers = version.split('.').map(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    numbers.map_while(|number| number).collect()
}

/// The first thing in a text that looks like a version: numbers with points between them.
pub fn version_in(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"'));
    words
        .map(|word| word.trim_start_matches(|c: char| !c.is_ascii_digit()))
        .find(|word| word.contains('.') && parts(word).len() > 1)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_what_it_says() {
        for (range, inside, outside) in [
            (">=3.9", &["3.9", "3.10.1", "4"][..], &["3.8.9", "2"][..]),
            (">=3.9, <4", &["3.11.7"], &["4.0", "3.8"]),
            ("3.11", &["3.11", "3.11.7"], &["3.1", "3.12"]),
            ("^1.2", &["1.2.0", "1.9"], &["1.1", "2.0"]),
            ("^0.3.1", &["0.3.4"], &["0.4.0", "0.3.0"]),
            ("~1.2.3", &["1.2.3", "1.2.9"], &["1.3.0", "1.2.2"]),
            ("~1.2", &["1.2.9"], &["1.3.0"]),
            ("> 1", &["1.0.1"], &["1.0"]),
            ("*", &["0.0.1"], &[]),
        ] {
            let parsed: Range = range.parse().unwrap();
            for version in inside {
                assert!(parsed.holds(version), "{range} holds {version}");
            }
            for version in outside {
                assert!(!parsed.holds(version), "{range} does not hold {version}");
            }
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "three", ">=", ">=3.x", "3.9 4"] {
            assert!(text.parse::<Range>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn versions_are_found_in_what_programs_print() {
        for (printed, version) in [
            ("Python 3.11.7", Some("3.11.7")),
            ("v20.20.2", Some("20.20.2")),
            ("Docker version 28.2.2, build e6534b4", Some("28.2.2")),
            ("go version go1.22.1 linux/amd64", Some("1.22.1")),
            ("git version 2.47.3", Some("2.47.3")),
            ("psql (PostgreSQL) 15.18 (Debian 15.18-0)", Some("15.18")),
            ("curl/7.88.1 libcurl", Some("7.88.1")),
            ("jq-1.6", Some("1.6")),
            ("Redis server v=7.0.15 sha=0", Some("7.0.15")),
            ("no version here.", None),
        ] {
            assert_eq!(version_in(printed).as_deref(), version, "{printed}");
        }
    }
}
