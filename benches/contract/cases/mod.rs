//! How often the comparison is right on cases that others wrote down.

mod facts;
mod matrix;
mod oasdiff;

use std::path::{Path, PathBuf};

use sdd::contract::compare::{Finding, Notice, Terms, compare_by};
use sdd::contract::load::Files;
use sdd::contract::read;
use sdd::contract::schema::Graph;
use sdd::span::Sources;
use serde_json::Value;

use crate::meter::told;

/// How many cases were judged as they should be, and those that were not.
pub(crate) struct Score {
    pub what: &'static str,
    pub right: usize,
    pub of: usize,
    /// A line for each that was not.
    pub misses: Vec<String>,
}

/// The scores of all cases of a folder, as text.
pub(crate) fn judge(folder: &Path) -> Result<String, String> {
    let mut scores = matrix::scores(&value(&folder.join("semantic_matrix.json"))?);
    scores.extend(facts::scores(&value(&folder.join("subset_cases.json"))?));
    scores.extend(oasdiff::scores(&folder.join("oasdiff"))?);
    let mut text = "| measure | right | of | share |\n| --- | --- | --- | --- |\n".to_owned();
    for score in &scores {
        text += &format!(
            "| {} | {} | {} | {:.1} % |\n",
            score.what,
            score.right,
            score.of,
            percent(score.right, score.of)
        );
    }
    for score in &scores {
        text += &format!("\n{}: {} missed\n", score.what, score.misses.len());
        for miss in &score.misses {
            text += &format!("- {miss}\n");
        }
    }
    Ok(text)
}

impl Score {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            right: 0,
            of: 0,
            misses: Vec::new(),
        }
    }

    fn count(&mut self, right: bool, miss: impl FnOnce() -> String) {
        self.of += 1;
        if right {
            self.right += 1;
        } else {
            self.misses.push(miss());
        }
    }
}

fn percent(right: usize, of: usize) -> f64 {
    let float = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    100.0 * float(right) / float(of.max(1))
}

fn value(path: &Path) -> Result<Value, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    // One fact has a NaN, which is no JSON; no document can hold it but as a text.
    serde_json::from_str(&text.replace("\nNaN\n", "\n\"NaN\"\n")).map_err(told)
}

/// The old and the new document of a case, in memory or in a folder.
enum Pair {
    Texts(String, String),
    Folder(PathBuf),
}

impl Files for Pair {
    fn read(&self, path: &str) -> Result<String, String> {
        match (self, path) {
            (Pair::Texts(old, _), "old") => Ok(old.clone()),
            (Pair::Texts(_, new), "new") => Ok(new.clone()),
            (Pair::Texts(..), _) => Err("there is no such file".to_owned()),
            (Pair::Folder(folder), path) => {
                std::fs::read_to_string(folder.join(path)).map_err(told)
            }
        }
    }
}

/// What is found between two documents, or why they can't be compared.
fn findings(
    files: &Pair,
    notice: Notice,
    (old, new): (&str, &str),
) -> Result<Vec<Finding>, String> {
    let (mut sources, mut graph) = (Sources::default(), Graph::default());
    let mut open = |path| {
        read(path, files, &mut sources, &mut graph)
            .map_err(|problems| format!("{:?}", problems.first()))
    };
    let (old, new) = (open(old)?, open(new)?);
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let terms = Terms {
        today: Some(now.date()),
        notice,
    };
    Ok(compare_by(terms, &old, &new, &mut graph))
}
