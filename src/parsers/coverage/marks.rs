//! What ran and what did not, merged over all records of a file.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Coverage, FileCoverage, Tally};

/// Things that can run, each a key of 63 bits, with whether it ran. Eight bytes each, however often
/// it is told of.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    pub(super) fn push(&mut self, key: u64, hit: bool) {
        self.0.push(key << 1 | u64::from(hit));
    }

    fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Brings each key to one mark: it ran if any record says so.
    fn settle(&mut self) {
        self.0.sort_unstable();
        // A hit stands after a miss of the same key, and is what stays.
        self.0.dedup_by(|later, kept| {
            let same = *later >> 1 == *kept >> 1;
            if same {
                *kept = *later;
            }
            same
        });
        self.0.shrink_to_fit();
    }

    fn tally(&self) -> Tally {
        Tally {
            covered: self.0.iter().filter(|mark| *mark & 1 == 1).count() as u64,
            total: self.0.len() as u64,
        }
    }
}

/// A key for what has only a name.
pub(super) fn key_of(name: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish() >> 1
}

/// A key for a branch, of which a line may have several.
pub(super) fn branch_key(line: u32, branch: impl Hash) -> u64 {
    u64::from(line) << 31 | key_of(branch) >> 32
}

/// What one record says of one file.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) lines: Marks,
    pub(super) branches: Marks,
    pub(super) functions: Marks,
    /// Counts that stand beside, for what is not told one by one.
    pub(super) claimed: Claimed,
}

/// Counts that a record claims; they hold where nothing is told one by one.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Claimed {
    pub(super) lines: Tally,
    pub(super) branches: Tally,
    pub(super) functions: Tally,
}

/// The files of a report, each once, in the order of their first record.
#[derive(Debug, Default)]
pub(super) struct Files {
    index: HashMap<String, usize>,
    files: Vec<Merged>,
}

#[derive(Debug, Default)]
struct Merged {
    lines: FileCoverage,
    branches: Marks,
    functions: Marks,
    claimed: Claimed,
}

impl Files {
    /// Adds a record of a file, whose path is written with `/` and without a leading `./`.
    pub(super) fn add(&mut self, path: &str, mut record: Record) {
        let path = normal(path);
        let at = *self.index.entry(path).or_insert_with_key(|path| {
            self.files.push(Merged::default());
            let at = self.files.len() - 1;
            path.clone_into(&mut self.files[at].lines.path);
            at
        });
        let file = &mut self.files[at];
        for (lines, hit) in [(&file.lines.covered, true), (&file.lines.missed, false)] {
            for line in lines {
                record.lines.push(u64::from(*line), hit);
            }
        }
        record.lines.settle();
        (file.lines.covered, file.lines.missed) = split(&record.lines);
        file.branches.append(record.branches);
        file.branches.settle();
        file.functions.append(record.functions);
        file.functions.settle();
        file.claimed.lines = file.claimed.lines.larger(record.claimed.lines);
        file.claimed.branches = file.claimed.branches.larger(record.claimed.branches);
        file.claimed.functions = file.claimed.functions.larger(record.claimed.functions);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The whole. Branches and functions of which there are none were not measured.
    pub(super) fn finish(self) -> Coverage {
        drop(self.index);
        let mut coverage = Coverage::default();
        let (mut branches, mut functions) = (Tally::default(), Tally::default());
        for file in self.files {
            let lines = Tally {
                covered: file.lines.covered.len() as u64,
                total: (file.lines.covered.len() + file.lines.missed.len()) as u64,
            };
            coverage.lines.add(lines.or(file.claimed.lines));
            branches.add(file.branches.tally().or(file.claimed.branches));
            functions.add(file.functions.tally().or(file.claimed.functions));
            if lines.total > 0 {
                coverage.files.push(file.lines);
            }
        }
        coverage.branches = branches.measured();
        coverage.functions = functions.measured();
        coverage
    }
}

/// Lines that ran and lines that did not.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the keys of lines are their numbers, which were pushed as 32 bits"
)]
fn split(lines: &Marks) -> (Vec<u32>, Vec<u32>) {
    let covered = lines.tally().covered as usize;
    let mut parts = (
        Vec::with_capacity(covered),
        Vec::with_capacity(lines.0.len() - covered),
    );
    for mark in &lines.0 {
        let part = if mark & 1 == 1 {
            &mut parts.0
        } else {
            &mut parts.1
        };
        part.push((mark >> 1) as u32);
    }
    parts
}

/// A path with `/` as its only separator and without a leading `./`; nothing else is taken off.
pub(super) fn normal(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.trim_start_matches("./").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_only_what_says_nothing() {
        assert_eq!(normal("./src/a.py"), "src/a.py");
        assert_eq!(normal(r".\src\a.py"), "src/a.py");
        assert_eq!(normal("/project/../a.py"), "/project/../a.py");
        assert_eq!(normal(".hidden"), ".hidden");
    }

    #[test]
    fn two_records_of_a_file_are_one_file() {
        let mut files = Files::default();
        for (path, line, hit) in [("a", 1, false), ("./a", 1, true), ("a", 2, false)] {
            let mut record = Record::default();
            record.lines.push(line, hit);
            record.branches.push(branch_key(1, line), hit);
            files.add(path, record);
        }
        let coverage = files.finish();
        assert_eq!(coverage.files.len(), 1);
        assert_eq!(coverage.files[0].covered, [1]);
        assert_eq!(coverage.files[0].missed, [2]);
        assert_eq!(
            coverage.branches,
            Some(Tally {
                covered: 1,
                total: 2
            })
        );
        assert_eq!(coverage.functions, None);
    }
}
