//! What must hold before the `kdl` crate may see a text.
//!
//! That crate recurses for every open block, for every `/`, `*` and run of other
//! characters inside a block comment, and for every stray `}`: beyond a few
//! thousand the process is aborted. It also reads a slashdashed block twice at
//! each level, so their nesting costs time exponentially.

use super::lexer::{Kind, Token, lex};

/// Nested blocks and comments, together, that are let through.
pub const DEPTH_LIMIT: usize = 64;
/// Slashdashed blocks inside one another that are let through.
pub const SLASHDASH_LIMIT: usize = 8;
/// `*` and `/` in one block comment that are let through.
pub const COMMENT_MARK_LIMIT: usize = 1024;
/// `}` without a block that are let through.
pub const STRAY_LIMIT: usize = 64;

/// How deeply a text nests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nesting {
    /// Greatest number of blocks and block comments open at once.
    pub max_depth: usize,
    /// Where a limit was first exceeded; `None` means that the text may be parsed.
    pub excess: Option<Excess>,
}

/// A limit that a text exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    /// Byte offset of the token, one or more bytes long, that went beyond the limit.
    pub offset: usize,
    /// What there is too much of: a sentence fragment for a diagnostic.
    pub message: &'static str,
}

/// Measures how deeply `text` nests, in linear time and constant space.
///
/// Braces inside strings and comments count too, each string or comment for
/// itself: after a mistake the `kdl` crate may take them for blocks.
pub fn nesting(text: &str) -> Nesting {
    let mut scan = Scan::default();
    for token in lex(text) {
        scan.take(&token);
    }
    scan.found
}

#[derive(Default)]
struct Scan {
    found: Nesting,
    depth: usize,
    strays: usize,
    /// Depths up to [`DEPTH_LIMIT`] at which a slashdashed block is open, as bits.
    slashdashed: u64,
    /// A `/-` was seen since the last brace.
    slashdash: bool,
}

impl Scan {
    fn take(&mut self, token: &Token<'_>) {
        match token.kind {
            Kind::OpenBrace => self.open(token.offset),
            Kind::CloseBrace => self.close(token.offset),
            Kind::Slashdash => self.slashdash = true,
            Kind::Word | Kind::LineComment | Kind::BlockComment | Kind::Malformed(_) => {
                self.opaque(token);
            }
            _ => {}
        }
    }

    fn open(&mut self, offset: usize) {
        if self.depth < DEPTH_LIMIT {
            self.slashdashed |= u64::from(self.slashdash) << self.depth;
        }
        self.slashdash = false;
        self.depth += 1;
        self.reach(self.depth, offset);
        if self.slashdashed.count_ones() as usize > SLASHDASH_LIMIT {
            self.exceed(offset, "slashdashed blocks nest more than 8 levels deep");
        }
    }

    fn close(&mut self, offset: usize) {
        self.slashdash = false;
        if self.depth == 0 {
            self.strays += 1;
            if self.strays > STRAY_LIMIT {
                self.exceed(offset, "more than 64 `}` close no block");
            }
            return;
        }
        self.depth -= 1;
        if self.depth < DEPTH_LIMIT {
            self.slashdashed &= !(1 << self.depth);
        }
    }

    /// Counts the braces and comment marks inside a string, comment or malformed piece.
    fn opaque(&mut self, token: &Token<'_>) {
        let (mut depth, mut last) = (0_usize, b' ');
        for (at, byte) in token.text.bytes().enumerate() {
            let pair = (last, byte);
            last = byte;
            match pair {
                (_, b'{') | (b'/', b'*') => depth += 1,
                (_, b'}') | (b'*', b'/') => depth = depth.saturating_sub(1),
                _ => continue,
            }
            // The `*` of `/*` can't open the `*/` of `/*/`.
            last = b' ';
            self.reach(self.depth + depth, token.offset + at);
        }
        if token.kind != Kind::LineComment && comment_marks(token.text) > COMMENT_MARK_LIMIT {
            self.exceed(
                token.offset,
                "a comment holds more than 1024 `*` and `/`; use `//` comments",
            );
        }
    }

    fn reach(&mut self, depth: usize, offset: usize) {
        self.found.max_depth = self.found.max_depth.max(depth);
        if depth > DEPTH_LIMIT {
            self.exceed(offset, "blocks and comments nest more than 64 levels deep");
        }
    }

    fn exceed(&mut self, offset: usize, message: &'static str) {
        self.found.excess.get_or_insert(Excess { offset, message });
    }
}

/// `*` and `/` in `text` from its first `/*` on.
fn comment_marks(text: &str) -> usize {
    let comment = text.find("/*").map_or("", |start| &text[start..]);
    comment.matches(['*', '/']).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excess_at(text: &str) -> Option<usize> {
        nesting(text).excess.map(|excess| excess.offset)
    }

    #[test]
    fn the_brace_beyond_the_limit_is_named() {
        assert_eq!(nesting("a { b { c } }\nd { e }").max_depth, 2);
        assert_eq!(excess_at(&"a{".repeat(64)), None);
        assert_eq!(excess_at(&"a{".repeat(65)), Some(129));
    }

    #[test]
    fn braces_of_strings_and_comments_do_not_leak() {
        let text = "a \"{\" // {\n".repeat(200);
        let found = nesting(&text);
        assert_eq!((found.max_depth, found.excess), (1, None));
    }

    #[test]
    fn nested_comments_count_like_blocks() {
        assert_eq!(excess_at(&"/*".repeat(64)), None);
        assert!(excess_at(&"/*".repeat(65)).is_some());
    }

    #[test]
    fn a_comment_of_a_thousand_stars_is_too_much() {
        assert_eq!(excess_at(&format!("a /{}/", "*".repeat(1000))), None);
        assert_eq!(excess_at(&format!("a /{}/", "*".repeat(2000))), Some(2));
        assert_eq!(excess_at(&format!("// {}", "/".repeat(2000))), None);
    }

    #[test]
    fn slashdashed_blocks_may_nest_eight_deep() {
        assert_eq!(excess_at(&"a /-{".repeat(8)), None);
        assert!(excess_at(&"a /-{".repeat(9)).is_some());
        assert!(excess_at(&"x\n/-a {".repeat(9)).is_some());
        assert_eq!(excess_at(&"a { b /-{}\n".repeat(20)), None);
    }

    #[test]
    fn stray_closing_braces_are_counted() {
        assert_eq!(excess_at(&"}".repeat(64)), None);
        assert_eq!(excess_at(&"}".repeat(65)), Some(64));
    }
}
