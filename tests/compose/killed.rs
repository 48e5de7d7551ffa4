//! Whatever dies, and whenever: no stack is left.

use std::time::Duration;

use crate::support::{Running, signal};
use crate::{assert_nothing_left, left, service, stack};

/// Moments at which the run is ended, in milliseconds after its start. `SDD_TEST_KILLS` asks for
/// more than the suite has time for.
fn moments() -> Vec<u64> {
    let count = std::env::var("SDD_TEST_KILLS").ok();
    let count = count.and_then(|count| count.parse().ok()).unwrap_or(4);
    // Spread evenly over coming up, waiting, use and going down, and never the same twice.
    (0..count)
        .map(|n| 40 + n * 3600 / count + (n * 7919) % 53)
        .collect()
}

/// Whom a signal goes to, and which.
type Signals<'s> = &'s [(fn(&Running) -> i32, &'s str)];

fn ended_by(how: Signals<'_>) {
    for moment in moments() {
        let project = stack("", &service("db", "sleep 1000", ", volumes: [\"/data\"]"));
        let running = project.start(&["run"]);
        let pids: Vec<(i32, &str)> = how
            .iter()
            .map(|(whom, name)| (whom(&running), *name))
            .collect();
        std::thread::sleep(Duration::from_millis(moment));
        for (pid, name) in pids {
            signal(pid, name);
        }
        let _ = running.finish();
        // Both dead: the next one cleans up.
        if how.len() > 1 {
            let _ = project.sdd(&["recover"]);
        }
        crate::support::wait_until("nothing is left", || left(&project).is_empty());
        assert_nothing_left(&project);
    }
}

#[test]
fn sigkill_of_the_worker_leaves_nothing_at_any_moment() {
    ended_by(&[(Running::worker, "KILL")]);
}

#[test]
fn sigkill_of_the_guardian_leaves_nothing_at_any_moment() {
    ended_by(&[(Running::pid, "KILL")]);
}

#[test]
fn sigkill_of_both_leaves_nothing_after_recovery() {
    ended_by(&[
        (Running::pid, "STOP"),
        (Running::worker, "STOP"),
        (Running::pid, "KILL"),
        (Running::worker, "KILL"),
    ]);
}

#[test]
fn sigterm_and_sigint_leave_nothing_at_any_moment() {
    ended_by(&[(Running::pid, "TERM")]);
    ended_by(&[(Running::pid, "INT")]);
}

#[test]
fn a_second_ctrl_c_leaves_nothing_that_recovery_does_not_find() {
    let twice: Signals<'_> = &[(Running::pid, "INT"), (Running::pid, "INT")];
    ended_by(twice);
}
