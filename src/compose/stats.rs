//! What containers use, as Docker's engine tells it.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::bench::resources::{Reading, Resource};

/// A container that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its id.
    pub id: String,
    /// The service that it is of.
    pub service: String,
}

/// What a container had used at a moment of the clock of Docker's machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stats {
    /// The moment, since 1970.
    pub at: Duration,
    /// What it had used.
    pub reading: Reading,
}

/// Where the engine lists the containers of a stack that run.
pub fn containers_path(project: &str) -> String {
    let filters = json!({"label": [format!("com.docker.compose.project={project}")]});
    let filters = filters.to_string();
    let filters = utf8_percent_encode(&filters, NON_ALPHANUMERIC);
    format!("/containers/json?filters={filters}")
}

/// Where the engine tells what a container uses, at once and without a second look for rates.
pub fn stats_path(id: &str) -> String {
    format!("/containers/{id}/stats?stream=false&one-shot=true")
}

/// Reads the list of containers. One-off containers are left out.
pub fn running(answer: &Value) -> Option<Vec<Running>> {
    let label = |container: &Value, name: &str| {
        let label = container["Labels"].get(format!("com.docker.compose.{name}"));
        label.and_then(Value::as_str).map(str::to_owned)
    };
    let mut found = Vec::new();
    for container in answer.as_array()? {
        let is_one_off = label(container, "oneoff").is_some_and(|value| value == "True");
        if let Some(service) = label(container, "service").filter(|_| !is_one_off) {
            let id = container["Id"].as_str()?.to_owned();
            found.push(Running { id, service });
        }
    }
    Some(found)
}

/// Reads what a container uses; `None` if it does not run any more.
pub fn stats(answer: &Value) -> Option<Stats> {
    let at: jiff::Timestamp = answer["read"].as_str()?.parse().ok()?;
    let at = Duration::try_from(at.as_duration()).ok()?;
    // Of a container that is over, Docker tells of no processor that ever was.
    let cpu = answer["cpu_stats"]["cpu_usage"]["total_usage"].as_f64()?;
    answer["cpu_stats"]["system_cpu_usage"].as_f64()?;
    let reading = Reading::default()
        .with(Resource::Cpu, Some(cpu / 1e9))
        .with(Resource::Memory, memory(&answer["memory_stats"]))
        .with(Resource::DiskRead, disk(answer, "read"))
        .with(Resource::DiskWrite, disk(answer, "write"))
        .with(Resource::Received, network(answer, "rx_bytes"))
        .with(Resource::Sent, network(answer, "tx_bytes"));
    Some(Stats { at, reading })
}

/// Memory without what the kernel only keeps of files, as `docker stats` tells it.
fn memory(stats: &Value) -> Option<f64> {
    let usage = stats["usage"].as_f64()?;
    let details = &stats["stats"];
    // The first is of the older control groups.
    let files = details["total_inactive_file"].as_f64();
    let files = files.or_else(|| details["inactive_file"].as_f64());
    Some((usage - files.unwrap_or(0.0)).max(0.0))
}

/// Absent where the kernel does not count it: Docker writes no list then, not an empty one.
fn disk(answer: &Value, way: &str) -> Option<f64> {
    let counts = answer["blkio_stats"]["io_service_bytes_recursive"].as_array()?;
    let is_meant = |count: &&Value| {
        let way_of_count = count["op"].as_str();
        way_of_count.is_some_and(|name| name.eq_ignore_ascii_case(way))
    };
    let meant = counts.iter().filter(is_meant);
    meant.map(|count| count["value"].as_f64()).sum()
}

fn network(answer: &Value, way: &str) -> Option<f64> {
    let networks = answer["networks"].as_object()?;
    networks.values().map(|network| network[way].as_f64()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::resources::Meter;

    /// What Docker 20.10 tells, shortened; control groups of version 1.
    fn older() -> Value {
        json!({
            "read": "2026-11-27T20:17:11.5Z",
            "blkio_stats": {"io_service_bytes_recursive": [
                {"major": 254, "minor": 0, "op": "Read", "value": 4096},
                {"major": 254, "minor": 0, "op": "Write", "value": 1000},
                {"major": 254, "minor": 16, "op": "Write", "value": 24},
                {"major": 254, "minor": 0, "op": "Total", "value": 5120}]},
            "cpu_stats": {"cpu_usage": {"total_usage": 769_519_543u64}, "system_cpu_usage": 3520u64},
            "memory_stats": {"usage": 2_101_248, "stats": {"inactive_file": 1, "total_inactive_file": 999_424}},
            "networks": {"eth0": {"rx_bytes": 1042, "tx_bytes": 5}, "eth1": {"rx_bytes": 8, "tx_bytes": 0}}
        })
    }

    /// The reading as a meter takes it.
    fn of(resource: Resource, answer: &Value) -> Option<f64> {
        let mut meter = Meter::of_strangers();
        let stats = stats(answer)?;
        let nothing = Reading::default()
            .with(Resource::Cpu, Some(0.0))
            .with(Resource::DiskRead, Some(0.0))
            .with(Resource::DiskWrite, Some(0.0))
            .with(Resource::Received, Some(0.0))
            .with(Resource::Sent, Some(0.0))
            .with(Resource::Memory, Some(0.0));
        meter.read(Duration::ZERO, [(1, nothing)].into());
        meter.read(Duration::from_secs(1), [(1, stats.reading)].into());
        meter.usage().get(resource).map(|level| level.max)
    }

    #[test]
    fn what_a_container_uses_is_read_in_seconds_and_bytes() {
        let answer = older();
        assert_eq!(of(Resource::Memory, &answer), Some(1_101_824.0));
        assert_eq!(of(Resource::DiskRead, &answer), Some(4096.0));
        assert_eq!(of(Resource::DiskWrite, &answer), Some(1024.0));
        assert_eq!(of(Resource::Received, &answer), Some(1050.0));
        assert_eq!(of(Resource::Sent, &answer), Some(5.0));
        let cpu = of(Resource::Cpu, &answer).unwrap();
        assert!((cpu - 76.951_954_3).abs() < 1e-6, "{cpu}");
    }

    #[test]
    fn newer_control_groups_have_other_words() {
        let mut answer = older();
        answer["memory_stats"]["stats"] = json!({"inactive_file": 1_000_000});
        answer["blkio_stats"]["io_service_bytes_recursive"] =
            json!([{"op": "read", "value": 7}, {"op": "write", "value": 9}]);
        assert_eq!(of(Resource::Memory, &answer), Some(1_101_248.0));
        assert_eq!(of(Resource::DiskRead, &answer), Some(7.0));
    }

    #[test]
    fn what_is_not_counted_is_absent_and_nothing_is_zero() {
        let mut answer = older();
        answer["blkio_stats"]["io_service_bytes_recursive"] = Value::Null;
        answer.as_object_mut().unwrap().remove("networks");
        assert_eq!(of(Resource::DiskRead, &answer), None);
        assert_eq!(of(Resource::Sent, &answer), None);
        answer["blkio_stats"]["io_service_bytes_recursive"] = json!([]);
        assert_eq!(of(Resource::DiskRead, &answer), Some(0.0));
    }

    #[test]
    fn a_container_that_is_over_uses_nothing_that_could_be_told() {
        let over = json!({
            "read": "0001-01-01T00:00:00Z",
            "cpu_stats": {"cpu_usage": {"total_usage": 0}},
            "memory_stats": {}
        });
        assert_eq!(stats(&over), None);
    }

    #[test]
    fn containers_are_told_with_their_service_and_one_off_ones_are_not() {
        let answer = json!([
            {"Id": "a", "Labels": {"com.docker.compose.service": "api", "com.docker.compose.oneoff": "False"}},
            {"Id": "b", "Labels": {"com.docker.compose.service": "api", "com.docker.compose.oneoff": "True"}}
        ]);
        let only = Running {
            id: "a".to_owned(),
            service: "api".to_owned(),
        };
        assert_eq!(running(&answer), Some(vec![only]));
        assert_eq!(running(&json!({"message": "no"})), None);
    }
}
