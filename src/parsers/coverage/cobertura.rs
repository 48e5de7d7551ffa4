//! Cobertura XML: coverage.py, gcovr, Istanbul, cargo-tarpaulin, coverlet.
//!
//! Single lines decide; the sums of the root hold only if there is no line at all.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use super::marks::{Files, Record, branch_key, key_of};
use super::{Coverage, Tally};
use crate::parsers::xml::{Visitor, attribute, number, walk};

/// Reads a report; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<Coverage, String> {
    let mut fold = Fold::default();
    walk(input, &mut fold)?;
    if !fold.seen_root {
        return Err("its root is no `coverage`".to_owned());
    }
    if fold.seen_line {
        return Ok(fold.files.finish());
    }
    let lines = fold.lines.ok_or("it holds no line, and no `lines-valid`")?;
    Ok(Coverage {
        lines: Tally::checked(lines.covered, lines.total)?,
        branches: fold.branches.measured(),
        ..Coverage::default()
    })
}

#[derive(Default)]
struct Fold {
    files: Files,
    seen_root: bool,
    seen_line: bool,
    /// The sums of the root.
    lines: Option<Tally>,
    branches: Tally,
    class: Option<Class>,
}

struct Class {
    name: String,
    path: String,
    record: Record,
    /// The method that is open, and whether a line of it ran.
    method: Option<(u64, bool)>,
}

impl Visitor for Fold {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        match tag.name().as_ref() {
            "coverage" => self.root(tag),
            "class" => self.class(tag),
            "method" => self.method(tag),
            "line" => self.line(tag),
            _ => Ok(()),
        }
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        match name {
            "method" => {
                if let Some(class) = &mut self.class
                    && let Some((key, hit)) = class.method.take()
                {
                    class.record.functions.push(key, hit);
                }
            }
            "class" => {
                if let Some(class) = self.class.take() {
                    self.files.add(&class.path, class.record);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Fold {
    fn root(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        self.seen_root = true;
        let sums = |covered, total| {
            let pair = number(tag, covered)?.zip(number(tag, total)?);
            Ok::<_, String>(pair.map(|(covered, total)| Tally { covered, total }))
        };
        self.lines = sums("lines-covered", "lines-valid")?;
        self.branches = sums("branches-covered", "branches-valid")?.unwrap_or_default();
        Ok(())
    }

    fn class(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let path = attribute(tag, "filename")?.ok_or("a `class` has no `filename`")?;
        self.class = Some(Class {
            name: attribute(tag, "name")?.unwrap_or_default(),
            path,
            record: Record::default(),
            method: None,
        });
        Ok(())
    }

    fn method(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        if let Some(class) = &mut self.class {
            let name = attribute(tag, "name")?;
            let signature = attribute(tag, "signature")?;
            class.method = Some((key_of((&class.name, name, signature)), false));
        }
        Ok(())
    }

    fn line(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let Some(class) = &mut self.class else {
            return Ok(());
        };
        let line: u32 = number(tag, "number")?.ok_or("a `line` has no `number`")?;
        let hits: u64 = number(tag, "hits")?.ok_or_else(|| format!("line {line} has no `hits`"))?;
        self.seen_line = true;
        class.record.lines.push(u64::from(line), hits > 0);
        if let Some((_, hit)) = &mut class.method {
            *hit |= hits > 0;
        }
        if let Some(share) = attribute(tag, "condition-coverage")? {
            let (covered, total) =
                conditions(&share).ok_or_else(|| format!("`condition-coverage` is `{share}`"))?;
            for branch in 0..total {
                class
                    .record
                    .branches
                    .push(branch_key(line, branch), branch < covered);
            }
        }
        Ok(())
    }
}

/// `50% (1/2)`: how many branches of a line ran, and of how many.
fn conditions(share: &str) -> Option<(u16, u16)> {
    let counts = share.split_once('(')?.1.strip_suffix(')')?;
    let (covered, total) = counts.split_once('/')?;
    Some((covered.parse().ok()?, total.parse().ok()?))
}
