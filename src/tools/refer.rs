//! A node's mention of a tool.

use std::sync::Arc;

use super::{Purpose, Tool, Toolbox};
use crate::diag::{Diagnostic, Diags};
use crate::span::Spanned;
use crate::spec::{Decoder, Ty, Value};
use crate::syntax::Node;

/// A tool by its name, and the tool itself once it was looked up.
#[derive(Debug, Clone)]
pub struct ToolRef {
    /// The name as written.
    pub name: Spanned<String>,
    /// The tool; there once the node is complete.
    pub tool: Option<Arc<Tool>>,
}

impl PartialEq for ToolRef {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl ToolRef {
    /// Looks the tool up; reports if there is none, or if it is for another kind of node.
    pub fn bind(&mut self, purpose: Purpose, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        let Some(tool) = toolbox.find(&self.name, diags) else {
            return;
        };
        if tool.purpose == purpose {
            self.tool = Some(tool);
            return;
        }
        diags.push(
            Diagnostic::new(
                "wrong-tool",
                format!(
                    "`{}` is a tool for `{}`, not for `{}`",
                    *self.name,
                    tool.purpose.as_str(),
                    purpose.as_str()
                ),
            )
            .at(self.name.span, "of another kind")
            .help(format!(
                "make the node a `{}`; `sdd tools` lists what there is for `{}`",
                tool.purpose.as_str(),
                purpose.as_str()
            )),
        );
    }
}

impl Value for ToolRef {
    const TY: Ty = <Spanned<String> as Value>::TY;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        let name = Spanned::<String>::decode(nodes, decoder)?;
        Some(Self { name, tool: None })
    }
}
