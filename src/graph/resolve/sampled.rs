//! Environments whose resources a node samples.

use super::Resolver;
use crate::diag::{Diagnostic, did_you_mean};
use crate::id::NodeId;
use crate::model::Node;
use crate::span::Spanned;

impl Resolver<'_> {
    /// Resolves the names of what is sampled, and holds the names that limits give to it against
    /// what there is.
    pub(super) fn sampled(&mut self) {
        for index in 0..self.pipeline.nodes.len() {
            let node = &self.pipeline.nodes[index];
            let Some(sampling) = node.kind.sampling() else {
                continue;
            };
            let known = self.known_before(NodeId::new(index));
            let mut sampled = Vec::new();
            for reference in sampling.environments {
                let found = self.lookup(node, &reference.0);
                if found.is_empty() {
                    // It has been reported, and any name may be one of its.
                    return;
                }
                for environment in found {
                    self.check_sampled(node, &reference.0, environment, &known);
                    sampled.push(environment);
                }
            }
            for name in &sampling.names {
                self.check_name(name, &sampled);
            }
            self.graph.vertices[index].sampled = sampled;
        }
    }

    fn check_sampled(
        &mut self,
        node: &Node,
        name: &Spanned<String>,
        environment: NodeId,
        known: &[bool],
    ) {
        let other = &self.pipeline.nodes[environment.index()];
        if other.kind.consumers().is_none() {
            let what = other.kind.name();
            self.diags.push(
                Diagnostic::new(
                    "unknown-choice",
                    format!("nothing of a `{what}` can be sampled"),
                )
                .at(name.span, "no environment that uses resources")
                .at(other.id.span, format!("this is a `{what}`"))
                .help("`resources` names environments of the kind `compose` or `service`"),
            );
        } else if !known[environment.index()] {
            let id = other.id.as_str();
            self.diags.push(
                Diagnostic::new(
                    "unneeded-node-value",
                    format!("`{}` samples `{id}` without needing it", *node.id),
                )
                .at(name.span, "may not be up yet")
                .at(node.id.span, "this node")
                .help(format!("add `needs \"{id}\"`")),
            );
        }
    }

    /// Reports a limit on something that is not sampled.
    fn check_name(&mut self, name: &Spanned<String>, sampled: &[NodeId]) {
        let mut names: Vec<String> = Vec::new();
        for environment in sampled {
            let node = &self.pipeline.nodes[environment.index()];
            let Some(consumers) = node.kind.consumers() else {
                continue;
            };
            if consumers.may_be_more {
                return;
            }
            names.push(node.id.to_string());
            for service in consumers.services {
                names.push(format!("{}.{service}", *node.id));
                names.push(service);
            }
        }
        if names.contains(name) {
            return;
        }
        let near = did_you_mean(name, names.iter().map(String::as_str));
        let all = format!("sampled are `{}`", names.join("`, `"));
        self.diags.push(
            Diagnostic::new(
                "unknown-choice",
                format!("nothing sampled is called `{}`", **name),
            )
            .at(name.span, "not sampled")
            .help(near.unwrap_or(all)),
        );
    }
}
