//! `sdd baseline`: what benchmarks are held against.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::args::FormatArgs;
use super::{Cx, Failure, Outcome, nearest, print_json};
use crate::bench::baseline::{Entry, FEWEST, Keep, Known, Ledger, RECORD, Record, Run};
use crate::store::{self, RunFolder};

/// `sdd baseline`.
#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// List what benchmarks are held against
    List(FormatArgs),
    /// Show the runs that are stored for one
    Show(ShowArgs),
    /// Store what a benchmark measured, so that later runs are held against it
    Accept(AcceptArgs),
    /// Forget what is stored for a benchmark
    Remove {
        /// `PIPELINE/NODE`, or a node if that is unambiguous
        name: String,
    },
}

/// `sdd baseline show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// `PIPELINE/NODE`, or a node if that is unambiguous
    name: String,
    #[command(flatten)]
    format: FormatArgs,
}

/// `sdd baseline accept`.
#[derive(Debug, Args)]
pub(super) struct AcceptArgs {
    /// Id of the node
    node: String,
    /// Id of the run that measured it, the beginning of one, or `last`
    #[arg(long, default_value = "last")]
    run: String,
    /// Keep the stored runs though these differ from them
    #[arg(long, conflicts_with = "replace")]
    add: bool,
    /// Forget the stored runs of the same machine, load and engine
    #[arg(long)]
    replace: bool,
}

pub(super) fn baseline(cx: &Cx, command: &BaselineCommand) -> Outcome {
    match command {
        BaselineCommand::List(args) => list(cx, args),
        BaselineCommand::Show(args) => show(cx, args),
        BaselineCommand::Accept(args) => accept(cx, args),
        BaselineCommand::Remove { name } => remove(cx, name),
    }
}

fn broken(reason: String) -> Failure {
    let help = "mend the file, or remove it: what it held is lost then";
    Failure::Usage(reason, Some(help.to_owned()))
}

fn root(cx: &Cx) -> Result<PathBuf, Failure> {
    Ok(cx.project()?.root)
}

fn list(cx: &Cx, args: &FormatArgs) -> Outcome {
    let ledger = store::baselines(&root(cx)?).map_err(broken)?;
    let entries: Result<Vec<(&str, Entry)>, String> = ledger
        .names()
        .filter_map(|name| Some((name, ledger.entry(name).transpose()?)))
        .map(|(name, entry)| Ok((name, entry?)))
        .collect();
    let entries = entries.map_err(broken)?;
    if args.format == "json" {
        let entries: Vec<_> = entries
            .iter()
            .map(|(name, entry)| summary(name, entry))
            .collect();
        return print_json(&json!({"schema": "sdd.baselines/1", "baselines": entries}));
    }
    let mut out = io::stdout().lock();
    if entries.is_empty() {
        writeln!(
            out,
            "no baselines are stored; `sdd baseline accept NODE` stores one"
        )?;
    }
    for (name, entry) in entries {
        match entry {
            Entry::Older(_) => {
                writeln!(out, "{name}  of an older form, nothing is held against it")?;
            }
            Entry::Known(known) => {
                writeln!(out, "{name}  {}", figures(&known))?;
                for set in &known.sets {
                    let count = runs(set.runs.len());
                    writeln!(out, "  {count} on {}, {}", set.key.machine, set.key.engine)?;
                    writeln!(out, "    {}", set.key.load)?;
                }
            }
        }
    }
    Ok(0)
}

fn summary(name: &str, entry: &Entry) -> serde_json::Value {
    match entry {
        Entry::Older(fields) => json!({"name": name, "older": fields}),
        Entry::Known(known) => {
            let sets = known.sets.iter().map(|set| {
                json!({"machine": set.key.machine, "load": set.key.load,
                       "engine": set.key.engine, "runs": set.runs.len()})
            });
            json!({"name": name, "latency_ms": known.latency, "throughput": known.throughput,
                   "timestamp": known.timestamp, "sets": sets.collect::<Vec<_>>()})
        }
    }
}

fn figures(known: &Known) -> String {
    let latency = known.latency.iter();
    let mut parts: Vec<String> = latency
        .map(|(name, value)| format!("{name} {value:.3} ms"))
        .collect();
    let rates = known.throughput.values();
    parts.extend(rates.map(|rate| format!("{rate:.1}/s")));
    parts.join(" · ")
}

fn runs(count: usize) -> String {
    match count {
        1 => "1 run".to_owned(),
        count => format!("{count} runs"),
    }
}

/// The whole name of an entry.
fn whole_name(ledger: &Ledger, name: &str) -> Result<String, Failure> {
    let ends = |known: &&str| *known == name || known.rsplit('/').next() == Some(name);
    let found: Vec<&str> = ledger.names().filter(ends).collect();
    let exact = found.iter().find(|known| **known == name);
    match (exact, found.as_slice()) {
        (Some(one), _) | (None, [one]) => Ok((*one).to_owned()),
        (None, []) => {
            let names: Vec<&str> = ledger.names().collect();
            let help = nearest(name, names.iter().copied())
                .or_else(|| Some("`sdd baseline list` lists what is stored".to_owned()));
            Err(Failure::Usage(
                format!("nothing is stored for `{name}`"),
                help,
            ))
        }
        (None, several) => Err(Failure::Usage(
            format!("`{name}` is in several pipelines"),
            Some(format!("one of {}", several.join(", "))),
        )),
    }
}

fn show(cx: &Cx, args: &ShowArgs) -> Outcome {
    let ledger = store::baselines(&root(cx)?).map_err(broken)?;
    let name = whole_name(&ledger, &args.name)?;
    let entry = ledger.entry(&name).map_err(broken)?;
    let Some(entry) = entry else { return Ok(0) };
    if args.format.format == "json" {
        return print_json(&match entry {
            Entry::Older(fields) => json!(fields),
            Entry::Known(known) => json!(known),
        });
    }
    let mut out = io::stdout().lock();
    match entry {
        Entry::Older(fields) => {
            writeln!(out, "{name}, of an older form: {}", json!(fields))?;
        }
        Entry::Known(known) => {
            writeln!(out, "{name}  {}", figures(&known))?;
            for set in &known.sets {
                writeln!(out, "\nmachine  {}", set.key.machine)?;
                writeln!(out, "engine   {}", set.key.engine)?;
                writeln!(out, "load     {}", set.key.load)?;
                for run in &set.runs {
                    writeln!(out, "  {}", told(run))?;
                }
            }
        }
    }
    Ok(0)
}

fn told(run: &Run) -> String {
    let latencies = run.latencies();
    let percentile = |thousandths| {
        let found = latencies.percentile(thousandths);
        found.map_or("–".to_owned(), |time| {
            format!("{:.3} ms", time.as_secs_f64() * 1e3)
        })
    };
    format!(
        "{}  p50 {}  p95 {}  p99 {}  {:.1}/s  {} of {} failed",
        run.at,
        percentile(500),
        percentile(950),
        percentile(990),
        run.per_second,
        run.failed,
        run.sent
    )
}

fn accept(cx: &Cx, args: &AcceptArgs) -> Outcome {
    let root = root(cx)?;
    let record = recorded(&root, args)?;
    let keep = if args.replace || (record.differs && !args.add) {
        Keep::Nothing
    } else {
        Keep::Rolling
    };
    let count = store::change_baselines(&root, |ledger| {
        ledger.add(&record.entry, &record.key, &record.runs, keep)
    });
    let count = count.map_err(broken)?;
    let mut out = io::stdout().lock();
    let (added, stored) = (runs(record.runs.len()), runs(count));
    write!(
        out,
        "{added} accepted for {}; {stored} stored",
        record.entry
    )?;
    match (keep, count >= FEWEST) {
        (Keep::Nothing, _) => writeln!(out, ", the earlier ones are gone"),
        (_, false) => writeln!(out, ", {} more are needed", FEWEST - count),
        _ => writeln!(out),
    }?;
    Ok(0)
}

/// What a node measured in a run.
fn recorded(root: &std::path::Path, args: &AcceptArgs) -> Result<Record, Failure> {
    let usage = |message: String| Failure::Usage(message, None);
    let path = store::find_run(root, &args.run).map_err(usage)?;
    let state = store::read_run(&path).map_err(|error| usage(error.to_string()))?;
    let Some(node) = state.node(&args.node) else {
        let ids = state.nodes.iter().map(crate::event::NodeRecord::id);
        return Err(Failure::Usage(
            format!("run {} has no node `{}`", state.run, args.node),
            nearest(&args.node, ids),
        ));
    };
    let folder = RunFolder::existing(root, &path);
    let file = folder.out_path(&args.node, node.attempts).join(RECORD);
    let text = std::fs::read_to_string(&file).map_err(|_| {
        let message = format!(
            "`{}` measured nothing in run {} that could be stored",
            args.node, state.run
        );
        let help = "it has to be a `benchmark` with `baseline` whose load was sent and answered, \
                    and which kept to its limits";
        Failure::Usage(message, Some(help.to_owned()))
    })?;
    Record::parse(&text)
        .map_err(|reason| usage(format!("`{}` can't be read: {reason}", file.display())))
}

fn remove(cx: &Cx, name: &str) -> Outcome {
    let root = root(cx)?;
    let ledger = store::baselines(&root).map_err(broken)?;
    let name = whole_name(&ledger, name)?;
    store::change_baselines(&root, |ledger| Ok(ledger.remove(&name))).map_err(broken)?;
    writeln!(io::stdout(), "nothing is stored for {name} any more")?;
    Ok(0)
}
