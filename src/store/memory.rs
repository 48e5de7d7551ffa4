//! What was learnt in earlier runs and may be used again for a time: a file for each name.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::write_atomically;

/// The folder, relative to the root.
const FOLDER: &str = ".session/cache";

/// Longest part of a name that is seen in the name of its file.
const SHOWN: usize = 40;

/// What a file holds. The time is written down: that of the file changes when it is copied.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    at: String,
    value: Value,
}

/// What is remembered under a name, and for how long it has been. Nothing if the file is not there,
/// not understood, or of the future.
pub fn recall(root: &Path, name: &str) -> Option<(Value, Duration)> {
    let bytes = std::fs::read(file(root, name)).ok()?;
    let remembered: Remembered = serde_json::from_slice(&bytes).ok()?;
    let at: Timestamp = remembered.at.parse().ok()?;
    let age = Duration::try_from(Timestamp::now().duration_since(at)).ok()?;
    Some((remembered.value, age))
}

/// Remembers a value.
pub fn keep(root: &Path, name: &str, value: Value) -> io::Result<()> {
    let ignore = root.join(FOLDER).join(".gitignore");
    if !ignore.exists() {
        write_atomically(&ignore, b"*\n")?;
    }
    let remembered = Remembered {
        at: Timestamp::now().to_string(),
        value,
    };
    let mut text = serde_json::to_vec(&remembered)?;
    text.push(b'\n');
    write_atomically(&file(root, name), &text)
}

/// The last word of the name for people, and a hash of all of it: what else stands in a name is not
/// written down.
fn file(root: &Path, name: &str) -> PathBuf {
    let word = name.rsplit(' ').next().unwrap_or_default();
    let plain: String = word
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let shown = &plain[plain.len().saturating_sub(SHOWN)..];
    root.join(FOLDER)
        .join(format!("{shown}-{:032x}.json", hash(name)))
}

/// FNV-1a of 128 bits: the same in every version of this program.
fn hash(text: &str) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    let mix = |hash: u128, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    text.bytes().fold(BASIS, mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_recalled_under_its_own_name_only() {
        let root = tempfile::tempdir().unwrap();
        keep(root.path(), "server a/b", Value::from(1)).unwrap();
        keep(root.path(), "server a-b", Value::from(2)).unwrap();
        assert_eq!(recall(root.path(), "server a/b").unwrap().0, 1);
        assert_eq!(recall(root.path(), "server a-b").unwrap().0, 2);
        assert!(recall(root.path(), "server").is_none());
    }

    #[test]
    fn a_file_that_is_cut_off_or_of_the_future_is_nothing() {
        let root = tempfile::tempdir().unwrap();
        keep(root.path(), "a", Value::from(1)).unwrap();
        let path = file(root.path(), "a");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() / 2]).unwrap();
        assert!(recall(root.path(), "a").is_none());
        let at = Timestamp::now() + jiff::SignedDuration::from_hours(1);
        let later = serde_json::json!({"at": at.to_string(), "value": 1});
        std::fs::write(&path, later.to_string()).unwrap();
        assert!(recall(root.path(), "a").is_none());
    }
}
