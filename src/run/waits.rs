//! Waiting for a measurement.

use std::sync::Arc;

use crate::bench::net;

/// Ends a measurement of which nobody waits for the end any more.
#[derive(Default)]
pub(super) struct Waits(pub(super) Arc<net::Watch>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.call_off();
    }
}
