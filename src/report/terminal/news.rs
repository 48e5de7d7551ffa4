//! The line that an event leaves behind, for good.

use super::ink::{Ink, push_duration, tone};
use crate::event::{Body, Event, NodeRecord, RunState};
use crate::graph::render::mark::{Tone, duration};
use crate::graph::render::text::line::Line;
use crate::graph::render::text::paint;
use crate::report::digest::reason;
use crate::report::sanitise::one_line;
use crate::report::{Style, Verbosity};
use crate::sched::{Mode, Outcome};

/// Measurements that are worth a word when all is well, with that word.
const HIGHLIGHTS: &[(&str, &str)] = &[
    ("tests.passed", " tests"),
    ("coverage.lines", " % of lines covered"),
    ("latency.p95", " ms p95"),
];

/// The line, as wide as it takes and without a newline, if the event is worth one.
pub(in crate::report) fn news(event: &Event, state: &RunState, style: &Style) -> Option<String> {
    let ink = Ink::new(style, 0);
    line(event, state, style.verbosity, &ink).map(|line| ink.text(line))
}

/// [`news`], cut to the width of `ink`.
pub(super) fn line(
    event: &Event,
    state: &RunState,
    verbosity: Verbosity,
    ink: &Ink,
) -> Option<Line> {
    let verbose = verbosity == Verbosity::Verbose;
    let named = |node: &str, sign: char, text: &str, tone: Tone| {
        let mut line = ink.begin(sign, paint::tone(tone));
        ink.name(&mut line, state, node, paint::PLAIN);
        push_duration(&mut line, "");
        line.push(format!("  {text}"), paint::tone(tone));
        line
    };
    let line = match &event.body {
        _ if verbosity == Verbosity::Quiet => return None,
        Body::NodeSettled { node, .. } => settled(state, state.node(node)?, verbose, ink)?,
        Body::NodeRetried {
            node,
            attempt,
            outcome,
            reason,
        } => {
            let reason = one_line(reason);
            let text = format!("attempt {attempt}: {outcome}, {reason}; once more");
            named(node, ink.signs.again, &text, Tone::Amber)
        }
        Body::RunEscalated { mode, reason, .. } => escalated(*mode, reason, ink)?,
        Body::NodeStarted { node, attempt } if verbose => {
            let text = match attempt {
                1 => "starts".to_owned(),
                _ => format!("starts, attempt {attempt}"),
            };
            named(node, ink.signs.waiting, &text, Tone::Muted)
        }
        Body::EnvironmentUp { node, .. } if verbose => {
            named(node, ink.glyphs.environment, "is up", Tone::Muted)
        }
        Body::EnvironmentDown { node } if verbose => {
            named(node, ink.glyphs.environment, "is down", Tone::Muted)
        }
        _ => return None,
    };
    Some(line)
}

fn settled(state: &RunState, node: &NodeRecord, verbose: bool, ink: &Ink) -> Option<Line> {
    let ran = node.started_ms.is_some();
    if !ran && !verbose {
        return None;
    }
    let tone = tone(node);
    let mut line = ink.begin(ink.mark(node.outcome), paint::tone(tone));
    let name = match tone {
        Tone::Good => paint::PLAIN,
        _ => paint::tone(tone),
    };
    ink.name(&mut line, state, node.id(), name);
    let took = if ran {
        duration(node.detail.duration_ms)
    } else {
        String::new()
    };
    push_duration(&mut line, &took);
    let words = words(node);
    if !words.is_empty() {
        let said = if tone == Tone::Good {
            Tone::Muted
        } else {
            tone
        };
        let words = words.join(ink.glyphs.separator);
        line.push(format!("  {words}"), paint::tone(said));
    }
    for mark in &node.detail.marks {
        line.push(format!("  {mark}"), paint::tone(Tone::Amber));
    }
    Some(line)
}

fn words(node: &NodeRecord) -> Vec<String> {
    let optional = node.outcome.is_some_and(Outcome::is_failure) && !node.plan.required;
    let mut words: Vec<String> = reason(node).into_iter().collect();
    if optional {
        words.push("not required".to_owned());
    }
    if words.is_empty() {
        words.extend(highlights(node));
    }
    words
}

fn highlights(node: &NodeRecord) -> impl Iterator<Item = String> {
    HIGHLIGHTS.iter().filter_map(|(name, word)| {
        let mut measured = node.measurements.iter();
        let found = measured.find(|one| one.name == *name)?;
        let tenths = (found.value * 10.0).round() / 10.0;
        Some(format!("{tenths}{word}"))
    })
}

fn escalated(mode: Mode, reason: &str, ink: &Ink) -> Option<Line> {
    let what = match mode {
        Mode::Running => return None,
        Mode::Draining => "nothing new starts",
        Mode::Interrupted => "stopping; environments are taken down",
        Mode::Killed => "killing everything that is left",
    };
    let mut line = ink.begin(ink.signs.alert, paint::tone(Tone::Amber));
    line.push(
        format!("{what}: {}", one_line(reason)),
        paint::tone(Tone::Amber),
    );
    Some(line)
}
