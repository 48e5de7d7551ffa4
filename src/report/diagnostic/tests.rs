use super::*;
use crate::span::{SourceId, Span};

const PLAIN: Style = Style {
    width: 80,
    colour: false,
    unicode: true,
};

/// A text with one diagnostic that is labelled at that range.
fn shown(text: &str, range: std::ops::Range<usize>, style: Style) -> String {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let id = sources.add("a.kdl", text);
    let diagnostic = Diagnostic::new("unknown-field", "there is no such field → nothing");
    diags.push(diagnostic.at(Span::new(id, range), "this one"));
    human(&diags, &sources, style)
}

fn human(diags: &Diags, sources: &Sources, style: Style) -> String {
    let mut out = Vec::new();
    (FORMATS[0].write)(diags, sources, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn line_with<'t>(text: &'t str, part: &str) -> &'t str {
    text.lines()
        .find(|line| line.contains(part))
        .unwrap_or_else(|| panic!("no line with {part} in\n{text}"))
}

#[test]
fn columns_of_the_head_count_characters() {
    let text = "b ü😀 xyz\n";
    let at = text.find("xyz").unwrap();
    let shown = shown(text, at..at + 3, PLAIN);
    assert!(shown.contains("[a.kdl:1:6]"), "{shown}");
}

#[test]
fn an_empty_place_at_the_end_of_a_file_is_marked() {
    let shown = shown("needs", 5..5, PLAIN);
    assert!(shown.contains("[a.kdl:1:6]"), "{shown}");
    assert!(line_with(&shown, "this one").ends_with("╰── this one"));
    assert_eq!(
        line_with(&shown, "┬").find('┬'),
        line_with(&shown, "╰──").find('╰')
    );
}

#[test]
fn a_place_beyond_the_end_or_inside_a_character_is_brought_back() {
    assert!(shown("é", 90..95, PLAIN).contains("this one"));
    assert!(shown("é", 1..2, PLAIN).contains("[a.kdl:1:1]"));
    assert!(shown("", 0..0, PLAIN).contains("this one"));
}

#[test]
fn a_place_in_an_unknown_source_is_left_away() {
    let mut sources = Sources::default();
    sources.add("a.kdl", "x");
    let mut others = Sources::default();
    let _ = others.add("a.kdl", "x");
    let foreign: SourceId = others.add("b.kdl", "y");
    let mut diags = Diags::default();
    diags.push(Diagnostic::new("cycle", "a circle").at(Span::new(foreign, 0..1), "here"));
    assert!(human(&diags, &sources, PLAIN).contains("a circle"));
}

#[test]
fn a_long_line_is_cut_round_its_label() {
    let text = format!("{}token{}\n", "x".repeat(6000), "ü".repeat(6000));
    let shown = shown(&text, 6000..6005, PLAIN);
    assert!(shown.contains("[a.kdl:1:6001]"), "{shown}");
    let line = line_with(&shown, "token");
    assert!(line.contains("…x") && line.ends_with("ü…"), "{line}");
    assert!(line.chars().count() <= 80, "{line}");
    let column = |part: &str, mark: &str| {
        let line = line_with(&shown, part);
        line[..line.find(mark).unwrap()].chars().count()
    };
    assert_eq!(column("token", "token"), column("──┬──", "──┬──"));
}

#[test]
fn two_labels_on_a_long_line_are_shown_apart() {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let text = format!("first {} last", "-".repeat(500));
    let end = text.len();
    let id = sources.add("a.kdl", text);
    diags.push(
        Diagnostic::new("cycle", "a circle")
            .at(Span::new(id, end - 4..end), "the end")
            .at(Span::new(id, 0..5), "the beginning"),
    );
    let shown = human(&diags, &sources, PLAIN);
    assert!(
        shown.contains("[a.kdl:1:508]") && shown.contains("[a.kdl:1:1]"),
        "{shown}"
    );
    assert!(
        shown.find("the end") < shown.find("the beginning"),
        "{shown}"
    );
}

#[test]
fn a_place_over_several_lines_is_marked_on_its_first() {
    let shown = shown("shell \"\"\"\n  a\n  \"\"\"\n", 6..20, PLAIN);
    assert!(shown.contains("╰── this one"), "{shown}");
    assert!(!shown.contains("╭─▶"), "{shown}");
}

#[test]
fn nothing_but_ascii_is_drawn_if_the_style_says_so() {
    let style = Style {
        unicode: false,
        ..PLAIN
    };
    let shown = shown("tiemout 5\n", 0..7, style);
    assert!(shown.is_ascii(), "{shown}");
    assert!(shown.contains("there is no such field -> nothing"));
}

#[test]
fn only_the_style_decides_about_colours() {
    let style = Style {
        colour: true,
        ..PLAIN
    };
    assert!(shown("tiemout 5\n", 0..7, style).contains("\u{1b}["));
    assert!(!shown("tiemout 5\n", 0..7, PLAIN).contains('\u{1b}'));
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let text = "a \u{1b}]0;title\u{7} \u{202e}b\r\n";
    let id = sources.add("a\u{1b}.kdl", text);
    let diagnostic = Diagnostic::new("bad-id", "`\u{1b}[2J` can't be an id").help("\u{9b}1m");
    diags.push(diagnostic.at(Span::new(id, 2..5), "\u{1b}"));
    let shown = human(&diags, &sources, PLAIN);
    assert!(shown.contains("a ␛]0;title␇ \u{fffd}b"), "{shown}");
    assert!(
        !shown.chars().any(|c| c.is_control() && c != '\n'),
        "{shown:?}"
    );
}

#[test]
fn messages_are_wrapped_but_quoted_code_stays_whole() {
    let (sources, mut diags) = (Sources::default(), Diags::default());
    let message = format!("{}`needs \"a\" \"b\"` stays", "word ".repeat(7));
    diags.push(Diagnostic::new("cycle", message).in_file("a.kdl"));
    let style = Style { width: 50, ..PLAIN };
    let shown = human(&diags, &sources, style);
    assert!(shown.contains("`needs \"a\" \"b\"` stays"), "{shown}");
    assert!(
        shown.lines().all(|line| line.chars().count() <= 50),
        "{shown}"
    );
    assert!(shown.contains("a.kdl: word"), "{shown}");
}

#[test]
fn nothing_is_said_of_nothing() {
    assert_eq!(human(&Diags::default(), &Sources::default(), PLAIN), "");
}

#[test]
fn every_format_has_a_name_of_its_own() {
    for row in FORMATS {
        assert_eq!(format(row.name).map(|found| found.doc), Some(row.doc));
    }
    assert!(format("xml").is_none());
}
