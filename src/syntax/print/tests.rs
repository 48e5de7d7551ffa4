use proptest::prelude::*;

use super::super::{Document, Node, Scalar, fmt, parse};
use super::{print_kdl, print_toml};
use crate::diag::Diags;
use crate::span::{Sources, Span, Spanned};

fn read(path: &str, text: &str) -> Document {
    let mut sources = Sources::default();
    let mut diags = Diags::default();
    let id = sources.add(path, text);
    let document = parse(id, sources.get(id).unwrap(), &mut diags);
    assert!(diags.is_empty(), "{diags:?}\n{text}");
    document
}

const PIPELINE: &str = r##"jobs 4

test "unit" {
    needs "a" "b"
    exclusive
    retry attempts=2 delay="1s"
    forbid #"^\s*"a"$"#
    shell """
        one

          two\\
        """
    env {
        A "x" {
            a 1
            b 2
            c 3
            d 4
        }
    }
}

"odd name" #true 1.5 -3
"##;

#[test]
fn kdl_is_printed_in_the_layout_of_the_formatter() {
    let printed = print_kdl(&read("a.kdl", PIPELINE));
    assert_eq!(printed, PIPELINE);
    assert_eq!(fmt::format_kdl(PIPELINE).unwrap(), PIPELINE);
}

#[test]
fn toml_has_plain_values_first_and_tables_in_the_order_of_the_document() {
    let document = read(
        "a.kdl",
        "test { unit { run \"x\"; when { changed \"a\" }; when { changed; changed \"b\" \"c\" } } }
         lint { all { needs; exclusive #true } }
         test { more { run \"y\" \"z\"; re #\"\\d\"# } }
         env { \"odd key\" \"v\" }
         jobs 4",
    );
    let expected = r#"jobs = 4

[test.unit]
run = "x"
when = [{ changed = "a" }, { changed = [[], ["b", "c"]] }]

[lint.all]
needs = []
exclusive = true

[test.more]
run = ["y", "z"]
re = '\d'

[env]
"odd key" = "v"
"#;
    assert_eq!(print_toml(&document), expected);
}

#[test]
fn a_node_with_values_and_children_loses_neither_in_toml() {
    let document = read("a.kdl", "a 1 2 { b 3 }");
    let printed = print_toml(&document);
    assert_eq!(printed, "a = [[1, 2], { b = 3 }]\n");
    assert_eq!(read("a.toml", &printed), read("a.kdl", "a 1 2; a { b 3 }"));
}

#[test]
fn deep_trees_are_printed_without_recursion() {
    const DEPTH: usize = 3_000;
    let mut node = Node::named(Spanned::new("a".into(), Span::default()));
    for _ in 0..DEPTH {
        let mut outer = Node::named(node.name.clone());
        outer.children.push(node);
        node = outer;
    }
    let document = Document { nodes: vec![node] };
    assert!(print_toml(&document).len() > DEPTH);
    assert!(print_kdl(&document).len() > DEPTH);
}

fn text() -> impl Strategy<Value = String> {
    let awkward = r#"["\\'#{}=;/ \n\r\t\u{0}\u{85}\u{2028}\u{feff}\u{202e}aé😀-]{0,8}"#;
    prop_oneof![awkward, "[a-z]{1,5}", any::<String>()]
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        4 => text().prop_map(Scalar::Text),
        1 => any::<i64>().prop_map(|number| Scalar::Int(number.into())),
        1 => any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Scalar::Float),
        1 => any::<bool>().prop_map(Scalar::Bool),
    ]
}

fn nodes(children: bool) -> impl Strategy<Value = Vec<Node>> {
    let spanned = |value| Spanned::new(value, Span::default());
    let args = proptest::collection::vec(
        scalar().prop_map(move |s| Spanned::new(s, Span::default())),
        0..3,
    );
    let leaf = (text(), args).prop_map(move |(name, args)| Node {
        args,
        ..Node::named(spanned(name))
    });
    leaf.prop_recursive(3, 20, 4, move |inner| {
        let block = proptest::collection::vec(inner.clone(), 0..4);
        (inner, block).prop_map(move |(mut node, block)| {
            if node.children.is_empty() && (children || node.args.is_empty()) {
                node.children = block;
            }
            node
        })
    })
    .prop_map(|node| vec![node])
}

proptest! {
    #[test]
    fn what_is_printed_as_kdl_is_read_back(nodes in nodes(true)) {
        let document = Document { nodes };
        let printed = print_kdl(&document);
        prop_assert_eq!(read("a.kdl", &printed), document, "{}", printed);
    }

    #[test]
    fn what_is_printed_as_kdl_is_formatted_already(nodes in nodes(true)) {
        let printed = print_kdl(&Document { nodes });
        prop_assert_eq!(fmt::format_kdl(&printed), Ok(printed));
    }

    #[test]
    fn what_is_printed_as_toml_is_read_back_up_to_the_order(nodes in nodes(false)) {
        let document = Document { nodes };
        let printed = print_toml(&document);
        prop_assert_eq!(ordered(read("a.toml", &printed)), ordered(document), "{}", printed);
    }
}

/// TOML brings nodes of the same name together; otherwise the order stays.
fn ordered(mut document: Document) -> Document {
    fn sort(nodes: &mut [Node]) {
        nodes.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        for node in nodes {
            sort(&mut node.children);
        }
    }
    sort(&mut document.nodes);
    document
}
