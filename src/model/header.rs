//! Fields of a pipeline itself.

use super::Common;
use crate::span::Spanned;
use crate::spec::{Decoder, Limit, Map, Named, ProjectPath, Table, Template, Ty, Value};
use crate::syntax::Node;

crate::spec! {
    /// Fields of a pipeline itself.
    pub struct Header = "pipeline" {
        /// What the pipeline is for.
        "description" description: Option<String>,
        /// How many nodes run at the same time; by default as many as there are CPUs.
        "jobs" jobs: Option<u32>,
        /// The time that the whole run may take.
        "timeout" timeout: Option<Limit>,
        /// What happens when a required node fails: `stop` starts nothing more.
        "on-failure" on_failure: OnFailure = "continue",
        /// The commit that "changed" counts from; by default where the branch left the default branch.
        "base" base: Option<String>,
        /// Files whose nodes become part of this pipeline.
        "include" include: Named<Include>,
        /// Variables added to the environment of every node's commands.
        "env" env: Map<Template>,
        /// Variables for `{{var.NAME}}`; `--set NAME=value` changes one.
        "var" var: Map<Spanned<String>>,
        /// Values that commands find in their environment and that are masked wherever they would be shown.
        "secrets" secrets: Named<Secret>,
        /// Pools: so many of their nodes run at the same time.
        "pool" pool: Named<Pool>,
        /// Fields that every node of this file has unless it says otherwise.
        "defaults" defaults: Defaults,
        /// Reports that every run writes: the format and the file.
        "report" report: Map<Spanned<String>>,
    }
}

crate::choice! {
    /// What happens when a required node fails.
    pub enum OnFailure {
        Continue = "continue",
        Stop = "stop",
    }
}

crate::spec! {
    /// A file whose nodes become part of this pipeline; its path is relative to this file.
    pub struct Include = "include" {
        /// A prefix for the ids of its nodes: `lint` becomes `PREFIX:lint`.
        "as" prefix: Option<Spanned<String>>,
    }
}

crate::spec! {
    /// Where the value of a secret comes from: one of these.
    pub struct Secret = "secrets" {
        /// A variable of the environment that `sdd` is started in.
        "env" env: Option<String>,
        /// A file, relative to the root; a line break at its end is left away.
        "file" file: Option<ProjectPath>,
    }
}

crate::spec! {
    /// So many nodes run at the same time.
    pub struct Pool = "pool" {
        /// How many.
        "depth" depth: u32,
    }
}

/// Fields for every node, as they stand in the tree: each node reads them as its own.
#[derive(Debug, Clone, Default)]
pub struct Defaults(pub Vec<Node>);

impl PartialEq for Defaults {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Value for Defaults {
    const TY: Ty = Ty::Table(<Common as Table>::SPEC);
    const OPTIONAL: bool = true;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        let node = decoder.once(nodes)?;
        // Read for its mistakes, so that they are reported once and not for every node.
        let errors = decoder.diags.len();
        decoder.block::<Common>(node)?;
        (decoder.diags.len() == errors).then(|| Self(node.children.clone()))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}
