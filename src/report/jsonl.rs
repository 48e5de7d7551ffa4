//! Every event as one line, as it happens.

use std::io::Result;

use super::queue::Queue;
use super::sanitise::QuietJson;
use super::{Output, Sink};
use crate::event::{Event, RunState};

/// A sink that passes events on as they are stored.
pub(super) fn open(output: Output) -> Box<dyn Sink> {
    Box::new(Jsonl(Queue::new(output.answer.writer)))
}

struct Jsonl(Queue);

impl Sink for Jsonl {
    fn on(&mut self, event: &Event, _state: &RunState) -> Result<()> {
        let mut line = Vec::new();
        serde_json::to_writer(QuietJson::new(&mut line), event)?;
        line.push(b'\n');
        self.0.push(line);
        Ok(())
    }

    fn finish(&mut self, _state: &RunState) -> Result<()> {
        self.0.finish()
    }
}
