//! The questions on schemas: each pair is decided once, wherever it is used.

use std::collections::BTreeSet;

use super::cause::{Cause, Judged, at_property, judge};
use super::note::{Note, format, notes};
use super::reach::{Followed, Reach};
use super::rules::{Level, schema_rule};
use super::walk::{Guard, Pair, Step, Walk};
use super::{Finding, Question, Terms, Witness};
use crate::contract::contain::{Engine, ROOM, Simulation, Verdict, View};
use crate::contract::schema::{Direction, Graph, SchemaId, classes, merge};

/// Compares on a stack that is large enough for schemas that lead far through each other.
pub(super) fn compare(graph: &mut Graph, terms: Terms, questions: &[Question]) -> Vec<Finding> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(ROOM);
        let thread = builder.spawn_scoped(scope, || all(graph, terms, questions));
        let thread = thread.unwrap_or_else(|error| panic!("no thread could be started: {error}"));
        match thread.join() {
            Ok(findings) => findings,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn all(graph: &mut Graph, terms: Terms, questions: &[Question]) -> Vec<Finding> {
    merge(graph);
    let class = classes(graph);
    let mut findings = Vec::new();
    for direction in [Direction::Request, Direction::Response] {
        let own = questions.iter();
        let own: Vec<&Question> = own.filter(|q| q.direction == direction).collect();
        let mut simulation = Simulation::default();
        let view = View {
            graph,
            classes: &class,
            direction,
        };
        let mut walk = Walk::new(view, &mut simulation);
        let roots: Vec<Option<usize>> = own.iter().map(|q| walk.root(q.old, q.new)).collect();
        let (pairs, full) = (walk.pairs, walk.full);
        let demands = demands(graph, &pairs, direction);
        let mut engine = Engine::new(graph, &class, direction)
            .with_room()
            .knowing(simulation);
        let starts: Vec<usize> = roots.iter().flatten().copied().collect();
        let judged = judge(&mut engine, graph, (direction, &pairs), &demands, &starts);
        let (wholes, bodies) = (wholes(&pairs, &starts), bodies(&own, &roots));
        let noted = pairs.iter().enumerate().map(|(place, pair)| {
            let mut noted = notes(graph, terms, pair, direction);
            if wholes[place] {
                noted.extend(format(graph, pair, direction, |id| engine.example(id)));
            }
            if bodies.contains(&place) {
                noted.extend(impossible(&mut engine, graph, pair));
            }
            noted
        });
        let results = Results {
            graph,
            direction,
            notes: noted.collect(),
            pairs: &pairs,
            judged: &judged,
        };
        findings.extend(results.findings(&own, &roots));
        findings.extend(
            own.first()
                .filter(|_| full)
                .map(|question| question.unfinished()),
        );
    }
    findings
}

/// The pairs that are whole bodies of answers.
fn bodies(questions: &[&Question], roots: &[Option<usize>]) -> BTreeSet<usize> {
    let each = questions.iter().zip(roots);
    let bodies = each.filter(|(question, _)| question.prefix == "response-body");
    bodies.filter_map(|(_, root)| *root).collect()
}

/// An answer that was possible, where none is any more. What nothing fits is within everything,
/// and yet no server can keep to it. Who writes `false` says so on purpose.
fn impossible(engine: &mut Engine<'_>, graph: &Graph, pair: &Pair) -> Option<Note> {
    if graph.get(pair.new).never || !engine.is_impossible(pair.new) {
        return None;
    }
    match engine.contained(pair.old, graph.nothing()) {
        Verdict::Broken(answer) => Some(Note::impossible(answer)),
        _ => None,
    }
}

/// Which pairs are more than branches of others.
fn wholes(pairs: &[Pair], roots: &[usize]) -> Vec<bool> {
    let mut wholes = vec![false; pairs.len()];
    let edges = pairs.iter().flat_map(|pair| &pair.edges);
    let inner = edges.filter(|edge| edge.step != Step::Here);
    for place in roots.iter().copied().chain(inner.map(|edge| edge.to)) {
        wholes[place] = true;
    }
    wholes
}

/// Every unmet part as a schema of its own.
fn demands(graph: &mut Graph, pairs: &[Pair], direction: Direction) -> Vec<Vec<SchemaId>> {
    let mut all = Vec::new();
    for pair in pairs {
        let span = graph.span(pair.wide(direction));
        let unmet = pair.unmet.iter();
        let own = unmet.map(|part| graph.add(part.demand.clone(), span));
        all.push(own.collect());
    }
    all
}

struct Results<'r> {
    graph: &'r Graph,
    direction: Direction,
    pairs: &'r [Pair],
    judged: &'r [Judged],
    notes: Vec<Vec<Note>>,
}

/// What leads to a pair first, and all that leads to it.
#[derive(Default, Clone)]
struct Reached {
    first: Option<(usize, String)>,
    questions: Vec<usize>,
}

impl Results<'_> {
    fn findings(&self, questions: &[&Question], roots: &[Option<usize>]) -> Vec<Finding> {
        let breaking = self.reached(roots, &|place| !self.judged[place].causes.is_empty(), true);
        let noted = self.reached(roots, &|place| !self.notes[place].is_empty(), false);
        let mut findings = Vec::new();
        for place in 0..self.pairs.len() {
            if let Some((first, way)) = &breaking[place].first {
                let causes = self.judged[place].causes.iter();
                let own = causes.map(|cause| self.cause(questions[*first], (place, way), cause));
                findings.extend(own.map(|finding| reaching(finding, &breaking[place], questions)));
            }
            if let Some((first, way)) = &noted[place].first {
                let own = self.notes[place].iter();
                let own = own.filter_map(|note| self.note(questions[*first], (place, way), note));
                findings.extend(own.map(|finding| reaching(finding, &noted[place], questions)));
            }
        }
        findings
    }

    /// What leads to the pairs that have something to tell.
    fn reached(
        &self,
        roots: &[Option<usize>],
        tells: &dyn Fn(usize) -> bool,
        breaks: bool,
    ) -> Vec<Reached> {
        let edges = self.pairs.iter().enumerate().map(|(place, pair)| {
            let alive = &self.judged[place].alive;
            let each = pair.edges.iter().enumerate();
            let each = each.filter(|(edge, _)| !breaks || alive.get(*edge) == Some(&true));
            each.map(|(place, edge)| Followed {
                edge: place,
                to: edge.to,
                certain: edge.guard == Guard::Certain,
            })
            .collect()
        });
        let reach = Reach::new(edges.collect(), tells, roots);
        let mut found = vec![Reached::default(); self.pairs.len()];
        for (place, own) in found
            .iter_mut()
            .enumerate()
            .filter(|(place, _)| tells(*place))
        {
            own.questions = reach.questions(place);
            let first = reach.first(place);
            own.first = first.map(|(question, steps)| (question, self.way(&steps)));
        }
        found
    }

    /// The way that leads along these edges of these pairs.
    fn way(&self, steps: &[(usize, usize)]) -> String {
        let mut way = String::new();
        for (place, edge) in steps {
            self.pairs[*place].edges[*edge].step.write(&mut way);
        }
        way
    }

    fn note(
        &self,
        question: &Question,
        (place, way): (usize, &str),
        note: &Note,
    ) -> Option<Finding> {
        let pair = &self.pairs[place];
        let location = format!("{}{way}", question.location);
        let location = match &note.property {
            Some(name) => format!("{location}.{name}"),
            None => location,
        };
        let rule = note.rule(question.prefix_at(&location))?;
        let places = note.places(self.graph, (pair.old, pair.new));
        let witness = note.witness.clone();
        Some(question.finding(rule, location, note.message.clone(), places, witness))
    }

    fn cause(&self, question: &Question, (place, way): (usize, &str), cause: &Cause) -> Finding {
        let pair = &self.pairs[place];
        let rule = schema_rule(cause.keyword);
        let inner = matches!(cause.keyword, "properties" | "undeclared");
        let property = cause.property.as_deref();
        let mut location = format!("{}{way}", question.location);
        if let (true, Some(name)) = (inner, property) {
            location.push('.');
            location.push_str(name);
        }
        let prefix = question.prefix_at(&location);
        let (level, witness, why) = match &cause.verdict {
            Verdict::Broken(value) => {
                let at = at_property(value, property.filter(|_| inner));
                (
                    rule.level,
                    Some(Witness::of_sender(self.direction, at)),
                    None,
                )
            }
            Verdict::Undecided(reason) => (Level::Undecided, None, Some(reason)),
            Verdict::Contained => (Level::Info, None, None),
        };
        let ending = match self.direction {
            Direction::Request => rule.sent,
            Direction::Response => rule.received,
        };
        let id = self.named(pair, cause, &format!("{prefix}-{ending}"));
        let subject = property.map_or_else(|| "the value".to_owned(), |name| format!("`{name}`"));
        let message = match why {
            Some(reason) => format!("{subject}: it could not be decided, {reason}"),
            None => format!("{subject}: {}", self.sentence(&id, cause.keyword)),
        };
        let places = (
            Some(self.graph.span(pair.old)),
            Some(self.graph.span(pair.new)),
        );
        question.finding((id, level), location, message, places, witness)
    }

    /// The name of the rule; a property that is new or gone has one of its own.
    fn named(&self, pair: &Pair, cause: &Cause, usual: &str) -> String {
        let (Some(name), "required") = (&cause.property, cause.keyword) else {
            return usual.to_owned();
        };
        let has = |id: SchemaId| self.graph.get(id).properties.contains_key(name);
        let id = match (self.direction, has(pair.old), has(pair.new)) {
            (Direction::Request, false, _) => "new-required-request-property",
            (Direction::Request, true, _) => "request-property-became-required",
            (Direction::Response, _, false) => "response-required-property-removed",
            (Direction::Response, _, true) => "response-property-became-optional",
        };
        id.to_owned()
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

fn reaching(mut finding: Finding, reached: &Reached, questions: &[&Question]) -> Finding {
    let mut titles = reached
        .questions
        .iter()
        .map(|question| questions[*question].title());
    let mut all: Vec<String> = Vec::new();
    // Questions of one operation follow each other.
    titles.by_ref().for_each(|title| {
        if all.last() != Some(&title) {
            all.push(title);
        }
    });
    finding.operations = all;
    finding
}

impl Question {
    /// What is told if the schemas lead to more pairs than are looked at.
    fn unfinished(&self) -> Finding {
        let rule = schema_rule("schema");
        let ending = match self.direction {
            Direction::Request => rule.sent,
            Direction::Response => rule.received,
        };
        let rule = (format!("{}-{ending}", self.prefix), Level::Undecided);
        let message = "not all schemas were compared, there are too many".to_owned();
        self.finding(rule, self.location.clone(), message, (None, None), None)
    }

    fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The beginning of the names of the rules for what stands at a location.
    fn prefix_at(&self, location: &str) -> &'static str {
        match (location == self.location, self.prefix) {
            (false, "request-body") => "request-property",
            (false, "response-body") => "response-property",
            (false, "request-parameter") => "request-parameter-property",
            (false, "response-header") => "response-header-property",
            (_, prefix) => prefix,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of one finding")]
    fn finding(
        &self,
        (rule, level): (String, Level),
        location: String,
        message: String,
        (old, new): super::Places,
        witness: Option<Witness>,
    ) -> Finding {
        Finding {
            rule,
            level,
            method: self.method.clone(),
            path: self.path.clone(),
            location,
            message,
            old,
            new,
            witness,
            operations: vec![self.title()],
        }
    }
}
