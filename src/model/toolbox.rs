//! Looking up the tools that nodes name: the project's own first.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::load::{Files, Loader, ReadError};
use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::span::{Sources, Spanned};
use crate::tools::{self, BUILT_IN, FOLDER, Text, Tool, Toolbox};

impl Loader<'_> {
    /// Looks up the tools of a node.
    pub(super) fn bind(&mut self, kind: &mut crate::kinds::Kind) {
        let mut shelf = Shelf {
            files: self.files,
            sources: self.sources,
            found: &mut self.tools,
        };
        kind.bind(&mut shelf, self.diags);
    }
}

struct Shelf<'l> {
    files: &'l dyn Files,
    sources: &'l mut Sources,
    found: &'l mut BTreeMap<String, Option<Arc<Tool>>>,
}

impl Toolbox for Shelf<'_> {
    fn text(&mut self, path: &str) -> Text {
        match self.files.read(path) {
            Ok(text) => {
                let text: Arc<str> = text.into();
                let source = self.sources.add(path, Arc::clone(&text));
                Text::Read(source, text)
            }
            Err(ReadError::Missing) => Text::Missing,
            Err(ReadError::Other(why)) => Text::Unreadable(why),
        }
    }

    fn find(&mut self, name: &Spanned<String>, diags: &mut Diags) -> Option<Arc<Tool>> {
        if let Some(found) = self.found.get(name.as_str()) {
            return found.clone();
        }
        let found = self.look_up(name, diags).map(Arc::new);
        self.found.insert(name.value.clone(), found.clone());
        found
    }
}

impl Shelf<'_> {
    fn look_up(&mut self, name: &Spanned<String>, diags: &mut Diags) -> Option<Tool> {
        let is_name =
            !name.is_empty() && !name.contains(['/', '\\', '\0']) && !name.starts_with('.');
        let path = format!("{FOLDER}/{}.kdl", **name);
        let own = if is_name {
            self.files.read(&path)
        } else {
            Err(ReadError::Missing)
        };
        match own {
            Ok(text) => return tools::read(name, &path, &text, self.sources, diags),
            Err(ReadError::Other(reason)) => {
                let message = format!("`{path}` can't be read: {reason}");
                diags.push(Diagnostic::new("unreadable", message).at(name.span, "named here"));
                return None;
            }
            Err(ReadError::Missing) => {}
        }
        let built_in = tools::built_in(name);
        if built_in.is_none() {
            let known = BUILT_IN.iter().map(|(known, _)| *known);
            let near = did_you_mean(name, known);
            diags.push(
                Diagnostic::new("unknown-tool", format!("there is no tool `{}`", **name))
                    .at(name.span, "unknown tool")
                    .help(near.unwrap_or_else(|| {
                        format!("`sdd tools` lists what there is; describe your own in `{path}`")
                    })),
            );
        }
        built_in
    }
}
