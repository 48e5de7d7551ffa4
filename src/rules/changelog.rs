//! Whether a changelog has a new entry under the right heading.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::markdown::{FLAVOUR, Lines};
use super::without_front_matter;

/// The heading for what is not released yet, of Keep a Changelog.
const UNRELEASED: &str = "Unreleased";

/// A changelog: its headings and, line by line, the text under them.
struct Changelog {
    headings: Vec<Heading>,
    entries: Vec<Entry>,
}

struct Heading {
    level: HeadingLevel,
    title: String,
    line: u64,
}

struct Entry {
    text: String,
    line: u64,
    /// Indices of the headings that it stands under.
    under: Vec<usize>,
}

/// Why a changelog has no new entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Why, in half a sentence.
    pub reason: String,
    /// The line where one belongs, or where it stands wrongly; from 1.
    pub line: Option<u64>,
}

/// Counts the lines that a changelog holds now and did not hold before, under the heading of that
/// name. Without a name it is `Unreleased` or a version that had no heading before.
pub fn new_entries(now: &str, before: &str, heading: Option<&str>) -> Result<u64, Missing> {
    let (now, before) = (Changelog::read(now), Changelog::read(before));
    let right = now.right_headings(&before, heading);
    let fresh = now.fresh(&before);
    let is_right = |entry: &&Entry| entry.under.iter().any(|index| right.contains(index));
    let count = fresh
        .iter()
        .copied()
        .filter(|entry| is_right(entry))
        .count() as u64;
    if count > 0 {
        return Ok(count);
    }
    let name = heading.unwrap_or(UNRELEASED);
    let place = right.first().map(|index| &now.headings[*index]);
    if let Some(stray) = fresh.first() {
        let reason = format!("the new entry stands under another heading than `{name}`");
        let line = Some(stray.line);
        return Err(Missing { reason, line });
    }
    let reason = match place {
        Some(place) => format!("nothing was added under `{}`", place.title),
        None => format!("there is no heading `{name}`"),
    };
    let line = place.map(|place| place.line);
    Err(Missing { reason, line })
}

impl Changelog {
    fn read(text: &str) -> Self {
        let lines = Lines::of(text);
        let (mut headings, mut entries): (Vec<Heading>, Vec<Entry>) = Default::default();
        let mut open: Vec<usize> = Vec::new();
        let mut in_heading = false;
        let text = without_front_matter(text);
        for (event, range) in Parser::new_ext(&text, FLAVOUR).into_offset_iter() {
            let line = lines.line(range.start);
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    open.retain(|index| headings[*index].level < level);
                    open.push(headings.len());
                    headings.push(Heading {
                        level,
                        title: String::new(),
                        line,
                    });
                    in_heading = true;
                }
                Event::End(TagEnd::Heading(_)) => in_heading = false,
                Event::Text(text) | Event::Code(text) if in_heading => {
                    if let Some(heading) = headings.last_mut() {
                        heading.title.push_str(&text);
                    }
                }
                Event::Text(text) | Event::Code(text) => match entries.last_mut() {
                    Some(last) if last.line == line => last.text.push_str(&text),
                    _ => entries.push(Entry {
                        text: text.to_string(),
                        line,
                        under: open.clone(),
                    }),
                },
                _ => {}
            }
        }
        entries.retain(|entry| entry.text.contains(char::is_alphanumeric));
        Self { headings, entries }
    }

    /// Indices of the headings under which a new entry belongs.
    fn right_headings(&self, before: &Changelog, wanted: Option<&str>) -> Vec<usize> {
        let known: BTreeSet<&str> = before.versions().collect();
        let is_right = |title: &str| match wanted {
            Some(wanted) => names(title, wanted),
            None => {
                names(title, UNRELEASED)
                    || version(title).is_some_and(|version| !known.contains(version))
            }
        };
        let headings = self.headings.iter().enumerate();
        headings
            .filter(|(_, heading)| is_right(&heading.title))
            .map(|(index, _)| index)
            .collect()
    }

    fn versions(&self) -> impl Iterator<Item = &str> {
        self.headings
            .iter()
            .filter_map(|heading| version(&heading.title))
    }

    /// How often each text stands there; how blanks are set does not matter.
    fn texts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(blanks_apart(&entry.text)).or_default() += 1;
        }
        counts
    }

    /// Entries whose text stands here more often than before: one that was moved is not new.
    fn fresh(&self, before: &Changelog) -> Vec<&Entry> {
        let (here, there) = (self.texts(), before.texts());
        let is_fresh = |entry: &&Entry| {
            let text = blanks_apart(&entry.text);
            here.get(&text) > there.get(&text)
        };
        self.entries.iter().filter(is_fresh).collect()
    }
}

fn blanks_apart(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Whether a heading is called so: `[1.2.3] - 2026-01-31` is called `1.2.3`.
fn names(title: &str, wanted: &str) -> bool {
    let bare = |text: &str| bare(text).to_lowercase();
    let (title, wanted) = (bare(title), bare(wanted));
    title.strip_prefix(&wanted).is_some_and(|rest| {
        !wanted.is_empty() && !rest.starts_with(|c: char| !c.is_whitespace() && !"]):,".contains(c))
    })
}

/// The version that a heading is for.
fn version(title: &str) -> Option<&str> {
    let word = bare(title);
    let word = word.split([' ', ']', ')', ':', ',']).next()?;
    let is_version = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    is_version.then_some(word)
}

/// A title without the brackets of a link and the word before a version.
fn bare(title: &str) -> &str {
    let title = title.trim().trim_start_matches(['[', '(']);
    let announced = |word: &&str| {
        let (head, rest) = title.split_at_checked(word.len())?;
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
        (head.eq_ignore_ascii_case(word) && is_number).then_some(rest)
    };
    let words = ["v", "version ", "release "];
    words.iter().find_map(announced).unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "# Changelog\n\n## [Unreleased]\n\n### Added\n- One\n\n## [1.0.0] - 2026-01-31\n- Start\n\n[Unreleased]: https://x.y\n";

    fn judge(from: &str, to: &str) -> Result<u64, Missing> {
        new_entries(&BEFORE.replace(from, to), BEFORE, None)
    }

    #[test]
    fn b42_a_new_line_under_the_right_heading_is_an_entry() {
        assert_eq!(judge("- One\n", "- One\n- Two\n"), Ok(1));
        assert_eq!(
            judge("- One\n", "- One\n  and more\n### Fixed\n* Three\n"),
            Ok(2)
        );
        assert_eq!(new_entries(BEFORE, "", None), Ok(2), "a new file");
    }

    #[test]
    fn b42_what_is_no_text_is_no_entry() {
        for (from, to) in [
            ("- One\n", ""),
            ("- One\n", "-   One\n\n\n"),
            ("- One\n", "* One\n"),
            ("- One\n", "- One\n- \n"),
            ("- One\n", "- One\n<!-- Two -->\n"),
            ("- One\n", "- One\n\n### Fixed\n"),
            ("- One\n", "- One\n\n---\n"),
            ("- Start\n", "- Start\n\n[two]: https://x.z\n"),
            ("\n", "\r\n"),
        ] {
            assert!(judge(from, to).is_err(), "{to:?}");
        }
    }

    #[test]
    fn b42_an_entry_under_another_heading_does_not_count() {
        let missing = judge("- Start\n", "- Start\n- Two\n").unwrap_err();
        assert_eq!(missing.line, Some(10));
        assert!(missing.reason.contains("another heading than `Unreleased`"));
    }

    #[test]
    fn a_new_version_is_a_right_heading_and_what_is_moved_there_is_not_new() {
        let release = "## [Unreleased]\n\n## [1.1.0] - 2026-02-28\n";
        assert!(judge("## [Unreleased]\n", release).is_err());
        assert_eq!(
            judge("## [Unreleased]\n", &format!("{release}- Two\n")),
            Ok(1)
        );
    }

    #[test]
    fn a_heading_is_known_by_its_first_words() {
        for title in [
            "Unreleased",
            "[unreleased]",
            "Unreleased (soon)",
            "UNRELEASED: x",
        ] {
            assert!(names(title, "Unreleased"), "{title}");
        }
        for (title, name) in [
            ("[1.2.3] - 2026-01-31", "1.2.3"),
            ("v1.2.3", "1.2.3"),
            ("Version 1.2.3", "v1.2.3"),
        ] {
            assert!(names(title, name), "{title}");
        }
        for (title, name) in [
            ("1.2.3", "1.2"),
            ("1.2.3-rc1", "1.2.3"),
            ("Unreleasedly", "Unreleased"),
        ] {
            assert!(!names(title, name), "{title}");
        }
    }

    #[test]
    fn a_missing_heading_is_named() {
        let missing = new_entries("# Changelog\n", "# Changelog\n", Some("Next")).unwrap_err();
        assert_eq!(missing.reason, "there is no heading `Next`");
    }
}
