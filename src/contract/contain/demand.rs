//! What one schema demands of another to contain it, keyword by keyword.

use foldhash::HashSet;

use super::simulate::{Need, View};
use super::text;
use crate::contract::schema::{Keywords, SchemaId, Type};

/// Most schemas inside of each other's `allOf` that are looked into.
const DEEPEST: usize = 8;

/// When all demands of `wide` are met by what `narrow`, the schema of that number, says.
pub(crate) fn need(view: View<'_>, narrow: SchemaId, wide: &Keywords) -> Need {
    within(view, narrow, wide, 0)
}

fn within(view: View<'_>, id: SchemaId, wide: &Keywords, depth: usize) -> Need {
    let narrow = view.get(id);
    if narrow.never {
        return Need::MET;
    }
    let sides = Sides { view, narrow, wide };
    let own = Needs::of(view, |all| sides.needs(id, all));
    let met = matches!(&own, Need::All(all) if all.is_empty());
    if depth == DEEPEST || met {
        return own;
    }
    // Each of an `allOf` may be enough by itself, and so may all branches together.
    let inner = |part: &SchemaId| within(view, *part, wide, depth + 1);
    let mut ways = vec![own];
    ways.extend(narrow.all_of.iter().map(inner));
    for branches in [&narrow.any_of, &narrow.one_of] {
        if !branches.is_empty() {
            let mut known = HashSet::default();
            let each = branches.iter().filter(|id| known.insert(view.class(**id)));
            ways.push(Need::All(each.map(inner).collect()));
        }
    }
    match ways.pop() {
        Some(own) if ways.is_empty() => own,
        last => {
            ways.extend(last);
            plainly(view, Need::Any(ways))
        }
    }
}

/// The same need without what is plain at a glance: pairs of one class, and pairs of which one
/// can't contain the other. Only what is left leads to further pairs.
fn plainly(view: View<'_>, need: Need) -> Need {
    match need {
        Need::Pair(narrow, wide) if view.class(narrow) == view.class(wide) => Need::MET,
        Need::Pair(narrow, wide) if !may_hold(view, narrow, wide) => Need::UNMET,
        Need::Pair(narrow, wide) => Need::Pair(narrow, wide),
        Need::All(needs) => Needs::of(view, |all| {
            let mut needs = needs.into_iter();
            needs.try_for_each(|need| all.add(need))
        }),
        Need::Any(ways) => {
            let mut left = Vec::new();
            for way in ways {
                match plainly(view, way) {
                    Need::All(needs) if needs.is_empty() => return Need::MET,
                    Need::Any(inner) => left.extend(inner),
                    other => left.push(other),
                }
            }
            Need::Any(left)
        }
    }
}

/// Whether containment is possible by what two schemas say themselves.
fn may_hold(view: View<'_>, narrow: SchemaId, wide: SchemaId) -> bool {
    let (narrow, wide) = (view.get(narrow), view.get(wide));
    if narrow.never || narrow.has_branches() {
        return true;
    }
    let sides = Sides { view, narrow, wide };
    !wide.never && wide.opaque.is_empty() && sides.scalars() && sides.required()
}

struct Sides<'g, 'k> {
    view: View<'g>,
    narrow: &'k Keywords,
    wide: &'k Keywords,
}

/// Needs that must all be met: what is plainly met is left out, and nothing is left if one
/// plainly is not.
struct Needs<'g> {
    view: View<'g>,
    left: Vec<Need>,
}

impl<'g> Needs<'g> {
    /// All needs that are added, as one.
    fn of(view: View<'g>, add: impl FnOnce(&mut Self) -> Option<()>) -> Need {
        let mut all = Self {
            view,
            left: Vec::new(),
        };
        add(&mut all).map_or(Need::UNMET, |()| Need::All(all.left))
    }

    fn add(&mut self, need: Need) -> Option<()> {
        match plainly(self.view, need) {
            Need::All(inner) => self.left.extend(inner),
            Need::Any(ways) if ways.is_empty() => return None,
            other => self.left.push(other),
        }
        Some(())
    }

    fn pair(&mut self, narrow: SchemaId, wide: SchemaId) -> Option<()> {
        self.add(Need::Pair(narrow, wide))
    }
}

/// Something only if a demand is met.
fn met(holds: bool) -> Option<()> {
    holds.then_some(())
}

impl Sides<'_, '_> {
    /// What is needed so that what the narrower one, the schema of that number, says itself meets
    /// all demands of the wider one.
    fn needs(&self, id: SchemaId, all: &mut Needs<'_>) -> Option<()> {
        let wide = self.wide;
        met(!wide.never && wide.opaque.is_empty())?;
        met(wide.unevaluated.is_none() && wide.unevaluated_items.is_none())?;
        met(self.scalars() && self.required())?;
        if self.has(Type::Array) {
            self.items(all)?;
        }
        if self.has(Type::Object) {
            self.properties(all)?;
            self.patterns(all)?;
            self.additional(all)?;
            self.names(all)?;
            self.dependent(all)?;
        }
        self.combined(id, all)
    }

    /// Whether instances of the narrower one can be of that type.
    fn has(&self, kind: Type) -> bool {
        let types = self.narrow.types.as_ref();
        types.is_none_or(|types| types.contains(&kind))
    }

    fn scalars(&self) -> bool {
        let (narrow, wide) = (self.narrow, self.wide);
        let types = wide.types.as_ref().is_none_or(|wide| {
            narrow.types.as_ref().is_some_and(|narrow| {
                narrow.iter().all(|kind| {
                    let number = *kind == Type::Integer && wide.contains(&Type::Number);
                    wide.contains(kind) || number
                })
            })
        });
        let values = wide.values.as_ref().is_none_or(|wide| {
            let narrow = narrow.values.as_ref();
            narrow.is_some_and(|narrow| narrow.iter().all(|value| wide.contains(value)))
        });
        let whole = self.has(Type::Number) || self.has(Type::Integer);
        let numbers = !whole || wide.numbers.iter().all(|(name, _)| self.number(name));
        let counts = wide.counts.keys().all(|name| self.count(name));
        let pattern = wide.pattern.is_none() || wide.pattern == narrow.pattern;
        let pattern = pattern || !self.has(Type::String);
        let unique = !wide.unique || narrow.unique || !self.has(Type::Array);
        types && values && numbers && counts && pattern && unique
    }

    fn number(&self, name: &str) -> bool {
        let (Some(wide), Some(narrow)) =
            (self.wide.numbers.get(name), self.narrow.numbers.get(name))
        else {
            return false;
        };
        let order = narrow.compare(*wide);
        match name {
            "multipleOf" => narrow.is_multiple_of(*wide) == Some(true),
            "minimum" | "exclusiveMinimum" => order.is_some_and(std::cmp::Ordering::is_ge),
            _ => order.is_some_and(std::cmp::Ordering::is_le),
        }
    }

    fn count(&self, name: &str) -> bool {
        let kind = match name {
            "minLength" | "maxLength" => Type::String,
            "minProperties" | "maxProperties" => Type::Object,
            _ => Type::Array,
        };
        // With `contains`, what is counted is compared as well.
        if !self.has(kind) || (name.ends_with("Contains") && self.wide.contains.is_none()) {
            return true;
        }
        let wide = self.wide.counts.get(name);
        if name == "minContains" && wide == Some(&0) {
            return true;
        }
        let (Some(wide), Some(narrow)) = (wide, self.narrow.counts.get(name)) else {
            return false;
        };
        if name.starts_with("min") {
            narrow >= wide
        } else {
            narrow <= wide
        }
    }

    fn items(&self, all: &mut Needs<'_>) -> Option<()> {
        let (narrow, wide) = (self.narrow, self.wide);
        let any = self.view.graph.anything();
        for place in 0..wide.prefix.len().max(narrow.prefix.len()) {
            let of = |side: &Keywords| side.prefix.get(place).copied().or(side.items);
            if let Some(wide) = of(wide) {
                all.pair(of(narrow).unwrap_or(any), wide)?;
            }
        }
        if let Some(wide) = wide.items {
            all.pair(narrow.items.unwrap_or(any), wide)?;
        }
        if let Some(wide) = wide.contains {
            // At most so many that fit: it would have to be the same that is counted.
            let counted = self.wide.counts.contains_key("maxContains");
            let any_count = !counted && self.wide.counts.get("minContains") == Some(&0);
            match narrow.contains {
                _ if any_count => {}
                Some(narrow) if !counted => all.pair(narrow, wide)?,
                Some(narrow) => met(self.view.class(narrow) == self.view.class(wide))?,
                None => return None,
            }
        }
        Some(())
    }

    fn properties(&self, all: &mut Needs<'_>) -> Option<()> {
        let (narrow, graph) = (self.narrow, self.view.graph);
        let goes = |id: SchemaId| graph.goes(id, self.view.direction);
        let rest = narrow.additional.filter(|_| narrow.patterns.is_empty());
        let rest = rest.unwrap_or(graph.anything());
        for (_, own, schema) in narrow.beside(self.wide) {
            if goes(schema) && own.is_none_or(goes) {
                all.pair(own.unwrap_or(rest), schema)?;
            }
        }
        Some(())
    }

    fn required(&self) -> bool {
        let graph = self.view.graph;
        let direction = self.view.direction;
        let mut names = graph.required(self.wide, direction);
        let own = |name: &String| {
            self.narrow.required.contains(name) && !graph.is_unsent(self.narrow, name, direction)
        };
        !self.has(Type::Object) || names.all(own)
    }

    fn patterns(&self, all: &mut Needs<'_>) -> Option<()> {
        let (narrow, wide) = (self.narrow, self.wide);
        let closed = narrow.additional == Some(self.view.graph.nothing());
        for (pattern, schema) in &wide.patterns {
            if let Some(own) = narrow.patterns.get(pattern) {
                all.pair(*own, *schema)?;
                continue;
            }
            met(closed && narrow.patterns.is_empty())?;
            for (name, own) in &narrow.properties {
                if text::matches(pattern, name)? {
                    all.pair(*own, *schema)?;
                }
            }
        }
        Some(())
    }

    /// What the narrower one allows under names that the wider one does not know.
    fn additional(&self, all: &mut Needs<'_>) -> Option<()> {
        let (narrow, wide) = (self.narrow, self.wide);
        let Some(rest) = wide.additional else {
            return Some(());
        };
        let (graph, direction) = (self.view.graph, self.view.direction);
        all.pair(narrow.additional.unwrap_or(graph.anything()), rest)?;
        for (name, own) in &narrow.properties {
            if graph.goes(*own, direction) && !wide.properties.contains_key(name) {
                let mut patterns = wide.patterns.keys();
                if !patterns.any(|pattern| text::matches(pattern, name) == Some(true)) {
                    all.pair(*own, rest)?;
                }
            }
        }
        for (pattern, own) in &narrow.patterns {
            if !wide.patterns.contains_key(pattern) {
                all.pair(*own, rest)?;
            }
        }
        Some(())
    }

    fn names(&self, all: &mut Needs<'_>) -> Option<()> {
        match (self.narrow.names, self.wide.names) {
            (_, None) => Some(()),
            (Some(narrow), Some(wide)) => all.pair(narrow, wide),
            (None, Some(_)) => None,
        }
    }

    fn dependent(&self, all: &mut Needs<'_>) -> Option<()> {
        let (narrow, wide) = (self.narrow, self.wide);
        let empty = std::collections::BTreeSet::new();
        let names = wide.dependent.iter().all(|(name, needed)| {
            let known = narrow.dependent.get(name).unwrap_or(&empty);
            let mut needed = needed.iter();
            needed.all(|other| known.contains(other) || narrow.required.contains(other))
        });
        met(names)?;
        for (name, schema) in &wide.dependent_schemas {
            all.pair(*narrow.dependent_schemas.get(name)?, *schema)?;
        }
        Some(())
    }

    /// What the wider one demands of the instance as a whole.
    fn combined(&self, id: SchemaId, all: &mut Needs<'_>) -> Option<()> {
        let (narrow, wide) = (self.narrow, self.wide);
        for part in &wide.all_of {
            let own = narrow.all_of.iter();
            let own = own.map(|own| Need::Pair(*own, *part));
            all.add(Need::Any(
                std::iter::once(Need::Pair(id, *part)).chain(own).collect(),
            ))?;
        }
        if !wide.any_of.is_empty() {
            all.add(self.one_branch(id, &wide.any_of))?;
        }
        if !wide.one_of.is_empty() {
            all.add(self.exactly_one(id))?;
        }
        if let Some(not) = wide.not {
            all.pair(not, narrow.not?)?;
        }
        if let Some((test, then, otherwise)) = wide.condition {
            let any = self.view.graph.anything();
            let (own, own_then, own_otherwise) = narrow.condition?;
            met(self.view.class(own) == self.view.class(test))?;
            for (own, wide) in [(own_then, then), (own_otherwise, otherwise)] {
                all.pair(own.unwrap_or(any), wide.unwrap_or(any))?;
            }
        }
        Some(())
    }

    /// Each branch of the narrower one, or itself if it has none, is in one of these.
    fn one_branch(&self, id: SchemaId, wide: &[SchemaId]) -> Need {
        let within = |narrow: SchemaId| {
            let each = wide.iter().map(|wide| Need::Pair(narrow, *wide));
            Need::Any(each.collect())
        };
        let mut ways = vec![within(id)];
        for own in [&self.narrow.any_of, &self.narrow.one_of] {
            if !own.is_empty() {
                ways.push(Need::All(own.iter().map(|own| within(*own)).collect()));
            }
        }
        Need::Any(ways)
    }

    /// No instance is in two branches if none is in two of the wider ones, or if the branches are
    /// the same.
    fn exactly_one(&self, id: SchemaId) -> Need {
        let (own, wide) = (&self.narrow.one_of, &self.wide.one_of);
        let apart = wide.iter().enumerate().all(|(place, one)| {
            let mut later = wide[place + 1..].iter();
            later.all(|other| disjoint(self.view, *one, *other, 0))
        });
        if apart {
            return self.one_branch(id, wide);
        }
        if own.len() != wide.len() {
            return Need::UNMET;
        }
        let pairs = own.iter().zip(wide);
        let both = pairs.flat_map(|(own, wide)| [Need::Pair(*own, *wide), Need::Pair(*wide, *own)]);
        Need::All(both.collect())
    }
}

/// Whether it is plain that no instance is of both.
pub(crate) fn disjoint(view: View<'_>, one: SchemaId, other: SchemaId, depth: usize) -> bool {
    let (a, b) = (view.get(one), view.get(other));
    if a.never || b.never {
        return true;
    }
    if let (Some(a), Some(b)) = (&a.values, &b.values)
        && !a.iter().any(|value| b.contains(value))
    {
        return true;
    }
    let number = |kind: &Type| match kind {
        Type::Integer => Type::Number,
        kind => *kind,
    };
    let (Some(types), Some(others)) = (&a.types, &b.types) else {
        return false;
    };
    let shared = types.iter().map(number).filter(|kind| {
        let mut others = others.iter().map(number);
        others.any(|other| other == *kind)
    });
    let shared: Vec<Type> = shared.collect();
    if shared.is_empty() {
        return true;
    }
    let named = |name: &String| {
        let both = (a.properties.get(name), b.properties.get(name));
        let (Some(one), Some(other)) = both else {
            return false;
        };
        let sent = !view.graph.is_unsent(a, name, view.direction)
            && !view.graph.is_unsent(b, name, view.direction);
        sent && depth < 2 && disjoint(view, *one, *other, depth + 1)
    };
    let both = a.required.intersection(&b.required);
    shared == [Type::Object] && both.into_iter().any(named)
}
