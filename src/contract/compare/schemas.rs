//! The questions on schemas: each pair is decided once, wherever it is used.

use std::collections::BTreeMap;

use super::cause::{Cause, Leaf, at_property, causes, leaves, take_apart};
use super::rules::{Level, schema_rule};
use super::{Finding, Question, Witness};
use crate::contract::contain::{Engine, ROOM, Verdict};
use crate::contract::schema::{Direction, Graph, SchemaId, classes};

type Pair = (SchemaId, SchemaId);

/// Compares on a stack that is large enough for schemas that lead far through each other.
pub(super) fn compare(graph: &mut Graph, questions: &[Question]) -> Vec<Finding> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(ROOM);
        let thread = builder.spawn_scoped(scope, || all(graph, questions));
        let thread = thread.unwrap_or_else(|error| panic!("no thread could be started: {error}"));
        match thread.join() {
            Ok(findings) => findings,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn all(graph: &mut Graph, questions: &[Question]) -> Vec<Finding> {
    let class = classes(graph);
    let mut findings = Vec::new();
    for direction in [Direction::Request, Direction::Response] {
        let own: Vec<&Question> = questions
            .iter()
            .filter(|question| question.direction == direction)
            .collect();
        let mut found: BTreeMap<Pair, Vec<Leaf>> = BTreeMap::new();
        let mut engine = Engine::new(graph, &class, direction).with_room();
        for question in &own {
            let (narrow, wide) = question.pair();
            found
                .entry((narrow, wide))
                .or_insert_with(|| leaves(graph, &mut engine, narrow, wide));
        }
        drop(engine);
        let pairs: Vec<Leaf> = found.values().flatten().cloned().collect();
        let parts = take_apart(graph, &pairs, direction);
        let mut engine = Engine::new(graph, &class, direction).with_room();
        let mut told: BTreeMap<Leaf, Vec<Cause>> = BTreeMap::new();
        for question in own {
            for leaf in &found[&question.pair()] {
                let causes = told
                    .entry(leaf.clone())
                    .or_insert_with(|| causes(graph, &mut engine, leaf, &parts[&leaf.wide]));
                let each = causes.iter();
                findings.extend(each.map(|cause| question.finding(graph, leaf, cause)));
            }
        }
    }
    findings
}

impl Question {
    fn pair(&self) -> Pair {
        match self.direction {
            Direction::Request => (self.old, self.new),
            Direction::Response => (self.new, self.old),
        }
    }

    fn finding(&self, graph: &Graph, leaf: &Leaf, cause: &Cause) -> Finding {
        let (old, new) = match self.direction {
            Direction::Request => (leaf.narrow, leaf.wide),
            Direction::Response => (leaf.wide, leaf.narrow),
        };
        let rule = schema_rule(cause.keyword);
        let inner = matches!(cause.keyword, "properties" | "undeclared");
        let property = cause.property.as_deref();
        let mut location = format!("{}{}", self.location, leaf.way);
        if let (true, Some(name)) = (inner, property) {
            location.push('.');
            location.push_str(name);
        }
        let at_root = location == self.location && !self.prefix.ends_with("-property");
        let prefix = match (at_root, self.prefix) {
            (false, "request-body") => "request-property",
            (false, "response-body") => "response-property",
            (_, prefix) => prefix,
        };
        let (level, witness, why) = match &cause.verdict {
            Verdict::Broken(value) => {
                let at = at_property(value, property.filter(|_| inner));
                (rule.level, Some(at), None)
            }
            Verdict::Undecided(reason) => (Level::Undecided, None, Some(reason)),
            Verdict::Contained => (Level::Info, None, None),
        };
        let ending = match self.direction {
            Direction::Request => rule.sent,
            Direction::Response => rule.received,
        };
        let id = self.named(graph, old, new, cause, prefix, ending);
        let subject = property.map_or_else(|| "the value".to_owned(), |name| format!("`{name}`"));
        let message = match why {
            Some(reason) => format!("{subject}: it could not be decided, {reason}"),
            None => format!("{subject}: {}", self.sentence(&id, cause.keyword)),
        };
        Finding {
            rule: id,
            level,
            method: self.method.clone(),
            path: self.path.clone(),
            location,
            message,
            old: Some(graph.span(old)),
            new: Some(graph.span(new)),
            witness: witness.map(|instance| Witness {
                valid_in: match self.direction {
                    Direction::Request => "old",
                    Direction::Response => "new",
                },
                instance,
            }),
            operations: vec![format!("{} {}", self.method, self.path)],
        }
    }

    /// The name of the rule; a property that is new or gone has one of its own.
    #[expect(clippy::too_many_arguments, reason = "each is a part of one finding")]
    fn named(
        &self,
        graph: &Graph,
        old: SchemaId,
        new: SchemaId,
        cause: &Cause,
        prefix: &str,
        ending: &str,
    ) -> String {
        let usual = format!("{prefix}-{ending}");
        let (Some(name), "required") = (&cause.property, cause.keyword) else {
            return usual;
        };
        let has = |id: SchemaId| graph.get(id).properties.contains_key(name);
        match (self.direction, has(old), has(new)) {
            (Direction::Request, false, _) => "new-required-request-property".to_owned(),
            (Direction::Request, true, _) => "request-property-became-required".to_owned(),
            (Direction::Response, _, false) => "response-required-property-removed".to_owned(),
            (Direction::Response, _, true) => "response-property-became-optional".to_owned(),
        }
    }

    fn sentence(&self, id: &str, keyword: &str) -> String {
        match (self.direction, keyword) {
            (Direction::Request, "required") if id.starts_with("new-") => {
                "a new property must be sent".to_owned()
            }
            (Direction::Request, "required") => "it must be sent now".to_owned(),
            (Direction::Response, "required") => "it may be missing now".to_owned(),
            (Direction::Request, "undeclared") => {
                "any value could be sent before it was declared".to_owned()
            }
            (Direction::Response, "undeclared") => {
                "any value can come now that it is not declared".to_owned()
            }
            (Direction::Request, keyword) => {
                format!("`{keyword}` refuses what was accepted")
            }
            (Direction::Response, keyword) => {
                format!("`{keyword}` allows what was never sent before")
            }
        }
    }
}
