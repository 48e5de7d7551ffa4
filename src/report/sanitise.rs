//! What tools print, made fit for a terminal.

use std::io::{Result, Write};
use std::iter::Peekable;
use std::str::Chars;

use unicode_width::UnicodeWidthChar;

/// A colour sequence that is longer than this is none.
const LONGEST_COLOUR: usize = 48;
const TAB: usize = 8;
const RESET: &str = "\x1b[0m";

/// The text as a terminal would show it, with its colours and without anything else that a
/// terminal obeys: no cursor moves, no clipboard, no bell. Of a line that was overwritten after
/// a carriage return the last part is left, and a colour ends with its line.
pub fn sanitise(text: &str) -> String {
    clean(text, true)
}

/// [`sanitise`], without colours.
pub fn plain(text: &str) -> String {
    clean(text, false)
}

/// [`plain`], on one line. What stands within a line stays as it is: blanks may be what it is about.
pub(super) fn one_line(text: &str) -> String {
    let text = plain(text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn clean(text: &str, colours: bool) -> String {
    let lines = text.split('\n').map(|line| clean_line(line, colours));
    lines.collect::<Vec<_>>().join("\n")
}

fn clean_line(line: &str, colours: bool) -> String {
    let mut parts = line.split('\r').rev();
    let shown = parts.find(|part| !part.is_empty()).unwrap_or_default();
    let mut cleaner = Cleaner {
        shown: String::with_capacity(shown.len()),
        column: 0,
        coloured: false,
        colours,
    };
    let mut rest = shown.chars().peekable();
    while let Some(character) = rest.next() {
        cleaner.take(character, &mut rest);
    }
    if cleaner.coloured {
        cleaner.shown.push_str(RESET);
    }
    cleaner.shown
}

struct Cleaner {
    shown: String,
    column: usize,
    /// Whether a colour is in force.
    coloured: bool,
    colours: bool,
}

impl Cleaner {
    fn take(&mut self, character: char, rest: &mut Peekable<Chars<'_>>) {
        match character {
            '\x1b' => self.escape(rest),
            '\u{9b}' => self.control_sequence(rest),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => skip_string(rest),
            '\t' => {
                let spaces = TAB - self.column % TAB;
                self.shown.extend(std::iter::repeat_n(' ', spaces));
                self.column += spaces;
            }
            hidden if is_hidden(hidden) => {}
            visible => {
                self.shown.push(visible);
                self.column += visible.width().unwrap_or(0);
            }
        }
    }

    fn escape(&mut self, rest: &mut Peekable<Chars<'_>>) {
        match rest.peek() {
            Some('[') => {
                rest.next();
                self.control_sequence(rest);
            }
            Some(']' | 'P' | 'X' | '^' | '_') => skip_string(rest),
            _ => {
                while rest.next_if(|next| matches!(next, ' '..='/')).is_some() {}
                rest.next_if(|next| matches!(next, '0'..='~'));
            }
        }
    }

    fn control_sequence(&mut self, rest: &mut Peekable<Chars<'_>>) {
        let mut parameters = String::new();
        while let Some(next) = rest.next_if(|next| matches!(next, ' '..='?')) {
            parameters.push(next);
        }
        let end = rest.next_if(|next| matches!(next, '@'..='~'));
        if self.colours && end == Some('m') && is_colour(&parameters) {
            self.coloured = !parameters.chars().all(|digit| digit == '0');
            self.shown.push_str("\x1b[");
            self.shown.push_str(&parameters);
            self.shown.push('m');
        }
    }
}

fn is_colour(parameters: &str) -> bool {
    let known = |byte| matches!(byte, b'0'..=b'9' | b';' | b':');
    parameters.len() <= LONGEST_COLOUR && parameters.bytes().all(known)
}

/// Skips a string for the terminal up to its end, BEL or ST, or that of the line.
fn skip_string(rest: &mut Peekable<Chars<'_>>) {
    while let Some(character) = rest.next() {
        match character {
            '\x07' | '\u{9c}' => return,
            '\x1b' if rest.next_if_eq(&'\\').is_some() => return,
            _ => {}
        }
    }
}

/// Control characters, and those that turn the direction of the text around them.
fn is_hidden(character: char) -> bool {
    let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Passes JSON on in which nothing but line breaks speaks to a terminal: the second set of control
/// characters, which JSON allows in strings, is escaped as the first one is.
pub(super) struct QuietJson<W> {
    out: W,
    /// Whether the last byte begins a character of which one of that set may come.
    held: bool,
}

impl<W: Write> QuietJson<W> {
    /// What is written to it goes on to `out`.
    pub(super) fn new(out: W) -> Self {
        Self { out, held: false }
    }
}

impl<W: Write> Write for QuietJson<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        /// The first byte of U+0080 to U+00BF in UTF-8.
        const LEAD: u8 = 0xc2;
        let mut quiet = Vec::with_capacity(bytes.len() + 8);
        for byte in bytes {
            match (std::mem::take(&mut self.held), *byte) {
                (true, 0x80..=0x9f) | (false, 0x7f) => {
                    quiet.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                }
                (false, LEAD) => self.held = true,
                (true, other) => quiet.extend_from_slice(&[LEAD, other]),
                (false, other) => quiet.push(other),
            }
        }
        self.out.write_all(&quiet)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_second_set_of_control_characters_is_escaped_wherever_the_text_is_cut() {
        let text = "é\u{85}b\u{9b}2J\u{7f}\u{a9}\u{442}";
        for cut in 0..=text.len() {
            let mut quiet = Vec::new();
            let mut writer = QuietJson::new(&mut quiet);
            writer.write_all(&text.as_bytes()[..cut]).unwrap();
            writer.write_all(&text.as_bytes()[cut..]).unwrap();
            let quiet = String::from_utf8(quiet).unwrap();
            assert_eq!(quiet, "é\\u0085b\\u009b2J\\u007f\u{a9}\u{442}");
        }
    }

    #[test]
    fn colours_stay_and_end_with_their_line() {
        assert_eq!(
            sanitise("\x1b[1;31mred\nnext"),
            "\x1b[1;31mred\x1b[0m\nnext"
        );
        assert_eq!(sanitise("\x1b[32mok\x1b[0m"), "\x1b[32mok\x1b[0m");
        assert_eq!(plain("\x1b[38;2;1;2;3mok\x1b[m"), "ok");
    }

    #[test]
    fn nothing_else_that_a_terminal_obeys_gets_through() {
        for hostile in [
            "a\x1b]52;c;aGk=\x07b",
            "a\x1b]0;title\x1b\\b",
            "a\u{9d}52;c;aGk=\u{9c}b",
            "a\x1b[2J\x1b[Hb",
            "a\u{9b}2Jb",
            "a\x1b[?1049hb",
            "a\x1b[>4;2mb",
            "a\x1bPq#0\x1b\\b",
            "a\x1b(0b",
            "a\x1bcb",
            "a\x07\x08\x7fb",
            "a\u{202e}b",
        ] {
            assert_eq!(sanitise(hostile), "ab", "{hostile:?}");
        }
    }

    #[test]
    fn a_line_that_was_overwritten_keeps_its_last_part() {
        assert_eq!(plain("10 %\r50 %\r100 %\r\ndone\r\n"), "100 %\ndone\n");
    }

    #[test]
    fn one_line_keeps_the_blanks_that_stand_within_a_line() {
        assert_eq!(
            one_line("  a:\n\n   \"    \" is \x1b[1mone\n"),
            "a: \"    \" is one"
        );
    }

    #[test]
    fn tabs_become_spaces_up_to_the_next_stop() {
        assert_eq!(plain("ab\tc\t|"), "ab      c       |");
    }

    fn noise() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[ -~]{0,6}",
            Just("\x1b".to_owned()),
            "\\x1b\\[[0-9;?]{0,5}[A-Za-z]",
            "\\x1b\\][0-9];[a-z]{0,4}\\x07?",
            "[\\r\\n\\t\\x08\u{9b}\u{9d}é漢\u{202e}]",
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn only_newlines_and_colours_are_left(text in noise()) {
            let colour = regex::Regex::new("\x1b\\[[0-9;:]*m").expect("it compiles");
            let clean = sanitise(&text);
            let rest = colour.replace_all(&clean, "");
            prop_assert!(!rest.chars().any(|left| left != '\n' && is_hidden(left)), "{clean:?}");
            prop_assert_eq!(rest.as_ref(), plain(&text));
        }

        #[test]
        fn what_is_clean_stays_as_it_is(text in noise()) {
            let clean = sanitise(&text);
            prop_assert_eq!(sanitise(&clean), clean);
        }

        #[test]
        fn ordinary_text_is_not_touched(text in "[ -~\né漢]{0,80}") {
            prop_assert_eq!(sanitise(&text), text);
        }
    }
}
