//! The laws of the machine, written a second time and the slow way: what may happen is worked
//! out from the graph and from what has been seen, with no queue, counter or cascade.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Action, Cause, Dag, Input, Mode, NodeState, Outcome, Scheduler, Task};
use crate::id::NodeId;

/// What a broken law says.
pub(super) type Violation = String;

macro_rules! law {
    ($holds:expr, $($message:tt)+) => {
        if !$holds {
            return Err(format!($($message)+));
        }
    };
}

/// Follows one run and judges every step of it.
#[derive(Clone)]
pub(super) struct Checker {
    dag: Rc<Dag>,
    /// Longest remaining path of each node.
    remaining: Rc<[u64]>,
    pub(super) seen: Seen,
    /// The report that this step has not answered yet.
    report: Option<(NodeId, Outcome)>,
    stopped: BTreeSet<(NodeId, bool)>,
}

/// All that the actions so far have told.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    states: Vec<NodeState>,
    started: Vec<bool>,
    /// Settled by nothing but the mode.
    given_up: Vec<bool>,
    pub(super) mode: Mode,
    pub(super) begun: bool,
    pub(super) complete: bool,
}

impl Checker {
    pub(super) fn new(dag: Dag) -> Self {
        let count = dag.tasks.len();
        Self {
            remaining: remaining_paths(&dag).into(),
            dag: Rc::new(dag),
            seen: Seen {
                states: vec![NodeState::Waiting; count],
                started: vec![false; count],
                given_up: vec![false; count],
                mode: Mode::Running,
                begun: false,
                complete: false,
            },
            report: None,
            stopped: BTreeSet::new(),
        }
    }

    /// Judges what one input led to.
    pub(super) fn observe(&mut self, input: Input, actions: &[Action]) -> Result<(), Violation> {
        let to_stop = self.apply(input);
        if !self.seen.begun || self.seen.complete {
            law!(actions.is_empty(), "acts outside the run: {actions:?}");
            return Ok(());
        }
        for &action in actions {
            law!(!self.seen.complete, "{action:?} after the end");
            self.follow(action)?;
        }
        law!(self.report.is_none(), "a report is left unanswered");
        let stopped = std::mem::take(&mut self.stopped);
        law!(stopped == to_stop, "stopped {stopped:?}, not {to_stop:?}");
        self.at_rest()
    }

    /// The machine's own account of itself must be the same.
    pub(super) fn compare(&self, scheduler: &Scheduler) -> Result<(), Violation> {
        law!(scheduler.mode() == self.seen.mode, "another mode");
        law!(scheduler.running() == self.running().count(), "miscounted");
        law!(scheduler.is_complete() == self.seen.complete, "another end");
        for node in self.nodes() {
            law!(
                scheduler.state(node) == self.state(node),
                "{node}: another state"
            );
            law!(
                scheduler.was_started(node) == self.started(node),
                "{node}: another start"
            );
        }
        Ok(())
    }

    pub(super) fn running(&self) -> impl Iterator<Item = NodeId> {
        self.nodes()
            .filter(|&node| matches!(self.state(node), NodeState::Running { .. }))
    }

    /// Notes the input and returns what it must stop.
    fn apply(&mut self, input: Input) -> BTreeSet<(NodeId, bool)> {
        match input {
            Input::Begin => self.seen.begun = true,
            Input::Finished { node, outcome } => {
                let running = self.running().any(|other| other == node);
                self.report = running.then_some((node, outcome));
            }
            Input::Escalate(mode) if mode > self.seen.mode => {
                self.seen.mode = mode;
                let kill = mode == Mode::Killed;
                let spared = |task: &Task| mode < Mode::Interrupted || !kill && task.is_teardown();
                let running = self.running().filter(|&node| !spared(self.task(node)));
                return running.map(|node| (node, kill)).collect();
            }
            Input::Escalate(_) => {}
        }
        BTreeSet::new()
    }

    fn follow(&mut self, action: Action) -> Result<(), Violation> {
        match action {
            Action::Start { node, attempt } => self.follow_start(node, attempt),
            Action::Retry { node, attempt } => self.follow_retry(node, attempt),
            Action::Stop { node, kill } => {
                law!(self.stopped.insert((node, kill)), "{node} stopped twice");
                Ok(())
            }
            Action::Settled {
                node,
                outcome,
                cause,
            } => self.follow_settled(node, outcome, cause),
            Action::Complete => {
                self.seen.complete = true;
                Ok(())
            }
        }
    }

    fn follow_start(&mut self, node: NodeId, attempt: u32) -> Result<(), Violation> {
        law!(attempt == 1, "{node} starts with attempt {attempt}");
        law!(
            self.report.is_none(),
            "{node} starts before the report is settled"
        );
        let doomed = self.nodes().find(|&other| self.fate(other).is_some());
        law!(
            doomed.is_none(),
            "{node} starts before {doomed:?} is settled"
        );
        law!(self.can_start(node), "{node} must not start");
        let best = self.best().expect("the node itself can start");
        law!(best == node, "{node} starts before {best}");
        self.seen.states[node.index()] = NodeState::Running { attempt };
        self.seen.started[node.index()] = true;
        Ok(())
    }

    fn follow_retry(&mut self, node: NodeId, attempt: u32) -> Result<(), Violation> {
        law!(
            self.retry_is_due() == Some((node, attempt)),
            "{node} is retried"
        );
        self.report = None;
        self.seen.states[node.index()] = NodeState::Running { attempt };
        Ok(())
    }

    fn follow_settled(
        &mut self,
        node: NodeId,
        outcome: Outcome,
        cause: Cause,
    ) -> Result<(), Violation> {
        if cause == Cause::Reported {
            law!(self.retry_is_due().is_none(), "{node} is not retried");
            law!(
                self.report.take() == Some((node, outcome)),
                "{node} is misreported"
            );
            if self.dag.stop_on_failure && failing(outcome) && self.task(node).required {
                self.seen.mode = self.seen.mode.max(Mode::Draining);
            }
        } else {
            let fate = self.fate(node);
            law!(
                fate == Some((outcome, cause)),
                "{node}: {outcome} {cause:?}, not {fate:?}"
            );
        }
        self.seen.given_up[node.index()] = matches!(cause, Cause::Stopped | Cause::Interrupted);
        self.seen.states[node.index()] = NodeState::Done { outcome };
        Ok(())
    }

    /// What must hold between two steps of a run.
    fn at_rest(&self) -> Result<(), Violation> {
        for node in self.nodes() {
            law!(self.fate(node).is_none(), "{node} is not settled");
        }
        let idle = self.best();
        law!(idle.is_none(), "{idle:?} could start");
        let over = self.nodes().all(|node| self.outcome(node).is_some());
        law!(
            over == self.seen.complete,
            "whether all is over is misjudged"
        );
        law!(over || self.running().count() > 0, "stuck");
        for node in self.nodes().filter(|_| over) {
            let Some(environment) = self.task(node).finalises else {
                continue;
            };
            let given_up = self.seen.mode == Mode::Killed && !self.started(node);
            let owed = self.started(environment) && !given_up;
            law!(
                self.started(node) == owed,
                "{node} and {environment} do not match"
            );
        }
        Ok(())
    }

    /// How a waiting node must settle now. The order of the rules is that of the causes: the
    /// plan's own reason, then the graph's, then the mode's.
    fn fate(&self, node: NodeId) -> Option<(Outcome, Cause)> {
        if self.state(node) != NodeState::Waiting {
            return None;
        }
        let task = self.task(node);
        if task.skip {
            return Some((Outcome::Skipped, Cause::Planned));
        }
        if let Some(environment) = task.finalises {
            let absent = self.outcome(environment).is_some() && !self.started(environment);
            if absent {
                return Some((Outcome::Skipped, Cause::EnvironmentNotStarted));
            }
        } else if let Some(&need) = task.needs.iter().find(|&&need| self.failed(need)) {
            return Some((Outcome::Skipped, Cause::Need(need)));
        }
        let owed = task.finalises.is_some_and(|node| self.started(node));
        match self.seen.mode {
            Mode::Draining if !task.is_teardown() => Some((Outcome::Skipped, Cause::Stopped)),
            Mode::Interrupted | Mode::Killed if !task.is_teardown() => {
                Some((Outcome::Cancelled, Cause::Interrupted))
            }
            Mode::Killed if owed => Some((Outcome::Cancelled, Cause::Interrupted)),
            _ => None,
        }
    }

    fn can_start(&self, node: NodeId) -> bool {
        let task = self.task(node);
        let calm = match self.seen.mode {
            Mode::Running => true,
            Mode::Draining | Mode::Interrupted => task.is_teardown(),
            Mode::Killed => false,
        };
        let over = |node: &NodeId| self.outcome(*node).is_some();
        let passed = |node: &NodeId| self.outcome(*node) == Some(Outcome::Passed);
        let needs_hold = task.needs.iter().all(|need| match task.finalises {
            Some(_) => over(need),
            None => passed(need),
        });
        let up = |node: &NodeId| over(node) && self.started(*node);
        self.state(node) == NodeState::Waiting
            && calm
            && !task.skip
            && needs_hold
            && task.after.iter().all(over)
            && task.finalises.iter().all(up)
            && self.has_room(task)
    }

    fn has_room(&self, task: &Task) -> bool {
        let running: Vec<&Task> = self.running().map(|node| self.task(node)).collect();
        let users = |pool: usize| {
            running
                .iter()
                .filter(|task| task.pools.contains(&pool))
                .count()
        };
        let alone = running.is_empty() || !task.exclusive && running.iter().all(|t| !t.exclusive);
        let free = |&pool: &usize| users(pool) < self.dag.pools[pool];
        alone && running.len() < self.dag.jobs && task.pools.iter().all(free)
    }

    /// Which node must start next, if any can.
    fn best(&self) -> Option<NodeId> {
        let first = |&node: &NodeId| (std::cmp::Reverse(self.remaining[node.index()]), node);
        self.nodes()
            .filter(|&node| self.can_start(node))
            .min_by_key(first)
    }

    fn retry_is_due(&self) -> Option<(NodeId, u32)> {
        let (node, outcome) = self.report?;
        let NodeState::Running { attempt } = self.state(node) else {
            return None;
        };
        let task = self.task(node);
        let calm = match task.finalises {
            Some(_) => self.seen.mode < Mode::Killed,
            None => self.seen.mode == Mode::Running,
        };
        let due = calm && failing(outcome) && attempt < task.attempts;
        due.then_some((node, attempt + 1))
    }

    /// Whether the node ended otherwise than passed. A node that the mode took away does not
    /// count: to those who need it, the mode says it all.
    fn failed(&self, node: NodeId) -> bool {
        let ended = self
            .outcome(node)
            .is_some_and(|outcome| outcome != Outcome::Passed);
        ended && !self.seen.given_up[node.index()]
    }

    fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.seen.states.len()).map(NodeId::new)
    }

    fn task(&self, node: NodeId) -> &Task {
        &self.dag.tasks[node.index()]
    }

    fn state(&self, node: NodeId) -> NodeState {
        self.seen.states[node.index()]
    }

    fn outcome(&self, node: NodeId) -> Option<Outcome> {
        self.state(node).outcome()
    }

    fn started(&self, node: NodeId) -> bool {
        self.seen.started[node.index()]
    }
}

/// Whether an attempt that ended so says that something is wrong.
fn failing(outcome: Outcome) -> bool {
    ![Outcome::Passed, Outcome::Skipped, Outcome::Cancelled].contains(&outcome)
}

/// Longest paths by relaxing every edge until nothing grows.
fn remaining_paths(dag: &Dag) -> Vec<u64> {
    let own = |task: &Task| task.weight.max(1);
    let mut longest: Vec<u64> = dag.tasks.iter().map(own).collect();
    loop {
        let before = longest.clone();
        for (index, task) in dag.tasks.iter().enumerate() {
            let sources = task.needs.iter().chain(&task.after).chain(&task.finalises);
            for source in sources {
                let through = own(&dag.tasks[source.index()]) + longest[index];
                let path = &mut longest[source.index()];
                *path = through.max(*path);
            }
        }
        if longest == before {
            return longest;
        }
    }
}
