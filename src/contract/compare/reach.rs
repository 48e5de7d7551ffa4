//! Which questions lead to which pairs, in one sweep over all of them.

use std::collections::{BTreeMap, VecDeque};

/// An edge that is followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Followed {
    /// Its place in the pair.
    pub edge: usize,
    /// Where it leads.
    pub to: usize,
    /// Whether nothing else limits what is there.
    pub certain: bool,
}

type Edges = Vec<Followed>;

/// From questions to pairs.
pub(super) struct Reach {
    /// The questions that begin at a pair, in the order of the pairs.
    roots: Vec<(usize, Vec<usize>)>,
    /// Bits of the roots that lead to a pair.
    sets: Vec<Vec<u64>>,
    /// From where a pair is reached on the shortest way, and by which edge.
    from: Vec<Option<(usize, usize)>>,
    /// The root of that way.
    start: Vec<Option<usize>>,
}

impl Reach {
    /// Follows edges that lead to something to tell.
    pub(super) fn new(
        mut edges: Vec<Edges>,
        tells: &dyn Fn(usize) -> bool,
        roots: &[Option<usize>],
    ) -> Self {
        let leads = leading(&edges, tells);
        for own in &mut edges {
            own.retain(|edge| leads[edge.to]);
        }
        let mut known: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (question, root) in roots.iter().enumerate() {
            if let Some(root) = root.filter(|root| leads[*root]) {
                known.entry(root).or_default().push(question);
            }
        }
        let mut reach = Self {
            roots: known.into_iter().collect(),
            sets: vec![Vec::new(); edges.len()],
            from: vec![None; edges.len()],
            start: vec![None; edges.len()],
        };
        reach.sweep(&edges);
        reach.nearest(&edges);
        reach
    }

    /// Hands the roots on until nothing is new.
    fn sweep(&mut self, edges: &[Edges]) {
        let words = self.roots.len().div_ceil(64);
        let mut open = VecDeque::new();
        let mut waits = vec![false; edges.len()];
        for (bit, (root, _)) in self.roots.iter().enumerate() {
            self.sets[*root].resize(words, 0);
            self.sets[*root][bit / 64] |= 1 << (bit % 64);
            waits[*root] = true;
            open.push_back(*root);
        }
        while let Some(place) = open.pop_front() {
            waits[place] = false;
            let own = self.sets[place].clone();
            for followed in &edges[place] {
                let set = &mut self.sets[followed.to];
                set.resize(words, 0);
                let mut more = false;
                for (word, new) in set.iter_mut().zip(&own) {
                    more |= *word | new != *word;
                    *word |= new;
                }
                if more && !std::mem::replace(&mut waits[followed.to], true) {
                    open.push_back(followed.to);
                }
            }
        }
    }

    /// Finds the shortest ways, those that are certain before all others.
    fn nearest(&mut self, edges: &[Edges]) {
        for (bit, (root, _)) in self.roots.iter().enumerate() {
            self.start[*root] = Some(bit);
        }
        for only_certain in [true, false] {
            let begun = (0..edges.len()).filter(|place| self.start[*place].is_some());
            let mut open: VecDeque<usize> = begun.collect();
            while let Some(place) = open.pop_front() {
                let followed = edges[place].iter();
                for edge in followed.filter(|edge| edge.certain || !only_certain) {
                    if self.start[edge.to].is_none() {
                        self.start[edge.to] = self.start[place];
                        self.from[edge.to] = Some((place, edge.edge));
                        open.push_back(edge.to);
                    }
                }
            }
        }
    }

    /// The questions that lead to a pair, in their order.
    pub(super) fn questions(&self, place: usize) -> Vec<usize> {
        let has = |bit: usize| {
            let word = self.sets[place].get(bit / 64);
            word.is_some_and(|word| word >> (bit % 64) & 1 == 1)
        };
        let roots = self.roots.iter().enumerate().filter(|(bit, _)| has(*bit));
        let mut all: Vec<usize> = roots
            .flat_map(|(_, (_, own))| own.iter().copied())
            .collect();
        all.sort_unstable();
        all
    }

    /// A question that leads to a pair, and the way from it: pairs with the edges out of them.
    pub(super) fn first(&self, place: usize) -> Option<(usize, Vec<(usize, usize)>)> {
        let start = self.start[place]?;
        let mut steps = Vec::new();
        let mut here = place;
        while let Some((before, edge)) = self.from[here] {
            steps.push((before, edge));
            here = before;
        }
        steps.reverse();
        Some((*self.roots[start].1.first()?, steps))
    }
}

/// The pairs from which there is a way to something to tell.
fn leading(edges: &[Edges], tells: &dyn Fn(usize) -> bool) -> Vec<bool> {
    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (place, own) in edges.iter().enumerate() {
        for followed in own {
            parents[followed.to].push(place);
        }
    }
    let mut leads = vec![false; edges.len()];
    let mut open: Vec<usize> = (0..edges.len()).filter(|place| tells(*place)).collect();
    while let Some(place) = open.pop() {
        if !leads[place] {
            leads[place] = true;
            open.extend(&parents[place]);
        }
    }
    leads
}
