//! The attempts' own folders.
//!
//! Making a folder costs more than starting a process does, and most attempts write nothing into
//! theirs. So a folder that was left empty is renamed for the next node: what stays on disk are
//! the folders in which something is. Whether one is empty is looked up when there is time for it.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::record::file_name;

/// `out/NODE/ATTEMPT/` of one run.
#[derive(Debug)]
pub struct OutFolders {
    base: PathBuf,
    /// Folders of nodes that hold an empty folder for a first attempt, and nothing else.
    spare: RefCell<Vec<PathBuf>>,
    /// Folders of nodes that had one attempt and are done with it.
    returned: RefCell<Vec<PathBuf>>,
}

impl OutFolders {
    /// The folders of a run.
    pub fn new(run: &Path) -> Self {
        Self {
            base: run.join("out"),
            spare: RefCell::default(),
            returned: RefCell::default(),
        }
    }

    /// A fresh, empty folder for an attempt.
    pub fn make(&self, node: &str, attempt: u32) -> io::Result<PathBuf> {
        let of_node = self.base.join(file_name(node));
        let path = of_node.join(attempt.to_string());
        if attempt == 1 {
            let spare = self.spare.borrow_mut().pop();
            if spare.is_some_and(|spare| fs::rename(spare, &of_node).is_ok()) {
                return Ok(path);
            }
        } else {
            // A node that tries again needs its folder itself.
            for folders in [&self.spare, &self.returned] {
                folders.borrow_mut().retain(|folder| *folder != of_node);
            }
        }
        fs::create_dir_all(&of_node)?;
        fs::create_dir(&path)?;
        Ok(path)
    }

    /// The number of an attempt of which nothing is there yet.
    pub fn next_attempt(&self, node: &str) -> u32 {
        let of_node = self.base.join(file_name(node));
        let is_free = |attempt: &u32| !of_node.join(attempt.to_string()).exists();
        (1..u32::MAX).find(is_free).unwrap_or(u32::MAX)
    }

    /// Takes the folder of a node back that is done with an attempt.
    pub fn give_back(&self, node: &str, attempt: u32) {
        if attempt == 1 {
            let of_node = self.base.join(file_name(node));
            self.returned.borrow_mut().push(of_node);
        }
    }

    /// Whether folders were given back of which it is not known whether they are empty.
    pub fn is_unsorted(&self) -> bool {
        !self.returned.borrow().is_empty()
    }

    /// Looks which of the folders that were given back are empty: those are used again.
    pub fn sort(&self) {
        let is_empty = |folder: &PathBuf| {
            fs::read_dir(folder.join("1")).is_ok_and(|mut entries| entries.next().is_none())
        };
        let returned = self.returned.take().into_iter().filter(is_empty);
        self.spare.borrow_mut().extend(returned);
    }

    /// Removes what nobody needs any more.
    pub fn clear(&self) {
        self.sort();
        for folder in self.spare.take() {
            let _ = fs::remove_dir(folder.join("1")).and_then(|()| fs::remove_dir(&folder));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_folder_is_used_again_and_a_full_one_stays() {
        let run = tempfile::tempdir().unwrap();
        let folders = OutFolders::new(run.path());
        let first = folders.make("a", 1).unwrap();
        folders.give_back("a", 1);
        folders.sort();
        let second = folders.make("b", 1).unwrap();
        assert!(!first.exists());
        fs::write(second.join("report.xml"), "x").unwrap();
        folders.give_back("b", 1);
        folders.sort();
        let third = folders.make("c", 1).unwrap();
        assert!(second.join("report.xml").exists());
        assert_eq!(fs::read_dir(&third).unwrap().count(), 0);
        folders.give_back("c", 1);
        folders.clear();
        assert_eq!(fs::read_dir(run.path().join("out")).unwrap().count(), 1);
    }

    #[test]
    fn a_node_that_tries_again_keeps_its_folder() {
        for sorted in [false, true] {
            let run = tempfile::tempdir().unwrap();
            let folders = OutFolders::new(run.path());
            folders.make("a", 1).unwrap();
            folders.give_back("a", 1);
            if sorted {
                folders.sort();
            }
            let second = folders.make("a", 2).unwrap();
            folders.sort();
            folders.make("b", 1).unwrap();
            assert!(second.exists());
        }
    }

    #[test]
    fn every_attempt_has_a_folder_of_its_own() {
        let run = tempfile::tempdir().unwrap();
        let folders = OutFolders::new(run.path());
        let first = folders.make("a", 1).unwrap();
        let second = folders.make("a", 2).unwrap();
        assert_ne!(first, second);
        assert!(first.exists() && second.exists());
    }
}
