//! Every event as one line, as it happens.

use std::io::{Result, Write};

use super::{Output, Sink};
use crate::event::{Event, RunState};

/// A sink that passes events on as they are stored.
pub(super) fn open(output: Output) -> Box<dyn Sink> {
    Box::new(Jsonl(output.answer.writer))
}

struct Jsonl(Box<dyn Write>);

impl Sink for Jsonl {
    fn on(&mut self, event: &Event, _state: &RunState) -> Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.0.write_all(&line)?;
        self.0.flush()
    }

    fn finish(&mut self, _state: &RunState) -> Result<()> {
        Ok(())
    }
}
