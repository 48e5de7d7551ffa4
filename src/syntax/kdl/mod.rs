//! KDL 2 → [`Document`].
//!
//! Linear, with an explicit stack in place of recursion. After a mistake the parser goes on behind
//! it, and marks the nodes around it as broken.

mod lexeme;
mod word;

use super::fmt::lexer::Kind;
use super::{Document, MAX_DEPTH, Node, Scalar, Value};
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
    Document {
        nodes: parser.document(),
    }
}

/// A node whose block is open.
struct Open {
    node: Node,
    discarded: bool,
    brace: Span,
}

/// What follows the entries of a node.
enum End {
    /// Nothing: the node is whole.
    Whole,
    /// Its block, which this brace opens.
    Block(Span),
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
            match lexeme.kind {
                Kind::Newline | Kind::Semicolon => self.at += 1,
                Kind::CloseBrace => self.close(&mut stack, &mut top),
                _ if !self.node(&mut stack, &mut top) => break,
                _ => {}
            }
        }
        let at_end = self.peek().is_none();
        while let Some(open) = stack.pop() {
            if at_end {
                self.error(
                    "syntax",
                    "this block is never closed",
                    open.brace,
                    "opened here",
                );
            }
            let mut open = open;
            open.node.broken = true;
            attach(open.node, open.discarded, &mut stack, &mut top);
        }
        top
    }

    fn close(&mut self, stack: &mut Vec<Open>, top: &mut Vec<Node>) {
        let brace = self.here();
        self.at += 1;
        let Some(open) = stack.pop() else {
            self.error(
                "syntax",
                "this `}` closes no block",
                brace,
                "no block is open",
            );
            return;
        };
        attach(open.node, open.discarded, stack, top);
        while self.kind() == Some(Kind::Slashdash) {
            self.at += 1;
            self.skip_block();
        }
        let ends = [Kind::Newline, Kind::Semicolon, Kind::CloseBrace];
        if self.kind().is_some_and(|kind| !ends.contains(&kind)) {
            let here = self.here();
            self.error(
                "syntax",
                "a node ends with its block",
                here,
                "starts a new line",
            );
        }
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
        let end = self.entries(&mut node);
        node.broken = self.errors > errors;
        if node.broken {
            for open in stack.iter_mut() {
                open.node.broken = true;
            }
        }
        let End::Block(brace) = end else {
            attach(node, discarded, stack, top);
            return true;
        };
        if stack.len() >= MAX_DEPTH {
            let message = format!("blocks are nested deeper than {MAX_DEPTH} levels");
            self.error("too-deep", &message, brace, "one level too many");
            return false;
        }
        stack.push(Open {
            node,
            discarded,
            brace,
        });
        true
    }

    /// Reads a node's name; what stands in its place otherwise is reported and passed over.
    fn name(&mut self) -> Option<Spanned<String>> {
        if self.kind() == Some(Kind::OpenParen) {
            self.annotation();
        }
        let Some(lexeme) = self.peek() else {
            let here = self.here();
            self.error("syntax", "a node is missing", here, "expected here");
            return None;
        };
        let span = self.span(lexeme);
        match lexeme.kind {
            Kind::Word => {
                self.at += 1;
                match word::decode(lexeme.text) {
                    Ok(Scalar::Text(name)) => return Some(Spanned::new(name, span)),
                    Ok(_) => {
                        let message = "a node begins with its name";
                        self.error("syntax", message, span, "a value, not a name");
                    }
                    Err(fault) => self.fault(fault, span),
                }
            }
            Kind::Malformed(why) => self.malformed(why, span),
            _ => {
                self.at += usize::from(lexeme.kind != Kind::OpenBrace);
                self.error("syntax", "a node begins with its name", span, "not a name");
            }
        }
        None
    }

    /// Reads values and properties until the node ends or its block begins.
    fn entries(&mut self, node: &mut Node) -> End {
        while let Some(lexeme) = self.peek() {
            let span = self.span(lexeme);
            match lexeme.kind {
                Kind::Newline | Kind::Semicolon => {
                    self.at += 1;
                    return End::Whole;
                }
                Kind::CloseBrace => return End::Whole,
                Kind::OpenBrace => {
                    self.at += 1;
                    return End::Block(span);
                }
                Kind::Slashdash => {
                    self.at += 1;
                    self.discarded_entry();
                }
                Kind::Word => {
                    let annotated = self.lexemes[self.at - 1].kind == Kind::CloseParen;
                    if !lexeme.spaced && !annotated {
                        self.error("syntax", "a blank is missing", span, "before this");
                    }
                    self.entry(node);
                }
                Kind::OpenParen => self.annotation(),
                Kind::Malformed(why) => self.malformed(why, span),
                _ => self.stray(lexeme, span),
            }
        }
        End::Whole
    }

    fn stray(&mut self, lexeme: &Lexeme<'_>, span: Span) {
        self.at += 1;
        let help = (lexeme.kind == Kind::Equals).then(|| {
            "in KDL a field is `name value`, without `=`; TOML goes into a `.toml` file".into()
        });
        self.fault(
            word::Fault {
                code: "syntax",
                message: format!("`{}` has no meaning here", lexeme.text),
                help,
            },
            span,
        );
        if lexeme.kind == Kind::Equals {
            self.skip_line();
        }
    }

    fn malformed(&mut self, why: &str, span: Span) {
        self.at += 1;
        let toml_like = self.text[span.range()].starts_with('[');
        let help = toml_like.then(|| {
            "lists are values on one line: `needs \"a\" \"b\"`; TOML goes into a `.toml` file"
                .into()
        });
        let why = if toml_like {
            "`[` has no meaning here"
        } else {
            why
        };
        let first_line = self.text[span.range()].lines().next().map_or(1, str::len);
        let start = span.start as usize;
        let span = Span::new(self.id, start..start + first_line.max(1));
        let fault = word::Fault {
            code: "syntax",
            message: why.to_owned(),
            help,
        };
        self.fault(fault, span);
        if toml_like {
            self.skip_line();
        }
    }

    /// Passes over the rest of the line, but not over a block.
    fn skip_line(&mut self) {
        let ends = [
            Kind::Newline,
            Kind::Semicolon,
            Kind::OpenBrace,
            Kind::CloseBrace,
        ];
        while self.kind().is_some_and(|kind| !ends.contains(&kind)) {
            self.at += 1;
        }
    }

    fn annotation(&mut self) {
        let span = self.here();
        let fault = word::Fault {
            code: "unsupported-value",
            message: "pipelines have no type annotations".to_owned(),
            help: Some("write the value alone: each field knows what it takes".to_owned()),
        };
        let mut whole = span;
        while let Some(lexeme) = self.peek() {
            if matches!(lexeme.kind, Kind::Newline | Kind::OpenBrace) {
                break;
            }
            self.at += 1;
            whole = whole.to(self.span(lexeme));
            if lexeme.kind == Kind::CloseParen {
                break;
            }
        }
        self.fault(fault, whole);
    }

    /// Passes over the entry or block behind `/-`.
    fn discarded_entry(&mut self) {
        match self.kind() {
            Some(Kind::Word) => self.entry(&mut Node::named(Spanned::default())),
            Some(Kind::OpenBrace) => self.skip_block(),
            _ => {
                let here = self.here();
                self.error(
                    "syntax",
                    "`/-` comments out nothing",
                    here,
                    "no entry follows",
                );
            }
        }
    }

    fn skip_block(&mut self) {
        let mut depth = 0usize;
        while let Some(lexeme) = self.next() {
            match lexeme.kind {
                Kind::OpenBrace => depth += 1,
                Kind::CloseBrace => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Reads `value` or `key=value`.
    fn entry(&mut self, node: &mut Node) {
        let Some(first) = self.next() else { return };
        let span = self.span(first);
        if self.kind() != Some(Kind::Equals) {
            if self.raw_string_habit(first, span) {
                return;
            }
            if let Some(value) = self.value(first.text, span) {
                node.span = node.span.to(span);
                node.args.push(value);
            }
            return;
        }
        self.at += 1;
        let key = match word::decode(first.text) {
            Ok(Scalar::Text(key)) => Some(Spanned::new(key, span)),
            Ok(_) => {
                self.error("syntax", "a key has to be a name", span, "not a name");
                None
            }
            Err(fault) => {
                self.fault(fault, span);
                None
            }
        };
        let Some(lexeme) = self.peek().filter(|lexeme| lexeme.kind == Kind::Word) else {
            let message = format!("`{}=` has no value", first.text);
            self.error("syntax", &message, span, "its value is missing");
            return;
        };
        self.at += 1;
        let value_span = self.span(lexeme);
        if let (Some(key), Some(value)) = (key, self.value(lexeme.text, value_span)) {
            node.span = node.span.to(value_span);
            let mut property = Node::named(key);
            property.span = span.to(value_span);
            property.args.push(value);
            node.children.push(property);
        }
    }

    fn value(&mut self, text: &str, span: Span) -> Option<Value> {
        match word::decode(text) {
            Ok(scalar) => Some(Spanned::new(scalar, span)),
            Err(fault) => {
                self.fault(fault, span);
                None
            }
        }
    }

    /// KDL 1 wrote raw strings as `r"…"` and `r#"…"#`; whether that is what stands here.
    fn raw_string_habit(&mut self, word: &Lexeme<'_>, span: Span) -> bool {
        let follows = self
            .peek()
            .filter(|next| !next.spaced && next.kind == Kind::Word);
        let Some(next) = follows.filter(|next| word.text == "r" && next.text.ends_with(['"', '#']))
        else {
            return false;
        };
        let whole = span.to(self.span(next));
        self.at += 1;
        self.fault(word::old_raw_string(next.text), whole);
        true
    }
}

fn attach(node: Node, discarded: bool, stack: &mut [Open], top: &mut Vec<Node>) {
    if discarded {
        return;
    }
    match stack.last_mut() {
        Some(open) => open.node.children.push(node),
        None => top.push(node),
    }
}
