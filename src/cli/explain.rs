//! `sdd explain` and `sdd schema`.
use super::{Cx, Outcome};
use crate::kinds::KINDS;

/// Explains a kind, a field or a diagnostic; without a topic, gives an overview.
pub(super) fn explain(_cx: &Cx, topic: Option<&str>) -> Outcome {
    let _ = (KINDS, topic);
    Ok(0)
}

/// Prints a JSON Schema.
pub(super) fn schema(of: &str) -> Outcome {
    let _ = of;
    Ok(0)
}
