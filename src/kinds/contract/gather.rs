//! Which contracts there are, and which were there before.

use super::against::{Against, Previous};
use super::told::{About, Told};
use crate::contract::origin::Origin;
use crate::event::{Finding, Grade};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::spec::Glob;

/// The files that the patterns name, each once. A pattern without a file is no evidence.
pub(super) async fn contracts(host: &impl Host, spec: &[Glob]) -> Result<Vec<String>, Conclusion> {
    let mut paths = Vec::new();
    for glob in spec {
        let found = match glob.literal() {
            Some(path) if host.exists(path) => vec![path.to_owned()],
            Some(_) => Vec::new(),
            None => host
                .list(std::slice::from_ref(glob), &[])
                .await
                .map_err(|reason| Conclusion::new(Outcome::Error, "unreadable-file", reason))?,
        };
        if found.is_empty() {
            let reason = format!("nothing was checked: no file matches `{}`", glob.text);
            return Err(Conclusion::new(Outcome::Error, "no-files", reason)
                .remedy("correct `spec`; files that git ignores match no pattern"));
        }
        paths.extend(found);
    }
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

/// Contracts that are not where they were at the base.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// The path now and the path then.
    renamed: Vec<(String, String)>,
    gone: Vec<String>,
}

/// What git knows of contracts that moved. It matters only where each is compared with what it was:
/// a contract may not leave the check by another name, or by no name at all.
pub(super) async fn moves(
    host: &impl Host,
    spec: &[Glob],
    paths: &[String],
    against: &Against,
) -> Result<Moves, String> {
    let mut moves = Moves::default();
    if !against.is_own_base() {
        return Ok(moves);
    }
    let changes = host.changes().await?;
    let was_one = |path: &String| spec.iter().any(|glob| glob.matches(path));
    for file in &changes.files {
        let before = file.before.as_ref().unwrap_or(&file.path);
        let moved = before != &file.path;
        if moved && paths.contains(&file.path) {
            moves.renamed.push((file.path.clone(), before.clone()));
        } else if (moved || file.removed) && was_one(before) {
            moves.gone.push(before.clone());
        }
    }
    Ok(moves)
}

impl Moves {
    /// What a contract is compared with, by the name that it had then.
    pub(super) fn previous(&self, against: &Against, path: &str) -> Option<Previous> {
        let mut renamed = self.renamed.iter();
        let before = renamed.find(|(now, _)| now == path);
        let before = before.map_or(path, |(_, before)| before);
        against.previous(before)
    }

    /// What is said of those that are gone.
    pub(super) fn gone(self) -> impl Iterator<Item = Told> {
        self.gone.into_iter().map(|path| {
            let label = Origin::Base.label(&path);
            let message = format!("the contract `{path}` is gone; it was at {label}");
            let finding = Finding::new("contract-removed", Grade::High, message);
            Told {
                id: format!("contract-removed {path}"),
                ..Told::new(finding.at(path, None, None), About::Break)
            }
        })
    }
}
