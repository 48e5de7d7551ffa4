//! The list of work items as JSON Schema 2020-12.

use serde_json::{Value, json};

use super::types::{DEFAULT_STATUS, STATUSES, TYPES};

/// The schema of `work_items.json`. Others keep fields of their own in it, so it forbids none.
pub fn work_item_schema() -> Value {
    let types: Vec<&str> = TYPES.iter().map(|known| known.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sdd work items",
        "type": "object",
        "properties": {
            "work_items": {
                "description": "The work items by their ids.",
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["type"],
                    "properties": {
                        "id": { "type": "string", "description": "The id, again." },
                        "type": { "enum": types, "description": "What sort of work it is." },
                        "title": { "type": "string", "description": "What it is about." },
                        "status": {
                            "enum": STATUSES,
                            "default": DEFAULT_STATUS,
                            "description": "How far it is. The one that is `in_progress` is the current one."
                        },
                        "spec_file": {
                            "type": "string",
                            "description": "Its specification, relative to the root; by default `.session/specs/ID.md`."
                        }
                    }
                }
            }
        }
    })
}
