//! From the text of a schema to its node, whatever the version of the specification.

mod bounds;
mod notes;

use std::collections::HashMap;

use super::{Graph, Keywords, SchemaId, Type};
use crate::contract::load::{At, Library, Problem};
use crate::contract::number::canonical;
use crate::contract::scalar::json;

/// How a version of the specification spells schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Swagger 2.0 and `OpenAPI` 3.0: `nullable`, boolean exclusive bounds, a `$ref` stands alone.
    Old,
    /// `OpenAPI` 3.1 and later: JSON Schema 2020-12.
    New,
    /// JSON Schema before 2019-09, which a schema of `OpenAPI` 3.1 can name by `$schema`: a `$ref`
    /// stands alone, `dependencies` are one keyword.
    Earlier,
}

impl Dialect {
    /// The dialect of that address; nothing if it is not known.
    pub(in crate::contract) fn named(address: &str) -> Option<Self> {
        let drafts = ["draft-04", "draft-06", "draft-07"];
        let earlier = |draft: &&str| address.contains(&format!("json-schema.org/{draft}/"));
        if drafts.iter().any(earlier) {
            return Some(Dialect::Earlier);
        }
        let current = ["json-schema.org/draft/", "spec.openapis.org/oas/"];
        let current = current.iter().any(|part| address.contains(part));
        current.then_some(Dialect::New)
    }
}

/// Reads schemas into a graph. Each is read once, and none inside of another's reading.
pub struct Reader<'a, 'g> {
    /// The files.
    pub library: &'a Library,
    /// Where the schemas go.
    pub graph: &'g mut Graph,
    /// What was found wrong.
    pub problems: Vec<Problem>,
    /// The one of the document.
    usual: Dialect,
    /// The one of the schema that is being read.
    dialect: Dialect,
    known: HashMap<*const crate::yaml::Yaml, SchemaId>,
    open: Vec<(At<'a>, SchemaId)>,
}

/// The type of Swagger 2.0 that later versions call a text of the format `binary`.
const FILE: &str = "file";

/// Keywords that limit what is valid, and that the comparison can't see through.
const OPAQUE: &[&str] = &["$dynamicRef", "$recursiveRef", "dependencies"];

/// What a schema says in words that the others do not know.
const ADDRESSES: &[&str] = &[
    "$id",
    "$schema",
    "$anchor",
    "$dynamicAnchor",
    "$comment",
    "$defs",
];

impl<'a, 'g> Reader<'a, 'g> {
    /// A reader of one document.
    pub fn new(library: &'a Library, graph: &'g mut Graph, dialect: Dialect) -> Self {
        Self {
            library,
            graph,
            usual: dialect,
            dialect,
            problems: Vec::new(),
            known: HashMap::new(),
            open: Vec::new(),
        }
    }

    /// The node of a schema; all that it names is read as well.
    pub fn schema(&mut self, at: At<'a>) -> SchemaId {
        let id = self.node(at);
        while let Some((at, id)) = self.open.pop() {
            self.dialect = self.dialect_of(at);
            let keywords = self.keywords(at);
            self.graph.set(id, keywords);
        }
        id
    }

    fn node(&mut self, at: At<'a>) -> SchemaId {
        let at = self.target(at);
        let key = std::ptr::from_ref(at.node);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = self.graph.reserve(self.library.span(at));
        self.known.insert(key, id);
        self.open.push((at, id));
        id
    }

    /// `OpenAPI` 3.0 knows no other dialect than its own.
    fn dialect_of(&self, at: At<'_>) -> Dialect {
        if self.usual == Dialect::Old {
            return Dialect::Old;
        }
        let named = self.library.dialect(at);
        named.and_then(Dialect::named).unwrap_or(self.usual)
    }

    /// Whether a reference at that node says nothing else beside it.
    fn is_alone(&self, at: At<'_>) -> bool {
        self.dialect_of(at) != Dialect::New || !limits_beside_reference(at)
    }

    /// Follows references that stand alone.
    fn target(&mut self, at: At<'a>) -> At<'a> {
        let mut here = at;
        for _ in 0..100 {
            let Some(reference) = here.text("$ref") else {
                return here;
            };
            if !self.is_alone(here) {
                return here;
            }
            match self.library.resolve(here, reference) {
                Ok(next) => here = next,
                Err(problem) => {
                    self.problems.push(problem);
                    return here;
                }
            }
        }
        let problem = self
            .library
            .problem(at, "the reference leads back to itself");
        self.problems.push(problem);
        at
    }

    fn keywords(&mut self, at: At<'a>) -> Keywords {
        let mut out = Keywords::default();
        if let Some(truth) = at.node.truth() {
            out.never = !truth;
            return out;
        }
        if at.node.text().is_some() || !at.node.items().is_empty() {
            let problem = self.library.problem(at, "a schema has to be a mapping");
            self.problems.push(problem);
            return out;
        }
        self.types(at, &mut out);
        scalars(at, &mut out);
        self.notes(at, &mut out);
        self.bounds(at, &mut out);
        self.parts(at, &mut out);
        self.combinations(at, &mut out);
        self.dependencies(at, &mut out);
        for name in OPAQUE {
            let known = *name == "dependencies" && self.dialect == Dialect::Earlier;
            if let Some(value) = at.get(name).filter(|_| !known) {
                self.opaque(at, (name, value), &mut out);
            }
        }
        out
    }

    /// A keyword that leads who knows where; one place, if there is only that.
    fn opaque(&mut self, at: At<'a>, (name, value): (&str, At<'a>), out: &mut Keywords) {
        let reference = value.node.text().filter(|_| name == "$dynamicRef");
        let target = reference.and_then(|text| self.library.resolve_dynamic(at, text));
        match target {
            Some(target) => out.all_of.push(self.node(target)),
            None => out.opaque.push(format!("{name} {}", json(value.node))),
        }
    }

    /// What later drafts call `dependentRequired` and `dependentSchemas`.
    fn dependencies(&mut self, at: At<'a>, out: &mut Keywords) {
        if self.dialect != Dialect::Earlier {
            return;
        }
        for (name, needed) in at.each("dependencies") {
            let names = needed.node.items();
            if names.is_empty() {
                out.dependent_schemas
                    .insert(name.to_owned(), self.node(needed));
            } else {
                let names = names.iter().filter_map(crate::yaml::Yaml::text);
                let names = names.map(str::to_owned).collect();
                out.dependent.insert(name.to_owned(), names);
            }
        }
    }

    fn types(&mut self, at: At<'a>, out: &mut Keywords) {
        let Some(written) = at.get("type") else {
            return;
        };
        let names: Vec<&str> = match written.node.text() {
            Some(FILE) if self.dialect == Dialect::Old => vec!["string"],
            Some(name) => vec![name],
            None => written
                .node
                .items()
                .iter()
                .filter_map(crate::yaml::Yaml::text)
                .collect(),
        };
        let mut types = std::collections::BTreeSet::new();
        for name in names {
            match Type::named(name) {
                Some(kind) => {
                    types.insert(kind);
                }
                None => self.problems.push(
                    self.library
                        .problem(written, format!("`{name}` is no type")),
                ),
            }
        }
        if self.dialect == Dialect::Old && at.flag("nullable") {
            types.insert(Type::Null);
        }
        if types.contains(&Type::Number) {
            types.remove(&Type::Integer);
        }
        out.types = Some(types);
    }

    fn wrong(&mut self, at: At<'a>, message: &str) {
        self.problems.push(self.library.problem(at, message));
    }

    fn parts(&mut self, at: At<'a>, out: &mut Keywords) {
        out.prefix = at.list("prefixItems").map(|at| self.node(at)).collect();
        match at.get("items") {
            Some(items) if !items.node.items().is_empty() => {
                out.prefix = at.list("items").map(|at| self.node(at)).collect();
                out.items = at.get("additionalItems").map(|at| self.node(at));
            }
            items => out.items = items.map(|at| self.node(at)),
        }
        out.contains = at.get("contains").map(|at| self.node(at));
        if out.contains.is_some() {
            out.counts.entry("minContains").or_insert(1);
        } else {
            // They count what `contains` of the same schema lets through.
            out.counts.retain(|name, _| !name.ends_with("Contains"));
        }
        out.additional = at.get("additionalProperties").map(|at| self.node(at));
        out.names = at.get("propertyNames").map(|at| self.node(at));
        let rest = at.get("unevaluatedProperties");
        out.unevaluated = rest.map(|at| self.node(at));
        out.unevaluated_items = at.get("unevaluatedItems").map(|at| self.node(at));
        let named =
            |(name, at): (&str, At<'a>), reader: &mut Self| (name.to_owned(), reader.node(at));
        out.properties = at.each("properties").map(|e| named(e, self)).collect();
        out.patterns = at
            .each("patternProperties")
            .map(|e| named(e, self))
            .collect();
        out.dependent_schemas = at
            .each("dependentSchemas")
            .map(|e| named(e, self))
            .collect();
    }

    fn combinations(&mut self, at: At<'a>, out: &mut Keywords) {
        out.all_of = distinct(at.list("allOf").map(|at| self.node(at)));
        out.any_of = distinct(at.list("anyOf").map(|at| self.node(at)));
        out.one_of = at.list("oneOf").map(|at| self.node(at)).collect();
        out.not = at.get("not").map(|at| self.node(at));
        out.condition = at.get("if").map(|test| {
            let test = self.node(test);
            let then = at.get("then").map(|at| self.node(at));
            (test, then, at.get("else").map(|at| self.node(at)))
        });
        if let Some(reference) = at.text("$ref") {
            match self.library.resolve(at, reference) {
                Ok(target) => out.all_of.push(self.node(target)),
                Err(problem) => self.problems.push(problem),
            }
        }
    }
}

fn scalars(at: At<'_>, out: &mut Keywords) {
    let listed = at.get("enum").map(|values| {
        let values = values.node.items().iter();
        values.map(|value| canonical(json(value))).collect()
    });
    let constant = at.get("const").map(|value| canonical(json(value.node)));
    out.values = match (listed, constant) {
        (Some(listed), Some(constant)) => {
            let listed: Vec<_> = listed;
            Some(listed.into_iter().filter(|v| *v == constant).collect())
        }
        (listed, constant) => listed.or(constant.map(|value| vec![value])),
    };
    out.pattern = at.text("pattern").map(str::to_owned);
    out.unique = at.flag("uniqueItems");
    out.read_only = at.flag("readOnly");
    out.write_only = at.flag("writeOnly");
    let required = at.list("required");
    out.required = required
        .filter_map(|name| name.node.text().map(str::to_owned))
        .collect();
    for (name, needed) in at.each("dependentRequired") {
        let needed = needed.node.items().iter();
        let needed = needed.filter_map(|name| name.text().map(str::to_owned));
        out.dependent.insert(name.to_owned(), needed.collect());
    }
}

/// Each once: what stands twice says no more than what stands once.
fn distinct(ids: impl Iterator<Item = SchemaId>) -> Vec<SchemaId> {
    let mut known = std::collections::HashSet::new();
    ids.filter(|id| known.insert(*id)).collect()
}

/// Whether a reference has more beside it than words for people.
fn limits_beside_reference(at: At<'_>) -> bool {
    at.entries().any(|(name, _)| {
        let words = [
            "$ref",
            "description",
            "summary",
            "title",
            "example",
            "examples",
        ];
        !words.contains(&name) && !ADDRESSES.contains(&name) && !name.starts_with("x-")
    })
}
