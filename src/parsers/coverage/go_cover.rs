//! Go's cover profiles.
//!
//! Statements are what Go counts, and so they are here. A block that occurs several times, as in
//! the profiles of several packages put together, ran if it ran anywhere. Paths begin with the
//! module, as Go writes them.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::marks::{Files, Record};
use super::{Coverage, Tally};
use crate::parsers::line::Lines;

/// From line and column to line and column.
type Block = (u32, u32, u32, u32);

/// The statements of a block, and whether they ran.
type Blocks = BTreeMap<Block, (u64, bool)>;

/// Reads a profile; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<Coverage, String> {
    let mut lines = Lines::new(input);
    let mut files: BTreeMap<String, Blocks> = BTreeMap::new();
    let mut mode = String::new();
    while let Some(line) = lines.next()? {
        if let Some(named) = line.strip_prefix("mode: ") {
            if !["set", "count", "atomic"].contains(&named) {
                return Err(format!("its mode `{named}` is unknown"));
            }
            named.clone_into(&mut mode);
        } else if mode.is_empty() {
            return Err("it does not begin with `mode:`".to_owned());
        } else if !line.is_empty() {
            let (path, block, statements, hit) =
                block(&line).ok_or_else(|| format!("`{line}` is no block"))?;
            let blocks = match files.get_mut(path) {
                Some(blocks) => blocks,
                None => files.entry(path.to_owned()).or_default(),
            };
            blocks.entry(block).or_insert((statements, false)).1 |= hit;
        }
    }
    if mode.is_empty() {
        return Err("it is empty".to_owned());
    }
    Ok(sum(&files))
}

fn sum(files: &BTreeMap<String, Blocks>) -> Coverage {
    let mut statements = Tally::default();
    let mut merged = Files::default();
    for (path, blocks) in files {
        let mut record = Record::default();
        for ((from, _, to, _), (count, hit)) in blocks {
            statements.add(Tally {
                covered: if *hit { *count } else { 0 },
                total: *count,
            });
            for line in *from..=*to {
                record.lines.push(u64::from(line), *hit);
            }
        }
        merged.add(path, record);
    }
    Coverage {
        lines: statements,
        ..merged.finish()
    }
}

/// No block is longer than this; a number beyond is damage.
const LONGEST_BLOCK: u32 = 100_000;

/// `PATH:LINE.COLUMN,LINE.COLUMN STATEMENTS COUNT`
fn block(line: &str) -> Option<(&str, Block, u64, bool)> {
    let (rest, count) = line.rsplit_once(' ')?;
    let (rest, statements) = rest.rsplit_once(' ')?;
    let (path, range) = rest.rsplit_once(':')?;
    let (from, to) = range.split_once(',')?;
    let ((from, from_column), (to, to_column)) = (position(from)?, position(to)?);
    let fits = from <= to && to - from <= LONGEST_BLOCK;
    let statements = statements.parse::<u32>().ok()?;
    let hit = count.parse::<u64>().ok()? > 0;
    let block = (from, from_column, to, to_column);
    fits.then_some((path, block, u64::from(statements), hit))
}

fn position(text: &str) -> Option<(u32, u32)> {
    let (line, column) = text.split_once('.')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}
