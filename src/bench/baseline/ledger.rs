//! The file of all baselines, as text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::decide::{MOST, median};
use super::run::Run;

/// The form of an entry.
const SCHEMA: &str = "sdd.baseline/1";
/// The percentiles that an entry tells of all its runs, with their thousandths.
const TOLD: &[(&str, u64)] = &[
    ("p50", 500),
    ("p75", 750),
    ("p90", 900),
    ("p95", 950),
    ("p99", 990),
];

/// What has to be alike for two runs to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The machine: its processor, how many, and its architecture.
    pub machine: String,
    /// What was sent, as the pipeline says it.
    pub load: String,
    /// What sent it.
    pub engine: String,
}

impl Key {
    /// The names of what differs.
    pub fn differences(&self, other: &Key) -> Vec<&'static str> {
        let parts = [
            ("machine", self.machine == other.machine),
            ("load", self.load == other.load),
            ("engine", self.engine == other.engine),
        ];
        let other = parts.into_iter().filter(|(_, alike)| !alike);
        other.map(|(name, _)| name).collect()
    }
}

/// Runs that can be compared with each other, the oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Set {
    /// What they have in common.
    #[serde(flatten)]
    pub key: Key,
    /// The runs.
    pub runs: Vec<Run>,
}

/// What is known of a benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    schema: String,
    /// Medians of the latest set of runs, in milliseconds.
    pub latency: BTreeMap<String, f64>,
    /// Median of their successes a second.
    pub throughput: BTreeMap<String, f64>,
    /// When it was changed, in UTC.
    pub timestamp: String,
    /// The runs, by what they have in common.
    pub sets: Vec<Set>,
}

/// An entry of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Runs that can be compared.
    Known(Known),
    /// An entry of the older form: single values, of no machine and no load that is named.
    Older(Map<String, Value>),
}

/// What there is to compare a run with.
#[derive(Debug, Clone, PartialEq)]
pub enum Match {
    /// Runs of the same key.
    Runs(Vec<Run>),
    /// Only runs of another key; what differs.
    Others(Vec<&'static str>),
    /// Only an entry of the older form.
    Older,
    /// Nothing.
    Nothing,
}

/// What becomes of the runs that are stored when others come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The new ones come after them; the oldest go when there are too many.
    Rolling,
    /// The new ones come after them as long as there is room.
    First,
    /// They go.
    Nothing,
}

/// The whole file. What is not changed stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger(Map<String, Value>);

impl Ledger {
    /// Reads the text of the file.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| format!("it is no JSON object of entries: {error}"))
    }

    /// The text of the file.
    pub fn print(&self) -> String {
        let text = serde_json::to_string_pretty(&Value::Object(self.0.clone()));
        // An object whose keys are texts can always be printed.
        text.unwrap_or_default() + "\n"
    }

    /// The names of all entries.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// An entry; the error says what is wrong with it.
    pub fn entry(&self, name: &str) -> Result<Option<Entry>, String> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        let Value::Object(fields) = value else {
            return Err(format!("the entry `{name}` is no object"));
        };
        if !fields.contains_key("schema") {
            return Ok(Some(Entry::Older(fields.clone())));
        }
        let known: Known = serde_json::from_value(value.clone())
            .map_err(|error| format!("the entry `{name}` can't be read: {error}"))?;
        if known.schema != SCHEMA {
            return Err(format!(
                "the entry `{name}` has the form `{}`, which this version does not know",
                known.schema
            ));
        }
        Ok(Some(Entry::Known(known)))
    }

    /// What there is to compare a run of that key with.
    pub fn find(&self, name: &str, key: &Key) -> Result<Match, String> {
        let known = match self.entry(name)? {
            None => return Ok(Match::Nothing),
            Some(Entry::Older(_)) => return Ok(Match::Older),
            Some(Entry::Known(known)) => known,
        };
        if let Some(set) = known.sets.iter().find(|set| set.key == *key) {
            return Ok(Match::Runs(set.runs.clone()));
        }
        let others = known.sets.iter().map(|set| set.key.differences(key));
        let nearest = others.min_by_key(Vec::len);
        Ok(nearest.map_or(Match::Nothing, Match::Others))
    }

    /// Adds runs of a key to an entry; one that is there already is not added again. Gives how many runs of that key there are then.
    pub fn add(
        &mut self,
        name: &str,
        key: &Key,
        runs: &[Run],
        keep: Keep,
    ) -> Result<usize, String> {
        let mut sets = match self.entry(name)? {
            Some(Entry::Known(known)) => known.sets,
            Some(Entry::Older(_)) | None => Vec::new(),
        };
        let place = sets.iter().position(|set| set.key == *key);
        let mut stored = place.map_or(Vec::new(), |place| sets.remove(place).runs);
        if keep == Keep::Nothing {
            stored.clear();
        }
        for run in runs {
            if !stored.contains(run) {
                stored.push(run.clone());
            }
        }
        if keep == Keep::Rolling {
            stored.drain(..stored.len().saturating_sub(MOST));
        }
        stored.truncate(MOST);
        let count = stored.len();
        // The latest set stands last.
        sets.push(Set {
            key: key.clone(),
            runs: stored,
        });
        let known = known(sets);
        let value = serde_json::to_value(known).map_err(|error| error.to_string())?;
        self.0.insert(name.to_owned(), value);
        Ok(count)
    }

    /// Removes an entry; whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        self.0.shift_remove(name).is_some()
    }
}

fn known(sets: Vec<Set>) -> Known {
    let runs: &[Run] = sets.last().map_or(&[], |set| &set.runs);
    let percentile = |thousandths: u64| {
        let found = runs.iter().map(|run| {
            let found = run.latencies().percentile(thousandths)?;
            Some(found.as_secs_f64() * 1e3)
        });
        let found: Option<Vec<f64>> = found.collect();
        found.filter(|found| !found.is_empty())
    };
    let latency = TOLD.iter().filter_map(|(name, thousandths)| {
        Some(((*name).to_owned(), median(&percentile(*thousandths)?)))
    });
    let rates: Vec<f64> = runs.iter().map(|run| run.per_second).collect();
    let throughput = (!rates.is_empty()).then(|| ("requests_per_sec".to_owned(), median(&rates)));
    Known {
        schema: SCHEMA.to_owned(),
        latency: latency.collect(),
        throughput: throughput.into_iter().collect(),
        timestamp: runs.last().map_or(String::new(), |run| run.at.clone()),
        sets,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::baseline::run::Window;

    fn key(load: &str) -> Key {
        Key {
            machine: "m".to_owned(),
            load: load.to_owned(),
            engine: "builtin".to_owned(),
        }
    }

    fn run(at: usize) -> Run {
        Run {
            at: at.to_string(),
            run: "r".to_owned(),
            sent: 10,
            failed: 0,
            per_second: 5.0,
            cpu_us: None,
            windows: vec![Window {
                latencies_ns: vec![(2_000_000, 10)],
            }],
            yardstick: None,
        }
    }

    fn runs(ledger: &Ledger) -> Vec<String> {
        let Match::Runs(runs) = ledger.find("p/n", &key("a")).unwrap() else {
            panic!("{ledger:?}");
        };
        runs.into_iter().map(|run| run.at).collect()
    }

    #[test]
    fn what_is_added_is_found_again_and_what_others_wrote_stays() {
        let older = r#"{"w1":{"latency":{"p50":3},"session":4}}"#;
        let mut ledger = Ledger::parse(older).unwrap();
        assert_eq!(
            ledger.add("p/n", &key("a"), &[run(0)], Keep::Rolling),
            Ok(1)
        );
        let again = Ledger::parse(&ledger.print()).unwrap();
        assert_eq!(again, ledger);
        assert_eq!(runs(&again), ["0"]);
        let Some(Entry::Older(fields)) = again.entry("w1").unwrap() else {
            panic!("{again:?}");
        };
        assert_eq!(fields["session"], 4);
        assert_eq!(again.find("w1", &key("a")), Ok(Match::Older));
        let Some(Entry::Known(known)) = again.entry("p/n").unwrap() else {
            panic!("{again:?}");
        };
        assert!((known.latency["p50"] - 2.0).abs() < 0.05);
        assert!((known.throughput["requests_per_sec"] - 5.0).abs() < 1e-9);
    }

    #[test]
    fn b95_runs_of_another_machine_load_or_engine_are_not_found() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.find("p/n", &key("a")), Ok(Match::Nothing));
        ledger
            .add("p/n", &key("b"), &[run(0)], Keep::Rolling)
            .unwrap();
        let others = Match::Others(vec!["load"]);
        assert_eq!(ledger.find("p/n", &key("a")), Ok(others));
        ledger
            .add("p/n", &key("a"), &[run(1)], Keep::Rolling)
            .unwrap();
        assert_eq!(runs(&ledger), ["1"]);
    }

    #[test]
    fn b88_there_are_never_too_many_runs_and_who_updates_by_itself_never_forgets() {
        let mut ledger = Ledger::default();
        let all: Vec<Run> = (0..MOST + 2).map(run).collect();
        ledger
            .add("p/n", &key("a"), &all[..MOST], Keep::First)
            .unwrap();
        assert_eq!(
            ledger.add("p/n", &key("a"), &all[MOST..], Keep::First),
            Ok(MOST)
        );
        assert_eq!(runs(&ledger)[0], "0");
        ledger
            .add("p/n", &key("a"), &all[MOST..], Keep::Rolling)
            .unwrap();
        assert_eq!(
            (runs(&ledger)[0].as_str(), runs(&ledger).len()),
            ("2", MOST)
        );
        ledger
            .add("p/n", &key("a"), &all[..1], Keep::Nothing)
            .unwrap();
        assert_eq!(runs(&ledger), ["0"]);
        assert!(ledger.remove("p/n") && !ledger.remove("p/n"));
    }

    #[test]
    fn what_is_no_file_of_baselines_is_told() {
        assert!(Ledger::parse("[]").is_err());
        assert!(Ledger::parse("").is_err());
        let ledger = Ledger::parse(r#"{"a":1,"b":{"schema":"x"},"c":{"schema":"sdd.baseline/2"}}"#);
        let ledger = ledger.unwrap();
        for name in ["a", "b", "c"] {
            assert!(ledger.entry(name).is_err(), "{name}");
        }
    }
}
