//! The half of `bench` that sends: one thread with a runtime of its own for every two processors,
//! in which each connection is driven by the task that uses it.

mod connection;
mod pacer;
mod timer;
mod user;
mod worker;

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use worker::Worker;

use super::load::{Load, Pace};
use super::schedule::Schedule;
use super::summary::Summary;
use super::tally::Tally;

/// Sends the load and counts what comes back. It blocks until the end, or shortly after `stop`
/// is set; then the summary is about what happened up to there.
pub fn measure(load: &Load, stop: &Arc<AtomicBool>) -> Result<Summary, String> {
    let addresses = resolve(load)?;
    let threads = threads().clamp(1, load.connections.max(1));
    let workers: Vec<_> = (0..threads)
        .map(|thread| {
            let worker = Worker {
                schedule: schedule(load.pace, thread, threads),
                load: load.share(thread, threads),
                addresses: addresses.clone(),
                stop: Arc::clone(stop),
            };
            thread::spawn(move || worker.run())
        })
        .collect();
    let mut whole = Tally::default();
    for worker in workers {
        let tally = worker.join().map_err(|_| "a thread broke off")?;
        whole.merge(tally.map_err(|error| error.to_string())?);
    }
    Ok(Summary::new(whole, load.pace != Pace::Closed))
}

fn schedule(pace: Pace, thread: usize, threads: usize) -> Option<Schedule> {
    let Pace::Open(rate) = pace else { return None };
    Some(Schedule {
        rate,
        thread,
        threads,
    })
}

/// How many processors there are to use.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Half of the processors: the other half is for what is measured, if it runs here.
fn threads() -> usize {
    processors().div_ceil(2)
}

fn resolve(load: &Load) -> Result<Vec<SocketAddr>, String> {
    let (host, port) = (load.target.host(), load.target.port());
    let found = (host, port).to_socket_addrs();
    let addresses: Vec<_> = found
        .map_err(|error| format!("the address of `{host}` is not known: {error}"))?
        .collect();
    if addresses.is_empty() {
        return Err(format!("`{host}` has no address"));
    }
    Ok(addresses)
}
