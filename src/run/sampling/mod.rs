//! Sampling what environments use while something else is done.

mod family;
mod stack;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep, sleep_until};

use super::attempt::Attempt;
use crate::bench::Load;
use crate::bench::net::Watch;
use crate::bench::resources::Sampled;
use crate::id::NodeId;
use crate::kinds::Kind;
use family::Family;
use stack::Stack;

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(250);

/// The time that is sampled.
pub(super) enum Phase {
    /// As long as the work takes.
    Whole,
    /// A part of the time of a load, from when it begins.
    Load {
        watch: Arc<Watch>,
        from: Duration,
        to: Option<Duration>,
    },
}

impl Phase {
    /// The time of a load that counts.
    pub(super) fn of(load: &Load, watch: &Arc<Watch>) -> Self {
        let from = load.counts_after();
        Phase::Load {
            watch: Arc::clone(watch),
            from,
            to: load.duration.map(|duration| from + duration),
        }
    }

    /// Waits until it begins, and says when it ends.
    async fn begin(&self) -> Option<Instant> {
        const GLANCE: Duration = Duration::from_millis(2);
        let Phase::Load { watch, from, to } = self else {
            return None;
        };
        let begun = loop {
            match watch.begun() {
                Some(begun) => break Instant::from_std(begun),
                None => sleep(GLANCE).await,
            }
        };
        sleep_until(begun + *from).await;
        to.map(|to| begun + to)
    }
}

/// An environment that is sampled.
enum Sampler {
    Family(Family),
    Stack(Stack),
}

/// Does the work and looks meanwhile, again and again, what the environments of a node use.
pub(super) async fn sample<T>(
    attempt: &Attempt,
    phase: &Phase,
    work: impl Future<Output = T>,
) -> (T, Vec<Sampled>) {
    let vertex = &attempt.shared.graph.vertices[attempt.node.index()];
    let mut samplers = Vec::new();
    for environment in &vertex.sampled {
        samplers.push(sampler(attempt, *environment).await);
    }
    if samplers.is_empty() {
        return (work.await, Vec::new());
    }
    let done = {
        let looking = look_on(&mut samplers, phase);
        let (mut work, mut looking) = (pin!(work), pin!(looking));
        tokio::select! {
            done = &mut work => done,
            // The phase may be over before the work is.
            () = &mut looking => work.await,
        }
    };
    let sampled = samplers.into_iter().flat_map(Sampler::sampled);
    (done, sampled.collect())
}

async fn sampler(attempt: &Attempt, environment: NodeId) -> Sampler {
    let id = attempt.shared.id(environment).to_string();
    if matches!(attempt.shared.node_of(environment).kind, Kind::Compose(_)) {
        let (worktree, run) = (&attempt.shared.worktree, &attempt.shared.folder.id);
        let project = crate::compose::project(worktree, run, &id);
        return Sampler::Stack(Stack::of(id, &project).await);
    }
    let process = attempt.shared.services.borrow().get(&environment).cloned();
    Sampler::Family(Family::of(id, process))
}

/// Looks from the beginning of the phase to its end, or for ever.
async fn look_on(samplers: &mut [Sampler], phase: &Phase) {
    let end = phase.begin().await;
    let looking = samplers.iter_mut().map(|sampler| async {
        match sampler {
            Sampler::Family(family) => family.look_on(end).await,
            Sampler::Stack(stack) => stack.look_on(end).await,
        }
    });
    join_all(looking).await;
}

/// When to look next.
struct Rhythm {
    next: Instant,
    end: Option<Instant>,
}

impl Rhythm {
    fn new(end: Option<Instant>) -> Self {
        Self {
            next: Instant::now(),
            end,
        }
    }

    /// Waits until the next look, the last of which is at the very end; `false` if there is none
    /// any more.
    async fn beat(&mut self) -> bool {
        let now = Instant::now();
        if self.end.is_some_and(|end| now >= end) {
            return false;
        }
        self.next = (self.next + INTERVAL).max(now);
        let next = self.end.map_or(self.next, |end| self.next.min(end));
        sleep_until(next).await;
        true
    }
}

impl Sampler {
    fn sampled(self) -> Vec<Sampled> {
        match self {
            Sampler::Family(family) => vec![family.sampled()],
            Sampler::Stack(stack) => stack.sampled(),
        }
    }
}
