//! The floor, sdd and its peers, as a table.

use crate::format::{self, Writer};
use crate::graph::Graph;
use crate::kit::{Kit, RECORD, find};
use crate::subject::Subject;
use crate::verify;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a tool is found, fed and started. In arguments and environment `{jobs}` and `{home}` are filled in.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    file: &'static str,
    write: Writer,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    leftovers: &'static [&'static str],
    needs_git: bool,
    /// A correct word of the tool's file, and the same one misspelt.
    pub(crate) misspelling: (&'static str, &'static str),
}

const PLAIN: Tool = Tool {
    name: "",
    file: "",
    write: format::floor,
    arguments: &[],
    environment: &[],
    leftovers: &[],
    needs_git: false,
    misspelling: ("", ""),
};

/// The floor comes first: everything is held against it.
pub(crate) const TOOLS: [Tool; 7] = [
    Tool {
        name: "floor",
        file: "graph.txt",
        arguments: &["graph.txt", "{jobs}"],
        ..PLAIN
    },
    Tool {
        name: "sdd",
        file: "pipelines/bench.kdl",
        write: format::sdd,
        arguments: &["run", "bench"],
        leftovers: &[".session"],
        misspelling: ("{ run ", "{ rnu "),
        ..PLAIN
    },
    Tool {
        name: "ninja",
        file: "build.ninja",
        write: format::ninja,
        arguments: &["-j", "{jobs}"],
        leftovers: &[".ninja_log", ".ninja_deps"],
        misspelling: ("  argv =", "  agrv ="),
        ..PLAIN
    },
    Tool {
        name: "make",
        file: "Makefile",
        write: format::make,
        arguments: &["-j", "{jobs}"],
        misspelling: (".PHONY", ".PHONNY"),
        ..PLAIN
    },
    Tool {
        name: "prek",
        file: ".pre-commit-config.yaml",
        write: format::prek,
        arguments: &["run", "--all-files"],
        environment: &[("PREK_HOME", "{home}"), ("PREK_CONCURRENT_HOOKS", "{jobs}")],
        needs_git: true,
        misspelling: ("language", "langauge"),
        ..PLAIN
    },
    Tool {
        name: "just",
        file: "justfile",
        write: format::just,
        arguments: &["--jobs", "{jobs}", "all"],
        misspelling: ("[parallel]", "[paralel]"),
        ..PLAIN
    },
    Tool {
        name: "task",
        file: "Taskfile.yml",
        write: format::task,
        arguments: &["--concurrency", "{jobs}", "all"],
        leftovers: &[".task"],
        misspelling: ("cmds:", "cmdz:"),
        ..PLAIN
    },
];

impl Tool {
    /// Where its program is, if it is installed.
    pub(crate) fn locate(&self, kit: &Kit) -> Option<PathBuf> {
        match self.name {
            "floor" => Some(kit.program("floor").into()),
            "sdd" => sdd(),
            name => find(name),
        }
    }

    /// Whether dependencies can be said at all; prek has levels only.
    pub(crate) fn has_graph(&self) -> bool {
        self.name != "prek"
    }

    /// Writes the graph into `folder`, which is created.
    pub(crate) fn prepare(
        &self,
        kit: &Kit,
        folder: &Path,
        graph: &Graph,
    ) -> Result<Subject, String> {
        self.prepare_text(kit, folder, &(self.write)(graph, kit))
    }

    /// The text of its file for a graph.
    pub(crate) fn text(&self, kit: &Kit, graph: &Graph) -> String {
        (self.write)(graph, kit)
    }

    /// Writes `text` as the tool's file into `folder`, which is created.
    pub(crate) fn prepare_text(
        &self,
        kit: &Kit,
        folder: &Path,
        text: &str,
    ) -> Result<Subject, String> {
        let program = self
            .locate(kit)
            .ok_or_else(|| format!("{} is not installed", self.name))?;
        let file = folder.join(self.file);
        let parent = file.parent().expect("the file is inside the folder");
        fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
        fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        if self.needs_git {
            git(folder)?;
        }
        let filled = |text: &str| {
            let home = folder.with_extension("home");
            text.replace("{jobs}", &kit.jobs.to_string())
                .replace("{home}", &home.display().to_string())
        };
        let mut argv = vec![program.display().to_string()];
        argv.extend(self.arguments.iter().map(|argument| filled(argument)));
        Ok(Subject {
            name: self.name.to_owned(),
            folder: folder.to_owned(),
            argv,
            environment: self
                .environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), filled(value)))
                .collect(),
            leftovers: self
                .leftovers
                .iter()
                .chain([&RECORD])
                .map(|name| folder.join(name))
                .collect(),
            evidence: (self.name == "sdd").then_some(verify::state_folder as _),
        })
    }
}

/// The first line that a tool prints for `--version`.
pub(crate) fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(str::to_owned)
}

/// `SDD_BIN`, else the binary that cargo built with this benchmark.
fn sdd() -> Option<PathBuf> {
    let named = std::env::var_os("SDD_BIN").map(PathBuf::from);
    let built = option_env!("CARGO_BIN_EXE_sdd").map(PathBuf::from);
    let path = named.or(built)?;
    std::path::absolute(path).ok().filter(|path| path.is_file())
}

fn git(folder: &Path) -> Result<(), String> {
    for arguments in [["init", "--quiet"], ["add", "--all"]] {
        let status = Command::new("git")
            .args(arguments)
            .current_dir(folder)
            .status();
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(format!("git {}: {status}", arguments[0])),
            Err(error) => return Err(format!("git: {error}")),
        }
    }
    Ok(())
}
