//! The folder of one run.

use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::RUNS;

/// A file of the state folder that can't be used.
#[derive(Debug)]
pub struct StoreError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system says.
    pub error: io::Error,
}

/// `runs/RUN/` with `events.jsonl`, `plan.json`, `logs/` and `out/`.
#[derive(Debug, Clone)]
pub struct RunFolder {
    /// The project root.
    pub root: PathBuf,
    /// The run's id.
    pub id: String,
    /// The folder itself.
    pub path: PathBuf,
}

impl RunFolder {
    /// Makes the folder that all runs are in. It ignores itself in git.
    pub fn prepare(root: &Path) -> Result<(), StoreError> {
        let runs = root.join(RUNS);
        at(&runs, fs::create_dir_all(&runs))?;
        let ignore = runs.join(".gitignore");
        if !ignore.exists() {
            at(&ignore, fs::write(&ignore, "*\n"))?;
            spread(&runs);
        }
        Ok(())
    }

    /// Makes the folder of a new run.
    pub fn create(root: &Path, id: &str) -> Result<Self, StoreError> {
        let path = root.join(RUNS).join(id);
        for folder in [path.clone(), path.join("logs"), path.join("out")] {
            at(&folder, fs::create_dir(&folder))?;
        }
        Ok(Self {
            root: root.to_owned(),
            id: id.to_owned(),
            path,
        })
    }

    /// The folder of a run that there was.
    pub fn existing(root: &Path, path: &Path) -> Self {
        Self {
            root: root.to_owned(),
            id: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            path: path.to_owned(),
        }
    }

    /// The log of an attempt, opened to be appended to.
    pub fn log(&self, node: &str, attempt: u32) -> io::Result<File> {
        File::options()
            .create(true)
            .append(true)
            .open(self.log_path(node, attempt))
    }

    /// Where the log of an attempt is.
    pub fn log_path(&self, node: &str, attempt: u32) -> PathBuf {
        self.path
            .join("logs")
            .join(format!("{}.{attempt}.log", file_name(node)))
    }

    /// The folder of an attempt.
    pub fn out_path(&self, node: &str, attempt: u32) -> PathBuf {
        self.path
            .join("out")
            .join(file_name(node))
            .join(attempt.to_string())
    }

    /// Where the log of an attempt is, relative to the root.
    pub fn log_name(&self, node: &str, attempt: u32) -> String {
        format!("{RUNS}/{}/logs/{}.{attempt}.log", self.id, file_name(node))
    }
}

/// Asks ext4 to put each run's folder into a part of the disk of its own. Otherwise making a log
/// passes over every file that was deleted beside it in the last minutes (`recently_deleted` in the
/// kernel's `fs/ext4/ialloc.c`), which takes longer than starting a process does.
fn spread(folder: &Path) {
    #[cfg(not(target_os = "linux"))]
    let _ = folder;
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags};
        let marked = File::open(folder).map(|folder| {
            let flags = ioctl_getflags(&folder)?;
            ioctl_setflags(&folder, flags | IFlags::TOPDIR)
        });
        // Other file systems know no such thing, and need none.
        let _ = marked;
    }
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, StoreError> {
    result.map_err(|error| StoreError {
        path: path.to_owned(),
        error,
    })
}

/// A node's id as the name of a file: what could mean something in a path is written as `%XX`.
pub fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for (index, c) in id.char_indices() {
        let plain = c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '[' | ']' | '=' | ',');
        if plain || (c == '.' && index > 0) {
            name.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // Writing to a `String` can't fail.
                let _ = write!(name, "%{byte:02X}");
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_can_not_name_another_folder() {
        assert_eq!(file_name("../x"), "%2E.%2Fx");
        assert_eq!(file_name("unit[os=a/b]"), "unit[os=a%2Fb]");
        assert_eq!(file_name("py:lint.down"), "py:lint.down");
    }
}
