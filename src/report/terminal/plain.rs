//! Progress where nothing can be repainted: a line for each node that ends.

use std::io::{Result, Write};

use super::news::news;
use crate::event::{Event, RunState};
use crate::report::{Sink, Stream};

/// Writes lines, and never takes one back.
pub(super) struct Plain(pub(super) Stream);

impl Sink for Plain {
    fn on(&mut self, event: &Event, state: &RunState) -> Result<()> {
        let Some(line) = news(event, state, &self.0.style) else {
            return Ok(());
        };
        // In one write, so that nothing gets in between.
        self.0.writer.write_all(format!("{line}\n").as_bytes())?;
        self.0.writer.flush()
    }

    fn finish(&mut self, _state: &RunState) -> Result<()> {
        self.0.writer.flush()
    }
}
