//! `when` and `unless`.

use super::Why;
use crate::model::{Condition, Node};
use crate::span::{Sources, Span, Spanned};
use crate::spec::Glob;
use crate::work::{Item, NoItem};

/// What a plan has to know of the world.
pub trait Facts {
    /// Paths that were changed since the base, or why that can't be told.
    fn changed(&self) -> Result<&[String], String>;
    /// The branch that is checked out, or why that can't be told.
    fn branch(&self) -> Result<&str, String>;
    /// The value of a variable of the environment.
    fn env(&self, name: &str) -> Option<String>;
    /// Whether a file matches.
    fn exists(&self, glob: &Glob) -> bool;
    /// `linux`, `macos` or `windows`.
    fn os(&self) -> &str;
    /// The profile of the command line.
    fn profile(&self) -> Option<&str>;
    /// The current work item, or why there is none.
    fn work_item(&self) -> Result<&Item, &NoItem>;
    /// How many CPUs there are.
    fn cpus(&self) -> usize;
    /// How long a node took before, in milliseconds.
    fn expected_ms(&self, id: &str) -> Option<u64>;
}

/// How a line of a condition turned out.
enum Answer {
    Holds,
    /// It does not hold; the line, for people, where it stands, and perhaps why.
    Fails(String, Span, Option<String>),
    /// It can't be told, which never keeps a node from running.
    Unknown,
}

/// Decides by the conditions of a node; `None` if they do not keep it from running.
pub(super) fn decide(node: &Node, sources: &Sources, facts: &dyn Facts) -> Option<(bool, Why)> {
    let place = |span: Span| {
        let path = sources.get(span.source).map_or("", |source| &source.path);
        format!("{path}:{}", sources.position(span).line)
    };
    let when = &node.common.when.0;
    let answers: Vec<Answer> = when.iter().map(|block| answer(block, facts)).collect();
    let may_run = answers
        .iter()
        .any(|answer| !matches!(answer, Answer::Fails(..)));
    if let Some(Answer::Fails(line, at, reason)) = answers.into_iter().next()
        && !may_run
    {
        let reason = reason
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        let text = format!("off: `when {line}` does not hold{reason} ({})", place(at));
        return Some((false, Why::new("condition", text)));
    }
    for block in &node.common.unless.0 {
        if matches!(answer(block, facts), Answer::Holds) {
            let at = spans(block).next().unwrap_or(node.id.span);
            let text = format!("off: `unless` holds ({})", place(at));
            return Some((false, Why::new("condition", text)));
        }
    }
    None
}

/// All lines of a block hold, or the first that does not.
fn answer(block: &Condition, facts: &dyn Facts) -> Answer {
    let mut unknown = false;
    for answer in lines(block, facts) {
        match answer {
            Answer::Holds => {}
            Answer::Unknown => unknown = true,
            fails @ Answer::Fails(..) => return fails,
        }
    }
    if unknown {
        Answer::Unknown
    } else {
        Answer::Holds
    }
}

fn lines(block: &Condition, facts: &dyn Facts) -> Vec<Answer> {
    let mut answers = Vec::new();
    for globs in &block.changed {
        answers.push(match facts.changed() {
            Ok(paths) => {
                let is_changed = |glob: &Glob| paths.iter().any(|path| glob.matches(path));
                globs_hold("changed", globs, is_changed)
            }
            Err(_) => Answer::Unknown,
        });
    }
    for globs in &block.branch {
        answers.push(match facts.branch() {
            Ok(branch) => globs_hold("branch", globs, |glob| glob.matches(branch)),
            Err(_) => Answer::Unknown,
        });
    }
    for globs in &block.file {
        answers.push(globs_hold("file", globs, |glob| facts.exists(glob)));
    }
    answers.extend(
        block
            .work_item
            .0
            .iter()
            .map(|line| item_is(&line.kinds, facts)),
    );
    for (name, lines) in words(block) {
        for line in lines {
            let truth = line.iter().any(|word| word_holds(name, word, facts));
            let words = line.iter().map(|word| (word.as_str(), word.span));
            answers.push(holds(name, words, truth));
        }
    }
    answers
}

/// Whether the current work item is of one of these types. Of several that are in progress any may
/// be meant, so that it can be told only if all of them agree.
fn item_is(types: &[Spanned<String>], facts: &dyn Facts) -> Answer {
    let is_named = |kind: &String| types.iter().any(|word| **word == *kind);
    let reason = match facts.work_item() {
        Ok(item) if is_named(&item.kind) => return Answer::Holds,
        Ok(item) => format!("`{}` is of type `{}`", item.id, item.kind),
        Err(none) if none.is_unknown => return Answer::Unknown,
        Err(none) => match none.kinds.iter().filter(|kind| is_named(kind)).count() {
            0 => none.reason.clone(),
            named if named == none.kinds.len() => return Answer::Holds,
            _ => return Answer::Unknown,
        },
    };
    let at = types.first().map(|word| word.span).unwrap_or_default();
    let words: Vec<String> = types.iter().map(|word| format!("\"{}\"", **word)).collect();
    Answer::Fails(
        format!("work-item type={}", words.join(" ")),
        at,
        Some(reason),
    )
}

/// The lines of plain words.
fn words(block: &Condition) -> [(&'static str, &Vec<Vec<Spanned<String>>>); 3] {
    [
        ("os", &block.os),
        ("profile", &block.profile),
        ("env", &block.env),
    ]
}

/// Where the values of a block stand.
fn spans(block: &Condition) -> impl Iterator<Item = Span> {
    let globs = [&block.changed, &block.branch, &block.file];
    let globs = globs.into_iter().flatten().flatten();
    let words = words(block)
        .into_iter()
        .flat_map(|(_, lines)| lines.iter().flatten());
    let types = block.work_item.0.iter().flat_map(|line| &line.kinds);
    globs
        .map(|glob| glob.span)
        .chain(words.chain(types).map(|word| word.span))
}

fn globs_hold(name: &str, globs: &[Glob], holds_for: impl Fn(&Glob) -> bool) -> Answer {
    let truth = globs.iter().any(holds_for);
    let words = globs.iter().map(|glob| (glob.text.as_str(), glob.span));
    holds(name, words, truth)
}

fn word_holds(name: &str, word: &str, facts: &dyn Facts) -> bool {
    match name {
        "os" => facts.os() == word,
        "profile" => facts.profile() == Some(word),
        _ => match word.split_once('=') {
            Some((variable, value)) => facts.env(variable).as_deref() == Some(value),
            None => facts.env(word).is_some_and(|value| !value.is_empty()),
        },
    }
}

fn holds<'w>(name: &str, words: impl Iterator<Item = (&'w str, Span)>, truth: bool) -> Answer {
    if truth {
        return Answer::Holds;
    }
    let (words, spans): (Vec<_>, Vec<_>) = words
        .map(|(word, span)| (format!("\"{word}\""), span))
        .unzip();
    let at = spans.first().copied().unwrap_or_default();
    Answer::Fails(format!("{name} {}", words.join(" ")), at, None)
}
