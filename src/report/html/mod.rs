//! One page that stands alone: no script, no font, no file beside it. It follows the reader's
//! choice of light or dark.

mod node;
mod text;

use std::io::{Result, Write};

use self::text::{code, escape, prose};
use super::Style;
use super::digest::{self, Digest};
use super::picture::picture;
use crate::event::{NodeRecord, RunState, Verdict};
use crate::graph::render;
use crate::graph::render::mark::duration;
use crate::sched::Outcome;

const LOOKS: &str = include_str!("style.css");
/// A drawing of more nodes than this shows nobody anything.
const MOST_DRAWN: usize = 400;

/// Writes the page.
pub(super) fn write(state: &RunState, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let digest = Digest::of(state);
    let title = format!("{} {}", state.pipeline, state.verdict().as_str());
    let title = escape(&title);
    writeln!(
        out,
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{LOOKS}</style>
</head>
<body>
<main>"#
    )?;
    gates(state, out)?;
    head(state, out)?;
    graph(state, out)?;
    table(state, out)?;
    details(state, &digest, out)?;
    debt(state, out)?;
    let version = env!("CARGO_PKG_VERSION");
    writeln!(
        out,
        "<footer>sdd {version}</footer>\n</main>\n</body>\n</html>"
    )?;
    out.flush()
}

/// The class that a node is coloured by.
fn tone(node: &NodeRecord) -> &'static str {
    match node.outcome {
        Some(Outcome::Passed) => "good",
        Some(Outcome::Skipped) if node.is_stated_skip() => "muted",
        _ if node.plan.required => "bad",
        _ => "amber",
    }
}

fn gates(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let gates = digest::gates(state);
    if !gates.is_empty() {
        writeln!(
            out,
            "<section class=\"note\">\n<h2>Gates changed</h2>\n<ul>"
        )?;
        for (place, message) in &gates {
            writeln!(out, "<li>{} {}</li>", prose(message), code(place))?;
        }
        writeln!(out, "</ul>\n</section>")?;
    }
    match digest::gates_unknown(state) {
        Some(unknown) => writeln!(out, "<p class=\"facts\">{}</p>", prose(&unknown)),
        None => Ok(()),
    }
}

fn head(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let tone = match state.verdict() {
        Verdict::Passed => "good",
        Verdict::Failed | Verdict::Cancelled => "bad",
    };
    writeln!(
        out,
        r#"<header class="head {tone}">
<h1>{} <span class="verdict">{}</span></h1>
<p class="facts">run {} · {} · {} · exit code {}</p>"#,
        escape(&state.pipeline),
        state.verdict().as_str(),
        code(&state.run),
        escape(&state.started_at),
        duration(state.elapsed_ms),
        state.exit_code(),
    )?;
    if state.preface.checkpoint {
        writeln!(out, "<p>This is {}.</p>", digest::CHECKPOINT)?;
    }
    for disturbance in digest::disturbances(state) {
        writeln!(out, "<p>{}</p>", prose(&disturbance))?;
    }
    writeln!(out, "<ul class=\"counts\">")?;
    for (outcome, count) in digest::counts(state) {
        let class = match outcome {
            Outcome::Passed => "good",
            Outcome::Skipped => "muted",
            _ if state.verdict() == Verdict::Passed => "amber",
            _ => "bad",
        };
        writeln!(out, "<li class=\"{class}\">{count}</li>")?;
    }
    writeln!(out, "</ul>\n</header>")
}

fn graph(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let Some(svg) = render::renderer("svg").filter(|_| state.nodes.len() <= MOST_DRAWN) else {
        return Ok(());
    };
    let style = render::Style {
        colour: true,
        ascii: false,
        width: 0,
    };
    writeln!(out, "<h2>Graph</h2>\n<figure>")?;
    (svg.render)(&picture(state), &style, out)?;
    writeln!(out, "</figure>")
}

fn table(state: &RunState, out: &mut dyn Write) -> Result<()> {
    writeln!(
        out,
        r#"<h2>Nodes</h2>
<div class="wide">
<table>
<thead><tr><th>node</th><th>kind</th><th>outcome</th><th class="time">time</th><th>why</th></tr></thead>
<tbody>"#
    )?;
    for node in &state.nodes {
        node::row(node, out)?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")
}

fn details(state: &RunState, digest: &Digest<'_>, out: &mut dyn Write) -> Result<()> {
    let told = digest.failures.iter().chain(&digest.warnings);
    let told: Vec<&&NodeRecord> = told.collect();
    let also = state.nodes.iter().filter(|node| {
        let is_told = told.iter().any(|other| other.id() == node.id());
        !is_told && !node.findings.is_empty()
    });
    let nodes: Vec<&NodeRecord> = told.iter().map(|node| **node).chain(also).collect();
    if !nodes.is_empty() {
        writeln!(out, "<h2>What was found</h2>")?;
    }
    for node in nodes {
        node::article(state, node, out)?;
    }
    if !digest.owed.is_empty() {
        let ids: Vec<String> = digest.owed.iter().map(|node| code(node.id())).collect();
        let ids = ids.join(", ");
        writeln!(
            out,
            "<p>Still up: {ids}. <code>sdd recover</code> takes it down.</p>"
        )?;
    }
    Ok(())
}

fn debt(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let debt = state.debt();
    if debt.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section class=\"note\">\n<h2>Debt</h2>\n<ul>")?;
    for (word, said) in debt.iter().map(digest::owing) {
        writeln!(out, "<li>{word}: {}</li>", prose(&said))?;
    }
    writeln!(out, "</ul>\n</section>")
}
