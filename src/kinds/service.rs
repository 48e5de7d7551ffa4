//! `service`: a local process as environment.

use std::time::Duration;

use super::{NodeKind, program};
use crate::diag::Diagnostic;
use crate::gate::judge;
use crate::host::{Conclusion, Ended, Host, Invocation, Job, Probe};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Delay, Limit, Pattern, Template};

crate::spec! {
    /// Starts a process, waits until it is ready, and ends it when its users are over.
    ///
    /// A free port of the loopback interface is chosen for it: the process finds it in `SDD_PORT`, others as `{{node.ID.port}}`.
    pub struct Service = "service" {
        /// A program and its arguments. One single text is split into words as a shell would, without any expansion.
        "run" run: Option<Argv>,
        /// A script for `sh -eu`; let it `exec` the service, so that the signal to stop reaches it.
        "shell" shell: Option<Template>,
        /// How to know that it is ready.
        "ready" ready: Ready,
        /// How long it may take to be ready.
        "ready-timeout" ready_timeout: Limit = "30s",
        /// How it is ended.
        "stop" stop: Option<Stop>,
    }
}

crate::spec! {
    /// How to know that a service is ready: one of these.
    pub struct Ready = "ready" {
        /// A URL that answers a GET with 2xx.
        "http" http: Option<Template>,
        /// `host:port` that takes a connection.
        "tcp" tcp: Option<Template>,
        /// A regular expression that its log has to hold.
        "log" log: Option<Pattern>,
        /// A command that exits with 0.
        "exec" exec: Option<Argv>,
    }
}

crate::spec! {
    /// How a service is ended.
    pub struct Stop = "stop" {
        /// The signal that asks it to end: `TERM`, `INT`, `QUIT`, `HUP` or `KILL`.
        "signal" signal: StopSignal = "TERM",
        /// How long it has before it is killed.
        "grace" grace: Delay = "5s",
    }
}

crate::choice! {
    /// Signals that can ask a service to end.
    pub enum StopSignal {
        Term = "TERM",
        Int = "INT",
        Quit = "QUIT",
        Hup = "HUP",
        Kill = "KILL",
    }
}

/// Pause between two probes.
const INTERVAL: Duration = Duration::from_millis(25);

impl NodeKind for Service {
    const ENVIRONMENT: bool = true;
    const GENERATES_TEARDOWN: bool = true;

    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        program::run_or_shell(self.run.as_ref(), self.shell.as_ref(), owner, decoder);
        let ready = &self.ready;
        let choices = [
            ("http", ready.http.as_ref().map(|url| url.span)),
            ("tcp", ready.tcp.as_ref().map(|address| address.span)),
            ("log", ready.log.as_ref().map(|pattern| pattern.span)),
            ("exec", ready.exec.as_ref().map(Argv::span)),
        ];
        crate::spec::exactly_one(&choices, owner, decoder);
        if let Some(url) = ready.http.as_ref()
            && !url.source().starts_with("http://")
        {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`http` takes a whole URL")
                    .at(url.span, "not a URL")
                    .help("for instance \"http://127.0.0.1:{{node.ID.port}}/health\""),
            );
        }
    }

    fn publishes(&self) -> Vec<String> {
        vec!["port".to_owned()]
    }

    fn programs(&self) -> Vec<Option<Template>> {
        program::programs(self.run.as_ref())
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let Some(invocation) = program::invocation(self.run.as_ref(), self.shell.as_ref()) else {
            return Conclusion::passed();
        };
        let port = match host.free_port() {
            Ok(port) => port.to_string(),
            Err(error) => {
                let reason = format!("no free port could be had: {error}");
                return Conclusion::new(Outcome::Error, "no-port", reason);
            }
        };
        host.publish("port", port.clone());
        let job = Job {
            env: &[("SDD_PORT", port)],
            ..Job::new(invocation)
        };
        if let Err(ended) = host.start(&job).await {
            return judge::could_not_tell(&ended);
        }
        self.await_ready(host).await
    }

    async fn down(&self, host: &impl Host) -> Conclusion {
        let (signal, grace) = match &self.stop {
            Some(stop) => (stop.signal.as_str(), stop.grace.0),
            None => ("TERM", Duration::from_secs(5)),
        };
        match host.end(signal, grace).await {
            None => Conclusion::passed(),
            Some(ended) => {
                let how = judge::could_not_tell(&ended);
                let reason = format!(
                    "the service ended by itself while it was in use: {}",
                    how.reason.unwrap_or_default()
                );
                Conclusion::new(Outcome::Failed, "service-died", reason)
            }
        }
    }
}

impl Service {
    /// Probes until the service answers, ends, or its time is over.
    async fn await_ready(&self, host: &impl Host) -> Conclusion {
        let mut waited = Duration::ZERO;
        let mut last = String::from("it was never asked");
        let exited = host.exited();
        let mut exited = std::pin::pin!(exited);
        while waited < self.ready_timeout.0 {
            let started = tokio::time::Instant::now();
            let probe = async {
                let answer = self.probe(host).await;
                if answer.is_err() {
                    host.sleep(INTERVAL).await;
                }
                answer
            };
            let answer = tokio::select! {
                biased;
                ended = &mut exited => return died(&ended),
                // A probe that hangs is ended with the service.
                answer = tokio::time::timeout(self.ready_timeout.0.saturating_sub(waited), probe) => {
                    answer.unwrap_or_else(|_| Err("the probe did not end".to_owned()))
                }
            };
            match answer {
                Ok(()) => return Conclusion::passed(),
                Err(why) => last = why,
            }
            if let Some(ended) = host.interruption() {
                return judge::could_not_tell(&ended);
            }
            waited += started.elapsed();
        }
        let limit = crate::spec::print_duration(self.ready_timeout.0);
        let reason = format!("it was not ready within {limit}: {last}");
        Conclusion::new(Outcome::Failed, "not-ready", reason)
            .remedy("look at its log; if it only needs longer, raise `ready-timeout`")
    }

    async fn probe(&self, host: &impl Host) -> Result<(), String> {
        let expand = |template| {
            host.expand(template)
                .map_err(|missing| format!("{} has no value: {}", missing.name, missing.reason))
        };
        let ready = &self.ready;
        if let Some(url) = &ready.http {
            return host.probe(Probe::Http(&expand(url)?)).await;
        }
        if let Some(address) = &ready.tcp {
            return host.probe(Probe::Tcp(&expand(address)?)).await;
        }
        if let Some(pattern) = &ready.log {
            return host.probe(Probe::Log(&pattern.regex)).await;
        }
        let Some(argv) = &ready.exec else {
            return Ok(());
        };
        match host.exec(Invocation::Run(argv)).await {
            Ended::Exited(0) => Ok(()),
            other => Err(judge::could_not_tell(&other).reason.unwrap_or_default()),
        }
    }
}

fn died(ended: &Ended) -> Conclusion {
    let how = judge::could_not_tell(ended);
    if matches!(ended, Ended::Stopped | Ended::TimedOut) {
        return how;
    }
    let reason = format!(
        "it ended before it was ready: {}",
        how.reason.unwrap_or_default()
    );
    Conclusion {
        outcome: Outcome::Failed,
        code: Some("service-died"),
        reason: Some(reason),
        ..how
    }
}
