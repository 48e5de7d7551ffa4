//! Conditions: whether one holds wherever another does.

use std::collections::BTreeSet;

use super::field::{Field, text};
use crate::syntax::Node;

/// Whether there is a case in which one of `before` holds and none of `after` does.
pub(super) fn holds_less(before: &Field<'_>, after: &Field<'_>) -> bool {
    let is_covered =
        |old: &&Node| -> bool { after.lines.iter().any(|new| is_at_least_as_wide(new, old)) };
    !before.lines.iter().all(is_covered)
}

/// Whether `wide` holds wherever `narrow` does: each of its lines follows from one of the other's.
fn is_at_least_as_wide(wide: &Node, narrow: &Node) -> bool {
    wide.children.iter().all(|line| {
        let allowed = values(line);
        let mut same = narrow
            .children
            .iter()
            .filter(|other| other.name == line.name);
        same.any(|other| values(other).is_subset(&allowed))
    })
}

fn values(line: &Node) -> BTreeSet<String> {
    let own = line.args.iter().map(|arg| text(&arg.value));
    let named = line.children.iter().flat_map(|field| {
        let values = field.args.iter().map(|arg| text(&arg.value));
        values.map(|value| format!("{}={value}", *field.name))
    });
    own.chain(named).collect()
}
