//! A writer that never keeps its user waiting: another thread passes the bytes on.
//!
//! Whoever reads the answer of a run may stop reading; the run goes on, and its limits of time
//! hold. What waits is as long as the events of the run at most.

use std::io::{Error, Result, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// The end of the queue that is written to.
pub(super) struct Queue {
    sender: Option<Sender<Vec<u8>>>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Queue {
    /// A queue in front of a writer.
    pub(super) fn new(mut writer: Box<dyn Write + Send>) -> Self {
        let (sender, receiver) = channel::<Vec<u8>>();
        let thread = std::thread::spawn(move || {
            for bytes in receiver {
                writer.write_all(&bytes)?;
                writer.flush()?;
            }
            Ok(())
        });
        Self {
            sender: Some(sender),
            thread: Some(thread),
        }
    }

    /// Puts bytes into the queue; that they could not be written is told by [`Queue::finish`].
    pub(super) fn push(&mut self, bytes: Vec<u8>) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(bytes);
        }
    }

    /// Waits until everything is written.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.sender = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(written)) => written,
            Some(Err(_)) => Err(Error::other("the answer could not be written")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, sync_channel};

    /// A reader that takes nothing until it is told to.
    struct Stalled(Receiver<()>, Sender<usize>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_does_not_read_keeps_nobody_waiting_and_misses_nothing() {
        let (go, wait) = sync_channel(10);
        let (sender, seen) = channel();
        let mut queue = Queue::new(Box::new(Stalled(wait, sender)));
        queue.push(b"one".to_vec());
        queue.push(b"three".to_vec());
        assert!(seen.try_recv().is_err());
        go.send(()).unwrap();
        go.send(()).unwrap();
        queue.finish().unwrap();
        assert_eq!(seen.iter().collect::<Vec<_>>(), [3, 5]);
    }
}
