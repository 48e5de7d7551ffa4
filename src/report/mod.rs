//! stub while the real one is written
use crate::event::{Event, RunState};
use std::io;
/// Something that is told of every event after the state has taken it in.
pub trait Sink {
    /// An event happened.
    fn on(&mut self, event: &Event, state: &RunState) -> io::Result<()>;
    /// Time passed.
    fn tick(&mut self, _state: &RunState, _now_ms: u64) -> io::Result<()> {
        Ok(())
    }
    /// The run is over.
    fn finish(&mut self, _state: &RunState) -> io::Result<()> {
        Ok(())
    }
}
