//! One attempt of one node: the world as its kind sees it.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::process::{self, Launch, Process};
use super::shared::Shared;
use super::{ending, secret};
use crate::host::{Ended, Host, Invocation, Job};
use crate::id::NodeId;
use crate::spec::{Argv, Name, Template};
use crate::work::Item;

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

impl Halt {
    /// What it means for a command.
    pub(super) fn ended(self) -> Ended {
        match self {
            Halt::TimedOut => Ended::TimedOut,
            Halt::Stopped | Halt::Killed => Ended::Stopped,
        }
    }
}

/// Where the standard error of a command goes that is asked for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errors {
    ToTheAnswer,
    ToTheLog,
    Unheard,
}

/// What stands on the input of a command, and where its streams go. Without errors, standard error
/// goes where standard output does.
struct Streams {
    input: Option<File>,
    output: File,
    errors: Option<File>,
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
    /// Whether there is a log.
    pub(super) logged: Cell<bool>,
    /// Whether a program was found to be missing.
    pub(super) missing: Cell<bool>,
    /// Tell when the pipes that mask secrets are empty.
    pub(super) drained: RefCell<Vec<oneshot::Receiver<()>>>,
}

impl Attempt {
    pub(super) fn node(&self) -> &crate::model::Node {
        self.shared.node_of(self.node)
    }

    fn log(&self) -> io::Result<File> {
        self.logged.set(true);
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

    /// What is added to the environment of a command: what the files say, secrets, and what `sdd`
    /// itself tells. A later variable replaces an earlier one of the same name.
    fn environment<'e>(
        &'e self,
        extra: &'e [(&str, String)],
    ) -> Result<Vec<(&'e OsStr, Cow<'e, OsStr>)>, Ended> {
        let node = self.node();
        let mut env = Vec::with_capacity(node.env.len() + 8);
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

    pub(super) fn secret(&self, name: &str) -> Result<&str, Ended> {
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
    pub(super) fn launch(&self, job: &Job<'_>) -> Result<Process, Ended> {
        self.launch_with(job, None)
    }

    /// Starts a command; with pipes, one stands on its input and one takes its standard output.
    pub(super) fn launch_with(
        &self,
        job: &Job<'_>,
        pipes: Option<(File, File)>,
    ) -> Result<Process, Ended> {
        let words = self.words(job.invocation)?;
        let env = self.environment(job.env)?;
        self.command.replace(words.clone());
        let dir = job.dir.map_or_else(|| self.dir(), Path::to_owned);
        if self.node().common.dir.is_some() && !dir.is_dir() {
            return Err(Ended::NotStarted {
                reason: format!("its working folder `{}` is not there", dir.display()),
                remedy: "correct `dir`, or let a node that makes the folder go before".to_owned(),
            });
        }
        self.start_in(&dir, &words, env, || {
            let apart = pipes.is_some() || job.stdout.is_some() || job.stderr.is_some();
            let errors = apart.then(|| self.output(job.stderr)).transpose()?;
            let (input, output) = match pipes {
                Some((input, output)) => (Some(input), output),
                None => (None, self.output(job.stdout)?),
            };
            Ok(Streams {
                input,
                output,
                errors,
            })
        })
    }

    /// Runs a command to its end and gives what it answered, on standard output or on both streams.
    /// It is not what the node reports as its command.
    pub(super) async fn answer(&self, words: &[String], errors: Errors) -> Result<Vec<u8>, Ended> {
        if let Some(halt) = *self.halt.borrow() {
            return Err(halt.ended());
        }
        let unwritable = |error: io::Error| Ended::NotStarted {
            reason: format!("its folder for reports can't be used: {error}"),
            remedy: "make room on the disk".to_owned(),
        };
        let mut answer = tempfile::tempfile_in(&self.out).map_err(unwritable)?;
        let env = self.environment(&[])?;
        let process = self.start_in(&self.shared.root, words, env, || {
            let errors = match errors {
                Errors::ToTheAnswer => None,
                Errors::ToTheLog => Some(self.output(None)?),
                Errors::Unheard => Some(File::options().write(true).open("/dev/null")?),
            };
            Ok(Streams {
                input: None,
                output: answer.try_clone()?,
                errors,
            })
        })?;
        match self.attend(&process, None).await {
            Ended::Exited(0) => {}
            ended => return Err(ended),
        }
        let mut bytes = Vec::new();
        answer
            .rewind()
            .and_then(|()| answer.read_to_end(&mut bytes))
            .map_err(unwritable)?;
        Ok(bytes)
    }

    fn start_in<'e>(
        &'e self,
        dir: &Path,
        words: &[String],
        env: Vec<(&'e OsStr, Cow<'e, OsStr>)>,
        streams: impl FnOnce() -> io::Result<Streams>,
    ) -> Result<Process, Ended> {
        let (program, args) = words.split_first().ok_or_else(|| Ended::NotFound {
            program: String::new(),
        })?;
        let program = self.shared.programs.find(program, dir);
        let program = program.inspect_err(|ended| {
            self.missing.set(matches!(ended, Ended::NotFound { .. }));
        })?;
        let failed = |error: io::Error| not_started(&program, &error);
        let streams = streams().map_err(failed)?;
        let launch = Launch {
            program: &program,
            args,
            dir: (dir != self.shared.root).then_some(dir),
            environment: &self.shared.environment,
            env,
            input: streams.input,
            output: streams.output,
            errors: streams.errors,
        };
        self.shared.children.start(launch).map_err(failed)
    }

    /// Where a stream of a command goes: a file of its own, or the log.
    fn output(&self, file: Option<&Path>) -> io::Result<File> {
        let target = match file {
            Some(path) => File::create(path)?,
            None => self.log()?,
        };
        if self.shared.masks.is_empty() {
            return Ok(target);
        }
        let (writer, drained) = secret_pipe(&self.shared.masks, target)?;
        self.drained.borrow_mut().push(drained);
        Ok(writer)
    }

    /// Adds a text to the log, without secrets.
    pub(super) fn write_note(&self, text: &str) -> io::Result<()> {
        let mut out = secret::MaskingWriter::new(self.shared.masks.clone(), self.log()?);
        out.take(text.as_bytes())?;
        out.finish()
    }

    /// Waits until what a command printed has reached the log, but not for a process that keeps the
    /// pipe open.
    pub(super) async fn drain(&self) {
        const PATIENCE: Duration = Duration::from_millis(500);
        for drained in self.drained.take() {
            let _ = tokio::time::timeout(PATIENCE, drained).await;
        }
    }

    /// Waits for a process, or ends it when the attempt has to end or its own time is over.
    pub(super) async fn attend(&self, process: &Process, limit: Option<Duration>) -> Ended {
        let mut halt = self.halt.clone();
        let own_time = async {
            match limit {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let why = tokio::select! {
            biased;
            status = process.ended() => return process::ended(status),
            halted = halt.wait_for(Option::is_some) => halted.ok().and_then(|halt| *halt),
            () = own_time => Some(Halt::TimedOut),
        };
        ending::end_tree(&self.shared, process, self.subject, self.halt.clone()).await;
        why.unwrap_or(Halt::Stopped).ended()
    }

    /// Does work that would hold up the others on a thread of its own. `None` if the attempt has to
    /// end first: whoever called the run off does not wait for the last file.
    pub(super) async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let mut halt = self.halt.clone();
        tokio::select! {
            done = tokio::task::spawn_blocking(work) => done.ok(),
            _ = halt.wait_for(Option::is_some) => None,
        }
    }

    fn of_work_item(&self, part: fn(&Item) -> &String) -> Result<String, &'static str> {
        let current = self.shared.work_item.as_ref();
        let current = current.map(|item| part(item).clone());
        current.map_err(|_| "there is no current work item; `--work-item ID` names one")
    }

    pub(super) fn value(&self, name: &Name) -> Result<String, &'static str> {
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
            Name::WorkItemId => self.of_work_item(|item| &item.id),
            Name::WorkItemType => self.of_work_item(|item| &item.kind),
            Name::WorkItemTitle => self.of_work_item(|item| &item.title),
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
pub(super) const CALLED_OFF: &str = "the attempt was ended first";

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
