//! What is demanded and what was measured.

/// A row of the table of goals.
pub(crate) struct Row {
    what: String,
    limit: String,
    measured: String,
    is_met: bool,
}

impl Row {
    /// Something that has to be at most so much.
    pub(crate) fn at_most(what: impl Into<String>, limit: f64, value: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            limit: format!("≤ {limit} {unit}"),
            measured: format!("{value:.2} {unit}"),
            is_met: value <= limit,
        }
    }

    /// Something that has to be at least so much.
    pub(crate) fn at_least(what: impl Into<String>, limit: f64, value: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            limit: format!("≥ {limit} {unit}"),
            measured: format!("{value:.2} {unit}"),
            is_met: value >= limit,
        }
    }

    /// A value that has to be within so many percent of the truth.
    pub(crate) fn near(what: impl Into<String>, percent: f64, value: f64, truth: f64) -> Self {
        let off = (value / truth - 1.0) * 100.0;
        Self {
            what: what.into(),
            limit: format!("{truth} ms ± {percent} %"),
            measured: format!("{value:.1} ms ({off:+.1} %)"),
            is_met: off.abs() <= percent,
        }
    }

    /// A count that has to be exact.
    pub(crate) fn exactly(what: impl Into<String>, truth: u64, count: u64) -> Self {
        Self {
            what: what.into(),
            limit: truth.to_string(),
            measured: count.to_string(),
            is_met: count == truth,
        }
    }
}

pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut text = "| goal | limit | measured |  |\n| --- | --- | --- | --- |\n".to_owned();
    for row in rows {
        let met = if row.is_met { "met" } else { "**missed**" };
        text += &format!(
            "| {} | {} | {} | {met} |\n",
            row.what, row.limit, row.measured
        );
    }
    text
}
