//! A project on the disk.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::project::Project;

/// How deep below the root a package may lie.
const DEEPEST_FOLDER: usize = 4;
/// Where the search for files ends, so that a home folder costs no minutes.
const MOST_FILES: usize = 100_000;
/// Larger files are no manifests.
const LARGEST_FILE: u64 = 4 << 20;
/// Folders that hold the work of others, or nothing that was written by hand.
const FOREIGN: &[&str] = &[
    ".git",
    ".hg",
    ".session",
    ".tox",
    ".venv",
    "node_modules",
    "site-packages",
    "target",
    "third_party",
    "vendor",
    "venv",
];
/// Where the tools of a project itself are installed.
const OWN_PROGRAMS: &[&str] = &["node_modules/.bin", ".venv/bin", "venv/bin"];

/// The files of a folder that git does not ignore, foreign ones left out.
pub(super) struct Disk {
    root: PathBuf,
    files: Vec<String>,
}

impl Disk {
    /// Looks through a folder.
    pub(super) fn new(root: &Path) -> Self {
        let walk = WalkBuilder::new(root)
            .hidden(false)
            .require_git(false)
            .parents(false)
            .max_depth(Some(DEEPEST_FOLDER + 1))
            .filter_entry(|entry| !FOREIGN.iter().any(|name| entry.file_name() == *name))
            .build();
        let mut files: Vec<String> = walk
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
            .filter_map(|entry| relative(root, entry.path()))
            .take(MOST_FILES)
            .collect();
        files.sort_unstable();
        Self {
            root: root.to_owned(),
            files,
        }
    }
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(root).ok()?.to_str()?;
    Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
}

impl Project for Disk {
    fn files(&self) -> &[String] {
        &self.files
    }

    fn read(&self, path: &str) -> Option<String> {
        let path = self.root.join(path);
        let small = std::fs::metadata(&path).is_ok_and(|data| data.len() <= LARGEST_FILE);
        small.then(|| std::fs::read_to_string(path).ok()).flatten()
    }

    fn has_program(&self, dir: &str, program: &str) -> bool {
        let own = [dir, ""].into_iter().flat_map(|dir| {
            let folder = self.root.join(dir);
            OWN_PROGRAMS.iter().map(move |bin| folder.join(bin))
        });
        let path = std::env::var_os("PATH").unwrap_or_default();
        own.chain(std::env::split_paths(&path))
            .any(|folder| folder.join(program).is_file())
    }
}
