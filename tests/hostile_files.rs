//! Files that nobody wrote on purpose, or somebody did: an answer or a diagnostic, and soon.

use std::time::{Duration, Instant};

use sdd::diag::Diags;
use sdd::graph;
use sdd::model::{Files, ReadError, load};
use sdd::span::Sources;
use sdd::syntax::fmt::{format_kdl, format_toml};

struct OneFile<'t>(&'t str);

impl Files for OneFile<'_> {
    fn read(&self, _path: &str) -> Result<String, ReadError> {
        Ok(self.0.to_owned())
    }
}

/// Enough for an unoptimised build on a busy machine, and far from what a quadratic pass needs.
const SOON: Duration = Duration::from_secs(20);

/// The codes of what is wrong with a file, after everything that looks at it did.
fn codes(path: &str, text: &str) -> Vec<&'static str> {
    let start = Instant::now();
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let pipeline = load(path, &OneFile(text), &[], &mut sources, &mut diags);
    graph::build(&pipeline, &mut diags);
    // Whether it can be formatted is of no interest here, only that there is an answer.
    let _ = match path {
        "a.toml" => format_toml(text),
        _ => format_kdl(text),
    };
    assert!(start.elapsed() < SOON, "{path}: {:?}", start.elapsed());
    let mut codes: Vec<&str> = diags.iter().map(|diagnostic| diagnostic.code.id).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

const KDL: &str = "command \"a\" {\n    run \"x\"\n}\n";
const TOML: &str = "[command.a]\nrun = \"x\"\n";

#[test]
fn ten_thousand_levels_are_too_deep() {
    let levels = 10_000;
    let nested = |open: &str, close: &str| open.repeat(levels) + &close.repeat(levels);
    for text in [
        nested("env {", "}"),
        nested("env /-{", "}"),
        "env {".repeat(levels),
    ] {
        let codes = codes("a.kdl", &text);
        assert!(codes.contains(&"too-deep") && !codes.contains(&"syntax"));
    }
    assert!(!codes("a.kdl", &"}".repeat(levels)).is_empty());
    assert!(!codes("a.kdl", &format!("{}{KDL}", nested("/*", "*/"))).contains(&"syntax"));
    assert!(codes("a.kdl", &"/*".repeat(levels)).contains(&"syntax"));
    assert!(codes("a.kdl", &"/- ".repeat(levels)).contains(&"syntax"));
    assert!(codes("a.toml", &format!("a = {}", nested("[", "]"))).contains(&"syntax"));
    assert!(codes("a.toml", &format!("a = {}", "{a = ".repeat(levels))).contains(&"syntax"));
    let dotted = "a.".repeat(levels);
    for text in [
        format!("{dotted}a = 1"),
        format!("[{dotted}a]"),
        format!("[[{dotted}a]]"),
    ] {
        assert!(codes("a.toml", &text).contains(&"syntax"));
    }
}

#[test]
fn ten_megabytes_are_too_large() {
    for (path, line) in [("a.kdl", "a\n"), ("a.toml", "# a\n"), ("a.kdl", "/*")] {
        assert_eq!(codes(path, &line.repeat(10 << 20 >> 1)), ["too-large"]);
    }
}

#[test]
fn a_quarter_megabyte_of_mistakes_is_answered_soon() {
    let fill = |line: &str| line.repeat((1 << 18) / line.len());
    for line in [
        "a\n", "a 1x\n", "\u{0}", "\"", "(", "=", "a=", "#\"", "\\", "}",
    ] {
        assert!(!codes("a.kdl", &fill(line)).is_empty(), "{line}");
    }
    for line in ["[", "a=", "\"", "a=1\n", "[[a]]\n", "\u{0}", "'", "a.a."] {
        assert!(!codes("a.toml", &fill(line)).is_empty(), "{line}");
    }
}

#[test]
fn many_values_and_many_nodes_are_no_mistake() {
    let values = format!(
        "command \"a\" {{\n run \"x\" {}\n}}",
        "\"y\" ".repeat(100_000)
    );
    assert_eq!(codes("a.kdl", &values), [""; 0]);
    let node = |index: usize| format!("command \"n{index}\" {{ run \"x\"; reads; }}\n");
    let nodes: String = (0..5_000).map(node).collect();
    assert_eq!(codes("a.kdl", &nodes), [""; 0]);
}

#[test]
fn a_nul_is_a_mistake_where_it_stands() {
    assert_eq!(codes("a.kdl", &format!("{KDL}// \u{0}")), ["syntax"]);
    assert_eq!(codes("a.kdl", &KDL.replace('x', "x\u{0}")), ["syntax"]);
    assert_eq!(codes("a.toml", &TOML.replace('x', "x\u{0}")), ["syntax"]);
}

#[test]
fn lone_surrogates_are_no_characters() {
    assert_eq!(codes("a.kdl", &KDL.replace('x', "\\u{d800}")), ["syntax"]);
    assert_eq!(codes("a.kdl", &KDL.replace('x', "\\u{110000}")), ["syntax"]);
    assert_eq!(codes("a.toml", &TOML.replace('x', "\\ud800")), ["syntax"]);
}

#[test]
fn line_breaks_of_windows_and_a_byte_order_mark_are_no_mistakes() {
    for (path, text) in [("a.kdl", KDL), ("a.toml", TOML)] {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(codes(path, &windows), [""; 0], "{path}");
    }
}

#[test]
fn a_file_without_anything_has_no_nodes() {
    for text in ["", "\u{feff}", "\n", "\r\n\r\n", "  "] {
        assert_eq!(codes("a.kdl", text), ["empty-pipeline"], "{text:?}");
        assert_eq!(codes("a.toml", text), ["empty-pipeline"], "{text:?}");
    }
}
