//! Lines of text as tools print it: colours, carriage returns and bytes that are no UTF-8 included.

use std::io::BufRead;

/// The next line without its end, its colours and what is no UTF-8; `None` at the end.
pub(super) fn next_line(input: &mut dyn BufRead) -> Result<Option<String>, String> {
    let mut bytes = Vec::new();
    let length = input
        .read_until(b'\n', &mut bytes)
        .map_err(|error| error.to_string())?;
    if length == 0 {
        return Ok(None);
    }
    let line = plain(&bytes);
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Text without escape sequences.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut rest = text.as_ref();
    let mut plain = String::with_capacity(rest.len());
    while let Some((before, sequence)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after_sequence(sequence);
    }
    plain.push_str(rest);
    plain
}

/// What follows an escape sequence whose escape was taken off.
fn after_sequence(sequence: &str) -> &str {
    let mut characters = sequence.chars();
    let ends: fn(char) -> bool = match characters.next() {
        Some('[') => |c| ('@'..='~').contains(&c),
        // A command of the terminal, such as a link, ends with a bell or another escape.
        Some(']') => |c| c == '\u{7}' || c == '\u{1b}',
        _ => return characters.as_str(),
    };
    let rest = characters.as_str();
    match rest.char_indices().find(|(_, c)| ends(*c)) {
        Some((at, '\u{1b}')) => rest[at + 1..].strip_prefix('\\').unwrap_or(&rest[at..]),
        Some((at, _)) => &rest[at + 1..],
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_links_carriage_returns_and_odd_bytes_are_taken_off() {
        let mut input: &[u8] =
            b"\x1b[1;31ma\x1b[0m\r\n\x1b]8;;http://x\x07b\x1b]8;;\x1b\\c\n\xffd\x1b[";
        let mut next = || next_line(&mut input).unwrap();
        assert_eq!(next().as_deref(), Some("a"));
        assert_eq!(next().as_deref(), Some("bc"));
        assert_eq!(next().as_deref(), Some("\u{fffd}d"));
        assert_eq!(next(), None);
    }
}
