//! One attempt from its start to its conclusion.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::attempt::{Attempt, Halt};
use super::shared::Shared;
use crate::event::Body;
use crate::graph::Work;
use crate::host::Conclusion;
use crate::id::NodeId;
use crate::model::OnMissing;
use crate::sched::Outcome;
use crate::spec::print_duration;

/// Bytes of a log that are shown of an attempt that did not pass.
const TAIL: u64 = 8 << 10;

/// What to attempt.
pub(super) struct Start {
    pub(super) node: NodeId,
    pub(super) attempt: u32,
    pub(super) delay: Duration,
    pub(super) halt: Rc<watch::Sender<Option<Halt>>>,
}

/// How an attempt ended.
pub(super) struct Finish {
    pub(super) node: NodeId,
    pub(super) attempt: u32,
    pub(super) conclusion: Conclusion,
    pub(super) command: Vec<String>,
    /// Whether there is a log.
    pub(super) logged: bool,
    pub(super) published: BTreeMap<String, String>,
}

/// Makes one attempt.
pub(super) async fn attempt(shared: Rc<Shared>, start: Start) -> Finish {
    let mut halted = start.halt.subscribe();
    if !start.delay.is_zero() {
        tokio::select! {
            () = tokio::time::sleep(start.delay) => {}
            _ = halted.wait_for(Option::is_some) => {}
        }
    }
    let id = shared.id(start.node);
    let planned = &shared.plan.nodes[start.node.index()];
    shared.recorder.emit(Body::NodeStarted {
        node: Arc::clone(&id),
        attempt: start.attempt,
    });
    if planned.environment || planned.finalises.is_some() {
        // Whoever cleans up after a crash has to know what had begun.
        shared.recorder.flush();
    }
    let subject = match (planned.work, planned.finalises) {
        (Some(Work::Down(_)), Some(environment)) => environment,
        _ => start.node,
    };
    let out = match shared.out.make(&id, start.attempt) {
        Ok(out) => out,
        Err(error) => {
            let reason = format!("its folder for reports can't be made: {error}");
            let conclusion = Conclusion::new(Outcome::Error, "state-folder", reason);
            return finish(&start, conclusion, None);
        }
    };
    let attempt = Attempt {
        shared: Rc::clone(&shared),
        node: start.node,
        subject,
        number: start.attempt,
        id,
        out,
        halt: start.halt.subscribe(),
        published: RefCell::default(),
        command: RefCell::default(),
        logged: Cell::new(false),
        missing: Cell::new(false),
        drained: RefCell::default(),
    };
    let conclusion = in_time(&attempt, &start.halt).await;
    if !matches!(conclusion.outcome, Outcome::Passed | Outcome::Skipped) {
        tell_output(&attempt);
    }
    if !planned.environment {
        shared.out.give_back(&attempt.id, attempt.number);
    }
    finish(&start, conclusion, Some(&attempt))
}

fn finish(start: &Start, conclusion: Conclusion, attempt: Option<&Attempt>) -> Finish {
    Finish {
        node: start.node,
        attempt: start.attempt,
        conclusion,
        command: attempt
            .map(|attempt| attempt.command.take())
            .unwrap_or_default(),
        logged: attempt.is_some_and(|attempt| attempt.logged.get()),
        published: attempt
            .map(|attempt| attempt.published.take())
            .unwrap_or_default(),
    }
}

/// Lets the kind work, and tells it to end when its time is over.
async fn in_time(attempt: &Attempt, halt: &watch::Sender<Option<Halt>>) -> Conclusion {
    let node = attempt.shared.node_of(attempt.node);
    let down = attempt.subject != attempt.node;
    let limit = if down {
        node.kind.down_limit()
    } else {
        node.common.timeout.0
    };
    let work = async {
        if down {
            node.kind.down(attempt).await
        } else {
            node.kind.run(attempt).await
        }
    };
    let mut work = std::pin::pin!(work);
    let conclusion = tokio::select! {
        biased;
        conclusion = &mut work => conclusion,
        () = tokio::time::sleep(limit) => {
            halt.send_if_modified(|halt| {
                let first = halt.is_none();
                halt.get_or_insert(Halt::TimedOut);
                first
            });
            work.await
        }
    };
    let halted = *halt.borrow();
    match halted {
        _ if conclusion.outcome == Outcome::Passed => conclusion,
        Some(Halt::TimedOut) => {
            let reason = format!("its time of {} was over", print_duration(limit));
            Conclusion::new(Outcome::TimedOut, "timed-out", reason)
                .remedy("raise `timeout` if it only needs longer")
        }
        Some(_) => Conclusion::new(Outcome::Cancelled, "cancelled", "the run was called off"),
        None if attempt.missing.get()
            && conclusion.code == Some("tool-missing")
            && node.common.on_missing == OnMissing::Skip =>
        {
            Conclusion {
                outcome: Outcome::Skipped,
                ..conclusion
            }
        }
        None => conclusion,
    }
}

/// Notes the end of the log of an attempt that did not pass.
fn tell_output(attempt: &Attempt) {
    let path = attempt.shared.folder.log_path(&attempt.id, attempt.number);
    let Some((text, omitted)) = tail(&path) else {
        return;
    };
    attempt.shared.recorder.emit(Body::NodeOutput {
        node: Arc::clone(&attempt.id),
        attempt: attempt.number,
        text,
        omitted,
    });
}

/// The last whole lines of a file and the number of bytes before them; `None` if it is empty.
fn tail(path: &Path) -> Option<(String, u64)> {
    let mut file = std::fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let start = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).ok()?;
    let cut = match start {
        0 => 0,
        _ => bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1),
    };
    let text = String::from_utf8_lossy(&bytes[cut..]).into_owned();
    (!text.trim().is_empty()).then_some((text, start + cut as u64))
}
