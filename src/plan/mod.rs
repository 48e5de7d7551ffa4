//! Which nodes run, why or why not, and in what order: everything that is decided before anything
//! starts. Pure; what it has to know of the world is asked through [`Facts`].

mod condition;
mod order;
mod picture;
mod select;

pub use condition::Facts;
pub use select::{Request, RequestError};

use std::sync::Arc;

use serde::Serialize;

use crate::event::{KEPT, PlannedNode};
use crate::graph::{EdgeKind, Graph, Vertex, Work};
use crate::id::NodeId;
use crate::model::{Node, OnFailure, Pipeline};
use crate::sched::{Dag, Task};
use crate::span::Sources;

/// A node of the plan.
#[derive(Debug, Clone, Serialize)]
pub struct Planned {
    /// Its id.
    pub id: Arc<str>,
    /// Its kind; generated teardowns are of the kind `teardown`.
    pub kind: &'static str,
    /// Whether the verdict depends on it.
    pub required: bool,
    /// Whether it runs, as far as that is known before the run.
    pub runs: bool,
    /// Why it runs or not.
    pub why: Why,
    /// Whether others can use it while it is up.
    pub environment: bool,
    /// Nodes that must have passed.
    pub needs: Vec<NodeId>,
    /// Nodes that must be over.
    pub after: Vec<NodeId>,
    /// Nodes that must be over because of the files that they write, with the pattern.
    pub conflicts: Vec<(NodeId, String)>,
    /// The environment that it takes down.
    pub finalises: Option<NodeId>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How long it took before, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_ms: Option<u64>,
    /// What it does.
    #[serde(skip)]
    pub work: Option<Work>,
}

/// Why a node runs or not. The word is stable, the text is for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// `always`, `selected`, `needed`, `condition`, `not-selected`, `skip-requested`,
    /// `need-skipped`, `teardown`, `environment-not-started`, `kept`.
    pub code: &'static str,
    /// A sentence.
    pub text: String,
}

impl Why {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

/// Everything that is decided before anything starts.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// Name of the pipeline.
    pub pipeline: String,
    /// Its file, relative to the root.
    pub path: String,
    /// How many nodes run at the same time.
    pub jobs: usize,
    /// Whether the failure of a required node stops the run.
    pub stop_on_failure: bool,
    /// Every node; the index is its [`NodeId`].
    pub nodes: Vec<Planned>,
    /// The order in which nodes start if each takes its expected time.
    pub order: Vec<NodeId>,
    /// The longest way through the graph by expected times.
    pub critical_path: Vec<NodeId>,
    /// Depth of each pool; locks are pools of depth 1.
    #[serde(skip)]
    pub pools: Vec<usize>,
    /// The pools of each node.
    #[serde(skip)]
    pub pools_of: Vec<Vec<usize>>,
}

/// Expected time of a node that never ran, in milliseconds.
const UNKNOWN_MS: u64 = 1000;

/// Makes the plan. The graph has to be one that was built without errors.
pub fn plan(
    pipeline: &Pipeline,
    graph: &Graph,
    sources: &Sources,
    request: &Request,
    facts: &dyn Facts,
) -> Result<Plan, RequestError> {
    let whys = select::select(pipeline, graph, sources, request, facts)?;
    if request.selects() && !whys.iter().any(|(runs, _)| *runs) {
        return Err(nothing_selected(&whys));
    }
    let mut nodes: Vec<Planned> = graph
        .vertices
        .iter()
        .zip(whys)
        .enumerate()
        .map(|(index, (vertex, (runs, why)))| {
            let mut planned = planned(pipeline, vertex, runs, why);
            planned.expected_ms = facts.expected_ms(&planned.id);
            edges(graph, NodeId::new(index), &mut planned);
            planned
        })
        .collect();
    follow_environments(&mut nodes);
    if request.keep {
        keep_environments(pipeline, &mut nodes);
    }
    let (pools, pools_of) = pools(pipeline, graph);
    let header = pipeline.header.as_ref();
    let stops = header.is_some_and(|header| header.on_failure == OnFailure::Stop);
    let jobs = request.jobs.or(header
        .and_then(|header| header.jobs)
        .map(|jobs| jobs as usize));
    let mut plan = Plan {
        pipeline: pipeline.name.clone(),
        path: pipeline.path.clone(),
        jobs: jobs.unwrap_or_else(|| facts.cpus()).max(1),
        stop_on_failure: !request.checkpoint && (request.fail_fast || stops),
        nodes,
        order: Vec::new(),
        critical_path: Vec::new(),
        pools,
        pools_of,
    };
    order::fill(&mut plan);
    Ok(plan)
}

/// A selection of which nothing runs would pass without having checked anything.
fn nothing_selected(whys: &[(bool, Why)]) -> RequestError {
    let wanted = whys.iter().map(|(_, why)| why);
    let reason = wanted
        .into_iter()
        .find(|why| !["not-selected", "environment-not-started"].contains(&why.code));
    RequestError {
        message: "nothing of what was selected would run".to_owned(),
        help: reason.map(|why| why.text.clone()),
    }
}

fn planned(pipeline: &Pipeline, vertex: &Vertex, runs: bool, why: Why) -> Planned {
    let (Work::Node(index) | Work::Down(index)) = vertex.work;
    let node = &pipeline.nodes[index];
    let generated = matches!(vertex.work, Work::Down(_));
    Planned {
        id: Arc::clone(&vertex.id),
        kind: if generated {
            "teardown"
        } else {
            node.kind.name()
        },
        required: node.common.required,
        runs,
        why,
        environment: !generated && node.kind.is_environment(),
        needs: Vec::new(),
        after: Vec::new(),
        conflicts: Vec::new(),
        finalises: vertex.finalises,
        description: if generated {
            Some(format!("takes `{}` down", *node.id))
        } else {
            node.common.description.clone()
        },
        expected_ms: None,
        work: Some(vertex.work),
    }
}

fn edges(graph: &Graph, node: NodeId, planned: &mut Planned) {
    for (from, edge) in graph.before(node) {
        match &edge.kind {
            EdgeKind::Needs if !planned.needs.contains(&from) => planned.needs.push(from),
            EdgeKind::After if planned.after.last() != Some(&from) => planned.after.push(from),
            EdgeKind::Conflict(glob) => planned.conflicts.push((from, glob.clone())),
            EdgeKind::Needs | EdgeKind::After | EdgeKind::Finalises => {}
        }
    }
}

/// What is brought up is taken down, whatever the conditions of its teardown say.
fn follow_environments(nodes: &mut [Planned]) {
    for index in 0..nodes.len() {
        if let Some(environment) = nodes[index].finalises
            && nodes[environment.index()].runs
        {
            nodes[index].runs = true;
        }
    }
}

/// Leaves teardowns out, but those of services: a process of a run never outlives it.
fn keep_environments(pipeline: &Pipeline, nodes: &mut [Planned]) {
    for index in 0..nodes.len() {
        let outlives = match nodes[index].work {
            Some(Work::Down(node)) => pipeline.nodes[node].kind.is_detached(),
            _ => true,
        };
        let Some(environment) = nodes[index].finalises.filter(|_| outlives) else {
            continue;
        };
        let name = Arc::clone(&nodes[environment.index()].id);
        if nodes[environment.index()].runs {
            let text = format!("`{name}` is kept; `sdd recover` takes it down");
            nodes[index].runs = false;
            nodes[index].why = Why::new(KEPT, text);
        }
    }
}

/// Pools and locks as numbers, with the depth of each.
fn pools(pipeline: &Pipeline, graph: &Graph) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut names: Vec<String> = pipeline.pools.keys().cloned().collect();
    let mut depths: Vec<usize> = pipeline.pools.values().copied().collect();
    let mut of = Vec::with_capacity(graph.len());
    for vertex in &graph.vertices {
        let Work::Node(index) = vertex.work else {
            of.push(Vec::new());
            continue;
        };
        let node: &Node = &pipeline.nodes[index];
        let locks = node.common.locks.iter().map(|lock| format!("lock {lock}"));
        let pools = node.common.pool.iter().map(|pool| pool.value.clone());
        let mut mine = Vec::new();
        for name in pools.chain(locks) {
            let known = names.iter().position(|other| *other == name);
            mine.push(known.unwrap_or_else(|| {
                names.push(name);
                depths.push(1);
                names.len() - 1
            }));
        }
        of.push(mine);
    }
    (depths, of)
}

/// What the scheduler has to know of a node to order it.
fn task(node: &Planned, pools: &[usize]) -> Task {
    let conflicts = node.conflicts.iter().map(|(from, _)| *from);
    Task {
        needs: node.needs.clone(),
        after: node.after.iter().copied().chain(conflicts).collect(),
        // A teardown that is left out on purpose is none to the scheduler, which insists on them.
        finalises: node.finalises.filter(|_| node.why.code != KEPT),
        pools: pools.to_vec(),
        weight: node.expected_ms.unwrap_or(UNKNOWN_MS),
        skip: !node.runs,
        ..Task::default()
    }
}

impl Plan {
    /// What the scheduler has to know.
    pub fn dag(&self, pipeline: &Pipeline) -> Dag {
        let tasks = self.nodes.iter().zip(&self.pools_of).map(|(node, pools)| {
            let common = match node.work {
                Some(Work::Node(index)) => Some(&pipeline.nodes[index].common),
                _ => None,
            };
            Task {
                attempts: common
                    .and_then(|common| common.retry.as_ref())
                    .map_or(1, |retry| retry.attempts),
                exclusive: common.is_some_and(|common| common.exclusive),
                required: node.required,
                ..task(node, pools)
            }
        });
        Dag {
            tasks: tasks.collect(),
            pools: self.pools.clone(),
            jobs: self.jobs,
            stop_on_failure: self.stop_on_failure,
        }
    }

    /// The node of that id.
    pub fn find(&self, id: &str) -> Option<NodeId> {
        self.nodes
            .iter()
            .position(|node| &*node.id == id)
            .map(NodeId::new)
    }

    /// The nodes as the run's first event names them.
    pub fn announced(&self) -> Vec<PlannedNode> {
        let ids = |nodes: &[NodeId]| -> Vec<Arc<str>> {
            nodes
                .iter()
                .map(|node| Arc::clone(&self.nodes[node.index()].id))
                .collect()
        };
        self.nodes
            .iter()
            .map(|node| {
                let conflicts: Vec<NodeId> = node.conflicts.iter().map(|(from, _)| *from).collect();
                let mut after = ids(&node.after);
                after.extend(ids(&conflicts));
                PlannedNode {
                    id: Arc::clone(&node.id),
                    kind: node.kind.to_owned(),
                    required: node.required,
                    needs: ids(&node.needs),
                    after,
                    finalises: node
                        .finalises
                        .map(|of| Arc::clone(&self.nodes[of.index()].id)),
                    expected_ms: node.expected_ms,
                }
            })
            .collect()
    }
}
