//! Patterns as automata that run side by side: a text that some match and others do not.

use std::collections::{BTreeSet, HashSet, VecDeque};

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use serde_json::Value;

use super::Outcome;

/// Most states of all automata together that are looked at.
const MOST_STATES: usize = 4_000;
/// Most parts of one automaton.
const MOST_PARTS: usize = 5_000;
/// Longest text that a pattern is searched for in.
const LONGEST: u64 = 300;

const UNREADABLE: &str = "a pattern can't be read";
const TOO_LARGE: &str = "the patterns are too large to be compared";

/// A text that matches all of `wanted` and none of `unwanted`, of a length, and not excluded.
pub(super) fn find(
    wanted: &[&str],
    unwanted: &[&str],
    excluded: &[&str],
    least: u64,
    most: Option<u64>,
) -> Outcome {
    let all = wanted.iter().chain(unwanted);
    let automata: Option<Vec<Automaton>> = all.map(|pattern| Automaton::new(pattern)).collect();
    let Some(mut automata) = automata else {
        return Outcome::Unknown(UNREADABLE, None);
    };
    if !excluded.is_empty() {
        let Some(exactly) = Automaton::exactly(excluded) else {
            return Outcome::Unknown(TOO_LARGE, None);
        };
        automata.push(exactly);
    }
    if least > LONGEST {
        return Outcome::Unknown(TOO_LARGE, None);
    }
    let letters = letters(&automata);
    let start: Vec<States> = automata.iter().map(Automaton::start).collect();
    let mut seen = HashSet::from([(start.clone(), 0)]);
    let mut open = VecDeque::from([(start, String::new(), 0u64)]);
    while let Some((states, text, length)) = open.pop_front() {
        let mut each = automata.iter().zip(&states).enumerate();
        let fits = each.all(|(place, (automaton, states))| {
            automaton.accepts(states, length == 0) == (place < wanted.len())
        });
        if fits && length >= least {
            return Outcome::Found(Value::String(text));
        }
        if most.is_some_and(|most| length >= most) {
            continue;
        }
        for letter in &letters {
            let next: Vec<States> = automata
                .iter()
                .zip(&states)
                .map(|(automaton, states)| automaton.step(states, *letter, length == 0))
                .collect();
            if seen.insert((next.clone(), (length + 1).min(least.max(1)))) {
                open.push_back((next, format!("{text}{letter}"), length + 1));
            }
        }
        if seen.len() > MOST_STATES {
            return Outcome::Unknown(TOO_LARGE, None);
        }
    }
    Outcome::Empty
}

type States = BTreeSet<usize>;

enum Part {
    Letter(Vec<(char, char)>, usize),
    Either(Vec<usize>),
    Look(Look, usize),
    Match,
}

struct Automaton(Vec<Part>);

impl Automaton {
    fn new(pattern: &str) -> Option<Self> {
        let hir = regex_syntax::Parser::new().parse(&spelled(pattern)?).ok()?;
        let mut automaton = Self(vec![Part::Match]);
        let entry = automaton.build(&hir, 0)?;
        // A pattern is searched for: anything may stand before it.
        let here = automaton.0.len();
        automaton
            .0
            .push(Part::Letter(vec![('\0', char::MAX)], here + 1));
        automaton.0.push(Part::Either(vec![entry, here]));
        Some(automaton)
    }

    /// One that matches these texts and no other.
    fn exactly(texts: &[&str]) -> Option<Self> {
        let mut automaton = Self(vec![Part::Match]);
        let end = automaton.push(Part::Look(Look::End, 0))?;
        let mut entries = Vec::new();
        for text in texts {
            let mut letters = text.chars().rev();
            entries.push(letters.try_fold(end, |next, letter| {
                automaton.push(Part::Letter(vec![(letter, letter)], next))
            })?);
        }
        automaton.push(Part::Either(entries))?;
        Some(automaton)
    }

    fn push(&mut self, part: Part) -> Option<usize> {
        self.0.push(part);
        (self.0.len() < MOST_PARTS).then(|| self.0.len() - 1)
    }

    /// The parts of an expression that goes on at `next`. The parser limits how deep it is.
    fn build(&mut self, hir: &Hir, next: usize) -> Option<usize> {
        match hir.kind() {
            HirKind::Empty => Some(next),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                text.chars().rev().try_fold(next, |next, letter| {
                    self.push(Part::Letter(vec![(letter, letter)], next))
                })
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (range.start(), range.end())).collect();
                self.push(Part::Letter(ranges, next))
            }
            HirKind::Look(look) if matches!(look, Look::Start | Look::End) => {
                self.push(Part::Look(*look, next))
            }
            HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => None,
            HirKind::Capture(capture) => self.build(&capture.sub, next),
            HirKind::Concat(parts) => parts
                .iter()
                .rev()
                .try_fold(next, |next, part| self.build(part, next)),
            HirKind::Alternation(parts) => {
                let entries: Option<Vec<usize>> =
                    parts.iter().map(|part| self.build(part, next)).collect();
                self.push(Part::Either(entries?))
            }
            HirKind::Repetition(repetition) => {
                let mut next = next;
                if let Some(max) = repetition.max {
                    let end = next;
                    for _ in repetition.min..max {
                        let inner = self.build(&repetition.sub, next)?;
                        next = self.push(Part::Either(vec![inner, end]))?;
                    }
                } else {
                    let again = self.push(Part::Either(Vec::new()))?;
                    let inner = self.build(&repetition.sub, again)?;
                    self.0[again] = Part::Either(vec![inner, next]);
                    next = again;
                }
                (0..repetition.min).try_fold(next, |next, _| self.build(&repetition.sub, next))
            }
        }
    }

    fn start(&self) -> States {
        States::from([self.0.len() - 1])
    }

    fn closure(&self, states: &States, at_start: bool, at_end: bool) -> States {
        let mut all = States::new();
        let mut open: Vec<usize> = states.iter().copied().collect();
        while let Some(state) = open.pop() {
            if !all.insert(state) {
                continue;
            }
            match &self.0[state] {
                Part::Either(next) => open.extend(next),
                Part::Look(Look::Start, next) if at_start => open.push(*next),
                Part::Look(Look::End, next) if at_end => open.push(*next),
                _ => {}
            }
        }
        all
    }

    fn accepts(&self, states: &States, at_start: bool) -> bool {
        self.closure(states, at_start, true).contains(&0)
    }

    fn step(&self, states: &States, letter: char, at_start: bool) -> States {
        let here = self.closure(states, at_start, false);
        if here.contains(&0) {
            // It has matched; what follows does not matter.
            return States::from([0]);
        }
        here.iter()
            .filter_map(|state| match &self.0[*state] {
                Part::Letter(ranges, next) => within(ranges, letter).then_some(*next),
                _ => None,
            })
            .collect()
    }
}

/// Whether a letter is in one of some ranges, which are in order.
fn within(ranges: &[(char, char)], letter: char) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= letter);
    after > 0 && letter <= ranges[after - 1].1
}

/// A letter of every set of letters that no pattern tells apart; one that can be read, if any.
fn letters(automata: &[Automaton]) -> Vec<char> {
    let parts = automata.iter().flat_map(|automaton| &automaton.0);
    let classes = parts.filter_map(|part| match part {
        Part::Letter(ranges, _) => Some(ranges),
        _ => None,
    });
    let classes: HashSet<&Vec<(char, char)>> = classes.collect();
    let mut starts = BTreeSet::from([0]);
    for (first, last) in classes.iter().copied().flatten() {
        starts.insert(*first as u32);
        starts.insert(*last as u32 + 1);
    }
    let readable = "a0A _-".chars().chain('!'..='~');
    let others = starts.into_iter().filter_map(char::from_u32);
    let mut known = HashSet::new();
    let each = readable.chain(others);
    each.filter(|letter| {
        let inside = classes.iter().map(|ranges| within(ranges, *letter));
        known.insert(inside.collect::<Vec<bool>>())
    })
    .collect()
}

/// A pattern of ECMA 262 in the spelling of the parser here; nothing where they differ too much.
pub(super) fn spelled(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut letters = pattern.chars();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                'd' => out.push_str("[0-9]"),
                'D' => out.push_str("[^0-9]"),
                'w' => out.push_str("[0-9A-Za-z_]"),
                'W' => out.push_str("[^0-9A-Za-z_]"),
                's' => out.push_str(r"[\s\x{FEFF}]"),
                'b' | 'B' | 'A' | 'z' | 'a' | 'U' | 'k' => return None,
                other => out.extend(['\\', other]),
            },
            '[' if inside => out.push_str(r"\["),
            '&' | '~' if inside => out.extend(['\\', letter]),
            '[' => {
                inside = true;
                out.push('[');
            }
            ']' => {
                inside = false;
                out.push(']');
            }
            '(' if !inside && letters.as_str().starts_with('?') => {
                if !letters.as_str().starts_with("?:") {
                    return None;
                }
                out.push('(');
            }
            '.' if !inside => out.push_str(r"[^\n\r\x{2028}\x{2029}]"),
            other => out.push(other),
        }
    }
    Some(out)
}
