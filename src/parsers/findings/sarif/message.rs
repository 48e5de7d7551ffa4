//! What a result says: a text, or the name of one that its rule has, with arguments.

use serde::Deserialize;

use super::rules::Rule;

#[derive(Default, Deserialize)]
pub(super) struct Message {
    text: Option<String>,
    markdown: Option<String>,
    id: Option<String>,
    #[serde(default)]
    arguments: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Text {
    pub(super) text: Option<String>,
}

impl Message {
    /// The text with its arguments.
    pub(super) fn text(self, rule: Option<&Rule>) -> Option<String> {
        let id = self.id;
        let of_rule = || rule?.message_strings.as_ref()?.get(&id?)?.text.clone();
        let text = self.text.or_else(of_rule).or(self.markdown)?;
        let text = match self.arguments {
            Some(arguments) if !arguments.is_empty() => filled(&text, &arguments),
            _ => text,
        };
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// Replaces `{0}`, `{1}` …; `{{` and `}}` are braces.
fn filled(text: &str, arguments: &[String]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let argument = after
            .split_once('}')
            .filter(|_| rest[at..].starts_with('{'))
            .and_then(|(number, after)| {
                Some((arguments.get(number.parse::<usize>().ok()?)?, after))
            });
        if let Some((argument, after)) = argument {
            filled.push_str(argument);
            rest = after;
        } else {
            filled.push_str(&rest[at..=at]);
            rest = after.strip_prefix(&rest[at..=at]).unwrap_or(after);
        }
    }
    filled.push_str(rest);
    filled
}
