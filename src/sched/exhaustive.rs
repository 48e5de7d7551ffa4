//! Everything that can happen on every small graph: all edges, environments, limits, outcomes
//! and interrupts, in every order, each step judged by the [`Checker`].

use std::collections::HashSet;
use std::fmt::Debug;

use super::checker::Checker;
use super::{Dag, Input, Mode, NodeState, Outcome, Scheduler, Task};
use crate::id::NodeId;

/// Nodes of a graph, not counting its teardowns.
const NODES: usize = 3;

/// The pairs of nodes that an edge can join; it always leads to the higher one.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// How many may run at once, and whether the first failure stops the run.
const LIMITS: [(usize, bool); 4] = [(1, true), (2, false), (2, true), (3, false)];

#[derive(Debug, Clone, Copy)]
enum Teardowns {
    Absent,
    Plain,
    Twofold,
    Nested,
}

impl Teardowns {
    const ALL: [Self; 4] = [Self::Absent, Self::Plain, Self::Twofold, Self::Nested];

    /// The teardowns: (environment, what they come after).
    fn nodes(self) -> &'static [(usize, &'static [usize])] {
        match self {
            Self::Absent => &[],
            Self::Plain => &[(0, &[1, 2])],
            Self::Twofold => &[(0, &[1, 2]), (0, &[1])],
            Self::Nested => &[(0, &[1, 2, 4]), (1, &[2])],
        }
    }
}

/// What else is special about a graph.
#[derive(Debug, Clone, Copy)]
enum Twist {
    Nothing,
    PoolAndHeavyLast,
    Retry,
    ExclusiveAndOptional,
    SkippedFirst,
}

impl Twist {
    const ALL: [Self; 5] = [
        Self::Nothing,
        Self::PoolAndHeavyLast,
        Self::Retry,
        Self::ExclusiveAndOptional,
        Self::SkippedFirst,
    ];

    fn apply(self, dag: &mut Dag) {
        match self {
            Self::Nothing => {}
            Self::PoolAndHeavyLast => {
                dag.tasks[NODES - 1].weight = 9;
                dag.pools = vec![1];
                for task in dag.tasks.iter_mut().skip(1) {
                    task.pools = vec![0];
                }
            }
            Self::Retry => {
                for task in dag.tasks.iter_mut().step_by(NODES) {
                    task.attempts = 2;
                }
            }
            Self::ExclusiveAndOptional => {
                dag.tasks[1].exclusive = true;
                dag.tasks[0].required = false;
            }
            Self::SkippedFirst => dag.tasks[0].skip = true,
        }
    }
}

/// A graph whose edges are the base-3 digits of `edges`: none, `needs` or `after`.
fn graph(edges: usize, teardowns: Teardowns) -> Vec<Task> {
    let mut tasks = vec![Task::default(); NODES];
    let mut digits = edges;
    for (from, to) in PAIRS {
        match digits % 3 {
            0 => {}
            1 => tasks[to].needs.push(NodeId::new(from)),
            _ => tasks[to].after.push(NodeId::new(from)),
        }
        digits /= 3;
    }
    let teardown = |&(environment, after): &(usize, &[usize])| Task {
        finalises: Some(NodeId::new(environment)),
        after: after.iter().copied().map(NodeId::new).collect(),
        ..Task::default()
    };
    tasks.extend(teardowns.nodes().iter().map(teardown));
    tasks
}

fn every_dag() -> Vec<Dag> {
    let mut dags = Vec::new();
    for teardowns in Teardowns::ALL {
        for twist in Twist::ALL {
            for (jobs, stop_on_failure) in LIMITS {
                for edges in 0..3_usize.pow(3) {
                    let tasks = graph(edges, teardowns);
                    let pools = Vec::new();
                    let mut dag = Dag {
                        tasks,
                        pools,
                        jobs,
                        stop_on_failure,
                    };
                    twist.apply(&mut dag);
                    dags.push(dag);
                }
            }
        }
    }
    dags
}

/// A run so far. The path is there to be printed.
#[derive(Clone)]
struct Moment {
    scheduler: Scheduler,
    checker: Checker,
    path: Vec<Input>,
}

impl Moment {
    fn first(dag: Dag) -> Self {
        Self {
            scheduler: Scheduler::new(dag.clone()).expect("the graph is sound"),
            checker: Checker::new(dag),
            path: Vec::new(),
        }
    }

    /// All that the future depends on, as bytes, which are quick to compare.
    fn fingerprint(&self) -> Vec<u8> {
        let scheduler = &self.scheduler;
        let mut print = vec![scheduler.mode as u8, scheduler.phase as u8];
        for node in &scheduler.nodes {
            let state = match node.state {
                NodeState::Waiting => 0,
                NodeState::Done { outcome } => 1 + outcome as u8,
                NodeState::Running { attempt } => 9 + byte(attempt),
            };
            print.extend([state, byte(node.unmet), u8::from(node.started)]);
        }
        print.extend(scheduler.ready.free().iter().copied().map(byte));
        print
    }

    fn inputs(&self, outcomes: [Outcome; 2]) -> Vec<Input> {
        let finished = |node: NodeId| {
            // Nobody waits for these teardowns: that one passes is nothing to explore.
            let dull = usize::from(node.index() >= NODES);
            let outcomes = outcomes.into_iter().skip(dull);
            outcomes.map(move |outcome| Input::Finished { node, outcome })
        };
        let mut inputs: Vec<Input> = self.checker.running().flat_map(finished).collect();
        let modes = [Mode::Draining, Mode::Interrupted, Mode::Killed];
        let higher = modes
            .into_iter()
            .filter(|&mode| mode > self.checker.seen.mode);
        inputs.extend(higher.map(Input::Escalate));
        if !self.checker.seen.begun {
            inputs.push(Input::Begin);
        }
        inputs
    }

    fn after(&self, input: Input, dag: &Dag) -> Self {
        let mut next = self.clone();
        next.path.push(input);
        let actions = next.scheduler.step(input);
        let verdict = next.checker.observe(input, &actions);
        let verdict = verdict.and_then(|()| next.checker.compare(&next.scheduler));
        if let Err(violation) = verdict {
            panic!(
                "{violation}\n{dag:#?}\n{:#?}\nlast: {actions:#?}",
                next.path
            );
        }
        next
    }
}

fn byte(number: impl TryInto<u8, Error: Debug>) -> u8 {
    number.try_into().expect("small graphs have small numbers")
}

/// Explores one graph; returns how many moments it has.
fn explore(dag: &Dag, outcomes: [Outcome; 2]) -> usize {
    let first = Moment::first(dag.clone());
    let mut known = HashSet::from([first.fingerprint()]);
    let mut open = vec![first];
    while let Some(moment) = open.pop() {
        for input in moment.inputs(outcomes) {
            let next = moment.after(input, dag);
            if known.insert(next.fingerprint()) && !next.checker.seen.complete {
                open.push(next);
            }
        }
    }
    known.len()
}

#[test]
fn no_law_is_broken_on_any_small_graph() {
    let dags = every_dag();
    let mut moments = 0;
    for (index, dag) in dags.iter().enumerate() {
        // Two ways to end keep the search short; neighbours in the list take turns.
        let others = &Outcome::ALL[1..];
        moments += explore(dag, [Outcome::Passed, others[index % others.len()]]);
    }
    assert_eq!(dags.len(), 2_160);
    assert!(moments > 200_000, "only {moments} moments were explored");
}
