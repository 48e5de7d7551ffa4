//! Finding a project and reading its pipelines.

use std::path::{Path, PathBuf};

use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::graph::{self, Graph};
use crate::model::{self, Files, Pipeline, ReadError};
use crate::report;
use crate::span::Sources;
use crate::syntax::Language;

/// The folder of the pipelines, relative to the root.
pub const PIPELINES: &str = "pipelines";

/// A project: the folder that holds `pipelines/`.
#[derive(Debug, Clone)]
pub struct Project {
    /// The root, absolute.
    pub root: PathBuf,
}

/// A pipeline that was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The pipeline.
    pub pipeline: Pipeline,
    /// Its graph; complete if nothing is wrong.
    pub graph: Graph,
    /// The texts that it was read from.
    pub sources: Sources,
    /// What is wrong.
    pub diags: Diags,
}

impl Project {
    /// The project that a folder belongs to: the nearest folder upwards that holds `pipelines/`.
    pub fn find(from: &Path) -> Option<Self> {
        from.ancestors()
            .find(|folder| folder.join(PIPELINES).is_dir())
            .map(|root| Self {
                root: root.to_owned(),
            })
    }

    /// Files of pipelines, relative to the root, in the order of their names.
    pub fn pipelines(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.root.join(PIPELINES)) else {
            return Vec::new();
        };
        let mut files: Vec<String> = folder
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| Language::of_path(name).is_some())
            .map(|name| format!("{PIPELINES}/{name}"))
            .collect();
        files.sort();
        files
    }

    /// The file of the pipeline of that name, or what to say if there is none.
    pub fn file_of(&self, name: &str) -> Result<String, Diagnostic> {
        let files = self.pipelines();
        let candidates = Language::ALL.map(|(_, ending)| format!("{PIPELINES}/{name}.{ending}"));
        let mut found = candidates.iter().filter(|file| files.contains(file));
        match (found.next(), found.next()) {
            (Some(_), Some(other)) => {
                let message = format!("`{name}` is both `{}` and `{other}`", candidates[0]);
                Err(Diagnostic::new("duplicate-id", message)
                    .in_file(other)
                    .help("remove or rename one of the files"))
            }
            (Some(file), None) => Ok(file.clone()),
            (None, _) => {
                let stems: Vec<&str> = files.iter().filter_map(|file| stem(file)).collect();
                let known = match stems.as_slice() {
                    [] => "there are none; `sdd init` writes a first one".to_owned(),
                    stems => format!("pipelines here are {}", stems.join(", ")),
                };
                let help = did_you_mean(name, stems.iter().copied()).unwrap_or(known);
                Err(Diagnostic::new(
                    "pipeline-not-found",
                    format!("there is no pipeline `{name}`"),
                )
                .in_file(&candidates[0])
                .help(help))
            }
        }
    }

    /// Reads a pipeline by its file, relative to the root; `fixing` is the `--fix` of the run.
    pub fn load(&self, file: &str, settings: &[(String, String)], fixing: bool) -> Loaded {
        let mut loaded = Loaded::default();
        loaded.pipeline = model::load(
            file,
            &Disk(&self.root),
            settings,
            &mut loaded.sources,
            &mut loaded.diags,
        );
        loaded.pipeline.fixing = fixing;
        unknown_reports(&loaded.pipeline, &mut loaded.diags);
        super::work::unknown_items(self, &loaded.pipeline, &mut loaded.diags);
        loaded.graph = graph::build(&loaded.pipeline, &mut loaded.diags);
        loaded.diags = loaded.diags.sorted();
        loaded
    }
}

/// Reports of the header in formats that there are not.
fn unknown_reports(pipeline: &Pipeline, diags: &mut Diags) {
    let declared = pipeline.header.iter().flat_map(|header| &header.report.0);
    for (name, _) in declared.filter(|(name, _)| report::report(name).is_none()) {
        let known: Vec<&str> = report::REPORTS.iter().map(|report| report.name).collect();
        let near = did_you_mean(name, known.iter().copied());
        diags.push(
            Diagnostic::new(
                "unknown-choice",
                format!("there is no report format `{}`", **name),
            )
            .at(name.span, "unknown format")
            .help(near.unwrap_or_else(|| format!("formats are {}", known.join(", ")))),
        );
    }
}

/// The name of a pipeline by its file.
pub fn stem(file: &str) -> Option<&str> {
    let name = file.rsplit('/').next()?;
    Some(name.rsplit_once('.')?.0)
}

/// Files of the disk, relative to a root.
pub(super) struct Disk<'a>(pub(super) &'a Path);

impl Files for Disk<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let path = self.0.join(path);
        match std::fs::read(&path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                ReadError::Other(format!("it is not UTF-8 (byte {at})"))
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(ReadError::Missing),
            Err(_) if path.is_dir() => Err(ReadError::Other("it is a folder".to_owned())),
            Err(error) => Err(ReadError::Other(error.to_string())),
        }
    }
}
