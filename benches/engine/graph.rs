//! Shapes of graphs, and the least time that any engine needs for them.

use std::collections::VecDeque;

/// What a node does, apart from how it is written down.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// Runs `true`.
    Nothing,
    /// Sleeps for so many milliseconds.
    Sleep(u32),
    /// Uses so many milliseconds of CPU.
    Burn(u32),
    /// Prints so many bytes, in lines of 128.
    Emit(u64),
    /// Writes down when it began and ended.
    Record,
    /// Sleeps beside a child of its own that sleeps too.
    Family,
    /// Ends at once and leaves a daemon that holds its stdout for so many seconds.
    Daemon(u32),
}

/// One node; it needs others by their index.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) needs: Vec<usize>,
    pub(crate) work: Work,
}

/// The nodes in the order in which they are declared.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
}

/// The name that a node has in every tool's file.
pub(crate) fn name(index: usize) -> String {
    format!("n{index:05}")
}

/// Nodes in a layer of [`layered`].
const LAYER: usize = 50;

/// Any number will do: the same graph must come out in every run.
const SEED: u64 = 0x5EED;

impl Graph {
    /// The same graph with every node doing `work` instead.
    pub(crate) fn with(&self, work: &Work) -> Self {
        let nodes = self.nodes.iter();
        Self {
            nodes: nodes
                .map(|node| Node {
                    needs: node.needs.clone(),
                    work: work.clone(),
                })
                .collect(),
        }
    }

    /// No schedule on `jobs` slots is shorter than this many milliseconds.
    pub(crate) fn bound_ms(&self, jobs: usize) -> f64 {
        let total: f64 = self.nodes.iter().map(|node| node.work.cost_ms()).sum();
        let slots = f64::from(u32::try_from(jobs).expect("a few jobs"));
        self.path_ms().into_iter().fold(total / slots, f64::max)
    }

    /// How many nodes a node has before it on its longest path.
    pub(crate) fn levels(&self) -> Vec<usize> {
        let mut levels = vec![0; self.nodes.len()];
        for index in self.order() {
            let needs = self.nodes[index].needs.iter();
            levels[index] = needs.map(|&need| levels[need] + 1).max().unwrap_or(0);
        }
        levels
    }

    fn path_ms(&self) -> Vec<f64> {
        let mut ends = vec![0.0; self.nodes.len()];
        for index in self.order() {
            let node = &self.nodes[index];
            let begin = node
                .needs
                .iter()
                .map(|&need| ends[need])
                .fold(0.0, f64::max);
            ends[index] = begin + node.work.cost_ms();
        }
        ends
    }

    /// Indices with needs first; nodes on a cycle are left out.
    fn order(&self) -> Vec<usize> {
        let mut followers = vec![Vec::new(); self.nodes.len()];
        let mut unmet: Vec<usize> = self.nodes.iter().map(|node| node.needs.len()).collect();
        for (index, node) in self.nodes.iter().enumerate() {
            node.needs
                .iter()
                .for_each(|&need| followers[need].push(index));
        }
        let mut ready: VecDeque<usize> = (0..unmet.len())
            .filter(|&index| unmet[index] == 0)
            .collect();
        let mut order = Vec::new();
        while let Some(index) = ready.pop_front() {
            order.push(index);
            for &follower in &followers[index] {
                unmet[follower] -= 1;
                if unmet[follower] == 0 {
                    ready.push_back(follower);
                }
            }
        }
        order
    }
}

impl Work {
    fn cost_ms(&self) -> f64 {
        match self {
            Self::Sleep(ms) | Self::Burn(ms) => f64::from(*ms),
            _ => 0.0,
        }
    }
}

/// `count` nodes that need nothing.
pub(crate) fn wide(count: usize) -> Graph {
    let node = Node {
        needs: Vec::new(),
        work: Work::Nothing,
    };
    Graph {
        nodes: vec![node; count],
    }
}

/// `count` nodes, each needing the one before.
pub(crate) fn chain(count: usize) -> Graph {
    let node = |index: usize| Node {
        needs: index.checked_sub(1).into_iter().collect(),
        work: Work::Nothing,
    };
    Graph {
        nodes: (0..count).map(node).collect(),
    }
}

/// Layers of fifty; each node needs three of the layer before.
pub(crate) fn layered(count: usize) -> Graph {
    let node = |index: usize| {
        let (layer, place) = (index / LAYER, index % LAYER);
        let before = |offset| (layer - 1) * LAYER + (place * 7 + offset) % LAYER;
        Node {
            needs: if layer == 0 {
                Vec::new()
            } else {
                [0, 11, 29].map(before).to_vec()
            },
            work: Work::Nothing,
        }
    };
    Graph {
        nodes: (0..count).map(node).collect(),
    }
}

/// Twenty short nodes, then a chain as long as all of them on two slots.
pub(crate) fn tail() -> Graph {
    let mut graph = wide(20).with(&Work::Sleep(50));
    let links = chain(10).nodes.into_iter().map(|link| Node {
        needs: link.needs.into_iter().map(|need| need + 20).collect(),
        work: Work::Sleep(100),
    });
    graph.nodes.extend(links);
    graph
}

/// Sixty sleeps and CPU burns of 40 to 119 ms, each needing up to two of the ten before it.
pub(crate) fn mixed() -> Graph {
    let mut random = Random(SEED);
    let mut node = |index: usize| {
        let mut needs: Vec<usize> = (0..random.below(3))
            .map(|_| index.saturating_sub(1 + random.below(10)))
            .filter(|&need| need < index)
            .collect();
        needs.sort_unstable();
        needs.dedup();
        let ms = 40 + u32::try_from(random.below(80)).expect("below 80");
        let work = if index.is_multiple_of(2) {
            Work::Sleep(ms)
        } else {
            Work::Burn(ms)
        };
        Node { needs, work }
    };
    Graph {
        nodes: (0..60).map(&mut node).collect(),
    }
}

/// A linear congruential generator: enough to spread things, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}
