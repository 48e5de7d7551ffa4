//! Sessions with servers of the Model Context Protocol: their processes, their time, their end.

use std::fs::File;
use std::future::Future;
use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use tokio::net::unix::pipe;

use super::attempt::Attempt;
use super::process::{self, Process};
use super::{ending, web};
use crate::host::{Ended, Fault, Host, Invocation, Job, Offer, Place, Said, Server, Session};
use crate::mcp::{Client, Oddity};
use crate::spec::{Argv, Template};

/// How long after the end of its output a process may take to be known as ended.
const LINGER: Duration = Duration::from_millis(500);

/// A session of an attempt.
struct Link<'a> {
    client: Client,
    server: Running<'a>,
    patience: Duration,
}

/// A server, and the process that it is if it was started for the session.
struct Running<'a> {
    attempt: &'a Attempt,
    process: Option<Process>,
    oddity: Oddity,
}

/// Opens a session.
pub(super) async fn open<'a>(
    attempt: &'a Attempt,
    server: &Server<'_>,
) -> Result<impl Session + use<'a>, Fault> {
    if let Some(ended) = attempt.interruption() {
        return Err(Fault::Ended(ended));
    }
    match server.place {
        Place::Run(argv) => Box::pin(over_pipes(attempt, server, argv)).await,
        Place::Url(url) => Box::pin(over_http(attempt, server, url)).await,
    }
}

async fn over_pipes<'a>(
    attempt: &'a Attempt,
    server: &Server<'_>,
    argv: &Argv,
) -> Result<Link<'a>, Fault> {
    let failed = |error: io::Error| not_started(format!("no pipes could be had: {error}"));
    let (input, write) = os_pipe::pipe().map_err(failed)?;
    let (read, output) = os_pipe::pipe().map_err(failed)?;
    let (input, output) = (OwnedFd::from(input), OwnedFd::from(output));
    let write = pipe::Sender::from_owned_fd(write.into()).map_err(failed)?;
    let read = pipe::Receiver::from_owned_fd(read.into()).map_err(failed)?;
    let job = Job::new(Invocation::Run(argv));
    let pipes = (File::from(input), File::from(output));
    let process = attempt
        .launch_with(&job, Some(pipes))
        .map_err(Fault::Ended)?;
    let running = Running {
        attempt,
        process: Some(process),
        oddity: Oddity::default(),
    };
    let oddity = running.oddity.clone();
    let client = Client::over_pipes(read, write, &oddity);
    Box::pin(running.link(server, client)).await
}

async fn over_http<'a>(
    attempt: &'a Attempt,
    server: &Server<'_>,
    url: &Template,
) -> Result<Link<'a>, Fault> {
    let expanded = attempt
        .expand(url)
        .map_err(|missing| Fault::Ended(Ended::NotExpanded(missing)))?;
    let url = reqwest::Url::parse(&expanded)
        .map_err(|error| not_started(format!("`{expanded}` is no URL: {error}")))?;
    let token = server.token.map(|name| attempt.secret(name));
    let token = token.transpose().map_err(Fault::Ended)?;
    if token.is_some() && url.scheme() != "https" && !web::is_loopback(&url) {
        return Err(not_started(format!(
            "the token would be sent to {url} for everybody to read; use https"
        )));
    }
    let http = web::client(&url).map_err(not_started)?;
    let running = Running {
        attempt,
        process: None,
        oddity: Oddity::default(),
    };
    let client = Client::over_http(http, url.as_str(), token);
    Box::pin(running.link(server, client)).await
}

fn not_started(reason: String) -> Fault {
    Fault::Ended(Ended::NotStarted {
        reason,
        remedy: "correct `server`".to_owned(),
    })
}

impl<'a> Running<'a> {
    async fn link(
        self,
        server: &Server<'_>,
        client: impl Future<Output = Result<Client, Fault>>,
    ) -> Result<Link<'a>, Fault> {
        match self.attend(server.start, client).await {
            Ok(client) => {
                // Whoever answers may have greeted before.
                self.oddity.forget();
                Ok(Link {
                    client,
                    server: self,
                    patience: server.answer,
                })
            }
            Err(fault) => {
                self.end().await;
                Err(fault)
            }
        }
    }

    /// Waits for an answer, but not longer than it may take, the process lives, or the attempt.
    async fn attend<T>(
        &self,
        patience: Duration,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let mut halt = self.attempt.halt.clone();
        let answer = tokio::select! {
            biased;
            answer = work => answer,
            ended = self.ended() => Err(Fault::Ended(ended)),
            _ = halt.wait_for(Option::is_some) => {
                Err(Fault::Ended(self.attempt.interruption().unwrap_or(Ended::Stopped)))
            }
            () = tokio::time::sleep(patience) => Err(Fault::Silent(patience)),
        };
        match answer {
            Err(fault @ (Fault::Garbled(_) | Fault::Silent(_))) => Err(self.explain(fault).await),
            other => other,
        }
    }

    /// What lies behind a server that does not answer: it ended, or it writes something else.
    async fn explain(&self, fault: Fault) -> Fault {
        if matches!(fault, Fault::Garbled(_))
            && let Ok(ended) = tokio::time::timeout(LINGER, self.ended()).await
        {
            return Fault::Ended(ended);
        }
        match self.oddity.line() {
            Some(line) => {
                let line = self.attempt.quote(&line);
                Fault::Garbled(format!("it wrote what is no message: `{line}`"))
            }
            None => fault,
        }
    }

    async fn ended(&self) -> Ended {
        match &self.process {
            Some(process) => process::ended(process.ended().await),
            None => std::future::pending().await,
        }
    }

    /// Ends the process, with all that it started.
    async fn end(&self) {
        let attempt = self.attempt;
        if let Some(process) = &self.process {
            let halt = attempt.halt.clone();
            ending::end_tree(&attempt.shared, process, attempt.subject, halt).await;
            attempt.drain().await;
        }
    }
}

impl Session for Link<'_> {
    async fn offers(&self) -> Result<Vec<Offer>, Fault> {
        self.server
            .attend(self.patience, self.client.offers())
            .await
    }

    async fn call(&self, tool: &str, arguments: &[(&str, &str)]) -> Result<Said, Fault> {
        let answer = self.client.call(tool, arguments);
        self.server.attend(self.patience, answer).await
    }

    async fn close(self) {
        let leave = self.client.close();
        let _ = tokio::time::timeout(LINGER, leave).await;
        self.server.end().await;
    }
}
