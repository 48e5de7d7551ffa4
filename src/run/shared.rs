//! What all attempts of a run share.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use super::probe::Http;
use super::process::{Children, Process};
use super::program::Programs;
use super::recorder::Recorder;
use super::repository::Repository;
use super::scan::Contents;
use super::secret::Masks;
use super::spawn::Environment;
use crate::graph::{Graph, Work};
use crate::id::NodeId;
use crate::model::{Node, Pipeline};
use crate::plan::Plan;
use crate::store::{History, OutFolders, RunFolder};
use crate::work::{Item, NoItem};

/// What all attempts of a run share. Used on one thread only.
pub(super) struct Shared {
    pub(super) root: PathBuf,
    /// What tells the worktree from all others.
    pub(super) worktree: String,
    pub(super) folder: RunFolder,
    pub(super) out: OutFolders,
    pub(super) pipeline: Pipeline,
    pub(super) graph: Graph,
    pub(super) plan: Plan,
    pub(super) recorder: Recorder,
    pub(super) children: Children,
    pub(super) programs: Programs,
    pub(super) masks: Masks,
    pub(super) http: Http,
    /// The environment that every command starts from.
    pub(super) environment: Environment,
    pub(super) base: Option<String>,
    pub(super) repository: Arc<Repository>,
    pub(super) work_item: Result<Item, NoItem>,
    /// Whether what can be mended is mended.
    pub(super) fixing: bool,
    pub(super) history: History,
    pub(super) contents: Contents,
    /// Processes that outlive the attempt that started them, by their node.
    pub(super) services: RefCell<HashMap<NodeId, Process>>,
    /// What environments publish, as it is; the record holds it without secrets.
    pub(super) published: RefCell<HashMap<NodeId, BTreeMap<String, String>>>,
    /// Nodes of which an attempt is under way.
    pub(super) running: RefCell<Vec<NodeId>>,
}

impl Shared {
    /// The node of the pipeline that a node of the plan is, or takes down.
    pub(super) fn node_of(&self, node: NodeId) -> &Node {
        let (Work::Node(index) | Work::Down(index)) = self.graph.vertices[node.index()].work;
        &self.pipeline.nodes[index]
    }

    /// The id of a node.
    pub(super) fn id(&self, node: NodeId) -> Arc<str> {
        Arc::clone(&self.plan.nodes[node.index()].id)
    }

    /// Whether processes of a node may be there: it runs, it is a service that is up, or it is an
    /// environment that began to come up and is not down yet.
    pub(super) fn is_in_use(&self, id: &str) -> bool {
        let planned = self
            .plan
            .find(id)
            .map(|node| &self.plan.nodes[node.index()]);
        let owed = planned.is_some_and(|node| node.environment)
            && self.recorder.with_state(|state| {
                state
                    .node(id)
                    .is_some_and(|node| node.started_ms.is_some() && !node.down)
            });
        if owed {
            return true;
        }
        let is = |node: &NodeId| &*self.plan.nodes[node.index()].id == id;
        self.running.borrow().iter().any(is) || self.services.borrow().keys().any(is)
    }
}

/// The environment that every command starts from: that of `sdd`, with the project's own programs.
/// The variables that secrets come from are for those nodes only that ask for the secret.
pub(super) fn environment(programs: &Programs, run: &str, pipeline: &Pipeline) -> Environment {
    let secret = |name: &OsString| {
        let sources = pipeline
            .secrets
            .values()
            .filter_map(|secret| secret.env.as_ref());
        sources.into_iter().any(|source| OsStr::new(source) == name)
    };
    let mut env: BTreeMap<OsString, OsString> = std::env::vars_os()
        .filter(|(name, _)| !secret(name))
        .collect();
    env.entry("CI".into()).or_insert_with(|| "1".into());
    env.insert("PATH".into(), programs.path().clone());
    env.insert("SDD_RUN".into(), run.into());
    Environment::new(env)
}
