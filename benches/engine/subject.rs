//! One prepared command line, and how it is measured.

use crate::kit::Kit;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The environment variable that carries the mark of this run.
const MARK: &str = "SDD_BENCH_MARK";

/// Settings of an outer make or sdd, which would change what is measured.
const INHERITED: [&str; 5] = ["MAKEFLAGS", "MAKELEVEL", "SDD_OUT", "SDD_NODE", "SDD_RUN"];

/// What one run cost. Times in milliseconds; CPU is of the whole tree, memory of its largest process.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Sample {
    pub(crate) wall_ms: f64,
    pub(crate) cpu_ms: f64,
    pub(crate) rss_mib: f64,
    pub(crate) exit: i32,
    pub(crate) signal: i32,
    pub(crate) timed_out: bool,
}

/// Looks at what a good run of so many nodes left; says what is missing.
pub(crate) type Evidence = fn(&Subject, usize) -> Result<(), String>;

/// A command line with its folder, ready to run again and again.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) argv: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    /// What a run leaves in the folder and the next one must not find.
    pub(crate) leftovers: Vec<PathBuf>,
    /// Without it, the exit code is all that counts.
    pub(crate) evidence: Option<Evidence>,
}

impl Sample {
    /// Why the run does not count, if it does not.
    pub(crate) fn fault(&self) -> Option<String> {
        match self {
            Self {
                timed_out: true, ..
            } => Some(format!("killed after {:.0} s", self.wall_ms / 1e3)),
            Self { signal, .. } if *signal != 0 => Some(format!("died of signal {signal}")),
            Self { exit, .. } if *exit != 0 => Some(format!("exit {exit}")),
            _ => None,
        }
    }

    /// The mean of two runs, for the floor before and after a round.
    pub(crate) fn mean(&self, other: &Self) -> Self {
        Self {
            wall_ms: f64::midpoint(self.wall_ms, other.wall_ms),
            cpu_ms: f64::midpoint(self.cpu_ms, other.cpu_ms),
            rss_mib: f64::midpoint(self.rss_mib, other.rss_mib),
            ..*self
        }
    }
}

impl Subject {
    /// Where both of its output streams go.
    pub(crate) fn output(&self) -> PathBuf {
        self.folder.with_extension("output")
    }

    /// The command of `words` in this folder, marked, its output going to a file.
    pub(crate) fn command(&self, kit: &Kit, words: &[String]) -> Result<Command, String> {
        for leftover in &self.leftovers {
            remove(leftover);
        }
        let output = File::create(self.output()).map_err(|error| error.to_string())?;
        let errors = output.try_clone().map_err(|error| error.to_string())?;
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(&self.folder);
        for name in INHERITED {
            command.env_remove(name);
        }
        command
            .envs(self.environment.iter().cloned())
            .env(MARK, &kit.mark);
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        Ok(command)
    }

    /// Runs it once under the meter.
    pub(crate) fn measure(&self, kit: &Kit, limit: Duration) -> Result<Sample, String> {
        let result = self.folder.with_extension("sample");
        remove(&result);
        let mut words = vec![
            kit.program("meter"),
            result.display().to_string(),
            limit.as_millis().to_string(),
        ];
        words.extend(self.argv.iter().cloned());
        self.command(kit, &words)?
            .status()
            .map_err(|error| format!("meter: {error}"))?;
        let text =
            fs::read_to_string(&result).map_err(|_| format!("{} did not start", self.name))?;
        serde_json::from_str(&text).map_err(|error| format!("meter: {error}"))
    }
}

fn remove(path: &PathBuf) {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    // What is not there need not go; what stays is seen by the run that follows.
    drop(removed);
}
