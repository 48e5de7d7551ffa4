//! Text, read line by line.

use std::borrow::Cow;
use std::io::BufRead;

/// The lines of a reader, one at a time.
pub(super) struct Lines<'a> {
    input: &'a mut dyn BufRead,
    buffer: Vec<u8>,
    /// The number of the line that was read last, from 1.
    pub(super) number: u64,
    /// Whether the line that was read last ended with a line break.
    pub(super) terminated: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            number: 0,
            terminated: true,
        }
    }

    /// The next line, without its line break, what is no UTF-8 replaced; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Cow<'_, str>>, String> {
        self.buffer.clear();
        self.input
            .read_until(b'\n', &mut self.buffer)
            .map_err(|error| error.to_string())?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        self.terminated = self.buffer.ends_with(b"\n");
        while self.buffer.last().is_some_and(|end| b"\r\n".contains(end)) {
            self.buffer.pop();
        }
        let start = if self.number == 1 && self.buffer.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        Ok(Some(String::from_utf8_lossy(&self.buffer[start..])))
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();
