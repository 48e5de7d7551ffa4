//! A run as a picture, drawn from its events alone.

use std::collections::BTreeSet;

use crate::event::{NodeRecord, RunState};
use crate::graph::render::{Link, LinkKind, Picture, RunLabel, Scope, Vertex};

/// The nodes of a run with how they ended, and what waited for what.
pub(super) fn picture(state: &RunState) -> Picture {
    let finalised: BTreeSet<usize> = state
        .nodes
        .iter()
        .filter_map(|node| teardown_of(state, node))
        .collect();
    Picture {
        title: state.pipeline.clone(),
        vertices: state
            .nodes
            .iter()
            .enumerate()
            .map(|(index, node)| vertex(state, node, finalised.contains(&index)))
            .collect(),
        links: links(state),
        scopes: finalised.iter().map(|index| scope(state, *index)).collect(),
        critical_path: state
            .critical_path()
            .iter()
            .filter_map(|id| state.position(id))
            .collect(),
        run: Some(RunLabel {
            id: state.run.clone(),
            verdict: state.verdict().as_str().to_owned(),
            duration_ms: state.elapsed_ms,
        }),
    }
}

fn teardown_of(state: &RunState, node: &NodeRecord) -> Option<usize> {
    state.position(node.plan.finalises.as_deref()?)
}

fn vertex(state: &RunState, node: &NodeRecord, environment: bool) -> Vertex {
    Vertex {
        id: node.id().to_owned(),
        kind: node.plan.kind.clone(),
        required: node.plan.required,
        environment,
        teardown_of: teardown_of(state, node),
        description: None,
        skipped: None,
        outcome: node.outcome,
        duration_ms: node.started_ms.map(|_| node.detail.duration_ms),
    }
}

fn links(state: &RunState) -> Vec<Link> {
    let mut links = Vec::new();
    for (to, node) in state.nodes.iter().enumerate() {
        let plan = &node.plan;
        let waits = [
            (LinkKind::Needs, plan.needs.as_slice()),
            (LinkKind::After, plan.after.as_slice()),
            (LinkKind::Finalises, plan.finalises.as_slice()),
        ];
        for (kind, ids) in waits {
            let from = ids.iter().filter_map(|id| state.position(id));
            links.extend(from.map(|from| Link {
                from,
                to,
                kind: kind.clone(),
            }));
        }
    }
    links
}

/// An environment with those that need it, directly or through others.
fn scope(state: &RunState, environment: usize) -> Scope {
    let mut users = BTreeSet::new();
    let mut open = vec![environment];
    while let Some(needed) = open.pop() {
        let id = state.nodes[needed].id();
        let needing = state.nodes.iter().enumerate().filter(|(_, node)| {
            let mut needs = node.plan.needs.iter();
            needs.any(|need| **need == *id)
        });
        for (user, _) in needing {
            if users.insert(user) {
                open.push(user);
            }
        }
    }
    Scope {
        environment,
        teardown: state
            .nodes
            .iter()
            .rposition(|node| teardown_of(state, node) == Some(environment)),
        users: users.into_iter().collect(),
    }
}
