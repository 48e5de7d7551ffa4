//! Containers as `docker inspect` tells of them.

use serde::Deserialize;
use std::collections::BTreeMap;

/// What Compose notes at each container.
const SERVICE: &str = "com.docker.compose.service";
const NUMBER: &str = "com.docker.compose.container-number";
const ONE_OFF: &str = "com.docker.compose.oneoff";

/// One container of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// The service that it is of.
    pub service: String,
    /// Which of the service's containers it is, from 1.
    pub number: u32,
    /// What it does.
    pub state: State,
    /// What its health check says; `None` if it has none.
    pub health: Option<Health>,
    /// How often it was started again.
    pub restarts: u32,
    /// Whether it was not started again lately, as far as is known.
    pub steady: bool,
    /// The host's port for each TCP port that is reachable from outside.
    pub ports: BTreeMap<u16, u16>,
}

/// What a container does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is made and not started yet.
    Created,
    /// It runs.
    Running,
    /// It ended and will be started again.
    Restarting,
    /// Somebody holds it.
    Paused,
    /// It ended, with that code.
    Exited(i32),
    /// It can't be used any more.
    Dead,
}

/// What a health check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// Nothing yet.
    Starting,
    /// All is well.
    Healthy,
    /// Something is wrong; what the check printed last.
    Unhealthy(String),
}

/// Reads what `docker inspect` prints of containers. One-off containers are left out.
pub fn containers(text: &str) -> Result<Vec<Container>, String> {
    let raw: Vec<Raw> = serde_json::from_str(text)
        .map_err(|error| format!("`docker inspect` made no sense: {error}"))?;
    let mut found: Vec<Container> = raw
        .into_iter()
        .filter(|raw| {
            raw.config
                .label(ONE_OFF)
                .is_none_or(|value| value != "True")
        })
        .map(Container::from)
        .collect();
    found.sort_by(|a, b| (&a.service, a.number).cmp(&(&b.service, b.number)));
    Ok(found)
}

impl From<Raw> for Container {
    fn from(raw: Raw) -> Self {
        let state = match raw.state.status.as_str() {
            "created" => State::Created,
            "running" => State::Running,
            "restarting" => State::Restarting,
            "paused" => State::Paused,
            "exited" => State::Exited(raw.state.exit_code),
            _ => State::Dead,
        };
        let label = |name| raw.config.label(name).unwrap_or_default();
        Container {
            service: label(SERVICE).to_owned(),
            number: label(NUMBER).parse().unwrap_or(1),
            state,
            health: raw.state.health.and_then(RawHealth::read),
            restarts: raw.restart_count,
            steady: raw.restart_count == 0,
            ports: ports(raw.network.ports.unwrap_or_default()),
            id: raw.id,
        }
    }
}

fn ports(bound: BTreeMap<String, Option<Vec<Binding>>>) -> BTreeMap<u16, u16> {
    let tcp = bound.into_iter().filter_map(|(inside, bindings)| {
        let inside = inside.strip_suffix("/tcp")?.parse().ok()?;
        let outside = bindings?.first()?.host_port.parse().ok()?;
        Some((inside, outside))
    });
    tcp.collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    id: String,
    state: RawState,
    config: RawConfig,
    #[serde(default)]
    restart_count: u32,
    #[serde(rename = "NetworkSettings", default)]
    network: RawNetwork,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawState {
    status: String,
    #[serde(default)]
    exit_code: i32,
    health: Option<RawHealth>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawHealth {
    status: String,
    #[serde(default)]
    log: Option<Vec<RawCheck>>,
}

impl RawHealth {
    /// Docker says `none` of a check that was switched off.
    fn read(self) -> Option<Health> {
        match self.status.as_str() {
            "healthy" => Some(Health::Healthy),
            "unhealthy" => {
                let last = self.log.unwrap_or_default().pop();
                let said = last.map(|check| check.output).unwrap_or_default();
                Some(Health::Unhealthy(said.trim().to_owned()))
            }
            "none" | "" => None,
            _ => Some(Health::Starting),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawCheck {
    #[serde(default)]
    output: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawConfig {
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
}

impl RawConfig {
    fn label(&self, name: &str) -> Option<&str> {
        self.labels.as_ref()?.get(name).map(String::as_str)
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct RawNetwork {
    #[serde(default)]
    ports: Option<BTreeMap<String, Option<Vec<Binding>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Binding {
    host_port: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_read_with_its_service_its_health_and_its_ports() {
        let text = r#"[{"Id":"abc","RestartCount":2,
            "State":{"Status":"running","ExitCode":0,"Health":{"Status":"unhealthy","Log":[{"Output":"no\n"}]}},
            "Config":{"Labels":{"com.docker.compose.service":"api","com.docker.compose.container-number":"2"}},
            "NetworkSettings":{"Ports":{"8000/tcp":[{"HostIp":"0.0.0.0","HostPort":"49153"}],"53/udp":null,"9/tcp":null}}}]"#;
        let found = containers(text).unwrap();
        assert_eq!(
            found,
            [Container {
                id: "abc".into(),
                service: "api".into(),
                number: 2,
                state: State::Running,
                health: Some(Health::Unhealthy("no".into())),
                restarts: 2,
                steady: false,
                ports: [(8000, 49153)].into(),
            }]
        );
    }

    #[test]
    fn an_answer_that_is_none_is_an_error() {
        assert!(containers("Error: no such object").is_err());
    }
}
