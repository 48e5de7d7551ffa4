//! KDL 2 text → tokens that cover every byte of it.
//!
//! Total on any `&str`, linear and without recursion: what is not KDL becomes a
//! [`Kind::Malformed`] token, so that the caller can point at it.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) enum Kind {
    /// Blanks; a byte order mark at the very start counts as one.
    Space,
    /// One line break, however it is spelled.
    Newline,
    /// `// …` without its line break.
    LineComment,
    /// `/* … */`, possibly nested.
    BlockComment,
    /// Identifier, number, keyword or string of any form.
    Word,
    /// `\` outside a string: the node goes on in the next line.
    Continuation,
    /// `/-`
    Slashdash,
    /// `=`
    Equals,
    /// `;`
    Semicolon,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// Not KDL, and why.
    Malformed(&'static str),
}

impl Kind {
    /// Whether this is a comment of either form.
    pub(in crate::syntax) fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::BlockComment)
    }
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(in crate::syntax) struct Token<'a> {
    pub(in crate::syntax) kind: Kind,
    /// The piece exactly as written.
    pub(in crate::syntax) text: &'a str,
    /// Byte offset of the piece in the whole text.
    pub(in crate::syntax) offset: usize,
}

const PUNCTUATION: [(char, Kind); 7] = [
    ('\\', Kind::Continuation),
    ('=', Kind::Equals),
    (';', Kind::Semicolon),
    ('(', Kind::OpenParen),
    (')', Kind::CloseParen),
    ('{', Kind::OpenBrace),
    ('}', Kind::CloseBrace),
];

const OPEN_STRING: &str = "string is not closed";
const OPEN_COMMENT: &str = "comment is not closed";

/// Iterates over the tokens of `text`; their texts joined are `text`.
pub(in crate::syntax) fn lex(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let rest = &text[offset..];
        let first = rest.chars().next()?;
        let (kind, length) = if offset == 0 && first == '\u{feff}' {
            (Kind::Space, first.len_utf8())
        } else {
            scan(rest, first)
        };
        let token = Token {
            kind,
            text: &rest[..length],
            offset,
        };
        offset += length;
        Some(token)
    })
}

/// Length in bytes of the line break that `text` starts with, or 0.
pub(in crate::syntax) fn newline_length(text: &str) -> usize {
    match text.chars().next() {
        Some('\r') if text.starts_with("\r\n") => 2,
        Some(first) if is_newline(first) => first.len_utf8(),
        _ => 0,
    }
}

/// Whether KDL breaks a line at this character.
pub(in crate::syntax) fn is_newline(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Whether KDL takes this character for a blank.
pub(in crate::syntax) fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

fn is_identifier(c: char) -> bool {
    !is_newline(c) && !is_space(c) && !"\\/(){};[]\"#=".contains(c)
}

/// Kind and length in bytes of the token at the start of `rest`.
fn scan(rest: &str, first: char) -> (Kind, usize) {
    if is_newline(first) {
        return (Kind::Newline, newline_length(rest));
    }
    if let Some((_, kind)) = PUNCTUATION.iter().find(|(c, _)| *c == first) {
        return (*kind, 1);
    }
    match first {
        '/' => slash(rest),
        '"' => quoted(rest),
        '#' => hash(rest),
        c if is_space(c) => (Kind::Space, run_length(rest, is_space)),
        c if is_identifier(c) => (Kind::Word, run_length(rest, is_identifier)),
        c => (Kind::Malformed("unexpected character"), c.len_utf8()),
    }
}

fn run_length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn slash(rest: &str) -> (Kind, usize) {
    match rest.as_bytes().get(1) {
        Some(b'-') => (Kind::Slashdash, 2),
        Some(b'/') => (Kind::LineComment, run_length(rest, |c| !is_newline(c))),
        Some(b'*') => block_comment(rest),
        _ => (Kind::Malformed("unexpected character"), 1),
    }
}

fn block_comment(rest: &str) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return (Kind::BlockComment, at);
        }
    }
    (Kind::Malformed(OPEN_COMMENT), rest.len())
}

fn quoted(rest: &str) -> (Kind, usize) {
    let Some(body) = rest.strip_prefix("\"\"\"") else {
        return single_line(rest);
    };
    if newline_length(body) == 0 {
        let message = "a line break must follow the opening `\"\"\"`";
        return (Kind::Malformed(message), 3);
    }
    let bytes = rest.as_bytes();
    let mut at = 3;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return (Kind::Word, at + 3),
            _ => at += 1,
        }
    }
    (Kind::Malformed(OPEN_STRING), rest.len())
}

/// A `"…"` string; line breaks may only follow a `\`.
fn single_line(rest: &str) -> (Kind, usize) {
    let mut escape = Escape::None;
    for (at, c) in rest.char_indices().skip(1) {
        let blank = is_space(c) || is_newline(c);
        escape = match (escape, c) {
            (Escape::Begun | Escape::Blanks, _) if blank => Escape::Blanks,
            (Escape::Begun, _) => Escape::None,
            (_, '\\') => Escape::Begun,
            (_, '"') => return (Kind::Word, at + 1),
            _ if is_newline(c) => return (Kind::Malformed(OPEN_STRING), at),
            _ => Escape::None,
        };
    }
    (Kind::Malformed(OPEN_STRING), rest.len())
}

/// Where a single-line string stands with respect to its last `\`.
#[derive(Clone, Copy)]
enum Escape {
    None,
    Begun,
    /// `\` swallows every blank and line break after it.
    Blanks,
}

/// A raw string or a keyword such as `#true`.
fn hash(rest: &str) -> (Kind, usize) {
    let hashes = run_length(rest, |c| c == '#');
    let body = &rest[hashes..];
    if !body.starts_with('"') {
        return (Kind::Word, hashes + run_length(body, is_identifier));
    }
    match body.strip_prefix("\"\"\"") {
        Some(lines) if newline_length(lines) > 0 => raw_lines(rest, hashes),
        _ => raw_line(rest, hashes),
    }
}

fn raw_lines(rest: &str, hashes: usize) -> (Kind, usize) {
    let closing = format!("\"\"\"{}", &rest[..hashes]);
    let body = hashes + 3;
    match rest[body..].find(&closing) {
        Some(at) => (Kind::Word, body + at + closing.len()),
        None => (Kind::Malformed(OPEN_STRING), rest.len()),
    }
}

fn raw_line(rest: &str, hashes: usize) -> (Kind, usize) {
    let body = hashes + 1;
    for (at, c) in rest[body..].char_indices() {
        let after = body + at + c.len_utf8();
        if is_newline(c) {
            return (Kind::Malformed(OPEN_STRING), body + at);
        }
        if c == '"' && rest[after..].starts_with(&rest[..hashes]) {
            return (Kind::Word, after + hashes);
        }
    }
    (Kind::Malformed(OPEN_STRING), rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        lex(text)
            .filter(|token| token.kind == Kind::Word)
            .map(|token| token.text)
            .collect()
    }

    fn malformed(text: &str) -> Option<(usize, &'static str)> {
        lex(text).find_map(|token| match token.kind {
            Kind::Malformed(why) => Some((token.offset, why)),
            _ => None,
        })
    }

    #[test]
    fn each_string_form_is_one_word() {
        for string in [
            r#""a \" // b""#,
            r##"#"a " b"#"##,
            r###"##"a "# b"##"###,
            "\"\"\"\n  \"\" \\\"\"\" x\n  \"\"\"",
            "#\"\"\"\n  \"\"\" \\\n  \"\"\"#",
            "\"one \\\n   line\"",
            "#\"\"#",
            "\"\"",
            "#-inf",
            "-1.5e+3",
        ] {
            assert_eq!(words(string), [string]);
        }
    }

    #[test]
    fn the_backslash_before_a_quote_needs_its_own_escape() {
        assert_eq!(words(r#""a\\" b"#), [r#""a\\""#, "b"]);
    }

    #[test]
    fn what_is_not_closed_is_malformed_and_says_why() {
        assert_eq!(malformed("a \"b\nc"), Some((2, OPEN_STRING)));
        assert_eq!(malformed("a #\"b\nc"), Some((2, OPEN_STRING)));
        assert_eq!(malformed("\"\"\"\n b"), Some((0, OPEN_STRING)));
        assert_eq!(malformed("a /* /* */"), Some((2, OPEN_COMMENT)));
        assert_eq!(malformed("\"\\"), Some((0, OPEN_STRING)));
        assert_eq!(malformed("\"\"\"\n\\"), Some((0, OPEN_STRING)));
        assert!(malformed("\"\"\"a").is_some());
        assert!(malformed("[").is_some());
    }

    #[test]
    fn a_byte_order_mark_is_blank_only_at_the_start() {
        let kinds: Vec<Kind> = lex("\u{feff}a").map(|token| token.kind).collect();
        assert_eq!(kinds, [Kind::Space, Kind::Word]);
        assert_eq!(words("a\u{feff}"), ["a\u{feff}"]);
    }
}
