//! How long a run still takes, judged by how long its nodes took before.

use crate::event::{NodeRecord, RunState};

/// What is left of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Forecast {
    /// Milliseconds.
    pub(super) left_ms: u64,
    /// Whether it is known of every node how long it takes; else it takes longer.
    pub(super) is_complete: bool,
}

/// The forecast at `now_ms`; `None` if nothing is known of any node that is left.
pub(super) fn forecast(state: &RunState, now_ms: u64) -> Option<Forecast> {
    let left: Vec<u64> = state.nodes.iter().map(|node| left(node, now_ms)).collect();
    let unfinished = || state.nodes.iter().filter(|node| node.outcome.is_none());
    if unfinished().all(|node| node.plan.expected_ms.is_none()) {
        return None;
    }
    let work: u64 = left.iter().sum();
    let places = u64::try_from(state.jobs.max(1)).unwrap_or(u64::MAX);
    Some(Forecast {
        left_ms: longest_path(state, &left).max(work / places),
        is_complete: unfinished().all(|node| node.plan.expected_ms.is_some()),
    })
}

fn left(node: &NodeRecord, now_ms: u64) -> u64 {
    let expected = node.plan.expected_ms.filter(|_| node.outcome.is_none());
    let elapsed = node
        .started_ms
        .map_or(0, |start| now_ms.saturating_sub(start));
    expected.unwrap_or(0).saturating_sub(elapsed)
}

/// The longest way through what is left. A plan lists a node after those that it waits for, so
/// that one pass tells; where an edge points back, it is not counted.
fn longest_path(state: &RunState, left: &[u64]) -> u64 {
    let mut ends = vec![0; left.len()];
    for (index, node) in state.nodes.iter().enumerate() {
        let before = waits_for(state, node).filter(|&before| before < index);
        let start = before.map(|before| ends[before]).max().unwrap_or(0);
        ends[index] = start + left[index];
    }
    ends.into_iter().max().unwrap_or(0)
}

/// The positions of the nodes that it waits for and that are not done.
pub(super) fn waits_for<'s>(
    state: &'s RunState,
    node: &'s NodeRecord,
) -> impl Iterator<Item = usize> + 's {
    let plan = &node.plan;
    let before = plan.needs.iter().chain(&plan.after).chain(&plan.finalises);
    let positions = before.filter_map(|id| state.position(id));
    positions.filter(|&position| state.nodes[position].outcome.is_none())
}
