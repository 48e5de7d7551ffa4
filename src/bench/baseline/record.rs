//! What one attempt measured, as its folder keeps it until somebody accepts it as a baseline.

use serde::{Deserialize, Serialize};

use super::ledger::Key;
use super::run::Run;

/// The file in the attempt's folder.
pub const RECORD: &str = "benchmark.json";
/// The form of the file.
const SCHEMA: &str = "sdd.benchmark/1";

/// The runs of an attempt. There is no such file of one whose load could not be sent or answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    schema: String,
    /// The entry of the baselines that they belong to.
    pub entry: String,
    /// What they have in common.
    pub key: Key,
    /// Whether they differ from what is stored, for the better or the worse.
    pub differs: bool,
    /// The runs.
    pub runs: Vec<Run>,
}

impl Record {
    /// The runs of an attempt.
    pub fn new(entry: String, key: Key, differs: bool, runs: Vec<Run>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            entry,
            key,
            differs,
            runs,
        }
    }

    /// Reads the text of the file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let record: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if record.schema == SCHEMA {
            return Ok(record);
        }
        Err(format!("it has the form `{}`", record.schema))
    }

    /// The text of the file.
    pub fn print(&self) -> String {
        // Texts, numbers and lists can always be printed.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}
