//! A node as a row of the table, and all about one that is worth a closer look.

use std::io::{Result, Write};

use super::text::{code, escape, prose};
use super::tone;
use crate::event::{Finding, NodeRecord, RunState};
use crate::graph::render::mark::{OUTCOME_MARKS, duration};
use crate::report::digest;
use crate::report::sanitise::plain;

const MOST_FINDINGS: usize = 500;
const MOST_LINES: usize = 200;

/// The row of a node.
pub(super) fn row(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let took = node.started_ms.map(|_| duration(node.detail.duration_ms));
    let optional = if node.plan.required {
        ""
    } else {
        " <span class=\"faint\">not required</span>"
    };
    let mut why: Vec<String> = digest::reason(node).into_iter().collect();
    why.extend(node.detail.marks.iter().cloned());
    writeln!(
        out,
        r#"<tr data-node="{id}"><td class="name">{id}</td><td>{kind}</td><td class="how"><span class="outcome {tone}"><span class="mark">{mark}</span>{ending}</span>{optional}</td><td class="time">{took}</td><td>{why}</td></tr>"#,
        id = escape(node.id()),
        kind = escape(&node.plan.kind),
        tone = tone(node),
        mark = mark(node),
        ending = digest::ending(node),
        took = took.unwrap_or_default(),
        why = prose(&why.join(" · ")),
    )
}

fn mark(node: &NodeRecord) -> char {
    let mut marks = OUTCOME_MARKS.iter();
    marks
        .find(|mark| Some(mark.outcome) == node.outcome)
        .map_or('·', |mark| mark.glyph)
}

/// What it reported, how to go on, and the end of its log.
pub(super) fn article(state: &RunState, node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let tone = tone(node);
    writeln!(
        out,
        r#"<article class="{tone}">
<h3><span class="outcome {tone}">{}</span> {} <span class="faint">{} · {}</span></h3>"#,
        mark(node),
        escape(node.id()),
        escape(&node.plan.kind),
        digest::ending(node),
    )?;
    if let Some(reason) = digest::reason(node) {
        writeln!(out, "<p>{}</p>", prose(&reason))?;
    }
    findings(node, out)?;
    writeln!(out, "<dl>")?;
    for way in digest::ways(state, node) {
        let text = match way.label {
            "mend" => prose(&way.text),
            _ => code(&way.text),
        };
        writeln!(out, "<dt>{}</dt><dd>{text}</dd>", way.label)?;
    }
    writeln!(out, "</dl>")?;
    log(node, out)?;
    writeln!(out, "</article>")
}

fn findings(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let findings = digest::findings(node);
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div class=\"wide\">\n<table>\n<tbody>")?;
    for finding in findings.iter().take(MOST_FINDINGS) {
        self::finding(finding, out)?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")?;
    match findings.len().saturating_sub(MOST_FINDINGS) {
        0 => Ok(()),
        hidden => writeln!(out, "<p>… and {hidden} more</p>"),
    }
}

fn finding(finding: &Finding, out: &mut dyn Write) -> Result<()> {
    let class = if finding.waiver.is_some() {
        " class=\"waived\""
    } else {
        ""
    };
    let remarks = digest::remarks(finding);
    let remarks = (!remarks.is_empty()).then(|| {
        let remarks = prose(&remarks.join("; "));
        format!(" <span class=\"faint\">({remarks})</span>")
    });
    writeln!(
        out,
        "<tr{class}><td>{}</td><td>{}</td><td>{}</td><td>{}{}</td></tr>",
        finding.severity.as_str(),
        code(&digest::subject(finding).unwrap_or_default()),
        code(&finding.rule),
        prose(&finding.message),
        remarks.unwrap_or_default(),
    )
}

/// The end of its log; in full view where its findings don't say more.
fn log(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let (lines, is_cut) = digest::tail(node, MOST_LINES);
    if lines.is_empty() {
        return Ok(());
    }
    let open = if node.findings.is_empty() {
        " open"
    } else {
        ""
    };
    let ellipsis = if is_cut { "…\n" } else { "" };
    let text = lines.iter().map(|line| escape(&plain(line)));
    let text: Vec<String> = text.collect();
    writeln!(
        out,
        "<details{open}><summary>the end of its log</summary>\n<pre>{ellipsis}{}</pre>\n</details>",
        text.join("\n")
    )
}
