//! Whether who keeps to the previous contract can go on.

use super::Breaking;
use super::told::{About, Told};
use crate::contract::compare::{Finding as Change, Level};
use crate::contract::exact;
use crate::contract::place::Places;
use crate::contract::version::{Rise, next_major, rise};
use crate::event::{Finding, Grade};
use crate::span::Sources;

/// How long a value that shows a break may be in a message.
const LONGEST_PROOF: usize = 300;

/// Most changes of one contract that are told though they harm nobody.
const MOST_HARMLESS: usize = 200;

/// What is said of the changes.
pub(super) fn changes(
    changes: &[Change],
    path: &str,
    previous: &str,
    sources: &Sources,
) -> Vec<Told> {
    let places = Places::new(sources);
    let harmless = |change: &&Change| change.level == Level::Info;
    let mut told: Vec<Told> = changes
        .iter()
        .filter(|change| !harmless(change))
        .chain(changes.iter().filter(harmless).take(MOST_HARMLESS))
        .map(|change| one(change, path, previous, &places))
        .collect();
    let more = changes.iter().filter(harmless).count();
    if let Some(more) = more.checked_sub(MOST_HARMLESS).filter(|more| *more > 0) {
        let message = format!("{more} more changes that harm nobody are not told");
        told.push(Told::note("contract-changes", path, message));
    }
    told
}

fn one(change: &Change, path: &str, previous: &str, places: &Places<'_>) -> Told {
    let (grade, about) = match change.level {
        Level::Error => (Grade::High, About::Break),
        Level::Warning => (Grade::Medium, About::Nothing),
        Level::Undecided => (Grade::Medium, About::Undecided),
        Level::Info => (Grade::Info, About::Nothing),
    };
    let finding = Finding::new(&change.rule, grade, message(change, previous, places));
    let new = change.new.and_then(|span| places.of(span));
    let finding = match new {
        Some((file, at)) => finding.at(file, Some(at.line as u64), Some(at.column as u64)),
        None => finding.at(path, None, None),
    };
    let words = [&change.rule, &change.method, &change.path, &change.location];
    let words = words.into_iter().filter(|word| !word.is_empty());
    Told {
        finding,
        id: words.map(String::as_str).collect::<Vec<_>>().join(" "),
        about,
    }
}

fn message(change: &Change, previous: &str, places: &Places<'_>) -> String {
    let mut message = format!("{} {}", change.method, change.path);
    if !change.location.is_empty() {
        message.push_str(&format!(" {}", change.location));
    }
    message.push_str(&format!(": {}", change.message));
    if let Some(witness) = &change.witness {
        let other = match witness.valid_in {
            "old" => "new",
            _ => "old",
        };
        let proof = shortened(exact::json(&witness.instance));
        message.push_str(&format!(
            "; {proof} is valid in the {} contract, not in the {other} one",
            witness.valid_in
        ));
    }
    if let Some((_, at)) = change.old.and_then(|span| places.of(span)) {
        message.push_str(&format!("; it was at {previous}:{}", at.line));
    }
    match change.operations.len() {
        0 | 1 => {}
        count => message.push_str(&format!("; it reaches {count} operations")),
    }
    message
}

fn shortened(mut text: String) -> String {
    if let Some((cut, _)) = text.char_indices().nth(LONGEST_PROOF) {
        text.truncate(cut);
        text.push_str("...");
    }
    text
}

/// Lets breaks through that the node allows, and says why. What comes back is what to do otherwise.
pub(super) fn allow(
    told: &mut Vec<Told>,
    breaking: Breaking,
    path: &str,
    versions: (Option<&str>, Option<&str>),
) -> Option<String> {
    if breaking == Breaking::Allow {
        allow_all(told);
        return None;
    }
    let (Some(old), Some(new)) = versions else {
        return None;
    };
    let risen = rise(old, new);
    let added = told.iter().any(|one| one.finding.rule.ends_with("-added"));
    let broken = told.iter().any(|one| one.about == About::Break);
    match risen {
        Some(Rise::Fall) => {
            let message = format!("`info.version` fell from {old} to {new}");
            told.push(Told::note("version-fell", path, message));
        }
        Some(Rise::None | Rise::Patch) if added && !broken => {
            let message =
                format!("`info.version` is {new} after {old}, though something was added");
            told.push(Told::note("version-not-risen", path, message));
        }
        _ => {}
    }
    if breaking == Breaking::Forbid || !broken {
        return None;
    }
    match risen {
        Some(Rise::Major) => {
            mark(told, &format!("`info.version` rose from {old} to {new}"));
            None
        }
        Some(_) => {
            let next = next_major(old).unwrap_or_default();
            Some(format!(
                "let `info.version` of `{path}` rise from {old} to {next}: a break asks for that, and it is {new}"
            ))
        }
        None => Some(format!(
            "let `info.version` of `{path}` be a semantic version: by {old} and {new}, nobody can tell whether it may break something"
        )),
    }
}

/// Lets every break through, as the node says.
pub(super) fn allow_all(told: &mut [Told]) {
    mark(told, "`breaking \"allow\"` of the node");
}

fn mark(told: &mut [Told], reason: &str) {
    let decided = |one: &&mut Told| [About::Break, About::Undecided].contains(&one.about);
    for one in told.iter_mut().filter(decided) {
        one.finding.waiver = Some(reason.to_owned());
    }
}
