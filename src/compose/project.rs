//! The name under which a stack is brought up. Compose marks all that it makes with it.
//!
//! Each run has names of its own, so what a developer has up under the name of the folder is
//! another project, and so is the same stack of another run or another worktree. What stands for
//! the worktree here has to tell it from those of other machines that share a Docker daemon.

use crate::id::fingerprint;

/// The beginning of the names of all stacks of a worktree.
pub fn family(worktree: &str) -> String {
    format!("sdd-{:08x}-", folded(worktree))
}

/// The name of a stack: of a worktree, a run and a node. Compose allows lower case letters, digits,
/// `-` and `_`.
pub fn project(worktree: &str, run: &str, node: &str) -> String {
    let short: String = plain(node).chars().take(20).collect();
    format!(
        "{}{}-{short}-{:04x}",
        family(worktree),
        plain(run),
        folded(node) & 0xffff
    )
}

/// Whether a name is that of a stack of that run.
pub fn is_name_of(name: &str, worktree: &str, run: &str) -> bool {
    let behind = name.strip_prefix(&family(worktree));
    let behind = behind.and_then(|rest| rest.strip_prefix(&plain(run)));
    behind.is_some_and(|rest| rest.starts_with('-'))
}

fn plain(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}

/// Folded to 32 bits: the names only have to differ, and to stay the same over versions.
fn folded(text: &str) -> u32 {
    let hash = fingerprint(text.as_bytes());
    u32::try_from((hash >> 32) ^ (hash & 0xffff_ffff)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "20261122T163301Z-4f2a";

    #[test]
    fn a_name_is_one_that_compose_takes_and_belongs_to_its_run() {
        let name = project("/home/me/shop", RUN, "Stack.ü[os=a]");
        assert!(name.starts_with(&family("/home/me/shop")));
        assert!(
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        );
        assert!(is_name_of(&name, "/home/me/shop", RUN));
        assert!(!is_name_of(&name, "/home/me/shop", "20261122T163301Z-4f2b"));
        assert!(!is_name_of(&name, "/home/you/shop", RUN));
        assert!(name.len() < 64, "{name}");
    }

    #[test]
    fn nodes_whose_ids_look_alike_have_different_names() {
        let of = |node| project("/x", RUN, node);
        assert_ne!(of("stack.a"), of("stack-a"));
        assert_ne!(
            of("a-long-name-that-is-cut-one"),
            of("a-long-name-that-is-cut-two")
        );
    }
}
