//! Values as texts that mean the same wherever they are printed.

use serde_json::Value;

/// What nobody sees, or sees as something else: marks of direction, blanks without width.
const INVISIBLE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
];

/// Whether a character can't be printed as it is: a terminal obeys it, or nobody sees which it is.
pub fn is_hidden(character: char) -> bool {
    let mut invisible = INVISIBLE.iter();
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || invisible.any(|(from, to)| (from..=to).contains(&&character))
}

/// A value as JSON in which nothing is hidden.
pub fn json(value: &Value) -> String {
    let mut text = String::new();
    for character in value.to_string().chars() {
        if is_hidden(character) {
            let units = character.encode_utf16(&mut [0; 2]).to_vec();
            text.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_escaped_and_the_value_stays_the_same() {
        for (text, expected) in [
            ("    ", r#""    ""#),
            ("a\tb\u{1}", r#""a\tb\u0001""#),
            ("\u{7f}\u{9b}2J", r#""\u007f\u009b2J""#),
            ("\u{202e}\u{200b}\u{a0}", r#""\u202e\u200b\u00a0""#),
            ("é漢", "\"é漢\""),
        ] {
            let written = json(&text.into());
            assert_eq!(written, expected);
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
