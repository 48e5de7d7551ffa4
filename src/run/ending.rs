//! Ending processes: asked first, killed after their grace, strays included.

use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Signal, WaitOptions};
use tokio::sync::watch;
use tokio::time::Instant;

use super::attempt::Halt;
use super::process::Process;
use super::shared::Shared;
use super::table::{self, Row};
use crate::event::{Body, Finding, Grade, LEAKED};
use crate::id::NodeId;

/// How long a process has to end by itself.
pub(super) const GRACE: Duration = Duration::from_secs(5);
/// How long a stray has: nobody waits for what it still wants to say.
const STRAY_GRACE: Duration = Duration::from_secs(1);
/// How long a killed process may take to go. What is left then can't be killed by this user.
const GIVE_UP: Duration = Duration::from_secs(5);
/// Pause between two looks at whether something is gone.
const PAUSE: Duration = Duration::from_millis(10);

/// Ends a command that has to end before its time, with all that it started.
pub(super) async fn end_tree(
    shared: &Shared,
    process: &Process,
    node: NodeId,
    halt: watch::Receiver<Option<Halt>>,
) {
    end_service(shared, process, node, (Signal::TERM, GRACE), halt).await;
}

/// Ends a process and all that belongs to its node: a signal to its group, its grace, and the end.
pub(super) async fn end_service(
    shared: &Shared,
    process: &Process,
    node: NodeId,
    (signal, grace): (Signal, Duration),
    mut halt: watch::Receiver<Option<Halt>>,
) {
    process.signal(signal);
    for row in family(shared, process, node) {
        row.signal(signal);
    }
    let killed = async {
        let killed = |halt: &Option<Halt>| *halt == Some(Halt::Killed);
        if halt.wait_for(killed).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = gone(shared, process, node) => return,
        () = tokio::time::sleep(grace) => {}
        () = killed => {}
    }
    let killed = Instant::now();
    while killed.elapsed() < GIVE_UP {
        process.signal(Signal::KILL);
        for row in family(shared, process, node) {
            row.signal(Signal::KILL);
        }
        let tried = tokio::time::timeout(PAUSE * 10, gone(shared, process, node)).await;
        if tried.is_ok() {
            return;
        }
    }
}

/// Waits until a process and its node's family are gone.
async fn gone(shared: &Shared, process: &Process, node: NodeId) {
    process.ended().await;
    while process.group_is_alive() || !family(shared, process, node).is_empty() {
        reap_strays(shared);
        if family(shared, process, node).is_empty() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Every living process that belongs to a node: of its group, of its descent, or marked by its
/// environment as the node's in this run.
fn family(shared: &Shared, process: &Process, node: NodeId) -> Vec<Row> {
    let rows = table::rows();
    let leader = process.pid.as_raw_nonzero().get();
    let me = rustix::process::getpid().as_raw_nonzero().get();
    let led = if process.status().is_none() {
        table::descendants(&rows, leader)
    } else {
        Vec::new()
    };
    let ours = table::descendants(&rows, me);
    let id = shared.id(node);
    ours.into_iter()
        .filter(|row| !row.zombie && row.pid != process.pid)
        .filter(|row| led.contains(row) || row.group == leader || is_marked(shared, row, &id))
        .collect()
}

fn is_marked(shared: &Shared, row: &Row, id: &str) -> bool {
    row.variable("SDD_NODE").as_deref() == Some(id)
        && row.variable("SDD_RUN").as_deref() == Some(&shared.folder.id)
}

/// Ends what a command left in its process group when it ended by itself, and names it.
pub(super) async fn end_group(shared: &Shared, process: &Process, node: NodeId) {
    if process.status().is_none() || !process.group_is_alive() {
        return;
    }
    let leader = process.pid.as_raw_nonzero().get();
    let me = rustix::process::getpid().as_raw_nonzero().get();
    let strays: Vec<Row> = table::descendants(&table::rows(), me)
        .into_iter()
        .filter(|row| row.group == leader && !row.zombie)
        .collect();
    name_leaks(shared, &shared.id(node), &strays);
    end_strays(shared, strays).await;
}

/// Ends processes that belong to no node which is in use any more, and names them. Processes that
/// can't be attributed stay until `all` is asked for.
pub(super) async fn sweep(shared: &Shared, all: bool) {
    reap_strays(shared);
    let me = rustix::process::getpid().as_raw_nonzero().get();
    let rows = table::rows();
    let mut strays = Vec::new();
    let adopted = rows.iter().filter(|row| row.parent == me && !row.zombie);
    for root in adopted.filter(|row| !shared.children.contains(row.pid)) {
        let owner = root.variable("SDD_NODE");
        let in_use = owner
            .as_deref()
            .map_or(!all, |owner| shared.is_in_use(owner));
        if in_use && !all {
            continue;
        }
        let tree = table::descendants(&rows, root.pid.as_raw_nonzero().get());
        let tree: Vec<Row> = std::iter::once(*root)
            .chain(tree)
            .filter(|row| !row.zombie)
            .collect();
        if let Some(owner) = owner {
            name_leaks(shared, &owner.into(), &tree[..1]);
        }
        strays.extend(tree);
    }
    end_strays(shared, strays).await;
}

fn name_leaks(shared: &Shared, node: &Arc<str>, strays: &[Row]) {
    for stray in strays {
        let message = format!(
            "left a process running, which was ended: {} (pid {})",
            stray.command(),
            stray.pid.as_raw_nonzero()
        );
        shared.recorder.emit(Body::Finding {
            node: Arc::clone(node),
            finding: Finding::new(LEAKED, Grade::Medium, message),
        });
    }
}

async fn end_strays(shared: &Shared, strays: Vec<Row>) {
    if strays.is_empty() {
        return;
    }
    for row in &strays {
        row.signal(Signal::TERM);
    }
    let begun = Instant::now();
    loop {
        reap_strays(shared);
        let left: Vec<&Row> = strays.iter().filter(|row| row.is_alive()).collect();
        if left.is_empty() || begun.elapsed() > STRAY_GRACE + GIVE_UP {
            return;
        }
        if begun.elapsed() >= STRAY_GRACE {
            for row in left {
                row.signal(Signal::KILL);
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Takes note of the end of orphans that became this process's children.
fn reap_strays(shared: &Shared) {
    let me = rustix::process::getpid().as_raw_nonzero().get();
    for row in table::rows() {
        if row.parent == me && row.zombie && !shared.children.contains(row.pid) {
            let _ = rustix::process::waitpid(Some(row.pid), WaitOptions::NOHANG);
        }
    }
}

/// Whether this process has no children at all, so that there is nothing to sweep.
pub(super) fn is_childless(shared: &Shared) -> bool {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    shared.children.is_empty() && waitid(WaitId::All, look).is_err()
}
