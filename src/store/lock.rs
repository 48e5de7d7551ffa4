//! One run at a time in a worktree.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use super::RUNS;

/// Held while a run goes on; given back by the kernel however the run ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock can't be had.
#[derive(Debug)]
pub enum LockError {
    /// Another run goes on; what it said of itself.
    Busy(String),
    /// The lock file can't be used.
    Io(io::Error),
}

impl Lock {
    /// Who has the lock of a worktree, if somebody has.
    pub fn owner(root: &Path) -> Option<String> {
        let mut file = File::open(root.join(RUNS).join("lock")).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(read_owner(&mut file)),
            _ => None,
        }
    }

    /// Takes the lock of a worktree and notes who has it.
    pub fn take(root: &Path, owner: &str) -> Result<Self, LockError> {
        let path = root.join(RUNS).join("lock");
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockError::Io)?;
        // Somebody who only looks has it for a moment.
        let mut tries = 0..20;
        let locked = loop {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) if tries.next().is_some() => {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                locked => break locked,
            }
        };
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Busy(read_owner(&mut file)));
            }
            Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
        }
        let noted = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(owner.as_bytes()));
        noted.map_err(LockError::Io)?;
        Ok(Self { _file: file })
    }
}

/// What the owner noted. It does so right after it has the lock, so nothing there means: not yet.
fn read_owner(file: &mut File) -> String {
    let mut owner = String::new();
    for _ in 0..20 {
        let _ = file.rewind().and_then(|()| file.read_to_string(&mut owner));
        if !owner.trim().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    owner.trim().to_owned()
}
