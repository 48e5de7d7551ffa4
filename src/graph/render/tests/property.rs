//! What holds for any picture, sound or not.

use proptest::prelude::*;

use super::super::*;
use super::{assert_well_formed, draw, link, picture};

prop_compose! {
    /// Any picture at all: cycles, self-links, doubled links and lost indices included.
    fn any_picture()(
        count in 0_usize..14,
        links in proptest::collection::vec((0_usize..16, 0_usize..16, 0_u8..4), 0..40),
        scopes in proptest::collection::vec(
            (0_usize..16, proptest::option::of(0_usize..16), proptest::collection::vec(0_usize..16, 0..6)),
            0..3,
        ),
        critical_path in proptest::collection::vec(0_usize..16, 0..5),
        outcomes in proptest::collection::vec(0_u8..7, 14),
    ) -> Picture {
        let ids: Vec<String> = (0..count).map(|it| format!("node<{it}>")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut picture = picture(&ids, &[]);
        let kinds = [LinkKind::Needs, LinkKind::After, LinkKind::Finalises, LinkKind::Conflict { glob: "**".to_owned() }];
        picture.links = links.into_iter().map(|(from, to, kind)| link(from, to, kinds[usize::from(kind)].clone())).collect();
        for (environment, teardown, users) in scopes {
            picture.scopes.push(Scope { environment, teardown, users });
            if let Some(vertex) = teardown.and_then(|it| picture.vertices.get_mut(it)) {
                vertex.teardown_of = Some(environment);
            }
        }
        for (vertex, outcome) in picture.vertices.iter_mut().zip(outcomes) {
            let endings = mark::OUTCOME_MARKS;
            vertex.outcome = endings.get(usize::from(outcome)).map(|mark| mark.outcome);
        }
        picture.critical_path = critical_path;
        picture
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_node_is_in_every_picture(picture in any_picture()) {
        for renderer in RENDERERS {
            let drawn = draw(renderer.name, &picture).replace("&lt;", "<").replace("&gt;", ">");
            let drawn = drawn.replace("#lt;", "<").replace("#gt;", ">");
            for vertex in &picture.vertices {
                prop_assert!(drawn.contains(&vertex.id), "{} lacks {}", renderer.name, vertex.id);
            }
        }
    }

    #[test]
    fn svg_is_well_formed_and_always_the_same(picture in any_picture()) {
        let drawn = draw("svg", &picture);
        assert_well_formed(&drawn);
        prop_assert_eq!(drawn, draw("svg", &picture));
    }

    #[test]
    fn who_waits_is_drawn_below_unless_a_cycle_forbids_it(mut picture in any_picture()) {
        picture.links.retain(|link| link.from < link.to);
        let order = order::Order::of(&picture);
        for link in picture.sound_links() {
            prop_assert!(order.is_forward(link.from, link.to));
            prop_assert!(order.wave[link.from] < order.wave[link.to]);
        }
    }

    #[test]
    fn dropping_implied_links_keeps_who_waits_for_whom(mut picture in any_picture()) {
        picture.links.retain(|link| link.from < link.to);
        let order = order::Order::of(&picture);
        let kept = reduction::essential_links(&picture, &order);
        let all: Vec<&Link> = picture.sound_links().collect();
        prop_assert_eq!(reachable(&picture, &all), reachable(&picture, &kept));
    }

    #[test]
    fn no_two_boxes_of_the_svg_touch(picture in any_picture()) {
        let drawn = draw("svg", &picture);
        let boxes: Vec<[f64; 4]> = drawn.lines().filter(|line| line.contains("rx=\"8\"")).map(sides).collect();
        prop_assert_eq!(boxes.len(), picture.vertices.len());
        for (index, a) in boxes.iter().enumerate() {
            for b in &boxes[..index] {
                let apart = a[0] + a[2] < b[0] || b[0] + b[2] < a[0] || a[1] + a[3] < b[1] || b[1] + b[3] < a[1];
                prop_assert!(apart, "{:?} {:?}", a, b);
            }
        }
    }
}

/// All pairs of which the first must be over before the second starts.
fn reachable(picture: &Picture, links: &[&Link]) -> Vec<(usize, usize)> {
    let count = picture.vertices.len();
    let mut pairs = std::collections::BTreeSet::new();
    for from in (0..count).rev() {
        for link in links.iter().filter(|link| link.from == from) {
            let further: Vec<_> = pairs
                .range((link.to, 0)..(link.to + 1, 0))
                .copied()
                .collect();
            pairs.insert((from, link.to));
            pairs.extend(further.into_iter().map(|(_, to)| (from, to)));
        }
    }
    pairs.into_iter().collect()
}

/// Left, top, width and height of a `rect`.
fn sides(rect: &str) -> [f64; 4] {
    ["x", "y", "width", "height"].map(|name| {
        let value = rect
            .split_once(&format!(" {name}=\""))
            .expect("a rect has sides")
            .1;
        let value = value.split('"').next().expect("a value ends");
        value.parse().expect("a side is a number")
    })
}
