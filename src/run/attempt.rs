//! One attempt of one node: the world as its kind sees it.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::process::{self, Launch, Process};
use super::shared::Shared;
use super::{ending, probe, scan, secret};
use crate::event::{Body, Finding, Measurement};
use crate::host::{
    Changes, Ended, FileVisitor, Host, Invocation, Job, Missing, Probe, Scan, Stamp,
};
use crate::id::NodeId;
use crate::spec::{Argv, Glob, Name, Part, Template};

/// Why an attempt has to end before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// Its time is over.
    TimedOut,
    /// The run was called off; processes may end by themselves.
    Stopped,
    /// The run was called off for the second time; processes are killed.
    Killed,
}

/// One attempt of one node.
pub(super) struct Attempt {
    pub(super) shared: Rc<Shared>,
    /// The node of the plan.
    pub(super) node: NodeId,
    /// The environment that the attempt brings up or takes down, or the node itself.
    pub(super) subject: NodeId,
    pub(super) number: u32,
    pub(super) id: Arc<str>,
    pub(super) out: PathBuf,
    pub(super) halt: watch::Receiver<Option<Halt>>,
    pub(super) published: RefCell<BTreeMap<String, String>>,
    /// The command line that was started last.
    pub(super) command: RefCell<Vec<String>>,
    /// Whether a program was found to be missing.
    pub(super) missing: Cell<bool>,
    /// Tells when a pipe that masks secrets is empty.
    pub(super) drained: RefCell<Option<oneshot::Receiver<()>>>,
}

impl Attempt {
    fn node(&self) -> &crate::model::Node {
        self.shared.node_of(self.node)
    }

    fn log(&self) -> io::Result<File> {
        self.shared.folder.log(&self.id, self.number)
    }

    fn dir(&self) -> PathBuf {
        match &self.node().common.dir {
            Some(dir) => self.shared.root.join(&dir.path),
            None => self.shared.root.clone(),
        }
    }

    /// The words of a command line, ready to be started.
    fn words(&self, invocation: Invocation<'_>) -> Result<Vec<String>, Ended> {
        let expand = |template: &Template| self.expand(template).map_err(Ended::NotExpanded);
        match invocation {
            Invocation::Run(Argv { words }) => words.iter().map(expand).collect(),
            Invocation::Shell(script) => Ok(vec![
                "sh".into(),
                "-eu".into(),
                "-c".into(),
                expand(script)?,
            ]),
        }
    }

    /// The environment of a command: the project's programs, what the files say, secrets, and what
    /// `sdd` itself tells. A later variable replaces an earlier one of the same name.
    fn environment<'e>(
        &'e self,
        extra: &'e [(&str, String)],
    ) -> Result<Vec<(&'e OsStr, Cow<'e, OsStr>)>, Ended> {
        let node = self.node();
        let mut env = Vec::with_capacity(self.shared.base_env.len() + node.env.len() + 8);
        for (name, value) in &self.shared.base_env {
            env.push((name.as_os_str(), Cow::Borrowed(value.as_os_str())));
        }
        for (name, template) in &node.env {
            let value = self.expand(template).map_err(Ended::NotExpanded)?;
            env.push((OsStr::new(name), Cow::Owned(value.into())));
        }
        for secret in &node.common.secrets {
            let value = self.secret(secret)?;
            env.push((
                OsStr::new(secret.as_str()),
                Cow::Borrowed(OsStr::new(value)),
            ));
        }
        let subject = &*self.shared.plan.nodes[self.subject.index()].id;
        env.push((OsStr::new("SDD_NODE"), Cow::Borrowed(OsStr::new(subject))));
        env.push((OsStr::new("SDD_OUT"), Cow::Borrowed(self.out.as_os_str())));
        let publish = self.out.join("publish").into_os_string();
        env.push((OsStr::new("SDD_PUBLISH"), Cow::Owned(publish)));
        for (name, value) in extra {
            env.push((OsStr::new(name), Cow::Borrowed(OsStr::new(value))));
        }
        Ok(env)
    }

    fn secret(&self, name: &str) -> Result<&str, Ended> {
        self.shared
            .masks
            .value(name)
            .ok_or_else(|| Ended::NotStarted {
                reason: format!("the secret `{name}` has no value"),
                remedy: "set the variable or write the file that the header names for it"
                    .to_owned(),
            })
    }

    /// Starts a command; its output goes to the log, through the masks if the node has secrets.
    fn launch(
        &self,
        invocation: Invocation<'_>,
        extra: &[(&str, String)],
    ) -> Result<Process, Ended> {
        let words = self.words(invocation)?;
        let env = self.environment(extra)?;
        self.command.replace(words.clone());
        let dir = self.dir();
        if self.node().common.dir.is_some() && !dir.is_dir() {
            return Err(Ended::NotStarted {
                reason: format!("its working folder `{}` is not there", dir.display()),
                remedy: "correct `dir`, or let a node that makes the folder go before".to_owned(),
            });
        }
        let (program, args) = words.split_first().ok_or_else(|| Ended::NotFound {
            program: String::new(),
        })?;
        let program = self
            .shared
            .programs
            .find(program, &dir)
            .inspect_err(|ended| {
                self.missing.set(matches!(ended, Ended::NotFound { .. }));
            })?;
        let failed = |error: io::Error| not_started(&program, &error);
        let output = self.output().map_err(failed)?;
        let launch = Launch {
            program: &program,
            args,
            dir: &dir,
            env,
            output,
        };
        self.shared.children.start(launch).map_err(failed)
    }

    /// Where the output of a command goes.
    fn output(&self) -> io::Result<File> {
        let log = self.log()?;
        if self.shared.masks.is_empty() {
            return Ok(log);
        }
        let (writer, drained) = secret_pipe(&self.shared.masks, log)?;
        self.drained.replace(Some(drained));
        Ok(writer)
    }

    /// Waits until what a command printed has reached the log, but not for a process that keeps the
    /// pipe open.
    async fn drain(&self) {
        const PATIENCE: Duration = Duration::from_millis(500);
        let drained = self.drained.take();
        if let Some(drained) = drained {
            let _ = tokio::time::timeout(PATIENCE, drained).await;
        }
    }

    /// Waits for a process, or ends it when the attempt has to end.
    async fn attend(&self, process: &Process) -> Ended {
        let mut halt = self.halt.clone();
        let status = tokio::select! {
            biased;
            status = process.ended() => return process::ended(status),
            halted = halt.wait_for(Option::is_some) => halted.ok().and_then(|halt| *halt),
        };
        let why = status.unwrap_or(Halt::Stopped);
        ending::end_tree(&self.shared, process, self.subject, self.halt.clone()).await;
        match why {
            Halt::TimedOut => Ended::TimedOut,
            Halt::Stopped | Halt::Killed => Ended::Stopped,
        }
    }

    /// Does work that would hold up the others on a thread of its own. `None` if the attempt has to
    /// end first: whoever called the run off does not wait for the last file.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let mut halt = self.halt.clone();
        tokio::select! {
            done = tokio::task::spawn_blocking(work) => done.ok(),
            _ = halt.wait_for(Option::is_some) => None,
        }
    }

    fn value(&self, name: &Name) -> Result<String, &'static str> {
        let shared = &self.shared;
        match name {
            Name::Env(variable) => std::env::var(variable).map_err(|_| "the variable is not set"),
            Name::Out => Ok(self.out.to_string_lossy().into_owned()),
            Name::Root => Ok(shared.root.to_string_lossy().into_owned()),
            Name::Base => shared
                .base
                .clone()
                .ok_or("there is no commit to count from"),
            Name::RunId => Ok(shared.folder.id.clone()),
            Name::WorkItemId => shared
                .work_item
                .clone()
                .ok_or("no work item was given; `--work-item ID` does"),
            Name::Node(rest) => {
                let vertex = &shared.graph.vertices[self.node.index()];
                let (source, name) = vertex.values.get(rest).ok_or("it was not resolved")?;
                if *source == self.node
                    && let Some(value) = self.published.borrow().get(name)
                {
                    return Ok(value.clone());
                }
                let known = shared
                    .published
                    .borrow()
                    .get(source)
                    .and_then(|values| values.get(name).cloned());
                if let Some(value) = known {
                    return Ok(value);
                }
                let id = shared.id(*source);
                let value = shared.recorder.with_state(|state| {
                    state
                        .node(&id)
                        .and_then(|node| node.published.get(name).cloned())
                });
                value.ok_or("it was not published")
            }
        }
    }
}

/// What is said instead of an answer that nobody waits for any more.
const CALLED_OFF: &str = "the attempt was ended first";

fn not_started(program: &Path, error: &io::Error) -> Ended {
    let remedy = match error.raw_os_error() {
        Some(8) => "it is no program: a script begins with a line such as `#!/bin/sh`",
        Some(2) => "the interpreter of its first line is not there",
        _ => "the system says no more than that",
    };
    Ended::NotStarted {
        reason: format!("`{}` can't be started: {error}", program.display()),
        remedy: remedy.to_owned(),
    }
}

/// A pipe whose other end is read, masked and written to the log by a thread of its own.
fn secret_pipe(masks: &secret::Masks, log: File) -> io::Result<(File, oneshot::Receiver<()>)> {
    use std::io::Read;
    let (mut reader, writer) = os_pipe::pipe()?;
    let mut out = secret::MaskingWriter::new(masks.clone(), log);
    let (done, drained) = oneshot::channel();
    std::thread::spawn(move || {
        let mut piece = vec![0; 64 << 10];
        while let Ok(length @ 1..) = reader.read(&mut piece) {
            if out.take(&piece[..length]).is_err() {
                break;
            }
        }
        let _ = out.finish();
        let _ = done.send(());
    });
    let writer: std::os::fd::OwnedFd = writer.into();
    Ok((writer.into(), drained))
}

impl Host for Attempt {
    async fn exec(&self, invocation: Invocation<'_>) -> Ended {
        if let Some(ended) = self.interruption() {
            return ended;
        }
        match self.launch(invocation, &[]) {
            Ok(process) => {
                let ended = self.attend(&process).await;
                // What a setup leaves running is what it brought up.
                if !self.shared.plan.nodes[self.node.index()].environment {
                    ending::end_group(&self.shared, &process, self.node).await;
                }
                self.drain().await;
                ended
            }
            Err(ended) => ended,
        }
    }

    async fn exec_job(&self, job: &Job<'_>) -> Ended {
        self.exec(job.invocation).await
    }

    fn fixing(&self) -> bool {
        false
    }

    async fn changes(&self) -> Result<Arc<Changes>, String> {
        let repository = Arc::clone(&self.shared.repository);
        self.off_thread(move || repository.changes())
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    async fn at_base(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let repository = Arc::clone(&self.shared.repository);
        let path = path.to_owned();
        self.off_thread(move || repository.at_base(&path))
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    fn last(&self, _measurement: &str) -> Option<f64> {
        None
    }

    async fn start(&self, invocation: Invocation<'_>, env: &[(&str, String)]) -> Result<(), Ended> {
        self.end("TERM", Duration::from_secs(5)).await;
        let process = self.launch(invocation, env)?;
        self.shared
            .services
            .borrow_mut()
            .insert(self.subject, process);
        Ok(())
    }

    async fn exited(&self) -> Ended {
        let process = self.shared.services.borrow().get(&self.subject).cloned();
        match process {
            Some(process) => process::ended(process.ended().await),
            None => std::future::pending().await,
        }
    }

    async fn end(&self, signal: &str, grace: Duration) -> Option<Ended> {
        let process = self.shared.services.borrow_mut().remove(&self.subject)?;
        let before = process.status();
        let signal = process::signal_named(signal);
        let halt = self.halt.clone();
        ending::end_service(&self.shared, &process, self.subject, (signal, grace), halt).await;
        // What ended before it was ready has been reported by whoever waited for it.
        let id = self.shared.id(self.subject);
        let was_up = |state: &crate::event::RunState| state.node(&id).is_some_and(|node| node.up);
        before
            .filter(|_| self.shared.recorder.with_state(was_up))
            .map(process::ended)
    }

    async fn probe(&self, probe: Probe<'_>) -> Result<(), String> {
        match probe {
            Probe::Http(url) => probe::http(&self.shared.http, url).await,
            Probe::Tcp(address) => probe::tcp(address).await,
            Probe::Log(pattern) => {
                let path = self.shared.folder.log_path(&self.id, self.number);
                probe::log(&path, pattern)
            }
        }
    }

    async fn sleep(&self, duration: Duration) {
        let mut halt = self.halt.clone();
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            _ = halt.wait_for(Option::is_some) => {}
        }
    }

    fn interruption(&self) -> Option<Ended> {
        self.halt.borrow().map(|halt| match halt {
            Halt::TimedOut => Ended::TimedOut,
            Halt::Stopped | Halt::Killed => Ended::Stopped,
        })
    }

    fn free_port(&self) -> io::Result<u16> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        Ok(listener.local_addr()?.port())
    }

    fn expand(&self, template: &Template) -> Result<String, Missing> {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Name(name) => match self.value(name) {
                    Ok(value) => text.push_str(&value),
                    Err(reason) => {
                        return Err(Missing {
                            name: part.source(),
                            reason: reason.to_owned(),
                        });
                    }
                },
            }
        }
        Ok(text)
    }

    fn publish(&self, name: &str, value: String) {
        self.published.borrow_mut().insert(name.to_owned(), value);
    }

    fn out(&self) -> &Path {
        &self.out
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        let found = std::fs::metadata(self.shared.root.join(path)).ok()?;
        Some(Stamp {
            inode: found.ino(),
            size: found.size(),
            changed: i128::from(found.ctime()) * 1_000_000_000 + i128::from(found.ctime_nsec()),
        })
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.shared.root.join(path))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn io::BufRead>> {
        let file = File::open(self.shared.root.join(path))?;
        Ok(Box::new(io::BufReader::new(file)))
    }

    async fn scan(&self, include: &[Glob], except: &[Glob], visit: FileVisitor) -> Scan {
        let (include, except) = (include.to_vec(), except.to_vec());
        let root = self.shared.root.clone();
        self.off_thread(move || scan::scan(&root, &include, &except, &visit))
            .await
            .unwrap_or_default()
    }

    async fn list(&self, include: &[Glob], except: &[Glob]) -> Result<Vec<String>, String> {
        let (include, except) = (include.to_vec(), except.to_vec());
        let root = self.shared.root.clone();
        self.off_thread(move || scan::list(&root, &include, &except))
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    fn exists(&self, path: &str) -> bool {
        self.shared.root.join(path).symlink_metadata().is_ok()
    }

    fn finding(&self, finding: Finding) {
        self.shared.recorder.emit(Body::Finding {
            node: Arc::clone(&self.id),
            finding,
        });
    }

    fn measure(&self, measurement: Measurement) {
        if !measurement.value.is_finite() {
            return;
        }
        self.shared.recorder.emit(Body::Measurement {
            node: Arc::clone(&self.id),
            measurement,
        });
    }

    fn published(&self) -> BTreeMap<String, String> {
        self.published.borrow().clone()
    }
}
