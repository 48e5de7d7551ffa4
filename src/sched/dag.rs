//! What the machine is given: tasks, their edges and their limits.

use std::fmt;

use crate::id::NodeId;

/// Everything the scheduler knows of a plan.
#[derive(Debug, Clone)]
pub struct Dag {
    /// The nodes; a [`NodeId`] is a position in this list.
    pub tasks: Vec<Task>,
    /// How many nodes each pool admits at once. A lock is a pool of depth 1.
    pub pools: Vec<usize>,
    /// How many nodes may run at once.
    pub jobs: usize,
    /// Whether the first failure of a required node makes the run drain.
    pub stop_on_failure: bool,
}

impl Default for Dag {
    fn default() -> Self {
        Self {
            tasks: Vec::new(),
            pools: Vec::new(),
            jobs: 1,
            stop_on_failure: false,
        }
    }
}

/// One node, as the scheduler sees it.
#[derive(Debug, Clone)]
pub struct Task {
    /// Nodes that must have passed. For a teardown they only order, like `after`: what came
    /// up is taken down whatever else failed.
    pub needs: Vec<NodeId>,
    /// Nodes that must be over.
    pub after: Vec<NodeId>,
    /// The environment that this node takes down, which makes it a teardown.
    pub finalises: Option<NodeId>,
    /// How many attempts it has at most; at least 1.
    pub attempts: u32,
    /// Whether nothing else may run beside it.
    pub exclusive: bool,
    /// Pools (positions in [`Dag::pools`]) of which it takes one place each while it runs.
    pub pools: Vec<usize>,
    /// Expected duration in milliseconds; 0 counts as 1.
    pub weight: u64,
    /// Whether its failure stops a run that stops on failure.
    pub required: bool,
    /// Whether the plan already decided that it does not run.
    pub skip: bool,
}

impl Default for Task {
    fn default() -> Self {
        Self {
            needs: Vec::new(),
            after: Vec::new(),
            finalises: None,
            attempts: 1,
            exclusive: false,
            pools: Vec::new(),
            weight: 1,
            required: true,
            skip: false,
        }
    }
}

impl Task {
    /// Whether it takes an environment down.
    pub const fn is_teardown(&self) -> bool {
        self.finalises.is_some()
    }

    /// The nodes it waits for, with the kind of each edge.
    pub(super) fn edges(&self) -> impl Iterator<Item = (NodeId, Edge)> {
        let needs = self.needs.iter().map(|&node| (node, Edge::Need));
        let after = self.after.iter().map(|&node| (node, Edge::After));
        let finalises = self.finalises.iter().map(|&node| (node, Edge::Finalises));
        needs.chain(after).chain(finalises)
    }
}

/// What one node means to another that waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Need,
    After,
    Finalises,
}

/// Why a [`Dag`] cannot be scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DagError {
    /// `jobs` is 0, so nothing could ever run.
    NoJobs,
    /// This pool admits nobody.
    EmptyPool(usize),
    /// This node has no attempt.
    NoAttempts(NodeId),
    /// `node` refers to a node that does not exist.
    UnknownNode {
        /// The node that refers.
        node: NodeId,
        /// The position that does not exist.
        target: NodeId,
    },
    /// `node` refers to a pool that does not exist.
    UnknownPool {
        /// The node that refers.
        node: NodeId,
        /// The position that does not exist.
        pool: usize,
    },
    /// This teardown takes down another teardown.
    NotAnEnvironment(NodeId),
    /// This teardown is not to run although its environment is.
    SkippedTeardown(NodeId),
    /// This node waits for itself, directly or through others.
    Cycle(NodeId),
}

impl fmt::Display for DagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJobs => write!(f, "no node may run: jobs is 0"),
            Self::EmptyPool(pool) => write!(f, "pool {pool} has depth 0"),
            Self::NoAttempts(node) => write!(f, "node {node} has 0 attempts"),
            Self::UnknownNode { node, target } => {
                write!(f, "node {node} refers to unknown node {target}")
            }
            Self::UnknownPool { node, pool } => {
                write!(f, "node {node} refers to unknown pool {pool}")
            }
            Self::NotAnEnvironment(node) => {
                write!(f, "teardown {node} takes down another teardown")
            }
            Self::SkippedTeardown(node) => {
                write!(f, "teardown {node} is skipped but its environment is not")
            }
            Self::Cycle(node) => write!(f, "node {node} waits for itself"),
        }
    }
}

impl std::error::Error for DagError {}

impl Dag {
    /// Checks everything but the absence of cycles.
    pub(super) fn validate(&self) -> Result<(), DagError> {
        if self.jobs == 0 {
            return Err(DagError::NoJobs);
        }
        if let Some(pool) = self.pools.iter().position(|&depth| depth == 0) {
            return Err(DagError::EmptyPool(pool));
        }
        for (index, task) in self.tasks.iter().enumerate() {
            self.validate_task(NodeId::new(index), task)?;
        }
        Ok(())
    }

    fn validate_task(&self, node: NodeId, task: &Task) -> Result<(), DagError> {
        if task.attempts == 0 {
            return Err(DagError::NoAttempts(node));
        }
        let unknown = |target: &NodeId| target.index() >= self.tasks.len();
        if let Some(target) = task.edges().map(|(source, _)| source).find(unknown) {
            return Err(DagError::UnknownNode { node, target });
        }
        if let Some(&pool) = task.pools.iter().find(|&&pool| pool >= self.pools.len()) {
            return Err(DagError::UnknownPool { node, pool });
        }
        let Some(environment) = task.finalises else {
            return Ok(());
        };
        let environment = &self.tasks[environment.index()];
        if environment.is_teardown() {
            return Err(DagError::NotAnEnvironment(node));
        }
        if task.skip && !environment.skip {
            return Err(DagError::SkippedTeardown(node));
        }
        Ok(())
    }
}
