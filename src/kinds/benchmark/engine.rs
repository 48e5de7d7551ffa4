//! What sends the load.

use super::Benchmark;
use super::asked::Asked;
use super::sent::Travel;
use crate::bench::resources::Sampled;
use crate::bench::{Load, Summary, USUAL_DURATION, net, wrk};
use crate::diag::Diagnostic;
use crate::event::{Finding, Grade};
use crate::gate::judge;
use crate::host::{Conclusion, Ended, Host, Invocation, Job};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Limit, Template};

crate::choice! {
    /// What sends the load.
    pub enum Engine {
        Builtin = "builtin",
        Wrk = "wrk",
    }
}

crate::choice! {
    /// What sends the load where the engine is not installed.
    pub enum Fallback {
        Builtin = "builtin",
    }
}

const SCRIPT: &str = "wrk.lua";
const PRINTED: &str = "wrk.txt";

/// What came of one run.
pub(super) struct OneRun {
    pub(super) summary: Summary,
    pub(super) sampled: Vec<Sampled>,
    /// What sent the load in the end.
    pub(super) engine: Engine,
}

impl OneRun {
    fn new(summary: Summary, sampled: Vec<Sampled>, engine: Engine) -> Self {
        Self {
            summary: summary.with_resources(&sampled),
            sampled,
            engine,
        }
    }
}

impl Benchmark {
    /// Reports what the engine can't do.
    pub(super) fn check_engine(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let mut refuse = |message: String, help: &str| {
            decoder.diags.push(
                Diagnostic::new("conflicting-fields", message)
                    .at(owner, "asks its engine for what it can't do")
                    .help(help),
            );
        };
        if self.engine == Engine::Builtin {
            if self.fallback.is_some() {
                let help = "leave `fallback` away, or write `engine \"wrk\"`";
                refuse("the builtin engine is always there".to_owned(), help);
            }
            return;
        }
        let builtin = "leave it away, or let the builtin engine send: `engine \"builtin\"`";
        for name in self.beyond_wrk() {
            refuse(format!("wrk knows no {name}"), builtin);
        }
        let Some(load) = &self.load else { return };
        for (name, time) in [
            (
                "duration",
                load.duration.map_or(USUAL_DURATION, |Limit(time)| time),
            ),
            ("timeout", load.timeout.0),
            ("warmup", load.warmup.0),
        ] {
            if time.subsec_nanos() != 0 {
                let message = format!("wrk counts in whole seconds, and `{name}` is none");
                refuse(message, "write a whole number of seconds, as in `\"2s\"`");
            }
        }
        if load.timeout.0 > wrk::LONGEST_TIMEOUT {
            let message = "wrk waits no longer than a minute for an answer".to_owned();
            refuse(message, "write a `timeout` of at most \"1m\"");
        }
    }

    /// Fields that are written and that wrk does not know.
    fn beyond_wrk(&self) -> Vec<&'static str> {
        let targets = &self.target.0;
        let https = |target: &Asked| target.url.source().starts_with("https://");
        let reads_body = |target: &Asked| target.expect_body.is_some();
        let reads_json = |target: &Asked| !target.expect_json.0.is_empty();
        let mut fields = vec![
            ("second `target`", targets.len() > 1),
            ("`https://`", targets.iter().any(https)),
            ("`expect-body`", targets.iter().any(reads_body)),
            ("`expect-json`", targets.iter().any(reads_json)),
        ];
        if let Some(load) = &self.load {
            fields.extend([
                ("`rate`", load.rate.is_some()),
                ("`requests`", load.requests.is_some()),
                ("`ramp-up`", !load.ramp_up.0.is_zero()),
                ("`ramp-down`", !load.ramp_down.0.is_zero()),
                ("HTTP/2", load.protocol == Travel::Http2),
                ("`ca`", load.ca.is_some()),
            ]);
        }
        let written = fields.into_iter().filter(|(_, is_written)| *is_written);
        written.map(|(name, _)| name).collect()
    }

    /// The program that the engine is, if it has to be there.
    pub(super) fn engine_program(&self) -> Vec<Option<Template>> {
        match (self.engine, self.fallback) {
            (Engine::Wrk, None) => vec![Some(word(wrk::PROGRAM.to_owned()))],
            _ => Vec::new(),
        }
    }

    /// Sends the load and measures how it is answered, or says why that can't be told.
    pub(super) async fn send(
        &self,
        host: &impl Host,
        load: &Load,
        is_first: bool,
    ) -> Result<OneRun, Conclusion> {
        if self.engine == Engine::Wrk {
            let sent = self.send_by_wrk(host, load).await;
            let is_missing = |conclusion: &Conclusion| conclusion.code == Some("tool-missing");
            let falls_back = self.fallback.is_some() && sent.as_ref().is_err_and(is_missing);
            let (grade, message) = if falls_back {
                (Grade::Medium, "wrk is not installed: the builtin engine measured instead, and its numbers are none of wrk's".to_owned())
            } else {
                (Grade::Info, format!("measured by wrk; {}", wrk::CAVEAT))
            };
            if is_first && (falls_back || sent.is_ok()) {
                host.finding(Finding::new("engine", grade, message));
            }
            if !falls_back {
                return sent;
            }
        }
        let (sent, sampled) = host.load_sampled(load.clone()).await;
        sent.map(|summary| OneRun::new(summary, sampled, Engine::Builtin))
            .map_err(|reason| Conclusion::new(Outcome::Error, "not-sent", reason))
    }

    async fn send_by_wrk(&self, host: &impl Host, load: &Load) -> Result<OneRun, Conclusion> {
        let job = wrk::Job::of(load).map_err(bad_target)?;
        host.write_out(SCRIPT, &job.script()).map_err(|error| {
            let reason = format!("the script for wrk can't be written: {error}");
            Conclusion::new(Outcome::Error, "state-folder", reason)
        })?;
        if let Some(warming) = job.warming_up()
            && let Err(ended) = printed_by_wrk(host, &warming).await
        {
            forget_script(host);
            return Err(ended);
        }
        let (printed, sampled) = host.sampling(printed_by_wrk(host, &job)).await;
        forget_script(host);
        let summary = job.read(&printed?);
        summary
            .map(|summary| OneRun::new(summary, sampled, Engine::Wrk))
            .map_err(|reason| Conclusion::new(Outcome::Error, "not-measured", reason))
    }
}

/// Empties the script, which holds headers and bodies as they are sent.
fn forget_script(host: &impl Host) {
    // Nobody but the user may read it as it is.
    let _ = host.write_out(SCRIPT, "");
}

/// Runs wrk to its end and gives what it printed.
async fn printed_by_wrk(host: &impl Host, job: &wrk::Job) -> Result<String, Conclusion> {
    let (script, file) = (host.out().join(SCRIPT), host.out().join(PRINTED));
    let command = job.command(&script.to_string_lossy(), net::processors());
    let argv = Argv {
        words: command.into_iter().map(word).collect(),
    };
    let call = Job {
        stdout: Some(&file),
        ..Job::new(Invocation::Run(&argv))
    };
    let ended = host.exec_job(&call).await;
    let said = String::from_utf8_lossy(&host.printed()).into_owned();
    let printed = host.read(&file.to_string_lossy()).unwrap_or_default();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    host.note(&printed);
    match ended {
        Ended::Exited(0) => Ok(printed),
        Ended::Exited(code) => {
            let last = said.lines().rev().find(|line| !line.trim().is_empty());
            let why = last.map_or("it said nothing", str::trim);
            let reason = format!("wrk exited with {code}: {why}");
            Err(Conclusion::new(Outcome::Error, "exit-code", reason).exit_code(code))
        }
        Ended::NotFound { .. } => {
            let mut missing = judge::could_not_tell(&ended);
            missing.remedy = vec![
                wrk::HOW_TO_INSTALL.to_owned(),
                "or write `fallback \"builtin\"`, so that the builtin engine measures instead"
                    .to_owned(),
            ];
            Err(missing)
        }
        other => Err(judge::could_not_tell(&other)),
    }
}

fn bad_target(reason: String) -> Conclusion {
    Conclusion::new(Outcome::Error, "bad-target", reason)
}

fn word(text: String) -> Template {
    Template::literal(text, Span::default())
}
