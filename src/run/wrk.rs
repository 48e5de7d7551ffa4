//! wrk as `sdd bench` runs it, outside of any run.

use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::process;
use crate::bench::wrk::{HOW_TO_INSTALL, Job};
use crate::bench::{Summary, net};
use crate::host::Ended;

/// Sends the load by wrk and reads what it measured. Once `stop` is set, the summary is about what
/// happened up to there.
pub fn measure_by_wrk(job: &Job, stop: &AtomicBool) -> Result<Summary, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let script = folder.path().join("wrk.lua");
    std::fs::write(&script, job.script()).map_err(|error| error.to_string())?;
    let send = |job: &Job| {
        let command = job.command(&script.to_string_lossy(), net::processors());
        printed(folder.path(), &command, stop)
    };
    if let Some(warming) = job.warming_up() {
        send(&warming)?;
    }
    job.read(&send(job)?)
}

fn printed(dir: &Path, command: &[String], stop: &AtomicBool) -> Result<String, String> {
    let printed = process::run_until(dir, command, stop).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("wrk was not found: {HOW_TO_INSTALL}"),
        _ => format!("wrk can't be started: {error}"),
    })?;
    if printed.ended == Ended::Exited(0) {
        return Ok(printed.output);
    }
    let said = printed.errors.lines().rev();
    let said = said.map(str::trim).find(|line| !line.is_empty());
    let why = said.unwrap_or("it said nothing");
    Err(format!("wrk did not measure ({:?}): {why}", printed.ended))
}
