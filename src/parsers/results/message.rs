//! What a runner's output says of a failure: its message, and where it happened.

use std::sync::LazyLock;

use regex::Regex;

/// The most bytes of a message that are kept.
const LONGEST: usize = 8 * 1024;

/// The most bytes of a test's output that are looked at.
const LONGEST_OUTPUT: usize = 64 * 1024;

/// Appends to the output of a test, up to what is looked at.
pub(super) fn collect(output: &mut String, piece: &str) {
    let room = LONGEST_OUTPUT.saturating_sub(output.len());
    output.push_str(&piece[..piece.floor_char_boundary(room)]);
}

/// A message as it is kept: without colours and surrounding space, and of bounded length.
pub(super) fn tidy(text: &str) -> String {
    static COLOUR: LazyLock<Regex> = LazyLock::new(|| constant(r"\x1b\[[0-9;:]*[A-Za-z]"));
    let text = text.trim();
    let end = text.floor_char_boundary(LONGEST);
    COLOUR.replace_all(&text[..end], "").trim().to_owned()
}

/// What the output of a test says of its failure: what follows a panic of Rust, or what is left
/// without the marks of Go's runner.
pub(super) fn of_output(output: &str) -> String {
    static PANIC: LazyLock<Regex> = LazyLock::new(|| constant(r"(?m)panicked at \S+:\d+:\d+:\n"));
    if let Some(panic) = PANIC.find(output) {
        let after = &output[panic.end()..];
        let end = ["stack backtrace:\n", "note: run with `RUST_BACKTRACE"]
            .iter()
            .filter_map(|mark| after.find(mark))
            .min();
        return tidy(&after[..end.unwrap_or(after.len())]);
    }
    let lines = output.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with("=== ") && !line.starts_with("--- ")
    });
    tidy(&lines.collect::<Vec<_>>().join("\n"))
}

/// Where an output may name its place, and which of several counts: of a Python traceback the last
/// frame is where it happened, of the others the first.
const PLACES: &[(&str, Which)] = &[
    (r"panicked at (?:'.*', )?([^\s:]+):(\d+):\d+", Which::First),
    (
        r"did not panic as expected at ([^\s:]+):(\d+):\d+",
        Which::First,
    ),
    (r#"(?m)^\s*File "([^"]+)", line (\d+)"#, Which::Last),
    (r"(?m)^([^\s:]+\.py):(\d+): ", Which::Last),
    (r"(?m)^ ❯ (?:\S+ )?([^\s:]+):(\d+):\d+$", Which::First),
    (
        r"(?m)^\s*at (?:.*\()?(?:async )?((?:file://)?[^\s():]+):(\d+):\d+\)?$",
        Which::First,
    ),
    (r"(?m)^\t(\S+_test\.go):(\d+) \+0x", Which::First),
    (r"(?m)^\s*(\S+_test\.go):(\d+): ", Which::Last),
];

#[derive(Clone, Copy)]
enum Which {
    First,
    Last,
}

/// The file and the line, from 1, that an output plainly names; those of libraries don't count.
pub(super) fn place(output: &str) -> Option<(String, u64)> {
    static TABLE: LazyLock<Vec<(Regex, Which)>> = LazyLock::new(|| {
        let rows = PLACES.iter();
        rows.map(|(pattern, which)| (constant(pattern), *which))
            .collect()
    });
    TABLE.iter().find_map(|(pattern, which)| {
        let mut places = pattern.captures_iter(output).filter_map(|found| {
            let path = found[1].strip_prefix("file://").unwrap_or(&found[1]);
            let line = found[2].parse().ok()?;
            (line > 0 && is_own(path)).then(|| (path.to_owned(), line))
        });
        match which {
            Which::First => places.next(),
            Which::Last => places.last(),
        }
    })
}

/// Whether a file may be the project's.
fn is_own(path: &str) -> bool {
    let foreign = [
        "node_modules/",
        "site-packages/",
        "/lib/python3",
        "/rustdoctest",
    ];
    let inside = ["node:", "<", "/rustc/"];
    !foreign.iter().any(|part| path.contains(part))
        && !inside.iter().any(|start| path.starts_with(start))
}

#[expect(
    clippy::unwrap_used,
    reason = "the patterns are constants of this file"
)]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(output: &str) -> Option<(String, u64)> {
        place(output)
    }

    #[test]
    fn a_place_is_what_the_output_plainly_names() {
        let expected = |path: &str, line| Some((path.to_owned(), line));
        let rust = "thread 'a' (7) panicked at src/x.rs:12:5:\nassertion failed\n";
        assert_eq!(at(rust), expected("src/x.rs", 12));
        let pytest = "E  x\n\nhelper.py:3: in f\n\ntests/test_x.py:12: AssertionError";
        assert_eq!(at(pytest), expected("tests/test_x.py", 12));
        let python = "  File \"/usr/lib/python3.11/unittest/case.py\", line 9, in run\n  File \"t.py\", line 4, in f\n";
        assert_eq!(at(python), expected("t.py", 4));
        let node = "Error: x\n    at f (node:internal/test:1:2)\n    at g (/p/node_modules/a/b.js:1:2)\n    at file:///p/a.test.mjs:5:10\n";
        assert_eq!(at(node), expected("/p/a.test.mjs", 5));
        let vitest = "Error: x\n ❯ test/price.test.js:6:25\n";
        assert_eq!(at(vitest), expected("test/price.test.js", 6));
        let go = "=== RUN   T\n    x_test.go:13: log\n    x_test.go:14: wrong\n";
        assert_eq!(at(go), expected("x_test.go", 14));
        assert_eq!(at("at 12:30:00 it rained; see http://a.b:80/"), None);
    }

    #[test]
    fn a_message_is_what_a_person_would_read_first() {
        let rust =
            "noise\nthread 'a' panicked at a.rs:1:2:\nleft\nright\nstack backtrace:\n   0: x";
        assert_eq!(of_output(rust), "left\nright");
        let go = "=== RUN   T\n    x_test.go:14: 6 is not 7\n--- FAIL: T (0.00s)\n";
        assert_eq!(of_output(go), "x_test.go:14: 6 is not 7");
        assert_eq!(tidy(" \u{1b}[31mred\u{1b}[39m "), "red");
        assert_eq!(tidy(&"ä".repeat(LONGEST)).len(), LONGEST);
    }
}
