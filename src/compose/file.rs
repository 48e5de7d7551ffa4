//! A node's mention of compose files.

use std::sync::Arc;

use super::Model;
use crate::diag::{Diagnostic, Diags};
use crate::span::Span;
use crate::spec::{Decoder, ProjectPath, Ty, Value};
use crate::syntax::Node;
use crate::tools::{Text, Toolbox};

/// Compose files by their paths, and what they declare once they were read.
#[derive(Debug, Clone)]
pub struct ComposeFiles {
    /// The paths, in the order in which they are laid over each other.
    pub paths: Vec<ProjectPath>,
    /// What they declare; there once the node is complete, if all of them can be read.
    pub model: Option<Arc<Model>>,
}

impl PartialEq for ComposeFiles {
    fn eq(&self, other: &Self) -> bool {
        self.paths == other.paths
    }
}

impl Value for ComposeFiles {
    const TY: Ty = <Vec<ProjectPath> as Value>::TY;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        let paths = Vec::<ProjectPath>::decode(nodes, decoder)?;
        if paths.is_empty() {
            let owner = nodes.first().map_or(Span::default(), |node| node.name.span);
            decoder.diags.push(
                Diagnostic::new("missing-field", "`file` names no compose file")
                    .at(owner, "empty")
                    .help("for instance `file \"compose.yaml\"`"),
            );
            return None;
        }
        Some(Self { paths, model: None })
    }
}

impl ComposeFiles {
    /// Reads the files; reports what is wrong with them.
    pub fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        let mut all = Some(Model::default());
        for path in &self.paths {
            let one = read(path, toolbox, diags);
            all = all.zip(one).map(|(all, one)| all.with(one));
        }
        self.model = all.map(Arc::new);
    }
}

fn read(path: &ProjectPath, toolbox: &mut dyn Toolbox, diags: &mut Diags) -> Option<Model> {
    let file = &path.path;
    let (source, text) = match toolbox.text(file) {
        Text::Read(source, text) => (source, text),
        Text::Missing => {
            diags.push(
                Diagnostic::new("missing-file", format!("there is no file `{file}`"))
                    .at(path.span, "named here")
                    .help("paths count from the folder that holds `pipelines`"),
            );
            return None;
        }
        Text::Unreadable(why) => {
            let message = format!("`{file}` can't be read: {why}");
            diags.push(Diagnostic::new("unreadable", message).at(path.span, "named here"));
            return None;
        }
    };
    match Model::read(&text) {
        Ok(model) => {
            for (key, name, range) in &model.shared {
                diags.push(fixed_name(key, name, Span::new(source, range.clone())));
            }
            Some(model)
        }
        Err(mistake) => {
            let message = format!("`{file}` is no compose file: {}", mistake.message);
            diags.push(
                Diagnostic::new("bad-compose-file", message)
                    .at(Span::new(source, mistake.range), "here")
                    .at(path.span, "named here"),
            );
            None
        }
    }
}

fn fixed_name(key: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        "shared-name",
        format!("`{key}` is called `{name}` for everybody on this machine"),
    )
    .at(span, "the same in every run and every worktree")
    .help("leave it away, so that each run has its own; a volume or network may also be `external: true`, so that it is neither made nor removed")
}
