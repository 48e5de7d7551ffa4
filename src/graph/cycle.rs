//! Circles of waiting, each reported once by its shortest form.

use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;

use super::{Edge, EdgeKind, Graph, Work};
use crate::diag::{Diagnostic, Diags};
use crate::id::NodeId;
use crate::model::{Node, Pipeline};
use crate::span::Span;

/// Nodes of one knot from which the shortest circle is looked for.
const MOST_STARTS: usize = 64;

/// Reports every knot of nodes that wait for each other. Whether there is one.
pub(super) fn report(graph: &Graph, pipeline: &Pipeline, diags: &mut Diags) -> bool {
    let circles = circles(graph);
    for circle in &circles {
        diags.push(diagnostic(graph, pipeline, circle));
    }
    !circles.is_empty()
}

/// The shortest circle of every knot: each node waits for the next, the last for the first.
fn circles(graph: &Graph) -> Vec<Vec<NodeId>> {
    let is_knot =
        |knot: &Vec<NodeIndex>| knot.len() > 1 || graph.edges.contains_edge(knot[0], knot[0]);
    let knots = kosaraju_scc(&graph.edges).into_iter();
    knots
        .filter(is_knot)
        .filter_map(|mut knot| {
            knot.sort();
            let members: Vec<NodeId> = knot.iter().map(|node| NodeId::new(node.index())).collect();
            shortest_circle(graph, &members)
        })
        .collect()
}

fn shortest_circle(graph: &Graph, members: &[NodeId]) -> Option<Vec<NodeId>> {
    members
        .iter()
        .take(MOST_STARTS)
        .filter_map(|start| circle_through(graph, *start, members))
        .min_by_key(Vec::len)
}

/// The shortest way from a node back to itself, along what it waits for.
fn circle_through(graph: &Graph, start: NodeId, members: &[NodeId]) -> Option<Vec<NodeId>> {
    let mut came_from: Vec<Option<NodeId>> = vec![None; graph.len()];
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for (next, _) in graph.before(node) {
            if next == start {
                let mut circle = vec![node];
                while let Some(before) = came_from[circle[circle.len() - 1].index()] {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            if came_from[next.index()].is_none() && members.binary_search(&next).is_ok() {
                came_from[next.index()] = Some(node);
                open.push_back(next);
            }
        }
    }
    None
}

fn diagnostic(graph: &Graph, pipeline: &Pipeline, circle: &[NodeId]) -> Diagnostic {
    let waits: Vec<String> = circle
        .iter()
        .chain(circle.first())
        .map(|node| format!("`{}`", graph.name(*node)))
        .collect();
    let next = |index: usize| circle[(index + 1) % circle.len()];
    let steps = circle.iter().enumerate().filter_map(|(index, node)| {
        let edges = graph.before(*node);
        let (_, edge) = edges
            .into_iter()
            .find(|(before, _)| *before == next(index))?;
        Some((*node, next(index), edge))
    });
    let by_files =
        |(_, _, edge): &(NodeId, NodeId, &Edge)| matches!(edge.kind, EdgeKind::Conflict(_));
    let (code, message, help) = if steps.clone().any(|step| by_files(&step)) {
        (
            "conflict-cycle",
            format!(
                "what nodes read and write can't be put in order: {}",
                waits.join(" → ")
            ),
            "who writes goes before who reads, and a node without `reads` reads everything: narrow `reads` or `writes`",
        )
    } else {
        let message = match circle {
            [_] => format!("{} waits for itself", waits[0]),
            _ => format!("nodes wait for each other: {}", waits.join(" → ")),
        };
        ("cycle", message, "remove one of these edges")
    };
    let labelled = steps.fold(
        Diagnostic::new(code, message),
        |diagnostic, (node, other, edge)| {
            let (span, text) = step(graph, pipeline, node, other, edge);
            diagnostic.at(span, text)
        },
    );
    labelled.help(help)
}

/// Where it is written that a node waits for another, and why it does.
fn step(
    graph: &Graph,
    pipeline: &Pipeline,
    node: NodeId,
    other: NodeId,
    edge: &Edge,
) -> (Span, String) {
    let (name, other_name) = (graph.name(node), graph.name(other));
    let why = match &edge.kind {
        EdgeKind::Needs => format!("`{name}` needs `{other_name}`"),
        EdgeKind::After if edge.span.is_none() => {
            format!("`{name}` waits for `{other_name}`, which uses what it takes down")
        }
        EdgeKind::After => format!("`{name}` goes after `{other_name}`"),
        EdgeKind::Finalises => format!("`{name}` takes down `{other_name}`"),
        EdgeKind::Conflict(glob) => {
            let writes = origin(graph, pipeline, other).writes(pipeline.fixing);
            let verb = if writes.iter().any(|written| written.text == *glob) {
                "which writes this"
            } else {
                "which reads this and is declared first"
            };
            format!("`{name}` waits for `{other_name}`, {verb}")
        }
    };
    (
        edge.span.unwrap_or(origin(graph, pipeline, node).id.span),
        why,
    )
}

/// The node of the file that a vertex comes from.
fn origin<'p>(graph: &Graph, pipeline: &'p Pipeline, node: NodeId) -> &'p Node {
    match graph.vertices[node.index()].work {
        Work::Node(index) | Work::Down(index) => &pipeline.nodes[index],
    }
}
