//! The engine benchmark: what `sdd` and its peers add to the commands that they run.
//!
//! It drives the tools as a user does, in turns, and reports ratios within a round. It asserts no
//! time: it fails only when something could not be measured.

mod behaviour;
mod case;
mod format;
mod goal;
mod graph;
mod kit;
mod options;
mod parsing;
mod process;
mod report;
mod results;
mod series;
mod subject;
mod tool;
mod verify;

use crate::kit::Kit;
use crate::options::{Options, USAGE};
use crate::results::{Machine, Results};
use crate::series::FLOOR;
use crate::tool::{TOOLS, Tool};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = Options::parse(std::env::args().skip(1));
    match options.and_then(known) {
        Ok(options) if options.help => say(USAGE),
        Ok(options) => run(&options),
        Err(mistake) => {
            complain(&format!("{mistake}\n{USAGE}"));
            ExitCode::from(2)
        }
    }
}

fn known(options: Options) -> Result<Options, String> {
    let others = [parsing::VERSION, parsing::PARSING, behaviour::BEHAVIOUR];
    let cases: Vec<&str> = case::CASES
        .iter()
        .map(|case| case.name)
        .chain(others)
        .collect();
    options.check(&cases, &TOOLS.map(|tool| tool.name))?;
    Ok(options)
}

fn run(options: &Options) -> ExitCode {
    match measure(options).and_then(|results| save(&results, options).map(|()| results)) {
        Ok(results) => {
            let printed = say(&report::markdown(&results, &options.subject));
            if results.faults.is_empty() {
                printed
            } else {
                ExitCode::FAILURE
            }
        }
        Err(fault) => {
            complain(&fault);
            ExitCode::FAILURE
        }
    }
}

/// Ends what is left of this run, also when it panics.
struct Sweep(String);

impl Drop for Sweep {
    fn drop(&mut self) {
        process::end_marked(&self.0);
    }
}

fn measure(options: &Options) -> Result<Results, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let kit = Kit::build(scratch.path(), options.jobs)?;
    let _sweep = Sweep(kit.mark.clone());
    let mut results = Results {
        machine: Machine::look(),
        rounds: options.rounds,
        jobs: options.jobs,
        versions: versions(&kit, options),
        missing: missing(&kit, options),
        ..Results::default()
    };
    time_cases(&kit, scratch.path(), options, &mut results);
    read_pipelines(&kit, scratch.path(), options, &mut results);
    if options.wants(behaviour::BEHAVIOUR) {
        complain("behaviour …");
        match behaviour::ask(&kit, scratch.path(), options) {
            Ok(behaviours) => results.behaviours = behaviours,
            Err(fault) => {
                results
                    .faults
                    .insert(behaviour::BEHAVIOUR.to_owned(), fault);
            }
        }
    }
    results.goals = goal::judge(&results, options);
    Ok(results)
}

fn versions(kit: &Kit, options: &Options) -> BTreeMap<&'static str, String> {
    let asked = TOOLS
        .iter()
        .filter(|tool| tool.name != FLOOR && options.includes(tool.name));
    asked
        .filter_map(|tool| Some((tool.name, tool::version(&tool.locate(kit)?)?)))
        .collect()
}

fn missing(kit: &Kit, options: &Options) -> Vec<&'static str> {
    let asked = TOOLS.iter().filter(|tool| options.includes(tool.name));
    asked
        .filter(|tool| tool.locate(kit).is_none())
        .map(|tool| tool.name)
        .collect()
}

fn time_cases(kit: &Kit, scratch: &Path, options: &Options, results: &mut Results) {
    let mut keep = |name: &str, outcome| match outcome {
        Ok(series) => _ = results.series.insert(name.to_owned(), series),
        Err(fault) => _ = results.faults.insert(name.to_owned(), fault),
    };
    for case in case::CASES.iter().filter(|case| case.is_wanted(options)) {
        complain(&format!("{} …", case.name));
        keep(case.name, case.run(kit, scratch, options));
    }
    if options.wants(parsing::VERSION) {
        keep(parsing::VERSION, parsing::version(kit, scratch, options));
    }
}

fn read_pipelines(kit: &Kit, scratch: &Path, options: &Options, results: &mut Results) {
    let sdd = TOOLS
        .iter()
        .find(|tool| tool.name == "sdd")
        .filter(|tool: &&Tool| tool.locate(kit).is_some());
    let Some(sdd) = sdd.filter(|_| options.wants(parsing::PARSING) && options.includes("sdd"))
    else {
        return;
    };
    complain("parsing …");
    match parsing::parsing(kit, scratch, sdd, options.rounds) {
        Ok(series) => results.series.extend(series),
        Err(fault) => _ = results.faults.insert(parsing::PARSING.to_owned(), fault),
    }
    results.kdl_ms = parsing::kdl_alone(kit, sdd, options.rounds);
}

fn save(results: &Results, options: &Options) -> Result<(), String> {
    let Some(path) = &options.json else {
        return Ok(());
    };
    let text = serde_json::to_string_pretty(results).map_err(|error| error.to_string())?;
    std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
}

/// The answer goes to stdout, everything else to stderr.
fn say(text: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn complain(text: &str) {
    // There is nowhere left to complain to.
    _ = writeln!(std::io::stderr(), "{text}");
}
