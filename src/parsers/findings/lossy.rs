//! A stream of bytes as UTF-8: what is none is replaced.

use std::io::{BufRead, Read, Result};

/// Reads valid UTF-8 whatever comes in, without holding more than a piece of it.
pub(super) struct Lossy<'i> {
    input: &'i mut dyn BufRead,
    /// The start of a character whose rest has not come yet.
    unfinished: Vec<u8>,
    text: String,
    at: usize,
}

impl<'i> Lossy<'i> {
    /// Reads from there.
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self {
            input,
            unfinished: Vec::new(),
            text: String::new(),
            at: 0,
        }
    }

    fn refill(&mut self) -> Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() {
            let bytes = self.input.fill_buf()?;
            let (length, ended) = (bytes.len(), bytes.is_empty());
            let mut piece = std::mem::take(&mut self.unfinished);
            piece.extend_from_slice(bytes);
            self.input.consume(length);
            let mut chunks = piece.utf8_chunks().peekable();
            while let Some(chunk) = chunks.next() {
                self.text.push_str(chunk.valid());
                let odd = chunk.invalid();
                if !ended && chunks.peek().is_none() && is_unfinished(odd) {
                    self.unfinished = odd.to_vec();
                } else if !odd.is_empty() {
                    self.text.push(char::REPLACEMENT_CHARACTER);
                }
            }
            if ended {
                break;
            }
        }
        Ok(())
    }
}

fn is_unfinished(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

impl BufRead for Lossy<'_> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.at == self.text.len() {
            self.refill()?;
        }
        Ok(&self.text.as_bytes()[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl Read for Lossy<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let mut ready = self.fill_buf()?;
        let length = ready.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn however_the_bytes_are_cut_the_text_is_the_same() {
        let bytes = b"caf\xc3\xa9 \xff\xe2\x82\xac\xe2\x82 \xf0\x9f\x98\x80\xf0\x9f";
        let expected = String::from_utf8_lossy(bytes);
        for size in 1..=bytes.len() {
            let mut input = BufReader::with_capacity(size, &bytes[..]);
            let mut text = String::new();
            Lossy::new(&mut input).read_to_string(&mut text).unwrap();
            assert_eq!(text, expected, "{size}");
        }
    }
}
