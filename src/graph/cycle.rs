//! Circles of waiting, each reported once by its shortest form.

use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;

use super::{EdgeKind, Graph};
use crate::diag::{Diagnostic, Diags};
use crate::id::NodeId;
use crate::model::Pipeline;

/// Nodes of one knot from which the shortest circle is looked for.
const MOST_STARTS: usize = 64;

/// Reports every knot of nodes that wait for each other. Whether there is one.
pub(super) fn report(graph: &Graph, pipeline: &Pipeline, diags: &mut Diags) -> bool {
    let mut found = false;
    for mut knot in kosaraju_scc(&graph.edges) {
        knot.sort();
        let members: Vec<NodeId> = knot.iter().map(|node| NodeId::new(node.index())).collect();
        let Some(circle) = shortest_circle(graph, &members) else {
            continue;
        };
        found = true;
        diags.push(diagnostic(graph, pipeline, &circle));
    }
    found
}

/// The shortest way from a node back to itself, as the nodes along the edges.
fn shortest_circle(graph: &Graph, members: &[NodeId]) -> Option<Vec<NodeId>> {
    members
        .iter()
        .take(MOST_STARTS)
        .filter_map(|start| circle_through(graph, *start, members))
        .min_by_key(Vec::len)
}

fn circle_through(graph: &Graph, start: NodeId, members: &[NodeId]) -> Option<Vec<NodeId>> {
    let mut came_from: Vec<Option<NodeId>> = vec![None; graph.len()];
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for (next, _) in graph.behind(node) {
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
    let name = |node: NodeId| graph.name(node);
    let waits: Vec<String> = circle
        .iter()
        .rev()
        .chain(circle.last())
        .map(|node| format!("`{}`", name(*node)))
        .collect();
    let message = match circle {
        [alone] => format!("`{}` waits for itself", name(*alone)),
        _ => format!("nodes wait for each other: {}", waits.join(" → ")),
    };
    let mut diagnostic = Diagnostic::new("cycle", message);
    for (index, from) in circle.iter().enumerate() {
        let to = circle[(index + 1) % circle.len()];
        let Some((_, edge)) = graph
            .before(to)
            .into_iter()
            .find(|(before, _)| before == from)
        else {
            continue;
        };
        let verb = match edge.kind {
            EdgeKind::Needs => "needs",
            EdgeKind::After | EdgeKind::Conflict(_) => "goes after",
            EdgeKind::Finalises => "takes down",
        };
        let span = edge.span.unwrap_or(pipeline.nodes[to.index()].id.span);
        diagnostic = diagnostic.at(span, format!("`{}` {verb} `{}`", name(to), name(*from)));
    }
    diagnostic.help(
        "remove one of these edges; `after` is enough where only the order matters, not the result",
    )
}
