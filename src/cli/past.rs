//! Runs that are over: `sdd runs`, `sdd show`, `sdd report`, `sdd logs`.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde_json::json;

use super::args::FormatArgs;
use super::{Cx, Failure, Outcome, nearest, print_json};
use crate::event::RunState;
use crate::report;
use crate::spec::print_duration;
use crate::store::{self, Lock, RunFolder};

/// Lists the runs that are kept, the newest first.
pub(super) fn runs(cx: &Cx, args: &FormatArgs) -> Outcome {
    let project = cx.project()?;
    let states = store::runs(&project.root)
        .into_iter()
        .rev()
        .filter_map(|id| store::read_run(&project.root.join(store::RUNS).join(id)).ok());
    if args.format == "json" {
        let runs: Vec<_> = states
            .map(|state| {
                json!({"run": state.run, "pipeline": state.pipeline, "verdict": verdict(&project.root, &state),
                       "started_at": state.started_at, "duration_ms": state.elapsed_ms})
            })
            .collect();
        return print_json(&json!({"schema": "sdd.runs/1", "runs": runs}));
    }
    let mut out = io::stdout().lock();
    for state in states {
        let took = print_duration(std::time::Duration::from_millis(state.elapsed_ms));
        writeln!(
            out,
            "{}  {:<9}  {took:>9}  {}",
            state.run,
            verdict(&project.root, &state),
            state.pipeline
        )?;
    }
    Ok(0)
}

fn verdict(root: &Path, state: &RunState) -> &'static str {
    match (state.finished, is_running(root, state)) {
        (true, _) => state.verdict().as_str(),
        (false, Some(_)) => "running",
        (false, None) => "cut off",
    }
}

/// Who runs a run that is not over.
fn is_running(root: &Path, state: &RunState) -> Option<String> {
    let owner = Lock::owner(root).filter(|_| !state.finished)?;
    owner.contains(&state.run).then_some(owner)
}

fn read(cx: &Cx, wanted: &str) -> Result<(RunFolder, RunState), Failure> {
    let project = cx.project()?;
    let folder =
        store::find_run(&project.root, wanted).map_err(|message| Failure::Usage(message, None))?;
    let state = store::read_run(&folder).map_err(|error| {
        Failure::Usage(format!("the run's events can't be read: {error}"), None)
    })?;
    Ok((RunFolder::existing(&project.root, &folder), state))
}

/// The state of a run.
pub(super) fn finished(cx: &Cx, wanted: &str) -> Result<RunState, Failure> {
    read(cx, wanted).map(|(_, state)| state)
}

/// Shows a run as it was shown at its end.
pub(super) fn show(cx: &Cx, wanted: &str) -> Outcome {
    let (folder, state) = read(cx, wanted)?;
    let mut answer = cx.console().answer;
    if let Some(owner) = is_running(&folder.root, &state) {
        writeln!(answer.writer, "still running: {owner}")?;
        return Ok(0);
    }
    report::summary(&state, &answer.style, &mut answer.writer)?;
    Ok(0)
}

/// Reports a run in a format.
pub(super) fn report(cx: &Cx, wanted: &str, name: &str) -> Outcome {
    let (_, state) = read(cx, wanted)?;
    let Some(format) = report::report(name) else {
        return Err(Failure::Usage(
            format!("there is no report format `{name}`"),
            None,
        ));
    };
    let mut answer = cx.console().answer;
    (format.write)(&state, &answer.style, &mut answer.writer)?;
    Ok(0)
}

/// Prints the log of a node; control characters reach no terminal.
pub(super) fn logs(cx: &Cx, node: &str, wanted: &str, attempt: Option<u32>) -> Outcome {
    let (folder, state) = read(cx, wanted)?;
    let Some(record) = state.node(node) else {
        let near = nearest(node, state.nodes.iter().map(crate::event::NodeRecord::id));
        return Err(Failure::Usage(
            format!("run {} has no node `{node}`", state.run),
            near,
        ));
    };
    if record.attempts == 0 {
        return Err(Failure::Usage(
            format!("`{node}` did not run in run {}", state.run),
            None,
        ));
    }
    let attempt = attempt.unwrap_or(record.attempts);
    if attempt == 0 || attempt > record.attempts {
        let message = format!(
            "`{node}` had {} attempts in run {}",
            record.attempts, state.run
        );
        return Err(Failure::Usage(message, None));
    }
    let path = folder.log_path(node, attempt);
    if !path.exists() {
        writeln!(io::stderr(), "`{node}` printed nothing")?;
        return Ok(0);
    }
    let bytes = std::fs::read(&path)?;
    let text = String::from_utf8_lossy(&bytes);
    let colour = cx.console().answer.style.colour;
    let mut out = io::stdout().lock();
    match (io::stdout().is_terminal(), colour) {
        (true, true) => out.write_all(report::sanitise(&text).as_bytes())?,
        (true, false) => out.write_all(report::plain(&text).as_bytes())?,
        (false, _) => out.write_all(&bytes)?,
    }
    Ok(0)
}
