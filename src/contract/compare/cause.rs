//! Why a pair breaks: which demands are not met, with an instance that shows it.

use serde_json::Value;

use super::walk::{Edge, Guard, Pair};
use crate::contract::contain::{Engine, Verdict};
use crate::contract::schema::{Direction, Graph, SchemaId};

/// A demand that is not met.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    pub keyword: &'static str,
    pub property: Option<String>,
    pub verdict: Verdict,
}

/// What came of a pair.
#[derive(Default)]
pub(super) struct Judged {
    pub causes: Vec<Cause>,
    /// The edges that breaks are told of along.
    pub alive: Vec<bool>,
}

/// Asks about every pair that a root leads to.
pub(super) fn judge(
    engine: &mut Engine<'_>,
    graph: &Graph,
    (direction, pairs): (Direction, &[Pair]),
    demands: &[Vec<SchemaId>],
    roots: &[usize],
) -> Vec<Judged> {
    let mut judged: Vec<Option<Judged>> = pairs.iter().map(|_| None).collect();
    let mut open: std::collections::VecDeque<usize> = roots.iter().copied().collect();
    while let Some(place) = open.pop_front() {
        if judged[place].is_some() {
            continue;
        }
        let pair = &pairs[place];
        let own = one(engine, graph, (direction, pair), &demands[place]);
        for (edge, alive) in pair.edges.iter().zip(&own.alive) {
            if *alive {
                open.push_back(edge.to);
            }
        }
        judged[place] = Some(own);
    }
    let mut judged: Vec<Judged> = judged.into_iter().map(Option::unwrap_or_default).collect();
    leave_to_branches(pairs, &mut judged, &certain(pairs, roots));
    judged
}

fn one(
    engine: &mut Engine<'_>,
    graph: &Graph,
    (direction, pair): (Direction, &Pair),
    demands: &[SchemaId],
) -> Judged {
    let narrow = pair.narrow(direction);
    let keywords = graph.get(narrow);
    let mut causes = Vec::new();
    for (part, id) in pair.unmet.iter().zip(demands) {
        let verdict = engine.contained(narrow, *id);
        if verdict == Verdict::Contained {
            continue;
        }
        let declared = part.property.as_ref();
        let declared = declared.is_none_or(|name| keywords.properties.contains_key(name));
        let open = keywords.additional.is_none() && !keywords.has_branches();
        let keyword = match part.keyword {
            "properties" if !declared && open => "undeclared",
            keyword => keyword,
        };
        causes.push(Cause {
            keyword,
            property: part.property.clone(),
            verdict,
        });
    }
    let alive = pair.edges.iter().map(|edge| match edge.guard {
        Guard::Certain => true,
        Guard::Holds => false,
        Guard::Asked(inner, part) => {
            matches!(engine.contained(inner, demands[part]), Verdict::Broken(_))
        }
    });
    let alive = alive.collect();
    Judged { causes, alive }
}

/// The pairs whose breaks are told of for sure: what leads to them is limited by nothing else.
fn certain(pairs: &[Pair], roots: &[usize]) -> Vec<bool> {
    let mut reached = vec![false; pairs.len()];
    let mut open = roots.to_vec();
    while let Some(place) = open.pop() {
        if !reached[place] {
            reached[place] = true;
            let edges = pairs[place].edges.iter();
            let edges = edges.filter(|edge| edge.guard == Guard::Certain);
            open.extend(edges.map(|edge| edge.to));
        }
    }
    reached
}

/// A cause in a branch that is told of elsewhere is not told of for the whole as well.
fn leave_to_branches(pairs: &[Pair], judged: &mut [Judged], certain: &[bool]) {
    let mut parents: Vec<Vec<usize>> = pairs.iter().map(|_| Vec::new()).collect();
    for (place, pair) in pairs.iter().enumerate() {
        for (edge, alive) in pair.edges.iter().zip(&judged[place].alive) {
            if *alive {
                parents[edge.to].push(place);
            }
        }
    }
    // A part is pending if there is a way on from it.
    let pending: Vec<Vec<usize>> = pairs
        .iter()
        .zip(judged.iter())
        .map(|(pair, judged)| {
            let alive = pair.edges.iter().zip(&judged.alive);
            let asked = alive.filter_map(|(edge, alive)| match edge.guard {
                Guard::Asked(_, part) if *alive => Some(part),
                _ => None,
            });
            asked.collect()
        })
        .collect();
    let told = |pair: &Pair, part: usize, cause: &Cause| {
        let part = &pair.unmet[part];
        let keyword = cause.keyword == "undeclared" && part.keyword == "properties";
        (keyword || part.keyword == cause.keyword) && part.property == cause.property
    };
    let mut yields = vec![false; pairs.len()];
    let mut open = Vec::new();
    for (place, pair) in pairs.iter().enumerate() {
        let mut causes = judged[place].causes.iter();
        if causes.any(|cause| !pending[place].iter().any(|part| told(pair, *part, cause))) {
            open.push(place);
        }
    }
    spread(&mut yields, open, &parents);
    for (place, pair) in pairs.iter().enumerate().rev() {
        for part in &pending[place] {
            let of_part = |edge: &Edge| matches!(edge.guard, Guard::Asked(_, own) if own == *part);
            let mut edges = pair.edges.iter().zip(&judged[place].alive);
            let inside = edges.any(|(edge, alive)| {
                of_part(edge) && *alive && yields[edge.to] && certain[edge.to]
            });
            let own = &mut judged[place];
            if inside {
                own.causes.retain(|cause| !told(pair, *part, cause));
            } else {
                for (edge, alive) in pair.edges.iter().zip(&mut own.alive) {
                    *alive &= !of_part(edge);
                }
                spread(&mut yields, vec![place], &parents);
            }
        }
    }
}

fn spread(yields: &mut [bool], mut open: Vec<usize>, parents: &[Vec<usize>]) {
    while let Some(place) = open.pop() {
        if !yields[place] {
            yields[place] = true;
            open.extend(&parents[place]);
        }
    }
}

/// The part of an instance that a property is.
pub(super) fn at_property(witness: &Value, property: Option<&str>) -> Value {
    let inner = property.and_then(|name| witness.get(name));
    inner.unwrap_or(witness).clone()
}
