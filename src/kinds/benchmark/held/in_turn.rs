//! The project as it was at `base`, built, served and measured in turn with what is there now.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Held;
use super::told::{Before, Told};
use crate::bench::baseline::{Change, Compared, Figure, Run, paired};
use crate::gate::judge;
use crate::host::{Conclusion, Ended, Host, Invocation, Job, Probe};
use crate::kinds::benchmark::Benchmark;
use crate::kinds::benchmark::verdict::{self, Measured};
use crate::sched::Outcome;
use crate::spec::Argv;

/// How long what is served may take to listen.
const READY: Duration = Duration::from_secs(30);
/// Pause between two looks whether it does.
const GLANCE: Duration = Duration::from_millis(25);
/// How long it has to end.
const GRACE: Duration = Duration::from_secs(5);

/// Measures both revisions in turn, holds the new one against its limits, and both against each
/// other.
pub(in crate::kinds::benchmark) async fn against_base<H: Host>(
    node: &Benchmark,
    held: &Held,
    host: &H,
) -> Conclusion {
    let Some(serve) = &held.serve else {
        return Conclusion::passed();
    };
    let tree = match host.base_tree().await {
        Ok(tree) => tree.join(host.dir()),
        Err(reason) => {
            let reason = format!("there is nothing to compare with: {reason}");
            return Conclusion::new(Outcome::Error, "no-base", reason);
        }
    };
    let now = host.root().join(host.dir());
    let turns = Turns {
        node,
        held,
        host,
        serve,
        folders: [tree, now],
    };
    let measured = turns.measure().await;
    host.end("TERM", GRACE).await;
    host.discard_base_tree();
    match measured {
        Ok([before, now]) => conclude(node, held, host, &before, &now),
        Err(ended) => ended,
    }
}

/// What is measured in turn: before and now.
struct Turns<'t, H> {
    node: &'t Benchmark,
    held: &'t Held,
    host: &'t H,
    serve: &'t Argv,
    folders: [PathBuf; 2],
}

impl<H: Host> Turns<'_, H> {
    async fn measure(&self) -> Result<[Measured; 2], Conclusion> {
        for folder in &self.folders {
            self.build(folder).await?;
        }
        let mut measured = [(); 2].map(|()| Measured::new(self.node.engine));
        for _ in 0..self.held.pairs {
            for (folder, measured) in self.folders.iter().zip(&mut measured) {
                let port = self.serve(folder).await?;
                let load = self.node.load(self.host, Some(port)).map_err(bad_target)?;
                self.node.measure(self.host, &load, 1, measured).await?;
                self.host.end("TERM", GRACE).await;
            }
        }
        Ok(measured)
    }

    async fn build(&self, folder: &Path) -> Result<(), Conclusion> {
        let Some(build) = &self.held.build else {
            return Ok(());
        };
        let job = Job {
            dir: Some(folder),
            ..Job::new(Invocation::Run(build))
        };
        match self.host.exec_job(&job).await {
            Ended::Exited(0) => Ok(()),
            Ended::Exited(code) => {
                let reason = format!("`build` ended with {code} in {}", self.name(folder));
                Err(Conclusion::new(Outcome::Error, "not-built", reason).exit_code(code))
            }
            other => Err(judge::could_not_tell(&other)),
        }
    }

    /// Starts what is served and waits until it listens.
    async fn serve(&self, folder: &Path) -> Result<u16, Conclusion> {
        let no_port = |error| {
            let reason = format!("no free port could be had: {error}");
            Conclusion::new(Outcome::Error, "no-port", reason)
        };
        let port = self.host.free_port().map_err(no_port)?;
        let job = Job {
            dir: Some(folder),
            env: &[("SDD_PORT", port.to_string())],
            ..Job::new(Invocation::Run(self.serve))
        };
        let started = self.host.start(&job).await;
        started.map_err(|ended| judge::could_not_tell(&ended))?;
        let address = format!("127.0.0.1:{port}");
        let listens = async {
            while self.host.probe(Probe::Tcp(&address)).await.is_err() {
                self.host.sleep(GLANCE).await;
                if let Some(ended) = self.host.interruption() {
                    return Err(judge::could_not_tell(&ended));
                }
            }
            Ok(port)
        };
        let failed = |how: &str| {
            let reason = format!("what is served from {} {how}", self.name(folder));
            Err(Conclusion::new(Outcome::Error, "not-ready", reason)
                .remedy("it has to listen on the port of 127.0.0.1 that is in `SDD_PORT`"))
        };
        tokio::select! {
            _ = self.host.exited() => failed("ended by itself"),
            listens = tokio::time::timeout(READY, listens) => {
                listens.unwrap_or_else(|_| failed("does not listen within 30 s"))
            }
        }
    }

    fn name(&self, folder: &Path) -> &'static str {
        if folder == self.folders[0] {
            "the earlier revision"
        } else {
            "what is there now"
        }
    }
}

fn bad_target(reason: String) -> Conclusion {
    Conclusion::new(Outcome::Error, "bad-target", reason)
}

fn conclude<H: Host>(
    node: &Benchmark,
    held: &Held,
    host: &H,
    before: &Measured,
    now: &Measured,
) -> Conclusion {
    if let Some(reason) = verdict::too_many_failures(node, before) {
        let reason = format!("the earlier revision can't be compared with: {reason}");
        return Conclusion::new(Outcome::Error, "base-broken", reason);
    }
    verdict::tell(host, now);
    let kept = verdict::limits(node, host, now);
    if kept.outcome != Outcome::Passed {
        return kept;
    }
    let all: Vec<&Run> = before.runs.iter().chain(&now.runs).collect();
    let with = Before {
        of: "runs of the earlier revision",
        count: before.runs.len(),
        unit: "pairs",
    };
    let mut told = Told::default();
    for figure in held.figures(node.has_rate(), &all) {
        let decided = decide(held, figure, &before.runs, &now.runs);
        told.figure((held, with), host, figure, decided);
    }
    if let Some((now, before)) = held.failures(&before.runs, &now.runs) {
        told.failures(host, now, before);
    }
    told.conclusion(held, host)
}

fn decide(
    held: &Held,
    figure: Figure,
    before: &[Run],
    now: &[Run],
) -> Result<(Compared, Change), String> {
    let compared = figure.compare(before, now)?;
    let change = paired(&compared.stored, &compared.new, held.share());
    Ok((compared, change.ok_or("there are too few pairs")?))
}
