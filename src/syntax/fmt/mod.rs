//! `sdd fmt`: uniform layout for pipeline files, without touching what they say.
//!
//! The `kdl` crate can't print a file back (it drops comments), so a lossless
//! lexer and a printer stand here: text → [`lexer`] tokens → [`atom`]s (no white
//! space) → [`layout`] (the gap before each atom) → [`printer`] → text. The crate
//! only judges: the result must parse to the document that the original parses to.
//!
//! # The style
//! - Four spaces for each level, one node per line, `name arg key=value {`.
//! - A block that was written on one line stays there if it holds a single node
//!   without a block of its own, no comment, and ends within 80 columns. Every
//!   other block has one line for each node; an empty one is `{}`.
//! - `;` becomes a line break. A `\` stays and indents what it continues by one
//!   more level, unless nothing or only the block follows it.
//! - At most one blank line between nodes, none at the edges of a block.
//! - A comment stays on the line that it shares with a node, after one space.
//! - Strings and numbers stay as spelled. The lines of a multi-line string move
//!   together with its closing quotes, one level deeper than the node.
//! - `\n` for every line break, none missing at the end, no byte order mark.

mod atom;
mod layout;
pub(super) mod lexer;
mod nesting;
mod parse;
mod printer;
mod toml;
mod wording;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::fmt;

use kdl::KdlDocument;

pub use self::atom::Fault;
pub use self::nesting::{
    COMMENT_MARK_LIMIT, DEPTH_LIMIT, Excess, Nesting, SLASHDASH_LIMIT, STRAY_LIMIT, nesting,
};
pub use self::parse::{ParseRefusal, parse_kdl};
pub use self::toml::format_toml;

use self::layout::Placed;

/// Greatest length of a text, in bytes, that is handed to a parser.
pub const SIZE_LIMIT: usize = 4 << 20;

/// Why a file is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatRefusal {
    /// The text is not what its extension says.
    Syntax {
        /// Byte offset of the mistake.
        offset: usize,
        /// What is wrong: a sentence fragment.
        message: String,
    },
    /// Reading the text could overflow the stack or take exponential time.
    TooDeep {
        /// Byte offset of what went beyond the limit.
        offset: usize,
        /// Which limit: a sentence fragment.
        message: &'static str,
    },
    /// The text is longer than [`SIZE_LIMIT`].
    TooLarge {
        /// Its length in bytes.
        size: usize,
    },
    /// The result would not mean the same.
    WouldChangeMeaning,
}

impl fmt::Display for FormatRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { message, .. } => f.write_str(message),
            Self::TooDeep { message, .. } => f.write_str(message),
            Self::TooLarge { size } => {
                write!(f, "{size} bytes are more than the limit of {SIZE_LIMIT}")
            }
            Self::WouldChangeMeaning => {
                f.write_str("formatting would change what the file means, so it is left alone")
            }
        }
    }
}

impl std::error::Error for FormatRefusal {}

impl From<Fault> for FormatRefusal {
    fn from(Fault { offset, message }: Fault) -> Self {
        Self::Syntax { offset, message }
    }
}

/// Formats one KDL 2 file in the style of this module.
///
/// Comments, groups of nodes (at most one blank line between them), string forms,
/// number spellings and `/-` stay as written. The result is its own formatting.
pub fn format_kdl(text: &str) -> Result<String, FormatRefusal> {
    parse::check_limits(text)?;
    let before = place(text)?;
    let document = parsed(text)?;
    let out = printer::print(&before);
    let after = place(&out).map_err(|_| FormatRefusal::WouldChangeMeaning)?;
    let reparsed = parsed(&out).map_err(|_| FormatRefusal::WouldChangeMeaning)?;
    if document == reparsed && outline(&before) == outline(&after) {
        Ok(out)
    } else {
        Err(FormatRefusal::WouldChangeMeaning)
    }
}

/// The first place, if any, where `text` does not follow the grammar of KDL 2.
///
/// Looks at structure only, not inside words: in linear time and without recursion,
/// whatever the text.
pub fn structure_fault(text: &str) -> Option<Fault> {
    place(text).err()
}

fn place(text: &str) -> Result<Vec<Placed<'_>>, Fault> {
    layout::layout(&atom::atoms(text)?)
}

/// What the text says; spelling and layout are left out.
fn parsed(text: &str) -> Result<KdlDocument, FormatRefusal> {
    let mut document = parse_kdl(text)?;
    document.clear_format_recursive();
    Ok(document)
}

/// What must stay as it is in the parts that the parsed document does not hold:
/// comments, slashdashed nodes and entries. Nodes are told apart by their starts.
fn outline(placed: &[Placed<'_>]) -> Vec<(bool, String)> {
    let kept = placed
        .iter()
        .filter(|atom| atom.kind != lexer::Kind::Continuation);
    kept.map(|atom| (atom.starts_node, printer::written(atom, "").into_owned()))
        .collect()
}
