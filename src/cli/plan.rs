//! `sdd plan` and `sdd why`.

use std::io::{self, Write};

use serde_json::json;

use super::args::{PlanArgs, SelectionArgs, WhyArgs};
use super::run::prepare;
use super::{Cx, Failure, Outcome, nearest, print_json};
use crate::id::NodeId;
use crate::plan::{Plan, Planned};

/// `sdd plan`.
pub(super) fn plan(cx: &Cx, args: &PlanArgs) -> Outcome {
    let project = cx.project()?;
    let prepared = prepare(cx, &project, &args.pipeline, &args.selection)?;
    print(cx, &prepared.plan, args.format == "json")
}

fn ids(plan: &Plan, nodes: impl IntoIterator<Item = NodeId>) -> Vec<&str> {
    nodes
        .into_iter()
        .map(|node| &*plan.nodes[node.index()].id)
        .collect()
}

/// The plan as data; nodes are named by their ids.
fn document(plan: &Plan) -> serde_json::Value {
    let nodes: Vec<_> = plan
        .nodes
        .iter()
        .map(|node| node_document(plan, node))
        .collect();
    json!({
        "schema": "sdd.plan/1",
        "pipeline": plan.pipeline,
        "jobs": plan.jobs,
        "order": ids(plan, plan.order.iter().copied()),
        "critical_path": ids(plan, plan.critical_path.iter().copied()),
        "nodes": nodes,
    })
}

fn node_document(plan: &Plan, node: &Planned) -> serde_json::Value {
    let conflicts: Vec<_> = node
        .conflicts
        .iter()
        .map(|(from, glob)| json!({"node": plan.nodes[from.index()].id, "glob": glob}))
        .collect();
    json!({
        "id": node.id,
        "kind": node.kind,
        "required": node.required,
        "runs": node.runs,
        "code": node.why.code,
        "why": node.why.text,
        "needs": ids(plan, node.needs.iter().copied()),
        "after": ids(plan, node.after.iter().copied()),
        "conflicts": conflicts,
        "finalises": node.finalises.map(|of| &plan.nodes[of.index()].id),
        "expected_ms": node.expected_ms,
    })
}

/// What runs, in the order in which it starts, and what does not; as data or for people.
pub(super) fn print(cx: &Cx, plan: &Plan, as_data: bool) -> Outcome {
    if as_data {
        return print_json(&document(plan));
    }
    let colour = cx.console().answer.style.colour;
    let dim = |text: &str| {
        if colour {
            format!("\x1b[2m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    };
    let mut out = io::stdout().lock();
    let width = plan
        .nodes
        .iter()
        .map(|node| node.id.chars().count())
        .max()
        .unwrap_or(0);
    writeln!(
        out,
        "{} · {} nodes, {} at a time",
        plan.pipeline,
        plan.order.len(),
        plan.jobs
    )?;
    for (position, node) in plan.order.iter().enumerate() {
        let planned = &plan.nodes[node.index()];
        let optional = if planned.required { "" } else { " (optional)" };
        let line = format!(
            "{:>4}  {:width$}  {:<9}{optional}",
            position + 1,
            planned.id,
            planned.kind
        );
        writeln!(
            out,
            "{}",
            format!("{line}  {}", dim(&waits(plan, planned))).trim_end()
        )?;
    }
    let skipped: Vec<_> = plan.nodes.iter().filter(|node| !node.runs).collect();
    if !skipped.is_empty() {
        writeln!(out, "does not run:")?;
    }
    for node in skipped {
        writeln!(out, "   –  {:width$}  {}", node.id, node.why.text)?;
    }
    Ok(0)
}

/// What a node waits for, in a line.
fn waits(plan: &Plan, node: &Planned) -> String {
    let mut parts = Vec::new();
    if !node.needs.is_empty() {
        parts.push(format!(
            "needs {}",
            ids(plan, node.needs.iter().copied()).join(", ")
        ));
    }
    if let Some(environment) = node.finalises {
        parts.push(format!("takes down {}", plan.nodes[environment.index()].id));
    } else if !node.after.is_empty() {
        parts.push(format!(
            "after {}",
            ids(plan, node.after.iter().copied()).join(", ")
        ));
    }
    for (from, glob) in &node.conflicts {
        parts.push(format!(
            "after {} (writes {glob})",
            plan.nodes[from.index()].id
        ));
    }
    parts.join(" · ")
}

/// `sdd why`.
pub(super) fn why(cx: &Cx, args: &WhyArgs) -> Outcome {
    let project = cx.project()?;
    let prepared = prepare(cx, &project, &args.pipeline, &SelectionArgs::default())?;
    let plan = &prepared.plan;
    let Some(node) = plan.find(&args.node) else {
        let near = nearest(&args.node, plan.nodes.iter().map(|node| &*node.id));
        let message = format!("there is no node `{}` in `{}`", args.node, plan.pipeline);
        return Err(Failure::Usage(message, near));
    };
    let planned = &plan.nodes[node.index()];
    let users: Vec<NodeId> = (0..plan.nodes.len())
        .map(NodeId::new)
        .filter(|user| plan.nodes[user.index()].needs.contains(&node))
        .collect();
    if args.format == "json" {
        let mut document = node_document(plan, planned);
        document["schema"] = json!("sdd.why/1");
        document["needed_by"] = json!(ids(plan, users));
        return print_json(&document);
    }
    let mut out = io::stdout().lock();
    let verb = if planned.runs { "runs" } else { "does not run" };
    writeln!(
        out,
        "{} ({}) {verb}: {}",
        planned.id, planned.kind, planned.why.text
    )?;
    if let Some(description) = &planned.description {
        writeln!(out, "  {description}")?;
    }
    for (name, text) in facts(plan, node, &users) {
        if !text.is_empty() {
            writeln!(out, "  {name:<12}{text}")?;
        }
    }
    Ok(0)
}

/// What is to be said of a node, by name; what does not apply is empty.
fn facts(plan: &Plan, node: NodeId, users: &[NodeId]) -> [(&'static str, String); 7] {
    let planned = &plan.nodes[node.index()];
    let names = |nodes: &[NodeId]| ids(plan, nodes.iter().copied()).join(", ");
    let conflicts: Vec<_> = planned
        .conflicts
        .iter()
        .map(|(from, glob)| {
            format!(
                "{} (it writes {glob}, which this node reads)",
                plan.nodes[from.index()].id
            )
        })
        .collect();
    let place = plan.order.iter().position(|other| *other == node);
    let required = if planned.required {
        "yes"
    } else {
        "no: its failure fails no run"
    };
    [
        ("needs", names(&planned.needs)),
        ("after", names(&planned.after)),
        ("goes after", conflicts.join(", ")),
        ("takes down", names(planned.finalises.as_slice())),
        ("needed by", names(users)),
        (
            "starts",
            place.map_or(String::new(), |place| {
                format!("as number {} of {}", place + 1, plan.order.len())
            }),
        ),
        ("required", required.to_owned()),
    ]
}
