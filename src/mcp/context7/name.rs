//! Which entry is the library of a name, and not one that is merely like it.

use super::Entry;

/// How an entry bears a name, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The last part of its id, which others may have too.
    Project,
    /// Its title.
    Title,
    /// Its id.
    Id,
}

/// Which entry is meant by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// None bears it.
    None,
    /// This one.
    One(Entry),
    /// One of several projects of that name; their ids.
    Several(Vec<String>),
}

/// The entry that is known under exactly that name: by its id, or else its title, or else the last
/// part of its id. Of several with the same title the server puts the one that is meant first; what
/// shares no more than the last part of an id is not told apart by anything.
pub fn chosen(entries: Vec<Entry>, name: &str) -> Chosen {
    let fits = entries
        .into_iter()
        .filter_map(|entry| Some((fit(&entry, name)?, entry)));
    let fits: Vec<(Fit, Entry)> = fits.collect();
    let best = fits.iter().map(|(fit, _)| *fit).max();
    let best_of = |fits: Vec<(Fit, Entry)>| {
        let best = fits.into_iter().filter(move |(fit, _)| Some(*fit) == best);
        best.map(|(_, entry)| entry)
    };
    let mut candidates = best_of(fits).peekable();
    let Some(first) = candidates.next() else {
        return Chosen::None;
    };
    if best == Some(Fit::Project) && candidates.peek().is_some() {
        let ids = candidates.map(|entry| entry.id);
        return Chosen::Several([first.id].into_iter().chain(ids).collect());
    }
    Chosen::One(first)
}

/// Case, and which of `-`, `_`, `.` and blanks part the words of a name, makes no difference.
fn fit(entry: &Entry, name: &str) -> Option<Fit> {
    let path = path(name);
    let id = entry.id.trim_matches('/');
    let same = |one: &str, other: &str| words(one) == words(other);
    if same(id, path) {
        return Some(Fit::Id);
    }
    if same(&entry.title, name) {
        return Some(Fit::Title);
    }
    let project = id.rsplit('/').next().unwrap_or(id);
    (!path.contains('/') && same(project, path)).then_some(Fit::Project)
}

/// The name without what its ecosystem puts around it: `@owner/project` of npm,
/// `github.com/owner/project/v2` of Go, `/owner/project` of an id.
fn path(name: &str) -> &str {
    let name = name.trim_start_matches(['@', '/']);
    let Some((host, rest)) = name.split_once('/') else {
        return name;
    };
    if !host.contains('.') {
        return name;
    }
    match rest.rsplit_once('/') {
        Some((before, last)) if is_major(last) => before,
        _ => rest,
    }
}

fn is_major(part: &str) -> bool {
    let digits = part.strip_prefix('v').unwrap_or_default();
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

fn words(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let words = lower
        .split(['-', '_', '.', ' '])
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
