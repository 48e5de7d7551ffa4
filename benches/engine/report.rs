//! The results as Markdown.

use crate::behaviour::Behaviour;
use crate::goal::{makespan, own_cpu};
use crate::parsing::SIZES;
use crate::results::Results;
use crate::series::{FLOOR, Series};
use crate::tool::TOOLS;

/// A table of one figure: tools down, cases across.
struct Sheet {
    title: &'static str,
    cases: &'static [&'static str],
    cell: fn(&Series, &str) -> Option<String>,
}

const GRAPHS: &[&str] = &[
    "wide-100",
    "wide-1000",
    "wide-5000",
    "layered-1000",
    "chain-1000",
    "chain-10000",
];

const SHEETS: [Sheet; 6] = [
    Sheet {
        title: "Wall, ms (over the floor: median, min)",
        cases: GRAPHS,
        cell: wall,
    },
    Sheet {
        title: "Own CPU a node, µs: median (min)",
        cases: GRAPHS,
        cell: own_cpu_cell,
    },
    Sheet {
        title: "Start: wall / CPU, ms",
        cases: &["version", "one"],
        cell: start,
    },
    Sheet {
        title: "Makespan over the bound: median (min)",
        cases: &["mixed", "tail"],
        cell: makespan_cell,
    },
    Sheet {
        title: "100 MiB from one node, ms (over the floor: median, min)",
        cases: &["output-100MiB"],
        cell: wall,
    },
    Sheet {
        title: "Memory of the largest process, MiB",
        cases: &[
            "one",
            "wide-1000",
            "layered-1000",
            "chain-1000",
            "wide-5000",
            "output-100MiB",
        ],
        cell: memory,
    },
];

/// The whole report.
pub(crate) fn markdown(results: &Results, subject: &str) -> String {
    let mut parts = vec![heading(results), goals(results, subject)];
    parts.extend(SHEETS.iter().filter_map(|sheet| sheet.render(results)));
    parts.extend(parsing(results, subject));
    parts.extend(behaviours(&results.behaviours));
    let faults = results.faults.iter();
    parts.extend(faults.map(|(case, why)| format!("- {case} was not measured: {why}\n")));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn heading(results: &Results) -> String {
    let machine = &results.machine;
    let said = |(name, version): (&&str, &String)| {
        let named = version.to_lowercase().contains(name);
        if named {
            version.clone()
        } else {
            format!("{name} {version}")
        }
    };
    let versions: Vec<String> = results.versions.iter().map(said).collect();
    let missing = if results.missing.is_empty() {
        String::new()
    } else {
        format!(
            "Not installed, so left out: {}.\n",
            results.missing.join(", ")
        )
    };
    format!(
        "{} processors, Linux {}, load {} at the start; {} nodes at a time, {} rounds, tools interleaved; \
         ratios are taken within a round.\nTools: {}.\n{missing}",
        machine.processors,
        machine.kernel,
        machine.load,
        results.jobs,
        results.rounds,
        versions.join(", ")
    )
}

fn goals(results: &Results, subject: &str) -> String {
    let rows = results.goals.iter().map(|goal| {
        let verdict = match goal.met {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "not measured",
        };
        vec![
            goal.what.clone(),
            goal.limit.clone(),
            goal.measured.clone(),
            verdict.to_owned(),
        ]
    });
    table(
        &format!("Goals, for {subject}"),
        &["goal", "limit", "measured", ""],
        rows,
    )
}

impl Sheet {
    fn render(&self, results: &Results) -> Option<String> {
        let cases: Vec<&str> = self
            .cases
            .iter()
            .copied()
            .filter(|case| results.series.contains_key(*case))
            .collect();
        let cell = |case: &str, tool: &str| {
            let found = results
                .series
                .get(case)
                .and_then(|series| (self.cell)(series, tool));
            found
                .or_else(|| results.fault(case, tool))
                .unwrap_or_else(|| "–".to_owned())
        };
        let rows = TOOLS.iter().map(|tool| {
            let cells = cases.iter().map(|case| cell(case, tool.name));
            [tool.name.to_owned()]
                .into_iter()
                .chain(cells)
                .collect::<Vec<_>>()
        });
        let rows = rows.filter(|row| row[1..].iter().any(|cell| cell != "–"));
        let head: Vec<&str> = ["tool"].into_iter().chain(cases.iter().copied()).collect();
        (!cases.is_empty()).then(|| table(self.title, &head, rows))
    }
}

fn wall(series: &Series, tool: &str) -> Option<String> {
    let own = series.spread(tool, |sample| sample.wall_ms)?;
    if tool == FLOOR {
        return Some(format!("{:.0}", own.median));
    }
    let ratio = series.paired(
        tool,
        FLOOR,
        |sample| sample.wall_ms,
        |own, floor| own / floor,
    )?;
    Some(format!(
        "{:.0} ({:.2}, {:.2})",
        own.median, ratio.median, ratio.min
    ))
}

fn own_cpu_cell(series: &Series, tool: &str) -> Option<String> {
    let spread = own_cpu(series, tool).filter(|_| tool != FLOOR)?;
    Some(format!("{:.0} ({:.0})", spread.median, spread.min))
}

fn start(series: &Series, tool: &str) -> Option<String> {
    let wall = series.spread(tool, |sample| sample.wall_ms)?;
    let cpu = series.spread(tool, |sample| sample.cpu_ms)?;
    Some(format!("{:.1} / {:.1}", wall.median, cpu.median))
}

fn makespan_cell(series: &Series, tool: &str) -> Option<String> {
    let spread = makespan(series, tool)?;
    Some(format!("{:.2} ({:.2})", spread.median, spread.min))
}

fn memory(series: &Series, tool: &str) -> Option<String> {
    Some(format!(
        "{:.1}",
        series.spread(tool, |sample| sample.rss_mib)?.median
    ))
}

fn parsing(results: &Results, subject: &str) -> Option<String> {
    let cell = |case: String| {
        let spread = results
            .series
            .get(&case)
            .and_then(|series| series.spread(subject, |sample| sample.cpu_ms));
        let found = spread.map(|spread| format!("{:.1} ({:.1})", spread.median, spread.min));
        found
            .or_else(|| results.fault(&case, subject))
            .unwrap_or_else(|| "–".to_owned())
    };
    let rows = SIZES.iter().map(|size| {
        let kdl = results.kdl_ms.get(size);
        let kdl = kdl.map_or_else(
            || "–".to_owned(),
            |kdl| format!("{:.1} ({:.1})", kdl.median, kdl.min),
        );
        vec![
            size.to_string(),
            cell(format!("check-{size}")),
            cell(format!("plan-{size}")),
            kdl,
        ]
    });
    let head = [
        "nodes",
        "check",
        "plan",
        "the kdl crate alone on the same text (wall)",
    ];
    (!results.kdl_ms.is_empty())
        .then(|| table("Reading a pipeline, ms of CPU: median (min)", &head, rows))
}

fn behaviours(behaviours: &[Behaviour]) -> Option<String> {
    let asked = |tool: &str| {
        behaviours
            .iter()
            .any(|behaviour| behaviour.answers.contains_key(tool))
    };
    let tools: Vec<&str> = TOOLS
        .iter()
        .map(|tool| tool.name)
        .filter(|tool| asked(tool))
        .collect();
    let rows = behaviours.iter().map(|behaviour| {
        let answer = |tool: &&str| {
            behaviour
                .answers
                .get(*tool)
                .map_or("–".to_owned(), |answer| answer.text.clone())
        };
        [behaviour.name.to_owned()]
            .into_iter()
            .chain(tools.iter().map(answer))
            .collect::<Vec<_>>()
    });
    let head: Vec<&str> = ["what happens"]
        .into_iter()
        .chain(tools.iter().copied())
        .collect();
    (!tools.is_empty()).then(|| table("Behaviour", &head, rows))
}

fn table(title: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let rule = vec!["---".to_owned(); head.len()];
    let body: String = rows.map(|row| line(&row)).collect();
    format!("### {title}\n\n{}{}{body}", line(&head), line(&rule))
}
