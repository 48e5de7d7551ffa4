//! Linters and formatters as people call them: how each is made to check instead of to change.

/// A tool that checks files, and perhaps changes them.
pub(super) struct Checker {
    /// The words that it is started by.
    pub(super) start: &'static [&'static str],
    /// The name that it has here, if it has one.
    pub(super) tool: Option<&'static str>,
    /// Words by which it changes files.
    fixes: &'static [&'static str],
    /// The word by which it only checks, if it has one.
    pub(super) check: Option<&'static str>,
    /// Further words that the tool of that name says by itself.
    usual: &'static [&'static str],
}

macro_rules! checkers {
    ($($start:tt $tool:expr, fixes $fixes:tt, check $check:expr, usual $usual:tt;)+) => {
        /// Every one that is known; of two that begin alike the longer one first.
        pub(super) const CHECKERS: &[Checker] = &[$(Checker {
            start: &$start,
            tool: $tool,
            fixes: &$fixes,
            check: $check,
            usual: &$usual,
        }),+];
    };
}

checkers! {
    ["ruff", "format"] Some("ruff-format"), fixes [], check Some("--check"), usual ["--diff"];
    ["ruff", "check"] Some("ruff"), fixes ["--fix", "--unsafe-fixes"], check None, usual [];
    ["black"] Some("black"), fixes [], check Some("--check"), usual ["--diff", "--quiet", "-q"];
    ["isort"] None, fixes [], check Some("--check-only"), usual [];
    ["mypy"] Some("mypy"), fixes [], check None, usual [];
    ["flake8"] None, fixes [], check None, usual [];
    ["pylint"] None, fixes [], check None, usual [];
    ["eslint"] Some("eslint"), fixes ["--fix"], check None, usual [];
    ["prettier"] Some("prettier"), fixes ["--write", "-w"], check Some("--check"),
        usual ["-c", "--list-different", "-l"];
    ["tsc"] Some("tsc"), fixes [], check Some("--noEmit"), usual [];
    ["biome", "lint"] Some("biome"), fixes ["--write", "--fix", "--apply"], check None, usual [];
    ["biome", "format"] Some("biome-format"), fixes ["--write", "--fix"], check None, usual [];
    ["biome"] None, fixes ["--write", "--fix", "--apply"], check None, usual [];
    ["cargo", "clippy"] Some("clippy"), fixes ["--fix", "--allow-dirty", "--allow-staged"],
        check None, usual ["--workspace", "--all-targets", "--", "-D", "warnings"];
    ["cargo", "fmt"] Some("rustfmt"), fixes [], check Some("--check"), usual ["--all", "--"];
    ["golangci-lint", "run"] Some("golangci-lint"), fixes ["--fix"], check None, usual ["./..."];
    ["gofmt"] Some("gofmt"), fixes ["-w"], check None, usual ["-l", "-d"];
}

impl Checker {
    /// Whether a word makes it change files.
    pub(super) fn fixes(&self, word: &str) -> bool {
        self.fixes.contains(&word)
    }

    /// Whether a word need not be said to the tool of its name: that checks or changes as it is
    /// asked to.
    pub(super) fn is_implied(&self, word: &str) -> bool {
        self.fixes(word) || self.check == Some(word) || self.usual.contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_hides_one_that_begins_as_it_does() {
        for (index, row) in CHECKERS.iter().enumerate() {
            let hidden = |later: &&Checker| later.start.starts_with(row.start);
            assert!(CHECKERS[index + 1..].iter().find(hidden).is_none());
        }
    }
}
