//! This machine, for checks that are made outside of a run.

use std::path::{Path, PathBuf};

use super::program::Tools;
use super::{listener, process};
use crate::preflight::{Machine, Unanswered};

/// This machine, as a project sees it.
pub struct ThisMachine {
    root: PathBuf,
    tools: Tools,
}

impl ThisMachine {
    /// The machine with the project's own programs.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            tools: Tools::new(root),
        }
    }
}

impl Machine for ThisMachine {
    async fn ask(&self, words: &[String]) -> Result<String, Unanswered> {
        let (program, args) = words.split_first().ok_or(Unanswered::NoProgram)?;
        let found = self.tools.find(program, "");
        let program = found.map_err(|_| Unanswered::NoProgram)?;
        process::answer_of(&self.root, &program, args).ok_or(Unanswered::Failed)
    }

    fn has_file(&self, path: &str) -> bool {
        self.root.join(path).symlink_metadata().is_ok()
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn listener(&self, port: u16) -> Option<String> {
        listener::listener(port)
    }
}

/// What tells this machine from faster and slower ones: its processor, how many of them may be used,
/// and its architecture.
pub(super) fn description() -> String {
    let known = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = known.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let names = ["model name", "Model", "Hardware"];
        names
            .contains(&name.trim())
            .then(|| value.trim().to_owned())
    });
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let processor = named.unwrap_or_else(|| "unnamed processor".to_owned());
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{count} × {processor}, {architecture}, {system}")
}
