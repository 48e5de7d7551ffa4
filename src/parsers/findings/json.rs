//! One JSON document, with whatever a tool prints before and after it.

use std::io::BufRead;

use serde_json::{Deserializer, Value};

use super::each::Reader;
use super::{Context, Report};

/// Reads the document; the error says why there is none, or not the expected one.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let reader = Reader::new(context)?;
    let mut bytes = Vec::new();
    input
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&bytes);
    let document = document(&text)?;
    if !reader.recognises(&document) {
        return Err(format!(
            "it does not have {}{}",
            reader.wanted(),
            excuse(&document)
        ));
    }
    let mut report = Report::default();
    reader.read(&document, &mut report)?;
    Ok(report)
}

/// What a document that is not the expected one says of itself, if it says it where most do.
pub(super) fn excuse(document: &Value) -> String {
    let places = ["/error/summary", "/error/message", "/error", "/message"];
    let texts = places
        .into_iter()
        .filter_map(|place| document.pointer(place)?.as_str());
    match texts.map(str::trim).find(|text| !text.is_empty()) {
        Some(told) => format!(", but says: {told}"),
        None => String::new(),
    }
}

/// The only document in a text.
fn document(text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}');
    match text.trim() {
        "" => return Err("it is empty".to_owned()),
        "null" => return Err("it is `null`".to_owned()),
        _ => {}
    }
    let (document, rest) = first_document(text)?;
    match first_document(rest) {
        Ok(_) => Err("it holds more than one document".to_owned()),
        Err(_) => Ok(document),
    }
}

/// The first document that begins and ends with a line, and what follows it.
fn first_document(text: &str) -> Result<(Value, &str), String> {
    let mut problem = "it holds no JSON document".to_owned();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if !line.trim_start().starts_with(['{', '[']) {
            continue;
        }
        let mut documents = Deserializer::from_str(&text[start..]).into_iter::<Value>();
        match documents.next() {
            Some(Ok(document)) => {
                let rest = &text[start + documents.byte_offset()..];
                let (behind, _) = rest.split_once('\n').unwrap_or((rest, ""));
                if behind.trim().is_empty() {
                    return Ok((document, rest));
                }
                "more follows on the line of the document".clone_into(&mut problem);
            }
            // A line such as `[INFO] …` is no document from its first line on; a document that
            // breaks later is one, and what stands inside it is none.
            Some(Err(error)) if error.is_eof() || error.line() > 1 => return Err(error.to_string()),
            Some(Err(error)) => problem = error.to_string(),
            None => {}
        }
    }
    Err(problem)
}

#[cfg(test)]
mod tests {
    use super::document;
    use serde_json::json;

    #[test]
    fn b27_a_banner_and_a_farewell_are_passed_over() {
        let text = "+====+\n| Safety |\n[INFO] scanning\n{\"a\":\n 1}\nfound 0\n";
        assert_eq!(document(text), Ok(json!({"a": 1})));
        assert_eq!(document("\u{feff}[]\r\n"), Ok(json!([])));
        assert_eq!(document("[]\n[INFO] done\n"), Ok(json!([])));
    }

    #[test]
    fn what_is_cut_off_garbage_or_empty_is_refused() {
        let whole = "[\n {\"a\": 1},\n {\"a\": 2}\n]";
        for end in 0..whole.len() {
            assert!(document(&whole[..end]).is_err(), "{end}");
        }
        for text in [
            "",
            " \n",
            "null",
            "true",
            "oops",
            "{\"a\": tru}",
            "{\n\"a\": oops\n{}\n}",
        ] {
            assert!(document(text).is_err(), "{text}");
        }
        assert!(document("[1] 2 3").is_err(), "a banner is no document");
        assert!(
            document("[]\n{\"a\": 1}\n")
                .unwrap_err()
                .contains("more than one")
        );
    }

    #[test]
    fn odd_json_is_read_or_refused_and_never_a_panic() {
        assert!(document(&"[".repeat(10_000)).is_err());
        assert!(document(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))).is_err());
        assert!(document("[1e400]").is_err());
        assert!(document(r#"["\ud800"]"#).is_err());
        assert!(document(r#"["\u0000"]"#).is_ok());
    }
}
