//! What could start now, best first, and whether there is room for it.
//!
//! Slots and pools are the same thing here: a resource with so many free places. An exclusive
//! node takes every slot, any other node takes one. Nodes that take the same places share a
//! *lane*, so one look at the head of a lane speaks for all nodes behind it, and a lane that
//! lacks a resource is set aside until that resource is given back. A step thus costs the
//! logarithm of the nodes and, when it frees a contended resource, the lanes that wait for it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::dag::{Dag, Task};
use crate::id::NodeId;

/// The resource that every node takes.
const SLOTS: usize = 0;

/// Position in the ranking: the lower, the sooner.
type Rank = usize;

/// Places that a node takes: (resource, how many).
type Places = Vec<(usize, usize)>;

#[derive(Debug, Clone)]
pub(super) struct Ready {
    ranking: Vec<NodeId>,
    rank_of: Vec<Rank>,
    lane_of: Vec<usize>,
    lanes: Vec<Lane>,
    /// Free places of each resource.
    free: Vec<usize>,
    /// Lanes set aside for want of each resource.
    parked: Vec<Vec<usize>>,
    /// Heads of the lanes that are not set aside; may hold outdated entries too.
    heads: BinaryHeap<Reverse<Rank>>,
}

#[derive(Debug, Clone)]
struct Lane {
    places: Places,
    queue: BinaryHeap<Reverse<Rank>>,
    parked: bool,
}

impl Ready {
    pub(super) fn new(dag: &Dag, ranking: Vec<NodeId>) -> Self {
        let mut rank_of = vec![0; ranking.len()];
        for (rank, node) in ranking.iter().enumerate() {
            rank_of[node.index()] = rank;
        }
        let mut lanes = BTreeMap::new();
        let mut lane_of = Vec::with_capacity(dag.tasks.len());
        for task in &dag.tasks {
            let next = lanes.len();
            lane_of.push(*lanes.entry(places(task, dag.jobs)).or_insert(next));
        }
        let mut free = vec![dag.jobs];
        free.extend(&dag.pools);
        Self {
            ranking,
            rank_of,
            lane_of,
            lanes: in_order(lanes),
            parked: vec![Vec::new(); free.len()],
            free,
            heads: BinaryHeap::new(),
        }
    }

    /// All nodes, the one that goes first at the front.
    pub(super) fn ranking(&self) -> &[NodeId] {
        &self.ranking
    }

    /// Free places: the slots, then each pool.
    #[cfg(test)]
    pub(super) fn free(&self) -> &[usize] {
        &self.free
    }

    /// Queues a node that waits for nothing but room.
    pub(super) fn push(&mut self, node: NodeId) {
        let rank = self.rank_of[node.index()];
        let lane = &mut self.lanes[self.lane_of[node.index()]];
        lane.queue.push(Reverse(rank));
        if !lane.parked && lane.head() == Some(rank) {
            self.heads.push(Reverse(rank));
        }
    }

    /// Takes the best node for which there is room out of the queue.
    pub(super) fn pop(&mut self) -> Option<NodeId> {
        while self.free[SLOTS] > 0 {
            let Reverse(rank) = self.heads.pop()?;
            let node = self.ranking[rank];
            let index = self.lane_of[node.index()];
            let lane = &mut self.lanes[index];
            if lane.parked || lane.head() != Some(rank) {
                continue;
            }
            if let Some(resource) = lane.lacks(&self.free) {
                lane.parked = true;
                self.parked[resource].push(index);
                continue;
            }
            lane.queue.pop();
            self.heads.extend(lane.head().map(Reverse));
            return Some(node);
        }
        None
    }

    /// Takes the places of a node that starts. There must be room.
    pub(super) fn occupy(&mut self, node: NodeId) {
        for &(resource, count) in &self.lanes[self.lane_of[node.index()]].places {
            self.free[resource] -= count;
        }
    }

    /// Gives back the places of a node that ended.
    pub(super) fn release(&mut self, node: NodeId) {
        let lane = self.lane_of[node.index()];
        for place in 0..self.lanes[lane].places.len() {
            let (resource, count) = self.lanes[lane].places[place];
            self.free[resource] += count;
            self.unpark(resource);
        }
    }

    fn unpark(&mut self, resource: usize) {
        for index in self.parked[resource].drain(..) {
            let lane = &mut self.lanes[index];
            lane.parked = false;
            self.heads.extend(lane.head().map(Reverse));
        }
    }
}

impl Lane {
    fn head(&self) -> Option<Rank> {
        self.queue.peek().map(|&Reverse(rank)| rank)
    }

    fn lacks(&self, free: &[usize]) -> Option<usize> {
        let mut places = self.places.iter();
        let lacking = places.find(|&&(resource, count)| free[resource] < count);
        lacking.map(|&(resource, _)| resource)
    }
}

fn places(task: &Task, jobs: usize) -> Places {
    let slots = if task.exclusive { jobs } else { 1 };
    let mut pools = task.pools.clone();
    pools.sort_unstable();
    pools.dedup();
    let pools = pools.into_iter().map(|pool| (SLOTS + 1 + pool, 1));
    std::iter::once((SLOTS, slots)).chain(pools).collect()
}

fn in_order(lanes: BTreeMap<Places, usize>) -> Vec<Lane> {
    let mut lanes: Vec<(usize, Places)> = lanes.into_iter().map(|(k, v)| (v, k)).collect();
    lanes.sort_unstable();
    let empty = |(_, places)| Lane {
        places,
        queue: BinaryHeap::new(),
        parked: false,
    };
    lanes.into_iter().map(empty).collect()
}
