//! What the command line and the conditions leave of a pipeline.

use std::fmt;

use petgraph::Direction;

use super::Why;
use super::condition::{self, Facts};
use crate::diag::did_you_mean;
use crate::graph::{EdgeKind, Graph, Work};
use crate::id::NodeId;
use crate::model::Pipeline;
use crate::span::Sources;

/// What the command line asks for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Only these nodes and what they need; empty for all.
    pub only: Vec<String>,
    /// Not these nodes.
    pub skip: Vec<String>,
    /// Only nodes with one of these tags, and what they need; empty for all.
    pub tags: Vec<String>,
    /// Only these nodes, which did not pass in the last run, and what they need.
    pub failed: Option<Vec<String>>,
    /// How many nodes run at the same time.
    pub jobs: Option<usize>,
    /// Whether the failure of a required node stops the run.
    pub fail_fast: bool,
    /// Whether nothing stops the run, whatever the file says.
    pub checkpoint: bool,
    /// Whether environments stay up that can do so without `sdd`.
    pub keep: bool,
}

impl Request {
    /// Whether it asks for some of the nodes by name or tag.
    pub fn selects(&self) -> bool {
        !self.only.is_empty() || !self.tags.is_empty() || self.failed.is_some()
    }
}

/// A request that can't be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestError {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl fmt::Display for RequestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for RequestError {}

type Decision = (bool, Why);

/// Decides for every vertex whether it runs, and why.
pub(super) fn select(
    pipeline: &Pipeline,
    graph: &Graph,
    sources: &Sources,
    request: &Request,
    facts: &dyn Facts,
) -> Result<Vec<Decision>, RequestError> {
    let wanted = wanted(pipeline, graph, request)?;
    let skipped = named(pipeline, graph, &request.skip, "--skip")?;
    if let Some(teardown) = skipped
        .iter()
        .find(|node| graph.vertices[node.index()].finalises.is_some())
    {
        return Err(RequestError {
            message: format!(
                "`{}` can't be skipped: what was brought up is always taken down",
                graph.name(*teardown)
            ),
            help: Some("skip the environment instead".to_owned()),
        });
    }
    let mut decisions: Vec<Decision> = (0..graph.len())
        .map(|index| {
            let node = NodeId::new(index);
            let Work::Node(position) = graph.vertices[index].work else {
                return (true, Why::new("teardown", "takes down what was brought up"));
            };
            if skipped.contains(&node) {
                return (false, Why::new("skip-requested", "skipped by --skip"));
            }
            let (selected, why) = wanted.decide(node);
            if !selected {
                return (false, why);
            }
            condition::decide(&pipeline.nodes[position], sources, facts).unwrap_or((true, why))
        })
        .collect();
    propagate(graph, &mut decisions);
    Ok(decisions)
}

/// Lets a skip reach all who need the node, and the teardown of an environment that does not run.
fn propagate(graph: &Graph, decisions: &mut [Decision]) {
    let mut open: Vec<NodeId> = (0..graph.len())
        .map(NodeId::new)
        .filter(|node| !decisions[node.index()].0)
        .collect();
    open.reverse();
    while let Some(skipped) = open.pop() {
        for (user, edge) in graph.behind(skipped) {
            let decision = &mut decisions[user.index()];
            let teardown = graph.vertices[user.index()].finalises.is_some();
            let why = match edge.kind {
                EdgeKind::Needs if !teardown => {
                    let text = format!("needs `{}`, which is skipped", graph.name(skipped));
                    Why::new("need-skipped", text)
                }
                EdgeKind::Finalises => {
                    let text = format!("`{}` is not brought up", graph.name(skipped));
                    Why::new("environment-not-started", text)
                }
                _ => continue,
            };
            if decision.0 {
                *decision = (false, why);
                open.push(user);
            }
        }
    }
}

/// Why a node is wanted, or that it is not.
#[derive(Clone, Copy)]
enum Wish {
    No,
    Asked,
    NeededBy(NodeId),
}

impl Wish {
    /// Keeps what is wanted already.
    fn or_needed_by(&mut self, user: NodeId) {
        if let Wish::No = self {
            *self = Wish::NeededBy(user);
        }
    }
}

/// The nodes that were asked for and those that they need.
struct Wanted {
    /// For each node; `None` if all are wanted.
    by: Option<Vec<Wish>>,
    names: Vec<std::sync::Arc<str>>,
}

impl Wanted {
    fn decide(&self, node: NodeId) -> Decision {
        let Some(by) = &self.by else {
            return (true, Why::new("always", "part of the pipeline"));
        };
        match by[node.index()] {
            Wish::No => (
                false,
                Why::new("not-selected", "not selected by the command line"),
            ),
            Wish::Asked => (true, Why::new("selected", "selected by the command line")),
            Wish::NeededBy(user) => {
                let text = format!("needed by `{}`", self.names[user.index()]);
                (true, Why::new("needed", text))
            }
        }
    }
}

fn wanted(pipeline: &Pipeline, graph: &Graph, request: &Request) -> Result<Wanted, RequestError> {
    let mut roots = named(pipeline, graph, &request.only, "--only")?;
    for tag in &request.tags {
        let tagged = tagged(pipeline, tag);
        if tagged.is_empty() {
            let tags = pipeline.nodes.iter().flat_map(|node| &node.common.tags);
            return Err(RequestError {
                message: format!("no node has the tag `{tag}`"),
                help: did_you_mean(tag, tags.map(String::as_str)),
            });
        }
        roots.extend(tagged);
    }
    if let Some(failed) = &request.failed {
        roots.extend(failed.iter().filter_map(|id| graph.find(id)));
    }
    let names = graph
        .vertices
        .iter()
        .map(|vertex| vertex.id.clone())
        .collect();
    if !request.selects() {
        return Ok(Wanted { by: None, names });
    }
    // A teardown has something to do only after its environment came up.
    let environments: Vec<NodeId> = roots
        .iter()
        .filter_map(|root| graph.vertices[root.index()].finalises)
        .collect();
    roots.extend(environments);
    let mut by = vec![Wish::No; graph.len()];
    for root in &roots {
        by[root.index()] = Wish::Asked;
    }
    for root in &roots {
        let needs = |kind: &EdgeKind| matches!(kind, EdgeKind::Needs);
        let needed = graph.reachable(*root, Direction::Incoming, needs);
        for (index, _) in needed.iter().enumerate().filter(|(_, needed)| **needed) {
            by[index].or_needed_by(*root);
        }
    }
    with_teardowns(graph, &mut by);
    Ok(Wanted {
        by: Some(by),
        names,
    })
}

/// The teardowns that users wrote for environments that run.
fn with_teardowns(graph: &Graph, by: &mut [Wish]) {
    for (index, vertex) in graph.vertices.iter().enumerate() {
        if let Some(environment) = vertex.finalises
            && !matches!(by[environment.index()], Wish::No)
        {
            by[index].or_needed_by(environment);
        }
    }
}

fn tagged(pipeline: &Pipeline, tag: &str) -> Vec<NodeId> {
    let nodes = pipeline.nodes.iter().enumerate();
    nodes
        .filter(|(_, node)| node.common.tags.iter().any(|known| known == tag))
        .map(|(index, _)| NodeId::new(index))
        .collect()
}

/// The nodes that some names stand for: an id, or the plain id of a matrix node for all its copies.
fn named(
    pipeline: &Pipeline,
    graph: &Graph,
    names: &[String],
    option: &str,
) -> Result<Vec<NodeId>, RequestError> {
    let mut found = Vec::new();
    for name in names {
        let before = found.len();
        found.extend(graph.find(name));
        let groups = pipeline.nodes.iter().enumerate();
        found.extend(
            groups
                .filter(|(_, node)| node.group.as_deref() == Some(name))
                .map(|(index, _)| NodeId::new(index)),
        );
        if found.len() == before {
            let ids = graph.vertices.iter().map(|vertex| &*vertex.id);
            return Err(RequestError {
                message: format!(
                    "{option} {name}: there is no node `{name}` in `{}`",
                    pipeline.name
                ),
                help: did_you_mean(name, ids)
                    .or_else(|| Some(format!("`sdd plan {}` lists the nodes", pipeline.name))),
            });
        }
    }
    Ok(found)
}
