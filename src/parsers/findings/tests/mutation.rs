//! Broken outputs are read or refused, and never a panic.

use proptest::prelude::*;

use super::super::parse;
use super::{recorded, spec};

const SPECS: &[(&str, &str)] = &[
    ("format \"sarif\"", "ruff.sarif"),
    ("format \"checkstyle\"", "shellcheck.xml"),
    ("format \"diff\"", "ruff.diff"),
    ("format \"junit\"", "shellcheck.xml"),
    ("format \"paths\"", "shellcheck.txt"),
    (
        "format \"regex\"; pattern \"^(?P<path>.*?):(?P<line>.*?):(?P<severity>.*)\"",
        "shellcheck.txt",
    ),
    (
        "format \"json\"; each \"[].messages[]\" { rule \"ruleId\"; line \"line\"; severity \"severity\"; }",
        "eslint.json",
    ),
    (
        "format \"json\"; each \"results[]\" { rule \"test_id\"; severity \"issue_severity\"; }",
        "bandit.json",
    ),
    (
        "format \"json-lines\"; each \"message.spans[is_primary]\" { rule \"message.code.code\"; fixable \"label\"; }",
        "clippy.jsonl",
    ),
];

#[test]
fn every_start_of_an_output_is_read_or_refused() {
    for (fields, name) in SPECS {
        let (spec, output) = (spec(fields), recorded(name));
        for end in (0..output.len()).step_by(7) {
            let _ = parse(&spec, &mut &output[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_outputs_are_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6),
    ) {
        for (fields, name) in SPECS {
            let mut output = recorded(name);
            for (index, byte, change) in &changes {
                let at = index.index(output.len());
                match change {
                    0 => output[at] = *byte,
                    1 => output.insert(at, *byte),
                    _ => {
                        output.remove(at);
                    }
                }
            }
            let _ = parse(&spec(fields), &mut output.as_slice());
        }
    }
}
