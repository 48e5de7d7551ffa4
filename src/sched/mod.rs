//! The scheduler: a pure state machine that decides what runs, and when.
//!
//! Inputs go in, actions come out. It knows no clock, no process and no name: delays,
//! timeouts and grace periods are the shell's, which only ever reports that an attempt
//! finished or that the run is called off.
//!
//! ```text
//!            Start              Finished
//!  Waiting ─────────▶ Running ───────────▶ Done
//!     │                │    ▲               ▲
//!     │                └────┘ Retry         │
//!     └─────────────────────────────────────┘
//!       not needed, not possible, called off
//! ```
//!
//! Every [`Scheduler::step`] does the same four things in the same order: apply the input,
//! settle all its consequences, start what may start, say when all is over. A teardown is an
//! ordinary node with three privileges: it starts if and only if its environment was started,
//! no failed need can keep it from that, and it may start until the run is killed.

mod dag;
mod node;
mod ready;
mod topology;

#[cfg(test)]
mod checker;
#[cfg(test)]
mod exhaustive;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

pub use self::dag::{Dag, DagError, Task};
pub use self::node::{Cause, Mode, NodeState, Outcome};

use self::dag::Edge;
use self::ready::Ready;
use self::topology::{Dependent, Topology};
use crate::id::NodeId;

/// What the shell tells the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// The run begins. Nothing happens before.
    Begin,
    /// The attempt under way of `node` ended.
    Finished {
        /// The node whose attempt ended; ignored unless it is running.
        node: NodeId,
        /// How the attempt ended.
        outcome: Outcome,
    },
    /// The run is called off; ignored unless it raises the mode.
    Escalate(Mode),
}

/// What the machine tells the shell, in the order in which it is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Start the first attempt.
    Start {
        /// The node to start.
        node: NodeId,
        /// Always 1.
        attempt: u32,
    },
    /// Start a later attempt once its delay is over; its places are kept meanwhile.
    Retry {
        /// The node to start again.
        node: NodeId,
        /// Which attempt this is, from 2.
        attempt: u32,
    },
    /// End a running attempt, or its delay. The shell still reports it as finished.
    Stop {
        /// The node to stop.
        node: NodeId,
        /// Whether at once, rather than with a grace period.
        kill: bool,
    },
    /// The node is done for good.
    Settled {
        /// The node.
        node: NodeId,
        /// How it ended.
        outcome: Outcome,
        /// Why it ended so.
        cause: Cause,
    },
    /// Every node is done. Said once, and nothing follows.
    Complete,
}

/// The state machine of one run.
#[derive(Debug, Clone)]
pub struct Scheduler {
    dag: Dag,
    dependents: Vec<Vec<Dependent>>,
    nodes: Vec<Node>,
    ready: Ready,
    mode: Mode,
    /// The mode whose consequences have been drawn.
    enforced: Mode,
    phase: Phase,
    running: usize,
    unfinished: usize,
    /// Nodes settled in this step whose dependents have not heard of it yet.
    settled: VecDeque<NodeId>,
    /// What this step has decided so far.
    actions: Vec<Action>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    state: NodeState,
    /// Edges that arrive from nodes which are not done.
    unmet: usize,
    started: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Planned,
    Underway,
    Complete,
}

impl Scheduler {
    /// A machine that waits for [`Input::Begin`].
    pub fn new(dag: Dag) -> Result<Self, DagError> {
        dag.validate()?;
        let topology = Topology::new(&dag)?;
        let waiting = |unmet| Node {
            state: NodeState::Waiting,
            unmet,
            started: false,
        };
        Ok(Self {
            nodes: topology.arriving.into_iter().map(waiting).collect(),
            dependents: topology.dependents,
            ready: Ready::new(&dag, topology.ranking),
            mode: Mode::Running,
            enforced: Mode::Running,
            phase: Phase::Planned,
            running: 0,
            unfinished: dag.tasks.len(),
            settled: VecDeque::new(),
            actions: Vec::new(),
            dag,
        })
    }

    /// Takes one input and decides all that follows from it. Inputs that make no sense, such
    /// as a second report of the same attempt, change nothing.
    pub fn step(&mut self, input: Input) -> Vec<Action> {
        match input {
            Input::Begin => self.begin(),
            Input::Finished { node, outcome } => self.finish(node, outcome),
            Input::Escalate(mode) => self.mode = self.mode.escalate(mode),
        }
        if self.phase == Phase::Underway {
            self.cascade();
            self.enforce_mode();
            self.start_ready();
            self.complete();
        }
        std::mem::take(&mut self.actions)
    }

    /// Where `node` stands.
    ///
    /// # Panics
    /// When the node is not of this plan.
    pub fn state(&self, node: NodeId) -> NodeState {
        self.nodes[node.index()].state
    }

    /// Whether `node` ever got an [`Action::Start`].
    ///
    /// # Panics
    /// When the node is not of this plan.
    pub fn was_started(&self, node: NodeId) -> bool {
        self.nodes[node.index()].started
    }

    /// How far the run has been called off.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// How many nodes are running now.
    pub const fn running(&self) -> usize {
        self.running
    }

    /// Whether [`Action::Complete`] has been given.
    pub fn is_complete(&self) -> bool {
        self.phase == Phase::Complete
    }

    /// All nodes in the order in which they are preferred when several could start.
    pub fn ranking(&self) -> &[NodeId] {
        self.ready.ranking()
    }

    fn task(&self, node: NodeId) -> &Task {
        &self.dag.tasks[node.index()]
    }

    fn node_ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId::new)
    }

    fn is_waiting(&self, node: NodeId) -> bool {
        self.state(node) == NodeState::Waiting
    }

    fn begin(&mut self) {
        if self.phase != Phase::Planned {
            return;
        }
        self.phase = Phase::Underway;
        for node in self.node_ids() {
            if self.task(node).skip {
                self.settle(node, Outcome::Skipped, Cause::Planned);
            } else if self.nodes[node.index()].unmet == 0 {
                self.ready.push(node);
            }
        }
    }

    fn finish(&mut self, node: NodeId, outcome: Outcome) {
        let state = self.nodes.get(node.index()).map(|node| node.state);
        let Some(NodeState::Running { attempt }) = state else {
            return;
        };
        if self.may_retry(node, attempt, outcome) {
            let attempt = attempt + 1;
            self.nodes[node.index()].state = NodeState::Running { attempt };
            self.actions.push(Action::Retry { node, attempt });
            return;
        }
        self.running -= 1;
        self.ready.release(node);
        self.settle(node, outcome, Cause::Reported);
        if self.dag.stop_on_failure && outcome.is_failure() && self.task(node).required {
            self.mode = self.mode.escalate(Mode::Draining);
        }
    }

    fn may_retry(&self, node: NodeId, attempt: u32, outcome: Outcome) -> bool {
        let task = self.task(node);
        outcome.is_failure() && attempt < task.attempts && self.mode.permits(task.is_teardown())
    }

    /// The only way to be done.
    fn settle(&mut self, node: NodeId, outcome: Outcome, cause: Cause) {
        self.nodes[node.index()].state = NodeState::Done { outcome };
        self.unfinished -= 1;
        self.settled.push_back(node);
        self.actions.push(Action::Settled {
            node,
            outcome,
            cause,
        });
    }

    /// Tells every dependent of what has settled, until nothing more settles.
    fn cascade(&mut self) {
        while let Some(source) = self.settled.pop_front() {
            for index in 0..self.dependents[source.index()].len() {
                let Dependent { node, edge } = self.dependents[source.index()][index];
                self.nodes[node.index()].unmet -= 1;
                if !self.is_waiting(node) {
                    continue;
                }
                if let Some(cause) = self.obstacle(node, edge, source) {
                    self.settle(node, Outcome::Skipped, cause);
                } else if self.nodes[node.index()].unmet == 0 {
                    self.ready.push(node);
                }
            }
        }
    }

    /// Why `node` can never start, now that `source` is done.
    fn obstacle(&self, node: NodeId, edge: Edge, source: NodeId) -> Option<Cause> {
        match edge {
            Edge::Finalises if !self.was_started(source) => Some(Cause::EnvironmentNotStarted),
            // Only a need that fails is worth a look at all of them.
            Edge::Need if !self.task(node).is_teardown() && self.failed(source) => {
                let mut needs = self.task(node).needs.iter().copied();
                needs.find(|&need| self.failed(need)).map(Cause::Need)
            }
            Edge::Need | Edge::After | Edge::Finalises => None,
        }
    }

    fn failed(&self, node: NodeId) -> bool {
        let outcome = self.state(node).outcome();
        outcome.is_some_and(|outcome| outcome != Outcome::Passed)
    }

    /// Draws the consequences of a mode that has risen.
    fn enforce_mode(&mut self) {
        if self.mode == self.enforced {
            return;
        }
        self.enforced = self.mode;
        self.stop_running();
        let (outcome, cause) = match self.mode {
            Mode::Running | Mode::Draining => (Outcome::Skipped, Cause::Stopped),
            Mode::Interrupted | Mode::Killed => (Outcome::Cancelled, Cause::Interrupted),
        };
        // Teardowns come last, so that only those which are owed are given up.
        for teardowns in [false, true] {
            if !self.mode.permits(teardowns) {
                self.give_up(teardowns, outcome, cause);
            }
            self.cascade();
        }
    }

    fn stop_running(&mut self) {
        let kill = match self.mode {
            Mode::Running | Mode::Draining => return,
            Mode::Interrupted => false,
            Mode::Killed => true,
        };
        for node in self.node_ids() {
            let running = matches!(self.state(node), NodeState::Running { .. });
            if running && (kill || !self.task(node).is_teardown()) {
                self.actions.push(Action::Stop { node, kill });
            }
        }
    }

    fn give_up(&mut self, teardowns: bool, outcome: Outcome, cause: Cause) {
        for node in self.node_ids() {
            if self.is_waiting(node) && self.task(node).is_teardown() == teardowns {
                self.settle(node, outcome, cause);
            }
        }
    }

    fn start_ready(&mut self) {
        while let Some(node) = self.ready.pop() {
            // What was given up while it was queued is still in the queue.
            if self.is_waiting(node) {
                self.start(node);
            }
        }
    }

    /// The only way to run.
    fn start(&mut self, node: NodeId) {
        let attempt = 1;
        self.ready.occupy(node);
        self.running += 1;
        self.nodes[node.index()].state = NodeState::Running { attempt };
        self.nodes[node.index()].started = true;
        self.actions.push(Action::Start { node, attempt });
    }

    fn complete(&mut self) {
        if self.unfinished == 0 {
            self.phase = Phase::Complete;
            self.actions.push(Action::Complete);
        }
    }
}
