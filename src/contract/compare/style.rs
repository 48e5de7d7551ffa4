//! How parameters are written.

use std::collections::BTreeSet;

use super::kinds::kinds;
use super::text::Carrier;
use crate::contract::model::{Parameter, Style};
use crate::contract::schema::{Direction, Graph, SchemaId, Type};

/// Whether a value that was sent is another text now.
pub(super) fn changed(graph: &Graph, a: &Parameter, b: &Parameter) -> bool {
    a.affix() != b.affix() || misread(graph, (&a.style, a.schema), &b.style)
}

/// Whether who writes values of a schema in one style is misread by another.
pub(super) fn misread(graph: &Graph, (a, schema): (&Style, Option<SchemaId>), b: &Style) -> bool {
    let named = may_be(graph, schema, Type::Object);
    let explode = |style: &Style| match style.name.as_str() {
        "deepObject" => true,
        // Simple lists are the same text, exploded or not.
        "simple" => style.explode && named,
        _ => style.explode,
    };
    let differs = a.name != b.name || explode(a) != explode(b);
    (differs && (named || may_be(graph, schema, Type::Array)))
        || (a.name != b.name && (a.is_document() || b.is_document()))
}

/// Whether a value of that type may fit a schema; anything may, if there is none.
pub(super) fn may_be(graph: &Graph, schema: Option<SchemaId>, kind: Type) -> bool {
    schema.is_none_or(|schema| kinds(graph, schema).contains(&kind))
}

/// Whether values may hold what is escaped in an address.
pub(super) fn may_be_reserved(graph: &Graph, parameter: &Parameter) -> bool {
    let plain = [Type::Null, Type::Boolean, Type::Integer, Type::Number];
    !sent(graph, parameter).is_subset(&plain.into())
}

/// What the old values are to who reads the new ones: one value may be as good as a list of it.
pub(super) fn carried(graph: &mut Graph, a: &Parameter, b: &Parameter) -> Option<SchemaId> {
    let (old, new) = (a.schema?, b.schema?);
    if a.style.is_document() || b.style.is_document() {
        return Some(old);
    }
    let list = is_list(graph, a, b);
    let mut carrier = Carrier {
        graph,
        direction: Direction::Request,
    };
    if list {
        return Some(carrier.only_item(old, new));
    }
    let old = carrier.value(old, new);
    let bare = a.place == "path" && a.style.name == "simple";
    Some(if bare { carrier.segment(old, new) } else { old })
}

/// Whether a value that was sent alone reads as a list with nothing else in it.
fn is_list(graph: &Graph, a: &Parameter, b: &Parameter) -> bool {
    let (from, mut to) = (sent(graph, a), sent(graph, b));
    to.remove(&Type::Null);
    let scalar = !from.contains(&Type::Array) && !from.contains(&Type::Object);
    let repeated = b.style == Style::new("form", true);
    // What stands between items may be in a text.
    let whole = repeated || !from.contains(&Type::String);
    to == BTreeSet::from([Type::Array]) && scalar && whole && b.style.name != "deepObject"
}

fn sent(graph: &Graph, parameter: &Parameter) -> BTreeSet<Type> {
    kinds(graph, parameter.schema.unwrap_or(graph.anything()))
}
