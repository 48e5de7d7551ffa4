//! Every object of a document held against its table.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::Diagnosis;
use super::pointer::pointer;
use super::rules::{Grade, rule};
use super::table::{Edition, Field, Object, Rest, Shape};
use super::{schema_table, three, two};
use crate::contract::load::{At, Library, is_url};
use crate::contract::scalar::json;
use crate::contract::schema::Dialect;
use crate::diag::did_you_mean;
use crate::yaml::Value;

/// The types that a schema may name.
const TYPES: &[&str] = &[
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// A document that is being looked at.
pub(super) struct Walk<'a> {
    pub library: &'a Library,
    pub edition: Edition,
    pub found: Vec<Diagnosis>,
    /// Every object that is used, once, with what it is.
    visited: Vec<(&'static Object, At<'a>)>,
    seen: HashSet<(*const crate::yaml::Yaml, &'static str)>,
    /// Objects that references lead to.
    open: Vec<(At<'a>, Shape)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(library: &'a Library, edition: Edition) -> Self {
        Self {
            library,
            edition,
            found: Vec::new(),
            visited: Vec::new(),
            seen: HashSet::new(),
            open: Vec::new(),
        }
    }

    /// Looks at the whole document and at all that it refers to.
    pub(super) fn document(&mut self) {
        let root = self.library.root();
        let two = self.edition < 30;
        self.object(root, if two { &two::ROOT } else { &three::ROOT });
        while let Some((at, shape)) = self.open.pop() {
            self.shape(at, &shape);
        }
        let contents = ["paths", "webhooks", "components"];
        if self.edition >= 31 && !contents.iter().any(|name| root.get(name).is_some()) {
            let message = "none of `paths`, `webhooks` and `components` is there";
            self.error("no-contents", root, message);
        }
    }

    /// Every object of one of these sorts.
    pub(super) fn all(&self, sorts: &[&'static Object]) -> Vec<At<'a>> {
        let visited = self.visited.iter();
        let own = visited.filter(|(object, _)| sorts.iter().any(|sort| object.is(sort)));
        own.map(|(_, at)| *at).collect()
    }

    /// What a node is once its references are followed; nothing if they lead nowhere, which is told
    /// where the reference stands.
    pub(super) fn follow(&self, at: At<'a>) -> Option<At<'a>> {
        self.library.follow(at).ok()
    }

    /// Whether it is a part of a document from 3.1 on: it names security schemes, and has no
    /// components that could declare any.
    pub(super) fn is_excerpt(&self) -> bool {
        let root = self.library.root();
        let secured = || {
            let mut operations = self.all(&[&three::OPERATION]).into_iter();
            operations.any(|at| {
                at.list("security")
                    .any(|way| !way.node.entries().is_empty())
            })
        };
        self.edition >= 31 && root.get("components").is_none() && secured()
    }

    pub(super) fn error(&mut self, id: &str, at: At<'_>, message: impl Into<String>) {
        self.tell(id, Grade::Error, at, message);
    }

    pub(super) fn warning(&mut self, id: &str, at: At<'_>, message: impl Into<String>) {
        self.tell(id, Grade::Warning, at, message);
    }

    /// The same at the name of one of its values.
    pub(super) fn error_at_key(
        &mut self,
        id: &str,
        at: (At<'_>, &str),
        message: impl Into<String>,
    ) {
        self.tell_at_key(id, Grade::Error, at, message);
    }

    pub(super) fn tell_at_key(
        &mut self,
        id: &str,
        grade: Grade,
        (at, key): (At<'_>, &str),
        message: impl Into<String>,
    ) {
        let inner = at.get(key).unwrap_or(at);
        self.tell(id, grade, inner, message);
        if let Some(told) = self.found.last_mut() {
            told.span = self.library.key_span(at, key);
        }
    }

    pub(super) fn tell(&mut self, id: &str, grade: Grade, at: At<'_>, message: impl Into<String>) {
        let problem = self.library.problem(at, message);
        self.found.push(Diagnosis {
            rule: rule(id),
            grade,
            message: problem.message,
            path: problem.path,
            span: self.library.span(at),
            pointer: pointer(self.library.root_of(at).node, at.node),
        });
    }

    fn object(&mut self, at: At<'a>, object: &'static Object) {
        let object = match at.text("in") {
            Some("body") if object.is(&two::PARAMETER) => &two::BODY,
            _ => object,
        };
        if !self.seen.insert((std::ptr::from_ref(at.node), object.name)) {
            return;
        }
        if !matches!(at.node.value, Value::Mapping(_)) {
            let message = format!("{} has to be a mapping", article(object));
            return self.error("wrong-type", at, message);
        }
        self.visited.push((object, at));
        for (key, value) in at.entries() {
            self.entry(object, at, key, value);
        }
        let edition = self.edition;
        let missing = object.fields.iter().filter(|field| {
            field.is_required(edition) && at.get(field.name).is_none() && at.get("$ref").is_none()
        });
        for field in missing {
            let message = format!("{} needs `{}`", article(object), field.name);
            self.error("missing-field", at, message);
        }
    }

    fn entry(&mut self, object: &'static Object, at: At<'a>, key: &str, value: At<'a>) {
        if let Some(field) = object.field(key, self.edition) {
            if field.name == "$ref" {
                return self.inner_reference(object, at, value);
            }
            return self.field(object, field, value);
        }
        if key.starts_with("x-") {
            return;
        }
        match object.rest {
            Rest::Anything => {}
            Rest::Keys(allowed, shape, _) if allowed(key) => self.shape(value, shape),
            Rest::Keys(_, _, wanted) => {
                let message = format!("`{key}` is not {wanted}");
                self.error_at_key("bad-key", (at, key), message);
            }
            Rest::Extensions => self.unknown(object, at, key),
        }
    }

    fn unknown(&mut self, object: &'static Object, at: At<'a>, key: &str) {
        let known = object.fields.iter();
        let known = known.filter(|field| field.is_known(self.edition));
        let help = match object.other_edition(key) {
            Some(field) if field.known.0 > self.edition => {
                format!("; it is known from {} on", named(field.known.0))
            }
            Some(field) => format!("; it is known up to {}", named(field.known.1)),
            None => did_you_mean(key, known.map(|field| field.name))
                .map_or_else(String::new, |help| format!("; {help}")),
        };
        let message = format!("{} has no field `{key}`{help}", article(object));
        self.error_at_key("unknown-field", (at, key), message);
    }

    fn field(&mut self, object: &'static Object, field: &'static Field, value: At<'a>) {
        let before = self.found.len();
        self.shape(value, &field.shape);
        // Of a value that is wrong in itself, one likes to know of what it is the value.
        for told in &mut self.found[before..] {
            if told.message.starts_with("it ") {
                let what = format!("`{}` of {}", field.name, article(object));
                told.message.replace_range(..2, &what);
            }
        }
    }

    fn shape(&mut self, at: At<'a>, shape: &Shape) {
        match *shape {
            Shape::Any => {}
            Shape::Object(object) => self.object(at, object),
            Shape::OrReference(object) => {
                if is_reference(at) {
                    self.reference(at, *shape);
                } else {
                    self.object(at, object);
                }
            }
            Shape::List(inner) | Shape::Some(inner) => self.list(at, shape, inner),
            Shape::Map(inner) => self.map(at, inner),
            Shape::SchemaOrFlag if at.node.truth().is_some() => {}
            Shape::Items
                if !at.node.items().is_empty() && (self.edition < 30 || self.is_earlier(at)) =>
            {
                self.list(at, shape, &Shape::Schema);
            }
            Shape::Schema | Shape::SchemaOrFlag | Shape::Items => self.schema(at),
            Shape::Types => self.types(at),
            Shape::Word(words) => self.word(at, words),
            Shape::Exclusive if self.edition < 31 => self.scalar(at, &Shape::Flag),
            Shape::Exclusive if at.node.truth().is_some() && self.is_earlier(at) => {}
            Shape::Exclusive => self.scalar(at, &Shape::Number),
            Shape::Text | Shape::Flag | Shape::Number | Shape::Count => self.scalar(at, shape),
        }
    }

    /// Whether a schema around a place names a draft of JSON Schema before 2019-09.
    fn is_earlier(&self, at: At<'a>) -> bool {
        let named = self.library.dialect(at).and_then(Dialect::named);
        self.edition >= 31 && named == Some(Dialect::Earlier)
    }

    fn scalar(&mut self, at: At<'a>, shape: &Shape) {
        let value = json(at.node);
        let whole = |number: &serde_json::Number| {
            number
                .as_f64()
                .is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
        };
        let (fits, wanted) = match (shape, &value) {
            (Shape::Text, value) => (value.is_string(), "a text"),
            (Shape::Flag, value) => (value.is_boolean(), "`true` or `false`"),
            (Shape::Count, Json::Number(number)) => (whole(number), "a whole number"),
            (Shape::Count, _) => (false, "a whole number"),
            (_, value) => (value.is_number(), "a number"),
        };
        if fits {
            return;
        }
        let quotes = match (shape, &at.node.value) {
            (Shape::Text, Value::Scalar { text, .. }) if !value.is_null() => {
                format!("; as a text, it is written \"{text}\"")
            }
            _ => String::new(),
        };
        self.error("wrong-type", at, format!("it has to be {wanted}{quotes}"));
    }

    fn word(&mut self, at: At<'a>, words: &[&str]) {
        let Json::String(word) = json(at.node) else {
            return self.scalar(at, &Shape::Text);
        };
        if words.contains(&word.as_str()) {
            return;
        }
        let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let message = format!("it is `{word}`, and has to be one of {}", all.join(", "));
        self.error("unknown-value", at, message);
    }

    fn list(&mut self, at: At<'a>, shape: &Shape, inner: &Shape) {
        if !matches!(at.node.value, Value::Sequence(_)) {
            return self.error("wrong-type", at, "it has to be a list");
        }
        if matches!(shape, Shape::Some(_)) && at.node.items().is_empty() {
            return self.error("wrong-type", at, "it has to have at least one item");
        }
        for item in at.node.items() {
            self.shape(at.with(item), inner);
        }
    }

    fn map(&mut self, at: At<'a>, inner: &Shape) {
        if !matches!(at.node.value, Value::Mapping(_)) {
            return self.error("wrong-type", at, "it has to be a mapping");
        }
        for (_, value) in at.entries() {
            self.shape(value, inner);
        }
    }

    fn schema(&mut self, at: At<'a>) {
        if self.edition >= 31 {
            if at.node.truth().is_none() {
                self.object(at, &schema_table::NEW);
            }
        } else if is_reference(at) {
            self.reference(at, Shape::Schema);
        } else {
            self.object(at, &schema_table::OLD);
        }
    }

    fn types(&mut self, at: At<'a>) {
        let (first, last) = match self.edition {
            31.. => (0, 7),
            _ => (0, 6),
        };
        let mut words = TYPES[first..last].to_vec();
        if self.edition < 30 {
            words.push("file");
        }
        if self.edition >= 31 && matches!(at.node.value, Value::Sequence(_)) {
            for item in at.node.items() {
                self.word(at.with(item), &words);
            }
            return;
        }
        self.word(at, &words);
    }

    fn reference(&mut self, at: At<'a>, shape: Shape) {
        let Some(written) = at.get("$ref") else {
            return;
        };
        // By the name of no object, since it is none.
        if !self.seen.insert((std::ptr::from_ref(at.node), "")) {
            return;
        }
        let beside: &[&str] = match self.edition {
            31.. => &["summary", "description"],
            _ => &[],
        };
        for (key, _) in at.entries() {
            if key != "$ref" && !key.starts_with("x-") && !beside.contains(&key) {
                let message = format!("`{key}` beside `$ref` is without effect");
                self.tell_at_key(
                    "ignored-beside-reference",
                    Grade::Warning,
                    (at, key),
                    message,
                );
            }
        }
        self.target(at, written, shape);
    }

    /// A reference that is a field of its object.
    fn inner_reference(&mut self, object: &'static Object, at: At<'a>, written: At<'a>) {
        self.target(at, written, Shape::Object(object));
    }

    fn target(&mut self, at: At<'a>, written: At<'a>, shape: Shape) {
        let Json::String(reference) = json(written.node) else {
            return self.error("wrong-type", written, "`$ref` has to be a text");
        };
        match self.library.resolve(at, &reference) {
            Ok(target) => {
                self.open.push((target, shape));
                if let Err(problem) = self.library.follow(at)
                    && self.library.is_about(&problem, at)
                {
                    self.error("unresolved-reference", written, problem.message);
                }
            }
            Err(_) if is_url(&reference) => {
                let message = format!(
                    "what `{reference}` names is not fetched, and not checked; `remote` allows addresses"
                );
                self.warning("unfetched-reference", written, message);
            }
            Err(problem) => self.error("unresolved-reference", written, problem.message),
        }
    }
}

/// Whether a reference stands for an object here.
fn is_reference(at: At<'_>) -> bool {
    at.get("$ref").is_some()
}

fn article(object: &Object) -> String {
    let vowel = object.name.starts_with(['A', 'E', 'I', 'O', 'U', 'X']);
    let article = if vowel { "an" } else { "a" };
    let what = if object.name.starts_with("map") {
        ""
    } else {
        " Object"
    };
    format!("{article} {}{what}", object.name)
}

fn named(edition: Edition) -> String {
    match edition {
        20 => "Swagger 2.0".to_owned(),
        _ => format!("OpenAPI {}.{}", edition / 10, edition % 10),
    }
}
