//! Work items and their specifications: read, checked, and matched with the tests that ran.
//!
//! Texts come in, answers go out; nothing here touches a file.

mod baseline;
mod check;
mod diagram;
mod heading;
mod insert;
mod item;
mod json;
mod label;
mod list;
mod outline;
mod quantity;
mod read;
mod scenario;
mod schema;
mod spec;
mod structured;
#[cfg(test)]
mod tests;
mod types;

pub use baseline::{Baseline, baseline};
pub use check::{REQUIREMENTS, Requirement, check};
pub use diagram::{Diagram, diagrams};
pub use heading::is_heading_of;
pub use insert::insert;
pub use item::{Item, id_of, is_id};
pub use list::{Items, NoItem, read as read_items};
pub use outline::{Outline, Section, outline};
pub use quantity::{Dimension, Quantity};
pub use read::read as read_markdown;
pub use scenario::{Match, match_scenarios, same_name};
pub use schema::work_item_schema;
pub use spec::{Contract, Environment, Limit, Performance, Scenario, Spec, Topic};
pub use structured::read as read_structured;
pub use types::{DEFAULT_STATUS, IN_PROGRESS, ItemType, STATUSES, TYPES, item_type};

use crate::diag::Diags;
use crate::span::{SourceId, Sources};

/// The list of all work items, relative to the root.
pub const LIST: &str = ".session/tracking/work_items.json";
/// The folder of the specifications, relative to the root.
pub const SPECS: &str = ".session/specs";
/// The recorded performance of work items, relative to the root.
pub const BASELINES: &str = ".session/tracking/performance_baselines.json";

/// Where the specification of an item stands if its record does not say so.
pub fn default_spec_file(id: &str) -> String {
    format!("{SPECS}/{id}.md")
}

/// Reads a specification by the ending of its file: JSON or Markdown. All that is wrong with its
/// values is reported; what is left out is for [`mod@check`] to say.
pub fn read_spec(source: SourceId, sources: &Sources, diags: &mut Diags) -> Spec {
    let Some(found) = sources.get(source) else {
        return Spec::default();
    };
    if is_json(&found.path) {
        read_structured(&found.text, source, diags)
    } else {
        read_markdown(&found.text, source, diags)
    }
}

/// Whether a specification of that name is read as JSON.
pub fn is_json(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"))
}
