//! A plan, and a run of it, as a picture that can be drawn.

use super::Plan;
use crate::event::RunState;
use crate::graph::render::{Link, LinkKind, Picture, RunLabel, Scope, Vertex};
use crate::id::NodeId;

impl Plan {
    /// The plan as a picture; with a run, its outcomes, times and critical path.
    pub fn picture(&self, run: Option<&RunState>) -> Picture {
        Picture {
            title: self.pipeline.clone(),
            vertices: (0..self.nodes.len())
                .map(|index| self.vertex(index, run))
                .collect(),
            links: self.links(),
            scopes: self.scopes(),
            critical_path: match run {
                Some(run) => run
                    .critical_path()
                    .iter()
                    .filter_map(|id| self.find(id))
                    .map(NodeId::index)
                    .collect(),
                None => self.critical_path.iter().map(|node| node.index()).collect(),
            },
            run: run.map(|run| RunLabel {
                id: run.run.clone(),
                verdict: run.verdict().as_str().to_owned(),
                duration_ms: run.elapsed_ms,
            }),
        }
    }

    fn vertex(&self, index: usize, run: Option<&RunState>) -> Vertex {
        let node = &self.nodes[index];
        let record = run.and_then(|run| run.node(&node.id));
        Vertex {
            id: node.id.to_string(),
            kind: node.kind.to_owned(),
            required: node.required,
            environment: node.environment,
            teardown_of: node.finalises.map(NodeId::index),
            description: node.description.clone(),
            skipped: (!node.runs).then(|| node.why.text.clone()),
            outcome: record.and_then(|record| record.outcome),
            duration_ms: match record {
                Some(record) => record.started_ms.map(|_| record.detail.duration_ms),
                None => node.expected_ms,
            },
        }
    }

    fn links(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (to, node) in self.nodes.iter().enumerate() {
            let mut link = |from: NodeId, kind| {
                links.push(Link {
                    from: from.index(),
                    to,
                    kind,
                });
            };
            node.needs
                .iter()
                .for_each(|from| link(*from, LinkKind::Needs));
            node.after
                .iter()
                .for_each(|from| link(*from, LinkKind::After));
            node.finalises
                .iter()
                .for_each(|from| link(*from, LinkKind::Finalises));
            for (from, glob) in &node.conflicts {
                link(*from, LinkKind::Conflict { glob: glob.clone() });
            }
        }
        links
    }

    /// What each environment covers: those who need it, directly or through others.
    fn scopes(&self) -> Vec<Scope> {
        let environments = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.environment);
        environments
            .map(|(environment, _)| Scope {
                environment,
                teardown: self
                    .nodes
                    .iter()
                    .rposition(|node| node.finalises.map(NodeId::index) == Some(environment)),
                users: self.users(environment),
            })
            .collect()
    }

    fn users(&self, environment: usize) -> Vec<usize> {
        let mut uses = vec![false; self.nodes.len()];
        uses[environment] = true;
        let mut changed = true;
        while changed {
            changed = false;
            for (index, node) in self.nodes.iter().enumerate() {
                if !uses[index] && node.needs.iter().any(|need| uses[need.index()]) {
                    uses[index] = true;
                    changed = true;
                }
            }
        }
        uses[environment] = false;
        (0..uses.len()).filter(|index| uses[*index]).collect()
    }
}
