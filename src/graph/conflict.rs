//! Edges between nodes that would otherwise touch the same files at the same time.
//!
//! Writers go before readers, then the order of declaration decides: the order is in the plan,
//! the same in every run, and nothing can wait for each other at run time.

use petgraph::Direction;

use super::{EdgeKind, Graph};
use crate::diag::{Diagnostic, Diags};
use crate::id::NodeId;
use crate::model::{Node, Pipeline};
use crate::rules::overlap;
use crate::spec::Glob;

/// Adds the conflict edges of all nodes that write; reports writers of the same files that have no
/// order.
pub(super) fn connect(graph: &mut Graph, pipeline: &Pipeline, diags: &mut Diags) {
    let writers: Vec<usize> = (0..pipeline.nodes.len())
        .filter(|index| !writes(pipeline, *index).is_empty())
        .collect();
    if writers.is_empty() {
        return;
    }
    let mut edges = Vec::new();
    for writer in &writers {
        let ordered = ordered_with(graph, NodeId::new(*writer));
        for (other, is_ordered) in ordered.iter().enumerate().take(pipeline.nodes.len()) {
            let is_writer = !writes(pipeline, other).is_empty();
            if other == *writer || *is_ordered || (is_writer && other < *writer) {
                continue;
            }
            edges.extend(conflict(pipeline, *writer, other, diags));
        }
    }
    for (from, to, glob) in &edges {
        let kind = EdgeKind::Conflict(glob.text.clone());
        graph.connect(NodeId::new(*from), NodeId::new(*to), kind, Some(glob.span));
    }
}

/// The nodes that are before or behind a node already.
fn ordered_with(graph: &Graph, node: NodeId) -> Vec<bool> {
    let before = graph.reachable(node, Direction::Incoming, |_| true);
    let behind = graph.reachable(node, Direction::Outgoing, |_| true);
    before
        .iter()
        .zip(&behind)
        .map(|(before, behind)| *before || *behind)
        .collect()
}

/// The edge from a writer to a node that stands later in the order, if they touch the same files.
fn conflict(
    pipeline: &Pipeline,
    writer: usize,
    other: usize,
    diags: &mut Diags,
) -> Option<(usize, usize, Glob)> {
    let (first, second) = (&pipeline.nodes[writer], &pipeline.nodes[other]);
    let (first_writes, second_writes) = (writes(pipeline, writer), writes(pipeline, other));
    if let Some((one, two)) = common_glob(first_writes, second_writes) {
        // Fixers of the same files are the rule; any order will do, if it is always the same.
        if first.kind.effects().is_some() && second.kind.effects().is_some() {
            return Some((writer, other, one.clone()));
        }
        diags.push(
            Diagnostic::new(
                "unordered-writers",
                format!(
                    "`{}` and `{}` write the same files in no order",
                    *first.id, *second.id
                ),
            )
            .at(two.span, format!("`{}` writes these", *second.id))
            .at(one.span, format!("`{}` writes these", *first.id))
            .help(format!(
                "say which goes first, for instance `after \"{}\"`",
                *first.id
            )),
        );
        return None;
    }
    let glob = read_of(second, first_writes).or_else(|| read_of(first, second_writes))?;
    Some((writer, other, glob))
}

/// What a node writes in this run.
fn writes(pipeline: &Pipeline, node: usize) -> &[Glob] {
    pipeline.nodes[node].writes(pipeline.fixing)
}

/// The pattern by which a node reads something of what is written; a node without `reads` reads
/// everything.
fn read_of(reader: &Node, writes: &[Glob]) -> Option<Glob> {
    match reader.reads() {
        None => writes.first().cloned(),
        Some(reads) => common_glob(writes, reads).map(|(glob, _)| glob.clone()),
    }
}

fn common_glob<'a>(one: &'a [Glob], other: &'a [Glob]) -> Option<(&'a Glob, &'a Glob)> {
    one.iter()
        .flat_map(|a| other.iter().map(move |b| (a, b)))
        .find(|(a, b)| overlap(&a.text, &b.text))
}
