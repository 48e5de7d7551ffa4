//! Bytes that should be UTF-8, read as UTF-8 without holding more than the reader does.

use std::io::{self, BufRead, Read};
use std::str::from_utf8;

const REPLACEMENT: &str = "\u{FFFD}";

/// A reader of valid UTF-8: what isn't becomes U+FFFD, as [`String::from_utf8_lossy`] does it.
pub(super) struct Lossy<'a> {
    input: &'a mut dyn BufRead,
    /// How many bytes at the front of the input are known to be valid.
    valid: usize,
    /// What is given out before the input goes on.
    patch: Vec<u8>,
}

impl<'a> Lossy<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Self {
        Self {
            input,
            valid: 0,
            patch: Vec::new(),
        }
    }

    fn advance(&mut self) -> io::Result<()> {
        let chunk = self.input.fill_buf()?;
        let Err(error) = from_utf8(chunk) else {
            self.valid = chunk.len();
            return Ok(());
        };
        if error.valid_up_to() > 0 {
            self.valid = error.valid_up_to();
            return Ok(());
        }
        let Some(invalid) = error.error_len() else {
            return self.join_halves();
        };
        self.input.consume(invalid);
        self.patch = REPLACEMENT.into();
        Ok(())
    }

    /// Puts a character together that the buffer of the input cuts in two.
    fn join_halves(&mut self) -> io::Result<()> {
        let mut bytes = self.input.fill_buf()?.to_vec();
        self.input.consume(bytes.len());
        while let Some(&byte) = self.input.fill_buf()?.first() {
            bytes.push(byte);
            match from_utf8(&bytes) {
                Ok(_) => {
                    self.input.consume(1);
                    self.patch = bytes;
                    return Ok(());
                }
                Err(error) if error.error_len().is_none() => self.input.consume(1),
                Err(_) => break,
            }
        }
        self.patch = REPLACEMENT.into();
        Ok(())
    }
}

impl BufRead for Lossy<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.patch.is_empty() && self.valid == 0 {
            self.advance()?;
        }
        if self.patch.is_empty() {
            Ok(&self.input.fill_buf()?[..self.valid])
        } else {
            Ok(&self.patch)
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.patch.is_empty() {
            self.valid -= amount;
            self.input.consume(amount);
        } else {
            self.patch.drain(..amount);
        }
    }
}

impl Read for Lossy<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.fill_buf()?.read(buffer)?;
        self.consume(amount);
        Ok(amount)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], capacity: usize) -> String {
        let mut input = io::BufReader::with_capacity(capacity, bytes);
        let mut text = String::new();
        Lossy::new(&mut input).read_to_string(&mut text).unwrap();
        text
    }

    proptest! {
        #[test]
        fn it_reads_what_a_lossy_conversion_of_the_whole_says(
            pieces in prop::collection::vec(prop_oneof![
                "[aä€🦀]{0,3}".prop_map(String::into_bytes),
                prop::collection::vec(any::<u8>(), 0..4),
            ], 0..12),
            capacity in 1usize..9,
        ) {
            let bytes = pieces.concat();
            prop_assert_eq!(read(&bytes, capacity), String::from_utf8_lossy(&bytes));
        }
    }
}
