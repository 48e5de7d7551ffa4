//! Tokens without white space: each atom knows how many line breaks precede it.

use super::lexer::{Kind, lex};

/// Why a text is not KDL, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte offset of the first token that does not fit.
    pub offset: usize,
    /// What is wrong: a sentence fragment.
    pub message: String,
}

/// Anything but white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) offset: usize,
    /// Line breaks between the atom before and this one.
    pub(super) newlines: usize,
    /// A comment with nothing but comments after it on its line.
    pub(super) ends_line: bool,
}

/// The atoms of `text`, without line continuations that continue nothing.
pub(super) fn atoms(text: &str) -> Result<Vec<Atom<'_>>, Fault> {
    let mut found = settle(read(text)?);
    mark_line_ends(&mut found);
    Ok(found)
}

fn read(text: &str) -> Result<Vec<Atom<'_>>, Fault> {
    let (mut found, mut newlines) = (Vec::new(), 0);
    for token in lex(text) {
        match token.kind {
            Kind::Space => {}
            Kind::Newline => newlines += 1,
            Kind::Malformed(message) => {
                return Err(Fault {
                    offset: token.offset,
                    message: message.to_owned(),
                });
            }
            kind => found.push(Atom {
                kind,
                text: token.text,
                offset: token.offset,
                newlines: std::mem::take(&mut newlines),
                ends_line: false,
            }),
        }
    }
    Ok(found)
}

/// Drops each continuation after which the node ends, or only its block or `;` comes.
///
/// Printed, one at the end would swallow the line break that ends the node; one
/// before a block would put the brace on a line of its own.
fn settle(all: Vec<Atom<'_>>) -> Vec<Atom<'_>> {
    let mut kept: Vec<Atom<'_>> = Vec::with_capacity(all.len());
    let mut beyond = [false; 2];
    for atom in all.into_iter().rev() {
        let continues = kept.last().map_or([false; 2], |next| reach(next, beyond));
        if atom.kind == Kind::Continuation {
            let joined = kept.last().is_some_and(may_join);
            if joined || !continues[1] {
                if let Some(next) = kept.last_mut() {
                    next.newlines = next.newlines + atom.newlines - usize::from(joined);
                }
                continue;
            }
        }
        kept.push(atom);
        beyond = continues;
    }
    kept.reverse();
    kept
}

/// Whether what follows a continuation may as well stand on the line before it.
fn may_join(next: &Atom<'_>) -> bool {
    next.newlines == 1 && matches!(next.kind, Kind::OpenBrace | Kind::Semicolon)
}

/// Whether a node goes on at `next`, with no and with one line break to spare;
/// `beyond` answers the same for the atom after `next`.
fn reach(next: &Atom<'_>, beyond: [bool; 2]) -> [bool; 2] {
    [0, 1].map(|spare: usize| {
        let Some(left) = spare.checked_sub(next.newlines) else {
            return false;
        };
        match next.kind {
            Kind::LineComment | Kind::BlockComment => beyond[left],
            Kind::Continuation => beyond[1],
            Kind::CloseBrace | Kind::Semicolon => false,
            _ => true,
        }
    })
}

fn mark_line_ends(all: &mut [Atom<'_>]) {
    let mut line_ends = true;
    for atom in all.iter_mut().rev() {
        atom.ends_line = atom.kind.is_comment() && line_ends;
        line_ends = atom.newlines > 0 || atom.ends_line;
    }
}
