//! `contract`: an API contract is valid, keeps what was promised, and is kept by the service.

mod against;
mod compatible;
mod examine;
mod gather;
mod live;
mod texts;
mod told;

use crate::contract::compare;
use crate::diag::Diagnostic;
use crate::event::Measurement;
use crate::gate::waiver::{self, Waiver};
use crate::gate::{Effects, judge};
use crate::host::{Conclusion, Host};
use crate::kinds::NodeKind;
use crate::sched::Outcome;
use crate::span::{Span, Spanned};
use crate::spec::{Decoder, Glob, Named, Template};
use against::Against;
use live::Live;
use told::{About, Report};

crate::spec! {
    /// API contracts (`OpenAPI` 3, Swagger 2.0) are valid, and break nobody who keeps to what they were.
    ///
    /// What is compared is what clients may send and what they have to understand; a claim that something breaks comes with a value that shows it. It passes only if every contract was read, and compared with what it was: a previous contract that can't be read is an `error`, and so is a change of which nobody can tell whether it breaks something. A contract that git says was not there under its own path is new, which is told.
    pub struct Contract = "contract" {
        /// The contracts. Each pattern has to match a file.
        "spec" spec: Vec<Glob>,
        /// What they are compared with: `"base:"` (what each was in the commit that `base` names), `"base:PATH"`, `"REV:PATH"` (in a commit or a tag), `"PATH"`, or the URL of what is published. What ends with `/` or `:` is a folder in which each is looked for under its own path. `"none"` compares nothing.
        "against" against: Template = "base:",
        /// What becomes of a change that breaks somebody: it fails, it fails unless `info.version` rises as semantic versioning demands, or it is only told.
        "breaking" breaking: Breaking = "forbid",
        /// How many days before its end something has to be deprecated, with `x-sunset` to name the day.
        "notice" notice: Option<Notice>,
        /// Addresses below which references may lead over the network, for instance `"https://schemas.example.com/"`. What stands anywhere else is not fetched, and what depends on it can't be decided.
        "remote" remote: Vec<String>,
        /// A service that runs is sent what the contract allows, examples first, and its answers are held against the contract.
        "live" live: Option<Live>,
        /// Findings that do not count until a day, by their rule or by as much of `RULE METHOD PATH LOCATION` as tells them from others.
        "waive" waive: Named<Waive>,
    }
}

crate::choice! {
    /// What becomes of a change that breaks somebody.
    pub enum Breaking {
        Forbid = "forbid",
        Major = "major",
        Allow = "allow",
    }
}

crate::spec! {
    /// How many days before its end something has to be deprecated. What is `draft` or `alpha` by `x-stability-level` may go at any time.
    pub struct Notice = "notice" {
        /// Days for what is `stable`, or says nothing; by default none.
        "stable" stable: Option<u32>,
        /// Days for what is `beta`; by default none.
        "beta" beta: Option<u32>,
    }
}

crate::spec! {
    /// Why a finding does not count, and until when.
    pub struct Waive = "waive" {
        /// Why it does not count.
        "reason" reason: String,
        /// The last day on which it does not count, `"2026-12-31"` in UTC.
        "until" until: Spanned<String>,
    }
}

impl NodeKind for Contract {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        if self.spec.is_empty() {
            decoder.diags.push(
                Diagnostic::new("missing-field", "the node names no contract")
                    .at(owner, "checks nothing")
                    .help("for instance `spec \"api/openapi.yaml\"`"),
            );
        }
        if let Some(text) = self.against.as_literal()
            && let Err(wrong) = Against::of(text)
        {
            decoder.diags.push(
                Diagnostic::new("wrong-type", format!("`against`: {wrong}"))
                    .at(self.against.span, "names no contract")
                    .help("for instance \"base:\", \"v1.2.0:api/openapi.yaml\" or \"published/\""),
            );
        }
        if let Some(live) = &self.live {
            live.check(decoder);
        }
        for (id, waive) in &self.waive.0 {
            waiver::check("waive", id, &waive.reason, Some(&waive.until), decoder);
        }
    }

    fn effects(&self) -> Option<Effects<'_>> {
        Some(Effects {
            reads: None,
            writes: &[],
            fixes: false,
        })
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let report = self.report(host).await;
        if let Some(ended) = host.interruption() {
            return judge::could_not_tell(&ended);
        }
        let mut report = match report {
            Ok(report) => report,
            Err(conclusion) => return conclusion,
        };
        let waivers: Vec<Waiver<'_>> = self.waive.0.iter().map(Waive::of).collect();
        report.waive(&waivers, &host.today());
        measure(host, &report);
        report.conclude(host)
    }
}

impl Contract {
    async fn report(&self, host: &impl Host) -> Result<Report, Conclusion> {
        let against = self.against(host)?;
        let paths = gather::contracts(host, &self.spec).await?;
        if let Some(conclusion) = against.one_for_several(paths.len()) {
            return Err(conclusion);
        }
        host.measure(Measurement::count("contract.files", paths.len() as u64));
        let mut report = Report::default();
        let moves = gather::moves(host, &self.spec, &paths, &against).await;
        let (moves, unmoved) = match moves {
            Ok(moves) => (moves, None),
            Err(reason) => (gather::Moves::default(), Some(reason)),
        };
        for path in &paths {
            let previous = moves.previous(&against, path);
            examine::examine(host, self, path, previous, &mut report).await;
        }
        let mut gone: Vec<told::Told> = moves.gone().collect();
        if self.breaking == Breaking::Allow {
            compatible::allow_all(&mut gone);
        }
        report.told.extend(gone);
        if let Some(live) = &self.live {
            match paths.as_slice() {
                [path] => {
                    let read = (path.as_str(), self.remote.as_slice());
                    live::honoured(host, live, read, &mut report).await;
                }
                paths => report.unknown.push(format!(
                    "which of {} contracts the service keeps is not said: `live` is for one",
                    paths.len()
                )),
            }
        }
        if report.unknown.is_empty() {
            report.unknown.extend(unmoved);
        }
        Ok(report)
    }

    fn notice(&self) -> compare::Notice {
        let days =
            |of: fn(&Notice) -> Option<u32>| self.notice.as_ref().and_then(of).unwrap_or_default();
        compare::Notice {
            stable: days(|notice| notice.stable),
            beta: days(|notice| notice.beta),
        }
    }

    fn against(&self, host: &impl Host) -> Result<Against, Conclusion> {
        let wrong = |reason: String| Conclusion::new(Outcome::Error, "bad-against", reason);
        let text = host.expand(&self.against).map_err(|missing| {
            wrong(format!("{} has no value: {}", missing.name, missing.reason))
        })?;
        Against::of(&text).map_err(|reason| wrong(format!("`against`: {reason}")))
    }
}

impl Waive {
    fn of((id, waive): &(Spanned<String>, Waive)) -> Waiver<'_> {
        Waiver {
            id,
            reason: &waive.reason,
            until: Some(&waive.until),
        }
    }
}

/// Says how much breaks, as far as that is known of all contracts.
fn measure(host: &impl Host, report: &Report) {
    let count = |about| report.count(about) as u64;
    host.measure(Measurement::count("contract.compared", report.compared));
    if report.unknown.is_empty() && report.compared > 0 {
        let known = [
            ("contract.breaking", About::Break),
            ("contract.undecided", About::Undecided),
        ];
        for (name, about) in known {
            host.measure(Measurement::count(name, count(about)));
        }
        let waived = report
            .told
            .iter()
            .filter(|told| told.about == About::Break && told.finding.waiver.is_some());
        let waived = waived.count() as u64;
        host.measure(Measurement::count("contract.breaking-waived", waived));
    }
}
