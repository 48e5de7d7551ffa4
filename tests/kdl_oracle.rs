//! The KDL front end against the `kdl` crate: both accept the same texts and read the same from
//! them, but for what pipelines refuse on purpose.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can't go on has to end, and shows where"
)]

use kdl::{KdlDocument, KdlNode, KdlValue};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sdd::diag::Diags;
use sdd::span::{Sources, Span, Spanned};
use sdd::syntax::fmt::{ParseRefusal, parse_kdl};
use sdd::syntax::{self, Node, Scalar};

/// Mistakes that are none in KDL: values without a meaning here, and limits.
const ON_PURPOSE: &[&str] = &["unsupported-value", "too-deep"];

/// What the front end reads, or the codes of what it refuses.
fn ours(text: &str) -> Result<Vec<Node>, Vec<&'static str>> {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let id = sources.add("a.kdl", text);
    let document = syntax::parse(id, sources.get(id).unwrap(), &mut diags);
    if diags.is_empty() {
        return Ok(document.nodes);
    }
    Err(diags.iter().map(|diagnostic| diagnostic.code.id).collect())
}

/// What the crate reads. `None` if it can't be asked.
fn theirs(text: &str) -> Option<Result<Vec<Node>, String>> {
    match parse_kdl(text) {
        Ok(document) => Some(nodes(&document).ok_or_else(|| "no such value here".to_owned())),
        Err(ParseRefusal::Mistakes(error)) => Some(Err(error
            .diagnostics
            .iter()
            .map(|d| format!("{:?} {}", d.span, d.message.clone().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join("; "))),
        Err(ParseRefusal::Guarded(_)) => None,
    }
}

fn nodes(document: &KdlDocument) -> Option<Vec<Node>> {
    document.nodes().iter().map(node).collect()
}

fn node(node: &KdlNode) -> Option<Node> {
    let mut read = named(node.name().value());
    for entry in node.entries() {
        let value = spanned(scalar(entry.value())?);
        match entry.name() {
            None => read.args.push(value),
            Some(name) => {
                let mut property = named(name.value());
                property.args.push(value);
                read.children.push(property);
            }
        }
    }
    if let Some(children) = node.children() {
        read.children.extend(nodes(children)?);
    }
    Some(read)
}

fn scalar(value: &KdlValue) -> Option<Scalar> {
    match value {
        KdlValue::String(text) => Some(Scalar::Text(text.clone())),
        KdlValue::Integer(number) => Some(Scalar::Int(*number)),
        KdlValue::Float(number) => number.is_finite().then_some(Scalar::Float(*number)),
        KdlValue::Bool(truth) => Some(Scalar::Bool(*truth)),
        KdlValue::Null => None,
    }
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn named(name: &str) -> Node {
    Node::named(spanned(name.to_owned()))
}

/// Control characters and marks of direction, which the crate lets through in comments.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !"\n\t\r\u{85}".contains(c))
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || c == '\u{feff}'
}

/// It lets through `-inf` as a word, `/- /-`, a node that is commented out on the line of another one's `}`, and raw
/// strings of one line that begin like those of several.
fn crate_is_known_to_be_lax(text: &str) -> bool {
    let mut parts = text.split("/-").map(str::trim_end);
    let behind_brace = parts.clone().any(|part| part.ends_with('}'));
    let nothing_between = parts.any(|part| part.trim_end_matches('\\').trim().is_empty());
    let slashdash = text.contains("/-") && (behind_brace || nothing_between);
    let word = text.contains("-inf") || text.contains("#\"\"\"");
    text.chars().any(is_hidden) || slashdash || word
}

/// The crate takes the `;` behind a node that is commented out for the name of another one.
fn crate_is_known_to_err(text: &str) -> bool {
    text.contains("/-") && text.contains(';')
}

fn assert_agree(text: &str) -> Result<(), TestCaseError> {
    let Some(theirs) = theirs(text) else {
        return Ok(());
    };
    match (ours(text), theirs) {
        (Err(_), Ok(_)) if crate_is_known_to_be_lax(text) => {}
        (Ok(_), Err(_)) if crate_is_known_to_err(text) => {}
        (Ok(ours), theirs) => prop_assert_eq!(theirs, Ok(ours), "\n{}\n{:?}", text, text),
        (Err(codes), Ok(_)) => {
            let on_purpose = codes.iter().any(|code| ON_PURPOSE.contains(code));
            prop_assert!(on_purpose, "{:?} refuses\n{}\n{:?}", codes, text, text);
        }
        (Err(_), Err(_)) => {}
    }
    Ok(())
}

const PIECES: &[&str] = &[
    "a",
    "b-c",
    "-",
    "+",
    ".",
    "-a",
    "r",
    "true",
    "null",
    "inf",
    "#true",
    "#false",
    "#null",
    "#inf",
    "#nan",
    "#-inf",
    "#yes",
    "0",
    "12",
    "-3",
    "+4",
    "1_0",
    "0x1F",
    "0b1_0",
    "0o7",
    "1.5",
    "-1.5e3",
    "1e-2",
    "1.",
    ".5",
    "-.5",
    "1x",
    "0xg",
    "_1",
    "1__0",
    "0x_1",
    "1._5",
    "1e_5",
    "1_.5",
    "\"\"",
    "\"x\"",
    "\"a\\nb\\u{e9}\\s\"",
    "\"\\u{d800}\"",
    "\"\\q\"",
    "\"a\\  \n  b\"",
    "#\"x\"#",
    "##\"a\"#b\"##",
    "#\"\"#",
    "\"\"\"\n  x\n  \"\"\"",
    "\"\"\"\n    x\n   \n  y \\\n   z\n  \"\"\"",
    "#\"\"\"\n\tx\\\n\t\"\"\"#",
    "\"\"\"\nx\"\"\"",
    "\"\"\"\"\"\"",
    "#\"\"\"#",
    "=",
    "=",
    "{",
    "}",
    "{",
    "}",
    " ",
    " ",
    " ",
    "\n",
    "\n",
    ";",
    "\t",
    "\\",
    "\\\n",
    "\\ // c\n",
    "\r\n",
    "\r",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{a0}",
    "// c\n",
    "// c",
    "/* c */",
    "/* /* c */ */",
    "/*",
    "/-",
    "/- ",
    "/-\n",
    "(t)",
    "(",
    ")",
    "[",
    "]",
    ",",
    "<",
    "é",
    "😀",
    "\0",
    "\u{202e}",
    "#",
    "##",
    "\"",
    "'",
];

const WHOLE: &str = r##"jobs 4
test "unit" tag=#true {
    run "pytest" -q /* quiet */ --junit="{{out}}/r.xml"
    shell """
        one \
            two
          three

        """; needs "a" b \
        c
    /- timeout "5m"
    retry attempts=0x2 /-delay=1 { /-x 1
 y 1.5e3; }
    in #"src/**/*.py"# // here
}
"##;

/// Whole texts with pieces put in, taken out or put in place of others.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..4usize, select(PIECES));
    vec(edit, 1..4).prop_map(|edits| {
        let mut chars: Vec<char> = WHOLE.chars().collect();
        for (index, removed, piece) in edits {
            let start = index.index(chars.len());
            let end = chars.len().min(start + removed);
            chars.splice(start..end, piece.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn loose_pieces_are_read_as_the_crate_reads_them(pieces in vec(select(PIECES), 0..14)) {
        assert_agree(&pieces.concat())?;
    }

    #[test]
    fn pieces_apart_are_read_as_the_crate_reads_them(pieces in vec(select(PIECES), 0..10)) {
        assert_agree(&format!("a {}", pieces.join(" ")))?;
    }

    #[test]
    fn whole_texts_with_mistakes_are_read_as_the_crate_reads_them(text in mutated()) {
        assert_agree(&text)?;
    }

    #[test]
    fn a_value_alone_is_read_as_the_crate_reads_it(value in r#"[-+.0-9a-fxo_#"e]{1,8}"#) {
        assert_agree(&format!("n {value}"))?;
    }
}
