//! One virtual user: its connections and what is sent over them.

use std::cell::RefCell;
use std::io;
use std::time::Instant;

use super::connection::Connection;
use super::pacer::Pacer;
use super::patience::Patience;
use super::route::Route;
use crate::bench::load::Load;
use crate::bench::mix::Mix;
use crate::bench::target::Target;
use crate::bench::{Failure, Tally};

/// What the users of a thread share.
pub(super) struct Ground<'l> {
    pub(super) load: &'l Load,
    /// The ways to the servers.
    pub(super) routes: &'l [Route],
    /// Which way leads to the server of each target.
    pub(super) ways: &'l [usize],
    pub(super) mix: RefCell<Mix>,
    pub(super) pacer: Pacer<'l>,
    pub(super) tally: RefCell<Tally>,
}

/// A user, by its number in its thread, with a connection for each way as long as it lasts.
pub(super) struct User {
    pub(super) number: usize,
    pub(super) connections: Vec<Option<Connection>>,
    pub(super) patience: Patience,
}

impl User {
    /// Sends requests until there is none any more.
    pub(super) async fn live(mut self, ground: &Ground<'_>) -> io::Result<()> {
        while let Some(turn) = ground.pacer.next(self.number).await? {
            let place = ground.mix.borrow_mut().next();
            let outcome = self.ask(ground, place).await;
            let latency = turn.from.elapsed();
            if !turn.counted {
                continue;
            }
            ground.pacer.told(outcome.is_ok());
            let mut tally = ground.tally.borrow_mut();
            let moment = turn
                .from
                .saturating_duration_since(ground.pacer.counts_from());
            tally.record(outcome, moment, latency);
            if let Some(lateness) = turn.lateness {
                tally.lateness.record(lateness);
            }
            let over = Instant::now().saturating_duration_since(ground.pacer.counts_from());
            tally.elapsed = tally.elapsed.max(over);
        }
        Ok(())
    }

    /// One request, with its connection if there is none. Nothing is sent twice: what failed,
    /// failed.
    async fn ask(&mut self, ground: &Ground<'_>, place: usize) -> Result<u64, Failure> {
        let (target, way) = (&ground.load.targets[place], ground.ways[place]);
        let slot = &mut self.connections[way];
        let last = slot.take();
        let answer = self.patience.with(async {
            let mut connection = usable(ground, way, last).await?;
            let answer = connection.exchange(target).await?;
            Ok((answer, connection))
        });
        let (answer, connection) = answer.await?;
        *slot = Some(connection);
        judge(target, answer.status.as_u16(), answer.body.as_deref())?;
        Ok(answer.bytes)
    }
}

fn judge(target: &Target, status: u16, body: Option<&[u8]>) -> Result<(), Failure> {
    if !target.expect.accepts(status) {
        return Err(Failure::Status(status));
    }
    if !target.expect.reads_body() {
        return Ok(());
    }
    let Some(body) = body else {
        let message = "the body is too long to look into".to_owned();
        return Err(Failure::Answer(message));
    };
    target
        .expect
        .objection(body)
        .map_or(Ok(()), |objection| Err(Failure::Answer(objection)))
}

async fn usable(
    ground: &Ground<'_>,
    way: usize,
    last: Option<Connection>,
) -> Result<Connection, Failure> {
    if let Some(mut connection) = last
        && connection.is_usable().await
    {
        return Ok(connection);
    }
    Connection::open(&ground.routes[way], ground.load.protocol).await
}
