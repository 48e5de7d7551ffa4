//! Atoms → what stands before each of them: nothing, a space or a new line.
//!
//! Follows the grammar of KDL 2 with a small state machine, so that a text which
//! is not KDL is refused here, before the recursive parser sees it.

use super::atom::{Atom, Fault};
use super::lexer::{Kind, is_newline};

/// What stands before an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    None,
    Space,
    /// A new line, indented by so many levels, maybe after a blank line.
    Line {
        level: usize,
        blank: bool,
    },
}

/// An atom in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) gap: Gap,
    /// Levels of indentation of its node.
    pub(super) level: usize,
    /// First atom of a node, slashdashed or not.
    pub(super) starts_node: bool,
    /// For a `{` whose block may stay on one line: the index of its `}`.
    pub(super) one_line_to: Option<usize>,
}

/// What the grammar expects next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A node, or the end of the block.
    Node,
    /// The node after a `/-`.
    Slashdashed,
    /// The name after a node's type.
    Name,
    /// An entry, a block, or the end of the node.
    Entry,
    /// As `Entry`; a `=` may follow, too.
    Key,
    /// The entry or block after a `/-`.
    Operand,
    /// The value after a `=` or a type.
    Value,
    TypeName,
    TypeEnd,
    /// Slashdashed blocks after the block, or the end of the node.
    Tail,
    /// The block after a `/-` in a tail.
    TailBlock,
}

impl State {
    /// The state after a line break; `None` if there may be none here.
    fn after_newline(self) -> Option<Self> {
        match self {
            Self::Node | Self::Entry | Self::Key | Self::Tail => Some(Self::Node),
            Self::Slashdashed | Self::Operand | Self::TailBlock => Some(self),
            Self::Name | Self::Value | Self::TypeName | Self::TypeEnd => None,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Node | Self::Slashdashed => "a node",
            Self::Name => "a node name",
            Self::Entry | Self::Key => "an argument, a property, a block or the end of the node",
            Self::Operand => "an argument, a property or a block after `/-`",
            Self::Value => "a value",
            Self::TypeName => "the name of a type",
            Self::TypeEnd => "`)`",
            Self::Tail => "the end of the node",
            Self::TailBlock => "a block after `/-`",
        }
    }
}

/// Places every atom, or names the first that does not fit.
pub(super) fn layout<'a>(atoms: &[Atom<'a>]) -> Result<Vec<Placed<'a>>, Fault> {
    let mut layout = Layout {
        placed: Vec::with_capacity(atoms.len()),
        blocks: Vec::new(),
        state: State::Node,
        after_type: State::Name,
        continued: false,
        fresh: false,
        broken: false,
        skipped: 0,
    };
    for atom in atoms {
        layout.take(atom)?;
    }
    layout.finish(atoms)
}

struct Layout<'a> {
    placed: Vec<Placed<'a>>,
    blocks: Vec<Block>,
    state: State,
    /// The state that a closing `)` returns to.
    after_type: State,
    /// The line break to come is the one of a `\`.
    continued: bool,
    /// Nothing stands on a line of its own in this block yet.
    fresh: bool,
    /// A `;` or `{` was the last atom but for comments: the next begins a line.
    broken: bool,
    /// Line breaks before a `\` that was left out.
    skipped: usize,
}

/// A block that is open.
struct Block {
    /// Index of its `{` among the placed.
    open: usize,
    offset: usize,
    /// The state of the node after the block.
    after: State,
    nodes: usize,
    /// No line break, comment or block inside so far.
    plain: bool,
}

impl<'a> Layout<'a> {
    fn take(&mut self, atom: &Atom<'a>) -> Result<(), Fault> {
        let turned = self.continued && atom.newlines > 0;
        let skipped = std::mem::take(&mut self.skipped);
        let newlines = skipped.max(atom.newlines - usize::from(turned));
        self.continued &= !turned;
        let stuck = self.continued && !atom.kind.is_comment();
        if stuck || (atom.kind == Kind::LineComment && !self.continued && self.is_inside()) {
            return Err(self.fault(atom));
        }
        if newlines > 0 {
            let state = self.state.after_newline();
            self.state = state.ok_or_else(|| self.fault(atom))?;
        }
        self.note_shape(atom);
        let gap = if turned {
            let level = self.blocks.len() + 1;
            Gap::Line {
                level,
                blank: false,
            }
        } else {
            self.gap(atom, newlines)
        };
        if atom.kind == Kind::Continuation && self.state.after_newline() == Some(self.state) {
            // A line may end here anyway.
            self.skipped = newlines;
            return Ok(());
        }
        self.put(atom, gap)
    }

    /// Whether no line may end here but by `\`.
    fn is_inside(&self) -> bool {
        self.state.after_newline().is_none()
    }

    /// Remembers what keeps the innermost block from standing on one line.
    fn note_shape(&mut self, atom: &Atom<'_>) {
        if let Some(block) = self.blocks.last_mut() {
            let breaks = atom.newlines > 0 || atom.text.contains(is_newline);
            block.plain &= !breaks && !atom.kind.is_comment() && atom.kind != Kind::OpenBrace;
        }
    }

    fn put(&mut self, atom: &Atom<'a>, gap: Gap) -> Result<(), Fault> {
        match atom.kind {
            Kind::LineComment | Kind::BlockComment => self.push(atom, gap, false),
            Kind::Continuation => {
                self.continued = true;
                self.push(atom, gap, false);
            }
            Kind::OpenBrace => self.open(atom, gap)?,
            Kind::CloseBrace => self.close(atom)?,
            Kind::Semicolon => self.semicolon(atom)?,
            _ => {
                let starts_node = self.state == State::Node;
                self.state = self.step(atom.kind).ok_or_else(|| self.fault(atom))?;
                self.push(atom, gap, starts_node);
            }
        }
        Ok(())
    }

    fn push(&mut self, atom: &Atom<'a>, gap: Gap, starts_node: bool) {
        if matches!(gap, Gap::Line { .. }) {
            self.fresh = false;
            self.broken = false;
        }
        if let (true, Some(block)) = (starts_node, self.blocks.last_mut()) {
            block.nodes += 1;
        }
        self.placed.push(Placed {
            kind: atom.kind,
            text: atom.text,
            gap,
            level: self.blocks.len(),
            starts_node,
            one_line_to: None,
        });
    }

    /// The state after a word, `=`, `/-`, `(` or `)`; `None` if it does not fit.
    fn step(&mut self, kind: Kind) -> Option<State> {
        Some(match (self.state, kind) {
            (State::Node | State::Slashdashed | State::Name | State::Value, Kind::Word) => {
                State::Entry
            }
            (State::Entry | State::Key | State::Operand, Kind::Word) => State::Key,
            (State::Key, Kind::Equals) => State::Value,
            (State::Node, Kind::Slashdash) => State::Slashdashed,
            (State::Entry | State::Key, Kind::Slashdash) => State::Operand,
            (State::Tail, Kind::Slashdash) => State::TailBlock,
            (State::Node | State::Slashdashed, Kind::OpenParen) => {
                self.after_type = State::Name;
                State::TypeName
            }
            (State::Entry | State::Key | State::Operand | State::Value, Kind::OpenParen) => {
                self.after_type = State::Value;
                State::TypeName
            }
            (State::TypeName, Kind::Word) => State::TypeEnd,
            (State::TypeEnd, Kind::CloseParen) => self.after_type,
            _ => return None,
        })
    }

    fn open(&mut self, atom: &Atom<'a>, gap: Gap) -> Result<(), Fault> {
        let after = match self.state {
            State::Entry | State::Key | State::TailBlock => State::Tail,
            State::Operand => State::Entry,
            _ => return Err(self.fault(atom)),
        };
        self.push(atom, gap, false);
        self.blocks.push(Block {
            open: self.placed.len() - 1,
            offset: atom.offset,
            after,
            nodes: 0,
            plain: true,
        });
        self.state = State::Node;
        (self.fresh, self.broken) = (true, true);
        Ok(())
    }

    fn close(&mut self, atom: &Atom<'a>) -> Result<(), Fault> {
        let ends = self.state.after_newline() == Some(State::Node);
        let Some(block) = self.blocks.pop().filter(|_| ends) else {
            return Err(self.fault(atom));
        };
        let level = self.blocks.len();
        let gap = if self.placed.len() == block.open + 1 {
            Gap::None
        } else {
            Gap::Line {
                level,
                blank: false,
            }
        };
        if block.plain && block.nodes == 1 {
            self.placed[block.open].one_line_to = Some(self.placed.len());
        }
        self.state = block.after;
        self.push(atom, gap, false);
        (self.fresh, self.broken) = (false, false);
        Ok(())
    }

    fn semicolon(&mut self, atom: &Atom<'a>) -> Result<(), Fault> {
        if !matches!(self.state, State::Entry | State::Key | State::Tail) {
            return Err(self.fault(atom));
        }
        self.state = State::Node;
        self.broken = true;
        Ok(())
    }

    fn gap(&self, atom: &Atom<'_>, newlines: usize) -> Gap {
        let Some(last) = self.placed.last() else {
            return Gap::None;
        };
        match self.state {
            State::Node => self.gap_between_nodes(atom, last.kind, newlines),
            _ => self.gap_inside_node(atom, last.kind),
        }
    }

    fn gap_between_nodes(&self, atom: &Atom<'_>, last: Kind, newlines: usize) -> Gap {
        let trails = !self.broken || atom.ends_line;
        let joined = atom.kind.is_comment() && trails;
        let led = last == Kind::BlockComment && !self.broken;
        if newlines == 0 && (joined || led) {
            return Gap::Space;
        }
        Gap::Line {
            level: self.blocks.len(),
            blank: newlines > 1 && !self.fresh,
        }
    }

    fn gap_inside_node(&self, atom: &Atom<'_>, last: Kind) -> Gap {
        use Kind::{CloseParen, Continuation, Equals, LineComment, OpenParen, Slashdash, Word};
        match (last, atom.kind) {
            (LineComment, _) => Gap::Line {
                level: self.blocks.len() + usize::from(self.state != State::Slashdashed),
                blank: false,
            },
            (_, LineComment | Continuation) | (Continuation, _) => Gap::Space,
            (Slashdash, Word) if self.placed.len() == 1 && atom.text == "kdl-version" => Gap::Space,
            (OpenParen | CloseParen | Equals | Slashdash, _) | (_, CloseParen | Equals) => {
                Gap::None
            }
            _ => Gap::Space,
        }
    }

    fn fault(&self, atom: &Atom<'_>) -> Fault {
        let expected = if self.continued {
            "the end of the line after `\\`"
        } else {
            self.state.expected()
        };
        let found = atom.text.lines().next().unwrap_or_default();
        let found: String = found.chars().take(40).collect();
        Fault {
            offset: atom.offset,
            message: format!("expected {expected}, found `{found}`"),
        }
    }

    fn finish(self, atoms: &[Atom<'_>]) -> Result<Vec<Placed<'a>>, Fault> {
        if let Some(block) = self.blocks.last() {
            return Err(Fault {
                offset: block.offset,
                message: "this block is not closed".to_owned(),
            });
        }
        if self.state.after_newline() != Some(State::Node) {
            let last = atoms.last().map_or(0, |atom| atom.offset);
            return Err(Fault {
                offset: last,
                message: format!("expected {} after this", self.state.expected()),
            });
        }
        Ok(self.placed)
    }
}
