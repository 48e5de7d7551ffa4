//! The process table of the kernel, as far as it is needed to find strays.
//!
//! Only Linux has it in this form; elsewhere the table is empty and process groups alone are ended.

use std::collections::HashSet;
use std::path::Path;

use rustix::process::{Pid, Signal};

/// A process as `/proc` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) pid: Pid,
    pub(super) parent: i32,
    pub(super) group: i32,
    pub(super) zombie: bool,
    /// When it started, in clock ticks since the machine did: with the pid, what it is known by.
    started: u64,
}

/// Every process that can be seen.
pub(super) fn rows() -> Vec<Row> {
    let Ok(folder) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    folder
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter_map(row)
        .collect()
}

/// One process.
pub(super) fn row(pid: i32) -> Option<Row> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold anything, parentheses included.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    Some(Row {
        pid: Pid::from_raw(pid)?,
        zombie: matches!(*fields.first()?, "Z" | "X"),
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
    })
}

/// Those of `rows` that descend from a process, not counting itself.
pub(super) fn descendants(rows: &[Row], of: i32) -> Vec<Row> {
    let mut family = HashSet::from([of]);
    let mut found: Vec<Row> = Vec::new();
    loop {
        let before = found.len();
        for row in rows {
            let pid = row.pid.as_raw_nonzero().get();
            if family.contains(&row.parent) && family.insert(pid) {
                found.push(*row);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

impl Row {
    /// Sends a signal, unless the number belongs to another process by now.
    #[cfg(target_os = "linux")]
    pub(super) fn signal(&self, signal: Signal) {
        let flags = rustix::process::PidfdFlags::empty();
        let Ok(handle) = rustix::process::pidfd_open(self.pid, flags) else {
            return;
        };
        if self.is_same() {
            let _ = rustix::process::pidfd_send_signal(&handle, signal);
        }
    }

    /// Sends a signal. Where there is no process table, there is no row to send it to either.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn signal(&self, signal: Signal) {
        let _ = rustix::process::kill_process(self.pid, signal);
    }

    /// Whether the process is still there, and not only its exit status.
    pub(super) fn is_alive(&self) -> bool {
        let now = row(self.pid.as_raw_nonzero().get());
        now.is_some_and(|now| now.started == self.started && !now.zombie)
    }

    #[cfg(target_os = "linux")]
    fn is_same(&self) -> bool {
        let now = row(self.pid.as_raw_nonzero().get());
        now.is_some_and(|now| now.started == self.started)
    }

    /// A variable of the environment that it was started with.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        let path = format!("/proc/{}/environ", self.pid.as_raw_nonzero());
        let bytes = std::fs::read(Path::new(&path)).ok()?;
        let mut entries = bytes.split(|byte| *byte == 0);
        let value =
            entries.find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// Its command line, shortened, for people.
    pub(super) fn command(&self) -> String {
        const LONGEST: usize = 80;
        let path = format!("/proc/{}/cmdline", self.pid.as_raw_nonzero());
        let bytes = std::fs::read(Path::new(&path)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
        let text = text.trim();
        match text.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}…", &text[..cut]),
            None => text.to_owned(),
        }
    }
}
