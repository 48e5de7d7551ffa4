//! The tables of everything that may stand in a pipeline file.

use super::{Common, Header};
use crate::kinds::KINDS;
use crate::spec::{Grammar, Table};

/// Every table: what the loader reads, and what schema, reference and conversion describe.
pub fn grammar() -> Grammar {
    Grammar {
        header: Header::SPEC,
        kinds: KINDS.iter().map(|row| row.spec).collect(),
        common: Common::SPEC,
    }
}
