//! The recorded performance of one work item.

use serde_json::Value;

/// What the file of the baselines says of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// It holds so many latencies.
    Recorded(usize),
    /// It is there, and holds no latency that is a number.
    Empty,
    /// It is not there; the entries that are.
    Missing(Vec<String>),
}

/// Looks up an entry. What others measured says nothing of this one.
pub fn baseline(text: &str, entry: &str) -> Result<Baseline, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let Value::Object(entries) = file else {
        return Err("it is no object of entries".to_owned());
    };
    let Some(own) = entries.get(entry) else {
        return Ok(Baseline::Missing(entries.keys().cloned().collect()));
    };
    let latencies = own.get("latency").and_then(Value::as_object);
    let numbers = latencies.into_iter().flatten().filter(|(_, value)| {
        value
            .as_f64()
            .is_some_and(|number| number.is_finite() && number >= 0.0)
    });
    Ok(match numbers.count() {
        0 => Baseline::Empty,
        count => Baseline::Recorded(count),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b113_only_the_own_entry_counts_and_only_if_it_holds_numbers() {
        let text = r#"{"a": {"latency": {"p50": 1.5, "p95": 3}}, "b": {"latency": {}}, "c": 1}"#;
        assert_eq!(baseline(text, "a"), Ok(Baseline::Recorded(2)));
        assert_eq!(baseline(text, "b"), Ok(Baseline::Empty));
        assert_eq!(baseline(text, "c"), Ok(Baseline::Empty));
        let others = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(baseline(text, "d"), Ok(Baseline::Missing(others)));
        assert!(baseline("[]", "a").is_err());
        assert!(baseline("", "a").is_err());
    }
}
