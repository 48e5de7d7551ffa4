//! One contract: whether it is valid, and whether it keeps what it promised before.

use super::Contract;
use super::against::Previous;
use super::compatible;
use super::told::{About, Report, Told};
use crate::contract::compare::{Finding as Change, Terms, compare_by};
use crate::contract::load::{Library, Problem};
use crate::contract::origin::Origin;
use crate::contract::promises;
use crate::contract::schema::Graph;
use crate::contract::validate::{self, Diagnosis, inspect, unreadable};
use crate::event::{Finding, Grade};
use crate::host::Host;
use crate::span::Sources;

/// What is known of two contracts once they are read.
struct Pair {
    new: Library,
    old: Option<Result<Library, Vec<Problem>>>,
    sources: Sources,
    terms: Terms,
}

/// What became of a pair.
struct Judged {
    sources: Sources,
    diagnoses: Vec<Diagnosis>,
    /// What changed, or why that can't be told; nothing if there is nothing to compare with.
    changes: Option<Result<Vec<Change>, String>>,
    versions: (Option<String>, Option<String>),
}

/// Looks at one contract and adds what there is to be said of it.
pub(super) async fn examine(
    host: &impl Host,
    node: &Contract,
    path: &str,
    previous: Option<Previous>,
    report: &mut Report,
) {
    let mut sources = Sources::default();
    let new = Origin::Worktree
        .library(host, (path, &node.remote), &mut sources)
        .await;
    let new = match new {
        Ok(new) => new,
        Err(problems) => return unread(path, &problems, &sources, report),
    };
    let old = before(host, node, (path, previous.as_ref()), &mut sources, report).await;
    let terms = Terms {
        today: host.today().parse().ok(),
        notice: node.notice(),
    };
    let pair = Pair {
        new,
        old,
        sources,
        terms,
    };
    let Some(judged) = host.compute(move || judge(pair)).await else {
        return;
    };
    for diagnosis in &judged.diagnoses {
        report.told.push(wrong(diagnosis, &judged.sources));
    }
    let Some(previous) = previous else { return };
    match judged.changes {
        None => {}
        Some(Err(reason)) => report.unknown.push(uncompared(path, &previous, &reason)),
        Some(Ok(changes)) => {
            report.compared += 1;
            let label = previous.label();
            let mut told = compatible::changes(&changes, path, &label, &judged.sources);
            let (old, new) = judged.versions;
            let versions = (old.as_deref(), new.as_deref());
            let remedy = compatible::allow(&mut told, node.breaking, path, versions);
            report.remedies.extend(remedy);
            report.told.extend(told);
        }
    }
}

/// What the contract was before; nothing if there is nothing to compare with, which is told.
async fn before(
    host: &impl Host,
    node: &Contract,
    (path, previous): (&str, Option<&Previous>),
    sources: &mut Sources,
    report: &mut Report,
) -> Option<Result<Library, Vec<Problem>>> {
    let Some(previous) = previous else {
        report.told.push(nothing_compared(path));
        return None;
    };
    match previous.is_new(host, path).await {
        Ok(true) => report.told.push(new_contract(path, previous)),
        Ok(false) => {
            let from = (previous.path.as_str(), node.remote.as_slice());
            return Some(previous.origin.library(host, from, sources).await);
        }
        Err(reason) => report.unknown.push(uncompared(path, previous, &reason)),
    }
    None
}

fn judge(pair: Pair) -> Judged {
    let Pair {
        new,
        old,
        sources,
        terms,
    } = pair;
    let mut graph = Graph::default();
    let written = |library: &Library| {
        let info = library.root().get("info")?;
        info.text("version").map(str::to_owned)
    };
    let old_version = match &old {
        Some(Ok(old)) => written(old),
        _ => None,
    };
    let versions = (old_version, written(&new));
    let inspected = inspect(&new, &mut graph);
    let changes = old.map(|old| {
        let old = old.and_then(|old| promises(&old, &mut graph));
        let old = old.map_err(|problems| first(&problems, &sources))?;
        let new = inspected.contract.as_ref();
        let new = new.ok_or("it is not valid itself")?;
        Ok(compare_by(terms, &old, new, &mut graph))
    });
    Judged {
        sources,
        diagnoses: inspected.diagnoses,
        changes,
        versions,
    }
}

/// A contract that can't be taken for one. What its text says is a mistake of it; that a file can't
/// be read is not.
fn unread(path: &str, problems: &[Problem], sources: &Sources, report: &mut Report) {
    for problem in problems {
        match unreadable(problem) {
            Some(diagnosis) => report.told.push(wrong(&diagnosis, sources)),
            None => report.unknown.push(problem.message.clone()),
        }
    }
    let message = format!("whether `{path}` breaks somebody is not known: it could not be read");
    report
        .told
        .push(Told::note("contract-unread", path, message));
}

fn wrong(diagnosis: &Diagnosis, sources: &Sources) -> Told {
    let (grade, about) = match diagnosis.grade {
        validate::Grade::Error => (Grade::High, About::Mistake),
        validate::Grade::Warning => (Grade::Medium, About::Nothing),
    };
    let at = sources.position(diagnosis.span);
    let (line, column) = (Some(at.line as u64), Some(at.column as u64));
    let finding = Finding::new(diagnosis.rule.id, grade, &diagnosis.message);
    Told {
        id: format!("{} {}", diagnosis.rule.id, diagnosis.pointer),
        ..Told::new(finding.at(&diagnosis.path, line, column), about)
    }
}

fn nothing_compared(path: &str) -> Told {
    let message = format!("`{path}` is compared with nothing, as `against` says");
    Told::note("contract-not-compared", path, message)
}

fn new_contract(path: &str, previous: &Previous) -> Told {
    let label = previous.label();
    let message = format!("`{path}` is new: there was no {label} to compare it with");
    Told::note("contract-new", path, message)
}

fn uncompared(path: &str, previous: &Previous, reason: &str) -> String {
    let label = previous.label();
    format!("`{path}` could not be compared with `{label}`: {reason}")
}

/// The first of the problems, with its place.
fn first(problems: &[Problem], sources: &Sources) -> String {
    let Some(first) = problems.first() else {
        return String::new();
    };
    match first.span.map(|span| sources.position(span)) {
        Some(at) => format!(
            "{}:{}:{}: {}",
            first.path, at.line, at.column, first.message
        ),
        None => first.message.clone(),
    }
}
