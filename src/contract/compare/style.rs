//! Whether a value is written as the same text: only lists and objects are written in styles.

use super::operation::Walk;
use crate::contract::model::Style;
use crate::contract::schema::{Graph, SchemaId, Type};

/// Most schemas in each other that are looked into.
const DEEPEST: usize = 20;

impl Walk<'_> {
    /// Whether who writes values of the first schema in the first style is misread by the second.
    pub(super) fn written_otherwise(
        &self,
        old: (&Style, Option<SchemaId>),
        new: (&Style, Option<SchemaId>),
    ) -> bool {
        let ((a, schema), (b, _)) = (old, new);
        let document = |style: &Style| style.0.contains('/');
        let may = |kind| may_be(self.graph, schema, kind);
        // Simple lists are the same text, exploded or not.
        let list = a.0 != b.0 || a.0 != "simple";
        let compound = (list && may(Type::Array)) || may(Type::Object);
        a != b && (compound || document(a) || document(b))
    }
}

/// Whether a value of that type may fit a schema; anything may, if there is none.
pub(super) fn may_be(graph: &Graph, schema: Option<SchemaId>, kind: Type) -> bool {
    schema.is_none_or(|schema| may(graph, schema, kind, DEEPEST))
}

fn may(graph: &Graph, schema: SchemaId, kind: Type, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    let own = graph.get(schema);
    let inner = |id: &SchemaId| may(graph, *id, kind, depth);
    let some = |list: &[SchemaId]| list.is_empty() || list.iter().any(inner);
    let values = own.values.as_ref();
    own.types.as_ref().is_none_or(|types| types.contains(&kind))
        && values.is_none_or(|values| values.iter().any(|value| Type::of(value) == kind))
        && own.all_of.iter().all(inner)
        && some(&own.any_of)
        && some(&own.one_of)
}
