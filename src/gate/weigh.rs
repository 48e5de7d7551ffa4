//! What findings mean for a node.

use super::{Check, Evidence, Says};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Host};
use crate::parsers::findings::{Severity, grade};
use crate::sched::Outcome;

/// Reports the findings of a check and says how the node ends.
///
/// Without `fail_on` the tool's own word counts: a clean exit passes whatever it mentions.
pub fn conclude(
    host: &impl Host,
    check: &Check<'_>,
    fail_on: Option<Severity>,
    evidence: Evidence,
) -> Conclusion {
    let exit_code = evidence.exit_code;
    let Some(findings) = evidence.findings else {
        return match evidence.says {
            Says::Found => {
                let reason = format!("`{}` exited with {exit_code}", check.name);
                Conclusion::new(Outcome::Failed, "exit-code", reason).exit_code(exit_code)
            }
            Says::Clean | Says::Either => Conclusion::passed().exit_code(exit_code),
        };
    };
    let counts = |finding: &&Finding| {
        finding.waiver.is_none()
            && match fail_on {
                Some(least) => finding.severity >= grade(least),
                None => evidence.says != Says::Clean,
            }
    };
    let failing: Vec<&Finding> = findings.iter().filter(counts).collect();
    let conclusion = match failing.as_slice() {
        [] => Conclusion::passed(),
        failing => Conclusion::new(Outcome::Failed, "findings", summary(failing)),
    };
    let fixable = failing.iter().filter(|finding| finding.fixable).count();
    let conclusion = match fixable {
        0 => conclusion,
        count => conclusion.remedy(format!("`--fix` mends {count} of {}", failing.len())),
    };
    tell(host, findings);
    conclusion.exit_code(exit_code)
}

/// Reports findings and how many there are.
pub fn tell(host: &impl Host, findings: Vec<Finding>) {
    let counted = findings
        .iter()
        .filter(|finding| finding.waiver.is_none())
        .count();
    host.measure(Measurement::count("findings", counted as u64));
    for finding in findings {
        host.finding(finding);
    }
}

/// Something worth knowing about a file that decides nothing.
pub fn note(host: &impl Host, rule: &str, path: &str, message: String) {
    host.finding(Finding::new(rule, Grade::Info, message).at(path, None, None));
}

/// What fails, in a sentence.
pub fn summary(failing: &[&Finding]) -> String {
    if let [only] = failing {
        let place = only.place().map(|place| format!("{place}: "));
        return format!("{}{}", place.unwrap_or_default(), headline(only));
    }
    let mut paths: Vec<&str> = failing
        .iter()
        .filter_map(|finding| finding.path.as_deref())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    match paths.len() {
        0 => format!("{} findings", failing.len()),
        1 => format!("{} findings in `{}`", failing.len(), paths[0]),
        files => format!("{} findings in {files} files", failing.len()),
    }
}

fn headline(finding: &Finding) -> String {
    let line = finding.message.lines().next().unwrap_or_default();
    match finding.rule.as_str() {
        // The word that stands where the tool names no rule says nothing.
        "" | "finding" => line.to_owned(),
        rule => format!("{rule}: {line}"),
    }
}
