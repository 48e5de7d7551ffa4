//! A word as written → its value.
//!
//! Source: the KDL 2.0 specification, sections on strings, numbers and keywords.

use super::super::Scalar;
use super::super::fmt::lexer::{is_newline, is_space, newline_length};

/// Why a word is no value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

fn fault(code: &'static str, message: impl Into<String>, help: Option<&str>) -> Fault {
    Fault {
        code,
        message: message.into(),
        help: help.map(str::to_owned),
    }
}

/// The value of an identifier, number, keyword or string.
pub(super) fn decode(text: &str) -> Result<Scalar, Fault> {
    let hashes = text.len() - text.trim_start_matches('#').len();
    match text.as_bytes().get(hashes) {
        Some(b'"') if hashes == 0 => quoted(text).map(Scalar::Text),
        Some(b'"') => raw(text, hashes).map(Scalar::Text),
        _ if hashes > 0 => keyword(text),
        _ if is_numeric(text) => number(text),
        _ => identifier(text),
    }
}

fn keyword(text: &str) -> Result<Scalar, Fault> {
    let unsupported = |what: &str| {
        let message = format!("`{text}` has no meaning here");
        fault("unsupported-value", message, Some(what))
    };
    match text {
        "#true" => Ok(Scalar::Bool(true)),
        "#false" => Ok(Scalar::Bool(false)),
        "#null" => Err(unsupported("leave the field away")),
        "#inf" | "#-inf" | "#nan" => Err(unsupported("numbers are finite")),
        _ => {
            let help = match text {
                "#" => "comments begin with `//`",
                _ => "keywords are `#true` and `#false`; raw strings are `#\"…\"#`",
            };
            Err(fault(
                "syntax",
                format!("`{text}` is no keyword"),
                Some(help),
            ))
        }
    }
}

/// What is said of a raw string of KDL 1; `text` is what follows its `r`.
pub(super) fn old_raw_string(text: &str) -> Fault {
    let raw = if text.starts_with('#') {
        text.to_owned()
    } else {
        format!("#{text}#")
    };
    let help = format!("KDL 2 writes it without the `r`: {raw}");
    fault("kdl-1", "this is a raw string of KDL 1", Some(&help))
}

/// Words that KDL 1 took for values and KDL 2 takes for nothing.
fn identifier(text: &str) -> Result<Scalar, Fault> {
    match text {
        "true" | "false" | "null" => {
            let help = match text {
                "null" => "leave the value away; as text, put it in quotes: \"null\"".to_owned(),
                _ => format!("write `#{text}`; as text, put it in quotes: \"{text}\""),
            };
            let message = format!("a bare `{text}` is KDL 1");
            Err(fault("kdl-1", message, Some(&help)))
        }
        "inf" | "-inf" | "nan" => {
            let help = format!("as text, put it in quotes: \"{text}\"");
            Err(fault(
                "syntax",
                format!("a bare `{text}` is not allowed"),
                Some(&help),
            ))
        }
        _ => Ok(Scalar::Text(text.to_owned())),
    }
}

/// Whether KDL takes a word for a number, well-formed or not.
fn is_numeric(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    digits.starts_with(|c: char| c.is_ascii_digit())
}

fn number(text: &str) -> Result<Scalar, Fault> {
    let bad = || {
        let help = format!("as text, put it in quotes: \"{text}\"");
        fault("syntax", format!("`{text}` is no number"), Some(&help))
    };
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let radix = match unsigned.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    if radix != 10 || !unsigned.contains(['.', 'e', 'E']) {
        let digits = if radix == 10 {
            unsigned
        } else {
            &unsigned[2..]
        };
        let clean = digits.replace('_', "");
        let sound = !digits.starts_with('_') && clean.chars().all(|c| c.is_digit(radix));
        let number = i128::from_str_radix(&clean, radix)
            .ok()
            .filter(|_| sound)
            .ok_or_else(bad)?;
        return Ok(Scalar::Int(if negative { -number } else { number }));
    }
    if !is_decimal(unsigned) {
        return Err(bad());
    }
    match text.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Scalar::Float(number)),
        _ => Err(fault(
            "unsupported-value",
            format!("`{text}` is not finite"),
            None,
        )),
    }
}

/// `digits[.digits][e[sign]digits]`, where digits may hold `_` but not begin with it.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || c == '_')
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let whole_and_part = match mantissa.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(mantissa),
    };
    let power =
        exponent.is_none_or(|power| digits(power.strip_prefix(['+', '-']).unwrap_or(power)));
    whole_and_part && power
}

fn raw(text: &str, hashes: usize) -> Result<String, Fault> {
    let body = &text[hashes..text.len() - hashes];
    match body
        .strip_prefix("\"\"\"")
        .filter(|lines| newline_length(lines) > 0)
    {
        Some(lines) => dedent(&lines[..lines.len() - 3]),
        None if body.starts_with("\"\"\"") => {
            let message = "this looks like a string of several lines, but has one";
            let help = "a line break follows the opening `\"\"\"`; without it, write `\"\\\"…\"`";
            Err(fault("syntax", message, Some(help)))
        }
        None => Ok(body[1..body.len() - 1].to_owned()),
    }
}

fn quoted(text: &str) -> Result<String, Fault> {
    match text.strip_prefix("\"\"\"") {
        Some(lines) => {
            let joined = join_escaped_lines(&lines[..lines.len() - 3]);
            unescape(&dedent(&joined)?)
        }
        None => unescape(&text[1..text.len() - 1]),
    }
}

/// Removes each `\` with the blanks and line breaks behind it; other escapes stay.
fn join_escaped_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let trimmed = after.trim_start_matches(|c| is_space(c) || is_newline(c));
        if trimmed.len() < after.len() {
            rest = trimmed;
            continue;
        }
        let escaped = after.chars().next().map_or(0, char::len_utf8);
        out.push_str(&rest[at..=at + escaped]);
        rest = &after[escaped..];
    }
    out.push_str(rest);
    out
}

/// The lines of a multi-line string without the indentation of the line that closes it.
fn dedent(text: &str) -> Result<String, Fault> {
    let lines = split_lines(text);
    let (last, lines) = lines.split_last().unwrap_or((&"", &[]));
    if !last.chars().all(is_space) {
        let message = "the closing quotes of a multi-line string stand on a line of their own";
        return Err(fault("syntax", message, None));
    }
    let mut out = String::with_capacity(text.len());
    for (index, line) in lines.iter().enumerate().skip(1) {
        if index > 1 {
            out.push('\n');
        }
        if line.chars().all(is_space) {
            continue;
        }
        let Some(content) = line.strip_prefix(last) else {
            let message =
                "a line of this multi-line string is indented less than its closing quotes";
            let help = "begin every line with the same blanks as the line of the closing quotes";
            return Err(fault("syntax", message, Some(help)));
        };
        out.push_str(content);
    }
    Ok(out)
}

fn split_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_newline) {
        lines.push(&rest[..at]);
        rest = &rest[at + newline_length(&rest[at..])..];
    }
    lines.push(rest);
    lines
}

fn unescape(text: &str) -> Result<String, Fault> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut out)?;
    }
    out.push_str(rest);
    Ok(out)
}

/// Takes what follows a `\` and gives the rest.
fn escape<'t>(text: &'t str, out: &mut String) -> Result<&'t str, Fault> {
    const SIMPLE: &[(char, char)] = &[
        ('n', '\n'),
        ('r', '\r'),
        ('t', '\t'),
        ('\\', '\\'),
        ('"', '"'),
        ('b', '\u{8}'),
        ('f', '\u{c}'),
        ('s', ' '),
    ];
    let first = text.chars().next().unwrap_or('\0');
    if is_space(first) || is_newline(first) {
        return Ok(text.trim_start_matches(|c| is_space(c) || is_newline(c)));
    }
    if let Some((_, value)) = SIMPLE.iter().find(|(name, _)| *name == first) {
        out.push(*value);
        return Ok(&text[1..]);
    }
    let scalar = text.strip_prefix("u{").and_then(|hex| hex.split_once('}'));
    if let Some((hex, rest)) = scalar {
        let digits =
            (1..=6).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = u32::from_str_radix(hex, 16).ok().filter(|_| digits);
        if let Some(value) = code.and_then(char::from_u32) {
            out.push(value);
            return Ok(rest);
        }
        let message = format!("`\\u{{{hex}}}` is no character");
        return Err(fault(
            "syntax",
            message,
            Some("surrogates have no meaning alone"),
        ));
    }
    let message = format!("`\\{first}` is no escape");
    let help = "in a raw string a backslash is itself: #\"…\"#; else double it: `\\\\`";
    Err(fault("syntax", message, Some(help)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(word: &str) -> String {
        match decode(word) {
            Ok(Scalar::Text(text)) => text,
            other => panic!("{word}: {other:?}"),
        }
    }

    #[test]
    fn strings_of_every_form_give_their_text() {
        assert_eq!(text(r#""a\tb\u{e9}\\""#), "a\tbé\\");
        assert_eq!(text(r##"#"a\t"b"#"##), r#"a\t"b"#);
        assert_eq!(text("\"\"\"\n    a\n      b\n\n    \"\"\""), "a\n  b\n");
        assert_eq!(text("\"one \\\n   two\""), "one two");
        assert_eq!(text("bare-word"), "bare-word");
    }

    #[test]
    fn numbers_of_every_form_give_their_value() {
        for (word, value) in [("12", 12), ("-0x1F", -31), ("1_000", 1000), ("0b11", 3)] {
            assert_eq!(decode(word), Ok(Scalar::Int(value)), "{word}");
        }
        assert_eq!(decode("1.5e2"), Ok(Scalar::Float(150.0)));
    }

    #[test]
    fn what_only_looks_like_a_number_is_refused() {
        for word in ["1x", "0x", "0xg", "1.", ".5", "1e", "1__e"] {
            assert!(decode(word).is_err(), "{word}");
        }
    }

    #[test]
    fn bare_booleans_are_a_habit_of_kdl_1() {
        assert_eq!(decode("true").unwrap_err().code, "kdl-1");
    }
}
