//! A pipeline as its files say it: plain data with spans.

mod common;
mod expand;
pub mod gates;
mod grammar;
mod header;
mod include;
mod load;
mod lost;
mod node;
mod toolbox;

pub use common::{Common, Condition, OnMissing, Retry};
pub use grammar::grammar;
pub use header::{Defaults, Header, Include, OnFailure, Pool, Secret};
pub use load::{Files, ReadError, load};
pub use lost::Lost;

use std::collections::BTreeMap;

use crate::kinds::Kind;
use crate::span::{Span, Spanned};
use crate::spec::{Glob, Template};
use crate::syntax;

/// A pipeline with everything that it includes.
#[derive(Debug, Clone, Default)]
pub struct Pipeline {
    /// The stem of its file.
    pub name: String,
    /// Its file, relative to the root.
    pub path: String,
    /// Its own header fields.
    pub header: Option<Header>,
    /// Every node, in the order of declaration; those of included files stand where the header
    /// includes them, which is first.
    pub nodes: Vec<Node>,
    /// Pools of all files, with their depth.
    pub pools: BTreeMap<String, usize>,
    /// Secrets of all files.
    pub secrets: BTreeMap<String, Secret>,
    /// Whether it is run to mend what can be mended, which makes writers of its fixers.
    pub fixing: bool,
    /// What could not be read, so that a name that seems missing may be there.
    pub lost: Lost,
}

/// One node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its id, with the prefix of its file and its place in the matrix.
    pub id: Spanned<String>,
    /// What it does.
    pub kind: Kind,
    /// Fields that every node has.
    pub common: Common,
    /// Variables for its commands: those of the header, then its own.
    pub env: Vec<(String, Template)>,
    /// The prefix of its file, with the `:`, by which its references are looked up first.
    pub prefix: String,
    /// The id that all copies of a matrix node share.
    pub group: Option<String>,
    /// Its place in the matrix.
    pub matrix: Vec<(String, String)>,
    /// Its fields as they are written, with what the defaults of its file add.
    pub written: Vec<syntax::Node>,
    /// The first line of the node.
    pub span: Span,
}

impl Node {
    /// The files of the project that it writes; a fixer writes only when it mends.
    pub fn writes(&self, fixing: bool) -> &[Glob] {
        match self.kind.effects() {
            Some(effects) if !fixing || !effects.fixes => &[],
            Some(effects) if self.common.writes.is_empty() => effects.writes,
            _ => &self.common.writes,
        }
    }

    /// The files that it reads; `None` if that can be all of them.
    pub fn reads(&self) -> Option<&[Glob]> {
        let declared = self.common.reads.as_deref();
        declared.or_else(|| self.kind.effects()?.reads)
    }
}
