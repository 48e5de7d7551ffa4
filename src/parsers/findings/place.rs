//! Places in a JSON document: `a.b`, `a[]`, `a.*`, `a[0]`, `a[key]`, `a[key=value]`.
//!
//! A place is compiled once and then followed in many values; a step that does not fit a value
//! leads nowhere.

use serde_json::Value;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// `a`: the value of a key.
    Key(String),
    /// `[0]`: an item.
    Index(usize),
    /// `[]`: every item of an array.
    Items,
    /// `*`: every value of an object.
    Values,
    /// `[key]`, `[key=value]`: the items that hold something there, or that value.
    Matching(String, Option<String>),
}

impl Step {
    /// Whether it can lead to more than one value.
    pub(super) fn spreads(&self) -> bool {
        !matches!(self, Step::Key(_) | Step::Index(_))
    }

    /// Whether the value is one that this step can go into.
    pub(super) fn fits(&self, value: &Value) -> bool {
        match self {
            Step::Key(_) | Step::Values => value.is_object(),
            Step::Index(_) | Step::Items | Step::Matching(..) => value.is_array(),
        }
    }

    /// The one value that a step leads to that does not spread.
    pub(super) fn single<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Step::Key(key) => value.as_object()?.get(key),
            Step::Index(index) => value.as_array()?.get(*index),
            Step::Items | Step::Values | Step::Matching(..) => None,
        }
    }

    /// Every value that the step leads to, with its name if it has one.
    pub(super) fn all<'v>(&self, value: &'v Value) -> Vec<(Option<&'v str>, &'v Value)> {
        match (self, value) {
            (Step::Items, Value::Array(items)) => items.iter().map(|item| (None, item)).collect(),
            (Step::Matching(key, wanted), Value::Array(items)) => items
                .iter()
                .filter(|item| matches(item, key, wanted.as_deref()))
                .map(|item| (None, item))
                .collect(),
            (Step::Values, Value::Object(entries)) => entries
                .iter()
                .map(|(key, value)| (Some(key.as_str()), value))
                .collect(),
            _ => self
                .single(value)
                .map(|value| (None, value))
                .into_iter()
                .collect(),
        }
    }
}

fn matches(item: &Value, key: &str, wanted: Option<&str>) -> bool {
    let Some(value) = item.as_object().and_then(|entries| entries.get(key)) else {
        return false;
    };
    match wanted {
        Some(wanted) => text(value).as_deref() == Some(wanted),
        None => says_something(value),
    }
}

/// Whether a value is neither false nor null nor empty.
pub(super) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// The text of a value that has one: numbers and booleans do, empty text does not.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A way down from some value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) steps: Vec<Step>,
}

impl Place {
    /// Compiles a place; the error says what is wrong with it.
    pub(super) fn compile(written: &str) -> Result<Self, String> {
        if written == "." {
            return Ok(Self::default());
        }
        let mut rest = written;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            rest = step(rest, &mut steps)?;
        }
        Ok(Self { steps })
    }

    /// Every value that the place leads to.
    pub(super) fn select<'v>(&self, root: &'v Value) -> Vec<&'v Value> {
        let mut found = vec![root];
        for step in &self.steps {
            found = if step.spreads() {
                let all = found.into_iter().flat_map(|value| step.all(value));
                all.map(|(_, value)| value).collect()
            } else {
                found
                    .into_iter()
                    .filter_map(|value| step.single(value))
                    .collect()
            };
        }
        found
    }

    /// Whether the place is there, be it null or without items.
    pub(super) fn is_in(&self, root: &Value) -> bool {
        let Some((last, before)) = self.steps.split_last() else {
            return true;
        };
        let before = Place {
            steps: before.to_vec(),
        };
        let containers = before.select(root);
        containers.into_iter().any(|container| match last {
            Step::Items | Step::Values => last.fits(container),
            _ => !last.all(container).is_empty(),
        })
    }
}

/// Reads the next step; gives what is left.
fn step<'t>(rest: &'t str, steps: &mut Vec<Step>) -> Result<&'t str, String> {
    if let Some(inner) = rest.strip_prefix('[') {
        return bracket(inner, steps);
    }
    let name = match rest.strip_prefix('.') {
        Some(_) if steps.is_empty() => return Err("it begins with `.`".to_owned()),
        Some(name) => name,
        None if steps.is_empty() => rest,
        None => return Err(format!("before `{rest}` a `.` is missing")),
    };
    if let Some(rest) = name.strip_prefix('*') {
        steps.push(Step::Values);
        return Ok(rest);
    }
    let (key, rest) = key(name)?;
    steps.push(Step::Key(key));
    Ok(rest)
}

fn bracket<'t>(inner: &'t str, steps: &mut Vec<Step>) -> Result<&'t str, String> {
    if let Some(rest) = inner.strip_prefix(']') {
        steps.push(Step::Items);
        return Ok(rest);
    }
    let (name, rest) = key(inner)?;
    let is_index = !inner.starts_with('\'') && name.bytes().all(|byte| byte.is_ascii_digit());
    let (step, rest) = match rest.strip_prefix('=') {
        Some(value) => {
            let (value, rest) = key(value)?;
            (Step::Matching(name, Some(value)), rest)
        }
        None if is_index => {
            let index = name.parse().map_err(|_| format!("`{name}` is too large"))?;
            (Step::Index(index), rest)
        }
        None => (Step::Matching(name, None), rest),
    };
    steps.push(step);
    rest.strip_prefix(']')
        .ok_or_else(|| "a `]` is missing".to_owned())
}

/// Reads a key, bare or in quotes; gives what is left.
fn key(text: &str) -> Result<(String, &str), String> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let (key, rest) = quoted.split_once('\'').ok_or("a `'` is missing")?;
        return Ok((key.to_owned(), rest));
    }
    let is_bare = |c: char| c.is_alphanumeric() || "_-$/:".contains(c);
    let end = text.find(|c| !is_bare(c)).unwrap_or(text.len());
    if end > 0 {
        return Ok((text[..end].to_owned(), &text[end..]));
    }
    Err(match text.chars().next() {
        None => "a key is missing at its end".to_owned(),
        Some(odd) => {
            format!("`{odd}` can't stand there; a key with such characters stands in `'…'`")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn found(place: &str, value: &Value) -> Vec<Value> {
        let place = Place::compile(place).unwrap();
        place.select(value).into_iter().cloned().collect()
    }

    #[test]
    fn each_form_of_step_leads_where_it_says() {
        let value = json!({
            "a": {"b": 1, "x.y": 2}, "list": [{"n": 1, "on": true}, {"n": 2, "on": false}]
        });
        assert_eq!(found("a.b", &value), [json!(1)]);
        assert_eq!(found("a.'x.y'", &value), [json!(2)]);
        assert_eq!(found("a.*", &value), [json!(1), json!(2)]);
        assert_eq!(found("list[].n", &value), [json!(1), json!(2)]);
        assert_eq!(found("list[1].n", &value), [json!(2)]);
        assert_eq!(found("list[on].n", &value), [json!(1)]);
        assert_eq!(found("list[n=2].on", &value), [json!(false)]);
        assert_eq!(found("", &value), std::slice::from_ref(&value));
        assert_eq!(found(".", &value), std::slice::from_ref(&value));
        assert_eq!(found("[][0]", &json!([[7], [8]])), [json!(7), json!(8)]);
    }

    #[test]
    fn what_is_not_there_leads_nowhere() {
        let value = json!({"a": {"b": null}, "list": []});
        for place in ["x", "a.b.c", "a[]", "list[0]", "list.x", "list.*", "a[x]"] {
            assert!(found(place, &value).is_empty(), "{place}");
        }
    }

    #[test]
    fn an_empty_list_and_null_are_there_and_a_list_is_no_object() {
        let value = json!({"none": null, "list": [], "map": {}});
        let is_in = |place: &str| Place::compile(place).unwrap().is_in(&value);
        assert!(
            ["none", "list", "list[]", "map.*", ".", ""]
                .into_iter()
                .all(is_in)
        );
        assert!(
            !["none[]", "map[]", "list.*", "other", "[]"]
                .into_iter()
                .any(is_in)
        );
    }

    #[test]
    fn what_is_no_place_is_refused_with_the_reason() {
        for place in [
            "..", ".a", "a.", "a..b", "a[", "a[]b", "a b", "a['x]", "*a", "a=b", "a[x=]",
        ] {
            assert!(Place::compile(place).is_err(), "{place}");
        }
        assert!(Place::compile("a[99999999999999999999]").is_err());
        assert!(Place::compile("a b").unwrap_err().contains("` b`"));
    }

    /// The same question, answered the slow way: by recursion over the steps.
    fn naive(steps: &[Step], value: &Value) -> Vec<Value> {
        let Some((step, rest)) = steps.split_first() else {
            return vec![value.clone()];
        };
        let mut next: Vec<Value> = Vec::new();
        match step {
            Step::Key(key) => next.extend(value.get(key.as_str()).cloned()),
            Step::Index(index) => next.extend(value.get(*index).cloned()),
            Step::Items => next.extend(value.as_array().cloned().unwrap_or_default()),
            Step::Values => {
                let entries = value.as_object().cloned().unwrap_or_default();
                next.extend(entries.into_iter().map(|(_, value)| value));
            }
            Step::Matching(key, wanted) => {
                for item in value.as_array().cloned().unwrap_or_default() {
                    let there = item.get(key.as_str()).cloned().unwrap_or(Value::Null);
                    let empty = [json!(null), json!(false), json!(""), json!([]), json!({})];
                    let holds = match wanted {
                        None => !empty.contains(&there),
                        Some(wanted) => match &there {
                            Value::String(text) => text == wanted,
                            Value::Number(_) | Value::Bool(_) => &there.to_string() == wanted,
                            _ => false,
                        },
                    };
                    if holds {
                        next.push(item);
                    }
                }
            }
        }
        next.iter().flat_map(|value| naive(rest, value)).collect()
    }

    fn written(steps: &[Step]) -> String {
        let mut place = String::new();
        for step in steps {
            let dot = if place.is_empty() { "" } else { "." };
            place += &match step {
                Step::Key(key) => format!("{dot}'{key}'"),
                Step::Index(index) => format!("[{index}]"),
                Step::Items => "[]".to_owned(),
                Step::Values => format!("{dot}*"),
                Step::Matching(key, None) => format!("['{key}']"),
                Step::Matching(key, Some(value)) => format!("['{key}'='{value}']"),
            };
        }
        place
    }

    fn any_key() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["a", "b", "x.y", "0", ""]).prop_map(str::to_owned)
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..3).prop_map(Value::from),
            any_key().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any_key(), inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    fn any_step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => any_key().prop_map(Step::Key),
            1 => (0..3usize).prop_map(Step::Index),
            2 => Just(Step::Items),
            2 => Just(Step::Values),
            1 => (any_key(), prop::option::of(any_key())).prop_map(|(k, v)| Step::Matching(k, v.filter(|v| !v.is_empty()))),
        ]
    }

    proptest! {
        #[test]
        fn a_place_finds_what_a_naive_search_finds(
            value in any_value(),
            steps in prop::collection::vec(any_step(), 0..5),
        ) {
            let place = Place::compile(&written(&steps)).unwrap();
            prop_assert_eq!(&place.steps, &steps);
            let found: Vec<Value> = place.select(&value).into_iter().cloned().collect();
            prop_assert_eq!(found, naive(&steps, &value));
        }

        #[test]
        fn no_text_makes_the_compiler_panic(text in "[a\\.\\[\\]'\\*=0é ]{0,12}") {
            let _ = Place::compile(&text);
        }
    }
}
