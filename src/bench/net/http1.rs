//! A connection of HTTP/1.1: a request is one write of bytes that were made beforehand, and an
//! answer as a rule one read. A library for clients of all sorts takes a fifth more of a processor.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use hyper::StatusCode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

use super::connection::{Answer, innermost};
use super::route::Wire;
use crate::bench::Failure;
use crate::bench::answer::{Chunks, Extent, Head};
use crate::bench::target::Target;

/// Room for what is read at once.
const ROOM: usize = 8 << 10;
/// The longest head of an answer.
const LONGEST_HEAD: usize = 256 << 10;

/// A connection, and what was read beyond the last answer.
pub(super) struct Http1 {
    wire: Box<dyn Wire>,
    buffer: Vec<u8>,
    /// Bytes of the buffer that were read.
    filled: usize,
    /// Bytes of those that were understood.
    taken: usize,
    is_over: bool,
}

impl Http1 {
    pub(super) fn new(wire: Box<dyn Wire>) -> Self {
        Self {
            wire,
            buffer: vec![0; ROOM],
            filled: 0,
            taken: 0,
            is_over: false,
        }
    }

    /// Whether a request can be sent; the other side may have closed an idle connection.
    pub(super) async fn is_usable(&mut self) -> bool {
        if self.is_over || self.taken < self.filled {
            return false;
        }
        let mut byte = [0];
        poll_fn(|cx| {
            let mut read = ReadBuf::new(&mut byte);
            // Neither an end nor bytes that nobody asked for.
            let read = Pin::new(&mut self.wire).poll_read(cx, &mut read);
            Poll::Ready(read.is_pending())
        })
        .await
    }

    /// Sends the request of a target and reads its answer to the end.
    pub(super) async fn exchange(&mut self, target: &Target) -> Result<Answer, Failure> {
        let written = async {
            self.wire.write_all(target.bytes()).await?;
            self.wire.flush().await
        };
        written
            .await
            .map_err(|error: std::io::Error| Failure::Reset(innermost(&error)))?;
        let head = self.head(target.is_head()).await?;
        let mut answer = Answer {
            status: StatusCode::from_u16(head.status)
                .map_err(|_| broken(&format!("{} is no status", head.status)))?,
            bytes: 0,
            body: target.expect.reads_body().then(Vec::new),
        };
        match head.body {
            Extent::Length(length) => self.length(length, &mut answer).await?,
            Extent::Chunked => self.chunks(&mut answer).await?,
            Extent::UntilClosed => while self.some(&mut answer).await? {},
        }
        self.is_over = !head.keeps_alive;
        Ok(answer)
    }

    /// The head of the answer, behind those of interim ones.
    async fn head(&mut self, to_head: bool) -> Result<Head, Failure> {
        loop {
            let head = Head::parse(self.there(), to_head);
            match head.map_err(Failure::Reset)? {
                Some(head) => {
                    self.taken += head.length;
                    if !head.is_interim() {
                        return Ok(head);
                    }
                }
                None if self.there().len() > LONGEST_HEAD => {
                    return Err(broken("the head of the answer has no end"));
                }
                None => self.more().await?,
            }
        }
    }

    async fn length(&mut self, length: u64, answer: &mut Answer) -> Result<(), Failure> {
        let mut left = length;
        while left > 0 {
            if self.there().is_empty() {
                self.more().await?;
            }
            let there = self.there();
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(there.len());
            answer.take(&there[..part]);
            self.taken += part;
            left -= part as u64;
        }
        Ok(())
    }

    async fn chunks(&mut self, answer: &mut Answer) -> Result<(), Failure> {
        let mut chunks = Chunks::default();
        while chunks != Chunks::Over {
            let part = chunks.next(self.there()).map_err(Failure::Reset)?;
            match part {
                Some(part) => {
                    answer.take(&self.there()[..part.content]);
                    self.taken += part.length;
                }
                None if self.there().len() > LONGEST_HEAD => {
                    return Err(broken("a line of the answer has no end"));
                }
                None => self.more().await?,
            }
        }
        Ok(())
    }

    /// Takes what is there of a body that ends with the connection; whether it goes on.
    async fn some(&mut self, answer: &mut Answer) -> Result<bool, Failure> {
        answer.take(self.there());
        self.taken = self.filled;
        Ok(self.read().await? > 0)
    }

    /// What was read and not yet understood.
    fn there(&self) -> &[u8] {
        &self.buffer[self.taken..self.filled]
    }

    /// Reads more of an answer that is not whole.
    async fn more(&mut self) -> Result<(), Failure> {
        match self.read().await? {
            0 => Err(broken("the connection was closed")),
            _ => Ok(()),
        }
    }

    async fn read(&mut self) -> Result<usize, Failure> {
        self.buffer.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let read = self.wire.read(&mut self.buffer[self.filled..]).await;
        let read = read.map_err(|error| Failure::Reset(innermost(&error)))?;
        self.filled += read;
        Ok(read)
    }
}

fn broken(message: &str) -> Failure {
    Failure::Reset(message.to_owned())
}
