//! The half of `bench` that sends: one thread with a runtime of its own for every two processors,
//! in which each connection is driven by the task that uses it.

mod connection;
mod http1;
mod http2;
mod pacer;
mod patience;
mod route;
mod timer;
mod user;
mod watch;
mod worker;
mod yardstick;

use std::sync::{Arc, Barrier};
use std::thread;

pub use watch::Watch;
use worker::Worker;
pub use yardstick::yardstick;

use super::load::{Load, Pace};
use super::summary::Summary;
use super::tally::Tally;

/// Sends the load and counts what comes back. It blocks until the end, or shortly after the
/// measurement is called off; then the summary is about what happened up to there.
pub fn measure(load: &Load, watch: &Arc<Watch>) -> Result<Summary, String> {
    let (routes, ways) = route::routes(load)?;
    let threads = threads().clamp(1, load.connections.max(1));
    let start = Arc::new(Barrier::new(threads));
    let workers: Vec<_> = (0..threads)
        .map(|thread| {
            let worker = Worker {
                schedule: load.schedule(thread, threads),
                load: load.share(thread, threads),
                thread,
                start: Arc::clone(&start),
                routes: routes.clone(),
                ways: ways.clone(),
                watch: Arc::clone(watch),
            };
            thread::spawn(move || worker.run())
        })
        .collect();
    let mut whole = Tally::new(load.duration);
    for worker in workers {
        let tally = worker.join().map_err(|_| "a thread broke off")?;
        whole.merge(tally.map_err(|error| error.to_string())?);
    }
    Ok(Summary::new(whole, load.pace != Pace::Closed))
}

/// How many processors there are to use.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Half of the processors: the other half is for what is measured, if it runs here.
fn threads() -> usize {
    processors().div_ceil(2)
}
