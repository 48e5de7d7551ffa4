//! What tools report and measure.

use serde::{Deserialize, Serialize};

/// How much a finding weighs. The order is that of the words: `critical` is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Worth knowing.
    Info,
    /// Should be mended some day.
    Low,
    /// Should be mended.
    Medium,
    /// Has to be mended.
    High,
    /// Has to be mended now.
    Critical,
}

impl Grade {
    /// The word that every format uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Info => "info",
            Grade::Low => "low",
            Grade::Medium => "medium",
            Grade::High => "high",
            Grade::Critical => "critical",
        }
    }
}

/// One thing that a tool reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What the tool calls this kind of finding.
    pub rule: String,
    /// How much it weighs.
    pub severity: Grade,
    /// What is wrong.
    pub message: String,
    /// The file, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Whether the tool can mend it by itself.
    #[serde(default)]
    pub fixable: bool,
    /// What is known of it as an advisory about a package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<Box<Advisory>>,
    /// Why it does not count, if the project says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<String>,
}

/// What is known about a package that has a published weakness.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// The package.
    pub package: String,
    /// The version that is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Versions, or a range of them, without the weakness.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed_in: Vec<String>,
    /// Other ids of the same advisory, for instance its CVE.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Where it is described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Finding {
    /// A finding without a place.
    pub fn new(rule: impl Into<String>, severity: Grade, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity,
            message: message.into(),
            path: None,
            line: None,
            column: None,
            fixable: false,
            advisory: None,
            waiver: None,
        }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, line: Option<u64>, column: Option<u64>) -> Self {
        self.path = Some(path.into());
        self.line = line;
        self.column = column;
        self
    }

    /// The place as tools print it, `path:line:column`, as far as it is known.
    pub fn place(&self) -> Option<String> {
        let path = self.path.as_deref()?;
        Some(match (self.line, self.column) {
            (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
            (Some(line), None) => format!("{path}:{line}"),
            _ => path.to_owned(),
        })
    }
}

impl AsMut<Finding> for Finding {
    fn as_mut(&mut self) -> &mut Finding {
        self
    }
}

/// A named number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What was measured, for instance `tests.passed`.
    pub name: String,
    /// The number.
    pub value: f64,
    /// `count`, `percent`, `ms`, `us`, `bytes`, `per-second` or `bytes-per-second`.
    pub unit: String,
}

impl Measurement {
    /// A share in percent, from 0 to 100.
    pub fn percent(name: impl Into<String>, value: f64) -> Self {
        Self {
            name: name.into(),
            value,
            unit: "percent".to_owned(),
        }
    }

    /// A count.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn count(name: impl Into<String>, value: u64) -> Self {
        Self {
            name: name.into(),
            value: value as f64,
            unit: "count".to_owned(),
        }
    }
}
