//! Walking through the files of a project, in parallel.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ignore::{WalkBuilder, WalkState};

use crate::host::{FileState, FileVisitor, Scan, Snapshot, Stamp};
use crate::spec::Glob;

/// Looks at every file that matches one of `include` and none of `except`. Files that git ignores
/// are left out, and so are git's own and the state folder's runs.
pub(super) fn scan(root: &Path, include: &[Glob], except: &[Glob], visit: &FileVisitor) -> Scan {
    let files = AtomicUsize::new(0);
    let found = Mutex::new(Scan::default());
    let problems = walk(root, (include, except), &|file, path| {
        files.fetch_add(1, Ordering::Relaxed);
        look(file, path, visit, &found);
    });
    let mut scan = found.into_inner().unwrap_or_default();
    scan.files = files.into_inner();
    let problem = |problem| ("the project".to_owned(), problem);
    scan.unreadable.extend(problems.into_iter().map(problem));
    scan.findings
        .sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    scan.unreadable.sort();
    scan
}

/// The files that [`scan`] would look at, in the order of their paths.
pub(super) fn list(root: &Path, include: &[Glob], except: &[Glob]) -> Result<Vec<String>, String> {
    let found = Mutex::new(Vec::new());
    let problems = walk(root, (include, except), &|_, path| {
        if let Ok(mut found) = found.lock() {
            found.push(path);
        }
    });
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem);
    }
    let mut files = found.into_inner().unwrap_or_default();
    files.sort();
    Ok(files)
}

/// Calls `act` with every file that matches one pattern of the first list and none of the second,
/// in parallel. Gives what could not be walked through.
fn walk(
    root: &Path,
    (include, except): (&[Glob], &[Glob]),
    act: &(dyn Fn(&Path, String) + Sync),
) -> Vec<String> {
    let problems = Mutex::new(Vec::new());
    walker(root).build_parallel().run(|| {
        Box::new(|entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    if let Ok(mut problems) = problems.lock() {
                        problems.push(error.to_string());
                    }
                    return WalkState::Continue;
                }
            };
            if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                return WalkState::Continue;
            }
            let Some(path) = relative(root, entry.path()) else {
                return WalkState::Continue;
            };
            let matches = |globs: &[Glob]| globs.iter().any(|glob| glob.matches(&path));
            // A pipe would keep its reader waiting, and a link may lead to a folder.
            let is_file = || std::fs::metadata(entry.path()).is_ok_and(|found| found.is_file());
            if matches(include) && !matches(except) && is_file() {
                act(entry.path(), path);
            }
            WalkState::Continue
        })
    });
    problems.into_inner().unwrap_or_default()
}

fn look(file: &Path, path: String, visit: &FileVisitor, found: &Mutex<Scan>) {
    let read = std::fs::read(file);
    if read
        .as_ref()
        .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    {
        return;
    }
    let findings = match &read {
        Ok(content) => visit(&path, content),
        Err(_) => Vec::new(),
    };
    if findings.is_empty() && read.is_ok() {
        return;
    }
    if let Ok(mut found) = found.lock() {
        found.findings.extend(findings);
        if let Err(error) = read {
            found.unreadable.push((path, error.to_string()));
        }
    }
}

/// What is known of files from earlier in the run; whose stamp is the same was not written since.
pub(super) type Contents = Arc<Mutex<HashMap<String, FileState>>>;

/// The state of every file that matches one of `files`.
pub(super) fn snapshot(root: &Path, files: &[Glob], known: &Contents) -> Snapshot {
    let found = Mutex::new(BTreeMap::new());
    walker(root).build_parallel().run(|| {
        Box::new(|entry| {
            let file = entry
                .ok()
                .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
            let Some(entry) = file else {
                return WalkState::Continue;
            };
            let path = relative(root, entry.path())
                .filter(|path| files.iter().any(|glob| glob.matches(path)));
            if let Some(path) = path
                && let Some(state) = file_state(entry.path(), &path, known)
                && let Ok(mut found) = found.lock()
            {
                found.insert(path, state);
            }
            WalkState::Continue
        })
    });
    Snapshot(found.into_inner().unwrap_or_default())
}

/// The state of one file; it is read only if it was written since it was read last.
fn file_state(file: &Path, path: &str, known: &Contents) -> Option<FileState> {
    let stamp = stamp(file)?;
    if let Ok(known) = known.lock()
        && let Some(state) = known.get(path).filter(|state| state.stamp == stamp)
    {
        return Some(state.clone());
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(&std::fs::read(file).ok()?);
    let state = FileState {
        stamp,
        content: hasher.finish(),
    };
    if let Ok(mut known) = known.lock() {
        known.insert(path.to_owned(), state.clone());
    }
    Some(state)
}

/// What identifies a file now.
pub(super) fn stamp(file: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(file).ok()?;
    Some(Stamp {
        inode: found.ino(),
        size: found.size(),
        changed: i128::from(found.ctime()) * 1_000_000_000 + i128::from(found.ctime_nsec()),
    })
}

/// Whether a file matches, without reading any.
pub fn exists(root: &Path, glob: &Glob) -> bool {
    let literal = !glob.text.contains(['*', '?', '[', '{', '\\']);
    if literal {
        return root.join(&glob.text).exists();
    }
    walker(root)
        .build()
        .filter_map(Result::ok)
        .any(|entry| relative(root, entry.path()).is_some_and(|path| glob.matches(&path)))
}

fn walker(root: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(root);
    walker
        .hidden(false)
        .require_git(false)
        .ignore(false)
        .git_global(false)
        .filter_entry(|entry| {
            let path = entry.path();
            !(path.ends_with(".git") || path.ends_with(crate::store::RUNS))
        });
    walker
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let path: PathBuf = path.strip_prefix(root).ok()?.to_owned();
    Some(path.to_string_lossy().replace('\\', "/"))
}
