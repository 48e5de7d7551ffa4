//! What the end of a command means. Pure.

use crate::host::{Conclusion, Ended};
use crate::sched::Outcome;

/// Judges a command whose exit code alone is the evidence.
pub fn by_exit_code(ended: &Ended, passing: &[i32], skipping: &[i32]) -> Conclusion {
    match ended {
        Ended::Exited(code) if passing.contains(code) => Conclusion::passed().exit_code(*code),
        Ended::Exited(code) if skipping.contains(code) => {
            let reason = format!("it exited with {code}, which means: nothing to do");
            Conclusion::new(Outcome::Skipped, "skip-exit-code", reason).exit_code(*code)
        }
        Ended::Exited(code) => {
            let reason = format!("it exited with {code}");
            Conclusion::new(Outcome::Failed, "exit-code", reason).exit_code(*code)
        }
        other => could_not_tell(other),
    }
}

/// Judges a command that did not come to its own end.
pub fn could_not_tell(ended: &Ended) -> Conclusion {
    match ended {
        Ended::Exited(code) => {
            let reason = format!("it exited with {code}");
            Conclusion::new(Outcome::Error, "exit-code", reason).exit_code(*code)
        }
        Ended::Signalled(signal) => {
            let reason = format!("it was ended by {}", signal_name(*signal));
            Conclusion::new(Outcome::Error, "signal", reason)
        }
        Ended::NotFound { program } => {
            let reason = format!("the program `{program}` was not found");
            Conclusion::new(Outcome::Error, "tool-missing", reason).remedy(format!(
                "install `{program}`, or name it by its path; looked in node_modules/.bin, .venv/bin, venv/bin and PATH"
            ))
        }
        Ended::NotStarted { reason, remedy } => {
            Conclusion::new(Outcome::Error, "not-started", reason).remedy(remedy)
        }
        Ended::NotExpanded(missing) => {
            let reason = format!("{} has no value: {}", missing.name, missing.reason);
            Conclusion::new(Outcome::Error, "no-value", reason)
        }
        Ended::TimedOut => Conclusion::new(Outcome::TimedOut, "timed-out", "its time was over"),
        Ended::Stopped => {
            Conclusion::new(Outcome::Cancelled, "cancelled", "the run was called off")
        }
    }
}

/// A command of which nobody can read what it found.
pub fn nothing_read(reason: &str) -> Conclusion {
    Conclusion::new(Outcome::Error, "findings-unread", reason)
}

/// The name of a signal, for people.
pub fn signal_name(signal: i32) -> String {
    const NAMES: &[(i32, &str)] = &[
        (1, "SIGHUP"),
        (2, "SIGINT"),
        (3, "SIGQUIT"),
        (4, "SIGILL"),
        (6, "SIGABRT"),
        (8, "SIGFPE"),
        (9, "SIGKILL (out of memory, perhaps)"),
        (11, "SIGSEGV"),
        (13, "SIGPIPE"),
        (15, "SIGTERM"),
    ];
    NAMES
        .iter()
        .find(|(number, _)| *number == signal)
        .map_or_else(
            || format!("signal {signal}"),
            |(_, name)| (*name).to_owned(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_exit_codes_pass() {
        let judge = |code| by_exit_code(&Ended::Exited(code), &[0, 3], &[75]).outcome;
        assert_eq!(judge(0), Outcome::Passed);
        assert_eq!(judge(3), Outcome::Passed);
        assert_eq!(judge(75), Outcome::Skipped);
        assert_eq!(judge(1), Outcome::Failed);
    }

    #[test]
    fn a_crash_is_an_error_and_not_a_failure() {
        let conclusion = by_exit_code(&Ended::Signalled(11), &[0], &[]);
        assert_eq!(conclusion.outcome, Outcome::Error);
        assert_eq!(
            conclusion.reason.as_deref(),
            Some("it was ended by SIGSEGV")
        );
    }
}
