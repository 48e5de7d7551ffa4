//! Whether the service that runs keeps the contract.

use std::collections::{BTreeMap, BTreeSet};

use super::told::{About, Report, Told};
use crate::contract::live::{
    Answer, Case, Complaint, Credential, Request, Settings, Trial, Untried, Weight, curl,
};
use crate::contract::origin::Origin;
use crate::contract::place::Places;
use crate::diag::Diagnostic;
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Exchange, Host};
use crate::span::{Sources, Span, Spanned};
use crate::spec::{Decoder, Limit, Map, Template};

crate::spec! {
    /// A service that runs, and what is sent to it.
    pub struct Live = "live" {
        /// The URL under which the paths of the contract stand.
        "url" url: Template,
        /// The methods that are sent; by default those that change nothing: `GET`, `HEAD` and `OPTIONS`.
        "methods" methods: Vec<Spanned<String>>,
        /// Most requests of one operation.
        "requests" requests: u32 = "5",
        /// Values that are made follow from this number: the same number sends the same requests.
        "seed" seed: u64 = "0",
        /// Headers of every request, as names with values.
        "headers" headers: Map<Template>,
        /// The secret that is sent as bearer token.
        "token" token: Option<Spanned<String>>,
        /// How long an answer may take.
        "timeout" timeout: Limit = "10s",
    }
}

/// Methods that there are.
const METHODS: &[&str] = &[
    "GET", "HEAD", "OPTIONS", "QUERY", "TRACE", "POST", "PUT", "PATCH", "DELETE",
];

/// Those that change nothing, and that services let through.
const SAFE: &[&str] = &["GET", "HEAD", "OPTIONS"];

/// Most operations that are named one by one as not tried.
const MOST_NAMED: usize = 20;

impl Live {
    pub(super) fn check(&self, decoder: &mut Decoder<'_>) {
        let url = self.url.source();
        let starts = ["http://", "https://", "{{"];
        if !starts.iter().any(|start| url.starts_with(start)) {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`url` takes a whole URL")
                    .at(self.url.span, "not a URL")
                    .help("for instance \"http://127.0.0.1:{{node.ID.port}}\""),
            );
        }
        for method in &self.methods {
            if !METHODS.contains(&method.as_str()) {
                decoder.diags.push(
                    Diagnostic::new(
                        "unknown-choice",
                        format!("there is no method `{}`", **method),
                    )
                    .at(method.span, "no method")
                    .help(format!("one of {}", METHODS.join(", "))),
                );
            }
        }
        if let Some(token) = &self.token
            && !decoder.secrets.contains(token)
        {
            decoder.diags.push(
                Diagnostic::new(
                    "unknown-variable",
                    format!("there is no secret `{}`", **token),
                )
                .at(token.span, "unknown secret")
                .help(format!(
                    "declare it in the header: `secrets {{ {0} env=\"{0}\" }}`",
                    **token
                )),
            );
        }
    }

    fn settings(&self, host: &impl Host) -> Result<Settings, String> {
        let expand = |template| {
            host.expand(template)
                .map_err(|missing| format!("{} has no value: {}", missing.name, missing.reason))
        };
        let methods: Vec<&str> = match self.methods.as_slice() {
            [] => SAFE.to_vec(),
            methods => methods.iter().map(|method| method.as_str()).collect(),
        };
        let headers = self.headers.0.iter();
        let headers = headers.map(|(name, value)| Ok(((**name).clone(), expand(value)?)));
        Ok(Settings {
            base: expand(&self.url)?,
            methods: methods.into_iter().map(str::to_owned).collect(),
            most: self.requests as usize,
            seed: self.seed,
            headers: headers.collect::<Result<_, String>>()?,
        })
    }

    /// The line that repeats a request. It holds no secret.
    fn repeat(&self, request: &Request) -> String {
        let token = self.token.iter();
        let token: Vec<Credential> = token
            .map(|token| Credential::bearer(token.as_str()))
            .collect();
        curl(request, &token)
    }
}

/// What became of all requests.
#[derive(Default)]
struct Course {
    answered: usize,
    succeeded: BTreeSet<usize>,
    statuses: BTreeMap<u16, usize>,
    /// Why there was no answer, for the first of each operation.
    silent: Vec<(usize, String)>,
    /// Complaints of operations, each with the first request that showed it.
    complaints: BTreeMap<(usize, &'static str, String), (Complaint, Request, usize)>,
}

/// Sends what the contract allows, and adds what there is to be said of the answers.
pub(super) async fn honoured(
    host: &impl Host,
    live: &Live,
    (path, remote): (&str, &[String]),
    report: &mut Report,
) {
    let mut sources = Sources::default();
    let library = Origin::Worktree.library(host, (path, remote), &mut sources);
    let library = library.await;
    // What can't be read has been told where the contract itself was looked at.
    let Ok(library) = library else {
        return report.unknown.push(untold(path, "it can't be read"));
    };
    let settings = match live.settings(host) {
        Ok(settings) => settings,
        Err(reason) => return report.unknown.push(untold(path, &reason)),
    };
    let base = settings.base.clone();
    let made = host
        .compute(move || {
            let trial = Trial::of(&library).ok()?;
            let (cases, untried) = trial.cases(&settings);
            Some((trial, cases, untried))
        })
        .await;
    let Some(Some((mut trial, cases, untried))) = made else {
        return report
            .unknown
            .push(untold(path, "what it promises can't be told"));
    };
    let course = send(host, live, &mut trial, &cases).await;
    let count = |name: &str, count: usize| host.measure(Measurement::count(name, count as u64));
    count("live.requests", cases.len());
    count("live.answers", course.answered);
    count("live.operations", course.succeeded.len());
    count("live.operations-untried", untried.len());
    for one in untried.iter().take(MOST_NAMED) {
        report.told.push(untried_note(&trial, one, path));
    }
    if let Some(reason) = unshown(&course, &cases, &base) {
        report.unknown.push(untold(path, &reason));
    }
    let places = Places::new(&sources);
    for told in told(live, &trial, course, &places) {
        report.told.push(told);
    }
}

fn untold(path: &str, reason: &str) -> String {
    format!("whether the service keeps `{path}` is not known: {reason}")
}

async fn send(host: &impl Host, live: &Live, trial: &mut Trial, cases: &[Case]) -> Course {
    let mut course = Course::default();
    for case in cases {
        if host.interruption().is_some() {
            break;
        }
        let exchange = Exchange {
            request: &case.request,
            token: live.token.as_ref().map(|token| token.as_str()),
            patience: live.timeout.0,
        };
        match host.exchange(&exchange).await {
            Ok(answer) => course.answer(trial, case, &answer),
            Err(reason) => course.silence(trial, case, reason),
        }
        // Who is not there at all need not be asked again and again.
        if course.answered == 0 && course.silent.len() >= 3 {
            break;
        }
    }
    course
}

impl Course {
    fn answer(&mut self, trial: &mut Trial, case: &Case, answer: &Answer) {
        self.answered += 1;
        *self.statuses.entry(answer.status).or_default() += 1;
        if (200..400).contains(&answer.status) {
            self.succeeded.insert(case.operation);
        }
        for complaint in trial.judge(case, answer) {
            self.complain(case, complaint);
        }
    }

    fn silence(&mut self, trial: &Trial, case: &Case, reason: String) {
        let span = trial.operation(case.operation).span;
        let complaint = Complaint::new("live/no-answer", "", &reason, span);
        self.silent.push((case.operation, reason));
        self.complain(case, complaint);
    }

    fn complain(&mut self, case: &Case, complaint: Complaint) {
        let key = (case.operation, complaint.rule, complaint.about.clone());
        let first = || (complaint, case.request.clone(), 0);
        self.complaints.entry(key).or_insert_with(first).2 += 1;
    }
}

/// Why the course shows nothing; nothing if it shows something.
fn unshown(course: &Course, cases: &[Case], base: &str) -> Option<String> {
    if cases.is_empty() {
        return Some("there is no operation of which something can be sent".to_owned());
    }
    if course.answered == 0 {
        let (_, reason) = course.silent.first()?;
        return Some(format!("{base} does not answer: {reason}"));
    }
    if course.succeeded.is_empty() {
        let statuses = course.statuses.iter();
        let statuses: Vec<String> = statuses
            .map(|(status, count)| format!("{count} × {status}"))
            .collect();
        return Some(format!("no request had success ({})", statuses.join(", ")));
    }
    None
}

fn told(live: &Live, trial: &Trial, course: Course, places: &Places<'_>) -> Vec<Told> {
    let reached = course.answered > 0;
    let all = course.complaints.into_iter();
    // A service that is not there breaks no contract.
    let all = all.filter(|((_, rule, _), _)| reached || *rule != "live/no-answer");
    all.map(|((operation, rule, about), (complaint, request, count))| {
        let title = trial.operation(operation).title();
        let (grade, sort) = match complaint.weight {
            Weight::Broken => (Grade::High, About::Live),
            Weight::Odd => (Grade::Medium, About::Nothing),
            Weight::Unknown => (Grade::Info, About::Nothing),
        };
        let again = match count {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        let message = format!(
            "{title}: {}{again}; repeat it: {}",
            complaint.message,
            live.repeat(&request)
        );
        let finding = placed(Finding::new(rule, grade, message), complaint.span, places);
        Told {
            id: format!("{rule} {title} {about}").trim_end().to_owned(),
            ..Told::new(finding, sort)
        }
    })
    .collect()
}

fn placed(finding: Finding, span: Span, places: &Places<'_>) -> Finding {
    match places.of(span) {
        Some((path, at)) => finding.at(path, Some(at.line as u64), Some(at.column as u64)),
        None => finding,
    }
}

fn untried_note(trial: &Trial, untried: &Untried, path: &str) -> Told {
    let title = trial.operation(untried.operation).title();
    Told::note(
        "live/untried",
        path,
        format!("nothing was sent to {title}: {}", untried.reason),
    )
}
