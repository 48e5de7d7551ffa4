//! The order in which nodes start if each takes its expected time: the scheduler played through.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Plan, UNKNOWN_MS, task};
use crate::id::NodeId;
use crate::sched::{Action, Dag, Input, Outcome, Scheduler};

/// Fills in the order and the critical path.
pub(super) fn fill(plan: &mut Plan) {
    plan.order = play(plan);
    plan.critical_path = critical_path(plan);
}

fn weight(plan: &Plan, node: NodeId) -> u64 {
    plan.nodes[node.index()]
        .expected_ms
        .unwrap_or(UNKNOWN_MS)
        .max(1)
}

fn play(plan: &Plan) -> Vec<NodeId> {
    let tasks = plan.nodes.iter().zip(&plan.pools_of);
    let tasks = tasks.map(|(node, pools)| task(node, pools));
    let dag = Dag {
        tasks: tasks.collect(),
        pools: plan.pools.clone(),
        jobs: plan.jobs,
        stop_on_failure: false,
    };
    let Ok(mut scheduler) = Scheduler::new(dag) else {
        return (0..plan.nodes.len()).map(NodeId::new).collect();
    };
    let mut order = Vec::with_capacity(plan.nodes.len());
    let mut running: BinaryHeap<Reverse<(u64, NodeId)>> = BinaryHeap::new();
    let mut now = 0;
    let mut input = Input::Begin;
    loop {
        for action in scheduler.step(input) {
            if let Action::Start { node, .. } = action {
                order.push(node);
                running.push(Reverse((now + weight(plan, node), node)));
            }
        }
        let Some(Reverse((end, node))) = running.pop() else {
            return order;
        };
        now = end;
        input = Input::Finished {
            node,
            outcome: Outcome::Passed,
        };
    }
}

/// The longest chain of nodes that run. The order is one in which everything that a node waits
/// for stands before it.
fn critical_path(plan: &Plan) -> Vec<NodeId> {
    let mut ends = vec![0u64; plan.nodes.len()];
    let mut came_from: Vec<Option<NodeId>> = vec![None; plan.nodes.len()];
    for node in &plan.order {
        let planned = &plan.nodes[node.index()];
        let conflicts = planned.conflicts.iter().map(|(from, _)| *from);
        let before = planned.needs.iter().chain(&planned.after).copied();
        let latest = before
            .chain(conflicts)
            .chain(planned.finalises)
            .filter(|before| plan.nodes[before.index()].runs)
            .max_by_key(|before| ends[before.index()]);
        ends[node.index()] = weight(plan, *node) + latest.map_or(0, |before| ends[before.index()]);
        came_from[node.index()] = latest;
    }
    let mut next = plan
        .order
        .iter()
        .copied()
        .max_by_key(|node| ends[node.index()]);
    let mut path = Vec::new();
    while let Some(node) = next {
        path.push(node);
        next = came_from[node.index()];
    }
    path.reverse();
    path
}
