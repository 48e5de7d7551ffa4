//! What differs between a commit and the files as they are now.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::git::Git;
use crate::host::{ChangedFile, Changes};

/// What every comparison asks for, so that no setting of the user changes the answer.
const DIFF: &[&str] = &[
    "diff",
    "-z",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--relative",
    "--ignore-submodules=dirty",
    "-O/dev/null",
];

/// What is needed to see the lines.
const LINES: &[&str] = &[
    "--raw",
    "--patch",
    "--unified=0",
    "--inter-hunk-context=0",
    "--submodule=short",
    "--find-renames",
];

/// A submodule's mode: its "content" is the id of a commit.
const SUBMODULE: &str = "160000";

/// Every path that differs, without looking into any file. A renaming counts as two.
pub(super) fn paths(git: &Git, base: Option<&str>) -> Result<Vec<String>, String> {
    let tree = tree(git, base)?;
    let changed = git.ask(&[DIFF, &["--name-only", "--no-renames", &tree, "--"]].concat())?;
    let others = untracked(git)?;
    let mut paths: Vec<String> = names(&changed).chain(names(&others)).map(text).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// Every file that differs, with its new lines.
pub(super) fn changes(git: &Git, root: &Path, base: Option<&str>) -> Result<Changes, String> {
    let tree = tree(git, base)?;
    let answer = git.ask(&[DIFF, LINES, &[&tree, "--"]].concat())?;
    let mut files = parse(&answer).ok_or("git's answer to what changed is not understood")?;
    for name in names(&untracked(git)?) {
        let path = text(name);
        let before = files
            .iter()
            .position(|file| file.path == path && file.removed)
            .map(|at| files.remove(at).path);
        files.push(ChangedFile {
            added: all_lines(&root.join(OsStr::from_bytes(name))),
            removed: false,
            before,
            path,
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Changes {
        base: base.map(str::to_owned),
        files,
    })
}

/// What git compares with: the commit, or the tree without any file.
fn tree(git: &Git, base: Option<&str>) -> Result<String, String> {
    match base {
        Some(commit) => Ok(commit.to_owned()),
        None => git.line(&["hash-object", "-t", "tree", "/dev/null"]),
    }
}

/// The names of files that git neither knows nor ignores, as a list with NULs.
fn untracked(git: &Git) -> Result<Vec<u8>, String> {
    git.ask(&[
        "ls-files",
        "-z",
        "--others",
        "--exclude-standard",
        "--",
        ".",
    ])
}

/// The names of a list. A folder stands for another repository, whose files are none of this one.
fn names(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == 0)
        .filter(|name| !name.is_empty() && !name.ends_with(b"/"))
}

fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// All lines of a file; none if it is binary or can't be read.
fn all_lines(path: &Path) -> Vec<RangeInclusive<u32>> {
    count_lines(path)
        .filter(|count| *count > 0)
        .map(|count| 1..=count)
        .into_iter()
        .collect()
}

fn count_lines(path: &Path) -> Option<u32> {
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut reader = BufReader::new(File::open(path).ok()?);
    let (mut lines, mut open) = (0, false);
    loop {
        let piece = reader.fill_buf().ok()?;
        let Some(last) = piece.last() else {
            return u32::try_from(lines + usize::from(open)).ok();
        };
        if memchr::memchr(0, piece).is_some() {
            return None;
        }
        open = *last != b'\n';
        lines += memchr::memchr_iter(b'\n', piece).count();
        let length = piece.len();
        reader.consume(length);
    }
}

/// Reads `git diff -z --raw --patch`: the list of files, and behind it the patch of each in the
/// same order. `None` if the two do not belong together.
fn parse(answer: &[u8]) -> Option<Vec<ChangedFile>> {
    let mut rest = answer;
    let mut entries = Vec::new();
    while rest.first() == Some(&b':') {
        entries.push(entry(&mut rest)?);
    }
    let rest = rest.strip_prefix(b"\0").unwrap_or(rest);
    let mut patches = patches(rest).into_iter();
    let mut files: Vec<ChangedFile> = Vec::new();
    for Entry {
        mut file,
        patches: count,
        lines,
    } in entries
    {
        for _ in 0..count {
            file.added.extend(patches.next()?);
        }
        if !lines {
            file.added.clear();
        }
        // A file in conflict is listed twice.
        if files.last().is_none_or(|last| last.path != file.path) {
            files.push(file);
        } else if let Some(last) = files.last_mut() {
            last.added.append(&mut file.added);
        }
    }
    patches.next().is_none().then_some(files)
}

/// A file in the list.
struct Entry {
    file: ChangedFile,
    /// How many patches it has.
    patches: usize,
    /// Whether these show lines of a file.
    lines: bool,
}

/// Takes `:MODE MODE ID ID STATUS`, a path, and for a renaming the new path.
fn entry(rest: &mut &[u8]) -> Option<Entry> {
    let head = next(rest)?;
    let words: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
    let [old_mode, new_mode, _, _, status] = words.as_slice() else {
        return None;
    };
    let first = next(rest)?;
    let (path, before) = match status.chars().next()? {
        'R' | 'C' => (next(rest)?, Some(first)),
        'A' | 'U' => (first, None),
        _ => (first.clone(), Some(first)),
    };
    Some(Entry {
        file: ChangedFile {
            path,
            before,
            removed: *status == "D",
            added: Vec::new(),
        },
        patches: match *status {
            "U" => 0,
            "T" => 2,
            _ => 1,
        },
        lines: ![*old_mode, *new_mode].contains(&SUBMODULE),
    })
}

fn next(rest: &mut &[u8]) -> Option<String> {
    let end = memchr::memchr(0, rest)?;
    let word = text(&rest[..end]);
    *rest = &rest[end + 1..];
    Some(word)
}

/// The new lines of each patch.
fn patches(text: &[u8]) -> Vec<Vec<RangeInclusive<u32>>> {
    let mut patches: Vec<Vec<RangeInclusive<u32>>> = Vec::new();
    // Lines of content begin with a sign, so that none can be taken for one of these.
    for line in text.split(|byte| *byte == b'\n') {
        if line.starts_with(b"diff --git ") {
            patches.push(Vec::new());
        } else if let Some(hunk) = line.strip_prefix(b"@@ ")
            && let Some(patch) = patches.last_mut()
        {
            patch.extend(hunk_lines(hunk));
        }
    }
    patches
}

/// The new lines of `-START,COUNT +START,COUNT @@`.
fn hunk_lines(hunk: &[u8]) -> Option<RangeInclusive<u32>> {
    let hunk = String::from_utf8_lossy(hunk);
    let range = hunk.split(' ').nth(1)?.strip_prefix('+')?;
    let (start, count) = range.split_once(',').unwrap_or((range, "1"));
    let (start, count): (u32, u32) = (start.parse().ok()?, count.parse().ok()?);
    (count > 0).then(|| start..=start + count - 1)
}

#[cfg(test)]
mod tests;
