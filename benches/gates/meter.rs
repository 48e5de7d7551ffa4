//! What one run of a program costs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

/// The program of the other benchmark that starts a command and writes down what it took.
const SOURCE: &str = include_str!("../engine/meter.c");
/// A command that takes longer is ended, in milliseconds.
const LIMIT: &str = "600000";

/// What a command took.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Cost {
    pub(crate) wall_ms: f64,
    /// Processor time of all processes.
    #[allow(
        dead_code,
        reason = "only the benchmarks of contracts and of load ask for it"
    )]
    pub(crate) cpu_ms: f64,
    /// Memory of the largest process, in MiB.
    pub(crate) rss_mib: f64,
    pub(crate) exit: i32,
}

/// Starts commands and measures them.
pub(crate) struct Meter {
    folder: tempfile::TempDir,
    /// The program that is measured.
    pub(crate) sdd: PathBuf,
}

impl Meter {
    pub(crate) fn build() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(told)?;
        let source = folder.path().join("meter.c");
        fs::write(&source, SOURCE).map_err(told)?;
        let status = Command::new("cc")
            .args(["-O2", "-o"])
            .args([folder.path().join("meter"), source])
            .status()
            .map_err(told)?;
        let own = std::env::var_os("SDD_BIN");
        let sdd = own.map_or_else(|| env!("CARGO_BIN_EXE_sdd").into(), PathBuf::from);
        status
            .success()
            .then_some(Self { folder, sdd })
            .ok_or_else(|| "the meter does not compile".to_owned())
    }

    /// Runs a command in a folder; what it prints goes to that file.
    pub(crate) fn run(
        &self,
        command: &[&str],
        dir: &Path,
        output: Option<&Path>,
    ) -> Result<Cost, String> {
        let result = self.folder.path().join("cost.json");
        let stdout = match output {
            Some(path) => fs::File::create(path).map_err(told)?.into(),
            None => Stdio::null(),
        };
        let status = Command::new(self.folder.path().join("meter"))
            .arg(&result)
            .arg(LIMIT)
            .args(command)
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(Stdio::null())
            .status()
            .map_err(told)?;
        if !status.success() {
            return Err(format!("{command:?} can't be measured"));
        }
        let text = fs::read_to_string(result).map_err(told)?;
        serde_json::from_str(&text).map_err(told)
    }

    /// Runs the default pipeline of a folder, which has to end with that exit code.
    pub(crate) fn sdd(&self, dir: &Path, exit: i32, report: &Path) -> Result<Cost, String> {
        let sdd = self.sdd.to_string_lossy();
        let cost = self.run(&[&sdd, "run", "--format", "json"], dir, Some(report))?;
        if cost.exit == exit {
            return Ok(cost);
        }
        let said = fs::read_to_string(report).unwrap_or_default();
        let start: String = said.chars().take(2000).collect();
        Err(format!("sdd exited with {}: {start}", cost.exit))
    }
}

/// An error as text.
pub(crate) fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Writes a file with its folders.
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<(), String> {
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(told)?;
    fs::write(path, text).map_err(told)
}

/// The value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The least value.
pub(crate) fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}
