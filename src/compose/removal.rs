//! Removing what a stack left in Docker, for whoever has a way to ask Docker.

use std::time::Duration;

use super::traces::{SORTS, Sort, ids};

/// How often it is tried: what was being made comes into being only after the first look.
const TRIES: usize = 5;
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(300);

/// A way to ask Docker.
pub(crate) trait Docker {
    /// Runs a command of Docker and gives what it printed; `None` if it did not succeed.
    async fn ask(&self, words: &[String]) -> Option<String>;

    /// Waits; whether to go on afterwards.
    async fn pause(&self, duration: Duration) -> bool;
}

/// The sorts of things that are removed; what holds `data` only if that is meant as well.
pub(crate) fn removed(data: bool) -> impl Iterator<Item = &'static Sort> {
    SORTS.iter().filter(move |sort| data || !sort.holds_data())
}

/// Removes whatever is left of a stack, by its mark. Gives what could not be removed.
pub(crate) async fn remove(docker: &impl Docker, project: &str, data: bool) -> Vec<String> {
    let mut left = look(docker, project, data).await;
    for _ in 1..TRIES {
        if left.is_empty() || !docker.pause(PAUSE).await {
            break;
        }
        left = look(docker, project, data).await;
    }
    left
}

/// Looks once for what there is, and asks for its removal.
async fn look(docker: &impl Docker, project: &str, data: bool) -> Vec<String> {
    let mut left = Vec::new();
    for sort in removed(data) {
        let Some(printed) = docker.ask(&sort.list(project)).await else {
            left.push(format!("{}s that Docker does not tell of", sort.name));
            continue;
        };
        let found = ids(&printed);
        if !found.is_empty() {
            // Whether it worked is seen at the next look.
            let _ = docker.ask(&sort.remove(&found)).await;
        }
        left.extend(found.iter().map(|id| format!("{} {id}", sort.name)));
    }
    left
}
