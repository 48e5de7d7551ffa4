//! `when` and `unless`.

use super::Why;
use crate::model::{Condition, Node};
use crate::span::{Sources, Span};
use crate::spec::Glob;

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
    /// How many CPUs there are.
    fn cpus(&self) -> usize;
    /// How long a node took before, in milliseconds.
    fn expected_ms(&self, id: &str) -> Option<u64>;
}

/// How a line of a condition turned out.
enum Answer {
    Holds,
    /// It does not hold; the line, for people.
    Fails(String),
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
        .any(|answer| !matches!(answer, Answer::Fails(_)));
    if let Some(Answer::Fails(line)) = answers.into_iter().next()
        && !may_run
    {
        let text = format!("off: `when {line}` does not hold ({})", place(node.id.span));
        return Some((false, Why::new("condition", text)));
    }
    for block in &node.common.unless.0 {
        if matches!(answer(block, facts), Answer::Holds) {
            let text = format!("off: `unless` holds ({})", place(node.id.span));
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
            fails @ Answer::Fails(_) => return fails,
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
            Ok(paths) => holds(
                "changed",
                globs.iter().map(|glob| glob.text.as_str()),
                paths
                    .iter()
                    .any(|path| globs.iter().any(|glob| glob.matches(path))),
            ),
            Err(_) => Answer::Unknown,
        });
    }
    for globs in &block.branch {
        answers.push(match facts.branch() {
            Ok(branch) => holds(
                "branch",
                globs.iter().map(|glob| glob.text.as_str()),
                globs.iter().any(|glob| glob.matches(branch)),
            ),
            Err(_) => Answer::Unknown,
        });
    }
    for globs in &block.file {
        let words = globs.iter().map(|glob| glob.text.as_str());
        answers.push(holds(
            "file",
            words,
            globs.iter().any(|glob| facts.exists(glob)),
        ));
    }
    let words = [
        ("os", &block.os),
        ("profile", &block.profile),
        ("env", &block.env),
    ];
    for (name, lines) in words {
        for line in lines {
            let truth = line.iter().any(|word| word_holds(name, word, facts));
            answers.push(holds(name, line.iter().map(|word| word.as_str()), truth));
        }
    }
    answers
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

fn holds<'w>(name: &str, words: impl Iterator<Item = &'w str>, truth: bool) -> Answer {
    if truth {
        return Answer::Holds;
    }
    let words: Vec<_> = words.map(|word| format!("\"{word}\"")).collect();
    Answer::Fails(format!("{name} {}", words.join(" ")))
}
