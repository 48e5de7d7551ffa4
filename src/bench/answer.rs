//! How the bytes of an answer of HTTP/1.1 are understood (RFC 9112).

/// The most headers of an answer.
const MOST_HEADERS: usize = 128;

/// What stands before the body of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The bytes that it takes.
    pub(super) length: usize,
    /// The status.
    pub(super) status: u16,
    /// How long the body is.
    pub(super) body: Extent,
    /// Whether another request may follow on the connection.
    pub(super) keeps_alive: bool,
}

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// After so many bytes.
    Length(u64),
    /// By chunks.
    Chunked,
    /// With the end of the connection.
    UntilClosed,
}

impl Head {
    /// Reads the head that `bytes` begin with; `None` if it is not whole yet. The answer to a
    /// `HEAD` has no body.
    pub(super) fn parse(bytes: &[u8], to_head: bool) -> Result<Option<Self>, String> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(bytes);
        let parsed = parsed.map_err(|error| format!("what came is no HTTP: {error}"))?;
        let httparse::Status::Complete(length) = parsed else {
            return Ok(None);
        };
        let status = response.code.unwrap_or_default();
        let mut head = Self {
            length,
            status,
            body: Extent::UntilClosed,
            keeps_alive: response.version == Some(1),
        };
        let mut given = None;
        let mut is_chunked = false;
        for header in response.headers.iter() {
            let is = |name: &str| header.name.eq_ignore_ascii_case(name);
            if is("content-length") {
                let length = length_of(header.value)?;
                if given.is_some_and(|given| given != length) {
                    return Err("the answer has two lengths".to_owned());
                }
                given = Some(length);
            } else if is("transfer-encoding") {
                is_chunked = last_word(header.value).eq_ignore_ascii_case(b"chunked");
            } else if is("connection") {
                for word in header.value.split(|byte| *byte == b',') {
                    let word = word.trim_ascii();
                    if word.eq_ignore_ascii_case(b"close") {
                        head.keeps_alive = false;
                    } else if word.eq_ignore_ascii_case(b"keep-alive") {
                        head.keeps_alive = true;
                    }
                }
            }
        }
        let has_none = to_head || matches!(status, 100..200 | 204 | 304);
        head.body = match given {
            _ if has_none => Extent::Length(0),
            _ if is_chunked => Extent::Chunked,
            Some(length) => Extent::Length(length),
            None => Extent::UntilClosed,
        };
        head.keeps_alive &= head.body != Extent::UntilClosed;
        Ok(Some(head))
    }

    /// Whether the real answer is still to come.
    pub(super) fn is_interim(&self) -> bool {
        matches!(self.status, 100 | 102..200)
    }
}

fn length_of(value: &[u8]) -> Result<u64, String> {
    let text = std::str::from_utf8(value).unwrap_or_default().trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let length = text.parse().ok().filter(|_| is_number);
    length.ok_or_else(|| "the length of the answer is no number".to_owned())
}

fn last_word(value: &[u8]) -> &[u8] {
    let last = value.rsplit(|byte| *byte == b',').next();
    last.unwrap_or_default().trim_ascii()
}

/// Where a body of chunks is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Chunks {
    /// Before the line with the size of a chunk.
    #[default]
    Size,
    /// In a chunk, of which so many bytes are to come, with the end of its line.
    Inside(u64),
    /// In the lines after the last chunk.
    Trailer,
    /// At the end.
    Over,
}

/// A part of a body of chunks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The bytes that it takes.
    pub(super) length: usize,
    /// Those of them that are content: the first so many.
    pub(super) content: usize,
}

impl Chunks {
    /// Goes on by one step of what `bytes` begin with; `None` if too few of them are there.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Result<Option<Part>, String> {
        match *self {
            Chunks::Size => self.size(bytes),
            Chunks::Inside(left) if bytes.is_empty() || left == 0 => Ok(None),
            Chunks::Inside(left) => {
                let length = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                let after = left - length as u64;
                *self = if after == 0 {
                    Chunks::Size
                } else {
                    Chunks::Inside(after)
                };
                // The last two bytes end the line.
                let content = length.min(usize::try_from(left.saturating_sub(2)).unwrap_or(length));
                Ok(Some(Part { length, content }))
            }
            Chunks::Trailer => Ok(self.trailer(bytes)),
            Chunks::Over => Ok(None),
        }
    }

    fn size(&mut self, bytes: &[u8]) -> Result<Option<Part>, String> {
        let parsed = httparse::parse_chunk_size(bytes);
        let parsed = parsed.map_err(|_| "a chunk of the answer has no size".to_owned())?;
        let httparse::Status::Complete((length, size)) = parsed else {
            return Ok(None);
        };
        *self = match size {
            0 => Chunks::Trailer,
            size => Chunks::Inside(size.saturating_add(2)),
        };
        Ok(Some(Part { length, content: 0 }))
    }

    fn trailer(&mut self, bytes: &[u8]) -> Option<Part> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        if bytes[..end].trim_ascii().is_empty() {
            *self = Chunks::Over;
        }
        Some(Part {
            length: end + 1,
            content: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head(text: &str) -> Head {
        Head::parse(text.as_bytes(), false).unwrap().unwrap()
    }

    #[test]
    fn the_length_of_a_body_is_told_in_the_ways_of_http() {
        let with = |headers: &str| head(&format!("HTTP/1.1 200 OK\r\n{headers}\r\n"));
        let of = |headers: &str| (with(headers).body, with(headers).keeps_alive);
        assert_eq!(of("content-length: 7\r\n"), (Extent::Length(7), true));
        assert_eq!(
            of("Transfer-Encoding: gzip, Chunked\r\ncontent-length: 7\r\n"),
            (Extent::Chunked, true)
        );
        assert_eq!(of(""), (Extent::UntilClosed, false));
        assert_eq!(
            of("content-length: 7\r\nConnection: x, Close\r\n"),
            (Extent::Length(7), false)
        );
        let old = head("HTTP/1.0 200 OK\r\ncontent-length: 7\r\n\r\n");
        assert!(!old.keeps_alive);
        let kept = "HTTP/1.0 200 OK\r\ncontent-length: 7\r\nconnection: keep-alive\r\n\r\n";
        assert!(head(kept).keeps_alive);
        assert_eq!(head("HTTP/1.1 204 No\r\n\r\n").body, Extent::Length(0));
        let to_head = b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n";
        let to_head = Head::parse(to_head, true).unwrap().unwrap();
        assert_eq!(to_head.body, Extent::Length(0));
        assert!(head("HTTP/1.1 100 Continue\r\n\r\n").is_interim());
    }

    #[test]
    fn a_head_is_whole_or_awaited_or_none() {
        assert_eq!(Head::parse(b"HTTP/1.1 200 OK\r\n", false), Ok(None));
        for wrong in [
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: +7\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 7\r\ncontent-length: 8\r\n\r\n",
        ] {
            assert!(Head::parse(wrong.as_bytes(), false).is_err(), "{wrong}");
        }
    }

    /// The content of a body of chunks that comes in pieces of that size.
    fn content(body: &[u8], piece: usize) -> Option<Vec<u8>> {
        let (mut chunks, mut content, mut buffer) = (Chunks::default(), Vec::new(), Vec::new());
        let mut pieces = body.chunks(piece);
        while chunks != Chunks::Over {
            match chunks.next(&buffer).unwrap() {
                Some(part) => {
                    content.extend_from_slice(&buffer[..part.content]);
                    buffer.drain(..part.length);
                }
                None => buffer.extend_from_slice(pieces.next()?),
            }
        }
        Some(content)
    }

    proptest! {
        #[test]
        fn chunks_are_put_together_however_they_come(
            parts in proptest::collection::vec("[a-z]{1,40}", 0..6),
            piece in 1usize..60,
        ) {
            let mut body = String::new();
            for part in &parts {
                body += &format!("{:x};name=value\r\n{part}\r\n", part.len());
            }
            body += "0\r\nchecksum: 1\r\n\r\n";
            prop_assert_eq!(content(body.as_bytes(), piece), Some(parts.concat().into_bytes()));
            prop_assert_eq!(content(&body.as_bytes()[..body.len() - 2], piece), None);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Head::parse(&bytes, false);
            let mut chunks = Chunks::default();
            let mut rest = bytes.as_slice();
            while let Ok(Some(part)) = chunks.next(rest) {
                prop_assert!(part.content <= part.length && part.length > 0);
                rest = &rest[part.length..];
            }
        }
    }
}
