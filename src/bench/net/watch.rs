//! What a measurement and whoever waits for it tell each other meanwhile.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Calls a measurement off, and shows how far it is.
#[derive(Debug, Default)]
pub struct Watch {
    called_off: AtomicBool,
    ok: AtomicU64,
    failed: AtomicU64,
    begun: OnceLock<Instant>,
}

impl Watch {
    /// Ends the measurement soon; what happened up to there is told.
    pub fn call_off(&self) {
        self.called_off.store(true, Ordering::Relaxed);
    }

    /// Whether it was called off.
    pub fn is_called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed)
    }

    /// When the first request was sent or due: the connections are there by then.
    pub fn begun(&self) -> Option<Instant> {
        self.begun.get().copied()
    }

    pub(super) fn begin(&self, moment: Instant) {
        // The first of several threads begins for all.
        let _ = self.begun.set(moment);
    }

    /// Requests that succeeded and that failed so far, of those that count.
    pub fn counts(&self) -> (u64, u64) {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (of(&self.ok), of(&self.failed))
    }

    pub(super) fn count(&self, success: bool) {
        let count = if success { &self.ok } else { &self.failed };
        count.fetch_add(1, Ordering::Relaxed);
    }
}
