//! Unified diffs: every file that a formatter would change is found.

use std::io::BufRead;

use super::lines::next_line;
use super::paths::MESSAGE;
use super::{Context, Report};

/// Reads the files of a diff; the error says why it is none.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let mut diff = Diff {
        context,
        report: Report::default(),
        open: None,
        hunk: (0, 0),
        has_text: false,
    };
    while let Some(line) = next_line(input)? {
        diff.line(&line)?;
    }
    diff.close()?;
    if diff.has_text && diff.report.findings.is_empty() {
        return Err("it is no diff".to_owned());
    }
    Ok(diff.report)
}

/// The file whose header was read last.
struct File {
    old: Option<String>,
    new: Option<String>,
    /// Whether git wrote the header: then its names begin with `a/` and `b/`, and a file may have
    /// no hunk.
    by_git: bool,
    line: Option<u64>,
}

struct Diff<'c> {
    context: &'c Context<'c>,
    report: Report,
    open: Option<File>,
    /// Lines of the old and the new file that the hunk still has to show.
    hunk: (u64, u64),
    has_text: bool,
}

impl Diff<'_> {
    fn line(&mut self, line: &str) -> Result<(), String> {
        self.has_text |= !line.trim().is_empty();
        if self.hunk != (0, 0) {
            return self.body(line);
        }
        if let Some(names) = line.strip_prefix("diff --git ") {
            self.close()?;
            self.open = Some(File {
                old: None,
                new: git_name(names),
                by_git: true,
                line: None,
            });
        } else if let Some(name) = line.strip_prefix("--- ") {
            self.old_name(name)?;
        } else if let Some(name) = line.strip_prefix("+++ ") {
            if let Some(file) = &mut self.open {
                file.new = Some(plain_name(name));
            }
        } else if let Some(name) = line.strip_prefix("rename to ") {
            if let Some(file) = &mut self.open {
                file.new = Some(format!("b/{}", plain_name(name)));
            }
        } else if let Some(ranges) = line.strip_prefix("@@ ") {
            self.hunk(ranges)?;
        }
        Ok(())
    }

    /// `--- name`, which begins a file unless git has begun it.
    fn old_name(&mut self, name: &str) -> Result<(), String> {
        let name = Some(plain_name(name));
        match &mut self.open {
            Some(file) if file.by_git && file.line.is_none() => file.old = name,
            _ => {
                self.close()?;
                self.open = Some(File {
                    old: name,
                    new: None,
                    by_git: false,
                    line: None,
                });
            }
        }
        Ok(())
    }

    fn hunk(&mut self, ranges: &str) -> Result<(), String> {
        let Some(file) = self.open.as_mut().filter(|file| file.new.is_some()) else {
            return Err("a hunk of it belongs to no file".to_owned());
        };
        let (old, new) = ranges
            .split_once(" @@")
            .and_then(|(ranges, _)| ranges.split_once(' '))
            .and_then(|(old, new)| Some((range(old, '-')?, range(new, '+')?)))
            .ok_or_else(|| format!("`@@ {ranges}` is no hunk"))?;
        file.line.get_or_insert(old.0.max(1));
        self.hunk = (old.1, new.1);
        Ok(())
    }

    fn body(&mut self, line: &str) -> Result<(), String> {
        let (old, new) = match line.chars().next() {
            Some('-') => (1, 0),
            Some('+') => (0, 1),
            // Some tools cut the blank of an empty line.
            Some(' ') | None => (1, 1),
            Some('\\') => (0, 0),
            Some(_) => return Err(format!("`{line}` is no line of a hunk")),
        };
        let left = (self.hunk.0.checked_sub(old), self.hunk.1.checked_sub(new));
        let (Some(old), Some(new)) = left else {
            return Err("a hunk of it is longer than it says".to_owned());
        };
        self.hunk = (old, new);
        Ok(())
    }

    /// Adds the file that was read last.
    fn close(&mut self) -> Result<(), String> {
        if self.hunk != (0, 0) {
            return Err("it ends in the middle of a hunk".to_owned());
        }
        let Some(file) = self.open.take() else {
            return Ok(());
        };
        // A line of dashes in other text is no header.
        if !file.by_git && file.new.is_none() {
            return Ok(());
        }
        let name = file.name().ok_or("a file of it has no name")?;
        if !file.by_git && file.line.is_none() {
            return Err(format!("it shows no change of `{name}`"));
        }
        let finding = self
            .context
            .finding(self.context.rule(None), MESSAGE.to_owned());
        self.report.findings.push(finding.at(name, file.line, None));
        Ok(())
    }
}

impl File {
    /// The name of the file as it is now; that of the old one where it is removed.
    fn name(&self) -> Option<String> {
        let is_there = |name: &&String| *name != "/dev/null" && !name.is_empty();
        let old = self.old.as_ref().filter(is_there);
        let new = self.new.as_ref().filter(is_there);
        let prefixed =
            |name: Option<&String>, prefix| name.is_none_or(|name| name.starts_with(prefix));
        let name = new.or(old)?;
        if prefixed(old, "a/") && prefixed(new, "b/") {
            name.get(2..).map(str::to_owned)
        } else {
            Some(name.clone())
        }
    }
}

/// `-12,7` → its first line and how many; one line if it does not say.
fn range(text: &str, sign: char) -> Option<(u64, u64)> {
    let text = text.strip_prefix(sign)?;
    match text.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    }
}

/// The second of the two names of `a/NAME b/NAME`, which are the same but for a renamed file.
fn git_name(names: &str) -> Option<String> {
    if names.starts_with('"') {
        return names.split_once("\" ").map(|(_, new)| plain_name(new));
    }
    let middle = names.len() / 2;
    let (old, new) = (names.get(..middle)?, names.get(middle + 1..)?);
    let same = old.get(1..) == new.get(1..);
    if same {
        Some(plain_name(new))
    } else {
        names.rsplit_once(' ').map(|(_, new)| plain_name(new))
    }
}

/// A name without the time behind it and without git's quotes.
fn plain_name(written: &str) -> String {
    let name = written.split('\t').next().unwrap_or_default().trim_end();
    match name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'))
    {
        Some(quoted) => unquoted(quoted),
        None => name.to_owned(),
    }
}

/// A name in which git wrote odd bytes as `\303` and some as `\t`.
fn unquoted(quoted: &str) -> String {
    let mut bytes = Vec::with_capacity(quoted.len());
    let mut rest = quoted.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let octal = after
            .get(..3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            bytes.push(byte);
            rest = &after[3..];
        } else if let Some((&escaped, after)) = after.split_first() {
            bytes.push(match escaped {
                b't' => b'\t',
                b'n' => b'\n',
                b'r' => b'\r',
                other => other,
            });
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
