//! What sends the load.

use super::Benchmark;
use crate::bench::{Summary, USUAL_DURATION, net, wrk};
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
        let Some(load) = &self.load else { return };
        let builtin = "leave it away, or let the builtin engine send: `engine \"builtin\"`";
        if load.rate.is_some() {
            refuse("wrk can't send at a `rate`".to_owned(), builtin);
        }
        if load.requests.is_some() {
            refuse("wrk can't send a number of `requests`".to_owned(), builtin);
        }
        let times = [
            ("duration", load.duration.map(|Limit(time)| time)),
            ("timeout", Some(load.timeout.0)),
            ("warmup", Some(load.warmup.0).filter(|time| !time.is_zero())),
        ];
        for (name, time) in times {
            if time.is_some_and(|time| !wrk::is_whole_seconds(time)) {
                let message = format!("wrk counts in whole seconds, and `{name}` is none");
                refuse(message, "write a whole number of seconds, as in `\"2s\"`");
            }
        }
        if load.timeout.0 > wrk::LONGEST_TIMEOUT {
            let message = "wrk waits no longer than a minute for an answer".to_owned();
            refuse(message, "write a `timeout` of at most \"1m\"");
        }
    }

    /// The program that the engine is, if it has to be there.
    pub(super) fn engine_program(&self) -> Vec<Option<Template>> {
        match (self.engine, self.fallback) {
            (Engine::Wrk, None) => vec![Some(word(wrk::PROGRAM.to_owned()))],
            _ => Vec::new(),
        }
    }

    /// Sends the load and measures how it is answered, or says why that can't be told.
    pub(super) async fn send(&self, host: &impl Host) -> Result<Summary, Conclusion> {
        if self.engine == Engine::Wrk {
            match self.send_by_wrk(host).await {
                Err(missing) if missing.code == Some("tool-missing") && self.fallback.is_some() => {
                    let message = "wrk is not installed: the builtin engine measured instead, and its numbers are none of wrk's";
                    host.finding(Finding::new("engine", Grade::Medium, message));
                }
                sent => return sent,
            }
        }
        let load = self.load(host).map_err(bad_target)?;
        let sent = host.load(load).await;
        sent.map_err(|reason| Conclusion::new(Outcome::Error, "not-sent", reason))
    }

    async fn send_by_wrk(&self, host: &impl Host) -> Result<Summary, Conclusion> {
        let job = self.job(host).map_err(bad_target)?;
        job.check().map_err(bad_target)?;
        host.write_out(SCRIPT, &job.script()).map_err(|error| {
            let reason = format!("the script for wrk can't be written: {error}");
            Conclusion::new(Outcome::Error, "state-folder", reason)
        })?;
        let warmup = self.load.as_ref().map(|load| load.warmup.0);
        if let Some(duration) = warmup.filter(|time| !time.is_zero()) {
            let warming = wrk::Job {
                duration,
                ..job.clone()
            };
            printed_by_wrk(host, &warming).await?;
        }
        let printed = printed_by_wrk(host, &job).await?;
        let summary = job
            .read(&printed)
            .map_err(|reason| Conclusion::new(Outcome::Error, "not-measured", reason))?;
        let message = format!("measured by wrk; {}", wrk::CAVEAT);
        host.finding(Finding::new("engine", Grade::Info, message));
        Ok(summary)
    }

    fn job(&self, host: &impl Host) -> Result<wrk::Job, String> {
        // What the builtin engine could not send either is refused in its words.
        let load = self.load(host)?;
        let expand = |template| {
            host.expand(template)
                .map_err(|missing| format!("{} has no value: {}", missing.name, missing.reason))
        };
        let target = &self.target;
        let headers = target.headers.0.iter();
        let headers: Result<_, String> = headers
            .map(|(name, value)| Ok((name.value.clone(), expand(value)?)))
            .collect();
        let body = target.body.as_ref().map(expand).transpose()?;
        Ok(wrk::Job {
            url: expand(&target.url)?,
            method: target.method.value.clone(),
            headers: headers?,
            body: body.unwrap_or_default().into_bytes(),
            connections: load.connections,
            duration: load.duration.unwrap_or(USUAL_DURATION),
            timeout: load.timeout,
            expect: target.expect(),
        })
    }
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
