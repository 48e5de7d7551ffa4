//! Waiting until a moment, to some ten microseconds.

use std::io;
use std::time::Instant;

/// A timer of the kernel: tokio's own counts in milliseconds, which every latency that counts
/// from a due time would show.
#[cfg(target_os = "linux")]
pub(super) struct Timer(tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>);

#[cfg(target_os = "linux")]
impl Timer {
    #[expect(
        deprecated,
        reason = "sound for a descriptor that is owned and never changes; what replaces it is unsafe"
    )]
    pub(super) fn new() -> io::Result<Self> {
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        Ok(Self(tokio::io::unix::AsyncFd::new(timer)?))
    }

    /// Waits until a moment; not at all if it is over.
    pub(super) async fn until(&self, moment: Instant) -> io::Result<()> {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        loop {
            let left = moment.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            let once = Itimerspec {
                it_interval: Timespec::default(),
                it_value: Timespec::try_from(left).map_err(io::Error::other)?,
            };
            timerfd_settime(self.0.get_ref(), TimerfdTimerFlags::empty(), &once)?;
            let mut ready = self.0.readable().await?;
            let mut expirations = [0; 8];
            let _ = ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut expirations)?));
        }
    }
}

/// The timer of the runtime, where the kernel has none that can be waited for like a socket.
#[cfg(not(target_os = "linux"))]
pub(super) struct Timer;

#[cfg(not(target_os = "linux"))]
impl Timer {
    #[expect(clippy::unnecessary_wraps, reason = "as on Linux")]
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits until a moment; not at all if it is over.
    pub(super) async fn until(&self, moment: Instant) -> io::Result<()> {
        tokio::time::sleep_until(moment.into()).await;
        Ok(())
    }
}

/// How long this thread has had a processor, in seconds; `None` where it can't be told.
pub(super) fn processor_time() -> Option<f64> {
    #[cfg(target_os = "linux")]
    {
        use rustix::time::{ClockId, clock_gettime};
        let time = clock_gettime(ClockId::ThreadCPUTime);
        std::time::Duration::try_from(time)
            .ok()
            .map(|time| time.as_secs_f64())
    }
    #[cfg(not(target_os = "linux"))]
    None
}
