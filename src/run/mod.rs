//! Running a plan: processes, files, the clock and signals. Everything here acts; what is decided
//! is decided by [`crate::sched`].

mod attempt;
mod changes;
mod control;
mod docker;
mod ending;
mod engine;
mod exchange;
mod facts;
mod gates;
mod git;
pub mod guardian;
mod listener;
mod machine;
mod mcp;
mod port;
mod probe;
mod process;
mod program;
mod recorder;
mod recover;
mod repository;
mod sampling;
mod scan;
mod secret;
mod shared;
mod spawn;
mod stacks;
mod table;
mod task;
mod tree;
mod waits;
mod web;
mod wrk;

pub use facts::World;
pub use gates::Now;
pub use machine::ThisMachine;
pub use process::first_line_of;
pub use program::Tools;
pub use recover::{Reach, Recovered, Recovery, Today, is_owed, recover};
pub use repository::Repository;
pub use scan::exists as file_exists;
pub use stacks::worktree;
pub use web::fetch as fetch_text;
pub use wrk::measure_by_wrk;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use crate::event::{Body, Preface, RunState};
use crate::graph::Graph;
use crate::model::Pipeline;
use crate::plan::Plan;
use crate::report::Sink;
use crate::sched::Scheduler;
use crate::store::{self, Lock, LockError, RunFolder, StoreError};
use crate::work::{Item, NoItem};

/// What to run, and who is told.
pub struct Job {
    /// The project root.
    pub root: PathBuf,
    /// The pipeline.
    pub pipeline: Pipeline,
    /// Its graph.
    pub graph: Graph,
    /// Its plan.
    pub plan: Plan,
    /// Who is told of every event.
    pub sinks: Vec<Box<dyn Sink>>,
    /// The commit that "changed" counts from, if it is known and a node asks for it.
    pub base: Option<String>,
    /// The repository of the project.
    pub repository: std::sync::Arc<Repository>,
    /// The current work item, or why there is none.
    pub work_item: Result<Item, NoItem>,
    /// Whether what can be mended is mended.
    pub fixing: bool,
    /// Options of the command line that a node would need to be run in the same way again.
    pub options: Vec<String>,
    /// What is known beside the plan; what is owed from before is filled in.
    pub preface: Preface,
}

/// Why a run could not begin, or not be recorded.
#[derive(Debug)]
pub enum RunError {
    /// Another run goes on in this worktree; what it says of itself.
    Busy(String),
    /// A file of the state folder can't be used.
    Store(StoreError),
    /// The system refuses something that every run needs.
    System(std::io::Error),
    /// The plan can't be scheduled, which is a mistake of `sdd`.
    Schedule(crate::sched::DagError),
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Busy(owner) => {
                write!(formatter, "another run goes on in this worktree: {owner}")
            }
            RunError::Store(StoreError { path, error }) => {
                write!(formatter, "`{}` can't be used: {error}", path.display())
            }
            RunError::System(error) => write!(formatter, "the system refuses: {error}"),
            RunError::Schedule(error) => write!(formatter, "the plan can't be scheduled: {error}"),
        }
    }
}

impl std::error::Error for RunError {}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        RunError::Store(error)
    }
}

impl From<std::io::Error> for RunError {
    fn from(error: std::io::Error) -> Self {
        RunError::System(error)
    }
}

impl From<LockError> for RunError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Busy(owner) => RunError::Busy(owner),
            LockError::Io(error) => RunError::System(error),
        }
    }
}

/// Runs a job to its end.
pub fn execute(job: Job) -> Result<RunState, RunError> {
    engine::prepare();
    // Commands run in the root, and a process inherits the folder of the one that starts it.
    std::env::set_current_dir(&job.root)?;
    let id = run_id();
    RunFolder::prepare(&job.root)?;
    let pid = guardian_pid();
    let _lock = Lock::take(&job.root, &format!("run {id}, process {pid}"))?;
    let preface = Preface {
        debt: store::debt(&job.root, &job.pipeline.name),
        ..job.preface.clone()
    };
    let folder = RunFolder::create(&job.root, &id)?;
    write_plan(&folder, &job.plan)?;
    let scheduler = Scheduler::new(job.plan.dag(&job.pipeline)).map_err(RunError::Schedule)?;
    let limit = job
        .pipeline
        .header
        .as_ref()
        .and_then(|header| header.timeout)
        .map(|limit| limit.0);
    let root = job.root.clone();
    let options = job.options.clone();
    let log = std::fs::File::create_new(folder.path.join("events.jsonl"))?;
    let shared = Rc::new(share(job, folder, log, None));
    shared.recorder.emit(Body::RunStarted {
        run: id,
        pipeline: shared.plan.pipeline.clone(),
        started_at: timestamp(),
        jobs: shared.plan.jobs,
        pid,
        options,
        preface,
        nodes: shared.plan.announced(),
    });
    drive(&shared, scheduler, limit)?;
    shared.out.clear();
    let (verdict, exit_code) = shared
        .recorder
        .with_state(|state| (state.verdict(), state.exit_code()));
    shared.recorder.emit(Body::RunFinished {
        verdict,
        exit_code,
        duration_ms: shared.recorder.now_ms(),
    });
    let state = shared.recorder.finish()?;
    let mut history = store::History::read(&root, &state.pipeline);
    history.learn(&state);
    // Without it the next run only knows less of what to expect.
    let _ = history.save();
    store::prune(&root);
    Ok(state)
}

fn drive(
    shared: &Rc<shared::Shared>,
    scheduler: Scheduler,
    limit: Option<Duration>,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = tokio::task::LocalSet::new();
    let result = runtime.block_on(local.run_until(async {
        let control = control::Control::new(guardian::guardian().is_some())?;
        engine::Engine::new(Rc::clone(shared), scheduler)
            .run(control, limit)
            .await
    }));
    // A file that is still being looked at keeps nobody waiting.
    runtime.shutdown_background();
    result
}

/// What the attempts of a run share. `cut_off` is the state of a run that is taken up again, with
/// the number of its next event.
fn share(
    job: Job,
    folder: RunFolder,
    log: std::fs::File,
    cut_off: Option<(RunState, u64)>,
) -> shared::Shared {
    let masks = secret::Masks::read(&job.pipeline, &job.root);
    let (root, pipeline) = (job.root.clone(), job.pipeline.name.clone());
    let programs = program::Programs::new(&job.root, std::env::var_os("PATH"));
    let recorder = match cut_off {
        None => recorder::Recorder::new(log, job.sinks, masks.clone()),
        Some((state, next)) => recorder::Recorder::resume(log, masks.clone(), state, next),
    };
    shared::Shared {
        worktree: stacks::worktree(&job.root),
        environment: shared::environment(&programs, &folder.id, &job.pipeline),
        recorder,
        root: job.root,
        out: store::OutFolders::new(&folder.path),
        folder,
        pipeline: job.pipeline,
        graph: job.graph,
        plan: job.plan,
        children: process::Children::default(),
        programs,
        masks,
        http: probe::Http::default(),
        base: job.base,
        repository: job.repository,
        work_item: job.work_item,
        fixing: job.fixing,
        history: store::History::read(&root, &pipeline),
        contents: scan::Contents::default(),
        services: RefCell::new(HashMap::new()),
        published: RefCell::default(),
        running: RefCell::default(),
    }
}

fn write_plan(folder: &RunFolder, plan: &Plan) -> std::io::Result<()> {
    let mut text = serde_json::to_vec(plan)?;
    text.push(b'\n');
    std::fs::write(folder.path.join("plan.json"), text)
}

fn guardian_pid() -> u32 {
    guardian::guardian()
        .unwrap_or_else(guardian::own_pid)
        .as_raw_nonzero()
        .get()
        .cast_unsigned()
}

/// UTC, RFC 3339, to the second.
fn timestamp() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// The time in UTC; the digits behind it are the part of the second, so that the ids of a worktree
/// stand in the order of its runs.
fn run_id() -> String {
    let now = jiff::Timestamp::now();
    let nanoseconds = u64::from(now.subsec_nanosecond().unsigned_abs());
    let part = nanoseconds * 0x1_0000 / 1_000_000_000;
    format!("{}-{part:04x}", now.strftime("%Y%m%dT%H%M%SZ"))
}
