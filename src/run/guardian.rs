//! The guardian: a tiny parent that sees to it that nothing is left behind when the worker dies.
//!
//! It is the subreaper of everything that the worker starts, so when the worker is killed, all of
//! that becomes the guardian's. When the guardian is killed, the worker's standard input ends,
//! and it ends the run as on SIGTERM.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use super::process::Answer;
use super::table::Row;
use super::{process, table};

/// Tells a worker that it is one, and whose.
pub const WORKER: &str = "SDD_WORKER";

/// Exit codes by which a worker says goodbye; any other end is a death.
const GOODBYES: &[i32] = &[0, 1, 2, 3, 130, 143];

/// How long processes have between the signal that asks them to end and the one that ends them.
const GRACE: Duration = Duration::from_secs(2);

/// Whether this process is a worker under a guardian that is alive.
pub fn is_worker() -> bool {
    let parent = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get());
    let guardian = std::env::var(WORKER)
        .ok()
        .and_then(|pid| pid.parse::<i32>().ok());
    guardian.is_some() && guardian == parent
}

/// Runs the worker with these arguments and gives the exit code. `recover` are the arguments by
/// which what a dead worker owes is taken down.
pub fn guard(args: &[OsString], recover: &[OsString]) -> io::Result<u8> {
    become_subreaper();
    let mut signals = Signals::new([SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
    let (input, mut pipe) = os_pipe::pipe()?;
    let inherited = children();
    let worker = process::start_worker(args, WORKER, input, Answer::Ours)?;
    let status = watch(worker.id(), &mut signals, &mut pipe);
    match status.code().filter(|code| GOODBYES.contains(code)) {
        Some(code) => {
            end_descendants(&inherited);
            Ok(u8::try_from(code).unwrap_or(3))
        }
        None => Ok(clean_up(status, recover, &inherited)),
    }
}

/// Passes signals on until the worker is gone.
fn watch(worker: u32, signals: &mut Signals, pipe: &mut os_pipe::PipeWriter) -> ExitStatus {
    for signal in signals.forever() {
        let code = match signal {
            SIGCHLD => match reap(worker) {
                Some(status) => return status,
                None => continue,
            },
            SIGINT => b'i',
            SIGQUIT => b'q',
            _ => b't',
        };
        // A worker that does not read any more is about to end.
        let _ = pipe.write_all(&[code]);
    }
    ExitStatus::default()
}

/// Takes note of every child that has ended; the status of the worker if it is among them.
fn reap(worker: u32) -> Option<ExitStatus> {
    use std::os::unix::process::ExitStatusExt;
    let mut found = None;
    while let Ok(Some((pid, status))) = rustix::process::wait(WaitOptions::NOHANG) {
        if pid.as_raw_nonzero().get().cast_unsigned() == worker {
            found = Some(ExitStatus::from_raw(status.as_raw()));
        }
    }
    found
}

/// Sees to what a worker left that did not say goodbye.
fn clean_up(status: ExitStatus, recover: &[OsString], inherited: &[Row]) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    // A worker that a signal ends before it listens has begun nothing, as a rule.
    let called_off = match status.signal() {
        Some(SIGINT) => Some(130),
        Some(SIGTERM | SIGHUP) => Some(143),
        _ => None,
    };
    if called_off.is_none() {
        say(&format!(
            "sdd: the run was cut off ({status}); taking down what it left"
        ));
    }
    let recovered = os_pipe::pipe()
        .and_then(|(input, _pipe)| {
            process::start_worker(recover, "SDD_RECOVER", input, Answer::Nobodys)
        })
        .and_then(|mut child| child.wait());
    end_descendants(inherited);
    if !recovered.is_ok_and(|status| status.success()) {
        say("sdd: something may be left; `sdd recover` tries again and names it");
    }
    called_off.unwrap_or(3)
}

/// Says something on the standard error, if somebody listens: cleaning up matters more.
fn say(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// Lets orphans of this process's descendants become its children. Where the system has no such
/// thing, process groups are all that is ended.
pub(super) fn become_subreaper() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Ends every process that descends from this one: asks, waits, kills, until none is left.
/// Children that were there `before`, and what descends from them, are none of its business.
fn end_descendants(before: &[Row]) {
    if no_children() {
        return;
    }
    let me = rustix::process::getpid().as_raw_nonzero().get();
    let begun = Instant::now();
    loop {
        let rows = table::rows();
        let foreign: Vec<Row> = before
            .iter()
            .flat_map(|row| {
                let pid = row.pid.as_raw_nonzero().get();
                std::iter::once(*row).chain(table::descendants(&rows, pid))
            })
            .collect();
        let left: Vec<_> = table::descendants(&rows, me)
            .into_iter()
            .filter(|row| !row.zombie && !foreign.iter().any(|other| other.pid == row.pid))
            .collect();
        // What can't be killed, such as a process of another user, keeps nobody waiting for ever.
        if left.is_empty() || begun.elapsed() > GRACE * 4 {
            while let Ok(Some(_)) = rustix::process::wait(WaitOptions::NOHANG) {}
            return;
        }
        let signal = if begun.elapsed() < GRACE {
            Signal::TERM
        } else {
            Signal::KILL
        };
        for row in left {
            row.signal(signal);
        }
        std::thread::sleep(Duration::from_millis(20));
        while let Ok(Some(_)) = rustix::process::wait(WaitOptions::NOHANG) {}
    }
}

/// Children that this process has already: those of a shell that it replaced.
fn children() -> Vec<Row> {
    if no_children() {
        return Vec::new();
    }
    let me = rustix::process::getpid().as_raw_nonzero().get();
    table::rows()
        .into_iter()
        .filter(|row| row.parent == me)
        .collect()
}

fn no_children() -> bool {
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => {}
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
}

/// The id of this process.
pub(super) fn own_pid() -> Pid {
    rustix::process::getpid()
}
