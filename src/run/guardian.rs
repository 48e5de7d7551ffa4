//! The guardian: a tiny parent that sees to it that nothing is left behind when the worker dies.
//!
//! It is the subreaper of everything that the worker starts, so when the worker is killed, all of
//! that becomes the guardian's. When the guardian is killed, the worker's standard input ends,
//! and it ends the run as on SIGTERM.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitStatus;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fork::Fork;
use nix::sys::signal::{SigSet, SigmaskHow};
use rustix::process::{Pid, Signal, WaitOptions};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use super::table::Row;
use super::{process, table};

/// The guardian that this process works under, if it is a worker.
static GUARDIAN: OnceLock<Pid> = OnceLock::new();

/// Exit codes by which a worker says goodbye; any other end is a death.
const GOODBYES: &[i32] = &[0, 1, 2, 3, 130, 143];

/// How long processes have between the signal that asks them to end and the one that ends them.
const GRACE: Duration = Duration::from_secs(2);

/// The guardian that this process works under.
pub(super) fn guardian() -> Option<Pid> {
    GUARDIAN.get().copied()
}

/// Divides this process into guardian and worker. The guardian comes back once the worker is gone,
/// with the exit code; the worker comes back at once, with `None`. `recover` are the arguments by
/// which what a dead worker owes is taken down.
///
/// To be called before anything starts a thread: of the threads of a process, the worker has the
/// one that calls. The worker is no second start of the program, since loading it costs more than
/// all that a small run does.
pub fn divide(recover: &[OsString]) -> io::Result<Option<u8>> {
    become_subreaper();
    let inherited = children();
    let (input, mut pipe) = os_pipe::pipe()?;
    let guardian = own_pid();
    // A signal that comes before both listen is to reach each of them in its own way.
    let usual = SigSet::all().thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    match fork::fork()? {
        Fork::Child => {
            drop(pipe);
            rustix::stdio::dup2_stdin(&input)?;
            drop(input);
            GUARDIAN.get_or_init(|| guardian);
            usual.thread_set_mask()?;
            Ok(None)
        }
        Fork::Parent(worker) => {
            drop(input);
            let mut signals = Signals::new([SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
            usual.thread_set_mask()?;
            let status = watch(worker, &mut signals, &mut pipe);
            Ok(Some(end(status, recover, &inherited)))
        }
    }
}

/// Sees the run off once its worker is gone, and gives the exit code.
fn end(status: ExitStatus, recover: &[OsString], inherited: &[Row]) -> u8 {
    match status.code().filter(|code| GOODBYES.contains(code)) {
        Some(code) => {
            end_descendants(inherited);
            u8::try_from(code).unwrap_or(3)
        }
        None => clean_up(status, recover, inherited),
    }
}

/// Passes signals on until the worker is gone.
fn watch(worker: i32, signals: &mut Signals, pipe: &mut os_pipe::PipeWriter) -> ExitStatus {
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
fn reap(worker: i32) -> Option<ExitStatus> {
    use std::os::unix::process::ExitStatusExt;
    let mut found = None;
    while let Ok(Some((pid, status))) = rustix::process::wait(WaitOptions::NOHANG) {
        if pid.as_raw_nonzero().get() == worker {
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
        .and_then(|(input, _pipe)| process::start_again(recover, input))
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
