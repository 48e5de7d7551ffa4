//! Real repositories, and what is said to have changed in them.

mod files;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use crate::host::{ChangedFile, Changes};
use crate::run::repository::Repository;

/// A folder with repositories in it, which is removed in the end. Commands are run in `at`.
struct Bench {
    folder: Arc<tempfile::TempDir>,
    at: PathBuf,
}

impl Bench {
    /// An empty repository on the branch `main`.
    fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let at = folder.path().join("repository");
        fs::create_dir(&at).unwrap();
        let bench = Self { folder, at };
        bench.git("init -q -b main");
        bench
    }

    /// One commit with `a`, which has three lines, and `b`; on the branch `work` of it.
    fn branched() -> Self {
        let bench = Self::new();
        bench.write("a", "1\n2\n3\n");
        bench.write("b", "b\n");
        bench.commit();
        bench.git("checkout -q -b work");
        bench
    }

    /// The same bench, elsewhere.
    fn at(&self, path: &str) -> Self {
        Self {
            folder: Arc::clone(&self.folder),
            at: self.folder.path().join(path),
        }
    }

    fn git(&self, line: &str) -> String {
        self.git_words(&line.split(' ').collect::<Vec<_>>())
    }

    fn git_words(&self, words: &[&str]) -> String {
        let settings = [
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-c",
            "protocol.file.allow=always",
        ];
        let output = Command::new("git")
            .args(settings)
            .args(words)
            .current_dir(&self.at)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.at.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn commit(&self) {
        self.git("add -A");
        self.git("commit -q -m x");
    }

    fn ask(&self, base: Option<&str>) -> Result<Arc<Changes>, String> {
        Repository::new(&self.at, base).changes()
    }

    /// One line a file: a sign, the path, where it was before if elsewhere, new lines.
    fn changed(&self) -> Vec<String> {
        let changes = self.ask(None).unwrap();
        changes.files.iter().map(shown).collect()
    }

    fn error(&self, base: Option<&str>) -> String {
        self.ask(base).unwrap_err()
    }
}

fn shown(file: &ChangedFile) -> String {
    let sign = match (&file.before, file.removed) {
        (_, true) => "-",
        (None, _) => "+",
        (Some(_), _) => "~",
    };
    let from = file.before.as_ref().filter(|before| **before != file.path);
    let from = from.map_or(String::new(), |from| format!(" from {from}"));
    let ranges = file.added.iter();
    let lines: Vec<String> = ranges
        .map(|range| format!(" {}-{}", range.start(), range.end()))
        .collect();
    let lines = lines.concat();
    format!("{sign}{}{from}{lines}", file.path)
}

#[test]
fn b41_committed_staged_unstaged_and_untracked_all_count() {
    let bench = Bench::branched();
    bench.write("committed", "1\n2\n");
    bench.commit();
    bench.write("a", "1\nzwei\n3\n4\n5");
    bench.write("staged", "x\n");
    bench.git("add staged");
    bench.write("untracked", "1\n2\n3");
    assert_eq!(
        bench.changed(),
        [
            "~a 2-2 4-5",
            "+committed 1-2",
            "+staged 1-1",
            "+untracked 1-3"
        ]
    );
}

#[test]
fn b41_two_commits_count_and_not_only_the_last() {
    let bench = Bench::branched();
    bench.write("one", "1\n");
    bench.commit();
    bench.write("two", "2\n");
    bench.commit();
    assert_eq!(bench.changed(), ["+one 1-1", "+two 1-1"]);
}

#[test]
fn b41_before_the_first_commit_all_is_new() {
    let bench = Bench::new();
    assert_eq!(bench.changed(), Vec::<String>::new());
    bench.write("a", "1\n");
    bench.write("staged", "1\n2\n");
    bench.git("add staged");
    assert_eq!(bench.changed(), ["+a 1-1", "+staged 1-2"]);
    assert_eq!(bench.ask(None).unwrap().base, None);
    assert_eq!(Repository::new(&bench.at, None).at_base("a"), Ok(None));
}

#[test]
fn b43_on_the_default_branch_only_what_is_not_committed_counts() {
    let bench = Bench::new();
    bench.write("a", "1\n");
    bench.commit();
    bench.write("b", "1\n");
    assert_eq!(bench.changed(), ["+b 1-1"]);
}

#[test]
fn b43_the_default_branch_may_have_any_name_if_it_is_the_only_one_or_the_remote_says_so() {
    let bench = Bench::new();
    bench.git("checkout -q -b trunk");
    bench.write("a", "1\n");
    bench.commit();
    assert_eq!(bench.changed(), Vec::<String>::new());
    bench.git("clone -q . ../clone");
    let clone = bench.at("clone");
    clone.git("checkout -q -b work");
    clone.write("b", "1\n");
    clone.commit();
    assert_eq!(clone.changed(), ["+b 1-1"]);
    bench.git("checkout -q -b work");
    assert!(
        bench
            .error(None)
            .contains("the default branch is not known")
    );
}

#[test]
fn b43_commits_that_are_not_pushed_count_on_the_default_branch() {
    let bench = Bench::branched();
    bench.git("checkout -q main");
    bench.git("clone -q . ../clone");
    let clone = bench.at("clone");
    clone.write("new", "1\n");
    clone.commit();
    assert_eq!(clone.changed(), ["+new 1-1"]);
}

#[test]
fn b43_the_base_can_be_said() {
    let bench = Bench::new();
    for name in ["a", "b", "c"] {
        bench.write(name, "1\n");
        bench.commit();
    }
    let paths = |base| -> Vec<String> {
        let changes = bench.ask(Some(base)).unwrap();
        changes.files.iter().map(|file| file.path.clone()).collect()
    };
    assert_eq!(paths("HEAD~1"), ["c"]);
    assert_eq!(paths("HEAD~2"), ["b", "c"]);
    assert_eq!(paths("merge-base:main"), Vec::<String>::new());
    assert_eq!(
        bench.error(Some("no-such")),
        "the base `no-such` is not known: there is no commit `no-such`"
    );
    assert!(bench.error(Some("--all")).contains("there is no commit"));
}

#[test]
fn b43_without_git_nothing_is_said_to_be_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let error = Repository::new(folder.path(), None).changes().unwrap_err();
    assert!(error.contains("not a git repository"), "{error}");
}

#[test]
fn b41_a_shallow_clone_without_the_base_says_how_to_deepen_it() {
    let bench = Bench::branched();
    bench.write("new", "1\n");
    bench.commit();
    bench.git("checkout -q main");
    let url = format!("file://{}", bench.at.display());
    for branches in ["--no-single-branch", "--single-branch"] {
        let options = ["clone", "-q", "--depth=1", "--branch=work", branches, &url];
        bench.git_words(&[&options[..], &[&format!("../{branches}")]].concat());
        let error = bench.at(branches).error(None);
        assert!(error.contains("git fetch --deepen"), "{error}");
        assert!(error.contains("fetch-depth: 0"), "{error}");
    }
    let deep = [
        "clone",
        "-q",
        "--depth=2",
        "--branch=work",
        "--no-single-branch",
        &url,
    ];
    bench.git_words(&[&deep[..], &["../deep"]].concat());
    assert_eq!(bench.at("deep").changed(), ["+new 1-1"]);
}

#[test]
fn b41_what_a_merge_brought_from_the_default_branch_does_not_count() {
    let bench = Bench::branched();
    bench.write("mine", "1\n");
    bench.commit();
    bench.git("checkout -q main");
    bench.write("theirs", "1\n");
    bench.commit();
    bench.git("checkout -q work");
    bench.git("merge -q --no-edit main");
    assert_eq!(bench.changed(), ["+mine 1-1"]);
    bench.git("checkout -q --detach");
    assert_eq!(bench.changed(), ["+mine 1-1"], "a detached HEAD");
}

#[test]
fn histories_that_have_nothing_in_common_are_named() {
    let bench = Bench::branched();
    bench.git("checkout -q --orphan lone");
    bench.write("alone", "1\n");
    bench.commit();
    assert_eq!(
        bench.error(None),
        "HEAD and `main` have no commit in common"
    );
}
