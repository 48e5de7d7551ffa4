//! Files that a file includes.

use std::collections::BTreeMap;

use super::ReadError;
use super::load::{Loader, unreadable};
use crate::diag::Diagnostic;
use crate::span::Spanned;
use crate::spec::normalise;

impl Loader<'_> {
    /// Reads an included file; its path is relative to the file that is being read.
    pub(super) fn include(
        &mut self,
        path: &Spanned<String>,
        prefix: &str,
        outer: &BTreeMap<String, String>,
    ) {
        let including = self.stack.last().map_or("", |(path, _)| path.as_str());
        let beside = match including.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{}", **path),
            None => path.value.clone(),
        };
        let Some(whole) = normalise(&beside).filter(|_| !path.starts_with('/')) else {
            self.pipeline.lost.file(prefix);
            self.diags.push(
                Diagnostic::new(
                    "include-escapes",
                    format!("`{}` is outside of the project", **path),
                )
                .at(path.span, "leaves the root")
                .help("the path is relative to this file and stays within the folder that holds `pipelines/`"),
            );
            return;
        };
        if let Some(first) = self.stack.iter().position(|(open, _)| *open == whole) {
            let diagnostic = self.circle(first, path, &whole);
            self.diags.push(diagnostic);
            return;
        }
        match self.files.read(&whole) {
            Ok(text) => {
                self.stack.push((whole.clone(), path.span));
                self.file(&whole, text, prefix, outer);
                self.stack.pop();
            }
            Err(error) => {
                self.pipeline.lost.file(prefix);
                self.diags.push(match error {
                    ReadError::Missing => {
                        Diagnostic::new("include-missing", format!("`{whole}` is not there"))
                            .at(path.span, "included here")
                            .help("the path is relative to the file that includes")
                    }
                    ReadError::Other(_) => {
                        unreadable(&whole, &error).at(path.span, "included here")
                    }
                });
            }
        }
    }

    /// A circle of includes from the file at `first` in the stack back to it.
    fn circle(&self, first: usize, path: &Spanned<String>, whole: &str) -> Diagnostic {
        let open = self.stack[first..].iter().map(|(path, _)| path.as_str());
        let circle: Vec<String> = open
            .chain([whole])
            .map(|path| format!("`{path}`"))
            .collect();
        let message = match circle.as_slice() {
            [alone, _] => format!("{alone} includes itself"),
            _ => format!("files include each other: {}", circle.join(" → ")),
        };
        let labelled = Diagnostic::new("include-cycle", message).at(path.span, "closes the circle");
        self.stack[first + 1..]
            .iter()
            .fold(labelled, |diagnostic, (open, at)| {
                diagnostic.at(*at, format!("includes `{open}`"))
            })
            .help("move what both need into a file that includes neither")
    }
}
