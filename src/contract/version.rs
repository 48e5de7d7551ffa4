//! Versions of contracts, by the rules of semantic versioning.

/// How a version rose over the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rise {
    /// It may break what was promised; below 1.0.0, every rise of the second number does.
    Major,
    /// It may add something.
    Minor,
    /// It may only correct something.
    Patch,
    /// It is the same.
    None,
    /// It is lower than before.
    Fall,
}

type Numbers = [u64; 3];

/// How a version rose; nothing if one of the two is no semantic version.
pub fn rise(old: &str, new: &str) -> Option<Rise> {
    let ((a, old_rest), (b, new_rest)) = (parse(old)?, parse(new)?);
    Some(match () {
        () if b < a => Rise::Fall,
        () if a == b && old_rest == new_rest => Rise::None,
        // Only from one pre-release to another, or to the release itself.
        () if a == b && old_rest.is_empty() => Rise::Fall,
        () if a == b => Rise::Patch,
        () if b[0] > a[0] || (a[0] == 0 && b[1] > a[1]) => Rise::Major,
        () if b[1] > a[1] => Rise::Minor,
        () => Rise::Patch,
    })
}

/// The lowest version that may break what this one promises.
pub fn next_major(version: &str) -> Option<String> {
    let ([major, minor, _], _) = parse(version)?;
    Some(match major {
        0 => format!("0.{}.0", minor + 1),
        major => format!("{}.0.0", major + 1),
    })
}

/// Its numbers and its pre-release. Numbers that are left away are zero.
fn parse(version: &str) -> Option<(Numbers, &str)> {
    let version = version.trim();
    let version = version.strip_prefix('v').unwrap_or(version);
    let version = version.split('+').next()?;
    let (numbers, rest) = version.split_once('-').unwrap_or((version, ""));
    let mut found = [0; 3];
    let mut parts = numbers.split('.');
    for (place, slot) in found.iter_mut().enumerate() {
        match parts.next() {
            Some(part) if part.bytes().all(|byte| byte.is_ascii_digit()) => {
                *slot = part.parse().ok()?;
            }
            None if place > 0 => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some((found, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_rises_as_semantic_versioning_says() {
        for (old, new, expected) in [
            ("1.2.3", "2.0.0", Some(Rise::Major)),
            ("1.2.3", "1.3.0", Some(Rise::Minor)),
            ("1.2.3", "1.2.4", Some(Rise::Patch)),
            ("1.2.3", "1.2.3", Some(Rise::None)),
            ("1.2.3", "1.2.3+build", Some(Rise::None)),
            ("1.10.0", "1.9.0", Some(Rise::Fall)),
            ("0.3.1", "0.4.0", Some(Rise::Major)),
            ("0.3.1", "0.3.2", Some(Rise::Patch)),
            ("1", "v2.0", Some(Rise::Major)),
            ("2.0.0", "2.0.0-rc.1", Some(Rise::Fall)),
            ("2.0.0-rc.1", "2.0.0", Some(Rise::Patch)),
            ("2026-11-30", "2026-12-01", Some(Rise::Patch)),
            ("1.2.3.4", "2.0.0", None),
            ("", "1.0.0", None),
            ("beta", "1.0.0", None),
        ] {
            assert_eq!(rise(old, new), expected, "{old} → {new}");
        }
    }

    #[test]
    fn the_next_version_that_may_break_is_told() {
        assert_eq!(next_major("1.4.2").as_deref(), Some("2.0.0"));
        assert_eq!(next_major("0.4.2").as_deref(), Some("0.5.0"));
        assert_eq!(next_major("beta"), None);
    }
}
