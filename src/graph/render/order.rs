//! The order in which vertices are drawn, and how early each of them could start.

use super::picture::Picture;

/// A linear order that keeps chains and environments together.
#[derive(Debug)]
pub(super) struct Order {
    /// The vertices, first to last.
    pub(super) sequence: Vec<usize>,
    /// Where each vertex stands in `sequence`.
    pub(super) position: Vec<usize>,
    /// How many vertices must be over, one after another, before it can start.
    pub(super) wave: Vec<usize>,
}

impl Order {
    /// Orders any picture. Where the links form a cycle it is entered at its vertex
    /// that was declared first, and the links that close it point backwards.
    pub(super) fn of(picture: &Picture) -> Self {
        let successors = successors(picture);
        let sequence = Walk::new(picture, &successors).run(&successors);
        let mut position = vec![0; sequence.len()];
        for (index, &vertex) in sequence.iter().enumerate() {
            position[vertex] = index;
        }
        let wave = waves(&sequence, &position, &successors);
        Self {
            sequence,
            position,
            wave,
        }
    }

    /// Whether `from` is drawn before `to`.
    pub(super) fn is_forward(&self, from: usize, to: usize) -> bool {
        self.position[from] < self.position[to]
    }
}

fn successors(picture: &Picture) -> Vec<Vec<usize>> {
    let mut successors = vec![Vec::new(); picture.vertices.len()];
    for link in picture.sound_links() {
        successors[link.from].push(link.to);
    }
    for targets in &mut successors {
        targets.sort_unstable();
        targets.dedup();
    }
    successors
}

fn waves(sequence: &[usize], position: &[usize], successors: &[Vec<usize>]) -> Vec<usize> {
    let mut wave = vec![0; sequence.len()];
    for &from in sequence {
        for &to in &successors[from] {
            if position[from] < position[to] {
                wave[to] = wave[to].max(wave[from] + 1);
            }
        }
    }
    wave
}

/// What a ready vertex is, in the order of preference: whoever is inside an open
/// environment goes first, and an environment opens as late as possible, so that
/// the span it covers stays short.
const INSIDE: usize = 0;
const PLAIN: usize = 1;
const OPENING: usize = 2;

/// A topological walk that goes deep before it goes wide.
struct Walk {
    stage: Vec<usize>,
    waiting_for: Vec<usize>,
    placed: Vec<bool>,
    ready: [Vec<usize>; 3],
}

impl Walk {
    fn new(picture: &Picture, successors: &[Vec<usize>]) -> Self {
        let count = picture.vertices.len();
        let mut waiting_for = vec![0; count];
        for &to in successors.iter().flatten() {
            waiting_for[to] += 1;
        }
        let mut stage = vec![PLAIN; count];
        for scope in picture.sound_scopes() {
            stage[scope.environment] = OPENING;
        }
        for scope in picture.sound_scopes() {
            for member in scope.members().filter(|&it| it != scope.environment) {
                stage[member] = INSIDE;
            }
        }
        Self {
            stage,
            waiting_for,
            placed: vec![false; count],
            ready: [const { Vec::new() }; 3],
        }
    }

    fn run(mut self, successors: &[Vec<usize>]) -> Vec<usize> {
        let count = self.placed.len();
        let mut sequence = Vec::with_capacity(count);
        self.offer((0..count).filter(|&it| self.waiting_for[it] == 0).collect());
        let mut first_left = 0;
        while sequence.len() < count {
            let Some(vertex) = self.ready.iter_mut().find_map(Vec::pop) else {
                while self.placed[first_left] {
                    first_left += 1;
                }
                self.offer(vec![first_left]);
                continue;
            };
            sequence.push(vertex);
            self.release(&successors[vertex]);
        }
        sequence
    }

    fn release(&mut self, targets: &[usize]) {
        let mut freed = Vec::new();
        for &target in targets {
            self.waiting_for[target] -= 1;
            if self.waiting_for[target] == 0 && !self.placed[target] {
                freed.push(target);
            }
        }
        self.offer(freed);
    }

    /// Puts vertices on their stacks, the one declared first on top.
    fn offer(&mut self, vertices: Vec<usize>) {
        for vertex in vertices.into_iter().rev() {
            self.placed[vertex] = true;
            self.ready[self.stage[vertex]].push(vertex);
        }
    }
}
