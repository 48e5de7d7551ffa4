use super::*;
use crate::span::Sources;
use crate::syntax::print_kdl;

/// What is read, printed in the uniform layout, and the messages of what is wrong.
fn read(text: &str) -> (String, Vec<String>) {
    let mut diags = Diags::default();
    let id = Sources::default().add("a.kdl", text);
    let document = parse(id, text, &mut diags);
    let messages = diags.iter().map(|diagnostic| diagnostic.message.clone());
    (print_kdl(&document), messages.collect())
}

fn reads_as(text: &str, expected: &str) {
    assert_eq!(read(text), (expected.to_owned(), Vec::new()), "{text}");
}

fn fails_with(text: &str, message: &str) {
    let (_, messages) = read(text);
    assert_eq!(messages, [message], "{text}");
}

#[test]
fn what_is_commented_out_may_stand_on_the_next_line() {
    reads_as("a 1 /-\n 2 3", "a 1 3\n");
    reads_as("/- // why\n\n a 1\nb", "b\n");
}

#[test]
fn a_block_that_is_commented_out_leaves_the_one_that_counts() {
    reads_as(
        "a /-{ x 1 } { y 2 } /-{ z }",
        "\na {\n    y 2\n}\n".trim_start(),
    );
    reads_as("a k=1 /- { x; y }\nb", "a {\n    k 1\n}\n\nb\n");
}

#[test]
fn a_node_has_one_block_and_ends_with_it() {
    fails_with("a { x } { y }", "a node has one block");
    fails_with("a { x } b", "a node ends with its block");
    fails_with("a /-{ x } b", "a node ends with its block");
}

#[test]
fn a_block_that_is_commented_out_is_read_for_its_mistakes() {
    fails_with("a /- {", "this block is never closed");
    fails_with("a /- { b 1x }", "`1x` is no number");
}

#[test]
fn a_backslash_needs_a_line_to_continue() {
    reads_as("a \\ // why\n 1", "a 1\n");
    fails_with("a \\ 1", "no line break follows this `\\`");
}

#[test]
fn a_semicolon_ends_a_node() {
    reads_as("a;b { c; };", "a\n\nb {\n    c\n}\n");
    fails_with("a;;b", "this `;` ends no node");
}

#[test]
fn characters_that_can_not_be_seen_are_refused_wherever_they_stand() {
    reads_as("\u{feff}a \"\\u{202e}\"", "a \"\\u{202e}\"\n");
    for text in ["a \"\u{202e}\"", "a // \u{202e}", "a /*\u{202e}*/ 1"] {
        fails_with(text, "the character `\\u{202e}` can't stand in a KDL text");
    }
}

#[test]
fn a_raw_string_of_one_line_does_not_begin_like_one_of_several() {
    fails_with(
        "a #\"\"\"#",
        "this looks like a string of several lines, but has one",
    );
    reads_as("a #\"\"# #\"x\"y\"#", "a \"\" #\"x\"y\"#\n");
}
