//! Which schemas say the same, however they are shared: the coarsest classes in which two nodes
//! have equal keywords and children of equal classes.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::{Graph, Keywords, Notes, SchemaId, Type};
use crate::contract::number::Exact;

/// The first node of the class of every node.
pub fn classes(graph: &Graph) -> Vec<SchemaId> {
    let count = u32::try_from(graph.len()).unwrap_or(u32::MAX);
    let mut partition = Partition::new(graph, count);
    let mut changed: Vec<u32> = (0..count).collect();
    while !changed.is_empty() {
        changed = partition.refine(&changed);
    }
    let mut first = HashMap::default();
    (0..count)
        .zip(&partition.class)
        .map(|(id, class)| *first.entry(*class).or_insert(SchemaId(id)))
        .collect()
}

struct Partition {
    children: Vec<Vec<u32>>,
    parents: Vec<Vec<u32>>,
    class: Vec<u32>,
    sizes: Vec<usize>,
}

impl Partition {
    fn new(graph: &Graph, count: u32) -> Self {
        let mut parents = vec![Vec::new(); count as usize];
        let mut children = Vec::with_capacity(count as usize);
        let mut known = HashMap::default();
        let mut class = Vec::with_capacity(count as usize);
        let mut sizes = Vec::new();
        for id in 0..count {
            let keywords = graph.get(SchemaId(id));
            let below: Vec<u32> = keywords.children().iter().map(|child| child.0).collect();
            for child in &below {
                parents[*child as usize].push(id);
            }
            children.push(below);
            let next = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
            let own = *known.entry(Local::of(keywords)).or_insert(next);
            if own == next {
                sizes.push(0);
            }
            sizes[own as usize] += 1;
            class.push(own);
        }
        Self {
            children,
            parents,
            class,
            sizes,
        }
    }

    /// Splits the classes whose members have children that no longer are in one class. Gives back
    /// the nodes that moved: only who names one of them has to be looked at again.
    fn refine(&mut self, changed: &[u32]) -> Vec<u32> {
        let mut affected: Vec<u32> = changed
            .iter()
            .flat_map(|id| self.parents[*id as usize].iter().copied())
            .collect();
        affected.sort_unstable();
        affected.dedup();
        let mut groups: BTreeMap<u32, HashMap<Vec<u32>, Vec<u32>>> = BTreeMap::new();
        for id in affected {
            let below = self.children[id as usize].iter();
            let below = below.map(|child| self.class[*child as usize]).collect();
            let own = self.class[id as usize];
            let alike = groups.entry(own).or_default().entry(below);
            alike.or_default().push(id);
        }
        let mut moved = Vec::new();
        for (class, alike) in groups {
            let mut parts: Vec<Vec<u32>> = alike.into_values().collect();
            parts.sort_unstable_by_key(|part| (part.len(), part[0]));
            let looked_at: usize = parts.iter().map(Vec::len).sum();
            // The largest part stays what it is, unless others are there that were not looked at.
            if looked_at == self.sizes[class as usize] {
                parts.pop();
            }
            for part in parts {
                let next = u32::try_from(self.sizes.len()).unwrap_or(u32::MAX);
                self.sizes[class as usize] -= part.len();
                self.sizes.push(part.len());
                for id in &part {
                    self.class[*id as usize] = next;
                }
                moved.extend(part);
            }
        }
        moved
    }
}

/// What a schema says without the identity of its children.
#[derive(PartialEq, Eq, Hash)]
struct Local<'k> {
    flags: [bool; 4],
    /// Which of the keywords are there that name one schema.
    singles: [bool; 7],
    /// How many schemas those have that name a list.
    lists: [usize; 4],
    /// Whether the condition, if there is one, has a `then` and an `else`.
    condition: Option<(bool, bool)>,
    types: &'k Option<BTreeSet<Type>>,
    /// Sorted, since their order means nothing.
    values: Option<Vec<String>>,
    limits: (
        &'k BTreeMap<&'static str, Exact>,
        &'k BTreeMap<&'static str, u64>,
    ),
    pattern: &'k Option<String>,
    names: [Vec<&'k String>; 3],
    required: &'k BTreeSet<String>,
    dependent: &'k BTreeMap<String, BTreeSet<String>>,
    opaque: &'k [String],
    /// With whether they name a schema of the content.
    notes: Option<(Notes, bool)>,
}

impl<'k> Local<'k> {
    fn of(keywords: &'k Keywords) -> Self {
        let condition = keywords.condition;
        let values = keywords.values.as_ref().map(|values| {
            let mut values: Vec<String> = values.iter().map(ToString::to_string).collect();
            values.sort_unstable();
            values
        });
        Self {
            flags: [
                keywords.never,
                keywords.unique,
                keywords.read_only,
                keywords.write_only,
            ],
            singles: [
                keywords.items.is_some(),
                keywords.contains.is_some(),
                keywords.additional.is_some(),
                keywords.names.is_some(),
                keywords.not.is_some(),
                keywords.unevaluated.is_some(),
                keywords.unevaluated_items.is_some(),
            ],
            lists: [
                keywords.prefix.len(),
                keywords.all_of.len(),
                keywords.any_of.len(),
                keywords.one_of.len(),
            ],
            condition: condition.map(|(_, then, other)| (then.is_some(), other.is_some())),
            types: &keywords.types,
            values,
            limits: (&keywords.numbers, &keywords.counts),
            pattern: &keywords.pattern,
            names: [
                keywords.properties.keys().collect(),
                keywords.patterns.keys().collect(),
                keywords.dependent_schemas.keys().collect(),
            ],
            required: &keywords.required,
            dependent: &keywords.dependent,
            opaque: &keywords.opaque,
            notes: keywords.notes.as_deref().map(|notes| {
                let bare = Notes {
                    content: None,
                    ..notes.clone()
                };
                (bare, notes.content.is_some())
            }),
        }
    }
}
