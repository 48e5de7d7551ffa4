//! LCOV tracefiles.
//!
//! Lines are counted by `DA`, branches by `BRDA`, functions by `FN` and `FNDA` (or `FNL` and `FNA`
//! of LCOV 2); the sums of a record hold only where it names none of them.

use std::collections::HashMap;
use std::io::BufRead;

use super::Coverage;
use super::marks::{Files, Record, branch_key, key_of};
use crate::parsers::line::Lines;

/// Reads a tracefile; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<Coverage, String> {
    let mut lines = Lines::new(input);
    let mut files = Files::default();
    let mut open: Option<Open> = None;
    while let Some(line) = lines.next()? {
        match &mut open {
            Some(_) if line == "end_of_record" => {
                if let Some(record) = open.take() {
                    files.add(&record.path, record.record);
                }
            }
            Some(record) => {
                let read = record.read(&line);
                read.map_err(|problem| format!("line {}: {problem}", lines.number))?;
            }
            None if is_between(&line) => {}
            None => match line.strip_prefix("SF:") {
                Some(path) => open = Some(Open::new(path)),
                None => return Err(format!("line {} is no line of LCOV", lines.number)),
            },
        }
    }
    if open.is_some() {
        return Err("it ends in the middle of a record".to_owned());
    }
    if files.is_empty() {
        return Err("it holds no record of a file (`SF:`)".to_owned());
    }
    Ok(files.finish())
}

/// Whether a line may stand between two records: the name of a test, a comment, nothing.
fn is_between(line: &str) -> bool {
    line.is_empty() || line.starts_with("TN:") || line.starts_with('#')
}

/// A record that is being read.
struct Open {
    path: String,
    record: Record,
    /// How often each function was named: those of one name are told apart by their order.
    declared: HashMap<String, u32>,
    called: HashMap<String, u32>,
}

impl Open {
    fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            record: Record::default(),
            declared: HashMap::new(),
            called: HashMap::new(),
        }
    }

    fn read(&mut self, line: &str) -> Result<(), String> {
        let Some((key, value)) = line.split_once(':') else {
            return if line.is_empty() || line.starts_with('#') {
                Ok(())
            } else {
                Err("it is no line of LCOV".to_owned())
            };
        };
        let claimed = &mut self.record.claimed;
        let understood = match key {
            "DA" => self.line(value),
            "BRDA" => self.branch(value),
            "FN" => self.declaration(value),
            "FNDA" => self.call(value),
            "FNL" => index(value).map(|index| self.record.functions.push(index, false)),
            "FNA" => self.alias(value),
            "LF" => count(value, &mut claimed.lines.total),
            "LH" => count(value, &mut claimed.lines.covered),
            "BRF" => count(value, &mut claimed.branches.total),
            "BRH" => count(value, &mut claimed.branches.covered),
            "FNF" => count(value, &mut claimed.functions.total),
            "FNH" => count(value, &mut claimed.functions.covered),
            "SF" => return Err("the record before has no `end_of_record`".to_owned()),
            _ if key.bytes().all(|byte| byte.is_ascii_uppercase()) => Some(()),
            _ => None,
        };
        understood.ok_or_else(|| format!("`{key}:` is followed by something else than it should"))
    }

    /// `DA:LINE,HITS[,CHECKSUM]`
    fn line(&mut self, value: &str) -> Option<()> {
        let (line, rest) = value.split_once(',')?;
        let hits = rest.split_once(',').map_or(rest, |(hits, _)| hits);
        let line: u32 = line.parse().ok()?;
        self.record.lines.push(u64::from(line), is_hit(hits)?);
        Some(())
    }

    /// `BRDA:LINE,BLOCK,BRANCH,TAKEN`, where `-` says that the line itself never ran.
    fn branch(&mut self, value: &str) -> Option<()> {
        let (line, rest) = value.split_once(',')?;
        let (branch, taken) = rest.rsplit_once(',')?;
        let key = branch_key(line.parse().ok()?, branch);
        let taken = taken != "-" && is_hit(taken)?;
        self.record.branches.push(key, taken);
        Some(())
    }

    /// `FN:LINE,[END,]NAME`; the name may hold commas.
    fn declaration(&mut self, value: &str) -> Option<()> {
        let (_, rest) = value.split_once(',')?;
        let name = match rest.split_once(',') {
            Some((end, name)) if end.parse::<u32>().is_ok() => name,
            _ => rest,
        };
        let key = nth(&mut self.declared, name);
        self.record.functions.push(key, false);
        Some(())
    }

    /// `FNDA:HITS,NAME`
    fn call(&mut self, value: &str) -> Option<()> {
        let (hits, name) = value.split_once(',')?;
        let key = nth(&mut self.called, name);
        self.record.functions.push(key, is_hit(hits)?);
        Some(())
    }

    /// `FNA:INDEX,HITS,NAME`: a function has a name for each way it was compiled.
    fn alias(&mut self, value: &str) -> Option<()> {
        let hits = value.split(',').nth(1)?;
        self.record.functions.push(index(value)?, is_hit(hits)?);
        Some(())
    }
}

/// The number by which `FNL` and `FNA` name a function.
fn index(value: &str) -> Option<u64> {
    let (index, _) = value.split_once(',')?;
    Some(key_of(("index", index.parse::<u32>().ok()?)))
}

fn nth(seen: &mut HashMap<String, u32>, name: &str) -> u64 {
    let count = match seen.get_mut(name) {
        Some(count) => count,
        None => seen.entry(name.to_owned()).or_default(),
    };
    *count += 1;
    key_of((name, *count))
}

/// Whether a count says that something ran. Gcov prints large ones as `1e+06`.
fn is_hit(count: &str) -> Option<bool> {
    if let Ok(count) = count.parse::<i64>() {
        return Some(count > 0);
    }
    let count: f64 = count.parse().ok()?;
    count.is_finite().then_some(count > 0.0)
}

fn count(value: &str, into: &mut u64) -> Option<()> {
    *into = value.trim().parse().ok()?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsers::coverage::Tally;

    fn read(text: &str) -> Result<Coverage, String> {
        parse(&mut text.as_bytes())
    }

    #[test]
    fn sums_hold_only_where_no_line_is_named() {
        let told = read("SF:a\nDA:1,1\nDA:2,0\nLF:9\nLH:9\nend_of_record\n").unwrap();
        assert_eq!(
            told.lines,
            Tally {
                covered: 1,
                total: 2
            }
        );
        let claimed = read("SF:a\nLF:9\nLH:8\nend_of_record\n").unwrap();
        assert_eq!(
            claimed.lines,
            Tally {
                covered: 8,
                total: 9
            }
        );
        assert!(claimed.files.is_empty());
    }

    #[test]
    fn a_file_that_is_told_of_twice_counts_once() {
        let text = "SF:a\nDA:1,0\nBRDA:1,0,0,-\nFN:1,f\nFNDA:0,f\nend_of_record\n\
                    SF:./a\nDA:1,3\nBRDA:1,0,0,2\nFN:1,4,f\nFNDA:2,f\nend_of_record\n";
        let coverage = read(text).unwrap();
        let one = Tally {
            covered: 1,
            total: 1,
        };
        assert_eq!(coverage.lines, one);
        assert_eq!(
            (coverage.branches, coverage.functions),
            (Some(one), Some(one))
        );
    }

    #[test]
    fn what_is_cut_off_or_not_lcov_is_refused() {
        for text in [
            "",
            "TN:\n",
            "<html>",
            "[1]",
            "SF:a\nDA:1,1\n",
            "SF:a\nDA:1,1\nend_of_rec",
            "SF:a\nSF:b\nend_of_record\n",
            "SF:a\nDA:x,1\nend_of_record\n",
            "SF:a\nDA:1\nend_of_record\n",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
