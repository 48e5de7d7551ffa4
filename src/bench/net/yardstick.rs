//! A server that does nothing, to see how fast this machine is at the moment.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::{Watch, measure};
use crate::bench::load::Load;
use crate::bench::summary::Summary;
use crate::bench::target::Target;

/// How long it is measured.
const DURATION: Duration = Duration::from_secs(1);
const WARMUP: Duration = Duration::from_millis(100);
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// Measures a server of this process that answers at once, over so many connections.
pub fn yardstick(connections: usize, watch: &Arc<Watch>) -> Result<Summary, String> {
    let (end, ended) = oneshot::channel();
    let (tell, told) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        runtime.block_on(serve(tell, ended))
    });
    let address = told.recv().map_err(|_| "the yardstick has no port")?;
    let target = Target::of(&format!("http://{address}/")).build()?;
    let load = Load {
        connections,
        duration: Some(DURATION),
        warmup: WARMUP,
        ..Load::on(target)
    };
    let summary = measure(&load, watch);
    // A server that ended by itself has nobody to hear this.
    let _ = end.send(());
    let served = server.join().map_err(|_| "the yardstick broke off")?;
    served.map_err(|error: io::Error| error.to_string())?;
    summary
}

async fn serve(
    tell: std::sync::mpsc::Sender<SocketAddr>,
    mut ended: oneshot::Receiver<()>,
) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    // Whoever asked waits for it.
    let _ = tell.send(listener.local_addr()?);
    loop {
        tokio::select! {
            connection = listener.accept() => {
                tokio::spawn(answer(connection?.0));
            }
            _ = &mut ended => return Ok(()),
        }
    }
}

/// Answers whatever ends like a request without a body.
async fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::with_capacity(1024);
    while stream.read_buf(&mut bytes).await? > 0 {
        if bytes.ends_with(b"\r\n\r\n") {
            bytes.clear();
            stream.write_all(ANSWER).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_measured_without_a_failure() {
        let summary = yardstick(4, &Arc::default()).unwrap();
        assert!(summary.tally.ok > 100, "{:?}", summary.tally.ok);
        assert_eq!(summary.error_rate(), Some(0.0));
    }
}
