//! Advisories from several scanners as one list, and those that a project lives with.

use super::waiver::{self, Waiver};
use crate::event::{Finding, Grade, Measurement};
use crate::host::Host;
use crate::span::Spanned;
use crate::spec::Decoder;

crate::spec! {
    /// Why a finding does not count, and until when.
    pub struct Ignore = "ignore" {
        /// Why it does not count.
        "reason" reason: String,
        /// The last day on which it does not count, `"2026-12-31"` in UTC.
        "until" until: Option<Spanned<String>>,
    }
}

impl Ignore {
    /// Reports a day that there is not, and a reason without words.
    pub fn check(&self, id: &Spanned<String>, decoder: &mut Decoder<'_>) {
        waiver::check("ignore", id, &self.reason, self.until.as_ref(), decoder);
    }
}

/// Every id that a finding is known by.
fn ids(finding: &Finding) -> impl Iterator<Item = &str> {
    let aliases = finding
        .advisory
        .iter()
        .flat_map(|advisory| &advisory.aliases);
    std::iter::once(finding.rule.as_str()).chain(aliases.map(String::as_str))
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    let (Some(first), Some(second)) = (&one.advisory, &other.advisory) else {
        return false;
    };
    first.package.eq_ignore_ascii_case(&second.package)
        && ids(one).any(|id| ids(other).any(|known| known.eq_ignore_ascii_case(id)))
}

/// Makes one finding of all that tell of the same advisory about the same package. The greatest
/// severity counts.
pub fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match merged.iter_mut().find(|known| is_same(known, &finding)) {
            None => merged.push(finding),
            Some(known) => absorb(known, finding),
        }
    }
    merged
}

fn absorb(known: &mut Finding, other: Finding) {
    known.severity = known.severity.max(other.severity);
    known.fixable |= other.fixable;
    let (Some(advisory), Some(more)) = (&mut known.advisory, other.advisory) else {
        return;
    };
    let more = *more;
    let names = std::iter::once(other.rule).chain(more.aliases);
    for name in names {
        let is_known = advisory.aliases.contains(&name) || known.rule == name;
        if !is_known && !name.is_empty() {
            advisory.aliases.push(name);
        }
    }
    for version in more.fixed_in {
        if !advisory.fixed_in.contains(&version) {
            advisory.fixed_in.push(version);
        }
    }
    advisory.version = advisory.version.take().or(more.version);
    advisory.url = advisory.url.take().or(more.url);
}

/// Marks what the project lives with; an exception that has ended, or that nothing needs any more,
/// becomes a finding itself.
pub fn ignore(findings: &mut Vec<Finding>, ignores: &[(Spanned<String>, Ignore)], today: &str) {
    let waivers: Vec<Waiver<'_>> = ignores
        .iter()
        .map(|(id, ignore)| Waiver {
            id,
            reason: &ignore.reason,
            until: ignore.until.as_ref().map(|until| until.as_str()),
        })
        .collect();
    let covers = |id: &str, finding: &Finding| ids(finding).any(|own| own.eq_ignore_ascii_case(id));
    let more = waiver::apply("ignore", findings, &waivers, today, covers);
    findings.extend(more);
}

/// Counts what counts: findings by severity, advisories, and the packages that they are about.
pub fn measure(host: &impl Host, findings: &[Finding]) {
    const GRADES: &[Grade] = &[
        Grade::Critical,
        Grade::High,
        Grade::Medium,
        Grade::Low,
        Grade::Info,
    ];
    let counted = || findings.iter().filter(|finding| finding.waiver.is_none());
    for grade in GRADES {
        let count = counted()
            .filter(|finding| finding.severity == *grade)
            .count();
        let name = format!("security.{}", grade.as_str());
        host.measure(Measurement::count(name, count as u64));
    }
    let mut packages: Vec<&str> = counted()
        .filter_map(|finding| Some(finding.advisory.as_ref()?.package.as_str()))
        .collect();
    host.measure(Measurement::count(
        "security.advisories",
        packages.len() as u64,
    ));
    packages.sort_unstable();
    packages.dedup();
    host.measure(Measurement::count(
        "security.packages",
        packages.len() as u64,
    ));
}

/// What can be done: the updates that the advisories name.
pub fn remedies(failing: &[&Finding]) -> Vec<String> {
    let mut steps: Vec<String> = failing
        .iter()
        .filter_map(|finding| {
            let advisory = finding.advisory.as_ref()?;
            let fixed = advisory.fixed_in.first()?;
            Some(format!("update `{}` to {fixed}", advisory.package))
        })
        .collect();
    steps.sort();
    steps.dedup();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Advisory;
    use crate::span::Span;

    fn advisory(id: &str, package: &str, aliases: &[&str]) -> Finding {
        let mut finding = Finding::new(id, Grade::Medium, "bad");
        finding.advisory = Some(Box::new(Advisory {
            package: package.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            ..Advisory::default()
        }));
        finding
    }

    fn exception(id: &str, until: Option<&str>) -> (Spanned<String>, Ignore) {
        let spanned = |text: &str| Spanned::new(text.to_owned(), Span::default());
        let ignore = Ignore {
            reason: "not reachable".to_owned(),
            until: until.map(spanned),
        };
        (spanned(id), ignore)
    }

    #[test]
    fn b33_an_advisory_that_two_scanners_know_counts_once() {
        let mut high = advisory("CVE-1", "Flask", &[]);
        high.severity = Grade::High;
        let findings = vec![
            advisory("PYSEC-1", "flask", &["CVE-1"]),
            high,
            advisory("CVE-1", "jinja2", &[]),
        ];
        let merged = merge(findings);
        assert_eq!(merged.len(), 2);
        assert_eq!(merged[0].severity, Grade::High);
    }

    #[test]
    fn an_exception_holds_up_to_its_last_day() {
        let judged = |today: &str| {
            let mut findings = vec![advisory("GHSA-1", "a", &["CVE-1"])];
            ignore(
                &mut findings,
                &[exception("cve-1", Some("2026-11-30"))],
                today,
            );
            findings
        };
        assert_eq!(judged("2026-11-30").len(), 1);
        assert_eq!(
            judged("2026-11-30")[0].waiver.as_deref(),
            Some("not reachable (until 2026-11-30)")
        );
        let ended = judged("2026-12-01");
        assert_eq!(ended[0].waiver, None);
        assert_eq!(ended[1].rule, "ignore-ended");
    }

    #[test]
    fn an_exception_for_nothing_is_told() {
        let mut findings = Vec::new();
        ignore(&mut findings, &[exception("CVE-9", None)], "2026-11-30");
        assert_eq!(findings[0].rule, "ignore-unused");
    }
}
