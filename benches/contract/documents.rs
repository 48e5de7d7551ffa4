//! Documents like those of large services: resources that name each other, and operations that
//! send and return them.

use serde_json::{Map, Value, json};

/// How the schemas of a document lead to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By properties, lists and alternatives.
    Recursive,
    /// Each has an `allOf` with an earlier one as well.
    AllOf,
    /// Each has six properties that are others.
    Entangled,
}

/// A row of numbers that look like chance and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).unwrap_or(0);
        high % end.max(1)
    }
}

const WORDS: &str = "Says something of the resource in a sentence of the usual length, so that the document has the size that one has.";

/// A document; half a year later, if it is changed.
pub(crate) fn document(kind: Kind, schemas: usize, changed: bool) -> String {
    let mut numbers = Numbers(7);
    let all: Map<String, Value> = (0..schemas)
        .map(|place| {
            let schema = match kind {
                Kind::Entangled => entangled(place, schemas, changed),
                kind => resource(&mut numbers, kind, place, schemas, changed),
            };
            (name(place), schema)
        })
        .collect();
    let paths: Map<String, Value> = (0..schemas.div_ceil(2))
        .map(|place| {
            (
                format!("/v1/resources{place}"),
                operations(&mut numbers, place, schemas),
            )
        })
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "resources", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": all},
    })
    .to_string()
}

fn name(place: usize) -> String {
    format!("resource_{place}")
}

fn link(place: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", name(place))})
}

fn entangled(place: usize, schemas: usize, changed: bool) -> Value {
    let kind = if changed && place == schemas / 2 {
        "integer"
    } else {
        "string"
    };
    let mut properties = Map::from_iter([("v".to_owned(), json!({"type": kind}))]);
    for step in 1..7 {
        properties.insert(
            format!("p{step}"),
            link((place * 7 + step * step + 1) % schemas),
        );
    }
    json!({"type": "object", "required": ["v"], "properties": properties})
}

fn resource(
    numbers: &mut Numbers,
    kind: Kind,
    place: usize,
    schemas: usize,
    changed: bool,
) -> Value {
    let values = [format!("resource.{place}")];
    let mut properties = Map::from_iter([
        (
            "id".to_owned(),
            json!({"type": "string", "maxLength": 5000, "description": WORDS}),
        ),
        (
            "object".to_owned(),
            json!({"type": "string", "enum": values, "description": WORDS}),
        ),
    ]);
    for field in 0..12 + numbers.below(8) {
        properties.insert(format!("field_{place}_{field}"), property(numbers, schemas));
    }
    if changed && place % 15 == 1 {
        change(place, &mut properties);
    }
    let own = json!({
        "type": "object", "required": ["id", "object"], "properties": properties,
        "description": WORDS,
    });
    if kind == Kind::AllOf && place > 2 && !place.is_multiple_of(3) {
        let mut own = own;
        own["properties"]["object"] = json!({"type": "string"});
        own["required"] = json!(["id"]);
        let base = place - 1 - numbers.below(3).min(place - 1);
        return json!({"allOf": [link(base), own]});
    }
    own
}

fn property(numbers: &mut Numbers, schemas: usize) -> Value {
    let (one, other) = (numbers.below(schemas), numbers.below(schemas));
    let mut property = match numbers.below(10) {
        0 | 1 => {
            json!({"anyOf": [{"type": "string", "maxLength": 5000}, link(one)], "nullable": true})
        }
        2 => json!({"type": "array", "items": link(one)}),
        3 => return link(one),
        4 => json!({"anyOf": [link(one), link(other)]}),
        5 => json!({"type": "string", "enum": ["active", "canceled", "pending"]}),
        6 => json!({"type": "integer", "format": "int64"}),
        7 => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        _ => json!({"type": "string", "maxLength": 5000}),
    };
    property["description"] = WORDS.into();
    property
}

fn change(place: usize, properties: &mut Map<String, Value>) {
    match place % 4 {
        0 => properties["id"]["maxLength"] = 6000.into(),
        1 => {
            properties.insert("added".to_owned(), json!({"type": "string"}));
        }
        2 => properties["object"]["enum"] = json!([format!("resource.{place}"), "other"]),
        _ => {
            properties.remove(&format!("field_{place}_0"));
        }
    }
}

fn operations(numbers: &mut Numbers, place: usize, schemas: usize) -> Value {
    let target = link(numbers.below(schemas));
    let media = |schema: Value| json!({"application/json": {"schema": schema}});
    let failed = json!({"description": "failed", "content": media(link(0))});
    let list = json!({
        "type": "object", "required": ["data"],
        "properties": {"data": {"type": "array", "items": target}, "more": {"type": "boolean"}},
    });
    let form: Map<String, Value> = (0..10)
        .map(|field| {
            (
                format!("field_{field}"),
                json!({"type": "string", "maxLength": 100 + field, "description": WORDS}),
            )
        })
        .collect();
    let form = json!({"type": "object", "properties": form});
    json!({
        "get": {
            "operationId": format!("list{place}"),
            "parameters": [
                {"name": "limit", "in": "query", "schema": {"type": "integer"}, "description": WORDS},
            ],
            "responses": {"200": {"description": "d", "content": media(list)}, "default": failed},
        },
        "post": {
            "operationId": format!("create{place}"),
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
            "responses": {"200": {"description": "d", "content": media(target)}, "default": failed},
        },
    })
}
