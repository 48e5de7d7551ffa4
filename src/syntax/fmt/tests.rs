//! Before and after: the style by example.

use super::{FormatRefusal, format_kdl, structure_fault};

/// Asserts what `before` becomes, and that the result stays as it is.
#[track_caller]
fn becomes(before: &str, after: &str) {
    assert_eq!(format_kdl(before).as_deref(), Ok(after));
    assert_eq!(format_kdl(after).as_deref(), Ok(after));
}

#[track_caller]
fn stays(text: &str) {
    becomes(text, text);
}

#[test]
fn nodes_stand_on_lines_of_their_own() {
    becomes("a;b 1;  c", "a\nb 1\nc\n");
    becomes("a   1\t2  key  =  3", "a 1 2 key=3\n");
    becomes("\n\n  a\n\n\n\n b\n\n", "a\n\nb\n");
}

#[test]
fn children_are_indented_by_four_spaces() {
    becomes(
        "a{\n\n b {\n\tc\n}\n\n}",
        "a {\n    b {\n        c\n    }\n}\n",
    );
    becomes("a {  }\nb {\n\n}", "a {}\nb {}\n");
}

#[test]
fn a_block_with_one_node_may_stay_on_one_line() {
    becomes("retry{attempts 2;}", "retry { attempts 2 }\n");
    becomes("when {\n  branch main\n}", "when {\n    branch main\n}\n");
    becomes("a { b; c }", "a {\n    b\n    c\n}\n");
    becomes("a { b { c 1 } }", "a {\n    b { c 1 }\n}\n");
    becomes("a { b /* why */ }", "a {\n    b /* why */\n}\n");
}

#[test]
fn a_block_on_one_line_ends_within_80_columns() {
    let fits = format!("a {{ {} }}\n", "b".repeat(74));
    stays(&fits);
    let wide = "b".repeat(75);
    becomes(
        &format!("a {{ {wide} }}"),
        &format!("a {{\n    {wide}\n}}\n"),
    );
}

#[test]
fn comments_stay_where_they_are() {
    stays("// top\n\na 1 // one\n/* two */ b /* three */ 2 /* four */\n// end\n");
    stays("a { // opens\n    b\n    // inside\n} // closes\nc\n");
    becomes("a;// x\nb;/* y */c", "a // x\nb\n/* y */ c\n");
    becomes("a { /* x */ b\n}", "a {\n    /* x */ b\n}\n");
    becomes("a/*x*/;b", "a /*x*/\nb\n");
    stays("a { // only\n}\n");
    stays("a {\n    /* only */\n}\n");
}

#[test]
fn comments_may_stand_anywhere_inside_a_node() {
    becomes(
        "( /*a*/ u8 )/*b*/x /*c*/ k /*d*/ = /*e*/ (/*f*/u8/*g*/)1/*h*/{}/*i*/",
        "(/*a*/ u8)/*b*/ x /*c*/ k /*d*/=/*e*/ (/*f*/ u8 /*g*/)1 /*h*/ {} /*i*/\n",
    );
    becomes("a /*x /*y*/\r\n  z*/ 1", "a /*x /*y*/\n  z*/ 1\n");
}

#[test]
fn what_a_backslash_continues_is_indented_once_more() {
    becomes(
        "a 1\\\n2\\ // why\n 3{b \\\n c}",
        "a 1 \\\n    2 \\ // why\n    3 {\n    b \\\n        c\n}\n",
    );
    becomes("a \\ /*x*/ // y\n1", "a \\ /*x*/ // y\n    1\n");
}

#[test]
fn a_backslash_that_continues_nothing_goes() {
    becomes("a \\\n\nb", "a\n\nb\n");
    becomes("a \\\n// c\nb", "a\n// c\nb\n");
    becomes("a \\\n{b\n}", "a {\n    b\n}\n");
    becomes("a { b \\\n}", "a {\n    b\n}\n");
    becomes("a \\\n \\\n {}", "a {}\n");
    becomes("a \\\n;b", "a\nb\n");
    becomes("\\\na \\", "a\n");
    stays("a \\ // why\n    {}\n");
}

#[test]
fn slashdash_stands_right_before_what_it_takes_out() {
    becomes(
        "/-  a 1\nb /- \n 2 /- k = 3 /- { c; }  {}",
        "/-a 1\nb /-2 /-k=3 /-{ c } {}\n",
    );
    becomes("/- // why\n\n a", "/- // why\na\n");
    becomes("a /- // why\n 1", "a /- // why\n    1\n");
    becomes("/-/*x*/(t) a {b\n}", "/-/*x*/ (t)a {\n    b\n}\n");
}

#[test]
fn the_version_marker_stays() {
    becomes("\u{feff}/- kdl-version 2\r\na\r\n", "/- kdl-version 2\na\n");
}

#[test]
fn strings_and_numbers_stay_as_spelled() {
    stays("\"a b\" \"\\u{e9}\\n\" #\"\\d\"# ##\"\"#\"## 0xFF 1_000 +1.50e3 #true #-inf #nan\n");
    stays("a \"one \\\n          two\"\n");
}

#[test]
fn the_lines_of_a_string_move_with_its_closing_quotes() {
    becomes(
        "a {\n  run \"\"\"\r\n  x\r\n    \r\n    y  \r\n  \"\"\" 1\n}",
        "a {\n    run \"\"\"\n        x\n\n          y  \n        \"\"\" 1\n}\n",
    );
    becomes(
        "a #\"\"\"\n\tx \\\n\t\ty\n\t\"\"\"#",
        "a #\"\"\"\n    x \\\n    \ty\n    \"\"\"#\n",
    );
    becomes("\"\"\"\nx\n\"\"\"", "\"\"\"\n    x\n    \"\"\"\n");
}

#[test]
fn a_string_does_not_move_when_a_joined_line_lacks_its_indentation() {
    stays("a \"\"\"\n  x \\\n y\n  \"\"\"\n");
    becomes(
        "a \"\"\"\n  x \\\n    y\n  \"\"\"",
        "a \"\"\"\n    x \\\n      y\n    \"\"\"\n",
    );
}

#[test]
fn an_empty_file_stays_empty() {
    becomes(" \n\t\n", "");
    stays("// only\n");
}

#[test]
fn what_is_not_kdl_is_refused_with_its_place() {
    for (text, at, says) in [
        ("a {\n b", 2, "this block is not closed"),
        ("a\n}", 2, "expected a node, found `}`"),
        ("a \"b", 2, "string is not closed"),
        ("a k=\nb", 5, "expected a value, found `b`"),
        ("a {} b", 5, "expected the end of the node, found `b`"),
        ("a [1]", 2, "unexpected character"),
        (
            "a \\ b",
            4,
            "expected the end of the line after `\\`, found `b`",
        ),
        ("a (", 2, "expected the name of a type after this"),
        ("a;;b", 2, "expected a node, found `;`"),
    ] {
        let message = says.to_owned();
        let refusal = FormatRefusal::Syntax {
            offset: at,
            message,
        };
        assert_eq!(format_kdl(text), Err(refusal));
    }
}

#[test]
fn what_only_the_parser_knows_is_refused_too() {
    for text in [
        "a true",
        "a 1x",
        "a \"\\q\"",
        "a b\"c\"",
        "1",
        "a \"\"\"\nx\n  \"\"\"",
    ] {
        assert_eq!(structure_fault(text), None);
        let refusal = format_kdl(text);
        assert!(matches!(refusal, Err(FormatRefusal::Syntax { .. })));
    }
}

#[test]
fn what_would_overflow_the_parser_is_refused() {
    for text in [
        "a {".repeat(10_000),
        "/*".repeat(10_000),
        format!("a /{}/", "*".repeat(100_000)),
        format!("{}{}", "a /-{".repeat(30), "}".repeat(30)),
        "}".repeat(100_000),
    ] {
        let refusal = format_kdl(&text);
        assert!(matches!(refusal, Err(FormatRefusal::TooDeep { .. })));
    }
    let large = " ".repeat(super::SIZE_LIMIT + 1);
    let size = large.len();
    assert_eq!(format_kdl(&large), Err(FormatRefusal::TooLarge { size }));
}

#[test]
fn a_real_pipeline() {
    let text = include_str!("samples/pipeline.kdl");
    let out = format_kdl(text).expect("the sample is valid KDL");
    assert_eq!(format_kdl(&out).as_deref(), Ok(out.as_str()));
    insta::assert_snapshot!(out);
}
