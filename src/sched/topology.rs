//! The graph turned round, computed once: who waits for a node, and who goes first.

use std::cmp::Reverse;

use super::dag::{Dag, DagError, Edge};
use crate::id::NodeId;

/// A node that waits for another one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dependent {
    pub(super) node: NodeId,
    pub(super) edge: Edge,
}

/// Derived facts of a [`Dag`]; every list is indexed by node but `ranking`.
#[derive(Debug, Clone)]
pub(super) struct Topology {
    /// One entry for each edge that leaves the node.
    pub(super) dependents: Vec<Vec<Dependent>>,
    /// How many edges arrive at the node.
    pub(super) arriving: Vec<usize>,
    /// All nodes: longest remaining path first, then plan order.
    pub(super) ranking: Vec<NodeId>,
}

impl Topology {
    /// Fails when the graph has a cycle. The indices must be valid.
    pub(super) fn new(dag: &Dag) -> Result<Self, DagError> {
        let mut dependents = vec![Vec::new(); dag.tasks.len()];
        let mut arriving = vec![0; dag.tasks.len()];
        for (index, task) in dag.tasks.iter().enumerate() {
            let node = NodeId::new(index);
            for (source, edge) in task.edges() {
                dependents[source.index()].push(Dependent { node, edge });
                arriving[index] += 1;
            }
        }
        let order = dependencies_first(dag, &dependents, &arriving)?;
        let ranking = rank(dag, &dependents, &order);
        Ok(Self {
            dependents,
            arriving,
            ranking,
        })
    }
}

/// Kahn's algorithm; what it cannot order waits for a cycle.
fn dependencies_first(
    dag: &Dag,
    dependents: &[Vec<Dependent>],
    arriving: &[usize],
) -> Result<Vec<NodeId>, DagError> {
    let mut unmet = arriving.to_vec();
    let nodes = (0..unmet.len()).map(NodeId::new);
    let mut order: Vec<NodeId> = nodes.filter(|node| unmet[node.index()] == 0).collect();
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        next += 1;
        for dependent in &dependents[node.index()] {
            let unmet = &mut unmet[dependent.node.index()];
            *unmet -= 1;
            if *unmet == 0 {
                order.push(dependent.node);
            }
        }
    }
    match unmet.iter().position(|&unmet| unmet > 0) {
        None => Ok(order),
        Some(stuck) => Err(DagError::Cycle(member_of_cycle(dag, &unmet, stuck))),
    }
}

/// Walks from a stuck node to what it waits for, long enough to have left every tail.
fn member_of_cycle(dag: &Dag, unmet: &[usize], stuck: usize) -> NodeId {
    let mut node = NodeId::new(stuck);
    for _ in 0..unmet.len() {
        node = dag.tasks[node.index()]
            .edges()
            .map(|(source, _)| source)
            .find(|source| unmet[source.index()] > 0)
            .expect("a stuck node waits for a stuck node");
    }
    node
}

fn rank(dag: &Dag, dependents: &[Vec<Dependent>], order: &[NodeId]) -> Vec<NodeId> {
    let mut remaining = vec![0_u64; order.len()];
    for node in order.iter().rev() {
        let behind = dependents[node.index()].iter();
        let longest = behind.map(|next| remaining[next.node.index()]).max();
        let own = dag.tasks[node.index()].weight.max(1);
        remaining[node.index()] = own.saturating_add(longest.unwrap_or(0));
    }
    let mut ranking: Vec<NodeId> = (0..order.len()).map(NodeId::new).collect();
    ranking.sort_by_key(|node| Reverse(remaining[node.index()]));
    ranking
}
