//! The renderers as their users see them.

mod property;

use super::*;
use crate::sched::Outcome;

const PLAIN: Style = Style {
    colour: false,
    ascii: false,
    width: 100,
};

fn vertex(id: &str, kind: &str) -> Vertex {
    Vertex {
        id: id.to_owned(),
        kind: kind.to_owned(),
        required: true,
        ..Vertex::default()
    }
}

fn link(from: usize, to: usize, kind: LinkKind) -> Link {
    Link { from, to, kind }
}

fn needs(pairs: &[(usize, usize)]) -> Vec<Link> {
    let pairs = pairs.iter();
    pairs
        .map(|&(from, to)| link(from, to, LinkKind::Needs))
        .collect()
}

fn picture(ids: &[&str], pairs: &[(usize, usize)]) -> Picture {
    Picture {
        title: "sample".to_owned(),
        vertices: ids.iter().map(|id| vertex(id, "command")).collect(),
        links: needs(pairs),
        ..Picture::default()
    }
}

/// A pipeline with an environment, a conflict, an order, a matrix and an optional node.
fn pipeline() -> Picture {
    let ids = [
        ("format", "format"),
        ("unit", "test"),
        ("py:lint", "lint"),
        ("db", "setup"),
        ("migrate", "command"),
        ("api[python=3.11]", "test"),
        ("api[python=3.12]", "test"),
        ("db.down", "teardown"),
        ("report", "docs"),
    ];
    let mut picture = picture(&[], &[(0, 1), (0, 2), (3, 4), (4, 5), (4, 6)]);
    picture.title = "end-of-session".to_owned();
    picture.vertices = ids.iter().map(|(id, kind)| vertex(id, kind)).collect();
    picture.links.extend(needs(&[(1, 8), (5, 8), (6, 8)]));
    let ending = (3..7).map(|user| link(user, 7, LinkKind::Finalises));
    picture.links.extend(ending);
    let glob = "src/**/*.py".to_owned();
    picture.links.push(link(0, 4, LinkKind::Conflict { glob }));
    picture.links.push(link(2, 8, LinkKind::After));
    picture.vertices[2].required = false;
    picture.vertices[3].environment = true;
    picture.vertices[7].teardown_of = Some(3);
    picture.vertices[1].description = Some("says \"<hello>\" & more".to_owned());
    picture.scopes.push(Scope {
        environment: 3,
        teardown: Some(7),
        users: vec![4, 5, 6],
    });
    picture
}

/// The same pipeline after a run that failed.
fn run() -> Picture {
    let mut picture = pipeline();
    let endings = [
        (Outcome::Passed, Some(412)),
        (Outcome::Failed, Some(5_310)),
        (Outcome::Error, Some(80)),
        (Outcome::Passed, Some(1_900)),
        (Outcome::Passed, Some(700)),
        (Outcome::TimedOut, Some(600_000)),
        (Outcome::Cancelled, Some(125_000)),
        (Outcome::Passed, Some(300)),
        (Outcome::Skipped, None),
    ];
    for (vertex, (outcome, duration_ms)) in picture.vertices.iter_mut().zip(endings) {
        vertex.outcome = Some(outcome);
        vertex.duration_ms = duration_ms;
    }
    picture.vertices[8].skipped = Some("unit did not pass".to_owned());
    picture.critical_path = vec![3, 4, 5, 7];
    picture.run = Some(RunLabel {
        id: "20261122T163301Z-4f2a".to_owned(),
        verdict: "failed".to_owned(),
        duration_ms: 602_900,
    });
    picture
}

fn draw_as(name: &str, picture: &Picture, style: &Style) -> String {
    let renderer = renderer(name).expect("the format exists");
    let mut out = Vec::new();
    (renderer.render)(picture, style, &mut out).expect("a vector takes all that is written");
    String::from_utf8(out).expect("pictures are UTF-8")
}

fn draw(name: &str, picture: &Picture) -> String {
    draw_as(name, picture, &PLAIN)
}

#[test]
fn a_plan_in_every_format() {
    for renderer in RENDERERS {
        insta::assert_snapshot!(
            format!("plan.{}", renderer.name),
            draw(renderer.name, &pipeline())
        );
    }
}

#[test]
fn a_run_in_every_format() {
    for renderer in RENDERERS {
        insta::assert_snapshot!(
            format!("run.{}", renderer.name),
            draw(renderer.name, &run())
        );
    }
}

#[test]
fn text_for_a_terminal_without_unicode() {
    let style = Style {
        ascii: true,
        ..PLAIN
    };
    let drawn = draw_as("text", &run(), &style);
    assert!(drawn.is_ascii(), "{drawn}");
    insta::assert_snapshot!(drawn);
}

#[test]
fn text_with_colours() {
    let style = Style {
        colour: true,
        ..PLAIN
    };
    insta::assert_snapshot!(draw_as("text", &run(), &style).replace('\u{1b}', "␛"));
}

#[test]
fn small_graphs_look_like_what_they_are() {
    let diamond = picture(
        &["top", "left", "right", "bottom"],
        &[(0, 1), (0, 2), (1, 3), (2, 3)],
    );
    insta::assert_snapshot!(draw("text", &diamond), @"
    sample · 4 nodes · 3 waves

    1 ●    top     command
    2 ├─●  left    command  ← top
    2 ● │  right   command  ← top
    3 ●─╯  bottom  command  ← left, right
    ");
    let chain = picture(&["format", "lint", "unit"], &[(0, 1), (1, 2)]);
    insta::assert_snapshot!(draw("text", &chain), @"
    sample · 3 nodes · 3 waves

    1 ●  format  command
    2 ●  lint    command  ← format
    3 ●  unit    command  ← lint
    ");
    insta::assert_snapshot!(draw("text", &picture(&["unit"], &[])), @"
    sample · 1 node

    ●  unit  command
    ");
}

#[test]
fn many_that_lead_to_the_same_share_a_rail() {
    let ids = ["build", "a", "b", "c", "d", "report"];
    let fan: Vec<(usize, usize)> = (1..5).flat_map(|it| [(0, it), (it, 5)]).collect();
    insta::assert_snapshot!(draw("text", &picture(&ids, &fan)), @"
    sample · 6 nodes · 3 waves

    1 ●      build   command
    2 ├─●─╮  a       command  ← build
    2 ├─●▸┤  b       command  ← build
    2 ├─●▸┤  c       command  ← build
    2 ●──▸┤  d       command  ← build
    3     ●  report  command  ← a, b, c, d
    ");
}

#[test]
fn a_link_that_a_longer_way_says_is_not_drawn_but_told() {
    let picture = picture(&["a", "b", "c"], &[(0, 1), (1, 2), (0, 2)]);
    insta::assert_snapshot!(draw("text", &picture), @"
    sample · 3 nodes · 3 waves

    1 ●  a  command
    2 ●  b  command  ← a
    3 ●  c  command  ← b, a
    ");
    assert!(!draw("dot", &picture).contains(r#""a" -> "c""#));
    assert!(draw("json", &picture).contains(r#""to": "c""#));
}

#[test]
fn text_keeps_to_the_width_and_gives_up_names_last() {
    for width in 20..120 {
        for ascii in [false, true] {
            let style = Style {
                ascii,
                width,
                ..PLAIN
            };
            for line in draw_as("text", &run(), &style).lines() {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                assert!(columns <= width, "{columns} > {width}: {line}");
            }
        }
    }
    let style = Style { width: 50, ..PLAIN };
    assert!(draw_as("text", &run(), &style).contains("api[python=3.11]"));
}

#[test]
fn what_has_no_room_for_a_rail_is_counted() {
    let count = 12;
    let ids: Vec<String> = (0..2 * count).map(|it| format!("n{it}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let crossing: Vec<_> = (0..count).map(|it| (it, 2 * count - 1 - it)).collect();
    let mut picture = picture(&ids, &crossing);
    let first_late: Vec<_> = (0..count).map(|it| (it, count)).collect();
    picture.links.extend(needs(&first_late));
    let drawn = draw_as("text", &picture, &Style { width: 40, ..PLAIN });
    assert!(drawn.contains("without a rail"), "{drawn}");
    let wide = draw_as("text", &picture, &Style { width: 0, ..PLAIN });
    assert!(!wide.contains("without a rail"), "{wide}");
}

#[test]
fn names_cannot_break_out_of_any_format() {
    let evil = "a\"]\\; <b>&'`#{{x}}\n\u{1b}[31m\u{202e}-->";
    let mut picture = picture(&[evil, "größe[ü=✓]"], &[(0, 1)]);
    picture.title = evil.to_owned();
    picture.vertices[0].description = Some(evil.to_owned());
    for renderer in RENDERERS {
        let drawn = draw(renderer.name, &picture);
        assert!(!drawn.contains(['\u{1b}', '\u{202e}']) || renderer.name == "json");
        assert!(drawn.contains("größe[ü=✓]"), "{drawn}");
    }
    assert!(draw("dot", &picture).contains(r#"\"]\\; <b>&'`#{{x}}"#));
    assert!(draw("mermaid", &picture).contains("a#quot;]\\; #lt;b#gt;#amp;'#96;#35;{{x}}"));
    assert_well_formed(&draw("svg", &picture));
}

#[test]
fn ten_thousand_in_a_row_do_not_overflow() {
    let ids: Vec<String> = (0..10_000).map(|it| format!("n{it}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let pairs: Vec<_> = (1..ids.len()).map(|it| (it - 1, it)).collect();
    let chain = picture(&ids, &pairs);
    for renderer in RENDERERS {
        assert!(draw(renderer.name, &chain).contains("n9999"));
    }
}

#[test]
fn an_environment_within_another_is_a_box_in_its_box() {
    let mut picture = picture(&["net", "db", "api"], &[(0, 1), (1, 2)]);
    for (environment, users) in [(0, vec![1, 2]), (1, vec![2])] {
        picture.scopes.push(Scope {
            environment,
            teardown: None,
            users,
        });
    }
    let drawn = draw("mermaid", &picture);
    let boxes: Vec<&str> = drawn.lines().skip(4).take(7).map(str::trim).collect();
    let expected = [
        "subgraph s0[\"net is up\"]",
        "n0(\"net<br/><small>command</small>\")",
        "subgraph s1[\"db is up\"]",
        "n1(\"db<br/><small>command</small>\")",
        "n2(\"api<br/><small>command</small>\")",
        "end",
        "end",
    ];
    assert_eq!(boxes, expected);
}

#[test]
fn durations_read_as_people_say_them() {
    let said = [
        0, 412, 999, 1_000, 5_310, 59_949, 59_950, 125_000, 3_599_999, 3_720_000,
    ];
    let said = said.map(mark::duration);
    let expected = [
        "0 ms", "412 ms", "999 ms", "1.0 s", "5.3 s", "59.9 s", "1 m 00 s", "2 m 05 s", "1 h 00 m",
        "1 h 02 m",
    ];
    assert_eq!(said, expected);
}

#[test]
fn each_format_has_a_name_of_its_own() {
    for (index, renderer) in RENDERERS.iter().enumerate() {
        let first = RENDERERS.iter().position(|it| it.name == renderer.name);
        assert_eq!(first, Some(index));
    }
}

fn assert_well_formed(xml: &str) {
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return,
            Ok(quick_xml::events::Event::Start(tag)) => {
                for attribute in tag.attributes() {
                    attribute.expect("attributes are well formed");
                }
            }
            Ok(_) => {}
            Err(error) => panic!("{error}\n{xml}"),
        }
    }
}
