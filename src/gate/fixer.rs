//! Letting a tool mend, and seeing what it changed.

use super::check::{Source, execute};
use super::{Check, weigh};
use crate::event::Measurement;
use crate::host::{Conclusion, Ended, Host};
use crate::sched::Outcome;
use crate::tools::with_words;

/// Runs the command that mends.
pub(super) async fn mend(host: &impl Host, check: &Check<'_>) -> Result<(), Conclusion> {
    let Some(fix) = check.fix else { return Ok(()) };
    let words = check.words(host).await?;
    let command = with_words(fix, &words);
    let ended = execute(host, check, &command, &Source::nowhere(), None).await?;
    let Ended::Exited(code) = ended else {
        return Err(check.could_not_tell(&ended));
    };
    // What it could not mend is for the check that follows to say.
    if check.exit.clean.contains(&code) || check.exit.findings.contains(&code) {
        return Ok(());
    }
    let reason = format!(
        "`{}` failed while mending: it exited with {code}",
        check.name
    );
    Err(Conclusion::new(Outcome::Error, "tool-failed", reason).exit_code(code))
}

/// Reports which files were changed; refuses changes outside of what may be written.
pub(super) fn tell(
    host: &impl Host,
    check: &Check<'_>,
    changed: &[String],
) -> Result<(), Conclusion> {
    host.measure(Measurement::count("files.fixed", changed.len() as u64));
    for path in changed {
        weigh::note(host, "fixed", path, format!("changed by `{}`", check.name));
    }
    let writes = host.writes();
    let may_write = |path: &String| writes.iter().any(|glob| glob.matches(path));
    match changed.iter().find(|path| !may_write(path)) {
        Some(outside) if host.companions().is_empty() => {
            let reason = format!(
                "`{}` changed `{outside}`, which is not among what the node `writes`",
                check.name
            );
            Err(
                Conclusion::new(Outcome::Error, "fixer-wrote-elsewhere", reason)
                    .remedy("add the files to `writes`, so that nothing else reads them meanwhile"),
            )
        }
        _ => Ok(()),
    }
}
