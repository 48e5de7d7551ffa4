//! Whether every scenario of the current work item has a test that ran.

use super::specified;
use crate::event::Measurement;
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::work::match_scenarios;

/// Judges a suite whose tests have to cover the scenarios; `ran` are the names of those that ran, if
/// all are known, and `conclusion` is what it came to without them. A failure stays one, whatever is covered.
pub fn scenarios(host: &impl Host, ran: Option<&[String]>, conclusion: Conclusion) -> Conclusion {
    let open = matches!(conclusion.outcome, Outcome::Passed | Outcome::Skipped);
    match uncovered(host, ran) {
        Ok(Some(other)) | Err(other) if open => other,
        _ => conclusion,
    }
}

fn uncovered(host: &impl Host, ran: Option<&[String]>) -> Result<Option<Conclusion>, Conclusion> {
    let specified = specified::read(host, None)?;
    let spec = &specified.spec;
    let scenarios = &spec.scenarios;
    let error = |code, reason| Err(Conclusion::new(Outcome::Error, code, reason));
    if scenarios.is_empty() {
        let path = &specified.path;
        let reason = format!("no scenario was looked for, since `{path}` names none");
        return error("nothing-checked", reason);
    }
    let Some(ran) = ran else {
        let reason =
            "the names of all tests that passed are not known, so scenarios can't be found";
        return error("tests-unnamed", reason.to_owned());
    };
    let mut missing = Vec::new();
    for (scenario, found) in scenarios.iter().zip(match_scenarios(scenarios, ran)) {
        // What the template calls a scenario is none, whatever test bears its name.
        if found.test.is_none() || spec.is_template(scenario.name.span) {
            let message = format!("no test ran for the scenario `{}`", found.scenario);
            let at = scenario.name.span;
            host.finding(specified.finding("scenario-without-test", &message, at));
            missing.push(found.scenario);
        }
    }
    let covered = scenarios.len() - missing.len();
    for (name, count) in [
        ("scenarios.covered", covered),
        ("scenarios.total", scenarios.len()),
    ] {
        host.measure(Measurement::count(name, count as u64));
    }
    let Some(first) = missing.first() else {
        return Ok(None);
    };
    let total = scenarios.len();
    let reason = match missing.len() {
        1 => format!("no test ran for the scenario `{first}`"),
        count => format!("no test ran for {count} of {total} scenarios, the first is `{first}`"),
    };
    let conclusion = Conclusion::new(Outcome::Failed, "scenario-without-test", reason);
    Ok(Some(conclusion.remedy(
        "name a test after the scenario: `test_happy_path` covers `Happy path`",
    )))
}
