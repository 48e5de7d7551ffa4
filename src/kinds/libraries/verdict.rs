//! What the answers mean for the node.

use serde_json::json;

use crate::event::{Finding, Grade, Measurement};
use crate::gate::weigh;
use crate::host::{Conclusion, Host};
use crate::kinds::libraries::Libraries;
use crate::kinds::libraries::gather::{Gathered, Library};
use crate::kinds::libraries::look_up::{Answer, Known, LookedUp};
use crate::mcp::context7::{is_listed, newest};
use crate::parsers::findings::grade;
use crate::parsers::manifests::Used;
use crate::sched::Outcome;
use crate::spec::print_duration;

/// What every summary ends with: the gate claims no more than it has seen.
const LIMITS: &str = "nothing is said about security or being current";

/// How many libraries were verified in which way.
#[derive(Debug, Default)]
struct Counts {
    known: u64,
    listed: u64,
    documented: u64,
    remembered: u64,
}

/// Reports what was found and says how the node ends.
pub(super) fn conclude(
    node: &Libraries,
    host: &impl Host,
    gathered: Gathered,
    looked_up: LookedUp,
) -> Conclusion {
    let mut findings = gathered.findings;
    let mut counts = Counts::default();
    let mut rows = Vec::new();
    let answers = gathered.libraries.iter().zip(&looked_up.answers);
    for (library, answer) in answers.filter_map(|(one, answer)| Some((one, answer.as_ref()?))) {
        judge(library, answer, &mut findings, &mut counts);
        rows.push(row(&library.used, answer));
    }
    let oldest = looked_up
        .answers
        .iter()
        .flatten()
        .filter_map(|answer| answer.age)
        .max();
    let table = serde_json::Value::from(rows);
    if let Err(error) = host.write_out("libraries.json", &format!("{table:#}\n")) {
        let reason = format!("the table of the libraries can't be written: {error}");
        return Conclusion::new(Outcome::Error, "state-folder", reason);
    }
    let least = grade(node.fail_on);
    let failing: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.severity >= least)
        .collect();
    let conclusion = match (looked_up.unknown, failing.as_slice()) {
        (Some(unknown), _) => unknown,
        (None, []) => {
            measure(host, &counts, gathered.libraries.len());
            let age = oldest.map(|age| {
                format!(
                    "; {} from answers up to {} old",
                    counts.remembered,
                    print_duration(age)
                )
            });
            let reason = format!(
                "{} known by name, {} in their pinned versions{}; {LIMITS}",
                libraries(counts.known),
                counts.listed,
                age.unwrap_or_default()
            );
            Conclusion {
                reason: Some(reason),
                ..Conclusion::passed()
            }
        }
        (None, failing) => {
            measure(host, &counts, gathered.libraries.len());
            Conclusion::new(Outcome::Failed, "findings", weigh::summary(failing))
                .remedy("`called` gives the name under which the server knows a library, `except` leaves one out")
        }
    };
    weigh::tell(host, findings);
    conclusion
}

fn libraries(count: u64) -> String {
    match count {
        1 => "1 library is".to_owned(),
        count => format!("{count} libraries are"),
    }
}

fn measure(host: &impl Host, counts: &Counts, checked: usize) {
    for (name, count) in [
        ("libraries.checked", checked as u64),
        ("libraries.known", counts.known),
        ("libraries.listed", counts.listed),
        ("libraries.documented", counts.documented),
        ("libraries.remembered", counts.remembered),
    ] {
        host.measure(Measurement::count(name, count));
    }
}

fn judge(library: &Library, answer: &Answer, findings: &mut Vec<Finding>, counts: &mut Counts) {
    counts.remembered += u64::from(answer.age.is_some());
    let Library { used, asked } = library;
    let name = &used.name;
    let mut find = |rule: &str, severity, message: String| {
        findings.push(Finding::new(rule, severity, message).at(&used.path, used.line, None));
    };
    let (entry, documented) = match &answer.known {
        Some(Known::One { entry, documented }) => (entry, *documented),
        Some(Known::Several(ids)) => {
            let message = format!(
                "`{name}` may be any of {}: `called` says which one it is",
                ids.join(", ")
            );
            return find("library-ambiguous", Grade::Medium, message);
        }
        None => return find("library-unknown", Grade::Medium, not_known(name, asked)),
    };
    counts.known += 1;
    match documented {
        Some(true) => counts.documented += 1,
        Some(false) => {
            let message =
                format!("`{name}` is known to the server, but it serves no documentation");
            find("documentation-missing", Grade::Low, message);
        }
        None => {}
    }
    if used.versions.is_empty() {
        let message = format!("`{name}`: no version is pinned, so none was verified");
        return find("version-not-pinned", Grade::Info, message);
    }
    let listed = &entry.versions;
    let newest = newest(listed);
    let mut all = true;
    for version in &used.versions {
        let newer = newest.filter(|newest| !is_listed(version, &[(*newest).to_owned()]));
        match (is_listed(version, listed), newer) {
            (true, None) => {}
            (true, Some(newest)) => {
                let message =
                    format!("`{name}` {version} is listed; the newest version listed is {newest}");
                find("version-older", Grade::Info, message);
            }
            (false, _) => {
                all = false;
                find(
                    "version-not-listed",
                    Grade::Low,
                    not_listed(name, version, newest, listed),
                );
            }
        }
    }
    counts.listed += u64::from(all);
}

fn not_known(name: &str, asked: &str) -> String {
    let other = if asked == name {
        String::new()
    } else {
        format!(", asked for as `{asked}`,")
    };
    format!("`{name}`{other} is not known to the server under exactly that name")
}

fn not_listed(name: &str, version: &str, newest: Option<&str>, listed: &[String]) -> String {
    let more = match newest {
        _ if listed.is_empty() => "the server lists no version of it".to_owned(),
        Some(newest) => format!("the newest version listed is {newest}"),
        None => format!("listed are {}", listed.join(", ")),
    };
    format!("`{name}` {version} is not listed: {more}")
}

/// What was verified of a library, for programs.
fn row(used: &Used, answer: &Answer) -> serde_json::Value {
    let (entry, documented) = match &answer.known {
        Some(Known::One { entry, documented }) => (Some(entry), *documented),
        _ => (None, None),
    };
    let listed = entry.map_or(&[][..], |entry| &entry.versions);
    let versions = used
        .versions
        .iter()
        .map(|version| json!({"version": version, "listed": is_listed(version, listed)}));
    json!({
        "name": used.name,
        "path": used.path,
        "line": used.line,
        "id": entry.map(|entry| &entry.id),
        "known": entry.is_some(),
        "documented": documented,
        "versions": versions.collect::<Vec<_>>(),
        "newest": newest(listed),
        "age_s": answer.age.map_or(0, |age| age.as_secs()),
    })
}
