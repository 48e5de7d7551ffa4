//! Texts of a format, or that match a pattern.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::chance::Chance;

/// A text of each format that services usually check.
const FORMATS: &[(&str, &[&str])] = &[
    (
        "date-time",
        &["2024-02-29T12:30:45Z", "1999-12-31T23:59:59+01:00"],
    ),
    ("date", &["2024-02-29", "1999-12-31"]),
    ("time", &["12:30:45Z"]),
    ("duration", &["P1DT2H"]),
    ("uuid", &["6f1b9c2e-8d4a-4b7e-9f3c-2a5d8e7b1c04"]),
    ("email", &["someone@example.com"]),
    ("hostname", &["example.com"]),
    ("ipv4", &["192.0.2.1"]),
    ("ipv6", &["2001:db8::1"]),
    ("uri", &["https://example.com/a?b=c"]),
    ("uri-reference", &["/a/b"]),
    ("byte", &["aGVsbG8="]),
];

/// Words that are used where nothing more is known.
const WORDS: &[&str] = &["a", "alpha", "ab12", "two words", "é", "A-1_b.c", "0"];

/// A text of that format, if it is one of those that are known.
pub(super) fn of_format(format: &str, chance: &mut Chance) -> Option<String> {
    let known = FORMATS.iter().find(|(name, _)| *name == format)?;
    chance.pick(known.1).map(|text| (*text).to_owned())
}

/// Longest text that is made; who asks for more gets a text that does not fit.
const LONGEST: u64 = 10_000;

/// A text of a length between these.
pub(super) fn of_length(least: u64, most: Option<u64>, chance: &mut Chance) -> String {
    let word = chance.pick(WORDS).copied().unwrap_or_default();
    let missing = least
        .min(LONGEST)
        .saturating_sub(word.chars().count() as u64);
    let mut text = word.to_owned();
    text.extend((0..missing).map(|_| 'x'));
    match most {
        Some(most) => text
            .chars()
            .take(usize::try_from(most).unwrap_or(usize::MAX))
            .collect(),
        None => text,
    }
}

/// A text that most likely matches a pattern; nothing if the pattern can't be read.
pub(super) fn of_pattern(pattern: &str, chance: &mut Chance) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    append(&hir, chance, &mut text);
    Some(text)
}

fn append(hir: &Hir, chance: &mut Chance, text: &mut String) {
    if text.len() as u64 > LONGEST {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(letter(class, chance)),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min.saturating_add(2));
            let room = most.saturating_sub(repetition.min).min(3) as usize;
            let more = u32::try_from(chance.below(room + 1)).unwrap_or_default();
            let most = u32::try_from(LONGEST).unwrap_or(u32::MAX);
            for _ in 0..repetition.min.saturating_add(more).min(most) {
                append(&repetition.sub, chance, text);
                if text.len() as u64 > LONGEST {
                    break;
                }
            }
        }
        HirKind::Capture(capture) => append(&capture.sub, chance, text),
        HirKind::Concat(parts) => {
            for part in parts {
                append(part, chance, text);
            }
        }
        HirKind::Alternation(ways) => {
            if let Some(way) = chance.pick(ways) {
                append(way, chance, text);
            }
        }
    }
}

/// A letter of a class, one that is easy to read if there is one.
fn letter(class: &Class, chance: &mut Chance) -> Option<char> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => {
            let all = class.ranges().iter();
            all.map(|range| (range.start() as u32, range.end() as u32))
                .collect()
        }
        Class::Bytes(class) => {
            let all = class.ranges().iter();
            all.map(|range| (u32::from(range.start()), u32::from(range.end())))
                .collect()
        }
    };
    let holds = |letter: &u32| {
        ranges
            .iter()
            .any(|(from, to)| (from..=to).contains(&letter))
    };
    let easy: Vec<u32> = (0x30..0x7b).filter(holds).collect();
    let code = chance.pick(&easy).copied();
    char::from_u32(code.or_else(|| ranges.first().map(|(from, _)| *from))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_patterns() {
        for pattern in [
            "^[a-z]{3}-[0-9]+$",
            "^(red|green)$",
            "^\\d{4}-\\d{2}$",
            "^[^/]+$",
            "a?b*c+",
        ] {
            let regex = regex::Regex::new(pattern).unwrap();
            for seed in 0..50 {
                let text = of_pattern(pattern, &mut Chance::of(seed, "")).unwrap();
                assert!(regex.is_match(&text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn a_length_is_kept() {
        for seed in 0..20 {
            let text = of_length(4, Some(6), &mut Chance::of(seed, "a"));
            assert!((4..=6).contains(&text.chars().count()), "{text}");
        }
    }
}
