//! KDL and TOML say the same: whatever pipeline the tables allow, each of its forms is read as
//! the same model, with the same mistakes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can't go on has to end, and shows where"
)]

mod pipeline;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sdd::diag::{Diags, Severity};
use sdd::model::{Files, Header, Pipeline, ReadError, grammar, load};
use sdd::span::{Sources, Span, Spanned};
use sdd::spec::{Grammar, pipeline_schema};
use sdd::syntax::{self, Document, Node, print_kdl, print_toml};

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(grammar);

struct OneFile<'t>(&'t str);

/// What every compose file holds that a random pipeline names.
const COMPOSE: &str = "services: {a: {}, b: {}}\n";

impl Files for OneFile<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path.starts_with(sdd::tools::FOLDER) {
            return Err(ReadError::Missing);
        }
        if !path.starts_with("pipelines/") {
            return Ok(COMPOSE.to_owned());
        }
        Ok(self.0.to_owned())
    }
}

/// What is read from a text, without the places.
#[derive(PartialEq)]
struct Reading {
    header: Option<Header>,
    nodes: Vec<sdd::model::Node>,
    rest: String,
    /// Code and message of everything that is wrong.
    mistakes: Vec<(&'static str, String)>,
    sound: bool,
}

fn read(path: &str, text: &str) -> Reading {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let pipeline = load(path, &OneFile(text), &[], &mut sources, &mut diags);
    let mut mistakes: Vec<_> = diags
        .iter()
        .map(|diagnostic| (diagnostic.code.id, diagnostic.message.clone()))
        .collect();
    mistakes.sort();
    let errors = |diagnostic: &sdd::diag::Diagnostic| diagnostic.severity() == Severity::Error;
    Reading {
        rest: format!("{:?} {:?}", pipeline.pools, pipeline.secrets.keys()),
        sound: !diags.iter().any(errors),
        header: header(&pipeline),
        nodes: nodes(pipeline),
        mistakes,
    }
}

fn nodes(pipeline: Pipeline) -> Vec<sdd::model::Node> {
    let without_place = |mut node: sdd::model::Node| {
        node.span = Span::default();
        node.written.clear();
        node
    };
    pipeline.nodes.into_iter().map(without_place).collect()
}

/// The header, with its defaults in one of the ways in which they can be written.
fn header(pipeline: &Pipeline) -> Option<Header> {
    let mut header = pipeline.header.clone()?;
    let mut defaults = Node::named(Spanned::new("defaults".to_owned(), Span::default()));
    defaults.children = std::mem::take(&mut header.defaults.0);
    let shaped = GRAMMAR.toml_shape(&Document {
        nodes: vec![defaults],
    });
    header.defaults.0 = shaped
        .nodes
        .into_iter()
        .flat_map(|node| node.children)
        .collect();
    header
        .defaults
        .0
        .sort_by(|a, b| a.name.value.cmp(&b.name.value));
    for block in &mut header.defaults.0 {
        block
            .children
            .sort_by(|a, b| a.name.value.cmp(&b.name.value));
    }
    Some(header)
}

fn parse(path: &str, text: &str) -> Document {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let id = sources.add(path, text);
    let document = syntax::parse(id, sources.get(id).unwrap(), &mut diags);
    assert!(diags.is_empty(), "{diags:#?}\n{text}");
    document
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_form_of_a_pipeline_is_read_as_the_same_model(drawn in pipeline::pipeline(&GRAMMAR)) {
        let document = drawn.0;
        let free = print_kdl(&document);
        let expected = read("pipelines/a.kdl", &free);
        let toml = print_toml(&GRAMMAR.toml_shape(&document));
        let kdl = print_kdl(&GRAMMAR.kdl_shape(&document));
        let back = print_kdl(&GRAMMAR.kdl_shape(&parse("a.toml", &toml)));
        for (path, text) in [("a.toml", &toml), ("a.kdl", &kdl), ("a.kdl", &back)] {
            let reading = read(&format!("pipelines/{path}"), text);
            prop_assert_eq!(&reading.mistakes, &expected.mistakes, "\n{}\n----\n{}", free, text);
            prop_assert!(reading == expected, "\n{}\n----\n{}", free, text);
        }
    }

    #[test]
    fn a_pipeline_without_mistakes_is_valid_by_its_schema(drawn in pipeline::pipeline(&GRAMMAR)) {
        static VALIDATOR: LazyLock<jsonschema::Validator> =
            LazyLock::new(|| jsonschema::validator_for(&pipeline_schema(&GRAMMAR)).unwrap());
        let toml = print_toml(&GRAMMAR.toml_shape(&drawn.0));
        if read("pipelines/a.toml", &toml).sound {
            let instance: serde_json::Value = toml::from_str(&toml).unwrap();
            let error = VALIDATOR.iter_errors(&instance).next();
            let error = error.map(|error| format!("{}: {error}", error.instance_path()));
            prop_assert_eq!(error, None, "{}", toml);
        }
    }
}

#[test]
fn most_of_the_pipelines_that_are_compared_have_no_mistakes() {
    let mut runner = TestRunner::deterministic();
    let strategy = pipeline::pipeline(&GRAMMAR);
    let sound = (0..100).filter(|_| {
        let drawn = strategy.new_tree(&mut runner).unwrap().current();
        read("pipelines/a.kdl", &print_kdl(&drawn.0)).sound
    });
    let count = sound.count();
    assert!(count > 50, "only {count} of 100");
}
