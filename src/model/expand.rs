//! Filling in what is known before the run: variables, the matrix and defaults. Works on the tree,
//! so that every field can use them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::spec::{Piece, pieces, token_span};
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
    pub(super) diags: &'a mut Diags,
}

impl Filler<'_> {
    /// Replaces in every text of the nodes; trees without `{{` are left as they are.
    pub(super) fn fill(&mut self, nodes: &mut [Node]) {
        let mut open: Vec<&mut Node> = nodes.iter_mut().collect();
        while let Some(node) = open.pop() {
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
                Piece::Unclosed { at } => out.push_str(&text[at..]),
                Piece::Name { name, at } => {
                    let token = token_span(text, at, name.len() + 4, span);
                    match self.value(name.trim(), token) {
                        Some(value) => out.push_str(&value),
                        None => out.push_str(&format!("{{{{{name}}}}}")),
                    }
                }
            }
        }
        out
    }

    /// The value of a name of this phase. Unknown ones are reported and stand for nothing.
    fn value(&mut self, name: &str, span: crate::span::Span) -> Option<String> {
        let (table, key, what) = if let Some(key) = name.strip_prefix("var.") {
            self.used.insert(key.to_owned());
            (&self.values.var, key, "variable")
        } else if let Some(key) = name.strip_prefix("matrix.") {
            (&self.values.matrix, key, "matrix value")
        } else {
            return None;
        };
        if let Some(value) = table.get(key) {
            return Some(value.clone());
        }
        let help =
            did_you_mean(key, table.keys().map(String::as_str)).unwrap_or_else(|| match what {
                "variable" => format!("declare it in the header: `var {{ {key} \"value\" }}`"),
                _ => format!("the node declares it: `matrix {{ {key} \"a\" \"b\" }}`"),
            });
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
pub(super) fn add_defaults(children: &mut Vec<Node>, defaults: &[Node]) {
    let missing: Vec<Node> = defaults
        .iter()
        .filter(|default| !children.iter().any(|child| child.name == default.name))
        .cloned()
        .collect();
    children.extend(missing);
}
