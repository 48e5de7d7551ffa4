//! Values that must not be seen.

use std::io::{self, Write};
use std::path::Path;

use crate::model::Pipeline;

/// What stands in the place of a secret.
const MASK: &str = "***";

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

    /// Masks a line of JSON, in which a value stands with its escapes.
    pub(super) fn mask_json(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (_, value) in &self.values {
            let quoted = serde_json::to_string(value).unwrap_or_default();
            let escaped = quoted.trim_matches('"');
            if line.contains(escaped) {
                line = line.replace(escaped, MASK);
            }
        }
        line
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
        let keep = self.masks.longest().saturating_sub(1).min(self.held.len());
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
    fn a_secret_is_masked_in_its_json_form() {
        let masks = masks(&["a\"b"]);
        assert_eq!(
            masks.mask_json(r#"{"text":"x a\"b y"}"#),
            r#"{"text":"x *** y"}"#
        );
    }
}
