//! How long an answer is waited for.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use crate::bench::Failure;

/// A limit for one piece of work after the other. The timer is set anew only when it has run out:
/// setting it for each request would cost more than all else that a request needs of the runtime.
pub(super) struct Patience {
    limit: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            timer: Box::pin(sleep(limit)),
        }
    }

    /// Does some work unless it takes too long.
    pub(super) async fn with<T>(
        &mut self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let deadline = Instant::now() + self.limit;
        let mut work = pin!(work);
        poll_fn(|cx| {
            if let ready @ Poll::Ready(_) = work.as_mut().poll(cx) {
                return ready;
            }
            while self.timer.as_mut().poll(cx).is_ready() {
                if Instant::now() >= deadline {
                    return Poll::Ready(Err(Failure::Timeout));
                }
                self.timer.as_mut().reset(deadline);
            }
            Poll::Pending
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_piece_of_work_has_the_whole_time() {
        let mut patience = Patience::new(Duration::from_secs(2));
        for _ in 0..4 {
            let work = async {
                sleep(Duration::from_millis(600)).await;
                Ok(())
            };
            assert_eq!(patience.with(work).await, Ok(()));
        }
        let never = std::future::pending::<Result<(), Failure>>();
        assert_eq!(patience.with(never).await, Err(Failure::Timeout));
    }
}
