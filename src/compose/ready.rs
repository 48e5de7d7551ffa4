//! Whether a service is what was waited for. Pure: what can be told from its containers alone.

use super::container::{Container, Health, State};

/// What a service is waited for to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Its health check passes.
    Healthy,
    /// It runs.
    Running,
    /// It did its work and ended well.
    Exited,
    /// It runs, and something else has to be asked.
    Answers,
    /// Nothing was said: its health check passes, or it runs if it has none, or it ended well.
    Unsaid,
}

/// How far a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ready {
    /// It is what was waited for.
    Yes,
    /// Its containers are there, and have to be asked.
    Ask,
    /// Not yet; why.
    NotYet(String),
    /// It never will be; why.
    Never(String),
}

/// How far a service is, by all of its containers: the one that is the least far counts.
pub fn readiness(until: Until, containers: &[&Container]) -> Ready {
    if containers.is_empty() {
        return Ready::NotYet("it has no container".to_owned());
    }
    let each = containers.iter().map(|container| {
        let ready = of_container(until, container);
        match containers.len() {
            1 => ready,
            _ => ready.of(container.number),
        }
    });
    each.max_by_key(Ready::distance).unwrap_or(Ready::Yes)
}

impl Ready {
    fn distance(&self) -> u8 {
        match self {
            Ready::Yes => 0,
            Ready::Ask => 1,
            Ready::NotYet(_) => 2,
            Ready::Never(_) => 3,
        }
    }

    /// The same, with the number of the container where a service has several.
    fn of(self, number: u32) -> Self {
        let named = |why: String| format!("container {number}: {why}");
        match self {
            Ready::NotYet(why) => Ready::NotYet(named(why)),
            Ready::Never(why) => Ready::Never(named(why)),
            other => other,
        }
    }
}

fn of_container(until: Until, container: &Container) -> Ready {
    let not_yet = |why: &str| Ready::NotYet(why.to_owned());
    match (container.state, until) {
        (State::Exited(0), Until::Exited | Until::Unsaid) => Ready::Yes,
        (State::Exited(code), _) => Ready::Never(format!("it ended with exit code {code}")),
        (State::Dead, _) => Ready::Never("it is dead".to_owned()),
        (State::Created, _) => not_yet("it is not started yet"),
        (State::Paused, _) => not_yet("it is paused"),
        (State::Restarting, _) => {
            let times = container.restarts;
            Ready::NotYet(format!(
                "it ended and is started again ({times} times so far)"
            ))
        }
        (State::Running, Until::Exited) => not_yet("it is still running"),
        (State::Running, _) if !container.steady => {
            let times = container.restarts;
            Ready::NotYet(format!(
                "it ended and was started again ({times} times so far)"
            ))
        }
        (State::Running, Until::Running) => Ready::Yes,
        (State::Running, Until::Answers) => Ready::Ask,
        (State::Running, Until::Healthy | Until::Unsaid) => match &container.health {
            Some(Health::Healthy) => Ready::Yes,
            Some(Health::Starting) => not_yet("its health check has not passed yet"),
            Some(Health::Unhealthy(said)) if said.is_empty() => not_yet("it is unhealthy"),
            Some(Health::Unhealthy(said)) => Ready::NotYet(format!("it is unhealthy: {said}")),
            None if until == Until::Unsaid => Ready::Yes,
            None => Ready::Never("it has no health check, so it never is healthy".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(state: State, health: Option<Health>) -> Container {
        Container {
            id: String::new(),
            service: "api".to_owned(),
            number: 1,
            state,
            health,
            restarts: 0,
            steady: true,
            ports: [].into(),
        }
    }

    fn short(ready: &Ready) -> &'static str {
        ["yes", "ask", "not yet", "never"][usize::from(ready.distance())]
    }

    #[test]
    fn every_state_has_its_meaning_for_every_wish() {
        use Until::{Answers, Exited, Healthy, Running, Unsaid};
        let ill = Some(Health::Unhealthy(String::new()));
        let (well, new) = (Some(Health::Healthy), Some(Health::Starting));
        let wishes = [Healthy, Running, Exited, Answers, Unsaid];
        for (state, health, expected) in [
            (
                State::Running,
                None,
                ["never", "yes", "not yet", "ask", "yes"],
            ),
            (
                State::Running,
                new,
                ["not yet", "yes", "not yet", "ask", "not yet"],
            ),
            (
                State::Running,
                ill,
                ["not yet", "yes", "not yet", "ask", "not yet"],
            ),
            (
                State::Running,
                well,
                ["yes", "yes", "not yet", "ask", "yes"],
            ),
            (State::Created, None, ["not yet"; 5]),
            (State::Restarting, None, ["not yet"; 5]),
            (State::Paused, None, ["not yet"; 5]),
            (
                State::Exited(0),
                None,
                ["never", "never", "yes", "never", "yes"],
            ),
            (State::Exited(1), None, ["never"; 5]),
            (State::Dead, None, ["never"; 5]),
        ] {
            let container = container(state, health);
            let found = wishes.map(|until| short(&readiness(until, &[&container])));
            assert_eq!(found, expected, "{state:?} {:?}", container.health);
        }
    }

    #[test]
    fn a_container_that_was_started_again_has_to_run_for_a_while() {
        let again = Container {
            restarts: 3,
            steady: false,
            ..container(State::Running, None)
        };
        assert_eq!(short(&readiness(Until::Unsaid, &[&again])), "not yet");
        let steady = Container {
            steady: true,
            ..again
        };
        assert_eq!(short(&readiness(Until::Unsaid, &[&steady])), "yes");
    }

    #[test]
    fn b64_each_container_of_a_scaled_service_counts() {
        let one = container(State::Running, Some(Health::Healthy));
        let two = Container {
            number: 2,
            ..container(State::Exited(3), None)
        };
        assert_eq!(
            readiness(Until::Healthy, &[&one, &two]),
            Ready::Never("container 2: it ended with exit code 3".to_owned())
        );
        assert_eq!(short(&readiness(Until::Healthy, &[])), "not yet");
    }

    #[test]
    fn b59_unhealthy_is_not_healthy() {
        let ill = container(State::Running, Some(Health::Unhealthy("refused".into())));
        assert_eq!(
            readiness(Until::Healthy, &[&ill]),
            Ready::NotYet("it is unhealthy: refused".to_owned())
        );
    }
}
