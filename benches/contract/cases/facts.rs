//! Whether every instance of one schema is one of another.

use sdd::contract::contain::{Engine, Verdict};
use sdd::contract::load::Library;
use sdd::contract::schema::{Dialect, Direction, Graph, Reader, classes, merge};
use sdd::span::Sources;
use serde_json::Value;

use super::{Pair, Score};

/// Facts that were decided right, a wrong "contained", and those that were not decided.
pub(super) fn scores(cases: &Value) -> Vec<Score> {
    let mut right = Score::new("facts: decided right");
    let mut unsound = Score::new("facts: not called contained against the suite");
    let mut decided = Score::new("facts: decided");
    let cases = cases["cases"].as_array().into_iter().flatten();
    for (place, case) in cases.enumerate() {
        if case["disputed_draft07"] == true {
            continue;
        }
        let verdict = decide(&case["lhs"], &case["rhs"]);
        let told = || {
            format!(
                "{place} {} {verdict:?} {} IN {}",
                case["subset"], case["lhs"], case["rhs"]
            )
        };
        let contained = case["subset"] == true;
        let agrees = match &verdict {
            Ok(Verdict::Contained) => contained,
            Ok(Verdict::Broken(_)) => !contained,
            _ => false,
        };
        right.count(agrees, told);
        unsound.count(verdict != Ok(Verdict::Contained) || contained, told);
        decided.count(!matches!(verdict, Ok(Verdict::Undecided(_)) | Err(_)), told);
    }
    vec![right, unsound, decided]
}

fn decide(narrow: &Value, wide: &Value) -> Result<Verdict, String> {
    let files = Pair::Texts(narrow.to_string(), wide.to_string());
    let (mut sources, mut graph) = (Sources::default(), Graph::default());
    let mut open = |path| {
        let library =
            Library::read(path, &files, &mut sources).map_err(|all| format!("{all:?}"))?;
        // Both suites were written for drafts before 2019-09.
        let mut reader = Reader::new(&library, &mut graph, Dialect::Earlier);
        let id = reader.schema(library.root());
        match reader.problems.first() {
            Some(problem) => Err(problem.message.clone()),
            None => Ok(id),
        }
    };
    let (narrow, wide) = (open("old")?, open("new")?);
    merge(&mut graph);
    let classes = classes(&graph);
    Ok(Engine::new(&graph, &classes, Direction::Request).contained(narrow, wide))
}
