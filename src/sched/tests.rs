//! What the machine does, told by example.

use std::collections::VecDeque;

use super::{Action, Cause, Dag, DagError, Input, Mode, NodeState, Outcome, Scheduler, Task};
use crate::id::NodeId;

fn id(index: usize) -> NodeId {
    NodeId::new(index)
}

fn task() -> Task {
    Task::default()
}

fn needing(needs: &[usize]) -> Task {
    Task {
        needs: needs.iter().copied().map(id).collect(),
        ..task()
    }
}

fn teardown(environment: usize, after: &[usize]) -> Task {
    Task {
        finalises: Some(id(environment)),
        after: after.iter().copied().map(id).collect(),
        ..task()
    }
}

fn dag(tasks: Vec<Task>) -> Dag {
    Dag {
        tasks,
        jobs: 4,
        ..Dag::default()
    }
}

fn begun(dag: Dag) -> (Scheduler, Vec<Action>) {
    let mut scheduler = Scheduler::new(dag).expect("the graph is sound");
    let actions = scheduler.step(Input::Begin);
    (scheduler, actions)
}

fn start(index: usize) -> Action {
    Action::Start {
        node: id(index),
        attempt: 1,
    }
}

fn settled(index: usize, outcome: Outcome, cause: Cause) -> Action {
    Action::Settled {
        node: id(index),
        outcome,
        cause,
    }
}

fn reported(index: usize, outcome: Outcome) -> Action {
    settled(index, outcome, Cause::Reported)
}

fn finished(index: usize, outcome: Outcome) -> Input {
    Input::Finished {
        node: id(index),
        outcome,
    }
}

/// Passes every node as soon as it starts; returns the order of the starts.
fn order_when_all_pass(dag: Dag) -> Vec<usize> {
    let (mut scheduler, actions) = begun(dag);
    let mut inbox: VecDeque<Action> = actions.into();
    let mut order = Vec::new();
    while let Some(action) = inbox.pop_front() {
        if let Action::Start { node, .. } = action {
            order.push(node.index());
            inbox.extend(scheduler.step(finished(node.index(), Outcome::Passed)));
        }
    }
    assert!(scheduler.is_complete());
    order
}

#[test]
fn an_empty_graph_completes_at_once() {
    let (scheduler, actions) = begun(Dag::default());
    assert_eq!(actions, [Action::Complete]);
    assert!(scheduler.is_complete());
}

#[test]
fn a_failed_need_skips_everything_behind_it_before_anything_new_starts() {
    let tasks = vec![task(), needing(&[0]), needing(&[1]), task()];
    let (mut scheduler, actions) = begun(Dag {
        jobs: 1,
        ..dag(tasks)
    });
    assert_eq!(actions, [start(0)]);
    assert_eq!(
        scheduler.step(finished(0, Outcome::Failed)),
        [
            reported(0, Outcome::Failed),
            settled(1, Outcome::Skipped, Cause::Need(id(0))),
            settled(2, Outcome::Skipped, Cause::Need(id(1))),
            start(3),
        ]
    );
}

#[test]
fn order_alone_does_not_care_how_the_other_ended() {
    let after = Task {
        after: vec![id(0)],
        ..task()
    };
    let (mut scheduler, _) = begun(dag(vec![task(), after]));
    let actions = scheduler.step(finished(0, Outcome::TimedOut));
    assert_eq!(actions, [reported(0, Outcome::TimedOut), start(1)]);
}

#[test]
fn the_first_need_in_declaration_order_is_the_one_blamed() {
    let skipped = || Task {
        skip: true,
        ..task()
    };
    let (_, actions) = begun(dag(vec![skipped(), skipped(), needing(&[1, 0])]));
    assert!(actions.contains(&settled(2, Outcome::Skipped, Cause::Need(id(1)))));
}

#[test]
fn the_longest_remaining_path_goes_first_then_plan_order() {
    let weighing = |weight, needs: &[usize]| Task {
        weight,
        ..needing(needs)
    };
    let tasks = vec![
        weighing(50, &[]),
        weighing(10, &[]),
        weighing(45, &[1]),
        weighing(50, &[]),
    ];
    let alone = Dag {
        jobs: 1,
        ..dag(tasks)
    };
    assert_eq!(order_when_all_pass(alone), [1, 0, 3, 2]);
}

#[test]
fn a_full_pool_holds_up_only_its_own() {
    let pooled = |weight| Task {
        pools: vec![0],
        weight,
        ..task()
    };
    let tasks = vec![pooled(9), pooled(8), pooled(7), task()];
    let (mut scheduler, actions) = begun(Dag {
        pools: vec![1],
        ..dag(tasks)
    });
    assert_eq!(actions, [start(0), start(3)]);
    let actions = scheduler.step(finished(0, Outcome::Passed));
    assert_eq!(actions, [reported(0, Outcome::Passed), start(1)]);
}

#[test]
fn a_pool_named_twice_is_taken_once() {
    let doubled = Task {
        pools: vec![0, 0],
        ..task()
    };
    let (_, actions) = begun(Dag {
        pools: vec![1],
        ..dag(vec![doubled])
    });
    assert_eq!(actions, [start(0)]);
}

#[test]
fn an_exclusive_node_waits_for_silence_and_keeps_it() {
    let exclusive = Task {
        exclusive: true,
        weight: 5,
        ..task()
    };
    let long = Task {
        weight: 9,
        ..task()
    };
    let (mut scheduler, actions) = begun(dag(vec![exclusive, long, needing(&[1])]));
    assert_eq!(actions, [start(1)]);
    let actions = scheduler.step(finished(1, Outcome::Passed));
    assert_eq!(actions, [reported(1, Outcome::Passed), start(0)]);
    let actions = scheduler.step(finished(0, Outcome::Passed));
    assert_eq!(actions, [reported(0, Outcome::Passed), start(2)]);
}

#[test]
fn a_retry_keeps_its_place() {
    let flaky = Task {
        attempts: 2,
        ..task()
    };
    let (mut scheduler, _) = begun(Dag {
        jobs: 1,
        ..dag(vec![flaky, task()])
    });
    let retry = Action::Retry {
        node: id(0),
        attempt: 2,
    };
    assert_eq!(scheduler.step(finished(0, Outcome::Error)), [retry]);
    assert_eq!(scheduler.state(id(0)), NodeState::Running { attempt: 2 });
    let actions = scheduler.step(finished(0, Outcome::Error));
    assert_eq!(actions, [reported(0, Outcome::Error), start(1)]);
}

#[test]
fn the_first_failure_drains_a_run_that_stops_on_failure() {
    let optional = Task {
        required: false,
        ..task()
    };
    let tasks = vec![optional, task(), task(), task(), teardown(2, &[])];
    let stopping = Dag {
        stop_on_failure: true,
        jobs: 3,
        ..dag(tasks)
    };
    let (mut scheduler, actions) = begun(stopping);
    assert_eq!(actions, [start(2), start(0), start(1)]);
    scheduler.step(finished(0, Outcome::Failed));
    assert_eq!(scheduler.mode(), Mode::Running);
    let actions = scheduler.step(finished(1, Outcome::Failed));
    assert_eq!(actions, [reported(1, Outcome::Failed)]);
    assert_eq!(scheduler.mode(), Mode::Draining);
    let actions = scheduler.step(finished(2, Outcome::Passed));
    assert_eq!(actions, [reported(2, Outcome::Passed), start(4)]);
}

#[test]
fn a_teardown_runs_although_its_environment_failed() {
    let tasks = vec![task(), needing(&[0]), teardown(0, &[1])];
    let (mut scheduler, _) = begun(dag(tasks));
    let actions = scheduler.step(finished(0, Outcome::Failed));
    let user = settled(1, Outcome::Skipped, Cause::Need(id(0)));
    assert_eq!(actions, [reported(0, Outcome::Failed), user, start(2)]);
}

#[test]
fn nothing_is_taken_down_that_never_came_up() {
    let environment = Task {
        skip: true,
        ..task()
    };
    let (_, actions) = begun(dag(vec![environment, teardown(0, &[2]), task()]));
    assert_eq!(
        actions,
        [
            settled(0, Outcome::Skipped, Cause::Planned),
            settled(1, Outcome::Skipped, Cause::EnvironmentNotStarted),
            start(2),
        ]
    );
}

#[test]
fn an_interrupt_stops_everything_but_teardowns_and_a_second_one_kills_them_too() {
    let tasks = vec![task(), needing(&[0]), teardown(0, &[1]), teardown(0, &[2])];
    let (mut scheduler, _) = begun(dag(tasks));
    scheduler.step(finished(0, Outcome::Passed));
    let stop = |index, kill| Action::Stop {
        node: id(index),
        kill,
    };
    let interrupted = scheduler.step(Input::Escalate(Mode::Interrupted));
    assert_eq!(interrupted, [stop(1, false)]);
    assert_eq!(scheduler.step(Input::Escalate(Mode::Interrupted)), []);
    let actions = scheduler.step(finished(1, Outcome::Cancelled));
    assert_eq!(actions, [reported(1, Outcome::Cancelled), start(2)]);
    let given_up = settled(3, Outcome::Cancelled, Cause::Interrupted);
    let killed = scheduler.step(Input::Escalate(Mode::Killed));
    assert_eq!(killed, [stop(2, true), given_up]);
    let actions = scheduler.step(finished(2, Outcome::Cancelled));
    assert_eq!(actions, [reported(2, Outcome::Cancelled), Action::Complete]);
}

#[test]
fn inputs_that_make_no_sense_change_nothing() {
    let mut scheduler = Scheduler::new(dag(vec![task(), needing(&[0])])).expect("sound");
    assert_eq!(scheduler.step(finished(0, Outcome::Passed)), []);
    assert_eq!(scheduler.step(Input::Begin), [start(0)]);
    assert_eq!(scheduler.step(Input::Begin), []);
    assert_eq!(scheduler.step(finished(1, Outcome::Passed)), []);
    assert_eq!(scheduler.step(finished(9, Outcome::Passed)), []);
    assert_eq!(scheduler.step(Input::Escalate(Mode::Running)), []);
}

fn refusal(dag: Dag) -> Option<DagError> {
    Scheduler::new(dag).err()
}

#[test]
fn a_graph_that_could_not_run_is_refused() {
    let alone = |task| refusal(dag(vec![task]));
    let jobless = Dag {
        jobs: 0,
        ..Dag::default()
    };
    assert_eq!(refusal(jobless), Some(DagError::NoJobs));
    let shut = Dag {
        pools: vec![2, 0],
        ..Dag::default()
    };
    assert_eq!(refusal(shut), Some(DagError::EmptyPool(1)));
    let hopeless = alone(Task {
        attempts: 0,
        ..task()
    });
    assert_eq!(hopeless, Some(DagError::NoAttempts(id(0))));
    let (node, target) = (id(0), id(7));
    assert_eq!(
        alone(needing(&[7])),
        Some(DagError::UnknownNode { node, target })
    );
    let astray = alone(Task {
        pools: vec![0],
        ..task()
    });
    assert_eq!(astray, Some(DagError::UnknownPool { node, pool: 0 }));
}

#[test]
fn a_teardown_of_what_is_not_its_to_take_down_is_refused() {
    let skipped = Task {
        skip: true,
        ..teardown(0, &[])
    };
    let hidden = refusal(dag(vec![task(), skipped]));
    assert_eq!(hidden, Some(DagError::SkippedTeardown(id(1))));
    let nested = refusal(dag(vec![task(), teardown(0, &[]), teardown(1, &[])]));
    assert_eq!(nested, Some(DagError::NotAnEnvironment(id(2))));
}

#[test]
fn a_cycle_is_refused_and_one_of_its_own_nodes_named() {
    let tail = dag(vec![needing(&[2]), task(), needing(&[3]), needing(&[2])]);
    let Some(DagError::Cycle(node)) = refusal(tail) else {
        panic!("the cycle is not found");
    };
    assert!(
        [2, 3].contains(&node.index()),
        "{node} only leads to the cycle"
    );
}

#[test]
fn size_is_no_obstacle() {
    let chain = (0..10_000_usize).map(|n| needing(n.checked_sub(1).as_slice()));
    assert!(
        order_when_all_pass(dag(chain.collect()))
            .into_iter()
            .eq(0..10_000)
    );
    let locked = (0..5_000).map(|_| Task {
        pools: vec![0],
        ..task()
    });
    let locked = Dag {
        pools: vec![1],
        ..dag(locked.collect())
    };
    assert!(order_when_all_pass(locked).into_iter().eq(0..5_000));
}
