//! The list of all items: read, asked for the current one, and added to.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::told;
use crate::work::*;

fn items(text: &str) -> (Option<Items>, Vec<String>) {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let source = sources.add(LIST, text);
    let items = read_items(text, source, &mut diags);
    (items, diags.iter().map(|one| one.message.clone()).collect())
}

#[test]
fn the_mistakes_of_a_list_are_told_all_at_once() {
    let text = r#"{"work_items": {"a": {"type": "featur"}, "b": {}, "c": 1, "d": {"type": "bug", "status": "done"},
        "e": {"type": "bug", "spec_file": "../x"}, "e": {"type": "bug"}, "f": {"type": 1}, "../g": {"type": "bug"}}}"#;
    assert_eq!(
        items(text).1,
        [
            "the work item `e` is there twice",
            "`type` of `a` can't be `featur`",
            "the work item `b` has no `type`",
            "the work item `c` is no object",
            "`status` of `d` can't be `done`",
            "`spec_file` of `e` leaves the project",
            "`type` of `f` is no text",
            "`../g` can't be the id of a work item",
        ]
    );
    assert_eq!(items("[]").1, ["the list of work items is no object"]);
    assert_eq!(
        items("{\"work_items\": []}").1,
        ["`work_items` is no object of items by their ids"]
    );
}

#[test]
fn the_current_item_is_the_one_asked_for_or_the_only_one_in_progress() {
    let list = |statuses: &[&str]| {
        let items = (0..)
            .zip(statuses)
            .map(|(index, status)| Item::new(&format!("item-{index}"), "bug", "x", status, "x.md"));
        Items(items.collect())
    };
    let reason = |items: &Items, asked| items.current(asked).unwrap_err().reason;
    let one = list(&["completed", "in_progress"]);
    assert_eq!(one.current(None).unwrap().id, "item-1");
    assert_eq!(one.current(Some("item-0")).unwrap().id, "item-0");
    let unknown = one.current(Some("itm-0")).unwrap_err();
    assert_eq!(unknown.reason, "there is no work item `itm-0`");
    assert_eq!(unknown.help.as_deref(), Some("did you mean `item-0`?"));
    assert_eq!(reason(&list(&[]), None), "no work item is in progress");
    assert_eq!(
        reason(&list(&["in_progress", "in_progress"]), None),
        "several work items are in progress: item-0, item-1"
    );
}

#[test]
fn a_list_with_a_mistake_is_no_list_so_that_no_item_is_taken_for_another() {
    let text =
        r#"{"work_items": {"a": {"type": "bug", "spec_file": "../a.md"}, "b": {"type": "bug"}}}"#;
    let (read, told) = items(text);
    assert_eq!(told, ["`spec_file` of `a` leaves the project"]);
    assert_eq!(read, None);
}

#[test]
fn a_key_that_is_there_twice_is_told_since_either_may_be_meant() {
    let text =
        r#"{"work_items": {"a": {"type": "bug", "spec_file": "a.md", "spec_file": "b.md"}}}"#;
    assert_eq!(items(text).1, ["`spec_file` of `a` is there twice"]);
    let text = r#"{"work_items": {}, "work_items": {"a": {"type": "bug"}}}"#;
    assert_eq!(items(text).1, ["`work_items` is there twice"]);
}

#[test]
fn a_record_that_can_not_be_read_is_told_though_the_text_is_json() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    for (value, reason) in [
        (r#""\ud800""#, "unexpected end of hex escape"),
        ("1e999", "number out of range"),
        (deep.as_str(), "recursion limit exceeded"),
    ] {
        let text = format!(r#"{{"work_items": {{"a": {{"type": "bug", "mine": {value}}}}}}}"#);
        let (read, told) = items(&text);
        assert_eq!(
            told,
            [format!("the work item `a` can't be read: {reason}")],
            "{value}"
        );
        assert_eq!(read, None);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("a number", |number| number.is_finite())
            .prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,6}", inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Everything that others keep in the file is there afterwards, in its order and as written.
    #[test]
    fn a_list_keeps_what_others_wrote_in_it(
        around in prop::collection::vec((".{0,6}", any_value()), 0..4),
        kept in prop::collection::vec(("[a-z]{1,6}", any_value()), 0..4),
        pretty in any::<bool>(),
    ) {
        let mut root: Map<String, Value> = around.into_iter().collect();
        let kept: Map<String, Value> = kept.into_iter().collect();
        root.insert("work_items".to_owned(), Value::Object(kept));
        let before = Value::Object(root);
        let text = if pretty { format!("{before:#}\n") } else { before.to_string() };
        let item = Item::new("NEW", "bug", "A title", "not_started", "x.md");
        let after = insert(Some(&text), &item).unwrap();
        let mut expected = before;
        expected["work_items"]["NEW"] = Value::Object(item.record);
        let read: Value = serde_json::from_str(&after).unwrap();
        // As text, since the order counts too.
        prop_assert_eq!(read.to_string(), expected.to_string());
        let common = text.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        prop_assert!(after.ends_with(text[common..].trim_start()), "{}", after);
    }

    #[test]
    fn no_text_ends_the_program(text in "(\\PC|\n|#|\\*\\*|- |:|\\[|`){0,120}") {
        told("a.md", &text);
        told("a.json", &text);
        items(&text);
    }
}

#[test]
fn a_list_begins_with_its_first_item() {
    let first = Item::new("a", "bug", "A", "not_started", ".session/specs/a.md");
    let text = insert(None, &first).unwrap();
    insta::assert_snapshot!(text, @r#"
    {
      "work_items": {
        "a": {
          "id": "a",
          "type": "bug",
          "title": "A",
          "status": "not_started",
          "spec_file": ".session/specs/a.md"
        }
      }
    }
    "#);
    let second = Item {
        id: "b".to_owned(),
        ..first
    };
    let text = insert(Some(&text), &second).unwrap();
    let (read, told) = items(&text);
    assert_eq!(told, Vec::<String>::new());
    let ids: Vec<String> = read.unwrap().0.into_iter().map(|item| item.id).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(json!(text.matches("\n    \"").count()), json!(2));
}
