//! KDL 2 → [`Document`].
//!
//! Linear, with an explicit stack in place of recursion. After a mistake the parser goes on behind
//! it, and marks the nodes around it as broken.

mod character;
mod entry;
mod lexeme;
mod word;

pub(super) use character::is_disallowed;

use super::fmt::lexer::Kind;
use super::{Document, MAX_DEPTH, Node};
use crate::diag::{Diagnostic, Diags};
use crate::span::{SourceId, Span, Spanned};

use lexeme::{Lexeme, lexemes};

/// Past this many, further mistakes are consequences of earlier ones more often than not.
const MOST_ERRORS: usize = 50;

/// Reads a KDL text as far as possible.
pub(super) fn parse(id: SourceId, text: &str, diags: &mut Diags) -> Document {
    let lexemes = lexemes(text);
    let mut parser = Parser {
        id,
        text,
        lexemes: &lexemes,
        at: 0,
        diags,
        errors: 0,
    };
    for (range, fault) in character::disallowed(text).take(MOST_ERRORS) {
        parser.fault(fault, Span::new(id, range));
    }
    Document {
        nodes: parser.document(),
    }
}

/// A node that is being read.
struct Open {
    node: Node,
    /// Whether the node itself is commented out.
    discarded: bool,
    /// The block that is open, if one is.
    block: Option<Block>,
    /// Whether it had the one block that counts.
    complete: bool,
}

/// A block of a node.
struct Block {
    brace: Span,
    /// How many children the node had before, if the block is commented out.
    discarded: Option<usize>,
}

struct Parser<'a> {
    id: SourceId,
    text: &'a str,
    lexemes: &'a [Lexeme<'a>],
    at: usize,
    diags: &'a mut Diags,
    errors: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Lexeme<'a>> {
        self.lexemes.get(self.at)
    }

    fn kind(&self) -> Option<Kind> {
        self.peek().map(|lexeme| lexeme.kind)
    }

    fn next(&mut self) -> Option<&'a Lexeme<'a>> {
        let lexeme = self.peek();
        self.at += 1;
        lexeme
    }

    fn span(&self, lexeme: &Lexeme<'_>) -> Span {
        Span::new(self.id, lexeme.offset..lexeme.offset + lexeme.text.len())
    }

    /// The place of the token at hand, or of the last character.
    fn here(&self) -> Span {
        match self.peek() {
            Some(lexeme) => self.span(lexeme),
            None => Span::new(self.id, self.text.len().saturating_sub(1)..self.text.len()),
        }
    }

    fn error(&mut self, code: &str, message: &str, at: Span, label: &str) -> &mut Self {
        self.errors += 1;
        self.diags
            .push(Diagnostic::new(code, message).at(at, label));
        self
    }

    fn fault(&mut self, fault: word::Fault, at: Span) {
        self.errors += 1;
        let diagnostic = Diagnostic::new(fault.code, fault.message).at(at, "here");
        self.diags.push(diagnostic.maybe_help(fault.help));
    }

    fn document(&mut self) -> Vec<Node> {
        let mut stack: Vec<Open> = Vec::new();
        let mut top = Vec::new();
        while let Some(lexeme) = self.peek() {
            if self.errors > MOST_ERRORS {
                break;
            }
            let goes_on = match lexeme.kind {
                Kind::Newline => {
                    self.at += 1;
                    true
                }
                Kind::CloseBrace => self.close(&mut stack, &mut top),
                _ => self.node(&mut stack, &mut top),
            };
            if !goes_on {
                self.errors = MOST_ERRORS + 1;
            }
        }
        self.unclosed(&mut stack, &mut top);
        top
    }

    /// Attaches what is open at the end, and reports it if the end was reached.
    fn unclosed(&mut self, stack: &mut Vec<Open>, top: &mut Vec<Node>) {
        while let Some(mut open) = stack.pop() {
            if let Some(block) = &open.block
                && self.errors <= MOST_ERRORS
            {
                let message = "this block is never closed";
                self.error("syntax", message, block.brace, "opened here");
            }
            open.node.broken = true;
            attach(open, stack, top);
        }
    }

    /// Closes the innermost block; false if the rest can't be read.
    fn close(&mut self, stack: &mut Vec<Open>, top: &mut Vec<Node>) -> bool {
        let brace = self.here();
        self.at += 1;
        let Some(mut open) = stack.pop() else {
            let message = "this `}` closes no block";
            self.error("syntax", message, brace, "no block is open");
            return true;
        };
        match open.block.take().and_then(|block| block.discarded) {
            Some(before) => open.node.children.truncate(before),
            None => open.complete = true,
        }
        self.blocks(open, stack, top)
    }

    /// Reads a node up to its end or its block; false if the rest can't be read.
    fn node(&mut self, stack: &mut Vec<Open>, top: &mut Vec<Node>) -> bool {
        let discarded = self.kind() == Some(Kind::Slashdash);
        self.at += usize::from(discarded);
        let errors = self.errors;
        let (mut node, discarded) = match self.name() {
            Some(name) => (Node::named(name), discarded),
            None => (Node::named(Spanned::new(String::new(), self.here())), true),
        };
        self.entries(&mut node);
        node.broken = self.errors > errors;
        if node.broken {
            for open in stack.iter_mut() {
                open.node.broken = true;
            }
        }
        let open = Open {
            node,
            discarded,
            block: None,
            complete: false,
        };
        self.blocks(open, stack, top)
    }

    /// Reads what follows the entries of a node or one of its blocks: another block, or the end
    /// of the node. False if the rest can't be read.
    fn blocks(&mut self, mut open: Open, stack: &mut Vec<Open>, top: &mut Vec<Node>) -> bool {
        let discarded = self.kind() == Some(Kind::Slashdash);
        self.at += usize::from(discarded);
        let brace = self.here();
        match self.kind() {
            Some(Kind::OpenBrace) => {
                self.at += 1;
                let again = open.complete && !discarded;
                if again {
                    self.error("syntax", "a node has one block", brace, "a second one");
                }
                let before = open.node.children.len();
                let discarded = (discarded || again).then_some(before);
                open.block = Some(Block { brace, discarded });
                if stack.len() >= MAX_DEPTH {
                    let message = format!("blocks are nested deeper than {MAX_DEPTH} levels");
                    self.error("too-deep", &message, brace, "one level too many");
                    return false;
                }
                stack.push(open);
                return true;
            }
            None | Some(Kind::CloseBrace) if !discarded => {}
            Some(Kind::Newline | Kind::Semicolon) if !discarded => self.at += 1,
            _ => {
                let message = "a node ends with its block";
                self.error("syntax", message, brace, "starts a new line");
            }
        }
        attach(open, stack, top);
        true
    }
}

fn attach(open: Open, stack: &mut [Open], top: &mut Vec<Node>) {
    if open.discarded {
        return;
    }
    match stack.last_mut() {
        Some(outer) => outer.node.children.push(open.node),
        None => top.push(open.node),
    }
}

#[cfg(test)]
mod tests;
