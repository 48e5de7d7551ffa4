//! Values that must not be seen.

use std::io::{self, Write};
use std::path::Path;

use crate::model::Pipeline;

/// What stands in the place of a secret.
const MASK: &str = "***";

/// Fields of events by which the record is read again.
const STRUCTURE: &[&str] = &[
    "type",
    "node",
    "id",
    "kind",
    "needs",
    "after",
    "finalises",
    "run",
    "pipeline",
    "started_at",
    "outcome",
    "verdict",
    "mode",
    "code",
    "severity",
    "unit",
    "name",
    "marks",
];

/// The values of the secrets of a pipeline.
#[derive(Debug, Default, Clone)]
pub(super) struct Masks {
    /// Name and value; the longest value first, so that one that holds another goes whole.
    values: Vec<(String, String)>,
}

impl Masks {
    /// Reads every secret that can be read; one that can't is missed when a node asks for it.
    pub(super) fn read(pipeline: &Pipeline, root: &Path) -> Self {
        let mut values: Vec<(String, String)> = pipeline
            .secrets
            .iter()
            .filter_map(|(name, secret)| {
                let value = match (&secret.env, &secret.file) {
                    (Some(variable), _) => std::env::var(variable).ok(),
                    (None, Some(file)) => std::fs::read_to_string(root.join(&file.path)).ok(),
                    (None, None) => None,
                }?;
                let value = value.trim_end_matches(['\n', '\r']).to_owned();
                (!value.is_empty()).then(|| (name.clone(), value))
            })
            .collect();
        values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        Self { values }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of a secret.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Masks an event: what is said in words, never what makes it an event.
    pub(super) fn mask_event(&self, event: serde_json::Value) -> serde_json::Value {
        use serde_json::Value;
        match event {
            Value::String(text) => Value::String(self.mask_text(text)),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.mask_event(item))
                .collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| {
                    let structural = STRUCTURE.contains(&name.as_str());
                    let value = if structural {
                        value
                    } else {
                        self.mask_event(value)
                    };
                    (name, value)
                })
                .collect(),
            other => other,
        }
    }

    /// The beginning of a text, with its secrets masked while they are whole.
    pub(super) fn quote(&self, text: &str) -> String {
        /// More is no quotation.
        const MOST: usize = 200;
        self.mask_text(text.to_owned()).chars().take(MOST).collect()
    }

    fn mask_text(&self, mut text: String) -> String {
        for (_, value) in &self.values {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), MASK);
            }
        }
        text
    }

    /// The length of the longest end of `bytes` that may be the beginning of a secret.
    fn begun(&self, bytes: &[u8]) -> usize {
        let longest = self.longest().saturating_sub(1).min(bytes.len());
        let may_begin = |length: &usize| {
            let end = &bytes[bytes.len() - length..];
            self.values
                .iter()
                .any(|(_, value)| value.as_bytes().starts_with(end))
        };
        (1..=longest).rev().find(may_begin).unwrap_or(0)
    }

    /// The length of the longest value.
    fn longest(&self) -> usize {
        self.values.first().map_or(0, |(_, value)| value.len())
    }
}

/// Masks a stream, whatever pieces it comes in.
pub(super) struct MaskingWriter<W> {
    masks: Masks,
    out: W,
    /// What may still be the beginning of a secret.
    held: Vec<u8>,
}

impl<W: Write> MaskingWriter<W> {
    pub(super) fn new(masks: Masks, out: W) -> Self {
        Self {
            masks,
            out,
            held: Vec::new(),
        }
    }

    /// Takes a piece; all but what may be the beginning of a secret is written.
    pub(super) fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.held.extend_from_slice(piece);
        self.mask();
        let keep = self.masks.begun(&self.held);
        let ready = self.held.len() - keep;
        self.out.write_all(&self.held[..ready])?;
        self.held.drain(..ready);
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(&self.held)?;
        self.held.clear();
        self.out.flush()
    }

    fn mask(&mut self) {
        for (_, value) in &self.masks.values {
            let value = value.as_bytes();
            let mut at = 0;
            while let Some(offset) = find(&self.held[at..], value) {
                let start = at + offset;
                self.held.splice(start..start + value.len(), MASK.bytes());
                at = start + MASK.len();
            }
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(values: &[&str]) -> Masks {
        Masks {
            values: values
                .iter()
                .map(|value| ("S".to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn a_secret_is_masked_however_the_stream_is_cut() {
        let text = b"a hunter2 b hunter2";
        for cut in 0..text.len() {
            let mut out = Vec::new();
            let mut writer = MaskingWriter::new(masks(&["hunter2"]), &mut out);
            writer.take(&text[..cut]).unwrap();
            writer.take(&text[cut..]).unwrap();
            writer.finish().unwrap();
            assert_eq!(out, b"a *** b ***", "cut at {cut}");
        }
    }

    #[test]
    fn what_can_not_be_a_secret_is_not_held_back() {
        let mut out = Vec::new();
        let mut writer = MaskingWriter::new(masks(&["a-long-secret"]), &mut out);
        writer.take(b"listening\n").unwrap();
        assert_eq!(writer.out, b"listening\n");
    }

    #[test]
    fn what_is_quoted_is_cut_after_its_secrets_are_masked() {
        let text = format!("{} hunter2 hunter2 {}", "a".repeat(190), "b".repeat(100));
        let quoted = masks(&["hunter2"]).quote(&text);
        assert!(quoted.ends_with("a *** *** b"), "{quoted}");
        assert_eq!(quoted.chars().count(), 200);
    }

    #[test]
    fn a_secret_that_is_a_word_of_the_format_harms_no_event() {
        let masks = masks(&["node", "a\"b"]);
        let event =
            serde_json::json!({"type": "node-started", "node": "node", "text": "x a\"b node"});
        let masked =
            serde_json::json!({"type": "node-started", "node": "node", "text": "x *** ***"});
        assert_eq!(masks.mask_event(event), masked);
    }
}
