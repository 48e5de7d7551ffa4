//! Whether an entry is the library of a name, and not one that is merely like it.

use super::Entry;

/// Whether an entry is known under exactly that name: its title, its id, or the last part of its
/// id. Case, and which of `-`, `_`, `.` and blanks part its words, makes no difference.
pub fn is_named(entry: &Entry, name: &str) -> bool {
    let path = path(name);
    let id = entry.id.trim_matches('/');
    let same = |one: &str, other: &str| words(one) == words(other);
    if same(&entry.title, name) || same(id, path) {
        return true;
    }
    let project = id.rsplit('/').next().unwrap_or(id);
    !path.contains('/') && same(project, path)
}

/// The name without what its ecosystem puts around it: `@owner/project` of npm,
/// `github.com/owner/project/v2` of Go.
fn path(name: &str) -> &str {
    let name = name.trim_start_matches('@');
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
