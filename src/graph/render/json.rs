//! The graph as data, schema `sdd.graph/1`.
//!
//! Every key is always there; what is not known is null. `wave` counts from 1: nodes
//! of one wave may run at the same time. A reader must tolerate keys it does not know.

use std::io::{Error, Result, Write};

use serde::Serialize;

use super::Style;
use super::order::Order;
use super::picture::{Link, LinkKind, Picture};
use crate::sched::Outcome;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    pipeline: &'a str,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
    environments: Vec<Environment<'a>>,
    critical_path: Vec<&'a str>,
    run: Option<Run<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    id: &'a str,
    kind: &'a str,
    required: bool,
    environment: bool,
    teardown_of: Option<&'a str>,
    description: Option<&'a str>,
    wave: usize,
    skipped: Option<&'a str>,
    outcome: Option<Outcome>,
    duration_ms: Option<u64>,
}

#[derive(Serialize)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    glob: Option<&'a str>,
}

#[derive(Serialize)]
struct Environment<'a> {
    id: &'a str,
    teardown: Option<&'a str>,
    users: Vec<&'a str>,
}

#[derive(Serialize)]
struct Run<'a> {
    id: &'a str,
    verdict: &'a str,
    duration_ms: u64,
}

/// Writes one indented document and a line end.
pub(super) fn render(picture: &Picture, _style: &Style, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(picture)).map_err(Error::from)?;
    writeln!(out)
}

fn document(picture: &Picture) -> Document<'_> {
    let path = picture.sound_critical_path().into_iter();
    Document {
        schema: "sdd.graph/1",
        pipeline: &picture.title,
        nodes: nodes(picture),
        edges: picture
            .sound_links()
            .map(|link| edge(picture, link))
            .collect(),
        environments: environments(picture),
        critical_path: path.map(|index| id(picture, index)).collect(),
        run: picture.run.as_ref().map(|run| Run {
            id: &run.id,
            verdict: &run.verdict,
            duration_ms: run.duration_ms,
        }),
    }
}

fn id(picture: &Picture, index: usize) -> &str {
    &picture.vertices[index].id
}

fn nodes(picture: &Picture) -> Vec<Node<'_>> {
    let order = Order::of(picture);
    let vertices = picture.vertices.iter().zip(order.wave);
    vertices
        .map(|(vertex, wave)| Node {
            id: &vertex.id,
            kind: &vertex.kind,
            required: vertex.required,
            environment: vertex.environment,
            teardown_of: vertex
                .teardown_of
                .and_then(|environment| picture.vertices.get(environment))
                .map(|environment| environment.id.as_str()),
            description: vertex.description.as_deref(),
            wave: wave + 1,
            skipped: vertex.skipped.as_deref(),
            outcome: vertex.outcome,
            duration_ms: vertex.duration_ms,
        })
        .collect()
}

fn edge<'a>(picture: &'a Picture, link: &'a Link) -> Edge<'a> {
    Edge {
        from: id(picture, link.from),
        to: id(picture, link.to),
        kind: link.kind.as_str(),
        glob: match &link.kind {
            LinkKind::Conflict { glob } => Some(glob),
            _ => None,
        },
    }
}

fn environments(picture: &Picture) -> Vec<Environment<'_>> {
    let scopes = picture.sound_scopes().into_iter();
    scopes
        .map(|scope| Environment {
            id: id(picture, scope.environment),
            teardown: scope.teardown.map(|teardown| id(picture, teardown)),
            users: scope.users.iter().map(|&user| id(picture, user)).collect(),
        })
        .collect()
}
