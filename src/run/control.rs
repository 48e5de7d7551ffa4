//! Calls from outside to end the run: signals, and the guardian's pipe.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What somebody asks of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// Ctrl-C: the first interrupts, the second kills.
    Interrupt,
    /// End: as one Ctrl-C, however often it is said.
    Terminate,
    /// End at once.
    Quit,
}

impl Call {
    /// The exit code of a program that was ended so.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Call::Interrupt | Call::Quit => 130,
            Call::Terminate => 143,
        }
    }
}

/// The byte by which the guardian passes a call on.
pub(super) const CODES: &[(u8, Call)] = &[
    (b'i', Call::Interrupt),
    (b't', Call::Terminate),
    (b'q', Call::Quit),
];

/// Hears calls. Under a guardian, Ctrl-C reaches both processes of the terminal's group: it counts
/// only as the guardian passes it on, so that one press is one call.
pub(super) struct Control {
    guardian: Option<Receiver>,
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
    guarded: bool,
}

impl Control {
    /// Listens; `guarded` if the standard input is the guardian's pipe.
    pub(super) fn new(guarded: bool) -> io::Result<Self> {
        let guardian = if guarded {
            let input: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
            Some(Receiver::from_owned_fd(input)?)
        } else {
            None
        };
        Ok(Self {
            guardian,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            guarded,
        })
    }

    /// Waits for the next call.
    pub(super) async fn next(&mut self) -> Call {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => {
                    if !self.guarded {
                        return Call::Interrupt;
                    }
                }
                _ = self.quit.recv() => {
                    if !self.guarded {
                        return Call::Quit;
                    }
                }
                _ = self.terminate.recv() => return Call::Terminate,
                _ = self.hangup.recv() => return Call::Terminate,
                byte = read_byte(&mut self.guardian) => {
                    let Some(byte) = byte else {
                        // The guardian is gone: nobody else would see to what is left behind.
                        self.guardian = None;
                        self.guarded = false;
                        return Call::Terminate;
                    };
                    if let Some((_, call)) = CODES.iter().find(|(code, _)| *code == byte) {
                        return *call;
                    }
                }
            }
        }
    }
}

/// The next byte of the guardian; `None` when it is gone. Never ready where there is no guardian.
async fn read_byte(guardian: &mut Option<Receiver>) -> Option<u8> {
    let Some(pipe) = guardian else {
        return std::future::pending().await;
    };
    let mut byte = [0];
    match pipe.read(&mut byte).await {
        Ok(1) => Some(byte[0]),
        _ => None,
    }
}
