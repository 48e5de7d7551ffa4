//! A number between bounds, in steps.

use std::cmp::Ordering;

use serde_json::Value;

use super::Outcome;
use super::clause::Clause;
use super::search::allowed;
use crate::contract::number::Exact;

/// How many numbers are tried.
const TRIES: i128 = 200;

const TOO_LARGE: &str = "the numbers have too many digits";

pub(super) fn solve(clause: &Clause) -> Outcome {
    try_solve(clause).unwrap_or(Outcome::Unknown(TOO_LARGE, None))
}

fn try_solve(clause: &Clause) -> Option<Outcome> {
    if let Some(values) = &clause.allowed {
        for value in values {
            let Value::Number(number) = value else {
                continue;
            };
            if fits(clause, Exact::of(number)?)? && allowed(clause, value) {
                return Some(Outcome::Found(value.clone()));
            }
        }
        return Some(Outcome::Empty);
    }
    let low = tightest(&clause.above, Ordering::Greater)?;
    let high = tightest(&clause.below, Ordering::Less)?;
    if let (Some((low, a)), Some((high, b))) = (low, high) {
        match low.compare(high)? {
            Ordering::Greater => return Some(Outcome::Empty),
            Ordering::Equal if a || b => return Some(Outcome::Empty),
            _ => {}
        }
    }
    let mut steps = clause.steps.iter().copied();
    let step = match steps.next() {
        Some(first) => Some(steps.try_fold(first, Exact::common_multiple)?),
        None => None,
    };
    let low = low.map(|(low, _)| low);
    let high = high.map(|(high, _)| high);
    match step {
        Some(step) => stepped(clause, step, low, high),
        None => dense(clause, low, high),
    }
}

/// Multiples of `step`, from the end that there is.
fn stepped(
    clause: &Clause,
    step: Exact,
    low: Option<Exact>,
    high: Option<Exact>,
) -> Option<Outcome> {
    for divisor in &clause.no_steps {
        if step.is_multiple_of(*divisor)? {
            return Some(Outcome::Empty);
        }
    }
    let tries = TRIES + i128::try_from(clause.excluded.len()).ok()?;
    let first = low.map_or(Some(-1), |low| low.steps(step))?;
    let last = high
        .map(|high| high.steps(step))
        .map_or(Some(None), |h| h.map(Some))?;
    let (start, direction) = match (low, last) {
        (None, Some(last)) => (last, -1),
        _ => (first, 1),
    };
    for count in 0..tries {
        let place = start.checked_add(direction * count)?;
        if last.is_some_and(|last| place > last) {
            return Some(Outcome::Empty);
        }
        if let Some(found) = tried(clause, step.times(Exact::whole(place))?)? {
            return Some(found);
        }
    }
    Some(Outcome::Unknown("no number was found in time", None))
}

/// Any numbers between the bounds: tenths of the way, and tenths of those.
fn dense(clause: &Clause, low: Option<Exact>, high: Option<Exact>) -> Option<Outcome> {
    if low.is_some() && low == high {
        let only = tried(clause, low?)?;
        return Some(only.unwrap_or(Outcome::Empty));
    }
    let one = Exact::whole(1);
    let start = match (low, high) {
        (Some(low), _) => low,
        (None, Some(high)) => high,
        (None, None) => Exact::whole(0),
    };
    let width = match (low, high) {
        (Some(low), Some(high)) => high.plus(low.times(Exact::whole(-1))?)?,
        (None, Some(_)) => Exact::whole(-1),
        _ => one,
    };
    let parts = [1, 5, 2, 3, 7, 9, 11, 13];
    let scales = ["1", "0.1", "0.01", "0.001", "0.0001", "0.00001"];
    let mut places = vec![start, start.plus(width)?];
    for scale in scales {
        let Value::Number(scale) = serde_json::from_str(scale).ok()? else {
            return None;
        };
        for part in parts {
            let share = Exact::of(&scale)?.times(Exact::whole(part))?;
            places.push(start.plus(width.times(share)?)?);
        }
    }
    for place in places {
        if let Some(found) = tried(clause, place)? {
            return Some(found);
        }
    }
    Some(Outcome::Unknown("no number was found in time", None))
}

#[expect(
    clippy::option_option,
    reason = "not known, known not to fit, or found"
)]
fn tried(clause: &Clause, number: Exact) -> Option<Option<Outcome>> {
    if !fits(clause, number)? {
        return Some(None);
    }
    let value = number.json()?;
    Some(allowed(clause, &value).then_some(Outcome::Found(value)))
}

fn fits(clause: &Clause, number: Exact) -> Option<bool> {
    for (bound, exclusive) in &clause.above {
        let order = number.compare(*bound)?;
        if order == Ordering::Less || (*exclusive && order == Ordering::Equal) {
            return Some(false);
        }
    }
    for (bound, exclusive) in &clause.below {
        let order = number.compare(*bound)?;
        if order == Ordering::Greater || (*exclusive && order == Ordering::Equal) {
            return Some(false);
        }
    }
    for step in &clause.steps {
        if !number.is_multiple_of(*step)? {
            return Some(false);
        }
    }
    for step in &clause.no_steps {
        if number.is_multiple_of(*step)? {
            return Some(false);
        }
    }
    Some(true)
}

/// The bound that lets the least through.
#[expect(clippy::option_option, reason = "not known, no bound, or the bound")]
fn tightest(bounds: &[(Exact, bool)], wins: Ordering) -> Option<Option<(Exact, bool)>> {
    let mut best: Option<(Exact, bool)> = None;
    for (bound, exclusive) in bounds {
        let replaces = match best {
            None => true,
            Some((known, was)) => {
                let order = bound.compare(known)?;
                order == wins || (order == Ordering::Equal && *exclusive && !was)
            }
        };
        if replaces {
            best = Some((*bound, *exclusive));
        }
    }
    Some(best)
}
