//! One virtual user: a connection and what is sent over it.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use tokio::time::timeout;

use super::connection::Connection;
use super::pacer::Pacer;
use crate::bench::load::Load;
use crate::bench::{Failure, Tally};

/// What the users of a thread share.
pub(super) struct Ground<'l> {
    pub(super) load: &'l Load,
    pub(super) addresses: &'l [SocketAddr],
    pub(super) pacer: Pacer<'l>,
    pub(super) tally: RefCell<Tally>,
}

/// Sends requests until there is none any more, over `connection` as long as it lasts.
pub(super) async fn live(
    ground: &Ground<'_>,
    mut connection: Option<Connection>,
) -> io::Result<()> {
    while let Some(turn) = ground.pacer.next().await? {
        let outcome = ask(ground, &mut connection).await;
        let latency = turn.from.elapsed();
        if !turn.counted {
            continue;
        }
        let mut tally = ground.tally.borrow_mut();
        tally.record(outcome, latency);
        if let Some(lateness) = turn.lateness {
            tally.lateness.record(lateness);
        }
        let over = Instant::now().saturating_duration_since(ground.pacer.counts_from());
        tally.elapsed = tally.elapsed.max(over);
    }
    Ok(())
}

/// One request, with its connection if there is none. Nothing is sent twice: what failed, failed.
async fn ask(ground: &Ground<'_>, slot: &mut Option<Connection>) -> Result<u64, Failure> {
    let answer = timeout(ground.load.timeout, async {
        let mut connection = usable(ground, slot.take()).await?;
        let answer = connection.exchange(ground.load.target.request()).await?;
        Ok((answer, connection))
    });
    let ((status, bytes), connection) = answer.await.unwrap_or(Err(Failure::Timeout))?;
    *slot = Some(connection);
    if ground.load.expect.accepts(status.as_u16()) {
        Ok(bytes)
    } else {
        Err(Failure::Status(status.as_u16()))
    }
}

async fn usable(ground: &Ground<'_>, last: Option<Connection>) -> Result<Connection, Failure> {
    if let Some(mut connection) = last
        && connection.is_usable().await
    {
        return Ok(connection);
    }
    Connection::open(ground.addresses).await
}
