//! The C programs beside this file, built for one run of the benchmark, and what nodes run.

use crate::graph::Work;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCES: [(&str, &str); 3] = [
    ("floor", include_str!("floor.c")),
    ("meter", include_str!("meter.c")),
    ("node", include_str!("node.c")),
];

/// Its name is how a tool may name the daemon that a node left behind.
pub(crate) const HOLDER: &str = "stdout-holder";

/// Where nodes write down when they ran; relative to the folder in which the tool runs.
pub(crate) const RECORD: &str = "record.log";

/// The built programs, and the mark that every process of this run carries.
#[derive(Clone, Debug)]
pub(crate) struct Kit {
    pub(crate) jobs: usize,
    pub(crate) mark: String,
    folder: PathBuf,
    truth: String,
}

impl Kit {
    /// Compiles the programs into `folder`, with `cc -O2`.
    pub(crate) fn build(folder: &Path, jobs: usize) -> Result<Self, String> {
        for (name, text) in SOURCES {
            compile(folder, name, text)?;
        }
        let holder = folder.join(HOLDER);
        fs::copy(folder.join("node"), holder).map_err(|error| format!("{HOLDER}: {error}"))?;
        Ok(Self {
            jobs,
            mark: format!("sddbench-{}.", std::process::id()),
            folder: folder.to_owned(),
            truth: find("true")
                .ok_or("there is no `true` on PATH")?
                .display()
                .to_string(),
        })
    }

    /// The same programs, with a mark of its own: this run's mark is a prefix of it.
    pub(crate) fn marked(&self, label: &str) -> Self {
        Self {
            mark: format!("{}{label}.", self.mark),
            ..self.clone()
        }
    }

    /// The path of one of the built programs.
    pub(crate) fn program(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// The command of a node; absolute, so that no shell takes its own `true`.
    pub(crate) fn argv(&self, work: &Work, name: &str) -> Vec<String> {
        let node = self.program("node");
        match work {
            Work::Nothing => vec![self.truth.clone()],
            Work::Sleep(ms) => vec![node, "sleep".into(), ms.to_string()],
            Work::Burn(ms) => vec![node, "burn".into(), ms.to_string()],
            Work::Emit(bytes) => vec![node, "emit".into(), bytes.to_string()],
            Work::Record => vec![node, "record".into(), RECORD.into(), name.into()],
            Work::Family => vec![node, "family".into(), self.mark.clone()],
            Work::Daemon(seconds) => {
                vec![
                    node,
                    "daemon".into(),
                    seconds.to_string(),
                    self.mark.clone(),
                ]
            }
        }
    }
}

/// The first executable of that name on `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn compile(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    let source = folder.join(format!("{name}.c"));
    fs::write(&source, text).map_err(|error| format!("{}: {error}", source.display()))?;
    let status = Command::new("cc")
        .arg("-O2")
        .arg("-o")
        .arg(folder.join(name))
        .arg(&source)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("cc {name}.c: {status}")),
        Err(error) => Err(format!("cc: {error}")),
    }
}
