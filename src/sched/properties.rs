//! The same laws on large random graphs, with outcomes and interrupts in random order.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::checker::Checker;
use super::{Action, Dag, Input, Mode, Outcome, Scheduler, Task};
use crate::id::NodeId;

const POOLS: usize = 3;

/// A task whose edges are still positions in a list that is to be cut to what came before it.
#[derive(Debug, Clone)]
struct Draft {
    needs: Vec<Index>,
    after: Vec<Index>,
    finalises: Option<Index>,
    task: Task,
}

fn draft() -> impl Strategy<Value = Draft> {
    let edges = || vec(any::<Index>(), 0..3);
    let finalises = prop::option::weighted(0.2, any::<Index>());
    let limits = (
        1..=3_u32,
        prop::bool::weighted(0.1),
        vec(0..POOLS, 0..3),
        0..20_u64,
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.05),
    );
    let task = limits.prop_map(
        |(attempts, exclusive, pools, weight, required, skip)| Task {
            attempts,
            exclusive,
            pools,
            weight,
            required,
            skip,
            ..Task::default()
        },
    );
    (edges(), edges(), finalises, task).prop_map(|(needs, after, finalises, task)| Draft {
        needs,
        after,
        finalises,
        task,
    })
}

/// Resolves the drafts in order, each to earlier ones only; `ids` says where each ends up, so
/// that plan order and graph order have nothing to do with each other.
fn resolve(drafts: Vec<Draft>, ids: &[usize]) -> Vec<Task> {
    let mut tasks = vec![Task::default(); drafts.len()];
    for (position, draft) in drafts.into_iter().enumerate() {
        let earlier = &ids[..position];
        let node = |index: &Index| (!earlier.is_empty()).then(|| NodeId::new(*index.get(earlier)));
        let environment = draft.finalises.as_ref().and_then(node);
        let finalises = environment.filter(|node| !tasks[node.index()].is_teardown());
        let hidden = finalises.is_none_or(|node| tasks[node.index()].skip);
        tasks[ids[position]] = Task {
            needs: draft.needs.iter().filter_map(node).collect(),
            after: draft.after.iter().filter_map(node).collect(),
            finalises,
            skip: draft.task.skip && hidden,
            ..draft.task
        };
    }
    tasks
}

fn any_dag() -> impl Strategy<Value = Dag> {
    let drafts = vec(draft(), 0..60).prop_flat_map(|drafts| {
        let ids: Vec<usize> = (0..drafts.len()).collect();
        (Just(drafts), Just(ids).prop_shuffle())
    });
    let tasks = drafts.prop_map(|(drafts, ids)| resolve(drafts, &ids));
    (tasks, vec(1..4_usize, POOLS), 1..8_usize, any::<bool>()).prop_map(
        |(tasks, pools, jobs, stop_on_failure)| Dag {
            tasks,
            pools,
            jobs,
            stop_on_failure,
        },
    )
}

/// One thing that the world does.
#[derive(Debug, Clone)]
enum Event {
    /// One of the running nodes ends.
    End(Index, Outcome),
    /// Something is reported of any node, running or not.
    Noise(usize, Outcome),
    BeginAgain,
    Escalate(Mode),
}

fn any_event() -> impl Strategy<Value = Event> {
    let outcome = || {
        prop_oneof![
            4 => Just(Outcome::Passed),
            1 => select(&Outcome::ALL[..]),
        ]
    };
    let mode = prop_oneof![
        Just(Mode::Running),
        Just(Mode::Draining),
        Just(Mode::Interrupted),
        Just(Mode::Killed),
    ];
    prop_oneof![
        60 => (any::<Index>(), outcome()).prop_map(|(which, outcome)| Event::End(which, outcome)),
        4 => (0..70_usize, outcome()).prop_map(|(node, outcome)| Event::Noise(node, outcome)),
        1 => Just(Event::BeginAgain),
        1 => mode.prop_map(Event::Escalate),
    ]
}

/// What the event says to the machine now; nothing when no node is there to end.
fn input(event: &Event, checker: &Checker) -> Option<Input> {
    match *event {
        Event::End(which, outcome) => {
            let running: Vec<NodeId> = checker.running().collect();
            let node = (!running.is_empty()).then(|| *which.get(&running))?;
            Some(Input::Finished { node, outcome })
        }
        Event::Noise(node, outcome) => {
            let node = NodeId::new(node);
            Some(Input::Finished { node, outcome })
        }
        Event::BeginAgain => Some(Input::Begin),
        Event::Escalate(mode) => Some(Input::Escalate(mode)),
    }
}

/// A run, with all that went in and came out.
struct Run {
    scheduler: Scheduler,
    checker: Checker,
    inputs: Vec<Input>,
    actions: Vec<Action>,
}

impl Run {
    fn new(dag: Dag) -> Self {
        Self {
            scheduler: Scheduler::new(dag.clone()).expect("the graph is sound"),
            checker: Checker::new(dag),
            inputs: Vec::new(),
            actions: Vec::new(),
        }
    }

    fn step(&mut self, input: Input) -> Result<(), TestCaseError> {
        let actions = self.scheduler.step(input);
        let verdict = self.checker.observe(input, &actions);
        let verdict = verdict.and_then(|()| self.checker.compare(&self.scheduler));
        self.inputs.push(input);
        self.actions.extend(actions);
        verdict.map_err(TestCaseError::fail)
    }

    /// Plays the events, then lets whatever still runs pass.
    fn play(mut self, events: &[Event]) -> Result<Self, TestCaseError> {
        self.step(Input::Begin)?;
        for event in events {
            if let Some(input) = input(event, &self.checker) {
                self.step(input)?;
            }
        }
        loop {
            let running = self.checker.running().next();
            let Some(node) = running else { break };
            let outcome = Outcome::Passed;
            self.step(Input::Finished { node, outcome })?;
        }
        prop_assert!(self.checker.seen.complete, "the run does not end");
        Ok(self)
    }
}

proptest! {
    #[test]
    fn no_law_is_broken_on_random_graphs(dag in any_dag(), events in vec(any_event(), 0..120)) {
        Run::new(dag).play(&events)?;
    }

    #[test]
    fn the_same_inputs_lead_to_the_same_actions(
        dag in any_dag(),
        events in vec(any_event(), 0..120),
    ) {
        let run = Run::new(dag.clone()).play(&events)?;
        let mut again = Scheduler::new(dag).expect("the graph is sound");
        let repeated = run.inputs.into_iter().flat_map(|input| again.step(input));
        prop_assert_eq!(repeated.collect::<Vec<_>>(), run.actions);
    }
}
