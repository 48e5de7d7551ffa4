//! A process with all that descends from it.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::Duration;

use tokio::time::Instant;

use super::Rhythm;
use crate::bench::resources::{Meter, Reading, Resource, Sampled};
use crate::run::process::Process;
use crate::run::table::{self, Row};

/// What tells a process from all others: its number, and when it started.
type Key = (i32, u64);

/// What is sampled of a service.
pub(super) struct Family {
    node: String,
    process: Option<Process>,
    meter: Meter<Key>,
    problem: Option<String>,
}

impl Family {
    pub(super) fn of(node: String, process: Option<Process>) -> Self {
        Self {
            problem: process
                .is_none()
                .then(|| "its process is not there".to_owned()),
            node,
            process,
            meter: Meter::of_a_family(),
        }
    }

    /// Looks again and again until the end, or for ever.
    pub(super) async fn look_on(&mut self, end: Option<Instant>) {
        let (begin, mut rhythm) = (Instant::now(), Rhythm::new(end));
        loop {
            self.look(begin.elapsed()).await;
            if !rhythm.beat().await {
                return;
            }
        }
    }

    async fn look(&mut self, at: Duration) {
        let Some(process) = &self.process else { return };
        let (pid, node) = (process.pid.as_raw_nonzero().get(), self.node.clone());
        // The whole process table is read, which may take some milliseconds.
        let looked = tokio::task::spawn_blocking(move || readings(pid, &node)).await;
        match looked {
            Ok(readings) if !readings.is_empty() => self.meter.read(at, readings),
            _ => self.problem = Some("its process ended during the load".to_owned()),
        }
    }

    pub(super) fn sampled(self) -> Sampled {
        Sampled {
            node: self.node,
            service: None,
            usage: match self.problem {
                Some(problem) => Err(problem),
                None => Ok(self.meter.usage()),
            },
        }
    }
}

/// What each process of a service has used so far: the one that was started, its descendants, and
/// those that were orphaned and came to this process, with theirs.
fn readings(pid: i32, node: &str) -> BTreeMap<Key, Reading> {
    let rows = table::rows();
    let this = std::process::id().cast_signed();
    let number = |row: &Row| row.pid.as_raw_nonzero().get();
    let is_root = |row: &&Row| {
        let is_orphan = || row.parent == this && row.variable("SDD_NODE").as_deref() == Some(node);
        number(row) == pid || is_orphan()
    };
    let roots: Vec<&Row> = rows.iter().filter(is_root).collect();
    if !roots.iter().any(|row| number(row) == pid && !row.zombie) {
        return BTreeMap::new();
    }
    let offspring = roots
        .iter()
        .flat_map(|row| table::descendants(&rows, number(row)));
    let all = roots.iter().map(|row| **row).chain(offspring);
    let read = all.filter_map(|row| reading(number(&row)));
    read.collect()
}

fn reading(pid: i32) -> Option<(Key, Reading)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (started, reading) = stat_of(&stat)?;
    let io = match std::fs::read_to_string(format!("/proc/{pid}/io")) {
        Ok(io) => io,
        // One that may not be looked at is there, and what it used is not known.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => String::new(),
        // One that ended meanwhile is no part of this look.
        Err(_) => return None,
    };
    let bytes = |name: &str| {
        let line = io.lines().find_map(|line| line.strip_prefix(name))?;
        line.strip_prefix(':')?.trim().parse().ok()
    };
    let reading = reading
        .with(Resource::Cpu, Some(processor_time(pid)?))
        .with(Resource::DiskRead, bytes("read_bytes"))
        .with(Resource::DiskWrite, bytes("write_bytes"));
    Some(((pid, started), reading))
}

/// Seconds of a processor that a process needed with all its threads, those that are over
/// included. `/proc` tells it in steps of ten milliseconds, and of many short spells too little.
#[cfg(target_os = "linux")]
fn processor_time(pid: i32) -> Option<f64> {
    use nix::time::{clock_getcpuclockid, clock_gettime};
    let clock = clock_getcpuclockid(nix::unistd::Pid::from_raw(pid)).ok()?;
    let time = clock_gettime(clock).ok()?;
    Some(Duration::from(time).as_secs_f64())
}

/// Elsewhere there is no process table to sample.
#[cfg(not(target_os = "linux"))]
fn processor_time(_: i32) -> Option<f64> {
    None
}

/// When a process started, its memory, and the processor time of its children that are over.
#[expect(
    clippy::cast_precision_loss,
    reason = "seconds and bytes of a process have few digits"
)]
fn stat_of(stat: &str) -> Option<(u64, Reading)> {
    // The name stands in parentheses and may hold anything, parentheses included.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let memory = number(21)? * rustix::param::page_size() as u64;
    let reading = Reading::default()
        .with(Resource::Memory, Some(memory as f64))
        .with_children((number(13)? + number(14)?) as f64 / ticks);
    Some((number(19)?, reading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn a_process_is_read_whatever_its_name() {
        let stat = "77 (a) b) S 1 77 77 0 -1 4194560 500 0 0 0 150 50 20 5 20 0 1 0 4711 99 3 0 0";
        let (started, reading) = stat_of(stat).unwrap();
        let ticks = rustix::param::clock_ticks_per_second() as f64;
        let expected = Reading::default()
            .with(
                Resource::Memory,
                Some(3.0 * rustix::param::page_size() as f64),
            )
            .with_children(25.0 / ticks);
        assert_eq!((started, reading), (4711, expected));
        assert!(stat_of("77 (a").is_none());
    }

    #[test]
    fn a_process_that_is_over_has_no_readings() {
        assert!(readings(i32::MAX, "none").is_empty());
    }
}
