//! Which headings below `Test Scenarios` are scenarios, and what a heading calls one.

use super::label::begins;
use super::outline::Section;
use super::spec::Scenario;

/// A heading that is a scenario, and what stands under it.
pub(super) struct Headed<'s> {
    /// The heading, and those of its parts.
    pub(super) sections: &'s [Section],
    /// The scenario that it stands in, where none belongs.
    pub(super) inside: Option<&'s Section>,
}

/// A part of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Setup,
    Actions,
    Expected,
}

/// The part that a label or a heading announces.
pub(super) fn part(label: &str) -> Option<Part> {
    let words = [
        ("setup", Part::Setup),
        ("action", Part::Actions),
        ("step", Part::Actions),
        ("expected", Part::Expected),
    ];
    let found = words.into_iter().find(|(word, _)| begins(label, word));
    found.map(|(_, part)| part)
}

/// The scenarios below a heading: what is called one, what has parts of one, and every heading that
/// has no deeper ones. Any other heading groups those below it.
pub(super) fn headed(below: &[Section]) -> Vec<Headed<'_>> {
    let mut found: Vec<(usize, Option<usize>)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for index in 1..below.len() {
        open.retain(|above| below[*above].level < below[index].level);
        let is_scenario = |above: &&usize| found.iter().any(|(head, _)| head == *above);
        let inside = open.iter().rev().find(is_scenario).copied();
        let is_part = !open.is_empty() && is_part(&below[index]);
        if !is_part && is_scenario_at(&below[index..], inside.is_some()) {
            found.push((index, inside));
        }
        open.push(index);
    }
    let starts = found.iter().map(|(start, _)| *start);
    let ends = starts.clone().skip(1).chain([below.len()]);
    let ranges = starts.zip(ends).map(|(start, end)| {
        let level = below[start].level;
        let own = below[start + 1..end].iter();
        start..start + 1 + own.take_while(|other| other.level > level).count()
    });
    ranges
        .zip(&found)
        .map(|(range, (_, inside))| Headed {
            sections: &below[range],
            inside: inside.map(|index| &below[index]),
        })
        .collect()
}

/// Whether the first of these sections is a scenario.
fn is_scenario_at(sections: &[Section], is_inside: bool) -> bool {
    let Some((own, after)) = sections.split_first() else {
        return false;
    };
    let count = after.iter().take_while(|other| other.level > own.level);
    let deeper = &after[..count.count()];
    if has_parts(own, deeper) {
        return true;
    }
    if is_called(&own.title) {
        return !deeper.iter().any(|other| is_called(&other.title));
    }
    !is_inside && deeper.is_empty()
}

fn has_own_parts(section: &Section) -> bool {
    let mut groups = section.groups.iter();
    groups.any(|group| part(&group.label).is_some())
}

/// Whether a heading is the label of a part.
fn is_part(section: &Section) -> bool {
    part(&section.title).is_some() && !has_own_parts(section)
}

/// Whether parts stand under a heading, with labels or headings of their own.
fn has_parts(own: &Section, deeper: &[Section]) -> bool {
    let mut least = u8::MAX;
    let mut children = deeper.iter().filter(|section| {
        let is_child = section.level <= least;
        least = least.min(section.level);
        is_child
    });
    has_own_parts(own) || children.any(is_part)
}

/// The number and the name that a heading gives a scenario: `Scenario 1: Happy path`,
/// `1. Happy path`, `Happy path`.
pub(super) fn titled(title: &str) -> (Option<usize>, &str) {
    let title = title.trim();
    let (listed, title) = match number(title) {
        (Some(number), rest) if rest.starts_with(['.', ')']) && rest.trim().len() > 1 => {
            (Some(number), rest[1..].trim_start())
        }
        _ => (None, title),
    };
    let called = title.get("scenario".len()..);
    let Some(rest) = called.filter(|_| begins(title, "scenario")) else {
        return (listed, title);
    };
    let (own, after) = number(rest.trim_start());
    let name = after.trim_start_matches([' ', ':', '.', ')', '-', '–', '—']);
    let is_named = !name.is_empty() && (own.is_some() || after.starts_with(':'));
    (own.or(listed), if is_named { name } else { title })
}

/// Whether a heading says that it is a scenario.
fn is_called(title: &str) -> bool {
    let title = title.trim_start_matches(|c: char| !c.is_alphabetic());
    begins(title, "scenario")
}

fn number(text: &str) -> (Option<usize>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    match digits.parse() {
        Ok(number) => (Some(number), rest),
        Err(_) => (None, text),
    }
}

/// Whether a heading says that it is a certain scenario.
pub(super) fn is_numbered_scenario(title: &str) -> bool {
    is_called(title) && titled(title).0.is_some()
}

/// Whether what stands under a heading is about a scenario: it bears its name or its number.
pub fn is_heading_of(heading: &str, scenario: &Scenario) -> bool {
    let (number, name) = titled(heading);
    let is_bare = name == heading.trim();
    super::same_name(name, &scenario.name)
        || is_bare && number.is_some() && number == scenario.number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_gives_a_scenario_its_number_and_its_name() {
        for (title, number, name) in [
            ("Scenario 1: Happy path", Some(1), "Happy path"),
            ("Scenario 12 – Happy path", Some(12), "Happy path"),
            ("scenario: Happy path", None, "Happy path"),
            ("Scenario 2", Some(2), "Scenario 2"),
            ("Scenario outline", None, "Scenario outline"),
            ("3. Happy path", Some(3), "Happy path"),
            ("1. Scenario 2: Happy path", Some(2), "Happy path"),
            ("404 is answered", None, "404 is answered"),
            ("Happy path", None, "Happy path"),
        ] {
            assert_eq!(titled(title), (number, name), "{title}");
        }
    }
}
