//! One graph, written down as each tool wants it.

use crate::graph::{Graph, name};
use crate::kit::Kit;
use std::fmt::Write;

/// Writes a graph's file for a tool.
pub(crate) type Writer = fn(&Graph, &Kit) -> String;

/// A line a node: what it needs as indices, then its arguments, parted by tabs.
pub(crate) fn floor(graph: &Graph, kit: &Kit) -> String {
    each(graph, kit, |node| {
        let needs: Vec<String> = node.needs.iter().map(ToString::to_string).collect();
        let needs = if needs.is_empty() {
            "-".to_owned()
        } else {
            needs.join(",")
        };
        format!("{needs}\t{}\n", node.argv.join("\t"))
    })
}

pub(crate) fn sdd(graph: &Graph, kit: &Kit) -> String {
    let nodes = each(graph, kit, |node| {
        let needs = match node.needs {
            [] => String::new(),
            needs => format!(
                "; needs {}",
                quoted(&needs.iter().map(|&n| name(n)).collect::<Vec<_>>())
            ),
        };
        format!(
            "command \"{}\" {{ run {}{needs} }}\n",
            node.name,
            quoted(&node.argv)
        )
    });
    format!("jobs {}\n{nodes}", kit.jobs)
}

pub(crate) fn ninja(graph: &Graph, kit: &Kit) -> String {
    let nodes = each(graph, kit, |node| {
        format!(
            "build {}: node{}\n  argv = {}\n",
            node.name,
            node.prefixed(),
            node.argv.join(" ")
        )
    });
    // Without a default, nodes on a cycle would not be asked for at all.
    format!(
        "rule node\n  command = $argv\n{nodes}build all: phony{}\ndefault all\n",
        all(graph)
    )
}

pub(crate) fn make(graph: &Graph, kit: &Kit) -> String {
    let nodes = each(graph, kit, |node| {
        format!(
            "{}:{}\n\t{}\n",
            node.name,
            node.prefixed(),
            node.argv.join(" ")
        )
    });
    format!("all:{}\n.PHONY: all{}\n{nodes}", all(graph), all(graph))
}

pub(crate) fn just(graph: &Graph, kit: &Kit) -> String {
    let nodes = each(graph, kit, |node| {
        let parallel = if node.needs.len() > 1 {
            "[parallel]\n"
        } else {
            ""
        };
        format!(
            "{parallel}{}:{}\n  {}\n",
            node.name,
            node.prefixed(),
            node.argv.join(" ")
        )
    });
    format!("[parallel]\nall:{}\n{nodes}", all(graph))
}

pub(crate) fn task(graph: &Graph, kit: &Kit) -> String {
    let nodes = each(graph, kit, |node| {
        let deps = node
            .needs
            .iter()
            .map(|&need| name(need))
            .collect::<Vec<_>>()
            .join(", ");
        let command = node.argv.join(" ");
        format!(
            "  {}:\n    run: once\n    deps: [{deps}]\n    cmds: ['{command}']\n",
            node.name
        )
    });
    let everything = all(graph).trim().replace(' ', ", ");
    format!("version: '3'\ntasks:\n  all:\n    deps: [{everything}]\n{nodes}")
}

/// Hooks know no dependencies: each runs at its level, with a barrier between levels.
pub(crate) fn prek(graph: &Graph, kit: &Kit) -> String {
    let levels = graph.levels();
    let hooks = each(graph, kit, |node| {
        format!(
            "  - {{id: {0}, name: {0}, language: system, entry: '{1}', priority: {2}, \
             always_run: true, pass_filenames: false}}\n",
            node.name,
            node.argv.join(" "),
            levels[node.index]
        )
    });
    format!("repos:\n- repo: local\n  hooks:\n{hooks}")
}

struct Entry<'a> {
    index: usize,
    name: String,
    needs: &'a [usize],
    argv: Vec<String>,
}

impl Entry<'_> {
    fn prefixed(&self) -> String {
        spaced(self.needs.iter().copied())
    }
}

fn each(graph: &Graph, kit: &Kit, line: impl Fn(&Entry<'_>) -> String) -> String {
    let entries = graph.nodes.iter().enumerate().map(|(index, node)| Entry {
        index,
        name: name(index),
        needs: &node.needs,
        argv: kit.argv(&node.work, &name(index)),
    });
    entries.map(|entry| line(&entry)).collect()
}

fn all(graph: &Graph) -> String {
    spaced(0..graph.nodes.len())
}

fn spaced(indices: impl Iterator<Item = usize>) -> String {
    indices.fold(String::new(), |mut text, index| {
        write!(text, " {}", name(index)).expect("a string takes all");
        text
    })
}

fn quoted(words: &[String]) -> String {
    words
        .iter()
        .map(|word| format!("{word:?}"))
        .collect::<Vec<_>>()
        .join(" ")
}
