//! One thread of the generator.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{sleep, timeout};

use super::connection::Connection;
use super::pacer::Pacer;
use super::timer::processor_time;
use super::user::{Ground, live};
use crate::bench::Tally;
use crate::bench::load::Load;
use crate::bench::schedule::Schedule;

/// How long answers are waited for once the measurement is called off.
const GRACE: Duration = Duration::from_secs(1);
/// How often it is looked whether it was.
const GLANCE: Duration = Duration::from_millis(50);

/// The share of the load that one thread sends.
pub(super) struct Worker {
    pub(super) load: Load,
    pub(super) schedule: Option<Schedule>,
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) stop: Arc<AtomicBool>,
}

impl Worker {
    /// Sends everything and counts it.
    pub(super) fn run(&self) -> io::Result<Tally> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.send())
    }

    async fn send(&self) -> io::Result<Tally> {
        // Connections are made before the clock starts; one that fails is tried again, and
        // counted, with the first request that needs it.
        let opening = (0..self.load.connections).map(|_| async {
            let opened = timeout(self.load.timeout, Connection::open(&self.addresses));
            opened.await.ok()?.ok()
        });
        let connections = join_all(opening).await;
        let ground = Ground {
            load: &self.load,
            addresses: &self.addresses,
            pacer: Pacer::new(&self.load, self.schedule, &self.stop)?,
            tally: RefCell::new(Tally::default()),
        };
        let (begin, worked) = (Instant::now(), processor_time());
        let ended = self.serve(&ground, connections).await?;
        let busy = processor_time().zip(worked).map(|(now, then)| now - then);
        let mut tally = ground.tally.into_inner();
        tally.due = ground.pacer.due_by(ended);
        let planned = ground.pacer.end().map_or(ended, |end| end.min(ended));
        let planned = planned.saturating_duration_since(ground.pacer.counts_from());
        tally.elapsed = tally.elapsed.max(planned);
        tally.busy = busy.unwrap_or(0.0) / begin.elapsed().as_secs_f64().max(1e-9);
        Ok(tally)
    }

    /// Lets all users do their work, and gives the moment when nothing more was due.
    async fn serve(
        &self,
        ground: &Ground<'_>,
        connections: Vec<Option<Connection>>,
    ) -> io::Result<Instant> {
        let users = connections
            .into_iter()
            .map(|connection| live(ground, connection));
        let mut users: FuturesUnordered<_> = users.collect();
        let mut all = std::pin::pin!(async {
            while let Some(ended) = users.next().await {
                ended?;
            }
            io::Result::Ok(())
        });
        tokio::select! {
            ended = &mut all => ended.map(|()| Instant::now()),
            () = self.is_called_off() => {
                let moment = Instant::now();
                // Whoever has no answer by then is dropped.
                timeout(GRACE, all).await.unwrap_or(Ok(()))?;
                Ok(moment)
            }
        }
    }

    async fn is_called_off(&self) {
        while !self.stop.load(Ordering::Relaxed) {
            sleep(GLANCE).await;
        }
    }
}
