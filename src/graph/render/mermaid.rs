//! A Mermaid flowchart, as GitHub and GitLab show it in Markdown. Mermaid itself
//! refuses more than 500 links unless the page that shows it allows more.

use std::io::{Result, Write};

use super::Style;
use super::cluster::{Step, steps};
use super::mark::{CriticalPath, Tone, duration, plain};
use super::picture::{Link, LinkKind, Picture, Vertex};
use super::reduction::drawn_links;

/// Class, its look. The text is dark on pale in both themes of the page.
const CLASSES: &[(&str, &str)] = &[
    ("plain", "fill:#ffffff,stroke:#57606a,color:#1f2328"),
    ("good", "fill:#dafbe1,stroke:#1a7f37,color:#1f2328"),
    ("bad", "fill:#ffebe9,stroke:#cf222e,color:#1f2328"),
    ("amber", "fill:#fff8c5,stroke:#9a6700,color:#1f2328"),
    ("muted", "fill:#f6f8fa,stroke:#afb8c1,color:#57606a"),
    ("optional", "stroke-dasharray:5 4"),
    ("critical", "stroke-width:3px"),
];

/// Writes a flowchart with a subgraph for each environment.
pub(super) fn render(picture: &Picture, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let critical = CriticalPath::of(picture);
    writeln!(out, "---\ntitle: {}\n---", yaml(&picture.title))?;
    writeln!(out, "flowchart LR")?;
    nodes(picture, out)?;
    let mut heavy = Vec::new();
    for (number, link) in drawn_links(picture).into_iter().enumerate() {
        edge(link, out)?;
        if critical.joins(link.from, link.to) {
            heavy.push(number.to_string());
        }
    }
    for (class, look) in CLASSES {
        writeln!(out, "  classDef {class} {look}")?;
    }
    for (index, vertex) in picture.vertices.iter().enumerate() {
        classes(index, vertex, critical.has(index), out)?;
    }
    if !heavy.is_empty() {
        writeln!(out, "  linkStyle {} stroke-width:3px", heavy.join(","))?;
    }
    Ok(())
}

fn nodes(picture: &Picture, out: &mut dyn Write) -> Result<()> {
    let scopes = picture.sound_scopes();
    for step in steps(picture) {
        match step {
            Step::Open(scope) => {
                let environment = &picture.vertices[scopes[scope].environment];
                let id = escaped(&environment.id);
                writeln!(out, "  subgraph s{scope}[\"{id} is up\"]")?;
            }
            Step::Vertex(index) => node(index, &picture.vertices[index], out)?,
            Step::Close => writeln!(out, "  end")?,
        }
    }
    Ok(())
}

fn node(index: usize, vertex: &Vertex, out: &mut dyn Write) -> Result<()> {
    let mark = vertex.outcome_mark().map(|mark| format!("{} ", mark.glyph));
    let time = vertex
        .duration_ms
        .map(|time| format!(" · {}", duration(time)));
    writeln!(
        out,
        "    n{index}(\"{}{}<br/><small>{}{}</small>\")",
        mark.unwrap_or_default(),
        escaped(&vertex.id),
        escaped(&vertex.kind),
        time.unwrap_or_default()
    )
}

fn classes(index: usize, vertex: &Vertex, critical: bool, out: &mut dyn Write) -> Result<()> {
    let tone = match vertex.tone() {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Amber => "amber",
        Tone::Muted => "muted",
    };
    let marks = [(!vertex.required, "optional"), (critical, "critical")];
    let marks = marks.into_iter().filter(|(has, _)| *has);
    for class in std::iter::once(tone).chain(marks.map(|(_, class)| class)) {
        writeln!(out, "  class n{index} {class}")?;
    }
    Ok(())
}

fn edge(link: &Link, out: &mut dyn Write) -> Result<()> {
    let Link { from, to, kind } = link;
    match kind {
        LinkKind::Needs | LinkKind::Finalises => writeln!(out, "  n{from} --> n{to}"),
        LinkKind::After => writeln!(out, "  n{from} -.-> n{to}"),
        LinkKind::Conflict { glob } => {
            writeln!(out, "  n{from} -.->|\"{}\"| n{to}", escaped(glob))
        }
    }
}

/// What means something within quotes, as entities in Mermaid's own spelling.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '"' => escaped.push_str("#quot;"),
            '#' => escaped.push_str("#35;"),
            '&' => escaped.push_str("#amp;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '`' => escaped.push_str("#96;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn yaml(text: &str) -> String {
    format!(
        "\"{}\"",
        plain(text).replace('\\', "\\\\").replace('"', "\\\"")
    )
}
