//! `sdd init`: a first pipeline from what is found in the project.
//!
//! Files → packages with their checks ([`detect`]) → drafts of nodes → text. All but `disk` and
//! the last step of [`run`] is pure.

mod contracts;
mod detect;
mod disk;
mod draft;
mod from;
mod go;
mod javascript;
mod package;
mod project;
mod python;
mod requirements;
mod rust;
mod write;

#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use self::draft::{Draft, Field};
use self::project::Project;
use crate::diag::Diags;
use crate::graph;
use crate::model::{self, Files, ReadError};
use crate::span::Sources;
use crate::syntax::Language;

/// The pipeline that is written, without its ending.
const PIPELINE: &str = "pipelines/end-of-session";

/// What to do.
#[derive(Debug, Clone, Default)]
pub struct InitOptions {
    /// A `config.json` with `quality_gates` to carry over; relative to the root.
    pub from: Option<PathBuf>,
    /// Whether to write TOML instead of KDL.
    pub toml: bool,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitReport {
    /// The file that was written, relative to the root.
    pub path: String,
    /// The ids of its nodes, in order.
    pub nodes: Vec<String>,
    /// What was passed over or not carried over, one sentence each.
    pub notes: Vec<String>,
}

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitError {
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl std::fmt::Display for InitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InitError {}

fn error(message: impl Into<String>, help: impl Into<String>) -> InitError {
    InitError {
        message: message.into(),
        help: help.into(),
    }
}

/// Writes the first pipeline of the project in `root`; never over a file that is there.
pub fn run(root: &Path, options: &InitOptions) -> Result<InitReport, InitError> {
    refuse_existing(root)?;
    let config = options.from.as_ref().map(|path| read_config(root, path));
    let project = disk::Disk::new(root);
    let plan = plan(&project, config.transpose()?.as_ref())?;
    let language = if options.toml {
        Language::Toml
    } else {
        Language::Kdl
    };
    let path = path(language);
    let text = write::text(&plan.text, language);
    // What `sdd check` would refuse must not be written, whatever the names in the project are.
    if let Some(problem) = problem(&path, &text) {
        return Err(error(
            format!("the pipeline for this project would not be valid: {problem}"),
            "please report this; until then, write `pipelines/end-of-session.kdl` by hand",
        ));
    }
    create(root, &path, &text)?;
    Ok(InitReport {
        path,
        nodes: plan.text.nodes.into_iter().map(|node| node.id).collect(),
        notes: plan.notes,
    })
}

fn path(language: Language) -> String {
    let endings = Language::ALL.iter();
    let ending = endings
        .filter(|(known, _)| *known == language)
        .map(|(_, ending)| *ending);
    format!("{PIPELINE}.{}", ending.collect::<String>())
}

/// Either language counts: two files would both be called `end-of-session`.
fn refuse_existing(root: &Path) -> Result<(), InitError> {
    for (language, _) in Language::ALL {
        let path = path(language);
        if root.join(&path).symlink_metadata().is_ok() {
            return Err(error(
                format!("`{path}` is there already, and is left as it is"),
                format!("change it by hand, or move it away first: `mv {path} {path}.old`"),
            ));
        }
    }
    Ok(())
}

/// A configuration of the older kind, with the name that people know it by.
struct Config {
    path: String,
    text: String,
}

fn read_config(root: &Path, path: &Path) -> Result<Config, InitError> {
    let name = path.display().to_string();
    match std::fs::read_to_string(root.join(path)) {
        Ok(text) => Ok(Config { path: name, text }),
        Err(problem) => Err(error(
            format!("`{name}` can't be read: {problem}"),
            "`--from` takes the `config.json` of a project, usually `.session/config.json`",
        )),
    }
}

/// A pipeline to be written, with what is to be said of it.
struct Plan {
    text: write::Text,
    notes: Vec<String>,
}

/// What to write for a project.
fn plan(project: &dyn Project, config: Option<&Config>) -> Result<Plan, InitError> {
    let detect::Detection {
        mut packages,
        mut notes,
    } = detect::detect(project);
    let mut own = Vec::new();
    let mut epilogue = Vec::new();
    if let Some(config) = config {
        let carried = from::carry_over(config, project, &mut packages)?;
        own = carried.nodes;
        if !carried.notes.is_empty() {
            epilogue.push(format!("Not carried over from {}:", config.path));
            epilogue.extend(carried.notes.iter().map(|note| format!("- {note}")));
        }
        notes.extend(carried.notes);
    }
    let mut nodes = draft::drafts(&packages, project);
    nodes.extend(contracts::draft(project));
    nodes.extend(own);
    draft::make_unique(&mut nodes);
    let bare = nodes.is_empty();
    if bare {
        nodes.push(readme());
        epilogue
            .push("Next: a node for each command that has to succeed, for instance:".to_owned());
    }
    let text = write::Text {
        preface: preface(bare),
        description: "What has to hold before a session may end",
        nodes,
        epilogue,
        examples: if bare { vec![example()] } else { Vec::new() },
    };
    Ok(Plan { text, notes })
}

fn preface(bare: bool) -> Vec<String> {
    let origin = if bare {
        "Nothing was found in this project that can be checked, so this is only a beginning."
    } else {
        "`sdd init` wrote this from what it found in the project. It is yours: change it."
    };
    let rest = [
        "",
        "  sdd check   whether it makes sense",
        "  sdd plan    what would run, and in what order",
        "  sdd run     run it; exit code 0 says that all that is required passed",
        "",
        "Nodes that do not need each other run at the same time. What a run leaves is in",
        "`.session/runs/`, which keeps itself out of git.",
    ];
    std::iter::once(origin)
        .chain(rest)
        .map(str::to_owned)
        .collect()
}

/// What can be asked of every project.
fn readme() -> Draft {
    Draft {
        comment: vec!["Whoever comes next has to be able to begin.".to_owned()],
        kind: "rule",
        id: "readme".to_owned(),
        fields: vec![
            Field::text("exists", "{README,Readme,readme}*"),
            Field::text("message", "say what the project is and how to start"),
        ],
    }
}

fn example() -> Draft {
    Draft {
        comment: Vec::new(),
        kind: "command",
        id: "build".to_owned(),
        fields: vec![Field::texts(
            "run",
            vec!["make".to_owned(), "all".to_owned()],
        )],
    }
}

/// The first thing that `sdd check` would say of a text, warnings included.
fn problem(path: &str, text: &str) -> Option<String> {
    struct One<'t>(&'t str, &'t str);
    impl Files for One<'_> {
        fn read(&self, path: &str) -> Result<String, ReadError> {
            let found = (path == self.0).then(|| self.1.to_owned());
            found.ok_or(ReadError::Missing)
        }
    }
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let pipeline = model::load(path, &One(path, text), &[], &mut sources, &mut diags);
    graph::build(&pipeline, &mut diags);
    diags
        .iter()
        .next()
        .map(|diagnostic| diagnostic.message.clone())
}

/// Creates a file with its folder, whole or not at all.
fn create(root: &Path, path: &str, text: &str) -> Result<(), InitError> {
    let target = root.join(path);
    let folder = target.parent().unwrap_or(root);
    let written = std::fs::create_dir_all(folder).and_then(|()| {
        let mut file = temporary(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&target).map_err(|kept| kept.error)?;
        std::fs::File::open(folder)?.sync_all()
    });
    written.map_err(|problem| {
        error(
            format!("`{path}` can't be written: {problem}"),
            "`pipelines` has to be a folder in which you may create files",
        )
    })
}

/// A temporary file that everybody may read, as far as the user's mask lets them.
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sdd-init-");
    builder.permissions(std::fs::Permissions::from_mode(0o644));
    builder.tempfile_in(folder)
}

/// The note on a manifest that is not what its name says.
fn unread(path: &str, format: &str, problem: &dyn Display) -> String {
    let problem = problem.to_string();
    let reason = problem.lines().last().unwrap_or_default();
    format!("`{path}` is not valid {format}, so nothing was taken from it: {reason}")
}
