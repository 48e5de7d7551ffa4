//! One connection, driven by the task that uses it: with a task of its own, each answer would cost
//! a wake-up more.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::client::conn::{http1, http2};
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::route::{Route, Wire};
use crate::bench::Failure;
use crate::bench::load::Protocol;
use crate::bench::target::Target;

/// The longest body that is looked into.
const LONGEST: u64 = 16 << 20;

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Bytes of its body.
    pub(super) bytes: u64,
    /// Its body, if somebody wants to look into it; none if it is too long for that.
    pub(super) body: Option<Vec<u8>>,
}

/// A connection that is kept alive from request to request.
pub(super) struct Connection {
    sender: Sender,
    driver: Driver,
    is_over: bool,
}

type Io = TokioIo<Box<dyn Wire>>;

enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

enum Driver {
    Http1(Box<http1::Connection<Io, Full<Bytes>>>),
    Http2(Box<http2::Connection<Io, Full<Bytes>, TokioExecutor>>),
}

impl Connection {
    /// Connects, and greets the server as the protocol asks for.
    pub(super) async fn open(route: &Route, protocol: Protocol) -> Result<Self, Failure> {
        let io = TokioIo::new(route.connect().await?);
        let refuse = |error: hyper::Error| Failure::Connect(innermost(&error));
        let (sender, driver) = match protocol {
            Protocol::Http1 => {
                // One buffer for head and body: a single write is cheaper than a gathering one.
                let mut builder = http1::Builder::new();
                let handshake = builder.writev(false).handshake(io);
                let (sender, driver) = handshake.await.map_err(refuse)?;
                (Sender::Http1(sender), Driver::Http1(Box::new(driver)))
            }
            Protocol::Http2 => {
                let handshake = http2::handshake(TokioExecutor::new(), io);
                let (sender, driver) = handshake.await.map_err(refuse)?;
                (Sender::Http2(sender), Driver::Http2(Box::new(driver)))
            }
        };
        Ok(Self {
            sender,
            driver,
            is_over: false,
        })
    }

    /// Whether a request can be sent; the other side may have closed an idle connection.
    pub(super) async fn is_usable(&mut self) -> bool {
        poll_fn(|cx| {
            self.driver.drive(&mut self.is_over, cx);
            if self.is_over {
                return Poll::Ready(false);
            }
            let ready = match &mut self.sender {
                Sender::Http1(sender) => sender.poll_ready(cx),
                Sender::Http2(sender) => sender.poll_ready(cx),
            };
            ready.map(|ready| ready.is_ok())
        })
        .await
    }

    /// Sends the request of a target and reads its answer to the end.
    pub(super) async fn exchange(&mut self, target: &Target) -> Result<Answer, Failure> {
        let keep = target.expect.reads_body();
        match &mut self.sender {
            Sender::Http1(sender) => {
                let answer = receive(sender.send_request(target.request()), keep);
                self.driver.until(&mut self.is_over, answer).await
            }
            Sender::Http2(sender) => {
                let answer = receive(sender.send_request(target.request_of_http2()), keep);
                self.driver.until(&mut self.is_over, answer).await
            }
        }
    }
}

impl Driver {
    /// Reads and writes what can be read and written now.
    fn drive(&mut self, is_over: &mut bool, cx: &mut Context<'_>) {
        if *is_over {
            return;
        }
        *is_over = match self {
            Driver::Http1(driver) => Pin::new(driver).poll(cx).is_ready(),
            Driver::Http2(driver) => Pin::new(driver).poll(cx).is_ready(),
        };
    }

    /// Reads and writes until an answer is there.
    async fn until(
        &mut self,
        is_over: &mut bool,
        answer: impl Future<Output = Result<Answer, Failure>>,
    ) -> Result<Answer, Failure> {
        let mut answer = pin!(answer);
        poll_fn(|cx| {
            // Who has the head of an answer asks for its body, which is there already as a rule:
            // it is read at once, without waking this task once more.
            for _ in 0..2 {
                self.drive(is_over, cx);
                match answer.as_mut().poll(cx) {
                    Poll::Pending if *is_over => {
                        let closed = "the connection was closed".to_owned();
                        return Poll::Ready(Err(Failure::Reset(closed)));
                    }
                    Poll::Pending => {}
                    ready @ Poll::Ready(_) => return ready,
                }
            }
            Poll::Pending
        })
        .await
    }
}

async fn receive<B>(
    answer: impl Future<Output = hyper::Result<Response<B>>>,
    keep: bool,
) -> Result<Answer, Failure>
where
    B: Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    let broken = |error: hyper::Error| Failure::Reset(innermost(&error));
    let mut answer = answer.await.map_err(broken)?;
    let (mut bytes, mut body) = (0, Vec::new());
    while let Some(frame) = answer.frame().await {
        let frame = frame.map_err(broken)?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        bytes += data.len() as u64;
        if keep && bytes <= LONGEST {
            body.extend_from_slice(data);
        }
    }
    Ok(Answer {
        status: answer.status(),
        bytes,
        body: (bytes <= LONGEST).then_some(body),
    })
}

/// What went wrong at the bottom of an error.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
