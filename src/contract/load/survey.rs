//! What a file names and refers to: one look at all of its nodes.

use std::collections::HashMap;
use std::ops::Range;

use crate::yaml::{Entry, Yaml};

/// Words whose values are mappings in which authors choose the names.
const NAMED: &[&str] = &[
    "properties",
    "patternProperties",
    "dependentSchemas",
    "dependencies",
    "$defs",
    "definitions",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "securitySchemes",
    "securityDefinitions",
    "links",
    "callbacks",
    "pathItems",
    "mediaTypes",
    "paths",
    "webhooks",
    "content",
    "encoding",
];

/// Words whose values are data, whatever these look like.
const DATA: &[&str] = &["enum", "const", "default", "example"];

/// Words at the root of a file that is more than a collection of parts.
const WHOLES: &[&str] = &["openapi", "swagger", "type"];

/// What the names in a mapping are.
#[derive(Clone, Copy)]
enum Names {
    /// Those of parts, or words that group them.
    Parts,
    /// Words of the specification.
    Words,
    /// What the author chose.
    Chosen,
    /// Those of examples.
    Examples,
    /// Words of an example, which is data but for a reference to another.
    Example,
}

impl Names {
    fn at_root(root: &Yaml) -> Self {
        let whole = WHOLES.iter().any(|word| root.get(word).is_some());
        if whole { Names::Words } else { Names::Parts }
    }

    /// What the names in a value are; nothing, if the value is data.
    fn within(self, key: &str, value: &Yaml) -> Option<Self> {
        match self {
            Names::Chosen => Some(Names::Words),
            // Swagger 2.0 has data here, by media type.
            Names::Examples if key.contains('/') => None,
            Names::Examples => Some(Names::Example),
            Names::Example => None,
            Names::Words if DATA.contains(&key) => None,
            Names::Words | Names::Parts if key == "examples" => {
                value.items().is_empty().then_some(Names::Examples)
            }
            _ if NAMED.contains(&key) => Some(Names::Chosen),
            _ => Some(Names::Words),
        }
    }
}

/// The names and references of a file.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Every `$ref` to something outside of this place, with where it stands.
    pub references: Vec<(String, Range<usize>)>,
    /// Where `$anchor` and `$dynamicAnchor` name a schema; nothing if a name stands twice.
    anchors: HashMap<String, Option<Range<usize>>>,
    /// How often a `$dynamicAnchor` has that name.
    dynamic: HashMap<String, usize>,
    /// The schemas that say by `$id` or `$schema` how they are to be read, in the order of the
    /// text.
    resources: Vec<Resource>,
    /// Where the schema of an address stands.
    addresses: HashMap<String, Range<usize>>,
}

/// A schema with an address or a dialect of its own.
#[derive(Debug)]
struct Resource {
    range: Range<usize>,
    id: Option<String>,
    dialect: Option<String>,
    /// The one that it stands in.
    outer: Option<usize>,
}

impl Survey {
    pub(super) fn of(root: &Yaml) -> Self {
        let mut survey = Self::default();
        let mut open = vec![(root, Names::at_root(root))];
        while let Some((node, names)) = open.pop() {
            open.extend(node.items().iter().map(|item| (item, Names::Words)));
            for Entry { key, value, .. } in node.entries() {
                if let Some(names) = names.within(key, value) {
                    open.push((value, names));
                }
                if key.starts_with('$')
                    && let Some(text) = value.text()
                {
                    survey.note(node, key, text, &value.range);
                }
            }
        }
        // From 3.2 on, the address that references in the document are read from.
        if let Some(address) = root.get("$self").and_then(Yaml::text) {
            survey.resource(root).id = Some(address.to_owned());
        }
        survey.nest();
        survey
    }

    fn note(&mut self, node: &Yaml, key: &str, text: &str, range: &Range<usize>) {
        match key {
            "$ref" if !text.starts_with('#') => {
                self.references.push((text.to_owned(), range.clone()));
            }
            "$anchor" | "$dynamicAnchor" => {
                self.anchor(text, node);
                if key == "$dynamicAnchor" {
                    *self.dynamic.entry(text.to_owned()).or_default() += 1;
                }
            }
            // Drafts before 2019-09 name anchors so.
            "$id" if text.starts_with('#') => self.anchor(&text[1..], node),
            "$id" => self.resource(node).id = Some(text.trim_end_matches('#').to_owned()),
            "$schema" => self.resource(node).dialect = Some(text.to_owned()),
            _ => {}
        }
    }

    fn anchor(&mut self, name: &str, node: &Yaml) {
        let place = self.anchors.entry(name.to_owned());
        // An alias repeats a node at the same place.
        let known = place.or_insert_with(|| Some(node.range.clone()));
        if known.as_ref() != Some(&node.range) {
            *known = None;
        }
    }

    fn resource(&mut self, node: &Yaml) -> &mut Resource {
        let same = |resource: &Resource| resource.range == node.range;
        if !self.resources.last().is_some_and(same) {
            self.resources.push(Resource {
                range: node.range.clone(),
                id: None,
                dialect: None,
                outer: None,
            });
        }
        let last = self.resources.len() - 1;
        &mut self.resources[last]
    }

    fn nest(&mut self) {
        let order = |resource: &Resource| (resource.range.start, usize::MAX - resource.range.end);
        self.resources.sort_by_key(order);
        let mut open: Vec<usize> = Vec::new();
        for place in 0..self.resources.len() {
            let start = self.resources[place].range.start;
            while open
                .last()
                .is_some_and(|outer| self.resources[*outer].range.end <= start)
            {
                open.pop();
            }
            let resource = &mut self.resources[place];
            resource.outer = open.last().copied();
            open.push(place);
            if let Some(id) = resource.id.clone() {
                self.addresses
                    .entry(id)
                    .or_insert_with(|| resource.range.clone());
            }
        }
    }

    /// The resources around a place, innermost first.
    fn around(&self, range: &Range<usize>) -> impl Iterator<Item = &Resource> {
        let after = |resource: &Resource| resource.range.start <= range.start;
        let last = self.resources.partition_point(after).checked_sub(1);
        let each = std::iter::successors(last, |place| self.resources[*place].outer);
        let each = each.map(|place| &self.resources[place]);
        let (start, end) = (range.start, range.end);
        each.filter(move |resource| resource.range.start <= start && end <= resource.range.end)
    }

    /// The address of the schema that a place belongs to, and where that schema stands.
    pub(super) fn home(&self, range: &Range<usize>) -> Option<(&str, Range<usize>)> {
        let mut named = self.around(range);
        named.find_map(|resource| Some((resource.id.as_deref()?, resource.range.clone())))
    }

    /// What `$schema` says for a place.
    pub(super) fn dialect(&self, range: &Range<usize>) -> Option<&str> {
        self.around(range)
            .find_map(|resource| resource.dialect.as_deref())
    }

    /// Where the schema of that address stands.
    pub(super) fn named(&self, address: &str) -> Option<Range<usize>> {
        self.addresses.get(address).cloned()
    }

    /// Where an anchor is, if it is at one place only.
    pub(super) fn anchored(&self, name: &str) -> Option<Range<usize>> {
        self.anchors.get(name).cloned().flatten()
    }

    /// How often a `$dynamicAnchor` has that name.
    pub(super) fn dynamic(&self, name: &str) -> usize {
        self.dynamic.get(name).copied().unwrap_or_default()
    }
}

/// The node that stands exactly there.
pub(super) fn at<'a>(root: &'a Yaml, range: &Range<usize>) -> Option<&'a Yaml> {
    let mut node = root;
    loop {
        if node.range == *range {
            return Some(node);
        }
        let holds =
            |inner: &&Yaml| inner.range.start <= range.start && range.end <= inner.range.end;
        let values = node.entries().iter().map(|entry| &entry.value);
        node = node.items().iter().chain(values).find(holds)?;
    }
}
