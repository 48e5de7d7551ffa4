//! Limits on what services use while they are under load.

use super::Benchmark;
use super::limit::Bound;
use super::verdict::{Met, hold};
use crate::bench::resources::{RESOURCES, Resource, Sampled};
use crate::diag::{Diagnostic, did_you_mean};
use crate::event::{Finding, Grade, Measurement};
use crate::host::Host;
use crate::kinds::Sampling;
use crate::span::Spanned;
use crate::spec::{Decoder, parse_size};

/// Which of the two numbers of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stat {
    Mean,
    Max,
}

/// What a limit on resources is about: `api.memory.max`, or `memory.max` of each thing sampled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Used {
    thing: Option<String>,
    resource: Resource,
    stat: Stat,
}

const STATS: [(&str, Stat); 2] = [("mean", Stat::Mean), ("max", Stat::Max)];

/// The names of limits on each thing sampled.
pub(super) fn names() -> Vec<String> {
    let resources = RESOURCES.iter();
    let both = resources.flat_map(|(name, _)| STATS.map(|(stat, _)| format!("{name}.{stat}")));
    both.collect()
}

/// What somebody who wrote an unknown name may have meant.
pub(super) fn meant(name: &str, others: &[&str]) -> Option<String> {
    let mut known: Vec<String> = others.iter().map(|name| (*name).to_owned()).collect();
    known.extend(names());
    let things = name.match_indices('.').map(|(at, _)| &name[..at]);
    known.extend(
        things.flat_map(|thing| names().into_iter().map(move |own| format!("{thing}.{own}"))),
    );
    did_you_mean(name, known.iter().map(String::as_str))
}

impl Used {
    pub(super) fn named(name: &str) -> Option<Self> {
        let (rest, stat) = name.rsplit_once('.')?;
        let stat = STATS.iter().find(|(known, _)| *known == stat)?.1;
        RESOURCES.iter().find_map(|(known, resource)| {
            let thing = match rest.strip_suffix(known)? {
                "" => None,
                thing => Some(thing.strip_suffix('.').filter(|thing| !thing.is_empty())?),
            };
            Some(Self {
                thing: thing.map(str::to_owned),
                resource: *resource,
                stat,
            })
        })
    }

    fn parse(&self, text: &str) -> Option<f64> {
        match self.resource {
            Resource::Cpu => {
                let percent: f64 = text.trim().strip_suffix('%')?.trim().parse().ok()?;
                (percent.is_finite() && percent >= 0.0).then_some(percent)
            }
            Resource::Memory => parse_size(text),
            _ => parse_size(text.trim().strip_suffix("/s")?),
        }
    }

    fn example(&self) -> &'static str {
        match self.resource {
            Resource::Cpu => "percent of one processor, for instance \"80%\"",
            Resource::Memory => "a size, for instance \"512MiB\"",
            _ => "a size per second, for instance \"10MiB/s\"",
        }
    }

    /// Reports numbers of another unit, and a limit where nothing is sampled.
    pub(super) fn check(&self, name: &Spanned<String>, bound: &Bound, decoder: &mut Decoder<'_>) {
        bound.check_numbers(name, self.example(), &|text| self.parse(text), decoder);
    }

    /// How the limit is met by each thing that it is meant for.
    fn meet(&self, name: &str, bound: &Bound, sampled: &[Sampled]) -> Vec<Met> {
        let is_meant = |sampled: &&Sampled| {
            self.thing
                .as_ref()
                .is_none_or(|thing| sampled.is_called(thing))
        };
        let meant: Vec<&Sampled> = sampled.iter().filter(is_meant).collect();
        if meant.is_empty() {
            // What could not be looked at has no parts.
            let whole = sampled
                .iter()
                .find_map(|sampled| sampled.usage.as_ref().err());
            let why = whole.map_or("nothing of that name was sampled", String::as_str);
            return vec![Met::Unknown(format!("{name} can't be told: {why}"))];
        }
        let own = name.strip_prefix(self.thing.as_deref().unwrap_or_default());
        let own = own.unwrap_or(name).trim_start_matches('.');
        let each = meant.into_iter().flat_map(|sampled| {
            let name = format!("{}.{own}", sampled.name());
            match self.value(sampled) {
                Ok(value) => {
                    let print = |value| print(self.resource, value);
                    bound
                        .limits(&|text| self.parse(text))
                        .map(|(limit, is_max)| hold(&name, value, (limit, is_max), &print))
                        .collect()
                }
                Err(why) => vec![Met::Unknown(format!("{name} can't be told: {why}"))],
            }
        });
        each.collect()
    }

    fn value(&self, sampled: &Sampled) -> Result<f64, String> {
        let usage = sampled.usage.as_ref().map_err(Clone::clone)?;
        let level = usage
            .get(self.resource)
            .ok_or_else(|| why_unknown(self.resource, sampled))?;
        Ok(match self.stat {
            Stat::Mean => level.mean,
            Stat::Max => level.max,
        })
    }
}

fn why_unknown(resource: Resource, sampled: &Sampled) -> String {
    match resource {
        Resource::Received | Resource::Sent if sampled.service.is_none() => {
            "the network of a process is not counted apart; that of a container is".to_owned()
        }
        Resource::Received | Resource::Sent => "the container has no network of its own".to_owned(),
        Resource::DiskRead | Resource::DiskWrite => "this machine does not count it".to_owned(),
        _ => "the load was too short to sample it twice".to_owned(),
    }
}

fn print(resource: Resource, value: f64) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    if resource == Resource::Cpu {
        return format!("{value:.1} %");
    }
    let mut scaled = value;
    let mut units = UNITS.iter();
    let mut unit = units.next().unwrap_or(&"B");
    while scaled >= 1024.0 {
        let Some(larger) = units.next() else { break };
        (scaled, unit) = (scaled / 1024.0, larger);
    }
    let per_second = if resource == Resource::Memory {
        ""
    } else {
        "/s"
    };
    format!("{scaled:.1} {unit}{per_second}")
}

impl Benchmark {
    /// What it samples, and the names by which its limits mean a part of it.
    pub(in crate::kinds) fn sampling(&self) -> Sampling<'_> {
        let limits = self.limit.0.iter();
        let names = limits.filter_map(|(name, _)| {
            let thing = Used::named(name)?.thing?;
            Some(Spanned::new(thing, name.span))
        });
        Sampling {
            environments: &self.resources,
            names: names.collect(),
        }
    }

    /// Reports limits on what is not sampled.
    pub(super) fn check_sampled(&self, decoder: &mut Decoder<'_>) {
        if !self.resources.is_empty() {
            return;
        }
        let is_on_resources = |name: &str| name == "cpu-per-request" || Used::named(name).is_some();
        for (name, _) in self
            .limit
            .0
            .iter()
            .filter(|(name, _)| is_on_resources(name))
        {
            decoder.diags.push(
                Diagnostic::new(
                    "missing-field",
                    format!("`{}` can't be told: nothing is sampled", **name),
                )
                .at(name.span, "needs `resources`")
                .help("name the environment: `resources \"stack\"`"),
            );
        }
    }

    /// How the limits on resources are met, each with its name.
    pub(super) fn meet_on_resources(&self, sampled: &[Sampled]) -> Vec<(String, Met)> {
        let limits = self.limit.0.iter();
        let met = limits.filter_map(|(name, bound)| {
            let met = Used::named(name)?.meet(name, bound, sampled);
            Some(met.into_iter().map(|met| (name.value.clone(), met)))
        });
        met.flatten().collect()
    }
}

/// Reports what was used.
pub(super) fn measure(host: &impl Host, sampled: &[Sampled]) {
    for one in sampled {
        let usage = match &one.usage {
            Ok(usage) => usage,
            Err(why) => {
                let message = format!("what {} uses can't be told: {why}", one.name());
                host.finding(Finding::new("resources", Grade::Medium, message));
                continue;
            }
        };
        for (name, resource) in RESOURCES {
            let Some(level) = usage.get(resource) else {
                continue;
            };
            for (stat, value) in [("mean", level.mean), ("max", level.max)] {
                host.measure(Measurement {
                    name: format!("resources.{}.{name}.{stat}", one.name()),
                    value,
                    unit: unit(resource).to_owned(),
                });
            }
        }
    }
}

fn unit(resource: Resource) -> &'static str {
    match resource {
        Resource::Cpu => "percent",
        Resource::Memory => "bytes",
        _ => "bytes-per-second",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_names_a_resource_of_all_or_of_one() {
        for (name, thing, resource, stat) in [
            ("cpu.mean", None, Resource::Cpu, Stat::Mean),
            (
                "api.disk.read.max",
                Some("api"),
                Resource::DiskRead,
                Stat::Max,
            ),
            (
                "stack.api.memory.max",
                Some("stack.api"),
                Resource::Memory,
                Stat::Max,
            ),
        ] {
            let used = Used {
                thing: thing.map(str::to_owned),
                resource,
                stat,
            };
            assert_eq!(Used::named(name), Some(used));
        }
        for name in [
            "p95",
            "cpu",
            "mean",
            "cpu.p95",
            ".cpu.mean",
            "apicpu.mean",
            "disk.max",
        ] {
            assert_eq!(Used::named(name), None, "{name}");
        }
    }

    #[test]
    fn every_resource_is_read_in_its_own_unit_and_in_no_other() {
        let parse = |name: &str, text: &str| Used::named(name).unwrap().parse(text);
        assert_eq!(parse("cpu.mean", "180%"), Some(180.0));
        assert_eq!(parse("memory.max", "2KiB"), Some(2048.0));
        assert_eq!(parse("disk.write.max", "1MB/s"), Some(1e6));
        for text in ["80", "512MiB/s", "5ms", "", "-5%", "NaN%"] {
            assert_eq!(parse("cpu.mean", text), None, "{text}");
            assert_eq!(parse("memory.max", text), None, "{text}");
        }
        assert_eq!(parse("network.sent.max", "1MB"), None);
    }

    #[test]
    fn a_near_name_is_suggested_with_its_thing() {
        assert!(
            meant("api.memory.maxx", &["p95"])
                .unwrap()
                .contains("api.memory.max")
        );
        assert!(meant("cpu.men", &["p95"]).unwrap().contains("cpu.mean"));
        assert!(meant("p9", &["p95"]).unwrap().contains("p95"));
    }
}
