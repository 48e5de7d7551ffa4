//! What holds for every text, by random example.

use proptest::prelude::*;

use super::lexer::{Kind, lex};
use super::{format_kdl, format_toml, nesting, structure_fault, wording};

const SAMPLE: &str = include_str!("samples/pipeline.kdl");

/// Pieces that KDL gives a meaning to, to be strung together.
const PIECES: [&str; 44] = [
    "a",
    "b",
    "k=1",
    "k",
    "=",
    "1",
    "0x1F",
    "#true",
    "\"s\"",
    "\"\\\"\"",
    "\"x \\\n y\"",
    "#\"r\"#",
    "\"\"\"\n  l\n\n   m\n  \"\"\"",
    "#\"\"\"\n\tl\n\t\"\"\"#",
    "\"\"\"",
    "\"",
    "#",
    "(t)",
    "(",
    ")",
    "{",
    "}",
    "{}",
    "{ c }",
    "/-",
    "/-{",
    ";",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\u{2028}",
    " ",
    " ",
    "\t",
    "\u{a0}",
    "\\",
    "\\\n",
    "// c\n",
    "/* d */",
    "/* e\n /* f */ */",
    "\u{0}",
    "\u{feff}",
    "é",
];

fn pieces() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..24)
        .prop_map(|pieces| pieces.concat())
}

/// White space and comments that may stand inside a node.
fn blank() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        " ",
        "  ",
        "\t",
        " \\\n ",
        " \\ // c\n",
        "/* d */",
        " /* e\n /*f*/ */ ",
        " \\\n\\\n ",
        "\u{3000}",
    ])
}

fn end() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "\n",
        ";",
        "\r\n",
        "\n\n\n",
        " // c\n",
        " /* d */\n",
        ";// e\n",
        " \\\n\n",
        "\n/* f */",
        "; /* g */ ",
    ])
}

fn word() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "a",
        "\"b c\"",
        "#\"d\\\"#",
        "\"e\\n\\\n   f\"",
        "\"\"\"\n    g\n\n      h\n    \"\"\"",
        "#\"\"\"\n i \\\n j\n \"\"\"#",
        "\"\"\"\r\n  k \\\n  l\r\n  \"\"\"",
        "\"\"\"\n    m\n\n    n \\\n\n     o\n    \\\n   \"\"\"",
        "-",
        "é",
    ])
}

fn entry() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        word().prop_map(str::to_owned),
        Just("0x1_F".to_owned()),
        Just("#null".to_owned()),
        (word(), blank()).prop_map(|(word, blank)| format!("({blank}t{blank}){blank}{word}")),
    ];
    let key = (word(), blank()).prop_map(|(word, blank)| format!("{word}{blank}={blank}"));
    let slashdash = prop_oneof![
        4 => Just(""),
        1 => proptest::sample::select(vec!["/-", "/- ", "/-\n", "/- // c\n\n", "/-/*d*/", "/- \\\n"]),
    ];
    (slashdash, proptest::option::of(key), value).prop_map(|(slashdash, key, value)| {
        slashdash.to_owned() + &key.unwrap_or_default() + &value
    })
}

/// A node up to its block.
fn header() -> impl Strategy<Value = String> {
    let before = vec!["", "", "", "(t)", "/-", "/-\n", "// c\n", "/* d */ "];
    let entries = proptest::collection::vec((blank(), entry()), 0..4);
    (proptest::sample::select(before), word(), entries).prop_map(|(before, name, entries)| {
        let entries = entries
            .into_iter()
            .flat_map(|(blank, entry)| [blank.to_owned(), entry]);
        format!("{before}{name}{}", entries.collect::<String>())
    })
}

fn lines(node: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    proptest::collection::vec((node, end()), 0..5)
        .prop_map(|nodes| nodes.into_iter().map(|(node, end)| node + end).collect())
}

/// Nodes that are valid KDL 2, but for what the `kdl` crate does not take.
fn nodes() -> impl Strategy<Value = String> {
    let slashdash = || proptest::sample::select(vec!["", "", "", "/-"]);
    let tail = || proptest::sample::select(vec!["", " ", "/* d */", " \\\n", " /-{}"]);
    let node = header().prop_recursive(3, 24, 4, move |node| {
        (header(), blank(), slashdash(), lines(node), tail()).prop_map(
            |(header, blank, slashdash, children, tail)| {
                format!("{header}{blank}{slashdash}{{{children}}}{tail}")
            },
        )
    });
    lines(node)
}

fn mutated() -> impl Strategy<Value = String> {
    let place = any::<proptest::sample::Index>();
    let change = (place, 0_usize..12, proptest::sample::select(&PIECES[..]));
    proptest::collection::vec(change, 1..4).prop_map(|changes| {
        let mut chars: Vec<char> = SAMPLE.chars().collect();
        for (place, removed, piece) in changes {
            let start = place.index(chars.len());
            let end = (start + removed).min(chars.len());
            chars.splice(start..end, piece.chars());
        }
        chars.into_iter().collect()
    })
}

fn comments(text: &str) -> Vec<String> {
    lex(text)
        .filter(|token| token.kind.is_comment())
        .map(|token| wording::comment(token.text).into_owned())
        .collect()
}

fn document(text: &str) -> kdl::KdlDocument {
    let mut document = kdl::KdlDocument::parse_v2(text).expect("formatted text is KDL");
    document.clear_format_recursive();
    document
}

/// Everything that is promised for a text; whether it could be formatted.
fn keeps_its_promises(text: &str) -> Result<bool, TestCaseError> {
    let tokens: String = lex(text).map(|token| token.text).collect();
    prop_assert_eq!(&tokens, text);
    let Ok(out) = format_kdl(text) else {
        return Ok(false);
    };
    prop_assert_eq!(format_kdl(&out), Ok(out.clone()));
    prop_assert_eq!(comments(&out), comments(text));
    prop_assert_eq!(document(&out), document(text));
    prop_assert!(out.is_empty() || out.ends_with('\n') && !out.ends_with("\n\n"));
    for token in lex(&out) {
        let space = token.kind == Kind::Space;
        prop_assert!(!space || !out[token.offset + token.text.len()..].starts_with('\n'));
    }
    Ok(true)
}

/// A text that the parser takes must not be refused by the formatter.
fn is_taken_if_valid(text: &str) -> Result<(), TestCaseError> {
    let done = keeps_its_promises(text)?;
    let valid = nesting(text).excess.is_none() && kdl::KdlDocument::parse_v2(text).is_ok();
    prop_assert!(done || !valid || structure_fault(text).is_some());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_formatted_or_refused(text in any::<String>()) {
        keeps_its_promises(&text)?;
        let _ = format_toml(&text);
    }

    #[test]
    fn any_pieces_of_kdl_are_formatted_or_refused(text in pieces()) {
        is_taken_if_valid(&text)?;
    }

    #[test]
    fn any_valid_file_is_formatted(text in nodes()) {
        is_taken_if_valid(&text)?;
    }

    #[test]
    fn a_damaged_file_is_formatted_or_refused(text in mutated()) {
        is_taken_if_valid(&text)?;
    }
}
