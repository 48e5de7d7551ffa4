//! Paths between the root, where `sdd` counts from, and the folder that a node runs in, where its
//! tool does.

use std::path::{Path, PathBuf};

use crate::host::Host;

/// A path as a tool said it, relative to the root.
pub(super) fn from_root(host: &impl Host, path: &str) -> String {
    let root = host.root().to_string_lossy();
    let below = path.strip_prefix(&*root);
    if let Some(below) = below.and_then(|rest| rest.strip_prefix('/')) {
        return below.to_owned();
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    let inner = format!("{}/{path}", host.dir());
    // Some tools count from the root of the repository, wherever they run.
    let from_root = host.exists(path) && !host.exists(&inner);
    if host.dir().is_empty() || path.starts_with('/') || from_root {
        return path.to_owned();
    }
    inner
}

/// Files of the project as a tool sees them in its folder; those outside of it are left away.
pub(super) fn from_dir(host: &impl Host, files: Vec<String>) -> Vec<String> {
    let dir = host.dir();
    if dir.is_empty() {
        return files;
    }
    let inside = |file: String| Some(file.strip_prefix(dir)?.strip_prefix('/')?.to_owned());
    files.into_iter().filter_map(inside).collect()
}

/// The node's folder in another tree of the project's files.
pub(super) fn in_tree(host: &impl Host, tree: &Path) -> PathBuf {
    tree.join(host.dir())
}
