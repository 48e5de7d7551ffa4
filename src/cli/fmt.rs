//! `sdd fmt`.

use std::io::{self, Write};
use std::path::PathBuf;

use super::args::FmtArgs;
use super::{Cx, Failure, Outcome};
use crate::diag::{Diagnostic, Diags};
use crate::span::{Sources, Span};
use crate::store;
use crate::syntax::Language;
use crate::syntax::fmt::{FormatRefusal, format_kdl, format_toml};

/// Lays out files uniformly, or says which would be changed.
pub(super) fn fmt(cx: &Cx, args: &FmtArgs) -> Outcome {
    let files: Vec<PathBuf> = if args.files.is_empty() {
        let project = cx.project()?;
        project
            .pipelines()
            .iter()
            .map(|file| project.root.join(file))
            .collect()
    } else {
        let dir = cx.dir()?;
        args.files.iter().map(|file| dir.join(file)).collect()
    };
    let mut code = 0;
    for file in files {
        let shown = file.display().to_string();
        let text = std::fs::read_to_string(&file)
            .map_err(|error| Failure::Usage(format!("`{shown}` can't be read: {error}"), None))?;
        let formatted = match Language::of_path(&shown) {
            Some(Language::Toml) => format_toml(&text),
            _ => format_kdl(&text),
        };
        match formatted {
            Ok(formatted) if formatted == text => {}
            Ok(_) if args.check => {
                writeln!(io::stdout(), "would change {shown}")?;
                code = code.max(1);
            }
            Ok(formatted) => {
                store::write_atomically(&file, formatted.as_bytes())?;
                writeln!(io::stdout(), "changed {shown}")?;
            }
            Err(refusal) => {
                refuse(cx, &shown, &text, &refusal)?;
                code = 2;
            }
        }
    }
    Ok(code)
}

/// Says why a file is left as it is.
fn refuse(cx: &Cx, path: &str, text: &str, refusal: &FormatRefusal) -> io::Result<()> {
    let mut sources = Sources::default();
    let source = sources.add(path, text);
    let (code, offset) = match refusal {
        FormatRefusal::Syntax { offset, .. } => ("syntax", Some(*offset)),
        FormatRefusal::TooDeep { offset, .. } => ("too-deep", Some(*offset)),
        FormatRefusal::TooLarge { .. } => ("too-large", None),
        FormatRefusal::WouldChangeMeaning => ("syntax", None),
    };
    let mut diagnostic = Diagnostic::new(code, refusal.to_string());
    diagnostic = match offset {
        Some(offset) => diagnostic.at(Span::new(source, offset..offset + 1), "here"),
        None => diagnostic.in_file(path),
    };
    let mut diags = Diags::default();
    diags.push(diagnostic.help("the file is left as it is; `sdd check` says more"));
    cx.tell(&diags, &sources)
}
