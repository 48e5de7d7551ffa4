//! `sdd check`.

use std::io::{self, Write};
use std::path::Path;

use super::args::CheckArgs;
use super::project::{Loaded, Project};
use super::{Cx, Failure, Outcome, diagnostic_style};
use crate::diag::{Diagnostic, Diags};
use crate::report::diagnostic;
use crate::span::{Sources, Span};

/// Reads every file and says everything that is wrong, in one pass.
pub(super) fn check(cx: &Cx, args: &CheckArgs) -> Outcome {
    let project = cx.project()?;
    let files = files(cx, &project, args)?;
    let mut sources = Sources::default();
    let mut diags = Diags::default();
    for file in &files {
        merge(&project.load(file, &[], false), &mut sources, &mut diags);
    }
    if files.is_empty() {
        diags.push(
            Diagnostic::new("pipeline-not-found", "there are no pipelines")
                .in_file(super::project::PIPELINES)
                .help("`sdd init` writes a first one"),
        );
    }
    let diags = diags.sorted();
    let Some(format) = diagnostic::format(&args.format) else {
        return Err(Failure::Usage(
            format!("there is no format `{}`", args.format),
            None,
        ));
    };
    let code = if diags.has_errors() { 2 } else { 0 };
    let console = cx.console();
    if args.format != "human" {
        let mut out = console.answer;
        let style = diagnostic_style(&out.style);
        (format.write)(&diags, &sources, &style, &mut out.writer)?;
    } else if diags.is_empty() {
        let what = if files.len() == 1 {
            "pipeline"
        } else {
            "pipelines"
        };
        writeln!(io::stdout(), "{} {what}, no mistakes", files.len())?;
    } else {
        cx.tell(&diags, &sources)?;
    }
    Ok(code)
}

fn files(cx: &Cx, project: &Project, args: &CheckArgs) -> Result<Vec<String>, Failure> {
    if args.files.is_empty() {
        return Ok(project.pipelines());
    }
    let dir = cx.dir()?;
    args.files
        .iter()
        .map(|file| relative(project, &dir.join(file)))
        .collect()
}

/// A path of the command line relative to the root.
pub(super) fn relative(project: &Project, file: &Path) -> Result<String, Failure> {
    let whole = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    match whole.strip_prefix(&project.root) {
        Ok(path) => Ok(path.to_string_lossy().into_owned()),
        Err(_) => Err(Failure::Usage(
            format!("`{}` is not a file of the project", file.display()),
            Some(format!("the project is `{}`", project.root.display())),
        )),
    }
}

/// Adds what was found in one pipeline to what was found in all. A file that several include is
/// shown once.
fn merge(loaded: &Loaded, sources: &mut Sources, diags: &mut Diags) {
    let ids: Vec<_> = loaded
        .sources
        .iter()
        .map(|(_, source)| {
            let known = sources
                .iter()
                .find(|(_, known)| known.path == source.path)
                .map(|(id, _)| id);
            known.unwrap_or_else(|| sources.add(source.path.clone(), source.text.clone()))
        })
        .collect();
    let own: Vec<_> = loaded.sources.iter().map(|(id, _)| id).collect();
    let moved = |span: Span| match own.iter().position(|id| *id == span.source) {
        Some(index) => Span::new(ids[index], span.range()),
        None => span,
    };
    for diagnostic in &loaded.diags {
        let mut diagnostic = diagnostic.clone();
        for label in &mut diagnostic.labels {
            label.span = moved(label.span);
        }
        diags.push(diagnostic);
    }
}
