//! References → edges, and the teardowns that environments imply.

mod sampled;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use petgraph::Direction;

use super::{EdgeKind, Graph, Vertex, Work, conflict, cycle};
use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::id::NodeId;
use crate::kinds::Kind;
use crate::model::{Node, Pipeline};
use crate::span::{Span, Spanned};
use crate::spec::{Name, Template};

/// Most names that are listed where nothing is near.
const MOST_LISTED: usize = 8;
/// Past this many unknown names, no more suggestions are looked for: each costs a pass.
const MOST_SUGGESTIONS: usize = 50;

/// Resolves every name of a pipeline. The graph is complete if nothing was reported.
pub fn build(pipeline: &Pipeline, diags: &mut Diags) -> Graph {
    let vertices = vertices(pipeline);
    let mut names: HashMap<&str, Vec<NodeId>> = HashMap::with_capacity(vertices.len());
    for (index, node) in pipeline.nodes.iter().enumerate() {
        names
            .entry(node.id.as_str())
            .or_default()
            .push(NodeId::new(index));
        if let Some(group) = &node.group {
            names.entry(group).or_default().push(NodeId::new(index));
        }
    }
    let mut resolver = Resolver {
        pipeline,
        names,
        graph: Graph::with_vertices(vertices),
        diags,
        suggestions: 0,
    };
    resolver.duplicates();
    resolver.duplicates_of_lost();
    resolver.references();
    resolver.values();
    resolver.sampled();
    // Each step adds edges, so a circle that it reports is of its own making.
    let mut circular = cycle::report(&resolver.graph, pipeline, resolver.diags);
    if !circular {
        resolver.teardowns();
        circular = cycle::report(&resolver.graph, pipeline, resolver.diags);
    }
    conflict::connect(&mut resolver.graph, pipeline, resolver.diags);
    if !circular {
        cycle::report(&resolver.graph, pipeline, resolver.diags);
    }
    resolver.pools();
    resolver.graph
}

/// The nodes, then a teardown for each environment that implies one; what came up last goes first.
fn vertices(pipeline: &Pipeline) -> Vec<Vertex> {
    let vertex = |id: Arc<str>, work| Vertex {
        id,
        work,
        finalises: None,
        values: BTreeMap::new(),
        sampled: Vec::new(),
    };
    let nodes = pipeline.nodes.iter().enumerate();
    let declared = nodes
        .clone()
        .map(|(index, node)| vertex(node.id.as_str().into(), Work::Node(index)));
    let generated = nodes
        .rev()
        .filter(|(_, node)| node.kind.generates_teardown())
        .map(|(index, node)| vertex(format!("{}.down", *node.id).into(), Work::Down(index)));
    declared.chain(generated).collect()
}

struct Resolver<'a> {
    pipeline: &'a Pipeline,
    names: HashMap<&'a str, Vec<NodeId>>,
    graph: Graph,
    diags: &'a mut Diags,
    suggestions: usize,
}

fn taken(id: &str) -> Diagnostic {
    Diagnostic::new("duplicate-id", format!("two nodes have the id `{id}`"))
}

fn same_id(id: &str, first: Span, again: Span) -> Diagnostic {
    taken(id)
        .at(again, "the same id again")
        .at(first, "first used here")
        .help("ids are unique across kinds and files; an included file can be given a prefix: `include \"…\" as=\"…\"`")
}

impl Resolver<'_> {
    fn duplicates(&mut self) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (index, vertex) in self.graph.vertices.iter().enumerate() {
            let Some(earlier) = first.insert(&vertex.id, index) else {
                continue;
            };
            let node = |index: usize| match self.graph.vertices[index].work {
                Work::Node(node) | Work::Down(node) => &self.pipeline.nodes[node],
            };
            let (one, other) = (node(earlier), node(index));
            self.diags.push(match vertex.work {
                Work::Node(_) => same_id(&vertex.id, one.id.span, other.id.span),
                Work::Down(_) => taken(&vertex.id)
                    .at(one.id.span, "this id is taken")
                    .at(
                        other.id.span,
                        format!("its teardown is called `{}`", vertex.id),
                    )
                    .help("rename one of them"),
            });
        }
    }

    /// Ids that were given twice where one of the two nodes has other mistakes.
    fn duplicates_of_lost(&mut self) {
        let nodes = self.pipeline.nodes.iter();
        let nodes = nodes.map(|node| (node.id.as_str(), node.id.span));
        let mut first: HashMap<&str, Span> = nodes.collect();
        for (id, span) in self.pipeline.lost.nodes() {
            if let Some(other) = first.insert(id, span) {
                let (one, again) = (other.min(span), other.max(span));
                self.diags.push(same_id(id, one, again));
            }
        }
    }

    /// The nodes that a name stands for: of the same file first, then of the whole pipeline.
    fn lookup(&mut self, from: &Node, name: &Spanned<String>) -> Vec<NodeId> {
        let local = format!("{}{}", from.prefix, **name);
        let found = self
            .names
            .get(local.as_str())
            .or_else(|| self.names.get(name.as_str()));
        if let Some(nodes) = found {
            return nodes.clone();
        }
        let lost = &self.pipeline.lost;
        if !lost.may_hold(&local, name.span) && !lost.may_hold(name, name.span) {
            let diagnostic =
                Diagnostic::new("unknown-node", format!("there is no node `{}`", **name))
                    .at(name.span, "unknown node")
                    .maybe_help(self.meant(from, name));
            self.diags.push(diagnostic);
        }
        Vec::new()
    }

    /// What somebody who wrote an unknown name in a node may have meant.
    fn meant(&mut self, from: &Node, name: &str) -> Option<String> {
        if self.suggestions >= MOST_SUGGESTIONS {
            return None;
        }
        self.suggestions += 1;
        if let Some(environment) = self.generated(name) {
            return Some(format!(
                "`{name}` runs by itself when everything that uses `{environment}` is over; nothing can wait for it"
            ));
        }
        let others = self.pipeline.nodes.iter().filter(|node| node.id != from.id);
        let ids: Vec<&str> = others.map(|node| node.id.as_str()).collect();
        did_you_mean(name, ids.iter().copied()).or_else(|| match ids.len() {
            1..=MOST_LISTED => Some(format!("known are `{}`", ids.join("`, `"))),
            _ => None,
        })
    }

    /// The environment that the plan adds a teardown of that name for.
    fn generated(&self, name: &str) -> Option<&str> {
        let vertex = self
            .graph
            .vertices
            .iter()
            .find(|vertex| *vertex.id == *name)?;
        match vertex.work {
            Work::Down(node) => Some(&self.pipeline.nodes[node].id),
            Work::Node(_) => None,
        }
    }

    fn references(&mut self) {
        for index in 0..self.pipeline.nodes.len() {
            let node = &self.pipeline.nodes[index];
            let to = NodeId::new(index);
            let lists = [
                (&node.common.needs, EdgeKind::Needs),
                (&node.common.after, EdgeKind::After),
            ];
            for (list, kind) in lists {
                for reference in list {
                    for from in self.lookup(node, &reference.0) {
                        self.graph
                            .connect(from, to, kind.clone(), Some(reference.0.span));
                    }
                }
            }
            if let Kind::Teardown(_) = &node.kind {
                self.finalises(to, node);
            }
        }
    }

    fn finalises(&mut self, teardown: NodeId, node: &Node) {
        let Some(reference) = node.kind.finalises() else {
            return;
        };
        let environments = self.lookup(node, &reference.0);
        let Some(environment) = environments.first().copied() else {
            return;
        };
        let target = &self.pipeline.nodes[environment.index()];
        if !target.kind.is_environment() || environments.len() > 1 {
            let (what, label) = match environments.len() {
                1 => (format!("a `{}`", target.kind.name()), "not an environment"),
                count => (format!("{count} nodes of a matrix"), "not a single node"),
            };
            self.diags.push(
                Diagnostic::new(
                    "teardown-without-environment",
                    format!(
                        "`{}` takes down `{}`, which is {what}",
                        *node.id, *reference.0
                    ),
                )
                .at(reference.0.span, label)
                .at(target.id.span, format!("this is {what}"))
                .help("`for` names one environment, a `setup` or a `service`"),
            );
            return;
        }
        self.graph.vertices[teardown.index()].finalises = Some(environment);
        self.graph.connect(
            environment,
            teardown,
            EdgeKind::Finalises,
            Some(reference.0.span),
        );
    }

    /// Lets each teardown wait for all users of its environment, and for their own teardowns.
    fn teardowns(&mut self) {
        for index in self.pipeline.nodes.len()..self.graph.len() {
            if let Work::Down(node) = self.graph.vertices[index].work {
                let (environment, down) = (NodeId::new(node), NodeId::new(index));
                self.graph.vertices[index].finalises = Some(environment);
                self.graph
                    .connect(environment, down, EdgeKind::Finalises, None);
            }
        }
        let teardowns: Vec<(NodeId, NodeId)> = (0..self.graph.len())
            .map(NodeId::new)
            .filter_map(|node| Some((node, self.graph.vertices[node.index()].finalises?)))
            .collect();
        for (teardown, environment) in &teardowns {
            let needs = |kind: &EdgeKind| *kind == EdgeKind::Needs;
            let users = self
                .graph
                .reachable(*environment, Direction::Outgoing, needs);
            let is_user = |node: NodeId| users[node.index()];
            for user in (0..self.graph.len())
                .map(NodeId::new)
                .filter(|node| is_user(*node))
            {
                self.graph.connect(user, *teardown, EdgeKind::After, None);
            }
            for (inner, inner_environment) in &teardowns {
                // A user's own teardown comes before the generated one of the same environment.
                let own = inner_environment == environment && inner < teardown;
                if is_user(*inner_environment) || own {
                    self.graph.connect(*inner, *teardown, EdgeKind::After, None);
                }
            }
        }
    }

    /// Resolves `{{node.ID.NAME}}` and sees to it that the value exists by then.
    fn values(&mut self) {
        for index in 0..self.pipeline.nodes.len() {
            let node = &self.pipeline.nodes[index];
            let mut used: Vec<(String, crate::span::Span)> = Vec::new();
            let mut collect = |template: &Template| {
                for (name, span) in template.placed_names() {
                    if let Name::Node(rest) = name {
                        used.push((rest.clone(), span));
                    }
                }
            };
            node.kind.templates(&mut collect);
            node.env.iter().for_each(|(_, template)| collect(template));
            if used.is_empty() {
                continue;
            }
            let known = self.known_before(NodeId::new(index));
            for (rest, span) in used {
                if let Some(value) = self.value(node, &rest, span, &known) {
                    self.graph.vertices[index].values.insert(rest, value);
                }
            }
        }
        self.share_values_with_generated();
    }

    /// What has passed before a node starts. A teardown knows what its environment knew.
    fn known_before(&self, node: NodeId) -> Vec<bool> {
        let follow = |kind: &EdgeKind| matches!(kind, EdgeKind::Needs | EdgeKind::Finalises);
        let mut known = self.graph.reachable(node, Direction::Incoming, follow);
        known[node.index()] = true;
        known
    }

    fn share_values_with_generated(&mut self) {
        for index in self.pipeline.nodes.len()..self.graph.len() {
            if let Work::Down(node) = self.graph.vertices[index].work {
                self.graph.vertices[index].values = self.graph.vertices[node].values.clone();
            }
        }
    }

    fn value(
        &mut self,
        node: &Node,
        rest: &str,
        span: crate::span::Span,
        known: &[bool],
    ) -> Option<(NodeId, String)> {
        let local = format!("{}{rest}", node.prefix);
        // Ids may hold dots themselves: the longest one that exists counts.
        let matching = |text: &str| {
            text.rmatch_indices('.').find_map(|(at, _)| {
                let node = *self.names.get(&text[..at])?.first()?;
                Some((node, text[at + 1..].to_owned()))
            })
        };
        let Some((source, name)) = matching(&local).or_else(|| matching(rest)) else {
            let id = rest.rsplit_once('.').map_or(rest, |(id, _)| id);
            self.lookup(node, &Spanned::new(id.to_owned(), span));
            return None;
        };
        let publisher = &self.pipeline.nodes[source.index()];
        let offered = publisher.kind.publishes();
        if !publisher.kind.may_publish(&name) {
            let help = match offered.as_slice() {
                [] => format!("a `{}` publishes nothing", publisher.kind.name()),
                names => format!("it publishes `{}`", names.join("`, `")),
            };
            self.diags.push(
                Diagnostic::new(
                    "unknown-variable",
                    format!("`{}` publishes no `{name}`", *publisher.id),
                )
                .at(span, "unknown value")
                .help(help),
            );
            return None;
        }
        if !known[source.index()] {
            let id = publisher.id.as_str();
            self.diags.push(
                Diagnostic::new(
                    "unneeded-node-value",
                    format!("`{}` uses a value of `{id}` without needing it", *node.id),
                )
                .at(span, "may not exist yet")
                .at(node.id.span, "this node")
                .help(format!("add `needs \"{id}\"`")),
            );
            return None;
        }
        Some((source, name))
    }

    fn pools(&mut self) {
        for node in &self.pipeline.nodes {
            for pool in &node.common.pool {
                let lost = self.pipeline.lost.may_declare(pool, pool.span);
                if !self.pipeline.pools.contains_key(pool.as_str()) && !lost {
                    let near = did_you_mean(pool, self.pipeline.pools.keys().map(String::as_str));
                    let declare =
                        format!("declare it in the header: `pool \"{}\" depth=1`", **pool);
                    self.diags.push(
                        Diagnostic::new("unknown-pool", format!("there is no pool `{}`", **pool))
                            .at(pool.span, "unknown pool")
                            .help(near.unwrap_or(declare)),
                    );
                }
            }
            for secret in &node.common.secrets {
                let lost = self.pipeline.lost.may_declare(secret, secret.span);
                if !self.pipeline.secrets.contains_key(secret.as_str()) && !lost {
                    let near =
                        did_you_mean(secret, self.pipeline.secrets.keys().map(String::as_str));
                    let declare = format!(
                        "declare it in the header: `secrets {{ {0} env=\"{0}\" }}`",
                        **secret
                    );
                    self.diags.push(
                        Diagnostic::new(
                            "unknown-variable",
                            format!("there is no secret `{}`", **secret),
                        )
                        .at(secret.span, "unknown secret")
                        .help(near.unwrap_or(declare)),
                    );
                }
            }
        }
    }
}
