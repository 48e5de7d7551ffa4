//! Paths between the root, where `sdd` counts from, and the folder that a node runs in, where its
//! tool does.

use std::path::{Path, PathBuf};

use crate::host::Host;

/// A path as a tool said it, relative to the root. Some tools count from the root of the repository
/// wherever they run, and some from a folder above, where they found their settings.
pub(super) fn from_root(host: &impl Host, path: &str) -> String {
    let root = host.root();
    let told = Path::new(path);
    if let Some(below) = told.strip_prefix(root).ok().and_then(Path::to_str) {
        return below.to_owned();
    }
    if told.is_absolute() {
        return path.to_owned();
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    let inner = match host.dir() {
        "" => path.to_owned(),
        dir => format!("{dir}/{path}"),
    };
    let ends = path.match_indices('/').map(|(at, _)| at);
    let from_above = ends.filter(|at| root.ends_with(&path[..*at]));
    let from_above = from_above.map(|at| path[at + 1..].to_owned());
    [inner.clone(), path.to_owned()]
        .into_iter()
        .chain(from_above)
        .find(|candidate| host.exists(candidate))
        .unwrap_or(inner)
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
