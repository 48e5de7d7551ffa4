//! Names, values and properties of a node.

use super::super::fmt::lexer::Kind;
use super::super::{Node, Scalar, Value};
use super::lexeme::Lexeme;
use super::{MOST_ERRORS, Parser, word};
use crate::span::{Span, Spanned};

impl Parser<'_> {
    /// Reads a node's name; what stands in its place otherwise is reported and passed over.
    pub(super) fn name(&mut self) -> Option<Spanned<String>> {
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
                let message = match lexeme.kind {
                    Kind::Semicolon => "this `;` ends no node",
                    _ => "a node begins with its name",
                };
                let entries_follow = matches!(lexeme.kind, Kind::OpenBrace | Kind::Semicolon);
                self.at += usize::from(!entries_follow);
                self.error("syntax", message, span, "not a name");
            }
        }
        None
    }

    /// Reads values and properties until the node ends or a block begins.
    pub(super) fn entries(&mut self, node: &mut Node) {
        while self.errors <= MOST_ERRORS
            && let Some(lexeme) = self.peek()
        {
            let span = self.span(lexeme);
            match lexeme.kind {
                Kind::Newline | Kind::Semicolon | Kind::CloseBrace | Kind::OpenBrace => return,
                Kind::Slashdash if self.kind_behind() == Some(Kind::OpenBrace) => {
                    self.blank_before(lexeme, span);
                    return;
                }
                Kind::Slashdash => {
                    self.blank_before(lexeme, span);
                    self.at += 1;
                    self.discarded_entry();
                }
                Kind::Word => {
                    let annotated = self.lexemes[self.at - 1].kind == Kind::CloseParen;
                    if !annotated {
                        self.blank_before(lexeme, span);
                    }
                    self.entry(node);
                }
                Kind::OpenParen => self.annotation(),
                Kind::Malformed(why) => self.malformed(why, span),
                _ => self.stray(lexeme, span),
            }
        }
    }

    fn kind_behind(&self) -> Option<Kind> {
        self.lexemes.get(self.at + 1).map(|lexeme| lexeme.kind)
    }

    fn blank_before(&mut self, lexeme: &Lexeme<'_>, span: Span) {
        if !lexeme.spaced {
            self.error("syntax", "a blank is missing", span, "before this");
        }
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

    /// Passes over the entry behind `/-`.
    fn discarded_entry(&mut self) {
        if self.kind() == Some(Kind::Word) {
            self.entry(&mut Node::named(Spanned::default()));
            return;
        }
        let here = self.here();
        let message = "`/-` comments out nothing";
        self.error("syntax", message, here, "no entry follows");
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
