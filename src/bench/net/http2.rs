//! A connection of HTTP/2, driven by the task that uses it: with a task of its own, each answer would
//! cost a wake-up more.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::body::Body;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::connection::{Answer, innermost};
use super::route::Wire;
use crate::bench::Failure;
use crate::bench::target::Target;

/// A connection on which one request is sent at a time.
pub(super) struct Http2 {
    sender: SendRequest<Full<Bytes>>,
    driver: http2::Connection<TokioIo<Box<dyn Wire>>, Full<Bytes>, TokioExecutor>,
    is_over: bool,
}

impl Http2 {
    /// Greets the server.
    pub(super) async fn open(wire: Box<dyn Wire>) -> Result<Self, Failure> {
        let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(wire));
        let refuse = |error: hyper::Error| Failure::Connect(innermost(&error));
        let (sender, driver) = handshake.await.map_err(refuse)?;
        Ok(Self {
            sender,
            driver,
            is_over: false,
        })
    }

    /// Whether a request can be sent; the other side may have closed an idle connection.
    pub(super) async fn is_usable(&mut self) -> bool {
        poll_fn(|cx| {
            self.drive(cx);
            if self.is_over {
                return Poll::Ready(false);
            }
            self.sender.poll_ready(cx).map(|ready| ready.is_ok())
        })
        .await
    }

    /// Sends the request of a target and reads its answer to the end.
    pub(super) async fn exchange(&mut self, target: &Target) -> Result<Answer, Failure> {
        let answer = self.sender.send_request(target.request_of_http2());
        let mut answer = pin!(receive(answer, target.expect.reads_body()));
        poll_fn(|cx| {
            // Who has the head of an answer asks for its body, which is there already as a rule:
            // it is read at once, without waking this task once more.
            for _ in 0..2 {
                self.drive(cx);
                match answer.as_mut().poll(cx) {
                    Poll::Pending if self.is_over => {
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

    /// Reads and writes what can be read and written now.
    fn drive(&mut self, cx: &mut Context<'_>) {
        if !self.is_over {
            self.is_over = Pin::new(&mut self.driver).poll(cx).is_ready();
        }
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
    let mut received = answer.await.map_err(broken)?;
    let mut answer = Answer {
        status: received.status(),
        bytes: 0,
        body: keep.then(Vec::new),
    };
    while let Some(frame) = received.frame().await {
        if let Some(data) = frame.map_err(broken)?.data_ref() {
            answer.take(data);
        }
    }
    Ok(answer)
}
