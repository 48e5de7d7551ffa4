//! The goals, as a table, and what was measured for each.

use crate::options::Options;
use crate::results::Results;
use crate::series::{FLOOR, Series, Spread};
use serde::Serialize;

/// How a goal's number comes from the samples. Names are those of cases and tools.
#[derive(Clone, Copy)]
enum Measure {
    /// Wall time over another tool's in the same round.
    Wall(&'static str, &'static str),
    /// Wall time beyond the floor's, in ms.
    WallBeyondFloor(&'static str),
    /// Wall time over the least that any schedule takes.
    Makespan(&'static str),
    /// CPU beyond the floor's, in µs a node.
    OwnCpu(&'static str),
    /// CPU of the whole tree over another tool's in the same round.
    Cpu(&'static str, &'static str),
    /// CPU of the whole tree, in ms.
    CpuMs(&'static str),
    /// CPU of the larger of two sizes over what a straight line through the smaller ones gives.
    Growth([&'static str; 3]),
    /// Memory of the largest process, in MiB.
    Memory(&'static str),
    /// Memory beyond that of another case, in MiB.
    MemoryBeyond(&'static str, &'static str),
}

struct Goal {
    what: &'static str,
    limit: f64,
    measure: Measure,
}

/// A goal with what was measured; no number where the case did not run.
#[derive(Debug, Serialize)]
pub(crate) struct Judged {
    pub(crate) what: String,
    pub(crate) limit: String,
    pub(crate) measured: String,
    pub(crate) met: Option<bool>,
}

const GOALS: [Goal; 28] = [
    goal(
        "wide 100: wall over the floor",
        1.25,
        Measure::Wall("wide-100", FLOOR),
    ),
    goal(
        "wide 1,000: wall over the floor",
        1.25,
        Measure::Wall("wide-1000", FLOOR),
    ),
    goal(
        "wide 5,000: wall over the floor",
        1.25,
        Measure::Wall("wide-5000", FLOOR),
    ),
    goal(
        "layered 1,000: wall over the floor",
        1.25,
        Measure::Wall("layered-1000", FLOOR),
    ),
    goal(
        "chain 1,000: wall over the floor",
        1.3,
        Measure::Wall("chain-1000", FLOOR),
    ),
    goal(
        "wide 100: wall over ninja",
        0.75,
        Measure::Wall("wide-100", "ninja"),
    ),
    goal(
        "wide 1,000: wall over ninja",
        0.75,
        Measure::Wall("wide-1000", "ninja"),
    ),
    goal(
        "wide 5,000: wall over ninja",
        0.75,
        Measure::Wall("wide-5000", "ninja"),
    ),
    goal(
        "layered 1,000: wall over ninja",
        0.75,
        Measure::Wall("layered-1000", "ninja"),
    ),
    goal(
        "chain 1,000: wall over ninja",
        0.75,
        Measure::Wall("chain-1000", "ninja"),
    ),
    goal(
        "wide 1,000: own CPU a node",
        150.0,
        Measure::OwnCpu("wide-1000"),
    ),
    goal(
        "wide 5,000: own CPU a node",
        150.0,
        Measure::OwnCpu("wide-5000"),
    ),
    goal(
        "layered 1,000: own CPU a node",
        150.0,
        Measure::OwnCpu("layered-1000"),
    ),
    goal(
        "chain 1,000: own CPU a node",
        150.0,
        Measure::OwnCpu("chain-1000"),
    ),
    goal(
        "chain 10,000 runs: wall over the floor",
        f64::INFINITY,
        Measure::Wall("chain-10000", FLOOR),
    ),
    goal(
        "one node: CPU over ninja",
        1.5,
        Measure::Cpu("one", "ninja"),
    ),
    goal(
        "`--version` beyond `true`",
        2.0,
        Measure::WallBeyondFloor("version"),
    ),
    goal(
        "makespan, mixed, over the bound",
        1.15,
        Measure::Makespan("mixed"),
    ),
    goal(
        "makespan, long chain last, over the bound",
        1.2,
        Measure::Makespan("tail"),
    ),
    goal(
        "100 MiB from one node: wall over the floor",
        2.0,
        Measure::Wall("output-100MiB", FLOOR),
    ),
    goal(
        "100 MiB from one node: memory beyond one node",
        3.0,
        Measure::MemoryBeyond("output-100MiB", "one"),
    ),
    goal("memory, wide 1,000", 12.0, Measure::Memory("wide-1000")),
    goal(
        "memory, layered 1,000",
        12.0,
        Measure::Memory("layered-1000"),
    ),
    goal("memory, wide 5,000", 25.0, Measure::Memory("wide-5000")),
    goal("`check`, 60 nodes: CPU", 15.0, Measure::CpuMs("check-60")),
    goal("`plan`, 60 nodes: CPU", 15.0, Measure::CpuMs("plan-60")),
    goal(
        "`check`, 10,000 nodes over linear",
        1.25,
        Measure::Growth(["check-60", "check-1000", "check-10000"]),
    ),
    goal(
        "`plan`, 10,000 nodes over linear",
        1.25,
        Measure::Growth(["plan-60", "plan-1000", "plan-10000"]),
    ),
];

const fn goal(what: &'static str, limit: f64, measure: Measure) -> Goal {
    Goal {
        what,
        limit,
        measure,
    }
}

/// Holds the subject against every goal, behaviours included.
/// Where cases are named, the goals of the others are left out.
pub(crate) fn judge(results: &Results, options: &Options) -> Vec<Judged> {
    let subject = options.subject.as_str();
    let wanted = GOALS
        .iter()
        .filter(|goal| options.cases.is_empty() || results.covers(goal.measure.case()));
    let timed = wanted.map(|goal| goal.judge(results, subject));
    let behaved = results.behaviours.iter().map(|behaviour| {
        let answer = behaviour.answers.get(subject);
        Judged {
            what: behaviour.name.to_owned(),
            limit: behaviour.wanted.to_owned(),
            measured: answer.map_or_else(String::new, |answer| answer.text.clone()),
            met: answer.map(|answer| answer.met),
        }
    });
    timed.chain(behaved).collect()
}

impl Goal {
    fn judge(&self, results: &Results, subject: &str) -> Judged {
        let spread = self.measure.take(results, subject);
        let unit = self.measure.unit();
        let limit = if self.limit.is_finite() {
            format!("≤ {}{unit}", self.limit)
        } else {
            "runs".to_owned()
        };
        let fault = || {
            results
                .fault(self.measure.case(), subject)
                .unwrap_or_default()
        };
        Judged {
            what: self.what.to_owned(),
            limit,
            measured: spread.map_or_else(fault, |spread| {
                format!("{:.2}{unit} (min {:.2}{unit})", spread.median, spread.min)
            }),
            met: spread.map(|spread| spread.median <= self.limit),
        }
    }
}

impl Measure {
    fn take(self, results: &Results, tool: &str) -> Option<Spread> {
        let series = results.series.get(self.case())?;
        match self {
            Self::Wall(_, other) => series.paired(
                tool,
                other,
                |sample| sample.wall_ms,
                |own, other| own / other,
            ),
            Self::WallBeyondFloor(_) => series.paired(
                tool,
                FLOOR,
                |sample| sample.wall_ms,
                |own, floor| own - floor,
            ),
            Self::Makespan(_) => makespan(series, tool),
            Self::OwnCpu(_) => own_cpu(series, tool),
            Self::Cpu(_, other) => series.paired(
                tool,
                other,
                |sample| sample.cpu_ms,
                |own, other| own / other,
            ),
            Self::CpuMs(_) => series.spread(tool, |sample| sample.cpu_ms),
            Self::Growth(cases) => growth(results, tool, cases),
            Self::Memory(_) => series.spread(tool, |sample| sample.rss_mib),
            Self::MemoryBeyond(_, base) => {
                let base = results
                    .series
                    .get(base)?
                    .spread(tool, |sample| sample.rss_mib)?
                    .median;
                let spread = series.spread(tool, |sample| sample.rss_mib)?;
                Some(Spread {
                    median: spread.median - base,
                    min: spread.min - base,
                })
            }
        }
    }

    fn case(self) -> &'static str {
        match self {
            Self::Wall(case, _)
            | Self::WallBeyondFloor(case)
            | Self::Makespan(case)
            | Self::OwnCpu(case)
            | Self::Cpu(case, _)
            | Self::CpuMs(case)
            | Self::Growth([_, _, case])
            | Self::Memory(case)
            | Self::MemoryBeyond(case, _) => case,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Wall(..) | Self::Makespan(_) | Self::Cpu(..) | Self::Growth(_) => " ×",
            Self::WallBeyondFloor(_) | Self::CpuMs(_) => " ms",
            Self::OwnCpu(_) => " µs",
            Self::Memory(_) | Self::MemoryBeyond(..) => " MiB",
        }
    }
}

/// Wall time over the least that any schedule takes.
pub(crate) fn makespan(series: &Series, tool: &str) -> Option<Spread> {
    let bound = series.bound_ms;
    let spread = series.spread(tool, |sample| sample.wall_ms)?;
    (bound > 0.0).then(|| Spread {
        median: spread.median / bound,
        min: spread.min / bound,
    })
}

/// CPU beyond the floor's, in µs a node.
pub(crate) fn own_cpu(series: &Series, tool: &str) -> Option<Spread> {
    let nodes = f64::from(u32::try_from(series.nodes).ok()?);
    series.paired(
        tool,
        FLOOR,
        |sample| sample.cpu_ms,
        |own, floor| (own - floor) * 1e3 / nodes,
    )
}

fn growth(results: &Results, tool: &str, cases: [&str; 3]) -> Option<Spread> {
    let mut points = Vec::new();
    for case in cases {
        let series = results.series.get(case)?;
        let cpu = series.spread(tool, |sample| sample.cpu_ms)?;
        points.push((f64::from(u32::try_from(series.nodes).ok()?), cpu));
    }
    let [(least, base), (less, small), (most, large)] = points[..] else {
        return None;
    };
    let times = (most - least) / (less - least);
    let over = |figure: fn(&Spread) -> f64| {
        (figure(&large) - figure(&base)) / (figure(&small) - figure(&base)) / times
    };
    Some(Spread {
        median: over(|spread| spread.median),
        min: over(|spread| spread.min),
    })
}
