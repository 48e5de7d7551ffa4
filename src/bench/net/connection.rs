//! One connection, driven by the task that uses it: with a task of its own, each answer would cost
//! a wake-up more.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::bench::Failure;

/// A connection that is kept alive from request to request.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver,
    is_over: bool,
}

impl Connection {
    /// Connects to the first address that answers.
    pub(super) async fn open(addresses: &[SocketAddr]) -> Result<Self, Failure> {
        let refuse = |error: &dyn std::error::Error| Failure::Connect(innermost(error));
        let stream = TcpStream::connect(addresses)
            .await
            .map_err(|error| refuse(&error))?;
        stream.set_nodelay(true).map_err(|error| refuse(&error))?;
        let (sender, driver) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| refuse(&error))?;
        Ok(Self {
            sender,
            driver,
            is_over: false,
        })
    }

    /// Whether a request can be sent; the other side may have closed an idle connection.
    pub(super) async fn is_usable(&mut self) -> bool {
        poll_fn(|cx| {
            drive(&mut self.driver, &mut self.is_over, cx);
            if self.is_over {
                return Poll::Ready(false);
            }
            self.sender.poll_ready(cx).map(|ready| ready.is_ok())
        })
        .await
    }

    /// Sends a request and reads its answer to the end: its status and the bytes of its body.
    pub(super) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, u64), Failure> {
        let mut answer = pin!(receive(self.sender.send_request(request)));
        poll_fn(|cx| {
            drive(&mut self.driver, &mut self.is_over, cx);
            match answer.as_mut().poll(cx) {
                Poll::Pending if self.is_over => {
                    Poll::Ready(Err(Failure::Reset("the connection was closed".to_owned())))
                }
                polled => polled,
            }
        })
        .await
    }
}

type Driver = http1::Connection<TokioIo<TcpStream>, Full<Bytes>>;

/// Reads and writes what can be read and written now.
fn drive(driver: &mut Driver, is_over: &mut bool, cx: &mut Context<'_>) {
    if !*is_over {
        *is_over = Pin::new(driver).poll(cx).is_ready();
    }
}

async fn receive<B>(
    answer: impl Future<Output = hyper::Result<Response<B>>>,
) -> Result<(StatusCode, u64), Failure>
where
    B: Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    let broken = |error: hyper::Error| Failure::Reset(innermost(&error));
    let mut answer = answer.await.map_err(broken)?;
    let mut bytes = 0;
    while let Some(frame) = answer.frame().await {
        let frame = frame.map_err(broken)?;
        bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
    }
    Ok((answer.status(), bytes))
}

/// What went wrong at the bottom of an error.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
