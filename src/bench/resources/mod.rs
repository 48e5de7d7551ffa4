//! What services use while they are under load: readings of their counters → means and highest
//! values.

mod sampled;

pub use sampled::{Sampled, cpu_per_request, of_runs};

use std::collections::BTreeMap;
use std::time::Duration;

/// What a service uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Time of a processor.
    Cpu,
    /// Memory, as it is at a moment.
    Memory,
    /// Bytes read from disks.
    DiskRead,
    /// Bytes written to disks.
    DiskWrite,
    /// Bytes that came over the network.
    Received,
    /// Bytes that went over the network.
    Sent,
}

/// Every resource with its name.
pub const RESOURCES: [(&str, Resource); 6] = [
    ("cpu", Resource::Cpu),
    ("memory", Resource::Memory),
    ("disk.read", Resource::DiskRead),
    ("disk.write", Resource::DiskWrite),
    ("network.received", Resource::Received),
    ("network.sent", Resource::Sent),
];

/// A shorter time between two readings says nothing about a rate: counters of the kernel go in
/// steps of ten milliseconds.
const SHORTEST: Duration = Duration::from_millis(100);

/// What something had used at a moment: bytes, and seconds of a processor. What is not known is
/// absent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reading {
    values: [Option<f64>; RESOURCES.len()],
    inherited: Option<f64>,
}

impl Reading {
    /// Says how much was used.
    #[must_use]
    pub fn with(mut self, resource: Resource, value: Option<f64>) -> Self {
        self.values[resource as usize] = value;
        self
    }

    /// Says how many seconds of a processor were used by children that are over; they are no part
    /// of its own.
    #[must_use]
    pub fn with_children(mut self, seconds: f64) -> Self {
        self.inherited = Some(seconds);
        self
    }

    fn of(&self, resource: Resource) -> Option<f64> {
        self.values[resource as usize]
    }
}

/// What several things used since the first reading, at a moment of a clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    at: Duration,
    values: [Option<f64>; RESOURCES.len()],
}

/// Adds up what things use that come and go: the processes of a tree, the containers of a service.
#[derive(Debug, Clone)]
pub struct Meter<K> {
    /// Whether what is over was a child of what is left, which inherits its counters.
    is_family: bool,
    last: Option<BTreeMap<K, Reading>>,
    samples: Vec<Sample>,
}

impl<K: Ord> Meter<K> {
    /// For processes.
    pub fn of_a_family() -> Self {
        Self::new(true)
    }

    /// For things that know nothing of each other.
    pub fn of_strangers() -> Self {
        Self::new(false)
    }

    fn new(is_family: bool) -> Self {
        Self {
            is_family,
            last: None,
            samples: Vec::new(),
        }
    }

    /// Takes all readings of a moment. The first moment is where counting begins.
    pub fn read(&mut self, at: Duration, now: BTreeMap<K, Reading>) {
        let values = RESOURCES.map(|(_, resource)| {
            if resource == Resource::Memory {
                return now.values().map(|reading| reading.of(resource)).sum();
            }
            let before = self
                .samples
                .last()
                .map_or(Some(0.0), |sample| sample.values[resource as usize]);
            let last = self.last.as_ref().unwrap_or(&now);
            Some(before? + self.growth(last, &now, resource)?)
        });
        self.samples.push(Sample { at, values });
        self.last = Some(now);
    }

    /// What the samples say.
    pub fn usage(&self) -> Usage {
        Usage::of(&self.samples)
    }

    /// How much was used between two readings. What a child had used and was counted for appears
    /// once more with its parent when the child is over; where nobody inherits it, it does not.
    fn growth(
        &self,
        last: &BTreeMap<K, Reading>,
        now: &BTreeMap<K, Reading>,
        resource: Resource,
    ) -> Option<f64> {
        let whole = |reading: &Reading| {
            let inherited = reading.inherited.filter(|_| resource == Resource::Cpu);
            Some(reading.of(resource)? + inherited.unwrap_or(0.0))
        };
        let (mut grown, mut inherited) = (0.0, 0.0);
        for (key, reading) in now {
            let before = last.get(key);
            let (now, then) = (whole(reading)?, before.map_or(Some(0.0), whole)?);
            // A counter that fell began anew.
            let step = if now < then { now } else { now - then };
            grown += step;
            inherited += match (resource, reading.inherited) {
                (Resource::Cpu, Some(children)) => {
                    children - before.and_then(|before| before.inherited).unwrap_or(0.0)
                }
                _ => step,
            };
        }
        if self.is_family {
            let over = last.iter().filter(|(key, _)| !now.contains_key(*key));
            let over: f64 = over.filter_map(|(_, reading)| whole(reading)).sum();
            grown -= over.min(inherited.max(0.0));
        }
        Some(grown.max(0.0))
    }
}

/// The mean over the time of the samples, and the highest value in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The mean.
    pub mean: f64,
    /// The highest.
    pub max: f64,
}

/// How much was used: percent of one processor, bytes, and bytes per second. What the samples do
/// not tell is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage([Option<Level>; RESOURCES.len()]);

impl Usage {
    fn of(samples: &[Sample]) -> Self {
        Self(RESOURCES.map(|(_, resource)| {
            let values = samples.iter().map(|sample| {
                let value = sample.values[resource as usize]?;
                Some((sample.at.as_secs_f64(), value))
            });
            let values: Option<Vec<(f64, f64)>> = values.collect();
            match resource {
                Resource::Memory => level(&values?),
                Resource::Cpu => rate(&values?).map(|rate| Level {
                    mean: rate.mean * 100.0,
                    max: rate.max * 100.0,
                }),
                _ => rate(&values?),
            }
        }))
    }

    /// How much of a resource; `None` if that is not known.
    pub fn get(&self, resource: Resource) -> Option<Level> {
        self.0[resource as usize]
    }
}

#[expect(clippy::cast_precision_loss, reason = "samples are few")]
fn level(values: &[(f64, f64)]) -> Option<Level> {
    let max = values.iter().map(|(_, value)| *value).reduce(f64::max)?;
    let sum: f64 = values.iter().map(|(_, value)| value).sum();
    Some(Level {
        mean: sum / values.len() as f64,
        max,
    })
}

/// How fast a counter grew.
fn rate(values: &[(f64, f64)]) -> Option<Level> {
    let (first, last) = (values.first()?, values.last()?);
    let time = last.0 - first.0;
    if time <= 0.0 {
        return None;
    }
    let mean = (last.1 - first.1) / time;
    let (mut max, mut from) = (mean, first);
    for value in values {
        let time = value.0 - from.0;
        if time >= SHORTEST.as_secs_f64() {
            max = max.max((value.1 - from.1) / time);
            from = value;
        }
    }
    Some(Level { mean, max })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn cpu(seconds: f64) -> Reading {
        Reading::default().with(Resource::Cpu, Some(seconds))
    }

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn cpu_of(meter: &Meter<u32>) -> Level {
        meter.usage().get(Resource::Cpu).unwrap()
    }

    fn near(found: f64, truth: f64) -> bool {
        (found - truth).abs() <= 1e-6 * truth.abs().max(1.0)
    }

    #[test]
    fn a_rate_counts_from_the_first_reading() {
        let mut meter = Meter::of_a_family();
        for (ms, seconds) in [(0, 50.0), (250, 50.1), (500, 50.3)] {
            meter.read(at(ms), [(1u32, cpu(seconds))].into());
        }
        let level = cpu_of(&meter);
        assert!(near(level.mean, 60.0) && near(level.max, 80.0), "{level:?}");
    }

    #[test]
    fn one_reading_tells_memory_and_no_rate() {
        let mut meter = Meter::of_strangers();
        let reading = cpu(1.0).with(Resource::Memory, Some(7.0));
        meter.read(at(0), [(1u32, reading)].into());
        let usage = meter.usage();
        assert_eq!(usage.get(Resource::Cpu), None);
        let seven = Level {
            mean: 7.0,
            max: 7.0,
        };
        assert_eq!(usage.get(Resource::Memory), Some(seven));
        assert_eq!(usage.get(Resource::Sent), None);
    }

    #[test]
    fn a_step_between_two_readings_that_are_close_is_no_peak() {
        let mut meter = Meter::of_a_family();
        for (ms, seconds) in [(0, 0.0), (250, 0.1), (500, 0.2), (505, 0.21)] {
            meter.read(at(ms), [(1u32, cpu(seconds))].into());
        }
        assert!(cpu_of(&meter).max < 45.0, "{:?}", cpu_of(&meter));
    }

    #[test]
    fn a_child_that_is_over_is_counted_once() {
        let mut meter = Meter::of_a_family();
        let parent = |own, children| cpu(own).with_children(children);
        meter.read(at(0), [(1u32, parent(1.0, 0.0)), (2, cpu(5.0))].into());
        meter.read(at(500), [(1, parent(1.1, 0.0)), (2, cpu(5.4))].into());
        // It used 0.1 more before it was over, and its parent inherits all 5.5 seconds.
        meter.read(at(1000), [(1, parent(1.2, 5.5))].into());
        assert!(near(cpu_of(&meter).mean, 70.0), "{:?}", cpu_of(&meter));
    }

    #[test]
    fn a_child_that_nobody_inherits_from_takes_nothing_away() {
        let mut meter = Meter::of_a_family();
        let parent = |own| cpu(own).with_children(0.0);
        meter.read(at(0), [(1u32, parent(1.0)), (2, cpu(5.0))].into());
        meter.read(at(1000), [(1, parent(1.5))].into());
        assert!(near(cpu_of(&meter).mean, 50.0), "{:?}", cpu_of(&meter));
    }

    #[test]
    fn a_container_that_was_started_anew_counts_from_nothing() {
        let mut meter = Meter::of_strangers();
        meter.read(at(0), [(1u32, cpu(9.0))].into());
        meter.read(at(1000), [(1, cpu(0.5))].into());
        assert!(near(cpu_of(&meter).mean, 50.0));
    }

    #[test]
    fn what_one_part_does_not_tell_is_not_known_of_the_whole() {
        let mut meter = Meter::of_a_family();
        let known = Reading::default().with(Resource::DiskRead, Some(1.0));
        let readings = [(1u32, known), (2, Reading::default())];
        meter.read(at(0), readings.into());
        meter.read(at(500), readings.into());
        assert_eq!(meter.usage().get(Resource::DiskRead), None);
    }

    proptest! {
        /// Processes that live side by side, each over the whole time: the whole is their sum.
        #[test]
        fn the_whole_is_the_sum_of_its_parts(steps in vec(vec(0u32..1000, 3), 2..20)) {
            let mut meter = Meter::of_a_family();
            let mut totals = [0u32; 3];
            for (place, step) in (0u64..).zip(&steps) {
                for (total, step) in totals.iter_mut().zip(step) {
                    *total += step;
                }
                let readings = (0u32..).zip(totals);
                let readings = readings.map(|(key, total)| (key, cpu(f64::from(total) / 1e3)));
                meter.read(at(place * 250), readings.collect());
            }
            let used: u32 = steps[1..].iter().flatten().sum();
            let time = f64::from(u32::try_from(steps.len() - 1).unwrap()) * 0.25;
            let level = cpu_of(&meter);
            prop_assert!(near(level.mean, f64::from(used) / 1e3 / time * 100.0));
            prop_assert!(level.max >= level.mean - 1e-6);
            let highest = steps[1..].iter().map(|step| step.iter().sum::<u32>()).max().unwrap();
            prop_assert!(level.max <= f64::from(highest) / 1e3 / 0.25 * 100.0 + 1e-6);
        }
    }
}
