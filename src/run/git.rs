//! Asking `git`. No program that the repository's configuration names is started.

use std::path::{Path, PathBuf};

use super::process::capture;

/// The repository that a folder is in.
#[derive(Debug, Clone)]
pub(super) struct Git {
    folder: PathBuf,
}

/// How to mend a history that was cut off.
const DEEPEN: &str = "the history is cut off (a shallow clone): `git fetch --deepen=1000`, or `fetch-depth: 0` in CI";

/// Branches that are the default one by habit, when no remote says which it is.
const DEFAULT_BRANCHES: &[&str] = &["origin/main", "origin/master", "main", "master"];

impl Git {
    /// The repository that `folder` is in; paths are relative to the folder.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// What a command prints, or the first line of its complaint.
    pub(super) fn ask(&self, args: &[&str]) -> Result<Vec<u8>, String> {
        let safe = [
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ];
        capture(&self.folder, "git", &[&safe, args].concat())
    }

    /// What a command prints, as one line.
    pub(super) fn line(&self, args: &[&str]) -> Result<String, String> {
        let output = self.ask(args)?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// The commit that "changed" counts from, as its full hash; `None` if nothing is committed yet.
    /// `wanted` is a commit or `merge-base:BRANCH`; without it, it is where HEAD left the default
    /// branch.
    pub(super) fn base(&self, wanted: Option<&str>) -> Result<Option<String>, String> {
        self.line(&["rev-parse", "--is-inside-work-tree"])
            .map_err(|error| format!("git can't tell what changed: {error}"))?;
        let Some(head) = self.commit("HEAD") else {
            return Ok(None);
        };
        let base = match wanted {
            None => self.default_base(&head),
            Some(wanted) => self
                .wanted_base(wanted, &head)
                .map_err(|error| format!("the base `{wanted}` is not known: {error}")),
        };
        base.map(Some)
    }

    fn wanted_base(&self, wanted: &str, head: &str) -> Result<String, String> {
        let (name, fork) = match wanted.strip_prefix("merge-base:") {
            Some(branch) => (branch, true),
            None => (wanted, false),
        };
        let commit = self.known_commit(name)?;
        if fork {
            return self.fork(head, &commit, name);
        }
        Ok(commit)
    }

    fn default_base(&self, head: &str) -> Result<String, String> {
        let named = self.line(&["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
        let habits = DEFAULT_BRANCHES.iter().map(|branch| (*branch).to_owned());
        for branch in named.into_iter().chain(habits) {
            if let Some(commit) = self.commit(&branch) {
                return self.fork(head, &commit, &branch);
            }
        }
        if self.has_one_branch() {
            return Ok(head.to_owned());
        }
        Err(self.or_cut_off(
            "the default branch is not known; name it: `base \"merge-base:BRANCH\"`".to_owned(),
        ))
    }

    /// Where two commits parted.
    fn fork(&self, head: &str, commit: &str, name: &str) -> Result<String, String> {
        self.line(&["merge-base", head, commit])
            .map_err(|_| self.or_cut_off(format!("HEAD and `{name}` have no commit in common")))
    }

    /// The commit of that name.
    fn commit(&self, name: &str) -> Option<String> {
        let commit = format!("{name}^{{commit}}");
        let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
        self.line(&[&verify[..], &[&commit]].concat()).ok()
    }

    /// The commit of that name; the error says that there is none, and why if that is known.
    pub(super) fn known_commit(&self, name: &str) -> Result<String, String> {
        self.line(&["rev-parse", "--is-inside-work-tree"])?;
        self.commit(name)
            .ok_or_else(|| self.or_cut_off(format!("there is no commit `{name}`")))
    }

    /// Whether HEAD is on the only branch that there is, which then is the default one.
    fn has_one_branch(&self) -> bool {
        let refs = [
            "for-each-ref",
            "--format=%(refname)",
            "refs/heads",
            "refs/remotes",
        ];
        let head = self.line(&["symbolic-ref", "--quiet", "HEAD"]);
        head.is_ok_and(|head| self.line(&refs) == Ok(head))
    }

    /// A problem, or its cause if the history was cut off.
    fn or_cut_off(&self, problem: String) -> String {
        match self.line(&["rev-parse", "--is-shallow-repository"]) {
            Ok(shallow) if shallow == "true" => format!("{problem}; {DEEPEN}"),
            _ => problem,
        }
    }

    /// The content of a file in a commit. A link is followed as long as it stays in the project.
    pub(super) fn file(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, String> {
        const MOST_LINKS: usize = 8;
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let listed =
                self.ask(&["--literal-pathspecs", "ls-tree", "-z", commit, "--", &path])?;
            let listed = String::from_utf8_lossy(&listed);
            let mut words = listed.split([' ', '\t']);
            let (Some(mode), Some("blob"), Some(id)) = (words.next(), words.next(), words.next())
            else {
                return Ok(None);
            };
            let content = self.ask(&["cat-file", "blob", id])?;
            if mode != "120000" {
                return Ok(Some(content));
            }
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let target = format!("{folder}/{}", String::from_utf8_lossy(&content));
            match crate::spec::normalise(target.trim_start_matches('/')) {
                Some(target) => path = target,
                None => return Ok(None),
            }
        }
        Ok(None)
    }
}
