//! Noticing what a server writes that is no message.
//!
//! The protocol library passes over such lines, as it should: some servers greet. When nothing else
//! comes, they are the reason.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

/// So much of a line is kept. It is far more than is quoted: a secret has to be whole to be masked.
const MOST: usize = 1 << 16;

/// The first line that was no message.
#[derive(Debug, Clone, Default)]
pub struct Oddity(Arc<Mutex<Option<String>>>);

impl Oddity {
    /// The line, if there was one.
    pub fn line(&self) -> Option<String> {
        self.0.lock().ok().and_then(|line| line.clone())
    }

    /// Forgets it.
    pub fn forget(&self) {
        if let Ok(mut line) = self.0.lock() {
            line.take();
        }
    }

    fn note(&self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        if text.is_empty() || text.starts_with('{') || text.starts_with('[') {
            return;
        }
        if let Ok(mut first) = self.0.lock() {
            first.get_or_insert_with(|| text.to_owned());
        }
    }
}

/// A stream that is looked at on its way.
pub(super) struct Watch<R> {
    inner: R,
    /// The beginning of a line whose end has not come.
    begun: Vec<u8>,
    oddity: Oddity,
}

impl<R> Watch<R> {
    pub(super) fn new(inner: R, oddity: Oddity) -> Self {
        Self {
            inner,
            begun: Vec::new(),
            oddity,
        }
    }

    fn look(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = MOST.saturating_sub(self.begun.len()).min(piece.len());
            self.begun.extend_from_slice(&piece[..room]);
            if piece.ends_with(b"\n") {
                self.oddity.note(&self.begun);
                self.begun.clear();
            }
        }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Watch<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        if matches!(read, Poll::Ready(Ok(()))) {
            if buffer.filled().len() == before {
                let begun = std::mem::take(&mut self.begun);
                self.oddity.note(&begun);
            }
            self.look(&buffer.filled()[before..]);
        }
        read
    }
}
