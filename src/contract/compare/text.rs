//! Values that are carried as plain text: whoever reads `5` can't tell whether a number was sent
//! or a text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::kinds::kinds;
use crate::contract::schema::{Direction, Graph, Keywords, SchemaId, Type, accepts};

/// How whole numbers are written.
const WHOLE: &str = "^(0|-?[1-9][0-9]*)$";

/// How other numbers are written, and perhaps some more.
const NUMBER: &str = "^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$";

/// Types that are no texts, and yet written as some.
const WRITTEN: [Type; 3] = [Type::Boolean, Type::Integer, Type::Number];

/// Makes schemas of what is carried as text in one direction.
pub(super) struct Carrier<'g> {
    pub graph: &'g mut Graph,
    pub direction: Direction,
}

impl Carrier<'_> {
    /// What is sent, as it looks to who reads it by the other schema.
    pub(super) fn value(&mut self, sent: SchemaId, read: SchemaId) -> SchemaId {
        let (from, to) = (kinds(self.graph, sent), kinds(self.graph, read));
        if from == BTreeSet::from([Type::Array]) {
            return self.list(sent, read);
        }
        let compound = from.contains(&Type::Array) || from.contains(&Type::Object);
        if compound || from.is_subset(&to) {
            return sent;
        }
        if let Some(values) = self.graph.get(sent).values.clone() {
            let values = self.sent(sent, values).into_iter();
            let values: Vec<Value> = values.map(|value| as_read(value, &to)).collect();
            let types = values.iter().map(Type::narrowest).collect();
            return self.like(sent, listed(types, values));
        }
        let mut branches: Vec<Keywords> = Vec::new();
        let mut other = false;
        for kind in from.iter().copied() {
            if kind == Type::Integer && from.contains(&Type::Number) {
                continue;
            }
            let text = self.text(sent, kind, &to);
            other |= text.is_some();
            branches.push(text.unwrap_or_else(|| Keywords {
                types: Some([kind].into()),
                all_of: vec![sent],
                ..Keywords::default()
            }));
        }
        if other {
            self.any(sent, branches)
        } else {
            sent
        }
    }

    /// The same for a form: each value in it is a text.
    pub(super) fn form(&mut self, sent: SchemaId, read: SchemaId) -> SchemaId {
        let own = self.graph.get(sent);
        let plain = Keywords {
            properties: own.properties.clone(),
            required: own.required.clone(),
            additional: own.additional,
            dependent: own.dependent.clone(),
            ..bare(own)
        };
        if *own != plain {
            return sent;
        }
        let expected = self.graph.get(read).properties.clone();
        let mut properties = BTreeMap::new();
        for (name, value) in &plain.properties {
            let carried = expected.get(name).map(|read| self.value(*value, *read));
            properties.insert(name.clone(), carried.unwrap_or(*value));
        }
        if properties == plain.properties {
            return sent;
        }
        self.like(
            sent,
            Keywords {
                properties,
                ..plain
            },
        )
    }

    /// What is sent without what leaves nothing in a path: no segment of it is empty.
    pub(super) fn segment(&mut self, sent: SchemaId, read: SchemaId) -> SchemaId {
        let empty = [json!(""), json!([]), json!({})];
        let says =
            |id, sends, value: &Value| accepts(self.graph, id, (self.direction, sends), value);
        let breaks = |value: &&Value| {
            says(sent, true, value) != Some(false) && says(read, false, value) != Some(true)
        };
        let empty: Vec<Value> = empty.iter().filter(breaks).cloned().collect();
        if empty.is_empty() {
            return sent;
        }
        let types = empty.iter().map(Type::narrowest).collect();
        let span = self.graph.span(sent);
        let not = Some(self.graph.add(listed(types, empty), span));
        let all_of = vec![sent];
        self.like(
            sent,
            Keywords {
                all_of,
                not,
                ..Keywords::default()
            },
        )
    }

    /// A list that what is sent is the only item of.
    pub(super) fn only_item(&mut self, sent: SchemaId, list: SchemaId) -> SchemaId {
        let expected = self.graph.get(list).items;
        let items = Some(expected.map_or(sent, |expected| self.value(sent, expected)));
        let one = Keywords {
            types: Some([Type::Array].into()),
            items,
            counts: [("minItems", 1), ("maxItems", 1)].into(),
            ..Keywords::default()
        };
        self.graph.add(one, self.graph.span(sent))
    }

    fn list(&mut self, sent: SchemaId, read: SchemaId) -> SchemaId {
        let own = self.graph.get(sent);
        let plain = Keywords {
            items: own.items,
            unique: own.unique,
            ..bare(own)
        };
        let (Some(item), Some(expected), true) =
            (own.items, self.graph.get(read).items, *own == plain)
        else {
            return sent;
        };
        let items = Some(self.value(item, expected));
        if items == plain.items {
            return sent;
        }
        self.like(sent, Keywords { items, ..plain })
    }

    /// Those of the values that are sent.
    fn sent(&self, id: SchemaId, mut values: Vec<Value>) -> Vec<Value> {
        let sends = (self.direction, true);
        values.retain(|value| accepts(self.graph, id, sends, value) != Some(false));
        values
    }

    /// What values of a type are to who reads other types only; nothing, if that is nothing else.
    fn text(&self, sent: SchemaId, kind: Type, to: &BTreeSet<Type>) -> Option<Keywords> {
        let read_as_text = to.contains(&Type::String);
        let pattern = |pattern: &str, limits: Option<&str>| Keywords {
            types: Some([Type::String].into()),
            pattern: Some(pattern.to_owned()),
            opaque: limits.map(str::to_owned).into_iter().collect(),
            ..Keywords::default()
        };
        let own = self.graph.get(sent);
        let limited = *own != bare(own);
        let format = own
            .notes
            .as_ref()
            .is_some_and(|notes| notes.format.is_some());
        match kind {
            Type::String
                if !read_as_text && limited && WRITTEN.iter().any(|it| to.contains(it)) =>
            {
                Some(Keywords {
                    types: Some([Type::String].into()),
                    all_of: vec![sent],
                    opaque: vec!["a text that may be a number".to_owned()],
                    ..Keywords::default()
                })
            }
            _ if !read_as_text || to.contains(&kind) => None,
            Type::Boolean => {
                let values = self.sent(sent, vec![json!(true), json!(false)]).into_iter();
                let texts = values.map(|value| as_read(value, to)).collect();
                Some(listed([Type::String].into(), texts))
            }
            Type::Integer => {
                let limits = (limited || format).then_some("limits of a number in a text");
                Some(pattern(WHOLE, limits))
            }
            Type::Number => Some(pattern(NUMBER, Some("the text of a number"))),
            _ => None,
        }
    }

    fn any(&mut self, sent: SchemaId, branches: Vec<Keywords>) -> SchemaId {
        if let [only] = branches.as_slice() {
            return self.like(sent, only.clone());
        }
        let span = self.graph.span(sent);
        let types = branches.iter().filter_map(|branch| branch.types.clone());
        let types = Some(types.flatten().collect());
        let each = branches.into_iter();
        let any_of = each.map(|branch| self.graph.add(branch, span)).collect();
        let any = Keywords {
            types,
            any_of,
            ..Keywords::default()
        };
        self.like(sent, any)
    }

    /// A schema in the place of another, with all that does not limit its values or can't be judged.
    fn like(&mut self, id: SchemaId, keywords: Keywords) -> SchemaId {
        let (own, span) = (self.graph.get(id), self.graph.span(id));
        let mut opaque = keywords.opaque;
        opaque.extend(own.opaque.iter().cloned());
        let keywords = Keywords {
            opaque,
            notes: own.notes.clone(),
            read_only: own.read_only,
            write_only: own.write_only,
            ..keywords
        };
        self.graph.add(keywords, span)
    }
}

/// A value as who reads these types takes its text.
fn as_read(value: Value, to: &BTreeSet<Type>) -> Value {
    if to.contains(&Type::narrowest(&value)) {
        return value;
    }
    let other = match &value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        value => json!(value.to_string()),
    };
    let null = other.is_null();
    if !null && to.contains(&Type::narrowest(&other)) {
        other
    } else {
        value
    }
}

fn listed(types: BTreeSet<Type>, values: Vec<Value>) -> Keywords {
    Keywords {
        types: Some(types),
        values: Some(values),
        ..Keywords::default()
    }
}

/// Of which type values are and how long, with all that does not limit them.
fn bare(own: &Keywords) -> Keywords {
    Keywords {
        types: own.types.clone(),
        counts: own.counts.clone(),
        notes: own.notes.clone(),
        read_only: own.read_only,
        write_only: own.write_only,
        ..Keywords::default()
    }
}
