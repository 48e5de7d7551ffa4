//! Finding programs: the project's own first, then `PATH`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::host::Ended;

/// Folders of the project that programs are looked for in, before `PATH`.
const OWN_FOLDERS: &[&str] = &["node_modules/.bin", ".venv/bin", "venv/bin"];

/// Finds programs and remembers them.
#[derive(Debug)]
pub(super) struct Programs {
    path: OsString,
    folders: Vec<PathBuf>,
    known: RefCell<HashMap<(String, PathBuf), PathBuf>>,
}

impl Programs {
    /// Looks in the project's own folders and then in those of `path`.
    pub(super) fn new(root: &Path, path: Option<OsString>) -> Self {
        let path = path.unwrap_or_default();
        let own = OWN_FOLDERS
            .iter()
            .map(|folder| root.join(folder))
            .filter(|folder| folder.is_dir());
        let folders: Vec<PathBuf> = own.chain(std::env::split_paths(&path)).collect();
        let path = std::env::join_paths(&folders).unwrap_or(path);
        Self {
            path,
            folders,
            known: RefCell::default(),
        }
    }

    /// What the commands of the run find as their `PATH`.
    pub(super) fn path(&self) -> &OsString {
        &self.path
    }

    /// The file of a program that is started in the folder `dir`.
    pub(super) fn find(&self, program: &str, dir: &Path) -> Result<PathBuf, Ended> {
        let key = (program.to_owned(), dir.to_owned());
        if let Some(found) = self.known.borrow().get(&key) {
            return Ok(found.clone());
        }
        let found = self.look(program, dir)?;
        self.known.borrow_mut().insert(key, found.clone());
        Ok(found)
    }

    fn look(&self, program: &str, dir: &Path) -> Result<PathBuf, Ended> {
        let not_found = || Ended::NotFound {
            program: program.to_owned(),
        };
        if program.is_empty() {
            return Err(not_found());
        }
        if program.contains('/') {
            let path = dir.join(program);
            return match kind_of(&path) {
                FileKind::Program => Ok(path),
                FileKind::Missing => Err(not_found()),
                FileKind::NotExecutable => Err(not_executable(program)),
                FileKind::Folder => Err(Ended::NotStarted {
                    reason: format!("`{program}` is a folder"),
                    remedy: "name the program itself".to_owned(),
                }),
            };
        }
        // A package of the folder itself may bring its own programs.
        let nearer = OWN_FOLDERS.iter().map(|folder| dir.join(folder));
        let mut unusable = false;
        for folder in nearer.chain(self.folders.iter().cloned()) {
            let path = folder.join(program);
            match kind_of(&path) {
                FileKind::Program => return Ok(path),
                FileKind::NotExecutable => unusable = true,
                FileKind::Missing | FileKind::Folder => {}
            }
        }
        Err(if unusable {
            not_executable(program)
        } else {
            not_found()
        })
    }
}

/// Programs as the commands of a project would find them.
#[derive(Debug)]
pub struct Tools {
    root: PathBuf,
    programs: Programs,
}

impl Tools {
    /// The programs that commands of this project find.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            programs: Programs::new(root, std::env::var_os("PATH")),
        }
    }

    /// The file of a program that is started in a folder of the project, or why there is none.
    pub fn find(&self, program: &str, dir: &str) -> Result<PathBuf, String> {
        self.programs
            .find(program, &self.root.join(dir))
            .map_err(|ended| match ended {
                Ended::NotStarted { reason, .. } => reason,
                _ => "not found in node_modules/.bin, .venv/bin, venv/bin or PATH".to_owned(),
            })
    }
}

enum FileKind {
    Program,
    NotExecutable,
    Folder,
    Missing,
}

fn kind_of(path: &Path) -> FileKind {
    match std::fs::metadata(path) {
        Err(_) => FileKind::Missing,
        Ok(found) if found.is_dir() => FileKind::Folder,
        Ok(found) if found.permissions().mode() & 0o111 == 0 => FileKind::NotExecutable,
        Ok(_) => FileKind::Program,
    }
}

fn not_executable(program: &str) -> Ended {
    Ended::NotStarted {
        reason: format!("`{program}` is not executable"),
        remedy: format!("`chmod +x {program}`, or run it by its interpreter"),
    }
}
