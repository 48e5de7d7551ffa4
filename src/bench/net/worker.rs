//! One thread of the generator.

use std::cell::RefCell;
use std::io;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{sleep, timeout};

use super::connection::Connection;
use super::pacer::Pacer;
use super::patience::Patience;
use super::route::Route;
use super::timer::processor_time;
use super::user::{Ground, User};
use super::watch::Watch;
use crate::bench::Tally;
use crate::bench::load::Load;
use crate::bench::mix::Mix;
use crate::bench::schedule::Schedule;

/// How long answers are waited for once the measurement is called off.
const GRACE: Duration = Duration::from_secs(1);
/// How often it is looked whether it was.
const GLANCE: Duration = Duration::from_millis(50);

/// The share of the load that one thread sends.
pub(super) struct Worker {
    pub(super) load: Load,
    pub(super) schedule: Option<Schedule>,
    /// Which thread, from 0.
    pub(super) thread: usize,
    /// Where all threads meet before the clock starts.
    pub(super) start: Arc<Barrier>,
    pub(super) routes: Vec<Route>,
    /// Which way leads to the server of each target.
    pub(super) ways: Vec<usize>,
    pub(super) watch: Arc<Watch>,
}

impl Worker {
    /// Sends everything and counts it.
    pub(super) fn run(&self) -> io::Result<Tally> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let users = match &runtime {
            Ok(runtime) => runtime.block_on(self.users()),
            Err(_) => Vec::new(),
        };
        self.start.wait();
        runtime?.block_on(self.send(users))
    }

    /// Users whose connections are made, or are not if the measurement is called off meanwhile.
    async fn users(&self) -> Vec<User> {
        let users = (0..self.load.connections).map(|number| self.user(number));
        tokio::select! {
            users = join_all(users) => users,
            () = self.is_called_off() => Vec::new(),
        }
    }

    async fn send(&self, users: Vec<User>) -> io::Result<Tally> {
        let weights = self.load.targets.iter().map(|target| target.weight.get());
        let ground = Ground {
            load: &self.load,
            routes: &self.routes,
            ways: &self.ways,
            mix: RefCell::new(Mix::of_thread(weights, self.thread)),
            pacer: Pacer::new(&self.load, self.schedule, &self.watch)?,
            tally: RefCell::new(Tally::new(self.load.duration)),
        };
        let (begin, worked) = (Instant::now(), processor_time());
        let ended = self.serve(&ground, users).await?;
        let busy = processor_time().zip(worked).map(|(now, then)| now - then);
        let mut tally = ground.tally.into_inner();
        tally.due = ground.pacer.due_by(ended);
        let planned = ground.pacer.end().map_or(ended, |end| end.min(ended));
        let planned = planned.saturating_duration_since(ground.pacer.counts_from());
        // Connections that wait for their next answer send nothing after the end: what comes in
        // later is no part of a rate.
        tally.elapsed = if self.schedule.is_none() && self.load.duration.is_some() {
            planned
        } else {
            tally.elapsed.max(planned)
        };
        tally.busy = busy.unwrap_or(0.0) / begin.elapsed().as_secs_f64().max(1e-9);
        Ok(tally)
    }

    /// A user whose connections are made before the clock starts. One that fails is tried again,
    /// and counted, with the first request that needs it.
    async fn user(&self, number: usize) -> User {
        let opening = self.routes.iter().map(|route| async {
            let opened = Connection::open(route, self.load.protocol);
            timeout(self.load.timeout, opened).await.ok()?.ok()
        });
        User {
            number,
            connections: join_all(opening).await,
            patience: Patience::new(self.load.timeout),
        }
    }

    /// Lets all users do their work, and gives the moment when nothing more was due.
    async fn serve(&self, ground: &Ground<'_>, users: Vec<User>) -> io::Result<Instant> {
        let mut users: FuturesUnordered<_> =
            users.into_iter().map(|user| user.live(ground)).collect();
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
        while !self.watch.is_called_off() {
            sleep(GLANCE).await;
        }
    }
}
