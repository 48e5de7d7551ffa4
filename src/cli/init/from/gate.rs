//! The fields of a gate: each is taken once, and what is left is reported.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// A gate while it is read.
pub(super) struct Gate<'j> {
    /// Its name in the configuration.
    pub(super) name: &'j str,
    fields: &'j Map<String, Value>,
    taken: BTreeSet<&'j str>,
    problems: Vec<String>,
}

impl<'j> Gate<'j> {
    /// A gate of which nothing was read yet.
    pub(super) fn new(name: &'j str, fields: &'j Map<String, Value>) -> Self {
        Self {
            name,
            fields,
            taken: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// A field, if it is there and `read` knows what to do with it.
    pub(super) fn take<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&'j Value) -> Option<T>,
    ) -> Option<T> {
        let (key, value) = self.fields.get_key_value(key)?;
        self.taken.insert(key);
        let read = read(value);
        if read.is_none() {
            self.problems
                .push(format!("`{}.{key}` is not {expected}", self.name));
        }
        read
    }

    /// A field that is true or false.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.take(key, "true or false", Value::as_bool)
    }

    /// A field with text.
    pub(super) fn text(&mut self, key: &'static str) -> Option<&'j str> {
        self.take(key, "text", Value::as_str)
    }

    /// Whether the gate is on; `default` is what counts if it does not say so.
    pub(super) fn is_enabled(&mut self, default: bool) -> bool {
        self.flag("enabled").unwrap_or(default)
    }

    /// Reports a mistake in the gate.
    pub(super) fn problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    /// Says that the other fields need no word of their own.
    pub(super) fn take_rest(&mut self) {
        self.taken.extend(self.fields.keys().map(String::as_str));
    }

    /// Reports what was not taken, and every mistake.
    pub(super) fn finish(self, notes: &mut Vec<String>, problems: &mut Vec<String>) {
        for key in self
            .fields
            .keys()
            .filter(|key| !self.taken.contains(key.as_str()))
        {
            notes.push(format!("`{}.{key}` is not known", self.name));
        }
        problems.extend(self.problems);
    }
}
