//! Writes down what happens, in order: to the log of events, into the state, and to whoever looks.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::time::Instant;

use super::secret::Masks;
use crate::event::{Body, Event, RunState, VERSION};
use crate::report::Sink;

/// The only way by which events come into being.
pub(super) struct Recorder {
    begun: Instant,
    inner: RefCell<Inner>,
}

/// What is told in the place of an event that can't be masked.
const MASKED_EVENT: &str = "an event is not told, since it could not be masked";

struct Inner {
    log: BufWriter<File>,
    state: RunState,
    sinks: Vec<Box<dyn Sink>>,
    masks: Masks,
    next: u64,
    /// The first error of writing; a record with a hole is no record.
    broken: Option<io::Error>,
}

impl Recorder {
    pub(super) fn new(log: File, sinks: Vec<Box<dyn Sink>>, masks: Masks) -> Self {
        Self {
            begun: Instant::now(),
            inner: RefCell::new(Inner {
                log: BufWriter::with_capacity(64 << 10, log),
                state: RunState::default(),
                sinks,
                masks,
                next: 0,
                broken: None,
            }),
        }
    }

    /// Goes on with the record of a run that was cut off.
    pub(super) fn resume(log: File, masks: Masks, state: RunState, next: u64) -> Self {
        let recorder = Self::new(log, Vec::new(), masks);
        {
            let mut inner = recorder.inner.borrow_mut();
            inner.state = state;
            inner.next = next;
        }
        recorder
    }

    /// Milliseconds since the run began.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes note of something that happened now.
    pub(super) fn emit(&self, body: Body) {
        let at_ms = self.now_ms();
        self.inner.borrow_mut().take(at_ms, body);
    }

    /// Writes to disk what has been noted so far.
    pub(super) fn flush(&self) {
        let inner = &mut *self.inner.borrow_mut();
        let flushed = inner.log.flush();
        inner.note(flushed);
    }

    /// Lets live views go on.
    pub(super) fn tick(&self) {
        let now_ms = self.now_ms();
        let inner = &mut *self.inner.borrow_mut();
        for sink in &mut inner.sinks {
            // What can't be shown is still recorded: a closed terminal ends no run.
            let _ = sink.tick(&inner.state, now_ms);
        }
    }

    /// Looks at the state.
    pub(super) fn with_state<T>(&self, look: impl FnOnce(&RunState) -> T) -> T {
        look(&self.inner.borrow().state)
    }

    /// Ends the record and gives the state, or what kept it from being whole.
    pub(super) fn finish(&self) -> Result<RunState, io::Error> {
        let inner = &mut *self.inner.borrow_mut();
        let flushed = inner.log.flush();
        inner.note(flushed);
        for sink in &mut inner.sinks {
            let told = sink.finish(&inner.state);
            // An answer that could not be given is no answer.
            if let Err(error) = told {
                inner.broken.get_or_insert(error);
            }
        }
        match inner.broken.take() {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut inner.state)),
        }
    }
}

impl Inner {
    fn take(&mut self, at_ms: u64, body: Body) {
        let event = Event {
            v: VERSION,
            seq: self.next,
            at_ms,
            body,
        };
        self.next += 1;
        let event = self.write(event);
        self.state.apply(&event);
        for sink in &mut self.sinks {
            let _ = sink.on(&event, &self.state);
        }
    }

    /// Writes an event and gives it back as it was written: without secrets.
    fn write(&mut self, event: Event) -> Event {
        if self.masks.is_empty() {
            let written = serde_json::to_writer(&mut self.log, &event).map_err(io::Error::from);
            self.note(written);
            let ended = self.log.write_all(b"\n");
            self.note(ended);
            return event;
        }
        let masked = serde_json::to_value(&event).map(|value| self.masks.mask_event(value));
        let masked = masked.and_then(serde_json::from_value::<Event>);
        // An event that can't be masked is not told.
        let Ok(masked) = masked else {
            self.note(Err(io::Error::other("an event could not be masked")));
            return Event {
                body: Body::RunEscalated {
                    mode: crate::sched::Mode::Running,
                    reason: MASKED_EVENT.to_owned(),
                    exit_code: None,
                },
                ..event
            };
        };
        let written = serde_json::to_writer(&mut self.log, &masked).map_err(io::Error::from);
        self.note(written);
        let ended = self.log.write_all(b"\n");
        self.note(ended);
        masked
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.broken.get_or_insert(error);
        }
    }
}
