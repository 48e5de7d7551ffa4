//! Taking down what a run left that was cut off: killed, or on a machine that went down.

use std::io::Write;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::attempt::Halt;
use super::control::Control;
use super::guardian::guardian;
use super::shared::Shared;
use super::table::{self, Row};
use super::{Job, RunError, engine, share, stacks, task};
use crate::compose::is_name_of;
use crate::event::{Body, Detail, KEPT, NodeRecord, RunState};
use crate::graph::Work;
use crate::id::NodeId;
use crate::sched::{Mode, Outcome};
use crate::store::{self, Lock, RunFolder};

/// How long processes have between the signal that asks them to end and the one that ends them.
const GRACE: Duration = Duration::from_secs(2);

/// What was done about one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The run.
    pub run: String,
    /// Processes that were ended.
    pub ended: Vec<String>,
    /// Environments that were taken down.
    pub down: Vec<String>,
    /// Environments that could not be taken down, with the reason.
    pub left: Vec<(String, String)>,
}

/// What was done about all runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Those that left something behind.
    pub runs: Vec<Recovery>,
    /// The exit code, if somebody ended the recovery before it was done.
    pub called_off: Option<u8>,
}

/// What is taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What runs left that did not come to their end.
    CutOff,
    /// That, and what was kept on purpose.
    All,
}

/// Gives what is needed to run a node of the pipeline of a run, as it is today, with the run's own
/// options.
pub type Today<'a> = dyn Fn(&RunState) -> Result<Job, String> + 'a;

/// Sees to every run that was cut off or owes a teardown, and to stacks of which no run tells.
pub fn recover(root: &Path, reach: Reach, today: &Today<'_>) -> Result<Recovered, RunError> {
    engine::prepare();
    RunFolder::prepare(root)?;
    let _lock = Lock::take(root, &format!("recovery, process {}", std::process::id()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = tokio::task::LocalSet::new();
    let recovered = runtime.block_on(local.run_until(recover_all(root, reach, today)));
    // A question to Docker that nobody waits for any more keeps nobody waiting.
    runtime.shutdown_background();
    recovered
}

async fn recover_all(root: &Path, reach: Reach, today: &Today<'_>) -> Result<Recovered, RunError> {
    let mut control = Control::new(guardian().is_some())?;
    let mut recovered = Recovered::default();
    let mut kept = Vec::new();
    for id in store::runs(root) {
        let path = root.join(store::RUNS).join(&id);
        let Ok(state) = store::read_run(&path) else {
            continue;
        };
        if state.run.is_empty() || (state.finished && state.owed().next().is_none()) {
            continue;
        }
        if reach == Reach::CutOff && is_kept(&state) {
            kept.push(state.run);
            continue;
        }
        let (recovery, called_off) = recover_run(root, &path, state, today, &mut control).await?;
        recovered.runs.push(recovery);
        if called_off.is_some() {
            recovered.called_off = called_off;
            return Ok(recovered);
        }
    }
    let worktree = stacks::worktree(root);
    let keep = |project: &str| kept.iter().any(|run| is_name_of(project, &worktree, run));
    tokio::select! {
        left = stacks::sweep(root, reach == Reach::All, &keep) => {
            recovered.runs.extend(left.into_iter().map(of_stack));
        }
        call = control.next() => recovered.called_off = Some(call.exit_code()),
    }
    Ok(recovered)
}

/// Whether the user wanted to look at what a run brought up.
fn is_kept(state: &RunState) -> bool {
    let kept = |node: &NodeRecord| node.detail.code.as_deref() == Some(KEPT);
    state.finished && state.nodes.iter().any(kept)
}

/// What was done about a stack of which no run tells.
fn of_stack(left: stacks::Left) -> Recovery {
    let mut recovery = Recovery {
        run: left.project.clone(),
        ..Recovery::default()
    };
    match left.rest.as_slice() {
        [] => recovery.down.push(left.project),
        rest => recovery.left.push((left.project, rest.join(", "))),
    }
    recovery
}

/// Whether the last run was cut off.
pub fn is_owed(root: &Path) -> bool {
    let last = store::runs(root).pop();
    last.is_some_and(|id| !store::is_finished(&root.join(store::RUNS).join(id)))
}

/// What was done about a run, and the exit code if that was called off.
async fn recover_run(
    root: &Path,
    path: &Path,
    state: RunState,
    today: &Today<'_>,
    control: &mut Control,
) -> Result<(Recovery, Option<u8>), RunError> {
    let mut recovery = Recovery {
        run: state.run.clone(),
        ..Recovery::default()
    };
    let owed: Vec<String> = state.owed().map(|node| node.id().to_owned()).collect();
    let used_by_teardowns = |row: &Row| {
        let node = row.variable("SDD_NODE").unwrap_or_default();
        owed.contains(&node)
    };
    end_processes(&state.run, &mut recovery, |row| !used_by_teardowns(row));
    let mut job = match today(&state) {
        Ok(job) => job,
        Err(reason) => {
            end_processes(&state.run, &mut recovery, |_| true);
            let left = owed.into_iter().map(|id| (id, reason.clone()));
            recovery.left.extend(left);
            return Ok((recovery, None));
        }
    };
    root.clone_into(&mut job.root);
    job.sinks.clear();
    let events = store::read_events(path)?;
    let next = events.last().map_or(0, |event| event.seq + 1);
    let folder = RunFolder::existing(root, path);
    let mut log = std::fs::File::options()
        .append(true)
        .open(path.join("events.jsonl"))?;
    if !store::ends_with_a_line(path) {
        log.write_all(b"\n")?;
    }
    let shared = Rc::new(share(job, folder, log, Some((state, next))));
    let called_off = drive(&shared, &mut recovery, control).await?;
    end_processes(&recovery.run.clone(), &mut recovery, |_| true);
    if called_off.is_some() {
        // The record stays open, so that the next recovery goes on.
        shared.recorder.finish()?;
    } else {
        close(&shared)?;
    }
    Ok((recovery, called_off))
}

/// Ends processes of a run, wherever they are by now.
fn end_processes(run: &str, recovery: &mut Recovery, wanted: impl Fn(&Row) -> bool) {
    let me = rustix::process::getpid();
    let of_run = |row: &Row| row.pid != me && row.variable("SDD_RUN").as_deref() == Some(run);
    let rows: Vec<Row> = table::rows()
        .into_iter()
        .filter(|row| !row.zombie && of_run(row) && wanted(row))
        .collect();
    for row in &rows {
        recovery.ended.push(format!(
            "{} (pid {})",
            row.command(),
            row.pid.as_raw_nonzero()
        ));
        row.signal(Signal::TERM);
    }
    let begun = Instant::now();
    while rows.iter().any(Row::is_alive) && begun.elapsed() < GRACE * 4 {
        if begun.elapsed() > GRACE {
            for row in &rows {
                row.signal(Signal::KILL);
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Runs every teardown that is owed; what came up last goes first. Gives the exit code if that was
/// called off.
async fn drive(
    shared: &Rc<Shared>,
    recovery: &mut Recovery,
    control: &mut Control,
) -> std::io::Result<Option<u8>> {
    let mut children = signal(SignalKind::child())?;
    let mut called_off = None;
    for (teardown, environment) in owed(shared, recovery) {
        if called_off.is_some() {
            let reason = "the recovery was called off".to_owned();
            recovery.left.push((environment.to_string(), reason));
            continue;
        }
        let halt = Rc::new(watch::Sender::new(None));
        let work = take_down(shared, teardown, &environment, Rc::clone(&halt));
        let mut work = std::pin::pin!(work);
        let failure = loop {
            tokio::select! {
                failure = &mut work => break failure,
                _ = children.recv() => shared.children.reap(),
                call = control.next() => {
                    called_off = Some(call.exit_code());
                    halt.send_replace(Some(Halt::Killed));
                }
            }
        };
        match failure {
            None => recovery.down.push(environment.to_string()),
            Some(reason) => recovery.left.push((environment.to_string(), reason)),
        }
    }
    Ok(called_off)
}

/// Teardowns of today's pipeline for environments that are owed. An environment that today's
/// pipeline does not take down is left, and said so.
fn owed(shared: &Shared, recovery: &mut Recovery) -> Vec<(NodeId, Arc<str>)> {
    let mut environments: Vec<(Option<u64>, Arc<str>)> = shared.recorder.with_state(|state| {
        state
            .owed()
            .map(|node| (node.started_ms, Arc::clone(&node.plan.id)))
            .collect()
    });
    environments.sort();
    environments.reverse();
    let mut owed = Vec::new();
    for (_, environment) in environments {
        let teardowns: Vec<NodeId> = shared
            .plan
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| {
                let of = node.finalises.map(|of| shared.id(of));
                of.as_ref() == Some(&environment)
            })
            .map(|(index, _)| NodeId::new(index))
            .collect();
        if teardowns.is_empty() {
            let reason = "the pipeline has no teardown for it any more".to_owned();
            recovery.left.push((environment.to_string(), reason));
        }
        owed.extend(
            teardowns
                .into_iter()
                .map(|teardown| (teardown, Arc::clone(&environment))),
        );
    }
    owed
}

/// Runs one teardown; the reason if it did not pass.
async fn take_down(
    shared: &Rc<Shared>,
    teardown: NodeId,
    environment: &Arc<str>,
    halt: Rc<watch::Sender<Option<Halt>>>,
) -> Option<String> {
    let generated = matches!(
        shared.plan.nodes[teardown.index()].work,
        Some(Work::Down(_))
    );
    // The processes of a service are ended with all others of the run.
    if !generated || shared.node_of(teardown).kind.is_detached() {
        let id = shared.id(teardown);
        let start = task::Start {
            node: teardown,
            attempt: shared.out.next_attempt(&id),
            delay: Duration::ZERO,
            halt,
        };
        let finish = task::attempt(Rc::clone(shared), start).await;
        let outcome = finish.conclusion.outcome;
        shared.recorder.emit(Body::NodeSettled {
            node: id,
            outcome,
            detail: Detail {
                reason: finish.conclusion.reason.clone(),
                code: finish.conclusion.code.map(str::to_owned),
                exit_code: finish.conclusion.exit_code,
                command: finish.command,
                ..Detail::default()
            },
        });
        if outcome != Outcome::Passed {
            return Some(finish.conclusion.reason.unwrap_or_default());
        }
    }
    shared.recorder.emit(Body::EnvironmentDown {
        node: Arc::clone(environment),
    });
    None
}

/// Ends the record of a run that could not do so itself.
fn close(shared: &Shared) -> Result<(), RunError> {
    let (finished, open) = shared.recorder.with_state(|state| {
        let open = state.nodes.iter().filter(|node| node.outcome.is_none());
        (
            state.finished,
            open.map(|node| Arc::clone(&node.plan.id))
                .collect::<Vec<_>>(),
        )
    });
    if !finished {
        shared.recorder.emit(Body::RunEscalated {
            mode: Mode::Killed,
            reason: "the run was cut off".to_owned(),
            exit_code: Some(3),
        });
        for node in open {
            shared.recorder.emit(Body::NodeSettled {
                node,
                outcome: Outcome::Cancelled,
                detail: Detail {
                    reason: Some("the run was cut off".to_owned()),
                    code: Some("cancelled".to_owned()),
                    ..Detail::default()
                },
            });
        }
        let (verdict, exit_code) = shared
            .recorder
            .with_state(|state| (state.verdict(), state.exit_code()));
        shared.recorder.emit(Body::RunFinished {
            verdict,
            exit_code,
            duration_ms: shared.recorder.with_state(|state| state.elapsed_ms),
        });
    }
    shared.recorder.finish()?;
    Ok(())
}
