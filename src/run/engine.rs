//! The loop: what happens goes into the scheduler, what it decides is done.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::attempt::Halt;
use super::control::{Call, Control};
use super::shared::Shared;
use super::task::{self, Finish};
use super::{ending, guardian};
use crate::event::{Body, Detail};
use crate::graph::Work;
use crate::host::Conclusion;
use crate::id::NodeId;
use crate::sched::{Action, Cause, Input, Mode, Outcome, Scheduler};
use crate::spec::print_duration;

/// How often live views may be painted anew.
const TICK: Duration = Duration::from_millis(100);
/// How often strays are looked for while nodes run.
const SWEEP: Duration = Duration::from_millis(500);

/// Drives one run to its end.
pub(super) struct Engine {
    shared: Rc<Shared>,
    scheduler: Scheduler,
    /// By which an attempt under way is told to end.
    halts: Vec<Option<Rc<watch::Sender<Option<Halt>>>>>,
    begun: Vec<Option<Instant>>,
    /// What the last attempt of a node concluded.
    finished: Vec<Option<Box<Finish>>>,
    results: (
        mpsc::UnboundedSender<Finish>,
        mpsc::UnboundedReceiver<Finish>,
    ),
    complete: bool,
    /// Whether a node ended since strays were last looked for.
    unswept: bool,
}

impl Engine {
    pub(super) fn new(shared: Rc<Shared>, scheduler: Scheduler) -> Self {
        let nodes = shared.plan.nodes.len();
        Self {
            shared,
            scheduler,
            halts: vec![None; nodes],
            begun: vec![None; nodes],
            finished: (0..nodes).map(|_| None).collect(),
            results: mpsc::unbounded_channel(),
            complete: false,
            unswept: false,
        }
    }

    /// Runs until every node is done and nothing is left.
    pub(super) async fn run(
        &mut self,
        mut control: Control,
        limit: Option<Duration>,
    ) -> std::io::Result<()> {
        let mut children = signal(SignalKind::child())?;
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut sweep = tokio::time::interval(SWEEP);
        sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let deadline = limit.map(|limit| Instant::now() + limit);
        self.step(Input::Begin);
        while !self.complete {
            tokio::select! {
                biased;
                Some(finish) = self.results.1.recv() => self.finish(finish),
                _ = children.recv() => self.shared.children.reap(),
                call = control.next() => self.called(call),
                () = at(deadline) => self.out_of_time(limit.unwrap_or_default()),
                // What was started above begins before this is ready: then there is time.
                () = tokio::task::yield_now(), if self.shared.out.is_unsorted() => {
                    self.shared.out.sort();
                }
                _ = sweep.tick(), if self.unswept => self.sweep(),
                _ = tick.tick() => {
                    self.shared.recorder.flush();
                    self.shared.recorder.tick();
                }
            }
        }
        self.leave_nothing(&mut children, &mut control).await;
        Ok(())
    }

    fn step(&mut self, input: Input) {
        let before = self.scheduler.mode();
        let actions = self.scheduler.step(input);
        if before < Mode::Draining && self.scheduler.mode() == Mode::Draining {
            self.escalated(
                Mode::Draining,
                "a required node did not pass".to_owned(),
                None,
            );
        }
        for action in actions {
            self.perform(action);
        }
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Start { node, attempt } => self.start(node, attempt, Duration::ZERO),
            Action::Retry { node, attempt } => {
                let retry = self.shared.node_of(node).common.retry.as_ref();
                let delay = retry.map_or(Duration::ZERO, |retry| retry.delay.0);
                self.start(node, attempt, delay);
            }
            Action::Stop { node, kill } => {
                if let Some(halt) = &self.halts[node.index()] {
                    let how = if kill { Halt::Killed } else { Halt::Stopped };
                    halt.send_replace(Some(how));
                }
            }
            Action::Settled {
                node,
                outcome,
                cause,
            } => self.settled(node, outcome, cause),
            Action::Complete => self.complete = true,
        }
    }

    fn start(&mut self, node: NodeId, attempt: u32, delay: Duration) {
        let halt = Rc::new(watch::Sender::new(None));
        self.halts[node.index()] = Some(Rc::clone(&halt));
        self.begun[node.index()].get_or_insert_with(Instant::now);
        if attempt == 1 {
            self.shared.running.borrow_mut().push(node);
        }
        let start = task::Start {
            node,
            attempt,
            delay,
            halt,
        };
        let shared = Rc::clone(&self.shared);
        let results = self.results.0.clone();
        tokio::task::spawn_local(async move {
            let finish = task::attempt(shared, start).await;
            // The receiver lives as long as the engine, which outlives every attempt.
            let _ = results.send(finish);
        });
    }

    fn finish(&mut self, finish: Finish) {
        let (node, outcome) = (finish.node, finish.conclusion.outcome);
        self.unswept = true;
        if outcome == Outcome::Passed && self.shared.plan.nodes[node.index()].environment {
            self.shared.recorder.emit(Body::EnvironmentUp {
                node: self.shared.id(node),
                published: finish.published.clone(),
            });
            self.shared
                .published
                .borrow_mut()
                .insert(node, finish.published.clone());
        }
        let attempt = finish.attempt;
        let reason = finish.conclusion.reason.clone().unwrap_or_default();
        self.finished[node.index()] = Some(Box::new(finish));
        let actions = self.scheduler.step(Input::Finished { node, outcome });
        let retried = actions
            .iter()
            .any(|action| matches!(action, Action::Retry { node: again, .. } if *again == node));
        if retried {
            self.shared.recorder.emit(Body::NodeRetried {
                node: self.shared.id(node),
                attempt,
                outcome,
                reason,
            });
        }
        if self.scheduler.mode() == Mode::Draining
            && self
                .shared
                .recorder
                .with_state(|state| state.escalation.is_none())
        {
            let reason = format!("`{}` did not pass", self.shared.id(node));
            self.escalated(Mode::Draining, reason, None);
        }
        for action in actions {
            self.perform(action);
        }
    }

    fn settled(&mut self, node: NodeId, outcome: Outcome, cause: Cause) {
        self.halts[node.index()] = None;
        self.shared
            .running
            .borrow_mut()
            .retain(|running| *running != node);
        let detail = match self.finished[node.index()].take() {
            Some(finish) if cause == Cause::Reported => self.detail(*finish),
            _ => self.unstarted(node, cause),
        };
        self.shared.recorder.emit(Body::NodeSettled {
            node: self.shared.id(node),
            outcome,
            detail,
        });
        let planned = &self.shared.plan.nodes[node.index()];
        if let Some(environment) = planned.finalises
            && cause == Cause::Reported
            && self.is_taken_down(environment)
        {
            self.shared.recorder.emit(Body::EnvironmentDown {
                node: self.shared.id(environment),
            });
        }
        if planned.environment || planned.finalises.is_some() {
            // Whoever cleans up after a crash must do nothing twice.
            self.shared.recorder.flush();
        }
    }

    /// Whether every teardown of an environment has done its work. The processes of a service are
    /// ended in any case.
    fn is_taken_down(&self, environment: NodeId) -> bool {
        let teardowns = self
            .shared
            .plan
            .nodes
            .iter()
            .filter(|node| node.finalises == Some(environment));
        self.shared.recorder.with_state(|state| {
            teardowns.into_iter().all(|teardown| {
                let outcome = state.node(&teardown.id).and_then(|node| node.outcome);
                let ends_with_us = match teardown.work {
                    Some(Work::Down(node)) => !self.shared.pipeline.nodes[node].kind.is_detached(),
                    _ => false,
                };
                outcome == Some(Outcome::Passed) || (ends_with_us && outcome.is_some())
            })
        })
    }

    fn detail(&self, finish: Finish) -> Detail {
        let Conclusion {
            outcome,
            reason,
            code,
            exit_code,
            remedy,
        } = finish.conclusion;
        let begun = self.begun[finish.node.index()];
        let took = begun.map_or(Duration::ZERO, |begun| begun.elapsed());
        let flaky = outcome == Outcome::Passed && finish.attempt > 1;
        Detail {
            reason,
            code: code.map(str::to_owned),
            exit_code,
            command: finish.command,
            log: finish.logged.then(|| {
                let folder = &self.shared.folder;
                folder.log_name(&self.shared.id(finish.node), finish.attempt)
            }),
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            marks: if flaky {
                vec!["flaky".to_owned()]
            } else {
                Vec::new()
            },
            remedy,
        }
    }

    /// The detail of a node that was settled without an attempt.
    fn unstarted(&self, node: NodeId, cause: Cause) -> Detail {
        let (code, reason) = match cause {
            Cause::Planned | Cause::Reported => {
                let why = &self.shared.plan.nodes[node.index()].why;
                (why.code, why.text.clone())
            }
            Cause::Need(need) => self.need(need),
            Cause::EnvironmentNotStarted => (
                "environment-not-started",
                "there is nothing to take down".to_owned(),
            ),
            Cause::Stopped => ("run-stopped", "the run was stopped before".to_owned()),
            Cause::Interrupted => ("cancelled", "the run was called off before".to_owned()),
        };
        Detail {
            code: Some(code.to_owned()),
            reason: Some(reason),
            ..Detail::default()
        }
    }

    fn need(&self, need: NodeId) -> (&'static str, String) {
        let id = self.shared.id(need);
        self.shared.recorder.with_state(|state| {
            let record = state.node(&id);
            let stated = record.is_some_and(crate::event::NodeRecord::is_stated_skip);
            let outcome = record.and_then(|record| record.outcome);
            let (code, how) = match outcome {
                Some(Outcome::Skipped) if stated => ("need-skipped", "was skipped"),
                Some(Outcome::Skipped) => ("need-not-passed", "was not run"),
                Some(Outcome::TimedOut) => ("need-not-passed", "timed out"),
                Some(Outcome::Error) => ("need-not-passed", "could not be judged"),
                Some(Outcome::Cancelled) => ("need-not-passed", "was cancelled"),
                _ => ("need-not-passed", "failed"),
            };
            (code, format!("needs `{id}`, which {how}"))
        })
    }

    fn escalated(&self, mode: Mode, reason: String, exit_code: Option<u8>) {
        self.shared.recorder.emit(Body::RunEscalated {
            mode,
            reason,
            exit_code,
        });
    }

    fn called(&mut self, call: Call) {
        let mode = self.scheduler.mode();
        let (next, name) = match call {
            Call::Interrupt if mode >= Mode::Interrupted => (Mode::Killed, "a second Ctrl-C"),
            Call::Interrupt => (Mode::Interrupted, "Ctrl-C"),
            Call::Terminate => (Mode::Interrupted, "SIGTERM"),
            Call::Quit => (Mode::Killed, "SIGQUIT"),
        };
        if next > mode {
            self.escalated(
                next,
                format!("called off by {name}"),
                Some(call.exit_code()),
            );
            self.step(Input::Escalate(next));
        }
    }

    fn out_of_time(&mut self, limit: Duration) {
        if self.scheduler.mode() < Mode::Interrupted {
            let reason = format!("the run's time of {} was over", print_duration(limit));
            self.escalated(Mode::Interrupted, reason, None);
            self.step(Input::Escalate(Mode::Interrupted));
        }
    }

    fn sweep(&mut self) {
        self.unswept = false;
        let shared = Rc::clone(&self.shared);
        tokio::task::spawn_local(async move { ending::sweep(&shared, false).await });
    }

    /// Ends what is left once all nodes are done: services whose teardown was given up, and strays.
    async fn leave_nothing(
        &mut self,
        children: &mut tokio::signal::unix::Signal,
        control: &mut Control,
    ) {
        let shared = Rc::clone(&self.shared);
        let ending = async {
            loop {
                let next = shared
                    .services
                    .borrow()
                    .iter()
                    .next()
                    .map(|(node, _)| *node);
                let Some(node) = next else { break };
                let process = shared.services.borrow_mut().remove(&node);
                if let Some(process) = process {
                    let halt = watch::Sender::new(Some(Halt::Killed)).subscribe();
                    let how = (rustix::process::Signal::TERM, Duration::ZERO);
                    ending::end_service(&shared, &process, node, how, halt).await;
                    shared.recorder.emit(Body::EnvironmentDown {
                        node: Arc::clone(&shared.plan.nodes[node.index()].id),
                    });
                }
            }
            shared.children.reap();
            if !ending::is_childless(&shared) {
                ending::sweep(&shared, true).await;
            }
        };
        let mut ending = std::pin::pin!(ending);
        loop {
            tokio::select! {
                () = &mut ending => return,
                _ = children.recv() => shared.children.reap(),
                _ = control.next() => {}
            }
        }
    }
}

/// Waits until a moment; for ever without one.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Prepares this process for being the one that all strays come to.
pub(super) fn prepare() {
    guardian::become_subreaper();
}
