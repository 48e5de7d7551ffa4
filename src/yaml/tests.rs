//! What is read, and what is refused.

use super::*;

#[test]
fn every_node_knows_its_place() {
    let text = "a: ü\nb:\n  - 1\n  - 'two'\n";
    let tree = parse(text).unwrap();
    assert_eq!(&text[tree.entry("b").unwrap().range.clone()], "b");
    let items = tree.get("b").unwrap().items();
    assert_eq!(&text[items[1].range.clone()], "'two'");
    assert_eq!(items[1].text(), Some("two"));
}

#[test]
fn comments_are_passed_over_wherever_they_stand() {
    let tree = parse("# a\na: # b\n  - 1 # c\n  # d\n  - 2\n# e\n").unwrap();
    assert_eq!(tree.get("a").unwrap().items().len(), 2);
}

#[test]
fn json_is_read_as_well() {
    let tree = parse("{\"a\": [true, null, \"x\"], \"b\": {}}").unwrap();
    let items = tree.get("a").unwrap().items();
    assert_eq!(items[0].truth(), Some(true));
    assert!(items[1].is_null());
    assert_eq!(items[2].truth(), None);
}

#[test]
fn json_gives_the_tree_that_yaml_gives() {
    let text = "\n{\"a\" : [true, null , \"x\\n\\u00fc/\", {}, []],\n  \"ü\":-1.5e3, \"n\": {\"deep\": false} }\n";
    assert_eq!(json::parse(text).unwrap(), read::parse(text).unwrap());
}

#[test]
fn what_is_not_quite_json_is_left_to_yaml() {
    for text in [
        "{a: 1}",
        "[1,]",
        "# no\n{}",
        "{\"a\": 1, \"a\": 2}",
        "a",
        "{} {}",
    ] {
        assert_eq!(json::parse(text), None, "{text:?}");
    }
}

#[test]
fn truth_is_that_of_yaml_1_2() {
    let tree = parse("[yes, no, off, true, \"true\"]").unwrap();
    let truths: Vec<_> = tree.items().iter().map(Yaml::truth).collect();
    assert_eq!(truths, [None, None, None, Some(true), None]);
}

#[test]
fn aliases_stand_for_what_they_name() {
    let tree = parse("a: &x {p: 1}\nb: *x\n").unwrap();
    assert_eq!(tree.get("a"), tree.get("b"));
}

#[test]
fn a_name_that_stands_twice_is_refused_with_its_place() {
    let mistake = parse("a: 1\nb: 2\na: 3\n").unwrap_err();
    assert_eq!(mistake.range, 10..11);
}

#[test]
fn a_text_that_its_aliases_blow_up_is_refused() {
    let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..9 {
        let inner = vec![format!("*a{}", level - 1); 10].join(",");
        text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    assert!(parse(&text).unwrap_err().message.contains("too large"));
}

#[test]
fn broken_texts_are_mistakes_and_never_panics() {
    for text in [
        "",
        "a: [",
        "a: *b",
        "a: &x [*x]",
        "{",
        "? [a]: b",
        "a: b: c",
    ] {
        assert!(parse(text).is_err(), "{text:?}");
    }
    let deep = "[".repeat(10_000);
    assert!(parse(&deep).is_err());
    let deep: String = (0..5000)
        .map(|level| format!("{}- \n", " ".repeat(level)))
        .collect();
    let _ = parse(&deep);
}
