//! What was sampled, and what it means for a request.

use super::{Level, Resource, Usage};

/// What was sampled under one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    /// The environment.
    pub node: String,
    /// The service of the stack that the environment is; `None` if it is one process tree.
    pub service: Option<String>,
    /// What it used, or why that can't be told.
    pub usage: Result<Usage, String>,
}

impl Sampled {
    /// Its name among all that is sampled.
    pub fn name(&self) -> String {
        match &self.service {
            Some(service) => format!("{}.{service}", self.node),
            None => self.node.clone(),
        }
    }

    /// Whether a limit on that name is meant for it.
    pub fn is_called(&self, name: &str) -> bool {
        self.node == name || self.service.as_deref() == Some(name) || self.name() == name
    }
}

/// What several runs used together: the mean over all of them, and the highest of each.
pub fn of_runs(runs: Vec<Vec<Sampled>>) -> Vec<Sampled> {
    let mut whole: Vec<(Sampled, u32)> = Vec::new();
    for sampled in runs.into_iter().flatten() {
        let same = |(other, _): &&mut (Sampled, u32)| other.name() == sampled.name();
        match whole.iter_mut().find(same) {
            Some((together, runs)) => {
                *runs += 1;
                together.add(sampled.usage, *runs);
            }
            None => whole.push((sampled, 1)),
        }
    }
    whole.into_iter().map(|(sampled, _)| sampled).collect()
}

impl Sampled {
    /// Adds what was used in another run, the so manieth.
    fn add(&mut self, usage: Result<Usage, String>, runs: u32) {
        let (Ok(whole), Ok(other)) = (&mut self.usage, &usage) else {
            if self.usage.is_ok() {
                self.usage = usage;
            }
            return;
        };
        for (level, other) in whole.0.iter_mut().zip(other.0) {
            *level = level.zip(other).map(|(level, other)| Level {
                mean: level.mean + (other.mean - level.mean) / f64::from(runs),
                max: level.max.max(other.max),
            });
        }
    }
}

/// Microseconds of a processor for each request that succeeded, of all that was sampled; `None` if
/// that of one is not known.
pub fn cpu_per_request(sampled: &[Sampled], successful_per_s: f64) -> Option<f64> {
    let percents = sampled.iter().map(|sampled| {
        let usage = sampled.usage.as_ref().ok()?;
        usage.get(Resource::Cpu).map(|level| level.mean)
    });
    let percents: f64 = percents.sum::<Option<f64>>()?;
    let is_known = !sampled.is_empty() && successful_per_s > 0.0;
    is_known.then(|| percents / 100.0 / successful_per_s * 1e6)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::bench::resources::{Meter, Reading};

    fn cpu(seconds: f64) -> Reading {
        Reading::default().with(Resource::Cpu, Some(seconds))
    }

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn near(found: f64, truth: f64) -> bool {
        (found - truth).abs() <= 1e-6 * truth.abs().max(1.0)
    }

    #[test]
    fn the_processor_time_of_a_request_is_that_of_all_that_is_sampled() {
        let sampled = |node: &str, seconds| {
            let mut meter = Meter::of_strangers();
            meter.read(at(0), [(1u32, cpu(0.0))].into());
            meter.read(at(1000), [(1, cpu(seconds))].into());
            Sampled {
                node: node.to_owned(),
                service: None,
                usage: Ok(meter.usage()),
            }
        };
        let all = [sampled("a", 0.2), sampled("b", 0.3)];
        assert!(near(cpu_per_request(&all, 1000.0).unwrap(), 500.0));
        assert_eq!(cpu_per_request(&all, 0.0), None);
        assert_eq!(cpu_per_request(&[], 1000.0), None);
        let unknown = Sampled {
            usage: Err("gone".to_owned()),
            ..all[0].clone()
        };
        assert_eq!(cpu_per_request(&[unknown, all[1].clone()], 1000.0), None);
    }

    #[test]
    fn several_runs_have_the_mean_of_all_and_the_highest_of_each() {
        let run = |seconds: &[f64]| {
            let mut meter = Meter::of_strangers();
            for (place, seconds) in (0u64..).zip(seconds) {
                meter.read(at(place * 1000), [(1u32, cpu(*seconds))].into());
            }
            vec![Sampled {
                node: "a".to_owned(),
                service: None,
                usage: Ok(meter.usage()),
            }]
        };
        let whole = of_runs(vec![
            run(&[0.0, 0.1]),
            run(&[0.0, 0.2, 0.6]),
            run(&[0.0, 0.2]),
        ]);
        let level = whole[0].usage.as_ref().unwrap().get(Resource::Cpu).unwrap();
        assert!(near(level.mean, 20.0) && near(level.max, 40.0), "{level:?}");
        let mut failed = run(&[0.0, 0.1]);
        failed[0].usage = Err("gone".to_owned());
        assert_eq!(
            of_runs(vec![run(&[0.0, 0.1]), failed])[0].usage,
            Err("gone".to_owned())
        );
    }
}
