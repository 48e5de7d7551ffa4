//! Containment that can be read off two schemas side by side: every demand of the wider one is
//! met by the same part of the narrower one. All pairs that lead to each other are assumed to
//! hold, and those that do not are struck out until no more is to be struck out; what is left
//! holds, since instances are finite. It proves what did not change, and nothing else.

use std::collections::VecDeque;

use foldhash::HashMap;

use super::demand;
use crate::contract::schema::{Direction, Graph, Keywords, SchemaId};

/// Most pairs that are looked at.
const MOST_PAIRS: usize = 1_000_000;

/// When a pair holds.
#[derive(Debug, Clone)]
pub(crate) enum Need {
    /// If another pair does.
    Pair(SchemaId, SchemaId),
    /// If all of these hold.
    All(Vec<Need>),
    /// If one of these holds.
    Any(Vec<Need>),
}

impl Need {
    pub(super) const MET: Need = Need::All(Vec::new());
    pub(super) const UNMET: Need = Need::Any(Vec::new());

    fn pairs(&self, into: &mut Vec<(SchemaId, SchemaId)>) {
        match self {
            Need::Pair(narrow, wide) => into.push((*narrow, *wide)),
            Need::All(needs) | Need::Any(needs) => {
                for need in needs {
                    need.pairs(into);
                }
            }
        }
    }
}

struct Node {
    pair: (SchemaId, SchemaId),
    need: Need,
    /// Whether it still holds, or in which round it was struck out.
    struck: Option<u32>,
    /// Those that need it.
    users: Vec<u32>,
}

/// Pairs of schemas with what is known of them.
#[derive(Default)]
pub(crate) struct Simulation {
    known: HashMap<(SchemaId, SchemaId), u32>,
    nodes: Vec<Node>,
}

/// What pairs are about.
#[derive(Clone, Copy)]
pub(crate) struct View<'g> {
    pub graph: &'g Graph,
    pub classes: &'g [SchemaId],
    pub direction: Direction,
}

impl<'g> View<'g> {
    pub(crate) fn class(&self, id: SchemaId) -> SchemaId {
        self.classes.get(id.index()).copied().unwrap_or(id)
    }

    pub(crate) fn get(&self, id: SchemaId) -> &'g Keywords {
        self.graph.get(id)
    }
}

impl Simulation {
    /// Whether every instance of `narrow` is proven to be one of `wide`.
    pub(crate) fn holds(&mut self, view: View<'_>, narrow: SchemaId, wide: SchemaId) -> bool {
        self.rank(view, narrow, wide).is_none()
    }

    /// How far away the reason is that a pair could not be proven; nothing if it holds.
    pub(crate) fn rank(&mut self, view: View<'_>, narrow: SchemaId, wide: SchemaId) -> Option<u32> {
        let key = (view.class(narrow), view.class(wide));
        if key.0 == key.1 {
            return None;
        }
        if !self.known.contains_key(&key) {
            self.explore(view, key);
        }
        let place = self.known.get(&key).copied();
        place.map_or(Some(u32::MAX), |place| self.nodes[place as usize].struck)
    }

    /// Whether a need is met.
    pub(crate) fn meets(&mut self, view: View<'_>, need: &Need) -> bool {
        match need {
            Need::Pair(narrow, wide) => self.holds(view, *narrow, *wide),
            Need::All(needs) => needs.iter().all(|need| self.meets(view, need)),
            Need::Any(needs) => needs.iter().any(|need| self.meets(view, need)),
        }
    }

    fn explore(&mut self, view: View<'_>, root: (SchemaId, SchemaId)) {
        let first = self.nodes.len();
        self.add(root);
        let mut next = first;
        let mut pairs = Vec::new();
        while next < self.nodes.len() {
            let key = self.nodes[next].pair;
            let need = demand::need(view, key.0, view.get(key.1));
            pairs.clear();
            need.pairs(&mut pairs);
            self.nodes[next].need = need;
            for (narrow, wide) in &pairs {
                let key = (view.class(*narrow), view.class(*wide));
                if key.0 != key.1 {
                    let place = self.add(key);
                    let user = u32::try_from(next).unwrap_or(u32::MAX);
                    if let Some(node) = place.and_then(|place| self.nodes.get_mut(place as usize)) {
                        node.users.push(user);
                    }
                }
            }
            next += 1;
        }
        self.strike(view, first);
    }

    /// The place of a pair.
    fn add(&mut self, key: (SchemaId, SchemaId)) -> Option<u32> {
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        if self.nodes.len() >= MOST_PAIRS {
            return None;
        }
        let place = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.known.insert(key, place);
        self.nodes.push(Node {
            pair: key,
            need: Need::MET,
            struck: None,
            users: Vec::new(),
        });
        Some(place)
    }

    fn strike(&mut self, view: View<'_>, first: usize) {
        let new = first..self.nodes.len();
        let mut open: VecDeque<(usize, u32)> = new.map(|place| (place, 0)).collect();
        while let Some((place, round)) = open.pop_front() {
            let node = &self.nodes[place];
            if node.struck.is_some() || self.met(view, &node.need) {
                continue;
            }
            self.nodes[place].struck = Some(round);
            for user in &self.nodes[place].users {
                open.push_back((*user as usize, round + 1));
            }
        }
    }

    fn met(&self, view: View<'_>, need: &Need) -> bool {
        match need {
            Need::Pair(narrow, wide) => {
                let key = (view.class(*narrow), view.class(*wide));
                let place = self.known.get(&key);
                let known = place.is_some_and(|place| self.nodes[*place as usize].struck.is_none());
                key.0 == key.1 || known
            }
            Need::All(needs) => needs.iter().all(|need| self.met(view, need)),
            Need::Any(needs) => needs.iter().any(|need| self.met(view, need)),
        }
    }
}
