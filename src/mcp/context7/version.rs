//! Versions as they are listed: `v15.1.8`, `4.0.0-rc.1`, `1_2_0`, and branches among them.

use std::cmp::Ordering;

/// A version whose order is known.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    numbers: Vec<u64>,
    /// What makes it come before the release of these numbers.
    before: String,
}

impl Version {
    /// `None` if it is no version, but perhaps a branch.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        // What a build adds makes no other version.
        let text = text.split('+').next().unwrap_or_default().replace('_', ".");
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (numbers, before) = text.split_at(end.unwrap_or(text.len()));
        let numbers = numbers.trim_end_matches('.').split('.');
        let mut numbers: Vec<u64> = numbers
            .map(|part| part.parse().ok())
            .collect::<Option<_>>()?;
        while numbers.len() > 1 && numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some(Self {
            numbers,
            before: before.trim_start_matches(['-', '.']).to_lowercase(),
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let release = |version: &Self| version.before.is_empty();
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| release(self).cmp(&release(other)))
            .then_with(|| self.before.cmp(&other.before))
    }
}

/// Whether a version is among those that are listed.
pub fn is_listed(version: &str, listed: &[String]) -> bool {
    let wanted = Version::parse(version);
    listed
        .iter()
        .any(|known| known == version || (wanted.is_some() && Version::parse(known) == wanted))
}

/// The newest of those that are listed: the newest release, or else what comes before one.
pub fn newest(listed: &[String]) -> Option<&str> {
    let parsed = listed
        .iter()
        .filter_map(|text| Some((text, Version::parse(text)?)));
    let newest = parsed.max_by(|(_, one), (_, other)| {
        let release = |version: &Version| version.before.is_empty();
        release(one)
            .cmp(&release(other))
            .then_with(|| one.compare(other))
    });
    newest.map(|(text, _)| text.as_str())
}
