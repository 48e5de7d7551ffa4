//! Names → ids: the nodes of a pipeline, the teardowns that it implies, and every edge.

mod conflict;
mod cycle;
pub mod render;
mod resolve;

pub use resolve::build;

use std::collections::BTreeMap;
use std::sync::Arc;

use petgraph::graph::{DiGraph, NodeIndex};

use crate::id::NodeId;
use crate::model::Pipeline;
use crate::span::Span;
use crate::spec::{Name, Template};

/// What a vertex does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// The node of the pipeline at that position.
    Node(usize),
    /// Takes down the environment that the node at that position is.
    Down(usize),
}

/// Why one node waits for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EdgeKind {
    /// The other must have passed.
    Needs,
    /// The other must be over.
    After,
    /// The node takes the other down.
    Finalises,
    /// The other writes what the node reads or writes; the pattern that says so.
    Conflict(String),
}

/// An edge with its place in the file, if it has one.
#[derive(Debug, Clone)]
pub struct Edge {
    /// Why.
    pub kind: EdgeKind,
    /// Where it is written.
    pub span: Option<Span>,
}

/// A node of the graph.
#[derive(Debug, Clone)]
pub struct Vertex {
    /// Its id.
    pub id: Arc<str>,
    /// What it does.
    pub work: Work,
    /// The environment that it takes down.
    pub finalises: Option<NodeId>,
    /// What `{{node.…}}` in its fields stands for: the part behind `node.` → the node and the name
    /// of the value that it publishes.
    pub values: BTreeMap<String, (NodeId, String)>,
    /// Environments whose resources it samples.
    pub sampled: Vec<NodeId>,
}

/// The nodes of a pipeline, in the order of declaration, then the generated teardowns.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Vertices; the index is the [`NodeId`].
    pub vertices: Vec<Vertex>,
    /// Edges from what must be over to what waits. A vertex has the index of its [`NodeId`].
    edges: DiGraph<(), Edge>,
}

impl Graph {
    fn with_vertices(vertices: Vec<Vertex>) -> Self {
        let mut edges = DiGraph::with_capacity(vertices.len(), vertices.len() * 2);
        for _ in &vertices {
            edges.add_node(());
        }
        Self { vertices, edges }
    }

    fn connect(&mut self, from: NodeId, to: NodeId, kind: EdgeKind, span: Option<Span>) {
        self.edges
            .add_edge(index(from), index(to), Edge { kind, span });
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.vertices.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.vertices.is_empty()
    }

    /// Whether some node's fields hold a name such as `{{base}}`.
    pub fn uses(&self, pipeline: &Pipeline, is_meant: fn(&Name) -> bool) -> bool {
        let mut uses = false;
        let mut look = |template: &Template| uses |= template.names().any(is_meant);
        for node in &pipeline.nodes {
            node.kind.templates(&mut look);
            node.env.iter().for_each(|(_, template)| look(template));
        }
        uses
    }

    /// The node of that id.
    pub fn find(&self, id: &str) -> Option<NodeId> {
        self.vertices
            .iter()
            .position(|vertex| &*vertex.id == id)
            .map(NodeId::new)
    }

    /// The id that people know a node by.
    pub fn name(&self, node: NodeId) -> &Arc<str> {
        &self.vertices[node.index()].id
    }

    /// What a node waits for, with the reason, in the order of declaration.
    pub fn before(&self, node: NodeId) -> Vec<(NodeId, &Edge)> {
        self.neighbours(node, petgraph::Direction::Incoming)
    }

    /// What waits for a node, with the reason, in the order of declaration.
    pub fn behind(&self, node: NodeId) -> Vec<(NodeId, &Edge)> {
        self.neighbours(node, petgraph::Direction::Outgoing)
    }

    fn neighbours(&self, node: NodeId, direction: petgraph::Direction) -> Vec<(NodeId, &Edge)> {
        use petgraph::visit::EdgeRef;
        let mut found: Vec<_> = self
            .edges
            .edges_directed(index(node), direction)
            .map(|edge| {
                let other = match direction {
                    petgraph::Direction::Incoming => edge.source(),
                    petgraph::Direction::Outgoing => edge.target(),
                };
                (NodeId::new(other.index()), edge.weight())
            })
            .collect();
        found.sort_by_key(|(other, _)| *other);
        found
    }

    /// Every edge: from, to, why.
    pub fn edges(&self) -> impl Iterator<Item = (NodeId, NodeId, &Edge)> {
        self.edges.edge_indices().filter_map(|edge| {
            let (from, to) = self.edges.edge_endpoints(edge)?;
            Some((
                NodeId::new(from.index()),
                NodeId::new(to.index()),
                &self.edges[edge],
            ))
        })
    }

    /// The nodes that can be reached along edges that `follow` accepts; the start is not among
    /// them unless it stands on a cycle.
    pub fn reachable(
        &self,
        start: NodeId,
        direction: petgraph::Direction,
        follow: impl Fn(&EdgeKind) -> bool,
    ) -> Vec<bool> {
        use petgraph::visit::EdgeRef;
        let mut seen = vec![false; self.len()];
        let mut open = vec![index(start)];
        while let Some(node) = open.pop() {
            for edge in self.edges.edges_directed(node, direction) {
                let other = match direction {
                    petgraph::Direction::Incoming => edge.source(),
                    petgraph::Direction::Outgoing => edge.target(),
                };
                if follow(&edge.weight().kind) && !seen[other.index()] {
                    seen[other.index()] = true;
                    open.push(other);
                }
            }
        }
        seen
    }
}

fn index(node: NodeId) -> NodeIndex {
    NodeIndex::new(node.index())
}
