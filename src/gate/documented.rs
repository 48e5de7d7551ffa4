//! Whether an integration is documented: its diagrams, its contracts, its baseline and the points
//! where its components meet. A file that is empty documents nothing.

use std::io::ErrorKind;

use super::specified::{self, Specified};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::span::SourceId;
use crate::spec::{Glob, normalise};
use crate::work::{self, BASELINES, Baseline, Diagram, Scenario, Topic};

/// What has to be documented.
#[derive(Debug, Clone, Copy)]
pub struct Demands<'a> {
    /// Files one of which has to hold the architecture; none if that is not asked for.
    pub diagram: &'a [Glob],
    /// Pages beside the specification that may hold sequence diagrams.
    pub sequences: Option<&'a [Glob]>,
    /// Whether every contract that the specification names has to be there.
    pub contracts: bool,
    /// The entry that has to be among the baselines; by default that of the work item.
    pub baseline: Option<Option<&'a str>>,
    /// Whether the specification has to name integration points.
    pub points: bool,
}

/// How much of it is documented.
#[derive(Debug, Default)]
pub struct Score {
    /// Requirements that are met.
    pub met: usize,
    /// Requirements in all.
    pub total: usize,
    /// What is missing, one for each requirement that is not met.
    pub findings: Vec<Finding>,
}

impl Score {
    fn count(&mut self, missing: Option<Finding>) {
        self.total += 1;
        self.met += usize::from(missing.is_none());
        self.findings.extend(missing);
    }

    /// The score in words.
    pub fn words(&self) -> String {
        let (met, total) = (self.met, self.total);
        format!("{met} of {total} documentation requirements met")
    }
}

/// Counts what is documented. The second part says what could not be told; nothing to look at is
/// no evidence either.
pub async fn documented(host: &impl Host, demands: &Demands<'_>) -> (Score, Option<Conclusion>) {
    let mut score = Score::default();
    let untold = count(host, demands, &mut score).await.err();
    for (name, count) in [
        ("docs.requirements.met", score.met),
        ("docs.requirements.total", score.total),
    ] {
        host.measure(Measurement::count(name, count as u64));
    }
    (score, untold)
}

async fn count(
    host: &impl Host,
    demands: &Demands<'_>,
    score: &mut Score,
) -> Result<(), Conclusion> {
    if !demands.diagram.is_empty() {
        let missing = architecture(host, demands.diagram).await?;
        score.count(missing);
    }
    let item = demands.sequences.is_some() || demands.contracts || demands.points;
    let own_baseline = demands.baseline == Some(None);
    let specified = if item || own_baseline {
        Some(specified::read(host, None)?)
    } else {
        None
    };
    if let Some(entry) = demands.baseline {
        let own = specified
            .as_ref()
            .map(|specified| specified.item.id.as_str());
        let entry = entry.or(own).unwrap_or_default();
        score.count(recorded(host, entry)?);
    }
    let Some(specified) = specified else {
        return Ok(());
    };
    if demands.points {
        score.count(points(&specified));
    }
    let mut nothing = Vec::new();
    if let Some(pages) = demands.sequences {
        let drawn = drawn(host, &specified, pages).await?;
        for scenario in &specified.spec.scenarios {
            score.count(undrawn(&specified, scenario, &drawn));
        }
        nothing.extend(
            specified
                .spec
                .scenarios
                .is_empty()
                .then_some(("sequence-diagrams", "scenario")),
        );
    }
    if demands.contracts {
        for contract in &specified.spec.contracts {
            score.count(absent(host, &specified, contract)?);
        }
        nothing.extend(
            specified
                .spec
                .contracts
                .is_empty()
                .then_some(("contracts", "contract")),
        );
    }
    match nothing.first() {
        None => Ok(()),
        Some((field, what)) => {
            let path = &specified.path;
            let reason = format!("`{field}`: nothing was checked, since `{path}` names no {what}");
            Err(Conclusion::new(Outcome::Error, "nothing-checked", reason))
        }
    }
}

/// Whether a file holds more than blanks; `None` if it is not there.
fn holds_text(host: &impl Host, path: &str) -> Result<Option<bool>, Conclusion> {
    match host.read(path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_start_matches('\u{feff}');
            Ok(Some(!text.trim().is_empty()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error.to_string())),
    }
}

fn unreadable(path: &str, reason: &str) -> Conclusion {
    let reason = format!("`{path}` can't be read: {reason}");
    Conclusion::new(Outcome::Error, "unreadable-file", reason)
}

async fn architecture(host: &impl Host, globs: &[Glob]) -> Result<Option<Finding>, Conclusion> {
    let mut paths: Vec<String> = globs
        .iter()
        .filter_map(Glob::literal)
        .map(str::to_owned)
        .collect();
    let patterns: Vec<Glob> = globs
        .iter()
        .filter(|glob| glob.literal().is_none())
        .cloned()
        .collect();
    if !patterns.is_empty() {
        let files = host.list(&patterns, &[]).await;
        paths.extend(files.map_err(|problem| unreadable(&patterns[0].text, &problem))?);
    }
    let mut empty = None;
    for path in &paths {
        match holds_text(host, path)? {
            Some(true) => return Ok(None),
            Some(false) => empty = empty.or(Some(path)),
            None => {}
        }
    }
    let rule = "diagram-missing";
    Ok(Some(match (empty, globs.first()) {
        (Some(path), _) => finding(
            rule,
            path,
            format!("the architecture diagram `{path}` is empty"),
        ),
        (None, first) => {
            let names: Vec<String> = globs
                .iter()
                .map(|glob| format!("`{}`", glob.text))
                .collect();
            let message = format!("there is no architecture diagram {}", names.join(" or "));
            finding(rule, first.map_or("", |glob| &glob.text), message)
        }
    }))
}

fn finding(rule: &str, path: &str, message: String) -> Finding {
    Finding::new(rule, Grade::Medium, message).at(path, None, None)
}

/// The sequence diagrams of the specification and of other pages.
async fn drawn(
    host: &impl Host,
    specified: &Specified,
    globs: &[Glob],
) -> Result<Vec<Diagram>, Conclusion> {
    let own = work::outline(specified.text(), SourceId::default());
    let mut drawn = work::diagrams(&own);
    if globs.is_empty() {
        return Ok(drawn);
    }
    let files = host.list(globs, &[]).await;
    for path in files.map_err(|problem| unreadable(&globs[0].text, &problem))? {
        let bytes = host
            .read(&path)
            .map_err(|error| unreadable(&path, &error.to_string()))?;
        let page = work::outline(&String::from_utf8_lossy(&bytes), SourceId::default());
        drawn.extend(work::diagrams(&page));
    }
    Ok(drawn)
}

fn undrawn(specified: &Specified, scenario: &Scenario, drawn: &[Diagram]) -> Option<Finding> {
    let name = &scenario.name;
    let is_of = |heading: &String| work::is_heading_of(heading, scenario);
    let is_drawn = |diagram: &Diagram| diagram.headings.iter().any(is_of);
    if !specified.spec.is_template(name.span) && drawn.iter().any(is_drawn) {
        return None;
    }
    let message = format!("the scenario `{}` has no sequence diagram", **name);
    Some(specified.finding("sequence-diagram-missing", message, name.span))
}

fn absent(
    host: &impl Host,
    specified: &Specified,
    contract: &work::Contract,
) -> Result<Option<Finding>, Conclusion> {
    let rule = "contract-missing";
    let Some(file) = &contract.file else {
        let message = format!("the contract `{}` names no file", *contract.name);
        return Ok(Some(specified.finding(rule, message, contract.name.span)));
    };
    let path = normalise(file).filter(|path| !path.is_empty());
    let held = path.map_or(Ok(None), |path| holds_text(host, &path))?;
    let wrong = match held {
        Some(true) => return Ok(None),
        Some(false) => "is empty",
        None => "is not there",
    };
    let message = format!("the contract file `{}` {wrong}", **file);
    Ok(Some(specified.finding(rule, message, file.span)))
}

fn recorded(host: &impl Host, entry: &str) -> Result<Option<Finding>, Conclusion> {
    let rule = "baseline-missing";
    let text = match host.read(BASELINES) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let message =
                format!("no baseline of `{entry}` was recorded: `{BASELINES}` is not there");
            return Ok(Some(finding(rule, BASELINES, message)));
        }
        Err(error) => return Err(unreadable(BASELINES, &error.to_string())),
    };
    let found = work::baseline(&text, entry).map_err(|reason| unreadable(BASELINES, &reason))?;
    let message = match found {
        Baseline::Recorded(_) => return Ok(None),
        Baseline::Empty => format!("the baseline of `{entry}` holds no latency"),
        Baseline::Missing(others) if others.is_empty() => {
            format!("no baseline of `{entry}` was recorded")
        }
        Baseline::Missing(others) => {
            format!(
                "no baseline of `{entry}` was recorded, only of {}",
                others.join(", ")
            )
        }
    };
    Ok(Some(finding(rule, BASELINES, message)))
}

fn points(specified: &Specified) -> Option<Finding> {
    let spec = &specified.spec;
    let at = spec.at(Topic::Scope).unwrap_or(spec.top);
    let message = "no integration points are documented";
    let missing = || specified.finding("integration-points-missing", message, at);
    let mut points = spec.points.iter();
    points
        .all(|point| spec.is_template(point.span))
        .then(missing)
}
