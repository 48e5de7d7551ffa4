//! Whether instances fit, by the word of a validator that shares no code with the comparison.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::export::{Export, link, name};
use super::{Direction, Graph, SchemaId, format};

/// Most ways to branches of one schema that the validator is let go.
const MOST_STEPS: u64 = 100_000;

/// Whether an instance fits a schema, by the word of an independent validator; nothing if the
/// schema can't be written down. What does not go in that direction is left out by who sends,
/// and ignored by who receives.
pub fn accepts(
    graph: &Graph,
    root: SchemaId,
    (direction, sends): (Direction, bool),
    instance: &Value,
) -> Option<bool> {
    fits(Export::new(graph, (direction, sends)), root, instance)
}

/// The same where formats that can be checked are limits as well.
pub fn accepts_by_format(
    graph: &Graph,
    root: SchemaId,
    (direction, sends): (Direction, bool),
    instance: &Value,
) -> Option<bool> {
    let export = Export::new(graph, (direction, sends)).with_formats();
    fits(export, root, instance)
}

fn fits(mut export: Export<'_>, root: SchemaId, instance: &Value) -> Option<bool> {
    let formats = export.formats;
    let root = export.node(root, &BTreeSet::new());
    export.visit(root, instance);
    if export.steps() > MOST_STEPS {
        return None;
    }
    let definitions = export.definitions(export.nodes.len())?;
    let schema = whole(root, definitions);
    Some(validator(&schema, formats)?.is_valid(instance))
}

/// The schema of that number with all that it refers to.
fn whole(root: usize, definitions: Map<String, Value>) -> Value {
    let parts = [
        ("$ref".to_owned(), link(root).into()),
        ("$defs".to_owned(), definitions.into()),
    ];
    Value::Object(Map::from_iter(parts))
}

fn validator(schema: &Value, formats: bool) -> Option<jsonschema::Validator> {
    let options = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_format("byte", format::is_base64)
        .should_validate_formats(formats);
    options.build(schema).ok()
}

/// Whether instances fit a schema, by the word of the independent validator. What does not go in
/// their direction is ignored.
pub struct Checker(Option<jsonschema::Validator>);

impl Checker {
    /// A validator of one schema. It knows nothing of a schema that can't be written down.
    pub fn new(graph: &Graph, root: SchemaId, direction: Direction) -> Self {
        Self::of(Export::of_all(graph, direction), root)
    }

    /// The same, to which every `format` that it knows is a demand.
    pub fn with_formats(graph: &Graph, root: SchemaId, direction: Direction) -> Self {
        let export = Export::of_all(graph, direction).with_formats();
        Self::of(export, root)
    }

    fn of(mut export: Export<'_>, root: SchemaId) -> Self {
        let root = export.node(root, &BTreeSet::new());
        let definitions = export.definitions(usize::MAX);
        let schema = definitions.map(|definitions| whole(root, definitions));
        Self(schema.and_then(|schema| validator(&schema, export.formats)))
    }

    /// Whether the instance is valid; nothing if that is not known.
    pub fn accepts(&self, instance: &Value) -> Option<bool> {
        self.0
            .as_ref()
            .map(|validator| validator.is_valid(instance))
    }

    /// Where and why the instance is not valid; nothing if it is, or that is not known.
    pub fn why(&self, instance: &Value) -> Option<String> {
        let error = self.0.as_ref()?.iter_errors(instance).next()?;
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "/" } else { &place };
        Some(format!("at `{place}`, {error}"))
    }
}

/// One validator of many schemas: they share what they refer to.
pub struct Checkers {
    validator: Option<jsonschema::Validator>,
    nodes: HashMap<SchemaId, usize>,
}

impl Checkers {
    /// A validator of these schemas. It knows nothing if one of them can't be written down.
    pub fn new(graph: &Graph, roots: &[SchemaId], direction: Direction) -> Self {
        let mut export = Export::of_all(graph, direction);
        let bare = BTreeSet::new();
        let nodes = roots.iter().map(|id| (*id, export.node(*id, &bare)));
        let nodes: HashMap<SchemaId, usize> = nodes.collect();
        // An object with the value under the name of its schema is valid if the value is.
        let mut all: Vec<usize> = nodes.values().copied().collect();
        all.sort_unstable();
        let names = all
            .into_iter()
            .map(|node| (name(node), json!({"$ref": link(node)})));
        let names: Map<String, Value> = names.collect();
        let definitions = export.definitions(usize::MAX);
        let schema =
            definitions.map(|definitions| json!({"properties": names, "$defs": definitions}));
        Self {
            validator: schema.and_then(|schema| validator(&schema, false)),
            nodes,
        }
    }

    /// Whether the instance fits one of the schemas; nothing if that is not known.
    pub fn accepts(&self, id: SchemaId, instance: &Value) -> Option<bool> {
        let (validator, node) = (self.validator.as_ref()?, self.nodes.get(&id)?);
        let instance = Value::Object(Map::from_iter([(name(*node), instance.clone())]));
        Some(validator.is_valid(&instance))
    }
}
