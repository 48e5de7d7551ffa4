//! Which answers are a success.

use serde_json::Value;

/// What an answer has to be like. Without any wish, a status of 200 to 299 is a success.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expect {
    /// The statuses that are a success; any of 200 to 299 if there are none.
    pub statuses: Vec<u16>,
    /// A text that the body holds.
    pub text: Option<String>,
    /// Values in the JSON of the body, each with the JSON pointer (RFC 6901) to it.
    pub values: Vec<(String, Value)>,
}

impl Expect {
    /// Whether a status is a success.
    pub fn accepts(&self, status: u16) -> bool {
        match self.statuses.as_slice() {
            [] => (200..300).contains(&status),
            statuses => statuses.contains(&status),
        }
    }

    /// Whether the body of an answer matters.
    pub fn reads_body(&self) -> bool {
        self.text.is_some() || !self.values.is_empty()
    }

    /// What is wrong with the body of an answer.
    pub fn objection(&self, body: &[u8]) -> Option<String> {
        if let Some(text) = &self.text
            && memchr::memmem::find(body, text.as_bytes()).is_none()
        {
            return Some(format!("the body does not hold `{text}`"));
        }
        if self.values.is_empty() {
            return None;
        }
        let Ok(found) = serde_json::from_slice::<Value>(body) else {
            return Some("the body is no JSON".to_owned());
        };
        self.values.iter().find_map(|(pointer, wanted)| {
            let there = found.pointer(pointer);
            if there.is_some_and(|there| is_same(there, wanted)) {
                return None;
            }
            let there = there.map_or_else(|| "not there".to_owned(), shortened);
            Some(format!("`{pointer}` is {there} and not {wanted}"))
        })
    }
}

/// Whether two values are the same; 7 and 7.0 are.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        _ => one == other,
    }
}

/// The beginning of a value, as it is told.
fn shortened(value: &Value) -> String {
    const MOST: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_wish_every_status_of_success_is_one() {
        let expect = Expect::default();
        assert!(expect.accepts(204) && !expect.accepts(304) && !expect.accepts(500));
        let only = Expect {
            statuses: vec![404],
            ..Expect::default()
        };
        assert!(only.accepts(404) && !only.accepts(200));
    }

    #[test]
    fn a_body_is_held_against_text_and_values() {
        let expect = Expect {
            text: Some("ok".to_owned()),
            values: vec![("/items/0/id".to_owned(), Value::from(7))],
            ..Expect::default()
        };
        let good = br#"{"items":[{"id":7}],"status":"ok"}"#;
        assert_eq!(expect.objection(good), None);
        let written = br#"{"items":[{"id":7.0}],"status":"ok"}"#;
        assert_eq!(expect.objection(written), None);
        let other = br#"{"items":[{"id":8}],"status":"ok"}"#;
        let objection = expect.objection(other).unwrap();
        assert_eq!(objection, "`/items/0/id` is 8 and not 7");
        for (body, objection) in [
            ("{}", "the body does not hold `ok`"),
            ("ok", "the body is no JSON"),
            (r#"{"s":"ok"}"#, "`/items/0/id` is not there and not 7"),
        ] {
            assert_eq!(expect.objection(body.as_bytes()).unwrap(), objection);
        }
    }
}
