//! SARIF 2.1.0. The document is never held: each result becomes a finding as it comes, and only what
//! its rule says of it waits for the end of the run, since `tool` may stand behind `results`.

mod location;
mod message;
mod result;
mod rules;

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use self::location::{Artifact, Bases};
use self::message::Message;
use self::result::{Pending, SarifResult};
use self::rules::Tool;
use super::lossy::Lossy;
use super::{Context, Report};

/// Reads the runs; the error says why it is no SARIF, or no evidence of a run.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let mut input = Lossy::new(input);
    skip_mark(&mut input)?;
    let log: Log = serde_json::from_reader(input).map_err(|error| error.to_string())?;
    match log.version.as_deref() {
        Some("2.1.0") => {}
        Some(other) => return Err(format!("it is SARIF {other}, not 2.1.0")),
        None => return Err("it has no `version` and is no SARIF".to_owned()),
    }
    let runs = log
        .runs
        .filter(|runs| !runs.is_empty())
        .ok_or("it holds no run")?;
    let mut report = Report::default();
    for run in runs {
        run.finish(context, &mut report)?;
    }
    Ok(report)
}

/// Some tools begin with a byte order mark, which JSON knows nothing of.
fn skip_mark(input: &mut Lossy<'_>) -> Result<(), String> {
    let start = input.fill_buf().map_err(|error| error.to_string())?;
    if start.starts_with("\u{feff}".as_bytes()) {
        input.consume('\u{feff}'.len_utf8());
    }
    Ok(())
}

#[derive(Deserialize)]
struct Log {
    version: Option<String>,
    runs: Option<Vec<Run>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    #[serde(default)]
    tool: Tool,
    #[serde(default, deserialize_with = "pending")]
    results: Option<Vec<Pending>>,
    #[serde(default)]
    invocations: Option<Vec<Invocation>>,
    #[serde(default)]
    original_uri_base_ids: Option<Bases>,
    #[serde(default)]
    artifacts: Option<Vec<Artifact>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: Option<bool>,
    exit_code_description: Option<String>,
    #[serde(default)]
    tool_execution_notifications: Option<Vec<Notification>>,
    #[serde(default)]
    tool_configuration_notifications: Option<Vec<Notification>>,
}

#[derive(Deserialize)]
struct Notification {
    level: Option<String>,
    #[serde(default)]
    message: Message,
}

impl Run {
    fn finish(self, context: &Context<'_>, report: &mut Report) -> Result<(), String> {
        for invocation in self.invocations.into_iter().flatten() {
            invocation.tell(&mut report.problems);
        }
        // By the standard, a run that was not carried out has no `results`.
        let results = match self.results {
            Some(results) => results,
            None if !report.problems.is_empty() => Vec::new(),
            None => return Err("a run of it has no `results`".to_owned()),
        };
        let bases = self.original_uri_base_ids.unwrap_or_default();
        let artifacts = self.artifacts.unwrap_or_default();
        report.findings.reserve_exact(results.len());
        for pending in results {
            report
                .findings
                .push(pending.finish(context, &self.tool, (&bases, &artifacts))?);
        }
        Ok(())
    }
}

impl Invocation {
    fn tell(self, problems: &mut Vec<String>) {
        let before = problems.len();
        let of_execution = self.tool_execution_notifications.into_iter().flatten();
        let of_configuration = self.tool_configuration_notifications.into_iter().flatten();
        for notification in of_execution.chain(of_configuration) {
            if notification.level.as_deref() == Some("error") {
                let told = notification.message.text(None);
                problems.push(told.unwrap_or_else(|| "the tool reports an error".to_owned()));
            }
        }
        if self.execution_successful == Some(false) && problems.len() == before {
            let told = self.exit_code_description;
            problems
                .push(told.unwrap_or_else(|| "the tool says that it did not succeed".to_owned()));
        }
    }
}

/// Reads results one by one, keeping of each only what becomes of it.
fn pending<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Vec<Pending>>, D::Error> {
    struct Results;

    impl<'de> Visitor<'de> for Results {
        type Value = Option<Vec<Pending>>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a list of results")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut results = Vec::new();
            while let Some(result) = items.next_element::<SarifResult>()? {
                results.extend(Pending::of(result));
            }
            Ok(Some(results))
        }
    }

    input.deserialize_any(Results)
}
