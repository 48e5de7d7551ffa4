//! Graphviz source: `dot -Tsvg`.

use std::io::{Result, Write};

use super::Style;
use super::cluster::{Step, steps};
use super::mark::{CriticalPath, Tone, duration, plain};
use super::picture::{Link, LinkKind, Picture, Vertex};
use super::reduction::drawn_links;

const PREAMBLE: &str = r##"  rankdir=LR; compound=true; newrank=true; nodesep=0.25; ranksep=0.6;
  fontname="Helvetica"; labelloc=t; fontsize=16;
  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#57606a", fontname="Helvetica", fontsize=12, margin="0.15,0.08"];
  edge [color="#8c959f", arrowsize=0.7, fontname="Helvetica", fontsize=10, fontcolor="#57606a"];
"##;

/// Writes a `digraph` with a cluster for each environment.
pub(super) fn render(picture: &Picture, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let critical = CriticalPath::of(picture);
    writeln!(out, "digraph {} {{", quoted(&picture.title))?;
    writeln!(out, "  label={};", quoted(&headline(picture)))?;
    out.write_all(PREAMBLE.as_bytes())?;
    nodes(picture, &critical, out)?;
    for link in drawn_links(picture) {
        edge(picture, link, critical.joins(link.from, link.to), out)?;
    }
    writeln!(out, "}}")
}

fn headline(picture: &Picture) -> String {
    let run = picture.run.as_ref().map(|run| {
        let time = duration(run.duration_ms);
        format!(" · run {} {} in {time}", run.id, run.verdict)
    });
    format!("{}{}", picture.title, run.unwrap_or_default())
}

fn nodes(picture: &Picture, critical: &CriticalPath, out: &mut dyn Write) -> Result<()> {
    let scopes = picture.sound_scopes();
    for step in steps(picture) {
        match step {
            Step::Open(scope) => {
                let environment = scopes[scope].environment;
                let label = quoted(&format!("{} is up", picture.vertices[environment].id));
                writeln!(out, "  subgraph cluster_{scope} {{")?;
                writeln!(
                    out,
                    "    label={label}; style=\"rounded,filled\"; color=\"#54aeff\"; fillcolor=\"#0969da14\"; fontsize=11;"
                )?;
            }
            Step::Vertex(index) => node(&picture.vertices[index], critical.has(index), out)?,
            Step::Close => writeln!(out, "  }}")?,
        }
    }
    Ok(())
}

fn node(vertex: &Vertex, critical: bool, out: &mut dyn Write) -> Result<()> {
    let time = vertex
        .duration_ms
        .map(|time| format!(" · {}", duration(time)));
    let below = format!("{}{}", vertex.kind, time.unwrap_or_default());
    let label = format!("{}\\n{}", escaped(&vertex.id), escaped(&below));
    let (fill, border) = colours(vertex.tone());
    let dashed = if vertex.required { "" } else { ",dashed" };
    let width = if critical { 2.5 } else { 1.0 };
    let tooltip = vertex.skipped.as_ref().or(vertex.description.as_ref());
    let tooltip = quoted(tooltip.unwrap_or(&vertex.id));
    writeln!(
        out,
        "    {} [label=\"{label}\", style=\"rounded,filled{dashed}\", fillcolor=\"{fill}\", color=\"{border}\", penwidth={width}, tooltip={tooltip}];",
        quoted(&vertex.id)
    )
}

/// Fill and border.
fn colours(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Plain => ("#ffffff", "#57606a"),
        Tone::Good => ("#dafbe1", "#1a7f37"),
        Tone::Bad => ("#ffebe9", "#cf222e"),
        Tone::Amber => ("#fff8c5", "#9a6700"),
        Tone::Muted => ("#f6f8fa", "#afb8c1"),
    }
}

fn edge(picture: &Picture, link: &Link, critical: bool, out: &mut dyn Write) -> Result<()> {
    let [from, to] = [link.from, link.to].map(|it| quoted(&picture.vertices[it].id));
    let mut look = match &link.kind {
        LinkKind::Needs => vec![],
        LinkKind::After => vec!["style=dotted".to_owned()],
        LinkKind::Finalises if critical => vec![],
        LinkKind::Finalises => vec!["color=\"#54aeff\"".to_owned()],
        LinkKind::Conflict { glob } => {
            let label = quoted(glob);
            vec!["style=dashed".to_owned(), format!("label={label}")]
        }
    };
    if critical {
        look.push("penwidth=2.5, color=\"#1f2328\"".to_owned());
    }
    let look = look.join(", ");
    let look = if look.is_empty() {
        look
    } else {
        format!(" [{look}]")
    };
    writeln!(out, "  {from} -> {to}{look};")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Both characters that mean something within quotes; a backslash that stood alone
/// would begin an escape such as `\N` in a label.
fn escaped(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('"', "\\\"")
}
