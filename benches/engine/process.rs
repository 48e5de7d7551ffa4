//! Finding, signalling and ending the processes of this benchmark, by the mark that they carry.

use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How often the process table is looked at while waiting for something to change.
const GLANCE: Duration = Duration::from_millis(20);

/// Processes that carry `mark` in their environment or arguments; those that are over do not count.
pub(crate) fn marked(mark: &str) -> Vec<i32> {
    let own = i32::try_from(std::process::id()).expect("process ids are positive");
    let entries = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|&pid| pid != own && carries(pid, mark))
        .collect()
}

/// How many processes that carry `mark` run `program`.
pub(crate) fn running(mark: &str, program: &Path) -> usize {
    marked(mark)
        .into_iter()
        .filter(|&pid| executable(pid).as_deref() == Some(program))
        .count()
}

/// Kills whatever carries `mark`, until nothing does.
pub(crate) fn end_marked(mark: &str) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        let left = marked(mark);
        if left.is_empty() {
            return;
        }
        for pid in left {
            send(pid, Signal::KILL);
        }
        thread::sleep(GLANCE);
    }
}

/// Signals one process; one that is gone needs none.
pub(crate) fn send(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        _ = kill_process(pid, signal);
    }
}

/// A child of `parent` that runs the same program: the worker of a tool that guards itself.
pub(crate) fn worker(parent: i32, mark: &str) -> Option<i32> {
    let program = executable(parent)?;
    marked(mark)
        .into_iter()
        .find(|&pid| parent_of(pid) == Some(parent) && executable(pid).as_ref() == Some(&program))
}

/// Waits until `ready` says so; whether it did within the limit.
pub(crate) fn wait_until(limit: Duration, mut ready: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !ready() {
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(GLANCE);
    }
    true
}

fn carries(pid: i32, mark: &str) -> bool {
    ["environ", "cmdline"].iter().any(|file| {
        let text = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        text.windows(mark.len())
            .any(|window| window == mark.as_bytes())
    })
}

fn executable(pid: i32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/exe")).ok()
}

fn parent_of(pid: i32) -> Option<i32> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name stands in parentheses and may hold anything; the state and the parent follow it.
    text.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}
