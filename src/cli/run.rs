//! `sdd run` and `sdd recover`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::args::{PipelineArgs, RunArgs, SelectionArgs};
use super::project::{Loaded, Project};
use super::{Cx, Failure, Outcome, plan, work};
use crate::diag::{Diags, did_you_mean};
use crate::event::{Preface, RunState};
use crate::model::Pipeline;
use crate::plan::{Facts as _, Plan, Request};
use crate::report;
use crate::run::{self, Job, Now, Reach, Recovered, RunError, World};
use crate::span::Sources;
use crate::spec::Name;
use crate::store::{self, History};
use crate::work::{Item, NoItem};

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Busy(_) => Failure::Usage(
                error.to_string(),
                Some("wait until it ends, or end it with Ctrl-C".to_owned()),
            ),
            RunError::Store(_) | RunError::System(_) | RunError::Schedule(_) => {
                Failure::Internal(error.to_string())
            }
        }
    }
}

/// A pipeline with its plan and the world it was made for.
pub(super) struct Prepared {
    pub(super) loaded: Loaded,
    pub(super) plan: Plan,
    pub(super) world: World,
}

/// Reads a pipeline and makes its plan.
pub(super) fn prepare(
    cx: &Cx,
    project: &Project,
    pipeline: &PipelineArgs,
    selection: &SelectionArgs,
) -> Result<Prepared, Failure> {
    let fixing = selection.fix;
    let loaded = cx.load(project, &pipeline.pipeline, &pipeline.settings, fixing)?;
    known_profile(&loaded.pipeline, pipeline.profile.as_deref())?;
    let base = loaded
        .pipeline
        .header
        .as_ref()
        .and_then(|header| header.base.as_deref());
    let history = History::read(&project.root, &loaded.pipeline.name);
    let work_item = work::current(cx, &project.root, pipeline.work_item.as_deref())?;
    let world = World::new(&project.root, base, pipeline.profile.as_deref(), history)
        .with_work_item(work_item);
    let request = Request {
        only: selection.only.clone(),
        skip: selection.skip.clone(),
        tags: selection.tags.clone(),
        failed: selection
            .failed
            .then(|| failed(&project.root, &loaded.pipeline.name))
            .transpose()?,
        jobs: selection.jobs.map(|jobs| jobs as usize),
        fail_fast: selection.fail_fast,
        checkpoint: selection.checkpoint,
        keep: selection.keep,
    };
    let plan = crate::plan::plan(
        &loaded.pipeline,
        &loaded.graph,
        &loaded.sources,
        &request,
        &world,
    )
    .map_err(|error| Failure::Usage(error.message, error.help))?;
    Ok(Prepared {
        loaded,
        plan,
        world,
    })
}

/// Refuses a profile that no condition names: it would silently leave out what it was to bring.
fn known_profile(pipeline: &Pipeline, profile: Option<&str>) -> Result<(), Failure> {
    let Some(profile) = profile else {
        return Ok(());
    };
    let conditions = pipeline
        .nodes
        .iter()
        .flat_map(|node| node.common.when.0.iter().chain(&node.common.unless.0));
    let named: Vec<&str> = conditions
        .flat_map(|condition| condition.profile.iter().flatten())
        .map(|word| word.as_str())
        .collect();
    if named.contains(&profile) {
        return Ok(());
    }
    let near = did_you_mean(profile, named.iter().copied());
    let message = format!(
        "--profile {profile}: no condition of `{}` names this profile",
        pipeline.name
    );
    Err(Failure::Usage(message, near))
}

/// Nodes that did not pass when they were last run. A node that a run left out is looked for in the
/// runs before.
fn failed(root: &Path, pipeline: &str) -> Result<Vec<String>, Failure> {
    let mut passed: BTreeMap<String, bool> = BTreeMap::new();
    for state in runs_of(root, pipeline).take(LOOK_BACK) {
        for node in &state.nodes {
            let left_out = ["not-selected", "skip-requested"];
            let code = node.detail.code.as_deref().unwrap_or_default();
            if !left_out.contains(&code) {
                passed
                    .entry(node.id().to_owned())
                    .or_insert(!node.is_obstacle());
            }
        }
    }
    if passed.is_empty() {
        let message = format!("--failed: there is no earlier run of `{pipeline}`");
        return Err(Failure::Usage(message, None));
    }
    let failed: Vec<String> = passed
        .into_iter()
        .filter(|(_, passed)| !passed)
        .map(|(id, _)| id)
        .collect();
    if failed.is_empty() {
        let message = format!("--failed: every node of `{pipeline}` passed when it was last run");
        return Err(Failure::Usage(
            message,
            Some("leave `--failed` away".to_owned()),
        ));
    }
    Ok(failed)
}

/// Runs that are looked through for the last outcome of a node.
const LOOK_BACK: usize = 10;

/// Runs of a pipeline, the newest first.
fn runs_of(root: &Path, pipeline: &str) -> impl Iterator<Item = RunState> {
    let states = store::runs(root)
        .into_iter()
        .rev()
        .filter_map(|id| store::read_run(&root.join(store::RUNS).join(id)).ok());
    states.filter(move |state| state.pipeline == pipeline)
}

/// `sdd run`.
pub(super) fn run(cx: &Cx, args: &RunArgs) -> Outcome {
    let project = cx.project()?;
    let prepared = prepare(cx, &project, &args.pipeline, &args.selection)?;
    if args.dry_run {
        return plan::print(cx, &prepared.plan, args.format != "human");
    }
    let nodes = &prepared.loaded.pipeline.nodes;
    let leaves_stacks = nodes.iter().any(|node| node.kind.is_detached());
    if leaves_stacks || run::is_owed(&project.root) {
        // A busy worktree is refused below, with its owner named.
        let recovered = recover_all(cx, &project, Reach::CutOff);
        if let Some(code) = recovered.ok().and_then(|recovered| recovered.called_off) {
            return Ok(code);
        }
    }
    let reports = wanted_reports(args, &prepared)?;
    let format = report::format(&args.format)
        .ok_or_else(|| Failure::Usage(format!("there is no format `{}`", args.format), None))?;
    let preface = Preface {
        checkpoint: args.selection.checkpoint,
        ..prepared.world.gates(Now {
            pipeline: &prepared.loaded.pipeline,
            sources: &prepared.loaded.sources,
            settings: &args.pipeline.settings,
        })
    };
    let work_item = prepared.world.work_item().cloned().map_err(NoItem::clone);
    let loaded = &prepared.loaded;
    let uses = |is_meant| loaded.graph.uses(&loaded.pipeline, is_meant);
    let uses_item = uses(Name::is_of_work_item);
    let used = work_item.as_ref().ok().filter(|_| uses_item);
    let options = options(&args.pipeline, used.map(|item| item.id.as_str()));
    let needs_base = uses(|name| *name == Name::Base);
    let job = Job {
        root: project.root.clone(),
        base: needs_base
            .then(|| prepared.world.base().ok().map(str::to_owned))
            .flatten(),
        repository: prepared.world.repository(),
        pipeline: prepared.loaded.pipeline,
        graph: prepared.loaded.graph,
        plan: prepared.plan,
        sinks: vec![(format.live)(cx.console())],
        work_item,
        fixing: args.selection.fix,
        options,
        preface,
    };
    let state = run::execute(job)?;
    for (format, path) in reports {
        write_report(&state, format, &project.root.join(path))?;
    }
    Ok(state.exit_code())
}

/// Options that change what a node does. The work item is one of them if a node uses it, also
/// where nobody named it: another one can be in progress when the nodes are run again.
fn options(args: &PipelineArgs, used: Option<&str>) -> Vec<String> {
    let work_item = args.work_item.as_deref().or(used).map(str::to_owned);
    let settings = args.settings.iter();
    let settings =
        settings.flat_map(|(name, value)| ["--set".to_owned(), format!("{name}={value}")]);
    let named = [("--profile", &args.profile), ("--work-item", &work_item)];
    let named = named
        .into_iter()
        .filter_map(|(option, value)| Some((option, value.clone()?)));
    settings
        .chain(named.flat_map(|(option, value)| [option.to_owned(), value]))
        .collect()
}

/// The work item of a run that was; one that is gone meanwhile is known by its id alone.
fn recorded_item(project: &Project, state: &RunState) -> Result<Item, NoItem> {
    let id = option_values(&state.options, "--work-item").next();
    let id = id.ok_or_else(NoItem::default)?;
    let (mut sources, mut unheard) = (Sources::default(), Diags::default());
    let items = store::work_items(&project.root, &mut sources, &mut unheard);
    let found = items.and_then(|items| items.find(id).ok().cloned());
    Ok(found.unwrap_or_else(|| Item::new(id, "", "", "", "")))
}

/// The values that an option has among recorded ones.
fn option_values<'o>(options: &'o [String], name: &'o str) -> impl Iterator<Item = &'o str> {
    let pairs = options.chunks_exact(2);
    pairs
        .filter(move |pair| pair[0] == name)
        .map(|pair| pair[1].as_str())
}

type Wanted = (&'static report::Report, std::path::PathBuf);

/// The reports of the header and of the command line, whose formats have to be known beforehand.
fn wanted_reports(args: &RunArgs, prepared: &Prepared) -> Result<Vec<Wanted>, Failure> {
    let header = prepared.loaded.pipeline.header.as_ref();
    let declared = header.into_iter().flat_map(|header| &header.report.0);
    let declared = declared.map(|(format, path)| (format.value.clone(), path.value.clone().into()));
    declared
        .chain(args.reports.iter().cloned())
        .map(|(name, path)| {
            report::report(&name)
                .map(|format| (format, path))
                .ok_or_else(|| {
                    let names: Vec<_> = report::REPORTS.iter().map(|report| report.name).collect();
                    let help = format!("formats are {}", names.join(", "));
                    Failure::Usage(format!("there is no report format `{name}`"), Some(help))
                })
        })
        .collect()
}

fn write_report(state: &RunState, format: &report::Report, path: &Path) -> Result<(), Failure> {
    let style = report::Style {
        colour: false,
        ascii: false,
        size: report::Size::default(),
        verbosity: report::Verbosity::Normal,
    };
    let mut bytes = Vec::new();
    (format.write)(state, &style, &mut bytes)?;
    store::write_atomically(path, &bytes).map_err(|error| {
        Failure::Internal(format!("`{}` can't be written: {error}", path.display()))
    })
}

/// `sdd recover`.
pub(super) fn recover(cx: &Cx, cut_off: bool) -> Outcome {
    let project = cx.project()?;
    let reach = if cut_off { Reach::CutOff } else { Reach::All };
    let recovered = recover_all(cx, &project, reach)?;
    if recovered == Recovered::default() {
        writeln!(std::io::stdout(), "nothing is left behind")?;
    }
    let left = recovered.runs.iter().any(|run| !run.left.is_empty());
    Ok(recovered.called_off.unwrap_or(u8::from(left)))
}

/// Sees to every run that was cut off and says what was done.
fn recover_all(cx: &Cx, project: &Project, reach: Reach) -> Result<Recovered, Failure> {
    let today = |state: &RunState| -> Result<Job, String> {
        let name = &state.pipeline;
        let pipeline = PipelineArgs {
            pipeline: name.clone(),
            settings: option_values(&state.options, "--set")
                .filter_map(|setting| setting.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            profile: option_values(&state.options, "--profile")
                .next()
                .map(str::to_owned),
            // What is owed is taken down though the item is gone meanwhile.
            work_item: None,
        };
        let prepared = prepare(cx, project, &pipeline, &SelectionArgs::default())
            .map_err(|_| format!("the pipeline `{name}` can't be read any more"))?;
        Ok(Job {
            root: project.root.clone(),
            base: prepared.world.base().ok().map(str::to_owned),
            repository: prepared.world.repository(),
            pipeline: prepared.loaded.pipeline,
            graph: prepared.loaded.graph,
            plan: prepared.plan,
            sinks: Vec::new(),
            work_item: recorded_item(project, state),
            fixing: false,
            options: Vec::new(),
            preface: Preface::default(),
        })
    };
    let recovered = run::recover(&project.root, reach, &today)?;
    let mut out = cx.console().progress.writer;
    for recovery in &recovered.runs {
        writeln!(out, "run {} left something behind", recovery.run)?;
        for process in &recovery.ended {
            writeln!(out, "  ended {process}")?;
        }
        for environment in &recovery.down {
            writeln!(out, "  took down {environment}")?;
        }
        for (environment, reason) in &recovery.left {
            writeln!(out, "  could not take down {environment}: {reason}")?;
        }
    }
    if recovered.called_off.is_some() {
        writeln!(
            out,
            "the recovery was called off; `sdd recover` goes on with it"
        )?;
    }
    Ok(recovered)
}
