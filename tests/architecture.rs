//! The layers and the habits of the code, read from the code itself.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// From the bottom to the top: a module uses only those before it.
const LAYERS: &[&str] = &[
    "span",
    "diag",
    "id",
    "chance",
    "sched",
    "event",
    "syntax",
    "yaml",
    "contract",
    "spec",
    "bench",
    "host",
    "mcp",
    "parsers",
    "rules",
    "work",
    "tools",
    "preflight",
    "compose",
    "gate",
    "kinds",
    "model",
    "graph",
    "plan",
    "report",
    "store",
    "run",
    "cli",
];

/// Most lines of a file; beyond that it holds more than one idea.
const LONGEST_FILE: usize = 450;

struct Source {
    /// Relative to `src`.
    path: String,
    text: String,
}

impl Source {
    fn layer(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_test(&self) -> bool {
        ["tests", "properties", "checker", "exhaustive", "sample"]
            .iter()
            .any(|word| self.path.split(['/', '.']).any(|part| part == *word))
    }

    /// The text up to its tests.
    fn code(&self) -> &str {
        if self.is_test() {
            return "";
        }
        self.text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default()
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push(Source { path, text });
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

#[test]
fn a_module_uses_only_modules_below_it() {
    let uses = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let place = |layer: &str| LAYERS.iter().position(|known| *known == layer);
    for source in sources()
        .iter()
        .filter(|source| !["lib.rs", "main.rs"].contains(&source.path.as_str()))
    {
        let own = place(source.layer()).unwrap_or_else(|| panic!("{} is in no layer", source.path));
        for used in uses.captures_iter(source.code()) {
            // Macros are exported at the root; each is of the layer that defines it.
            let Some(other) = place(&used[1]) else {
                assert!(
                    ["spec", "choice", "alias"].contains(&&used[1]),
                    "{}: crate::{}",
                    source.path,
                    &used[1]
                );
                continue;
            };
            assert!(
                other <= own,
                "{} uses {}, which is above it",
                source.path,
                &used[1]
            );
        }
    }
}

#[test]
fn a_kind_sees_no_other_kind() {
    let uses = Regex::new(r"\bsuper::(\w+)|use super::\{([^}]*)\}").unwrap();
    // A kind may have parts of its own, in a folder; those see it.
    let is_kind = |source: &&Source| {
        let parts: Vec<&str> = source.path.split('/').collect();
        matches!(parts[..], ["kinds", file] if file != "mod.rs")
            || matches!(parts[..], ["kinds", _, "mod.rs"])
    };
    for source in sources().iter().filter(is_kind) {
        for used in uses.captures_iter(source.code()) {
            let names = used
                .get(1)
                .or(used.get(2))
                .map_or("", |names| names.as_str());
            for name in names
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
            {
                assert!(
                    ["NodeKind", "program", "KINDS", "Consumers"].contains(&name)
                        || name.starts_with("Kind"),
                    "{} uses {name}",
                    source.path
                );
            }
        }
    }
}

#[test]
fn only_the_files_for_it_start_processes() {
    for source in sources() {
        let ways = ["duct::", "process::Command", "posix_spawn"];
        let starts = ways.iter().any(|way| source.code().contains(way));
        let allowed = ["run/process.rs", "run/spawn.rs"].contains(&source.path.as_str());
        assert!(!starts || allowed, "{} starts processes", source.path);
    }
}

#[test]
fn only_the_shell_touches_files_and_the_clock() {
    let io = Regex::new(r"std::fs|fs::|Instant::now|SystemTime|Timestamp::now|std::net|TcpStream")
        .unwrap();
    for source in sources() {
        let shell = ["run", "store", "cli", "main"].contains(&source.layer());
        // The formats of a run ask their terminal, and append to the file of a job's summary.
        let terminal = source.layer() == "report";
        // Who waits for an environment measures how long by the clock of the runtime that drives it.
        let waits = ["kinds/service.rs", "kinds/compose.rs"].contains(&source.path.as_str());
        // The half of the load generator that sends.
        let sends = source.path.starts_with("bench/net/");
        let found = io.find(source.code());
        assert!(
            shell || sends || terminal || waits || found.is_none(),
            "{}: {found:?}",
            source.path
        );
    }
}

#[test]
fn no_file_is_longer_than_it_should_be() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", source.path);
    }
}

#[test]
fn the_documented_layers_are_these() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let text = fs::read_to_string(path).unwrap();
    let drawing = text
        .split("## Layers")
        .nth(1)
        .unwrap()
        .split("```")
        .nth(1)
        .unwrap();
    let mut documented: Vec<&str> = drawing.split_whitespace().collect();
    let mut layers = LAYERS.to_vec();
    documented.sort_unstable();
    layers.sort_unstable();
    assert_eq!(documented, layers);
}

/// Names of the files and folders of a part of the sources, without those that serve the others.
fn parts(folder: &str, helpers: &[&str]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(folder);
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .filter(|name| !helpers.contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn b19_only_moments_come_from_the_wall_clock_and_limits_and_durations_never_do() {
    let wall_clock = Regex::new(r"SystemTime|Timestamp::now|Zoned::now").unwrap();
    let sources = sources();
    let mut asking: Vec<(&str, usize)> = sources
        .iter()
        .map(|source| {
            (
                source.path.as_str(),
                wall_clock.find_iter(source.code()).count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    asking.sort_unstable();
    // The names and beginnings of runs, the day on which an exception ends, and the one until which
    // a contract promised something.
    assert_eq!(
        asking,
        [
            ("cli/contract/mod.rs", 1),
            ("run/mod.rs", 2),
            ("run/port.rs", 1),
            ("store/memory.rs", 2)
        ]
    );
}

#[test]
fn every_kind_has_a_file_and_every_file_a_row() {
    let helpers = ["mod", "program", "examples"];
    let rows = sorted(sdd::kinds::KINDS.iter().map(|row| row.spec.name));
    assert_eq!(parts("kinds", &helpers), rows);
}

#[test]
fn every_renderer_has_a_file_and_every_file_a_row() {
    let helpers = [
        "mod",
        "picture",
        "cluster",
        "mark",
        "order",
        "reduction",
        "tests",
        "snapshots",
    ];
    let rows = sorted(sdd::graph::render::RENDERERS.iter().map(|row| row.name));
    assert_eq!(parts("graph/render", &helpers), rows);
}

#[test]
fn every_format_has_a_file() {
    let files = parts("report", &[]);
    let reports = sdd::report::REPORTS.iter().map(|row| row.name);
    for name in sdd::report::FORMATS
        .iter()
        .map(|row| row.name)
        .chain(reports)
    {
        let file = if name == "human" { "terminal" } else { name };
        assert!(files.contains(&file.to_owned()), "{name}");
    }
}
