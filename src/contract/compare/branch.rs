//! Which branch of one schema became which of another.

use crate::contract::contain::{Simulation, View, disjoint};
use crate::contract::schema::{Keywords, SchemaId};

/// A branch of the narrower schema.
pub(super) struct Branch {
    pub narrow: SchemaId,
    /// What it became.
    pub wide: Option<SchemaId>,
    /// Whether it is contained in one of the branches.
    pub holds: bool,
    /// Whether it is apart from all branches but the one that it became, so that what breaks it
    /// breaks the whole.
    pub certain: bool,
    /// Whether nothing beside the branches limits it.
    pub alone: bool,
}

/// The branches of the narrower schema; itself, if it has none.
pub(super) fn matched(
    view: View<'_>,
    simulation: &mut Simulation,
    narrow: SchemaId,
    wide: &[SchemaId],
    exclusive: bool,
) -> Vec<Branch> {
    let keywords = view.get(narrow);
    let own = match (keywords.any_of.as_slice(), keywords.one_of.as_slice()) {
        ([], []) => vec![narrow],
        ([], branches) | (branches, []) => branches.to_vec(),
        _ => return Vec::new(),
    };
    let alone = alone(view, keywords) && own != [narrow];
    let mut all: Vec<Branch> = Vec::new();
    for branch in &own {
        let fits = wide.iter().copied();
        let mut fits = fits.filter(|wide| simulation.holds(view, *branch, *wide));
        let (others, wide) = (wide, fits.next());
        all.push(Branch {
            narrow: *branch,
            wide,
            holds: wide.is_some(),
            // One that fits must not fit another as well, where only one may.
            certain: !exclusive || apart(view, *branch, wide, others),
            alone,
        });
    }
    let same = own.len() == wide.len();
    for place in 0..all.len() {
        if all[place].holds {
            continue;
        }
        let taken: Vec<SchemaId> = all.iter().filter_map(|branch| branch.wide).collect();
        let free = |id: &SchemaId| !taken.contains(id);
        let here = wide.get(place).copied().filter(|id| same && free(id));
        let branch = own[place];
        let score = |id: SchemaId| alike(view.get(branch), view.get(id));
        let like = || {
            let free = wide.iter().copied().filter(|id| free(id));
            let scores = free.map(|id| (score(id), id));
            let scores = scores.filter(|(score, _)| *score > 0);
            scores.max_by_key(|(score, _)| *score).map(|(_, id)| id)
        };
        let partner = here.filter(|id| score(*id) > 0).or_else(like);
        let apart = apart(view, branch, partner, wide);
        let mut siblings = own.iter().enumerate().filter(|(other, _)| *other != place);
        let single = keywords.one_of.is_empty()
            || siblings.all(|(_, other)| disjoint(view, branch, *other, 0));
        all[place].wide = partner;
        all[place].certain = alone && apart && single && partner.is_some();
    }
    all
}

/// Whether a branch is apart from all but the one that it became.
fn apart(view: View<'_>, branch: SchemaId, partner: Option<SchemaId>, wide: &[SchemaId]) -> bool {
    let mut others = wide.iter().filter(|id| Some(**id) != partner);
    others.all(|id| disjoint(view, branch, *id, 0))
}

/// Whether a schema says nothing beside its branches.
fn alone(view: View<'_>, keywords: &Keywords) -> bool {
    let branches = keywords.any_of.iter().chain(&keywords.one_of);
    // A type that every branch has as well says nothing new.
    let types = keywords.types.as_ref().is_none_or(|types| {
        let mut own = branches.map(|branch| view.get(*branch).types.as_ref());
        own.all(|own| own.is_some_and(|own| own.is_subset(types)))
    });
    let bare = Keywords {
        types: keywords.types.clone(),
        any_of: keywords.any_of.clone(),
        one_of: keywords.one_of.clone(),
        notes: keywords.notes.clone(),
        read_only: keywords.read_only,
        write_only: keywords.write_only,
        ..Keywords::default()
    };
    types && *keywords == bare
}

/// How much two schemas have in common.
fn alike(one: &Keywords, other: &Keywords) -> usize {
    let types = match (&one.types, &other.types) {
        (Some(one), Some(other)) if one.is_disjoint(other) => return 0,
        (Some(one), Some(other)) if one == other => 1,
        _ => 0,
    };
    let shared = one.beside(other).filter(|(_, own, _)| own.is_some());
    let values = one.values.is_some() && one.values == other.values;
    types + shared.count() + usize::from(values)
}
