//! What the formats make of outputs, recorded ones and odd ones.

mod json;
mod mutation;
mod sarif;
mod text;

use std::path::Path;

use super::{FindingsSpec, Report, check, parse};
use crate::diag::Diags;
use crate::span::{Sources, Span};
use crate::spec::{Decoder, Fields, Table};
use crate::syntax;

/// The spec of `findings FIELDS`, with the codes of what is wrong with it.
fn read_spec(fields: &str) -> (Option<FindingsSpec>, Vec<&'static str>) {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let id = sources.add("tool.kdl", fields.to_owned());
    let source = sources.get(id).unwrap().clone();
    let document = syntax::parse(id, &source, &mut diags);
    let mut decoder = Decoder {
        diags: &mut diags,
        secrets: &[],
        sources: &sources,
    };
    let label = "findings".to_owned();
    let mut fields = Fields::of(label, Span::default(), false, document.nodes.iter());
    let spec = FindingsSpec::take(&mut fields, &mut decoder);
    fields.finish(&[FindingsSpec::SPEC], &mut decoder);
    if let Some(spec) = &spec {
        check(spec, Span::default(), &mut decoder);
    }
    let codes = diags.iter().map(|diagnostic| diagnostic.code.id).collect();
    (spec, codes)
}

fn spec(fields: &str) -> FindingsSpec {
    let (spec, codes) = read_spec(fields);
    assert!(codes.is_empty(), "{codes:?}: {fields}");
    spec.unwrap()
}

fn read(fields: &str, output: impl AsRef<[u8]>) -> Result<Report, String> {
    parse(&spec(fields), &mut output.as_ref())
}

fn recorded(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/findings");
    std::fs::read(folder.join(name)).unwrap()
}

/// `severity rule place message` of each finding.
fn shown(report: &Report) -> Vec<String> {
    let line = |finding: &crate::event::Finding| {
        let place = finding.place().unwrap_or_else(|| "-".to_owned());
        let severity = finding.severity.as_str();
        format!("{severity} {} {place} {}", finding.rule, finding.message)
    };
    report.findings.iter().map(line).collect()
}

#[test]
fn a_spec_that_can_not_be_used_is_reported_at_load() {
    let codes = |fields| read_spec(fields).1;
    assert_eq!(
        codes(
            "format \"json\"; expect \"a b\"; each \"[\" { rule \"{x\" \"=ok\"; where \"!a..b\" \"c\"; };"
        ),
        ["bad-place"; 4]
    );
    assert_eq!(codes("format \"json\""), ["missing-field"]);
    assert_eq!(codes("format \"regex\""), ["missing-field"]);
    assert_eq!(
        codes("format \"regex\"; pattern \"(?P<file>.*)\""),
        ["bad-regex"]
    );
    assert_eq!(
        codes("format \"diff\"; pattern \"(?P<path>.*)\""),
        ["bad-regex"]
    );
    assert_eq!(
        codes("format \"sarif\"; expect \"runs\""),
        ["conflicting-fields"]
    );
    assert_eq!(
        codes("format \"sarif\"; severity { style \"trivial\"; }"),
        ["unknown-choice"]
    );
}

#[test]
fn b25_a_severity_that_does_not_exist_is_an_error_and_no_fallback() {
    assert_eq!(
        read_spec("format \"sarif\"; severity-default \"moderate\"").1,
        ["unknown-choice"]
    );
}

#[test]
fn paths_below_the_root_become_relative() {
    let output = "/project/src/a.py\n./b.py\n/project2/c.py\nd.py\n/project//e.py\n";
    let mut report = read("format \"paths\"", output).unwrap();
    super::relative_to(&mut report, "/project/");
    let paths: Vec<_> = report
        .findings
        .iter()
        .map(|finding| finding.path.clone().unwrap())
        .collect();
    assert_eq!(
        paths,
        ["src/a.py", "b.py", "/project2/c.py", "d.py", "e.py"]
    );
}
