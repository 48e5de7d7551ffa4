//! What it costs to start, to read a pipeline and to plan it, with nothing run.

use crate::graph::{self, name};
use crate::kit::Kit;
use crate::options::Options;
use crate::series::{FLOOR, Series, Spread};
use crate::subject::Subject;
use crate::tool::{TOOLS, Tool};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// The name of the case that compares `--version` with `true`.
pub(crate) const VERSION: &str = "version";

/// The name that stands for every `check-N` and `plan-N`.
pub(crate) const PARSING: &str = "parsing";

const LIMIT: Duration = Duration::from_mins(1);

/// Sizes of the pipelines; the last three tell whether the cost is linear.
pub(crate) const SIZES: [usize; 4] = [60, 1000, 5000, 10_000];

const COMMANDS: [(&str, &[&str]); 2] = [("check", &["check"]), ("plan", &["plan", "bench"])];

/// `--version` of every tool beside `true`, which stands as the floor.
pub(crate) fn version(kit: &Kit, scratch: &Path, options: &Options) -> Result<Series, String> {
    let mut subjects = vec![plain(scratch, FLOOR, kit.argv(&graph::Work::Nothing, ""))?];
    for tool in TOOLS
        .iter()
        .filter(|tool| tool.name != FLOOR && options.includes(tool.name))
    {
        if let Some(program) = tool.locate(kit) {
            let argv = vec![program.display().to_string(), "--version".to_owned()];
            subjects.push(plain(scratch, tool.name, argv)?);
        }
    }
    let mut series = Series::default();
    series.fill(kit, &subjects, 8 * options.rounds, LIMIT)?;
    Ok(series)
}

/// `check` and `plan` of the subject at every size, by the name of the case.
pub(crate) fn parsing(
    kit: &Kit,
    scratch: &Path,
    tool: &Tool,
    rounds: usize,
) -> Result<BTreeMap<String, Series>, String> {
    let mut cases = BTreeMap::new();
    for size in SIZES {
        let folder = scratch.join(format!("parse-{size}"));
        let prepared = tool.prepare(kit, &folder, &graph::layered(size))?;
        for (command, arguments) in COMMANDS {
            let mut subject = Subject {
                evidence: None,
                ..prepared.clone()
            };
            subject.argv.truncate(1);
            subject
                .argv
                .extend(arguments.iter().map(|&argument| argument.to_owned()));
            let mut series = Series {
                nodes: size,
                ..Series::default()
            };
            series.fill(kit, &[subject], rounds, LIMIT)?;
            cases.insert(format!("{command}-{size}"), series);
        }
    }
    Ok(cases)
}

/// Milliseconds that the kdl crate alone takes for the same text, by size.
pub(crate) fn kdl_alone(kit: &Kit, tool: &Tool, rounds: usize) -> BTreeMap<usize, Spread> {
    let share = |size| {
        let text = tool.text(kit, &graph::layered(size));
        let times = (0..rounds).map(|_| {
            let begin = Instant::now();
            let nodes =
                kdl::KdlDocument::parse_v2(&text).map_or(0, |document| document.nodes().len());
            assert_eq!(
                nodes,
                size + 1,
                "the generated pipeline up to {} is valid KDL",
                name(size - 1)
            );
            begin.elapsed().as_secs_f64() * 1e3
        });
        Spread::of(times).map(|spread| (size, spread))
    };
    SIZES.into_iter().filter_map(share).collect()
}

fn plain(scratch: &Path, name: &str, argv: Vec<String>) -> Result<Subject, String> {
    let folder = scratch.join(format!("{VERSION}-{name}"));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let home = folder.with_extension("home").display().to_string();
    Ok(Subject {
        name: name.to_owned(),
        folder,
        argv,
        environment: vec![("PREK_HOME".to_owned(), home)],
        leftovers: Vec::new(),
        evidence: None,
    })
}
