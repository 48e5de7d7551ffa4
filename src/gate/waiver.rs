//! Findings that a project lives with: each by its id, with a reason and perhaps a last day.

use crate::diag::Diagnostic;
use crate::event::{Finding, Grade};
use crate::span::Spanned;
use crate::spec::Decoder;

/// Why findings of an id do not count, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Waiver<'a> {
    /// What they are known by.
    pub id: &'a str,
    /// Why they do not count.
    pub reason: &'a str,
    /// The last day on which they do not count, in UTC.
    pub until: Option<&'a str>,
}

impl Waiver<'_> {
    fn ended(&self, today: &str) -> bool {
        // Days in this form stand in the order of their texts.
        self.until.is_some_and(|until| until < today)
    }

    fn said(&self) -> String {
        match self.until {
            None => self.reason.to_owned(),
            Some(until) => format!("{} (until {until})", self.reason),
        }
    }
}

/// Reports a day that there is not, and a reason without words. `field` is how it is written.
pub fn check(
    field: &str,
    id: &Spanned<String>,
    reason: &str,
    until: Option<&Spanned<String>>,
    decoder: &mut Decoder<'_>,
) {
    if let Some(until) = until
        && until.parse::<jiff::civil::Date>().is_err()
    {
        decoder.diags.push(
            Diagnostic::new("out-of-range", format!("`{}` is no day", **until))
                .at(until.span, "not a day")
                .help("a day is written `\"2026-12-31\"`"),
        );
    }
    if reason.trim().is_empty() {
        let message = format!("`{field} \"{}\"` gives no reason", **id);
        decoder.diags.push(
            Diagnostic::new("missing-field", message)
                .at(id.span, "without a reason")
                .help("say why the project can live with it"),
        );
    }
}

/// Marks what the project lives with. What comes back are findings on the waivers themselves: that
/// one has ended, or that nothing needs it any more.
pub fn apply<T: AsMut<Finding>>(
    field: &str,
    findings: &mut [T],
    waivers: &[Waiver<'_>],
    today: &str,
    covers: impl Fn(&str, &T) -> bool,
) -> Vec<Finding> {
    let mut hit = vec![false; waivers.len()];
    for told in findings {
        for (waiver, hit) in waivers.iter().zip(&mut hit) {
            if !covers(waiver.id, told) {
                continue;
            }
            *hit = true;
            if !waiver.ended(today) {
                told.as_mut().waiver = Some(waiver.said());
            }
        }
    }
    let told = waivers.iter().zip(hit);
    told.filter_map(|(waiver, hit)| remark(field, waiver, hit, today))
        .collect()
}

fn remark(field: &str, waiver: &Waiver<'_>, hit: bool, today: &str) -> Option<Finding> {
    let Waiver { id, reason, until } = waiver;
    if waiver.ended(today) {
        let until = until.unwrap_or_default();
        let message = format!("the exception for {id} ended on {until}: {reason}");
        return Some(Finding::new(
            format!("{field}-ended"),
            Grade::Medium,
            message,
        ));
    }
    let message = format!("nothing is found any more that the exception for {id} covers");
    (!hit).then(|| Finding::new(format!("{field}-unused"), Grade::Info, message))
}
