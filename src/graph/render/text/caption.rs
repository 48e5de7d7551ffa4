//! What stands above and below the text drawing.

use super::super::mark::{OUTCOME_MARKS, Tone, counted, duration, plain};
use super::super::order::Order;
use super::super::picture::{LinkKind, Picture, Vertex};
use unicode_width::UnicodeWidthStr;

use super::glyph::Glyphs;
use super::line::Line;
use super::paint;

/// Columns between two marks of the legend.
const GAP: usize = 2;

/// Name, how the run went, and size.
pub(super) fn title(picture: &Picture, order: &Order, glyphs: &Glyphs) -> Line {
    let mut line = Line::default();
    line.push(plain(&picture.title), paint::BOLD);
    let mut say = |text: String, style| {
        line.push(glyphs.separator, paint::DIM);
        line.push(text, style);
    };
    if let Some(run) = &picture.run {
        let tone = match run.verdict.as_str() {
            "passed" => Tone::Good,
            "failed" => Tone::Bad,
            _ => Tone::Amber,
        };
        let time = duration(run.duration_ms);
        say(
            format!("{} in {time}", plain(&run.verdict)),
            paint::tone(tone),
        );
    }
    say(counted(picture.vertices.len(), "node"), paint::DIM);
    if let Some(last) = order.wave.iter().max().filter(|&&last| last > 0) {
        say(counted(last + 1, "wave"), paint::DIM);
    }
    if let Some(run) = &picture.run {
        say(format!("run {}", plain(&run.id)), paint::DIM);
    }
    line
}

/// The critical path, and the meaning of every mark that occurs, below an empty line.
pub(super) fn legend(picture: &Picture, glyphs: &Glyphs, width: usize) -> Vec<Line> {
    let path = critical_path(picture, glyphs).into_iter();
    let lines: Vec<Line> = path.chain(marks(picture, glyphs, width)).collect();
    let empty = (!lines.is_empty()).then(Line::default);
    empty.into_iter().chain(lines).collect()
}

/// Says how many links have no rail.
pub(super) fn undrawn(count: usize, glyphs: &Glyphs) -> Line {
    let mut line = Line::default();
    let links = counted(count, "link");
    let list = glyphs.needs;
    let text = format!("{links} without a rail for want of width, told by {list} alone");
    line.push(text, paint::DIM);
    line
}

fn critical_path(picture: &Picture, glyphs: &Glyphs) -> Option<Line> {
    let path = picture.sound_critical_path();
    let name = |&index: &usize| plain(&picture.vertices[index].id);
    let names: Vec<String> = path.iter().map(name).collect();
    let times: Option<Vec<u64>> = path
        .iter()
        .map(|&index| picture.vertices[index].duration_ms)
        .collect();
    if names.is_empty() {
        return None;
    }
    let mut line = Line::default();
    line.push(glyphs.critical, paint::CRITICAL);
    line.push(" critical path", paint::PLAIN);
    if let Some(times) = times {
        line.push(format!(" {}", duration(times.iter().sum())), paint::BOLD);
    }
    line.push(format!("  {}", names.join(glyphs.then)), paint::DIM);
    Some(line)
}

/// The marks that occur, in as many lines as `width` asks for.
fn marks(picture: &Picture, glyphs: &Glyphs, width: usize) -> Vec<Line> {
    let outcomes = OUTCOME_MARKS.iter().filter_map(|mark| {
        let same = |it: &&Vertex| it.ending() == Some(mark.outcome);
        let first = picture.vertices.iter().find(same)?;
        let paint = paint::tone(first.tone());
        Some((glyphs.outcome(mark), mark.outcome.as_str(), paint))
    });
    let signs = signs(picture, glyphs).into_iter();
    let signs = signs.map(|(mark, meaning)| (mark, meaning, paint::BOLD));
    let mut lines: Vec<Line> = Vec::new();
    for (mark, meaning, paint) in outcomes.chain(signs) {
        let wide = GAP + mark.width() + 1 + meaning.width();
        let fits = |line: &&mut Line| width == 0 || line.width() + wide <= width;
        match lines.last_mut().filter(fits) {
            Some(line) => line.push(" ".repeat(GAP), paint::PLAIN),
            None => lines.push(Line::default()),
        }
        let last = lines.len() - 1;
        lines[last].push(mark, paint);
        lines[last].push(format!(" {meaning}"), paint::DIM);
    }
    lines
}

/// The marks other than outcomes that occur.
fn signs(picture: &Picture, glyphs: &Glyphs) -> Vec<(String, &'static str)> {
    let vertices = &picture.vertices;
    let shown = |glyph: char| {
        let drawn = |it: &Vertex| glyphs.vertex(it) == glyph;
        vertices.iter().any(drawn)
    };
    let [opens, _, passes, closes, _] = glyphs.bracket;
    let orders = |kind: &LinkKind| kind.only_orders();
    let signs = [
        (
            shown(glyphs.environment),
            glyphs.environment.to_string(),
            "environment",
        ),
        (
            shown(glyphs.teardown),
            glyphs.teardown.to_string(),
            "teardown",
        ),
        (
            !picture.sound_scopes().is_empty(),
            [opens, passes, closes].iter().collect(),
            "environment up",
        ),
        (
            vertices.iter().any(|it| !it.required),
            glyphs.optional.to_string(),
            "not required",
        ),
        (
            picture.sound_links().any(|link| orders(&link.kind)),
            glyphs.dashed().to_string(),
            "order only",
        ),
    ];
    let occurring = signs.into_iter().filter(|(occurs, ..)| *occurs);
    occurring
        .map(|(_, mark, meaning)| (mark, meaning))
        .collect()
}
