//! A copy of the project's files as they were at a commit.

use std::path::{Path, PathBuf};

use super::process::{capture, capture_with};

/// Folders with installed libraries, which are not in the repository and which tools need.
const LIBRARIES: &[&str] = &["node_modules", ".venv", "venv"];

const TREE: &str = "base";
const INDEX: &str = "base.index";

/// Makes the copy below a folder; the repository itself is not written to.
///
/// The copy is a repository of its own without commits: where it lies, git ignores everything, and
/// tools that ask git would look at nothing.
pub(super) fn check_out(root: &Path, commit: &str, out: &Path) -> Result<PathBuf, String> {
    let tree = out.join(TREE);
    let index = out.join(INDEX).to_string_lossy().into_owned();
    let prefix = format!("{}/", tree.display());
    let below = capture(root, "git", &["rev-parse", "--show-prefix"])?;
    let below = String::from_utf8_lossy(&below).trim().to_owned();
    std::fs::create_dir_all(&tree).map_err(|error| error.to_string())?;
    let env = [("GIT_INDEX_FILE", index.as_str())];
    let git = |args: &[&str]| {
        let safe = [
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ];
        capture_with(root, "git", &[&safe, args].concat(), &env)
    };
    git(&["read-tree", commit])?;
    git(&["checkout-index", "--all", "--quiet", "--prefix", &prefix])?;
    capture(&tree, "git", &["init", "--quiet", "--template="])?;
    let project = tree.join(below);
    for name in LIBRARIES {
        let (installed, link) = (root.join(name), project.join(name));
        if installed.is_dir() && !link.exists() {
            std::os::unix::fs::symlink(installed, link).map_err(|error| error.to_string())?;
        }
    }
    Ok(project)
}

/// Removes the copy. What can't be removed goes with the run's folder.
pub(super) fn discard(out: &Path) {
    let _ = std::fs::remove_dir_all(out.join(TREE));
    let _ = std::fs::remove_file(out.join(INDEX));
}
