//! One JSON document, read into a type that names only what is needed of it.

use std::io::BufRead;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::lossy::Lossy;

/// Reads the document; the error says why it is none, or not this one.
pub(super) fn read<T: DeserializeOwned>(input: &mut dyn BufRead) -> Result<T, String> {
    let mut input = Lossy::new(input);
    if input
        .fill_buf()
        .map_err(|error| error.to_string())?
        .is_empty()
    {
        return Err("it is empty".to_owned());
    }
    serde_json::from_reader(input).map_err(|error| match error.classify() {
        Category::Eof => "it ends in the middle".to_owned(),
        Category::Syntax => format!("it is no JSON: {error}"),
        Category::Data => format!("it is another document: {error}"),
        Category::Io => error.to_string(),
    })
}
