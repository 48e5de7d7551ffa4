//! The port through which a node's kind acts on the world: it runs commands, reads files and
//! reports, and never learns how.

mod files;
mod session;

pub use files::{ChangedFile, Changes, FileState, FileVisitor, Scan, Snapshot, Stamp};
pub use session::{Fault, Offer, Place, Said, Server, Session};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::bench::baseline::{Keep, Key, Ledger, Run};
use crate::bench::resources::Sampled;
use crate::bench::{Load, Summary};
use crate::contract::live::{Answer, Request};
use crate::event::{Finding, Measurement};
use crate::sched::Outcome;
use crate::spec::{Argv, Glob, Template};

/// A command as a kind asks for it.
#[derive(Debug, Clone, Copy)]
pub enum Invocation<'a> {
    /// A program and its arguments.
    Run(&'a Argv),
    /// A script for `sh -eu`.
    Shell(&'a Template),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It exited by itself.
    Exited(i32),
    /// A signal ended it that `sdd` did not send; its number.
    Signalled(i32),
    /// The program does not exist anywhere that was looked; how to get it.
    NotFound {
        /// The program.
        program: String,
    },
    /// It could not be started; why, and how to mend it.
    NotStarted {
        /// Why.
        reason: String,
        /// The mend.
        remedy: String,
    },
    /// A name in its command line has no value.
    NotExpanded(Missing),
    /// It was ended because its time was over.
    TimedOut,
    /// It was ended because the run was called off.
    Stopped,
}

/// A `{{name}}` that has no value in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The name, with its braces.
    pub name: String,
    /// Why it has none.
    pub reason: String,
}

/// A place where something answers when a service is ready.
#[derive(Debug, Clone, Copy)]
pub enum Probe<'a> {
    /// A URL that answers a GET with 2xx.
    Http(&'a str),
    /// `host:port` that takes a connection.
    Tcp(&'a str),
    /// A pattern that the log has to hold.
    Log(&'a regex::bytes::Regex),
}

/// A request that is sent once.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// The request.
    pub request: &'a Request,
    /// The secret that goes along as bearer token.
    pub token: Option<&'a str>,
    /// How long the whole answer may take.
    pub patience: Duration,
}

/// What a kind concludes from an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// How it ended.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub reason: Option<String>,
    /// A stable word for the reason.
    pub code: Option<&'static str>,
    /// Exit code of the command that decided.
    pub exit_code: Option<i32>,
    /// What can be done about it, one step each.
    pub remedy: Vec<String>,
}

impl Conclusion {
    /// All is well.
    pub fn passed() -> Self {
        Self {
            outcome: Outcome::Passed,
            reason: None,
            code: None,
            exit_code: None,
            remedy: Vec::new(),
        }
    }

    /// Anything else, with a stable word and a sentence.
    pub fn new(outcome: Outcome, code: &'static str, reason: impl Into<String>) -> Self {
        Self {
            outcome,
            reason: Some(reason.into()),
            code: Some(code),
            ..Self::passed()
        }
    }

    /// Adds the exit code that decided.
    #[must_use]
    pub fn exit_code(mut self, code: i32) -> Self {
        self.exit_code = Some(code);
        self
    }

    /// Adds a step that mends it.
    #[must_use]
    pub fn remedy(mut self, step: impl Into<String>) -> Self {
        self.remedy.push(step.into());
        self
    }
}

/// A command with what is special about it.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The command.
    pub invocation: Invocation<'a>,
    /// Where it runs, instead of the node's folder.
    pub dir: Option<&'a Path>,
    /// The file that takes its standard output, instead of the log.
    pub stdout: Option<&'a Path>,
    /// The file that takes its standard error, instead of the log.
    pub stderr: Option<&'a Path>,
    /// Variables added to its environment.
    pub env: &'a [(&'a str, String)],
    /// How long it may take, if that is less than the attempt may.
    pub limit: Option<Duration>,
}

impl<'a> Job<'a> {
    /// A command with nothing special about it.
    pub fn new(invocation: Invocation<'a>) -> Self {
        Self {
            invocation,
            dir: None,
            stdout: None,
            stderr: None,
            env: &[],
            limit: None,
        }
    }
}

/// The world as a kind sees it, for one attempt of one node.
#[expect(
    async_fn_in_trait,
    reason = "an attempt is driven on one thread, so its futures need not be Send"
)]
pub trait Host {
    /// Runs a command to its end; its output goes to the attempt's log.
    async fn exec(&self, invocation: Invocation<'_>) -> Ended;

    /// Runs a command in a special way to its end.
    async fn exec_job(&self, job: &Job<'_>) -> Ended;

    /// Runs a command whose answer is its standard output, which is no part of the log; neither is
    /// it the node's own command. With `quietly`, its standard error is no part of the log either.
    /// An exit code other than 0 is an error.
    async fn ask(&self, words: &[String], quietly: bool) -> Result<Vec<u8>, Ended>;

    /// [`Host::ask`] for both streams, in their order.
    async fn ask_all(&self, words: &[String]) -> Result<Vec<u8>, Ended>;

    /// The value of a variable of the environment that `sdd` was started in.
    fn variable(&self, name: &str) -> Option<String>;

    /// Who listens on a TCP port, if somebody does.
    fn listener(&self, port: u16) -> Option<String>;

    /// What tells the worktree from all others, on this machine and on others.
    fn worktree(&self) -> &str;

    /// The pipeline.
    fn pipeline(&self) -> &str;

    /// The run.
    fn run_id(&self) -> &str;

    /// The node, or the environment that is taken down.
    fn subject(&self) -> String;

    /// Whether the run was asked to mend what can be mended.
    fn fixing(&self) -> bool;

    /// What differs from the commit that "changed" counts from; the error says why that is unknown.
    async fn changes(&self) -> Result<Arc<Changes>, String>;

    /// A file as it was in the commit that "changed" counts from; `None` if it was not there.
    async fn at_base(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// A file as it was in a commit, by whatever name git knows that; `None` if it was not there.
    async fn at_revision(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// The id of the current work item; the error says why there is none.
    fn work_item(&self) -> Result<String, String>;

    /// What the node measured when it passed the last time.
    fn last(&self, measurement: &str) -> Option<f64>;

    /// The end of what went to the attempt's log.
    fn printed(&self) -> Vec<u8>;

    /// The beginning of a foreign text for a message. Secrets are masked first: a part of one would
    /// not be known for one.
    fn quote(&self, text: &str) -> String;

    /// What the node adds to the environment of its commands: variables with their values, and
    /// secrets by their names alone.
    fn settings(&self) -> Vec<String>;

    /// Adds a text of its own to the attempt's log.
    fn note(&self, text: &str);

    /// Writes a file into the attempt's own folder.
    fn write_out(&self, name: &str, text: &str) -> std::io::Result<()>;

    /// The day, in UTC: `2026-11-30`.
    fn today(&self) -> String;

    /// The second, in UTC: `2026-11-30T12:00:00Z`.
    fn now(&self) -> String;

    /// How long ago a file was changed.
    fn age(&self, path: &str) -> Option<Duration>;

    /// The project root.
    fn root(&self) -> &Path;

    /// The folder that the node's commands run in, relative to the root, which is `""`.
    fn dir(&self) -> &str;

    /// The files that the node reads; everything, where it is not known better.
    fn reads(&self) -> Vec<Glob>;

    /// The files of the project that the node may write.
    fn writes(&self) -> Vec<Glob>;

    /// A copy of the project's files as they were at the base, in the attempt's own folder.
    async fn base_tree(&self) -> Result<PathBuf, String>;

    /// Removes that copy.
    fn discard_base_tree(&self);

    /// The content of every file that matches, as hashes.
    async fn snapshot(&self, files: &[Glob]) -> Snapshot;

    /// Nodes of which some part ran since this attempt began.
    fn companions(&self) -> Vec<String>;

    /// Starts a process that outlives the attempt, until [`Host::end`]. One that was started before
    /// is ended first.
    async fn start(&self, job: &Job<'_>) -> Result<(), Ended>;

    /// Waits until the started process ends by itself.
    async fn exited(&self) -> Ended;

    /// Ends the process that was started for this environment; `None` if it had ended before.
    async fn end(&self, signal: &str, grace: Duration) -> Option<Ended>;

    /// Asks once whether a service answers; the error says what it did instead.
    async fn probe(&self, probe: Probe<'_>) -> Result<(), String>;

    /// Sends load and measures how it is answered. The error says why nothing could be sent.
    async fn load(&self, load: Load) -> Result<Summary, String>;

    /// [`Host::load`], and a sample of what the environments that the node names use during the time
    /// that counts.
    async fn load_sampled(&self, load: Load) -> (Result<Summary, String>, Vec<Sampled>);

    /// Does some work, and samples meanwhile what the environments that the node names use.
    async fn sampling<T>(&self, work: impl Future<Output = T>) -> (T, Vec<Sampled>);

    /// Measures how fast the machine is at the moment, over so many connections; `None` if that
    /// can't be told.
    async fn yardstick(&self, connections: usize) -> Option<Summary>;

    /// What tells this machine from faster and slower ones.
    fn machine(&self) -> String;

    /// What was measured in earlier runs; the error says why that can't be read.
    fn baselines(&self) -> Result<Ledger, String>;

    /// Stores what was measured for later runs, and gives how many runs of that key there are. The
    /// error says why that can't be done.
    fn add_to_baseline(
        &self,
        entry: &str,
        key: &Key,
        runs: &[Run],
        keep: Keep,
    ) -> Result<usize, String>;

    /// Sends one HTTP request and reads its answer, following no redirection. The error says why
    /// there is none.
    async fn exchange(&self, exchange: &Exchange<'_>) -> Result<Answer, String>;

    /// Opens a session with a server of the Model Context Protocol.
    async fn session(&self, server: &Server<'_>) -> Result<impl Session, Fault>;

    /// What was remembered under a name in an earlier run, and how long ago. Nothing if that can't
    /// be read any more.
    fn remembered(&self, name: &str) -> Option<(serde_json::Value, Duration)>;

    /// Remembers a value under a name for later runs.
    fn remember(&self, name: &str, value: serde_json::Value) -> std::io::Result<()>;

    /// Does work that would hold up the others beside them. Nothing if the attempt has to end first.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T>;

    /// Waits, or returns early when the attempt is called off.
    async fn sleep(&self, duration: Duration);

    /// Whether the attempt's time is over or it was called off, and which.
    fn interruption(&self) -> Option<Ended>;

    /// A TCP port of the loopback interface that nothing listens on.
    fn free_port(&self) -> std::io::Result<u16>;

    /// Replaces the names in a text.
    fn expand(&self, template: &Template) -> Result<String, Missing>;

    /// Makes a value known as `{{node.ID.NAME}}`.
    fn publish(&self, name: &str, value: String);

    /// The attempt's own, fresh folder.
    fn out(&self) -> &Path;

    /// What identifies a file now; `None` if it is not there. Relative paths count from the root.
    fn stamp(&self, path: &str) -> Option<Stamp>;

    /// The content of a file. Relative paths count from the root.
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>>;

    /// The content of a file, bit by bit.
    fn open(&self, path: &str) -> std::io::Result<Box<dyn std::io::BufRead>>;

    /// Looks at every file of the project that matches one of `include` and none of `except`.
    async fn scan(&self, include: &[Glob], except: &[Glob], visit: FileVisitor) -> Scan;

    /// Every file of the project that matches one of `include` and none of `except`, without
    /// looking into it; in the order of paths. The error says what could not be looked at.
    async fn list(&self, include: &[Glob], except: &[Glob]) -> Result<Vec<String>, String>;

    /// Whether a path without any pattern is there: a file, a folder or a link, ignored or not.
    fn exists(&self, path: &str) -> bool;

    /// Reports a finding.
    fn finding(&self, finding: Finding);

    /// Reports a measurement. One that is not finite was not measured.
    fn measure(&self, measurement: Measurement);

    /// What was published by the attempt so far.
    fn published(&self) -> BTreeMap<String, String>;
}
