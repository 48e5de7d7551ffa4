//! Filling in what is known before the run: variables, the matrix and defaults. Works on the tree,
//! so that every field can use them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Diags, closest};
use crate::span::Sources;
use crate::spec::{Piece, TableSpec, pieces, token_span};
use crate::syntax::{Node, Scalar};

/// Values for `{{var.…}}` and `{{matrix.…}}`.
#[derive(Debug, Default, Clone)]
pub(super) struct Values {
    pub(super) var: BTreeMap<String, String>,
    pub(super) matrix: BTreeMap<String, String>,
}

/// Fills values into trees and remembers which were used.
pub(super) struct Filler<'a> {
    pub(super) values: &'a Values,
    pub(super) used: &'a mut BTreeSet<String>,
    pub(super) sources: &'a Sources,
    pub(super) diags: &'a mut Diags,
}

impl Filler<'_> {
    /// Replaces in every text of the nodes; trees without `{{` are left as they are.
    pub(super) fn fill(&mut self, nodes: &mut [Node]) {
        let mut open: Vec<&mut Node> = nodes.iter_mut().collect();
        while let Some(node) = open.pop() {
            // A name can be the user's own: a value in KDL is a key in TOML.
            if node.name.contains("{{") {
                node.name.value = self.replace(&node.name.value, node.name.span);
            }
            for arg in &mut node.args {
                if let Scalar::Text(text) = &mut arg.value
                    && text.contains("{{")
                {
                    *text = self.replace(text, arg.span);
                }
            }
            open.extend(node.children.iter_mut());
        }
    }

    fn replace(&mut self, text: &str, span: crate::span::Span) -> String {
        let mut out = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Escape => out.push_str("{{{{"),
                Piece::Unclosed { at } => {
                    // What was meant counts as used: the open braces are the one mistake.
                    let meant = text[at + 2..].trim_start().strip_prefix("var.");
                    let name = meant.map(|rest| rest.split([' ', '}', '/']).next().unwrap_or(rest));
                    self.used.extend(name.map(str::to_owned));
                    out.push_str(&text[at..]);
                }
                Piece::Name { name, at } => {
                    let token = token_span(text, at..at + name.len() + 4, span, self.sources);
                    match self.value(name.trim(), token) {
                        Some(value) => out.push_str(&value),
                        None => out.extend(["{{", name, "}}"]),
                    }
                }
            }
        }
        out
    }

    /// The value of a name of this phase. Unknown ones are reported and stand for nothing.
    fn value(&mut self, name: &str, span: crate::span::Span) -> Option<String> {
        let (family, key) = name.split_once('.')?;
        let (table, what, declaration) = match family {
            "var" => {
                self.used.insert(key.to_owned());
                let declaration = format!("in the header: `var {{ {key} \"value\" }}`");
                (&self.values.var, "variable", declaration)
            }
            "matrix" => {
                let declaration = format!("in the node: `matrix {{ {key} \"a\" \"b\" }}`");
                (&self.values.matrix, "matrix value", declaration)
            }
            _ => return None,
        };
        if let Some(value) = table.get(key) {
            return Some(value.clone());
        }
        let help = match closest(key, table.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{{{{{family}.{near}}}}}`?"),
            None => format!("declare it {declaration}"),
        };
        self.diags.push(
            Diagnostic::new("unknown-variable", format!("there is no {what} `{key}`"))
                .at(span, "unknown name")
                .help(help),
        );
        Some(String::new())
    }
}

/// Every combination of a matrix, in the order of the file: the last name changes fastest.
pub(super) fn combinations(matrix: &[Node]) -> Vec<Vec<(String, String)>> {
    let mut combinations = vec![Vec::new()];
    for axis in matrix {
        let mut longer = Vec::with_capacity(combinations.len() * axis.args.len());
        for combination in &combinations {
            for arg in &axis.args {
                let Scalar::Text(value) = &arg.value else {
                    continue;
                };
                let mut combination: Vec<(String, String)> = combination.clone();
                combination.push((axis.name.value.clone(), value.clone()));
                longer.push(combination);
            }
        }
        combinations = longer;
    }
    combinations
}

/// Adds to a node what the defaults say and it does not.
pub(super) fn add_defaults(
    children: &mut Vec<Node>,
    defaults: &[Node],
    own: Option<&'static TableSpec>,
) {
    let missing: Vec<Node> = defaults
        .iter()
        .filter(|default| !children.iter().any(|child| child.name == default.name))
        // What a kind calls by the same name is something else.
        .filter(|default| own.is_none_or(|own| own.field(&default.name).is_none()))
        .cloned()
        .collect();
    children.extend(missing);
}
