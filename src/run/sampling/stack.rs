//! The containers of a stack.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::Rhythm;
use crate::bench::resources::{Meter, Reading, Sampled};
use crate::compose::{Running, Stats, containers_path, running, stats, stats_path};
use crate::run::docker::Engine;

/// What is sampled of a stack.
pub(super) struct Stack {
    node: String,
    containers: Result<(Engine, Vec<Running>), String>,
    services: BTreeMap<String, Service>,
}

/// What is known of the containers of a service.
struct Service {
    containers: usize,
    last: BTreeMap<String, Reading>,
    at: Duration,
    meter: Meter<String>,
    problem: Option<String>,
}

impl Service {
    fn new() -> Self {
        Self {
            containers: 0,
            last: BTreeMap::new(),
            at: Duration::ZERO,
            meter: Meter::of_strangers(),
            problem: None,
        }
    }

    /// Takes what one container used. Counting begins when it is known of all.
    fn take(&mut self, container: &str, stats: Result<Stats, String>) {
        match stats {
            Ok(Stats { at, reading }) if at >= self.at => {
                self.last.insert(container.to_owned(), reading);
                if self.last.len() == self.containers {
                    self.meter.read(at, self.last.clone());
                }
                self.at = at;
            }
            // The clock of the machine was set back.
            Ok(_) => {}
            Err(problem) => self.problem = Some(problem),
        }
    }
}

impl Stack {
    pub(super) async fn of(node: String, project: &str) -> Self {
        let containers = containers(project).await;
        let mut services = BTreeMap::new();
        for running in containers.iter().flat_map(|(_, containers)| containers) {
            let service = services.entry(running.service.clone());
            service.or_insert_with(Service::new).containers += 1;
        }
        Self {
            node,
            containers,
            services,
        }
    }

    /// Looks at each container again and again until the end, or for ever. Older engines tell it
    /// once a second, whenever they are asked, so none waits for the others.
    pub(super) async fn look_on(&mut self, end: Option<Instant>) {
        let Ok((engine, containers)) = &self.containers else {
            return;
        };
        let services = RefCell::new(&mut self.services);
        let looking = containers.iter().map(|container| async {
            let mut rhythm = Rhythm::new(end);
            loop {
                let answer = engine.get(&stats_path(&container.id)).await;
                let over = || "a container of it does not run any more".to_owned();
                let stats = answer.and_then(|answer| stats(&answer).ok_or_else(over));
                if let Some(service) = services.borrow_mut().get_mut(&container.service) {
                    service.take(&container.id, stats);
                }
                if !rhythm.beat().await {
                    return;
                }
            }
        });
        join_all(looking).await;
    }

    /// Each service on its own; the stack as a whole where it could not be looked at.
    pub(super) fn sampled(self) -> Vec<Sampled> {
        let node = self.node;
        if let Err(problem) = self.containers {
            return vec![Sampled {
                node,
                service: None,
                usage: Err(problem),
            }];
        }
        let services = self.services.into_iter().map(|(name, service)| Sampled {
            node: node.clone(),
            usage: match service.problem {
                Some(problem) => Err(problem),
                None => Ok(service.meter.usage()),
            },
            service: Some(name),
        });
        services.collect()
    }
}

async fn containers(project: &str) -> Result<(Engine, Vec<Running>), String> {
    let engine = Engine::here()?;
    let answer = engine.get(&containers_path(project)).await?;
    let found = running(&answer).ok_or("Docker lists its containers in an unknown way")?;
    if found.is_empty() {
        return Err("Docker knows no container of it that runs".to_owned());
    }
    Ok((engine, found))
}
