//! Where the places of a finding are looked for: in the finding, then in what encloses it.

use serde_json::Value;

use super::place::{Place, Step, text};

/// A value that was descended into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level<'v> {
    value: &'v Value,
    /// Its name, if it was reached by `*`.
    key: Option<&'v str>,
    /// The level around it.
    outer: Option<usize>,
}

/// All items that a place leads to, with the levels on the way.
pub(super) struct Descent<'v> {
    levels: Vec<Level<'v>>,
    items: Vec<usize>,
    /// For each step, whether a value was there that it could go into.
    pub(super) opened: Vec<bool>,
    /// For each step that spreads, whether a value was there that it could not go into.
    pub(super) wrong: Vec<bool>,
}

impl<'v> Descent<'v> {
    /// Goes down from a document.
    pub(super) fn new(place: &Place, root: &'v Value) -> Self {
        let count = place.steps.len();
        let top = Level {
            value: root,
            key: None,
            outer: None,
        };
        let mut descent = Self {
            levels: vec![top],
            items: Vec::new(),
            opened: vec![false; count],
            wrong: vec![false; count],
        };
        let mut front = vec![(0, root)];
        for (index, step) in place.steps.iter().enumerate() {
            front = descent.advance(index, step, front);
        }
        let ends_in_the_middle = place.steps.last().is_some_and(|step| !step.spreads());
        descent.items = front
            .into_iter()
            .map(|(level, value)| {
                if ends_in_the_middle {
                    descent.push(value, None, level)
                } else {
                    level
                }
            })
            .collect();
        descent
    }

    fn advance(
        &mut self,
        index: usize,
        step: &Step,
        front: Vec<(usize, &'v Value)>,
    ) -> Vec<(usize, &'v Value)> {
        let mut next = Vec::new();
        for (level, value) in front {
            let fits = step.fits(value);
            self.opened[index] |= fits;
            self.wrong[index] |= step.spreads() && !fits && !value.is_null();
            for (key, inner) in step.all(value) {
                let level = if step.spreads() {
                    self.push(inner, key, level)
                } else {
                    level
                };
                next.push((level, inner));
            }
        }
        next
    }

    fn push(&mut self, value: &'v Value, key: Option<&'v str>, outer: usize) -> usize {
        self.levels.push(Level {
            value,
            key,
            outer: Some(outer),
        });
        self.levels.len() - 1
    }

    /// The items, in the order of the document.
    pub(super) fn scopes(&self) -> impl Iterator<Item = Scope<'_, 'v>> {
        self.items.iter().map(|&innermost| Scope {
            levels: &self.levels,
            innermost,
        })
    }
}

/// An item and what encloses it.
#[derive(Clone, Copy)]
pub(super) struct Scope<'l, 'v> {
    levels: &'l [Level<'v>],
    innermost: usize,
}

impl<'v> Scope<'_, 'v> {
    fn outwards(&self) -> impl Iterator<Item = &Level<'v>> {
        let first = self.levels.get(self.innermost);
        std::iter::successors(first, |level| self.levels.get(level.outer?))
    }

    /// The name of the innermost entry that was reached by `*`.
    pub(super) fn key(&self) -> Option<&'v str> {
        self.outwards().find_map(|level| level.key)
    }

    /// What `read` makes of the values at the place, in the innermost level where it makes anything.
    pub(super) fn find<T>(&self, place: &Place, read: impl Fn(&'v Value) -> Option<T>) -> Vec<T> {
        let read = &read;
        self.outwards()
            .map(|level| -> Vec<T> {
                place
                    .select(level.value)
                    .into_iter()
                    .filter_map(read)
                    .collect()
            })
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// The first text at the place.
    pub(super) fn text(&self, place: &Place) -> Option<String> {
        self.find(place, text).into_iter().next()
    }
}
