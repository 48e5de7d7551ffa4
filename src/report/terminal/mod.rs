//! For people: what happens now on standard error, what it came to on standard output.

mod columns;
mod forecast;
mod frame;
mod ink;
mod live;
mod news;
mod plain;
mod summary;

use std::io::Result;

pub use frame::frame;
pub(super) use news::news;
pub use summary::summary;
pub(super) use summary::verdict;

use super::{Output, Sink, Stream};
use crate::event::{Event, RunState};

/// A sink for people: a view that is repainted if there is a terminal, else a line for each
/// node that ends; and a summary at the end.
pub(super) fn open(output: Output) -> Box<dyn Sink> {
    let progress: Box<dyn Sink> = match output.screen {
        Some(screen) => Box::new(live::Live::new(output.progress, screen)),
        None => Box::new(plain::Plain(output.progress)),
    };
    Box::new(Human {
        progress,
        answer: output.answer,
    })
}

struct Human {
    progress: Box<dyn Sink>,
    answer: Stream,
}

impl Sink for Human {
    fn on(&mut self, event: &Event, state: &RunState) -> Result<()> {
        self.progress.on(event, state)
    }

    fn tick(&mut self, state: &RunState, now_ms: u64) -> Result<()> {
        self.progress.tick(state, now_ms)
    }

    fn finish(&mut self, state: &RunState) -> Result<()> {
        self.progress.finish(state)?;
        let Stream { writer, style } = &mut self.answer;
        summary(state, style, writer)?;
        writer.flush()
    }
}
