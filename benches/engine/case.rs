//! What is timed: graphs of nodes that do next to nothing, nodes of known length, and much output.

use crate::graph::{self, Graph, Node, Work};
use crate::kit::Kit;
use crate::options::Options;
use crate::series::{FLOOR, Series};
use crate::subject::Subject;
use crate::tool::{TOOLS, Tool};
use crate::verify;
use std::path::Path;
use std::time::Duration;

/// A graph, how often it is run for a number of rounds asked for, and by whom.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    graph: fn() -> Graph,
    repeats: fn(usize) -> usize,
    /// Part of the quick pass.
    quick: bool,
    /// Tools that run it beside the floor; none named: all.
    tools: &'static [&'static str],
}

/// A tool that takes longer is killed and named.
const LIMIT: Duration = Duration::from_mins(2);

/// Larger graphs are not run a second time to check the order.
const VERIFIED_NODES: usize = 1000;
const VERIFIED_NODES_QUICK: usize = 100;

const OUTPUT_BYTES: u64 = 100 << 20;

const PLAIN: Case = Case {
    name: "",
    graph: || graph::wide(1),
    repeats: |rounds| rounds,
    quick: true,
    tools: &[],
};

pub(crate) const CASES: [Case; 10] = [
    Case {
        name: "one",
        repeats: |rounds| 8 * rounds,
        ..PLAIN
    },
    Case {
        name: "wide-100",
        graph: || graph::wide(100),
        repeats: |rounds| 2 * rounds,
        ..PLAIN
    },
    Case {
        name: "wide-1000",
        graph: || graph::wide(1000),
        ..PLAIN
    },
    Case {
        name: "layered-1000",
        graph: || graph::layered(1000),
        ..PLAIN
    },
    Case {
        name: "chain-1000",
        graph: || graph::chain(1000),
        ..PLAIN
    },
    Case {
        name: "mixed",
        graph: graph::mixed,
        ..PLAIN
    },
    Case {
        name: "tail",
        graph: graph::tail,
        ..PLAIN
    },
    Case {
        name: "output-100MiB",
        graph: output,
        ..PLAIN
    },
    Case {
        name: "wide-5000",
        graph: || graph::wide(5000),
        repeats: |rounds| rounds.min(3),
        quick: false,
        ..PLAIN
    },
    Case {
        name: "chain-10000",
        graph: || graph::chain(10_000),
        repeats: |_| 1,
        quick: false,
        tools: &["sdd", "ninja", "make"],
    },
];

impl Case {
    /// Whether the options ask for it.
    pub(crate) fn is_wanted(&self, options: &Options) -> bool {
        let named = !options.cases.is_empty();
        options.wants(self.name) && (named || self.quick || !options.quick)
    }

    /// Prepares, checks and times it, in a folder of its own under `scratch`.
    pub(crate) fn run(
        &self,
        kit: &Kit,
        scratch: &Path,
        options: &Options,
    ) -> Result<Series, String> {
        let graph = (self.graph)();
        let folder = scratch.join(self.name);
        let mut series = Series {
            nodes: graph.nodes.len(),
            bound_ms: graph.bound_ms(kit.jobs),
            ..Series::default()
        };
        let most = if options.quick {
            VERIFIED_NODES_QUICK
        } else {
            VERIFIED_NODES
        };
        let mut subjects = Vec::new();
        for tool in TOOLS
            .iter()
            .filter(|tool| self.is_run_by(tool, kit, options))
        {
            let checked = if graph.nodes.len() <= most {
                verified(kit, tool, &folder, &graph)
            } else {
                Ok(())
            };
            match checked.and_then(|()| prepare(kit, tool, &folder, &graph)) {
                Ok(subject) => subjects.push(subject),
                Err(fault) => _ = series.failures.insert(tool.name.to_owned(), fault),
            }
        }
        series.fill(kit, &subjects, (self.repeats)(options.rounds), LIMIT)?;
        // The folder stays until the end: on ext4, making a file takes the longer the more files were
        // deleted in the minute before, and it would be the next case that pays.
        Ok(series)
    }

    fn is_run_by(&self, tool: &Tool, kit: &Kit, options: &Options) -> bool {
        let asked = tool.name == FLOOR || options.includes(tool.name);
        let able = self.tools.is_empty() || tool.name == FLOOR || self.tools.contains(&tool.name);
        asked && able && tool.locate(kit).is_some()
    }
}

/// For much output, nothing is cheaper than the node writing to a file itself.
fn prepare(kit: &Kit, tool: &Tool, folder: &Path, graph: &Graph) -> Result<Subject, String> {
    let mut subject = tool.prepare(kit, &folder.join(tool.name), graph)?;
    if let (FLOOR, Work::Emit(_)) = (tool.name, &graph.nodes[0].work) {
        subject.argv = kit.argv(&graph.nodes[0].work, "");
    }
    Ok(subject)
}

fn output() -> Graph {
    Graph {
        nodes: vec![Node {
            needs: Vec::new(),
            work: Work::Emit(OUTPUT_BYTES),
        }],
    }
}

/// Runs the same graph with nodes that write down when they ran; this also warms the caches.
fn verified(kit: &Kit, tool: &Tool, folder: &Path, graph: &Graph) -> Result<(), String> {
    let recording = graph.with(&Work::Record);
    let subject = tool.prepare(
        kit,
        &folder.join(format!("{}-verify", tool.name)),
        &recording,
    )?;
    let sample = subject.measure(kit, LIMIT)?;
    sample.fault().map_or(Ok(()), Err)?;
    verify::record(&subject, graph, kit.jobs)
}
