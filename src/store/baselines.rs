//! The file of the baselines on disk.

use std::fs::{self, File};
use std::path::Path;

use super::{text_of, write_atomically};
use crate::bench::baseline::Ledger;
use crate::work::BASELINES;

/// Reads the file; one that is not there is empty.
pub fn baselines(root: &Path) -> Result<Ledger, String> {
    let text = text_of(root, BASELINES)
        .map_err(|error| format!("`{BASELINES}` can't be read: {error}"))?;
    text.map_or_else(
        || Ok(Ledger::default()),
        |text| Ledger::parse(&text).map_err(|reason| format!("`{BASELINES}`: {reason}")),
    )
}

/// Changes the file. Who changes it at the same time waits, so that neither loses what the other
/// wrote; what is not understood is left as it is.
pub fn change_baselines<T>(
    root: &Path,
    change: impl FnOnce(&mut Ledger) -> Result<T, String>,
) -> Result<T, String> {
    let path = root.join(BASELINES);
    let folder = path.parent().unwrap_or(root);
    let broken = |error: std::io::Error| format!("`{BASELINES}` can't be written: {error}");
    fs::create_dir_all(folder).map_err(broken)?;
    // The folder itself is the lock: it leaves no file behind, and replacing the file keeps it.
    let lock = File::open(folder).map_err(broken)?;
    lock.lock().map_err(broken)?;
    let mut ledger = baselines(root)?;
    let changed = change(&mut ledger)?;
    write_atomically(&path, ledger.print().as_bytes()).map_err(broken)?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::baseline::{Keep, Key, Match, Run};

    fn key() -> Key {
        Key {
            machine: String::new(),
            load: String::new(),
            engine: String::new(),
        }
    }

    fn run(at: usize) -> Run {
        Run {
            at: at.to_string(),
            run: String::new(),
            sent: 1,
            failed: 0,
            per_second: 1.0,
            cpu_us: None,
            windows: Vec::new(),
            yardstick: None,
        }
    }

    #[test]
    fn b95_runs_that_are_added_at_the_same_time_are_all_there() {
        let root = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for index in 0..16 {
                let root = root.path();
                scope.spawn(move || {
                    change_baselines(root, |ledger| {
                        ledger.add("p/n", &key(), &[run(index)], Keep::Rolling)
                    })
                    .unwrap();
                });
            }
        });
        let ledger = baselines(root.path()).unwrap();
        let Match::Runs(runs) = ledger.find("p/n", &key()).unwrap() else {
            panic!("{ledger:?}");
        };
        assert_eq!(runs.len(), 16);
        let folder = root.path().join(".session/tracking");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
    }

    #[test]
    fn b87_a_file_that_can_not_be_read_is_never_replaced() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(BASELINES);
        write_atomically(&path, b"{").unwrap();
        let add = |ledger: &mut Ledger| ledger.add("p/n", &key(), &[run(0)], Keep::Rolling);
        assert!(change_baselines(root.path(), add).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"{");
    }
}
