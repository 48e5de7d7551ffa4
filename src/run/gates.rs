//! What became of the gates since the base, asked of git.

use super::facts::World;
use super::git::Git;
use crate::diag::{Diags, Severity};
use crate::event::{GateChange, Preface};
use crate::model::gates::{FileChange, file_changes, former_path, lost_files, weakened};
use crate::model::{self, Files, Pipeline, ReadError};
use crate::span::Sources;

/// A pipeline as it is read now.
#[derive(Debug, Clone, Copy)]
pub struct Now<'p> {
    /// The pipeline.
    pub pipeline: &'p Pipeline,
    /// The texts that it was read from.
    pub sources: &'p Sources,
    /// The `--set` of the command line.
    pub settings: &'p [(String, String)],
}

impl World {
    /// The gates that are weaker than at the base, or why that can't be told. Where there is no
    /// history, there is nothing to tell.
    pub fn gates(&self, now: Now<'_>) -> Preface {
        if !self.has_history() {
            return Preface::default();
        }
        let repository = self.repository();
        let found = match repository.base() {
            Ok(Some(base)) => self.gates_since(base, now),
            // Without a first commit there is nothing that could have been weakened.
            Ok(None) => Ok(Vec::new()),
            Err(reason) => Err(reason),
        };
        match found {
            Ok(gates_changed) => Preface {
                gates_changed,
                ..Preface::default()
            },
            Err(reason) => Preface {
                gates_unknown: Some(reason),
                ..Preface::default()
            },
        }
    }

    /// Whether the project is in a repository; asked without git, since it costs every run.
    fn has_history(&self) -> bool {
        let mut folders = self.root.ancestors();
        folders.any(|folder| folder.join(".git").exists())
    }

    fn gates_since(&self, base: &str, now: Now<'_>) -> Result<Vec<GateChange>, String> {
        let changes = self.file_changes(base)?;
        let path = former_path(&now.pipeline.path, &changes);
        let mut found = Vec::new();
        if path != now.pipeline.path || touches(&changes, now.sources) {
            let old = self.old_pipeline(base, path, now.settings)?;
            found = old.map_or_else(Vec::new, |old| weakened(&old, now.pipeline, now.sources));
        }
        if changes.iter().any(|change| change.old.is_some()) {
            let untracked = self.untracked()?;
            let arrived: Vec<&str> = untracked.iter().map(String::as_str).collect();
            found.extend(lost_files(&changes, path, &arrived));
        }
        Ok(found)
    }

    fn file_changes(&self, base: &str) -> Result<Vec<FileChange>, String> {
        let output = self.git().ask(&[
            "diff",
            "--name-status",
            "-z",
            "--find-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--relative",
            base,
            "--",
        ])?;
        Ok(file_changes(&String::from_utf8_lossy(&output)))
    }

    /// Files that git does not know yet and does not ignore.
    fn untracked(&self) -> Result<Vec<String>, String> {
        let output = self.git().ask(&[
            "ls-files",
            "-z",
            "--others",
            "--exclude-standard",
            "--",
            ".",
        ])?;
        let output = String::from_utf8_lossy(&output);
        let paths = output.split('\0').filter(|path| !path.is_empty());
        Ok(paths.map(str::to_owned).collect())
    }

    fn git(&self) -> Git {
        Git::new(&self.root)
    }

    /// The pipeline as it was; none if it was not there.
    fn old_pipeline(
        &self,
        base: &str,
        path: &str,
        settings: &[(String, String)],
    ) -> Result<Option<Pipeline>, String> {
        let files = Base { world: self, base };
        if files.read(path) == Err(ReadError::Missing) {
            return Ok(None);
        }
        let mut problem = String::new();
        // A variable that is set now may not have been declared then.
        for settings in [settings, &[]] {
            let (mut sources, mut diags) = (Sources::default(), Diags::default());
            let pipeline = model::load(path, &files, settings, &mut sources, &mut diags);
            let mut errors = diags
                .iter()
                .filter(|found| found.severity() == Severity::Error);
            match errors.next() {
                None => return Ok(Some(pipeline)),
                Some(error) => problem.clone_from(&error.message),
            }
        }
        let short = base.get(..10).unwrap_or(base);
        Err(format!(
            "`{path}` as it was at {short} can't be read: {problem}"
        ))
    }
}

/// Whether a text of the pipeline is not as it was, or one that it included is not there any more.
fn touches(changes: &[FileChange], sources: &Sources) -> bool {
    let is_source = |path: &String| sources.iter().any(|(_, source)| source.path == *path);
    let mut paths = changes
        .iter()
        .flat_map(|change| change.new.iter().chain(&change.old));
    paths.any(is_source)
}

/// Files as they were at a commit.
struct Base<'w> {
    world: &'w World,
    base: &'w str,
}

impl Files for Base<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let object = format!("{}:./{path}", self.base);
        let read = self.world.git().ask(&["cat-file", "blob", &object]);
        let text = read.map(|text| String::from_utf8_lossy(&text).into_owned());
        text.map_err(|reason| {
            if reason.contains("exist") {
                ReadError::Missing
            } else {
                ReadError::Other(reason)
            }
        })
    }
}
