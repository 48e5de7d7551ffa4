//! Fields that every node has.

use crate::diag::{Diagnostic, did_you_mean};
use crate::span::Spanned;
use crate::spec::{Blocks, Decoder, Delay, Glob, Limit, Map, NodeRef, ProjectPath, Template};
use crate::work::TYPES;

crate::spec! {
    /// Fields that every node has.
    pub struct Common = "node" {
        /// Nodes that must have passed before this one starts. For an environment that means: ready.
        "needs" needs: Vec<NodeRef>,
        /// Nodes that must be over before this one starts, however they ended.
        "after" after: Vec<NodeRef>,
        /// When the node runs: lines are joined by and, values by or; a second block is joined by or.
        "when" when: Blocks<Condition>,
        /// When the node does not run; read like `when`.
        "unless" unless: Blocks<Condition>,
        /// Whether the run fails if the node does not pass.
        "required" required: bool = "true",
        /// The time that an attempt may take.
        "timeout" timeout: Limit = "10m",
        /// How many attempts a node has, and the pause between them.
        "retry" retry: Option<Retry>,
        /// Variables added to the environment of the node's commands.
        "env" env: Map<Template>,
        /// Secrets that the node's commands find in their environment; declared in the header.
        "secrets" secrets: Vec<Spanned<String>>,
        /// The working folder of the node's commands, instead of the root.
        "dir" dir: Option<ProjectPath>,
        /// The files that the node reads; without this field, all of them.
        "reads" reads: Option<Vec<Glob>>,
        /// The files of the project that the node writes.
        "writes" writes: Vec<Glob>,
        /// Names of locks: nodes that share one never run at the same time.
        "locks" locks: Vec<String>,
        /// Pools of the header: so many of their nodes run at the same time.
        "pool" pool: Vec<Spanned<String>>,
        /// Whether nothing else may run at the same time.
        "exclusive" exclusive: bool = "false",
        /// The node is copied for every combination of these values, `{{matrix.NAME}}` in its fields.
        "matrix" matrix: Map<Vec<Spanned<String>>>,
        /// Words to select nodes by, with `--tag`.
        "tags" tags: Vec<String>,
        /// What it means if the program is not installed.
        "on-missing" on_missing: OnMissing = "fail",
        /// What the node is for.
        "description" description: Option<String>,
    }
}

crate::spec! {
    /// How many attempts a node has, and the pause between them.
    pub struct Retry = "retry" {
        /// Attempts in all.
        "attempts" attempts: u32 = "1",
        /// Pause before the next attempt.
        "delay" delay: Delay = "1s",
    }
}

crate::spec! {
    /// When a node runs. Lines are joined by and, the values of a line by or.
    pub struct Condition = "when" {
        /// A file that matches was changed since `base`; uncommitted and untracked files count.
        "changed" changed: Vec<Vec<Glob>>,
        /// The branch that is checked out matches.
        "branch" branch: Vec<Vec<Glob>>,
        /// The operating system: `linux`, `macos`, `windows`.
        "os" os: Vec<Vec<Spanned<String>>>,
        /// A variable of the environment is set and not empty, or has a value: `"NAME"`, `"NAME=value"`.
        "env" env: Vec<Vec<Spanned<String>>>,
        /// A file that matches exists.
        "file" file: Vec<Vec<Glob>>,
        /// The profile that was chosen with `--profile`.
        "profile" profile: Vec<Vec<Spanned<String>>>,
        /// The current work item is of a sort: that of `--work-item ID`, or else the only one in progress. Without one it does not hold; of several in progress all have to be of the sort, and if only some are, it can't be told, which keeps no node from running.
        "work-item" work_item: Blocks<WorkItemIs>,
    }
}

crate::spec! {
    /// The current work item is of a sort.
    pub struct WorkItemIs = "work-item" {
        /// The sorts: `feature`, `bug`, `refactor`, `security`, `integration_test`, `deployment`.
        "type" kinds: Vec<Spanned<String>>,
    }
}

/// Operating systems that a condition can name.
pub(super) const SYSTEMS: &[&str] = &[
    "linux", "macos", "windows", "freebsd", "openbsd", "netbsd", "android", "ios",
];

impl Common {
    /// Reports operating systems and sorts of work that there are not: such a condition would never
    /// hold.
    pub(super) fn check(&self, decoder: &mut Decoder<'_>) {
        let conditions = self.when.0.iter().chain(&self.unless.0);
        let types = conditions
            .clone()
            .flat_map(|condition| &condition.work_item.0);
        for word in types.flat_map(|line| &line.kinds) {
            if crate::work::item_type(word).is_none() {
                let known: Vec<&str> = TYPES.iter().map(|known| known.name).collect();
                let near = did_you_mean(&word.replace('-', "_"), known.iter().copied());
                decoder.diags.push(
                    Diagnostic::new(
                        "unknown-choice",
                        format!("no work item is of type `{}`", **word),
                    )
                    .at(word.span, "unknown")
                    .help(near.unwrap_or_else(|| format!("known are {}", known.join(", ")))),
                );
            }
        }
        let words = conditions.flat_map(|condition| condition.os.iter().flatten());
        for word in words.filter(|word| !SYSTEMS.contains(&word.as_str())) {
            let near = did_you_mean(word, SYSTEMS.iter().copied());
            decoder.diags.push(
                Diagnostic::new(
                    "unknown-choice",
                    format!("there is no operating system `{}`", **word),
                )
                .at(word.span, "unknown")
                .help(near.unwrap_or_else(|| format!("known are {}", SYSTEMS.join(", ")))),
            );
        }
    }
}

crate::choice! {
    /// What it means if a program is not installed.
    pub enum OnMissing {
        Fail = "fail",
        Skip = "skip",
    }
}
