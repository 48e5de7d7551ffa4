//! Whether two patterns of paths can match the same path.
//!
//! Both patterns are read as automata over characters and walked together; a path that both match
//! is a way through the product. Character classes and braces are widened where that keeps it
//! simple, so the answer may be a needless yes and is never a wrong no.

use std::collections::HashSet;

/// A piece of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// This character.
    Literal(char),
    /// Any character but `/`: `?`, and a class.
    One,
    /// Any number of characters but `/`: `*`.
    Many,
    /// Any number of characters: `**`, and braces.
    All,
}

/// Whether some path matches both patterns.
pub fn overlap(a: &str, b: &str) -> bool {
    let (a, b) = (pieces(a), pieces(b));
    let mut seen = HashSet::new();
    let mut open = vec![(0, 0)];
    while let Some((i, j)) = open.pop() {
        if !seen.insert((i, j)) {
            continue;
        }
        if i == a.len() && j == b.len() {
            return true;
        }
        let (left, right) = (a.get(i).copied(), b.get(j).copied());
        if matches!(left, Some(Piece::Many | Piece::All)) {
            open.push((i + 1, j));
        }
        if matches!(right, Some(Piece::Many | Piece::All)) {
            open.push((i, j + 1));
        }
        if let (Some(left), Some(right)) = (left, right)
            && share_character(left, right)
        {
            open.push((after(left, i), after(right, j)));
        }
    }
    false
}

/// Where a pattern stands after a character was matched by the piece at `index`.
fn after(piece: Piece, index: usize) -> usize {
    match piece {
        Piece::Literal(_) | Piece::One => index + 1,
        Piece::Many | Piece::All => index,
    }
}

fn share_character(a: Piece, b: Piece) -> bool {
    match (a, b) {
        (Piece::Literal(a), Piece::Literal(b)) => a == b,
        (Piece::Literal(c), Piece::One | Piece::Many)
        | (Piece::One | Piece::Many, Piece::Literal(c)) => c != '/',
        _ => true,
    }
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let piece = match c {
            '?' => Piece::One,
            '*' if chars.next_if_eq(&'*').is_some() => {
                // `a/**/b` matches `a/b` too: the slash behind belongs to what may be missing.
                chars.next_if_eq(&'/');
                Piece::All
            }
            '*' => Piece::Many,
            '[' => {
                skip_past(&mut chars, ']');
                Piece::One
            }
            '{' => {
                skip_past(&mut chars, '}');
                Piece::All
            }
            '\\' => Piece::Literal(chars.next().unwrap_or('\\')),
            _ => Piece::Literal(c),
        };
        pieces.push(piece);
    }
    // `a/**` matches whatever is in `a`.
    pieces
}

fn skip_past(chars: &mut impl Iterator<Item = char>, end: char) {
    for c in chars {
        if c == end {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_overlap_if_one_path_matches_both() {
        for (a, b) in [
            ("src/**", "src/a/b.rs"),
            ("**/*.py", "shop/**"),
            ("src/*.rs", "src/main.*"),
            ("a/**/b", "a/b"),
            ("**", "x"),
            ("a?c", "abc"),
            ("{a,b}.txt", "b.txt"),
            ("[ab].txt", "a.txt"),
        ] {
            assert!(overlap(a, b), "{a} {b}");
            assert!(overlap(b, a), "{b} {a}");
        }
    }

    #[test]
    fn patterns_without_a_common_path_do_not() {
        for (a, b) in [
            ("src/**", "tests/**"),
            ("*.py", "a/b.py"),
            ("**/*.py", "**/*.rs"),
            ("src/?.rs", "src/ab.rs"),
            ("docs/*.md", "docs/a/b.md"),
        ] {
            assert!(!overlap(a, b), "{a} {b}");
            assert!(!overlap(b, a), "{b} {a}");
        }
    }
}
